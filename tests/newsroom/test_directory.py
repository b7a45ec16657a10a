"""The directory of reporters: it knows who signed, or says why not, and never guesses."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.directory import Directory, Unresolved, is_person
from newsroom.model import Credit, CreditKind, Reporter
from tests.newsroom.builders import reporter

SEOH = reporter("seoh", "김서현", "seoh@news.example")
HJK1 = reporter("hjk1", "김현정", "hjk1@news.example")
HJK2 = reporter("hjk2", "김현정", "hjk2@news.example")


def credit(name: str, email: str = "", **parts: str) -> Credit:
    """A person's printed credit."""
    return Credit(name=name, email=email, **parts)  # type: ignore[arg-type]  # strings only


@pytest.mark.parametrize(
    ("printed", "slug"),
    [
        (credit("김서현"), "seoh"),
        (credit("김서현", "seoh@news.example"), "seoh"),
        (credit("김서현", "SEOH@News.Example"), "seoh"),
        (credit("김서현", "seoh@old.example"), "seoh"),
        (credit("김서현", email_local="seoh"), "seoh"),
        (credit("김서현", "news@news.example"), "seoh"),
        (credit("김현정", "hjk2@news.example"), "hjk2"),
        (credit("김현정", "hjk1@old.example"), "hjk1"),
        (credit("김현정", email_local="hjk1"), "hjk1"),
    ],
)
def test_a_credit_is_whose_address_or_name_it_has(printed: Credit, slug: str) -> None:
    """A reporter's stories are not in his or her feed."""
    found = Directory([SEOH, HJK1, HJK2]).resolve(printed)
    assert isinstance(found, Reporter)
    assert found.slug == slug


@pytest.mark.parametrize(
    ("printed", "reason"),
    [
        (credit("박낯선"), "no reporter has this name"),
        (credit("김현정"), "2 active reporters have this name"),
        (credit("김현정", "desk@news.example"), "2 active reporters have this name"),
        (credit("김서현", "kim@news.example"), "the address is nobody's that we know"),
        (credit("김서현", email_local="kim"), "the address is nobody's that we know"),
        (credit("박낯선", "seoh@news.example"), "the address is that of 김서현 (seoh)"),
    ],
)
def test_a_credit_that_is_not_clear_is_nobodys(printed: Credit, reason: str) -> None:
    """A story stands in the feed of somebody who did not write it."""
    assert Directory([SEOH, HJK1, HJK2]).resolve(printed) == Unresolved(reason)


def test_a_source_id_decides_before_all() -> None:
    """The system knows who wrote it, but a name that two have is believed instead."""
    known = replace(HJK1, source_ids=("news.example:7",))
    assert Directory([known, HJK2]).resolve(credit("김현정", "hjk2@news.example", source_id="news.example:7")) == known


def test_who_has_left_is_found_by_address_and_by_name_only_if_nobody_else_is_meant() -> None:
    """Stories of a new reporter go to the feed of one who left years ago."""
    left = replace(HJK1, active=False)
    directory = Directory([left, HJK2])
    assert directory.resolve(credit("김현정")) == HJK2
    assert directory.resolve(credit("김현정", "hjk1@news.example")) == left
    assert Directory([left]).resolve(credit("김현정")) == Unresolved("no reporter has this name")


def test_an_older_story_is_not_given_to_who_is_left_over() -> None:
    """One of two 김현정 leaves, and all that was unclear is put into the feed of the other."""
    directory = Directory([replace(HJK1, active=False), HJK2])
    assert directory.resolve_older(credit("김현정")) == Unresolved("2 reporters have had this name")
    assert directory.resolve_older(credit("김현정", "hjk2@news.example")) == HJK2
    assert Directory([SEOH]).resolve_older(credit("김서현")) == SEOH


# --- learning ---


def learnt(*credits_: Credit, known: tuple[Reporter, ...] = ()) -> list[Reporter]:
    """Who is known after these credits."""
    directory = Directory(known)
    for printed in credits_:
        directory.learn(printed)
    return list(directory)


def test_an_address_names_the_slug() -> None:
    """A feed's address is a riddle although the paper prints a good one."""
    assert learnt(credit("김서현", "Seoh@News.example", role="기자")) == [
        reporter("seoh", "김서현", "seoh@news.example", role="기자")
    ]
    assert [found.slug for found in learnt(credit("전종선", email_local="jjs7377"))] == ["jjs7377"]


@pytest.mark.parametrize("email", ["", "news@news.example", "desk@news.example", "kim+web@news.example", "_@news.example"])
def test_who_has_no_address_of_his_own_gets_an_opaque_slug(email: str) -> None:
    """A reporter's feed is named after the news desk; or by a romanised name, which is a guess."""
    (found,) = learnt(credit("김서현", email))
    assert re.fullmatch(r"r-[a-z2-7]{8}", found.slug)
    assert learnt(credit("김서현", email))[0].slug == found.slug


def test_a_role_mailbox_is_nobodys_address() -> None:
    """The first who signs with the desk's mailbox gets the stories of all others."""
    found = learnt(credit("김서현", "desk@news.example"), credit("김현정", "desk@news.example"))
    assert [(person.name, person.emails) for person in found] == [("김서현", ()), ("김현정", ())]


def test_one_person_is_learnt_once() -> None:
    """Each form of one byline makes a reporter of its own."""
    printed = [credit("김서현", "seoh@news.example"), credit("김서현"), credit("김서현", email_local="seoh")]
    assert learnt(*printed, *printed) == [SEOH]
    assert [found.slug for found in learnt(credit("김서현"), *printed)] != ["seoh"], "a slug is issued once"
    assert [found.emails for found in learnt(credit("김서현"), *printed)] == [("seoh@news.example",)]


def test_one_person_may_have_several_addresses_and_ids() -> None:
    """After the paper's move to another domain every reporter is two people."""
    found = learnt(credit("김서현", "seoh@new.example", source_id="news.example:7"), known=(SEOH,))
    assert found == [replace(SEOH, emails=("seoh@news.example", "seoh@new.example"), source_ids=("news.example:7",))]


def test_two_addresses_are_two_people() -> None:
    """Two reporters of one name share a feed."""
    found = learnt(credit("김현정", "hjk1@news.example"), credit("김현정", "hjk2@news.example"), credit("김현정"))
    assert found == [HJK1, HJK2]


def test_two_people_never_share_a_slug() -> None:
    """The second Kim writes into the first one's feed."""
    found = learnt(credit("김하나", "kim@a.example"), credit("김두리", "kim@b.example"))
    assert [person.name for person in found] == ["김하나", "김두리"]
    assert found[0].slug == "kim"
    assert re.fullmatch(r"r-[a-z2-7]{8}", found[1].slug)


def test_an_address_with_another_name_teaches_nothing() -> None:
    """One address signed by two makes the second a reporter whose stories are the first one's."""
    assert learnt(credit("박낯선", "seoh@news.example"), known=(SEOH,)) == [SEOH]


def test_changed_names_what_is_new_and_nothing_else() -> None:
    """Every pull writes every reporter anew."""
    directory = Directory([SEOH, HJK1])
    directory.learn(credit("김서현", "seoh@news.example"))
    directory.configure([HJK1])
    assert not directory.changed
    directory.learn(credit("김서현", "seoh@new.example"))
    assert [person.slug for person in directory.changed] == ["seoh"]


# --- configuring ---


def test_the_configuration_leads_and_what_was_learnt_stays() -> None:
    """A restart forgets an address that was learnt, or prints an old name."""
    known = replace(SEOH, emails=("seoh@news.example", "seoh@old.example"), role="기자", source_ids=("7",))
    directory = Directory([known])
    configured = reporter("seoh", "김서희", "kim@news.example", names=("김서희", "김서현"), role="부장", section="it")
    assert directory.configure([configured]) == ()
    merged = replace(configured, emails=("kim@news.example", "seoh@news.example", "seoh@old.example"), source_ids=("7",))
    assert list(directory) == [merged]


def test_a_configured_slug_takes_the_place_of_a_learnt_one() -> None:
    """An operator gives a reporter a readable slug, and from then on nothing is in either feed."""
    (by_name,) = learnt(credit("김서현"))
    directory = Directory([by_name, HJK1])
    displaced = directory.configure([reporter("seoh", "김서현"), reporter("kim", "김현정", "hjk1@news.example")])
    assert [person.slug for person in displaced] == [by_name.slug, "hjk1"]
    for printed, slug in ((credit("김서현"), "seoh"), (credit("김현정"), "kim"), (credit("김현정", "hjk1@news.example"), "kim")):
        found = directory.resolve(printed)
        assert isinstance(found, Reporter)
        assert found.slug == slug
    assert {person.slug for person in directory if not person.active} == {by_name.slug, "hjk1"}
    again = Directory(directory)
    assert again.configure([reporter("seoh", "김서현"), reporter("kim", "김현정", "hjk1@news.example")]) == ()
    assert not again.changed


def test_a_person_configured_without_address_is_the_one_who_was_learnt() -> None:
    """김현정 is configured by name alone, beside the 김현정 who was learnt, and no story is clear any more."""
    directory = Directory([HJK1])
    assert directory.configure([reporter("kim", "김현정")]) == (HJK1,)
    found = directory.resolve(credit("김현정", "hjk1@news.example"))
    assert isinstance(found, Reporter)
    assert (found.slug, found.emails) == ("kim", ("hjk1@news.example",))
    directory.learn(credit("김현정", "other@news.example"))  # and one who comes later is somebody else
    assert directory.configure([reporter("kim", "김현정")]) == ()
    assert {person.slug for person in directory if person.active} == {"kim", "other"}


def test_two_configured_people_of_one_name_stay_two() -> None:
    """The configuration tells two reporters apart, and the program makes them one."""
    both = [HJK1, reporter("hjk9", "김현정")]
    directory = Directory([])
    assert directory.configure(both) == directory.configure(both) == ()
    assert list(directory) == both
    assert directory.resolve(credit("김현정")) == Unresolved("2 active reporters have this name")


def test_only_people_have_feeds() -> None:
    """There is a feed of 연합뉴스 among the reporters."""
    assert is_person(credit("김서현"))
    assert not is_person(credit(""))
    assert not any(is_person(Credit(name="연합뉴스", kind=kind)) for kind in CreditKind if kind is not CreditKind.PERSON)


NAMES, EMAILS = (
    st.sampled_from(["김서현", "김현정", "이수"]),
    st.sampled_from(["", "a@x.example", "a@y.example", "b@x.example", "desk@x.example"]),
)
PRINTED = st.builds(credit, NAMES, EMAILS, source_id=st.sampled_from(["", "", "1", "2"]))


@given(st.lists(PRINTED, max_size=12))
def test_what_is_known_never_becomes_somebody_else(printed: list[Credit]) -> None:
    """A feed's address changes hands."""
    directory = Directory([])
    issued: dict[str, str] = {}
    for one in printed:
        directory.learn(one)
        for person in directory:
            assert issued.setdefault(person.slug, person.name) == person.name
            assert re.fullmatch(r"[a-z0-9._-]+", person.slug)
        assert issued.keys() == {person.slug for person in directory}
        emails = [email for person in directory for email in person.emails]
        assert len(emails) == len(set(emails)), "an address is one person's"
    again = Directory(directory)
    for one in printed:
        found = again.resolve(one)
        again.learn(one)
        if isinstance(found, Reporter):
            assert again.resolve(one) == again._by_slug[found.slug]
