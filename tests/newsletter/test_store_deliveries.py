"""Deliveries as they are kept, and who may send them, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from newsletter.delivery import LEASE
from newsletter.edition import Delivery, DeliveryState, Edition, EditionState, Result, Tally
from newsletter.errors import SendingElsewhereError
from newsletter.store import NewsletterStore
from newsroom.database import Database
from tests.newsletter.delivering import DAY, DUE, address, claimed, consent, first_claim, planned, rows, uid_of

MINUTE, HOUR, A_DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def test_readers_come_one_after_another_and_each_is_accounted_for(store: NewsletterStore, database: Database) -> None:
    edition = planned(store, 3)
    found = first_claim(store, edition)
    assert (found.email, found.attempts, found.first_attempt) == (address(0), 1, DUE)
    assert rows(database)[address(0)].state == DeliveryState.ATTEMPTED
    second = claimed(store, edition, result=Result(delivery=found, state=DeliveryState.SENT, reply="250 ok"))
    assert second is not None
    third = claimed(store, edition, result=Result(delivery=second, state=DeliveryState.FAILED, reply="550 no such user"))
    assert third is not None
    assert not store.finish(edition.id, DUE)
    again = Result(delivery=third, state=DeliveryState.PLANNED, reply="450 later", again_at=DUE + MINUTE)
    assert claimed(store, edition, result=again) is None
    assert store.tally(edition.id) == Tally(planned=3, sent=1, skipped=0, failed=1, in_doubt=0)
    kept = rows(database)
    assert [(row.state, row.reply, row.finished is None) for row in kept.values()] == [
        ("sent", "250 ok", False),
        ("failed", "550 no such user", False),
        ("planned", "450 later", True),
    ]
    assert store.reasons(edition.id) == [("failed", "550 no such user", 1)]


def test_a_delivery_put_off_comes_when_its_time_has_come(store: NewsletterStore) -> None:
    edition = planned(store, 1)
    found = first_claim(store, edition)
    later = Result(delivery=found, state=DeliveryState.PLANNED, again_at=DUE + MINUTE)
    assert store.advance(edition.id, "me", later, now=DUE, lease=LEASE) is None
    assert not store.is_due(edition.id, DUE)
    assert store.is_due(edition.id, DUE + MINUTE)
    again = store.advance(edition.id, "me", None, now=DUE + MINUTE, lease=LEASE)
    assert again is not None
    assert (again.id, again.attempts, again.first_attempt) == (found.id, 2, DUE)


def test_an_edition_is_due_until_it_is_finished(store: NewsletterStore) -> None:
    """One whose last delivery failed as the program died would never be called sent; one left attempted would hang for ever."""
    edition = planned(store, 1)
    assert store.is_due(edition.id, DUE)
    found = first_claim(store, edition)
    assert store.is_due(edition.id, DUE), "attempted, by somebody who may be dead"
    store.advance(edition.id, "me", Result(delivery=found, state=DeliveryState.SENT), now=DUE, lease=LEASE)
    assert store.is_due(edition.id, DUE), "to be called sent"
    assert store.finish(edition.id, DUE + MINUTE)
    done = store.edition("morning", DAY)
    assert done is not None
    assert (done.state, done.finished) == (EditionState.SENT, DUE + MINUTE)


def test_readers_who_left_since_are_skipped_and_those_who_came_back_are_not(store: NewsletterStore, database: Database) -> None:
    edition = planned(store, 3)
    for number in (0, 2):
        store.leave(uid_of(database, address(number)), "morning", DUE + MINUTE)
    store.subscribe("morning", [consent(address(2), time=DUE + 2 * MINUTE)], DUE + HOUR)
    assert first_claim(store, edition).email == address(1)
    found = claimed(store, edition)
    assert found is not None
    assert (found.email, found.confirmed) == (address(2), DUE + 2 * MINUTE)
    assert claimed(store, edition) is None
    assert store.tally(edition.id).skipped == 1
    assert store.reasons(edition.id) == [("skipped", "left before it was sent", 1)]


def test_a_whole_edition_of_readers_who_left_is_skipped_to_the_last(store: NewsletterStore, database: Database) -> None:
    edition = planned(store, 30)
    for number in range(30):
        store.leave(uid_of(database, address(number)), "morning", DUE)
    assert claimed(store, edition) is None
    assert store.finish(edition.id, DUE)
    assert store.tally(edition.id) == Tally(planned=30, sent=0, skipped=30, failed=0, in_doubt=0)


def test_the_rest_can_be_skipped_with_a_reason(store: NewsletterStore) -> None:
    edition = planned(store, 3)
    first_claim(store, edition)
    assert store.skip_rest(edition.id, "withdrawn", DUE) == 2
    assert store.tally(edition.id) == Tally(planned=3, sent=0, skipped=2, failed=0, in_doubt=0)
    assert store.reasons(edition.id) == [("skipped", "withdrawn", 2)]


def test_an_attempt_that_did_not_begin_is_not_counted(store: NewsletterStore, database: Database) -> None:
    """A night without the mail server would use up a reader's attempts and days before the first mail went out."""
    edition = planned(store, 1)
    for _ in range(3):
        found = first_claim(store, edition)
        assert (found.attempts, found.first_attempt) == (1, DUE)
        store.give_back(found)
        row = rows(database)[address(0)]
        assert (row.state, row.attempts, row.first_attempt) == ("planned", 0, None)
    begun = first_claim(store, edition)
    store.advance(
        edition.id, "me", Result(delivery=begun, state=DeliveryState.PLANNED, again_at=DUE), now=DUE, lease=LEASE, claim=False
    )
    second = first_claim(store, edition)
    store.give_back(second)
    row = rows(database)[address(0)]
    assert (row.attempts, row.first_attempt.timestamp()) == (1, DUE.timestamp()), "the one before did begin"


@pytest.mark.parametrize(("resend", "state"), [(True, "planned"), (False, "in doubt")])
def test_what_a_dead_sender_left_attempted_is_decided_by_policy(
    store: NewsletterStore, database: Database, resend: bool, state: str
) -> None:
    edition = planned(store, 2)
    first_claim(store, edition)
    assert store.recover(edition.id, resend=resend, now=DUE + MINUTE) == 1
    row = rows(database)[address(0)]
    assert (row.state, row.reply, row.attempts) == (state, "the program ended while it was sending", 1)
    assert store.recover(edition.id, resend=resend, now=DUE + MINUTE) == 0
    assert store.tally(edition.id).in_doubt == (0 if resend else 1)


def test_an_edition_has_one_sender(store: NewsletterStore) -> None:
    edition = planned(store)
    assert store.claim_sending(edition.id, "first", DUE, LEASE)
    assert store.sender(edition.id) == "first"
    assert not store.claim_sending(edition.id, "second", DUE + LEASE, LEASE)
    assert store.claim_sending(edition.id, "first", DUE, LEASE), "its own claim stands in nobody's way"
    store.release_sending(edition.id, "second")
    assert store.sender(edition.id) == "first", "nobody releases another's claim"
    store.release_sending(edition.id, "first")
    assert store.sender(edition.id) == ""
    assert store.claim_sending(edition.id, "second", DUE, LEASE)


def test_a_dead_sender_is_followed_at_once_and_a_silent_one_after_its_lease(store: NewsletterStore) -> None:
    edition = planned(store)
    assert store.claim_sending(edition.id, "first", DUE, LEASE)
    assert not store.claim_sending(edition.id, "second", DUE, LEASE, dead=["another"])
    assert store.claim_sending(edition.id, "second", DUE, LEASE, dead=["first"])
    assert store.claim_sending(edition.id, "third", DUE + LEASE + MINUTE, LEASE)


def test_each_mail_renews_the_lease(store: NewsletterStore) -> None:
    """A long edition would be taken over by a second machine in the middle."""
    edition = planned(store, 5)
    assert store.claim_sending(edition.id, "first", DUE, LEASE)
    for minutes in (8, 16, 24):
        assert store.advance(edition.id, "first", None, now=DUE + minutes * MINUTE, lease=LEASE)
        assert not store.claim_sending(edition.id, "second", DUE + (minutes + 9) * MINUTE, LEASE)


def test_of_many_who_want_to_send_one_does(store: NewsletterStore) -> None:
    edition = planned(store)
    with ThreadPoolExecutor(8) as senders:
        won = list(senders.map(lambda number: store.claim_sending(edition.id, f"sender {number}", DUE, LEASE), range(8)))
    assert won.count(True) == 1


@pytest.fixture
def taken_over(store: NewsletterStore) -> tuple[Edition, Delivery]:
    """An edition whose sender slept through its lease with a message in flight, which the next one recovered."""
    edition = planned(store, 3)
    found = first_claim(store, edition, "asleep")
    assert store.claim_sending(edition.id, "awake", DUE + LEASE + MINUTE, LEASE)
    assert store.recover(edition.id, resend=True, now=DUE + LEASE + MINUTE) == 1
    return edition, found


def test_a_sender_that_was_taken_over_gets_no_more_readers(store: NewsletterStore, taken_over: tuple[Edition, Delivery]) -> None:
    """A laptop that wakes up in the middle of an edition would mail the rest of the list a second time."""
    edition, _ = taken_over
    with pytest.raises(SendingElsewhereError):
        store.advance(edition.id, "asleep", None, now=DUE + LEASE, lease=LEASE)
    assert store.sender(edition.id) == "awake"


def test_what_it_knows_of_its_last_message_still_counts(
    store: NewsletterStore, database: Database, taken_over: tuple[Edition, Delivery]
) -> None:
    """The server took it: sending it again because nobody had heard would be a second copy for nothing."""
    edition, found = taken_over
    with pytest.raises(SendingElsewhereError):
        store.advance(edition.id, "asleep", Result(delivery=found, state=DeliveryState.SENT), now=DUE, lease=LEASE)
    assert rows(database)[found.email].state == "sent"


def test_but_not_against_a_later_attempt(
    store: NewsletterStore, database: Database, taken_over: tuple[Edition, Delivery]
) -> None:
    """A refusal from before would put a mail that has arrived since back among those to be sent."""
    edition, found = taken_over
    again = store.advance(edition.id, "awake", None, now=DUE + LEASE, lease=LEASE)
    assert again is not None
    assert (again.id, again.attempts) == (found.id, 2)

    def what_the_sleeper_says_changes_nothing(kept: str) -> None:
        for state, again_at in ((DeliveryState.PLANNED, DUE), (DeliveryState.FAILED, None)):
            late = Result(delivery=found, state=state, again_at=again_at)
            with pytest.raises(SendingElsewhereError):
                store.advance(edition.id, "asleep", late, now=DUE, lease=LEASE)
            store.give_back(found)
            row = rows(database)[found.email]
            assert (row.state, row.attempts) == (kept, 2)

    what_the_sleeper_says_changes_nothing("attempted")
    sent = Result(delivery=again, state=DeliveryState.SENT)
    assert store.advance(edition.id, "awake", sent, now=DUE, lease=LEASE, claim=False) is None
    what_the_sleeper_says_changes_nothing("sent")


def test_a_refusal_to_try_again_does_not_reopen_what_was_decided(store: NewsletterStore, database: Database) -> None:
    """An edition already called sent would have a delivery that nobody ever makes."""
    edition = planned(store, 1)
    found = first_claim(store, edition, "asleep")
    assert store.claim_sending(edition.id, "awake", DUE + LEASE + MINUTE, LEASE)
    store.recover(edition.id, resend=False, now=DUE)
    assert store.finish(edition.id, DUE)
    with pytest.raises(SendingElsewhereError):
        store.advance(
            edition.id, "asleep", Result(delivery=found, state=DeliveryState.PLANNED, again_at=DUE), now=DUE, lease=LEASE
        )
    assert rows(database)[found.email].state == "in doubt"
    assert store.tally(edition.id).adds_up


def test_two_senders_at_once_never_get_one_reader(store: NewsletterStore) -> None:
    """Even if both believed that the edition is theirs."""
    edition = planned(store, 40)
    assert store.claim_sending(edition.id, "me", DUE, LEASE)

    def readers(_sender: int) -> list[str]:
        found = []
        while delivery := store.advance(edition.id, "me", None, now=DUE, lease=LEASE):
            found.append(delivery.email)
        return found

    with ThreadPoolExecutor(4) as senders:
        got = [email for part in senders.map(readers, range(4)) for email in part]
    assert sorted(got) == sorted(address(number) for number in range(40))
