"""Subscribers, editions and deliveries as they are kept, on both databases."""

from __future__ import annotations

import hashlib
import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import insert, update

import newsroom.database
from newsletter.edition import Delivery, DeliveryState, Edition, EditionState, Result, Tally
from newsletter.errors import SendingElsewhereError
from newsletter.store import KeptDigest, NewsletterStore
from newsletter.tables import subscription, suppression
from newsroom.database import Database
from newsroom.errors import StoreBusyError
from tests.newsletter.delivering import (
    DAY,
    DIGEST,
    DUE,
    address,
    consent,
    join,
    open_and_plan,
    opened,
    planned,
    prepared,
    rows,
    uid_of,
)

LEASE = timedelta(minutes=10)
MINUTE, HOUR, A_DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def claimed(store: NewsletterStore, edition: Edition, sender: str = "me", result: Result | None = None) -> Delivery | None:
    """The next delivery, for whoever says so."""
    assert store.claim_sending(edition.id, sender, DUE, LEASE)
    return store.advance(edition.id, sender, result, now=DUE, lease=LEASE)


def first(store: NewsletterStore, edition: Edition, sender: str = "me") -> Delivery:
    found = claimed(store, edition, sender)
    assert found is not None
    return found


# --- subscribers ---


def test_a_reader_is_new_once(store: NewsletterStore) -> None:
    """An import that is run again must not make anybody get two mails."""
    assert store.subscribe("morning", [consent("a@example.com"), consent("b@example.com")], DUE) == ["new", "new"]
    assert store.subscribe("morning", [consent("a@example.com"), consent("c@example.com")], DUE) == ["known", "new"]
    assert store.subscribers("morning") == 3


def test_an_address_given_twice_is_one_reader_and_both_rows_are_accounted_for(store: NewsletterStore, database: Database) -> None:
    """Spelled with a capital it is the same mailbox for every provider that matters; the first row's name counts."""
    rows = [consent("Kim@example.com", name="김하나"), consent("kim@example.com", name="김둘"), consent("kim@example.com")]
    assert store.subscribe("morning", rows, DUE) == ["new", "known", "known"]
    edition = planned(store, [])
    found = first(store, edition)
    assert (found.email, found.name) == ("Kim@example.com", "김하나")


def test_nobody_to_take_in_is_no_error(store: NewsletterStore) -> None:
    assert store.subscribe("morning", [], DUE) == []


def test_two_newsletters_have_readers_of_their_own(store: NewsletterStore, database: Database) -> None:
    join(store, ["a@example.com"], "morning")
    join(store, ["a@example.com"], "evening")
    assert store.leave(uid_of(database, "a@example.com"), "evening", DUE)
    assert (store.subscribers("morning"), store.subscribers("evening")) == (1, 0)


def test_whoever_left_stays_away_until_a_newer_consent(store: NewsletterStore, database: Database) -> None:
    """Re-importing last year's list would mail people who said no."""
    join(store, ["a@example.com"])
    uid = uid_of(database, "a@example.com")
    assert store.leave(uid, "morning", DUE)
    assert store.subscription_state(uid, "morning") == "left"
    old, same, new = (consent("a@example.com", time=DUE + span) for span in (-MINUTE, timedelta(0), MINUTE))
    assert store.subscribe("morning", [old, same], DUE + HOUR) == ["left", "left"]
    assert store.subscribers("morning") == 0
    assert store.subscribe("morning", [old, new, old], DUE + HOUR) == ["left", "new", "known"]
    assert store.subscription_state(uid, "morning") == "confirmed"
    assert first(store, planned(store, [])).confirmed == new.time, "the proof is the new one"


def test_leaving_again_moves_nothing(store: NewsletterStore, database: Database) -> None:
    """A scanner that posts a month later would make a consent given since look older than the leaving."""
    join(store, ["a@example.com"])
    uid = uid_of(database, "a@example.com")
    assert store.leave(uid, "morning", DUE)
    assert store.leave(uid, "morning", DUE + A_DAY)
    assert store.subscribe("morning", [consent("a@example.com", time=DUE + HOUR)], DUE + 2 * A_DAY) == ["new"]


def test_only_a_reader_can_leave(store: NewsletterStore, database: Database) -> None:
    join(store, ["a@example.com"])
    uid = uid_of(database, "a@example.com")
    assert not store.leave("nobody", "morning", DUE)
    assert not store.leave(uid, "evening", DUE)
    assert (store.subscription_state("nobody", "morning"), store.subscription_state(uid, "evening")) == (None, None)
    assert store.subscribers("morning") == 1


def test_a_suppressed_address_is_never_taken_back(store: NewsletterStore, database: Database) -> None:
    hashed = hashlib.sha256(b"a@example.com").hexdigest()
    with database.write() as connection:
        connection.execute(insert(suppression).values(email_hash=hashed, reason="complaint", at=DUE))
    rows = [consent("A@example.com", time=DUE + A_DAY), consent("b@example.com")]
    assert store.subscribe("morning", rows, DUE + 2 * A_DAY) == ["suppressed", "new"]
    assert store.subscribers("morning") == 1


# --- editions ---


def test_an_edition_is_opened_once_whoever_comes_first(store: NewsletterStore) -> None:
    """Two machines whose clocks ring together would mail everybody twice."""
    with ThreadPoolExecutor(8) as machines:
        found = list(machines.map(lambda number: opened(store, due=DUE + number * MINUTE), range(8)))
    assert len({edition.id for edition in found}) == 1
    assert len({edition.due for edition in found}) == 1, "the first one's window stands"
    assert found[0].state is EditionState.OPEN


def test_an_edition_is_planned_once(store: NewsletterStore) -> None:
    join(store, 5)
    edition = opened(store)
    with ThreadPoolExecutor(4) as machines:
        won = list(machines.map(lambda _machine: store.plan(edition.id, [DIGEST], DUE), range(4)))
    assert sorted(won) == [False, False, False, True]
    assert store.tally(edition.id) == Tally(planned=5, sent=0, skipped=0, failed=0, in_doubt=0)
    assert store.digests(edition.id) == [DIGEST]
    found = store.edition("morning", DAY)
    assert found is not None
    assert found.state is EditionState.SENDING


def test_two_processes_plan_one_edition(sqlite_url: str) -> None:
    """`masthead send` beside `masthead run`: each has connections and locks of its own."""
    database = prepared(sqlite_url)
    store = NewsletterStore(database)
    join(store, 5)
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as machines:
        won = list(machines.map(open_and_plan, [sqlite_url] * 2))
    assert sorted(won) == [False, True]
    assert store.tally(opened(store).id).planned == 5
    database.close()


def test_only_confirmed_readers_are_planned(store: NewsletterStore, database: Database) -> None:
    """Somebody who never clicked the confirmation, or left, gets no mail."""
    join(store, ["yes@example.com", "left@example.com", "pending@example.com"])
    join(store, ["evening@example.com"], "evening")
    store.leave(uid_of(database, "left@example.com"), "morning", DUE)
    pending = subscription.c.subscriber_id.in_([3])
    with database.write() as connection:
        connection.execute(update(subscription).where(pending).values(state="unconfirmed"))
    edition = planned(store, [])
    assert list(rows(database)) == ["yes@example.com"]
    assert store.tally(edition.id).planned == 1
    assert store.subscribers("morning") == 1


def test_an_edition_that_was_settled_is_not_planned_any_more(store: NewsletterStore) -> None:
    edition = opened(store)
    store.settle(edition.id, EditionState.SKIPPED, "no articles", DUE)
    assert not store.plan(edition.id, [DIGEST], DUE)
    found = store.edition("morning", DAY)
    assert found is not None
    assert (found.state, found.reason, found.finished) == (EditionState.SKIPPED, "no articles", DUE)
    assert store.tally(edition.id).adds_up


def test_an_edition_that_is_being_sent_cannot_be_skipped(store: NewsletterStore) -> None:
    """A second machine that thinks it late would stop it half way."""
    edition = planned(store)
    store.settle(edition.id, EditionState.SKIPPED, "late", DUE)
    assert store.edition("morning", DAY) == edition


def test_a_held_edition_is_not_finished_and_can_be_planned(store: NewsletterStore) -> None:
    edition = opened(store)
    store.settle(edition.id, EditionState.HELD, "late", DUE)
    held = store.edition("morning", DAY)
    assert held is not None
    assert (held.state, held.finished) == (EditionState.HELD, None)
    assert store.unfinished() == [], "nobody goes on with it unasked"
    assert store.plan(edition.id, [DIGEST], DUE)


def test_the_last_edition_before_is_one_that_went_out(store: NewsletterStore) -> None:
    """A skipped edition told nobody anything: the next window must reach back over it."""
    sent = planned(store, 0, DAY - 2 * A_DAY, due=DUE - 2 * A_DAY)
    skipped = opened(store, DAY - A_DAY, due=DUE - A_DAY)
    store.settle(skipped.id, EditionState.SKIPPED, "no articles", DUE)
    opened(store)
    assert store.last_before("morning", DUE) == sent
    store.finish(sent.id, DUE)
    before = store.last_before("morning", DUE)
    assert before is not None
    assert (before.id, before.state) == (sent.id, EditionState.SENT)
    assert store.last_before("morning", DUE - 2 * A_DAY) is None
    assert store.last_before("evening", DUE) is None
    oldest = store.first_before("morning", DUE)
    assert oldest is not None
    assert oldest.id == sent.id
    assert store.first_before("morning", DUE - 2 * A_DAY) is None


def test_what_other_editions_carried_is_known(store: NewsletterStore) -> None:
    for offset, name in ((-3, "old"), (-1, "yesterday"), (0, "today"), (1, "tomorrow")):
        day = DAY + offset * A_DAY
        edition = opened(store, day, due=DUE + offset * A_DAY)
        store.plan(edition.id, [replace(DIGEST, articles=(name, f"{name} too"))], DUE)
    other = opened(store, newsletter="evening")
    store.plan(other.id, [replace(DIGEST, articles=("evening",))], DUE)
    found = store.carried("morning", DUE - A_DAY, besides=DAY)
    assert found == {"yesterday", "yesterday too", "tomorrow", "tomorrow too"}


def test_a_digest_can_be_replaced(store: NewsletterStore) -> None:
    edition = planned(store)
    other = KeptDigest(choice="all", subject="s", html="h", web="w", text="t", articles=("tag:1",))
    store.replace_digest(edition.id, other)
    assert store.digests(edition.id) == [other]


def test_editions_are_listed_newest_first_and_unfinished_ones_oldest_first(store: NewsletterStore) -> None:
    days = [DAY + offset * A_DAY for offset in range(3)]
    made = [planned(store, 0, day, due=DUE + offset * A_DAY) for offset, day in enumerate(days)]
    assert [edition.date for edition in store.editions("morning", 2)] == [days[2], days[1]]
    assert store.finish(made[1].id, DUE)
    assert [edition.date for edition in store.unfinished()] == [days[0], days[2]]


# --- deliveries ---


def test_readers_come_one_after_another_and_each_is_accounted_for(store: NewsletterStore, database: Database) -> None:
    edition = planned(store, 3)
    found = first(store, edition)
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
    found = first(store, edition)
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
    found = first(store, edition)
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
    assert first(store, edition).email == address(1)
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
    first(store, edition)
    assert store.skip_rest(edition.id, "withdrawn", DUE) == 2
    assert store.tally(edition.id) == Tally(planned=3, sent=0, skipped=2, failed=0, in_doubt=0)
    assert store.reasons(edition.id) == [("skipped", "withdrawn", 2)]


def test_an_attempt_that_did_not_begin_is_not_counted(store: NewsletterStore, database: Database) -> None:
    """A night without the mail server would use up a reader's attempts and days before the first mail went out."""
    edition = planned(store, 1)
    for _ in range(3):
        found = first(store, edition)
        assert (found.attempts, found.first_attempt) == (1, DUE)
        store.give_back(found)
        row = rows(database)[address(0)]
        assert (row.state, row.attempts, row.first_attempt) == ("planned", 0, None)
    begun = first(store, edition)
    store.advance(
        edition.id, "me", Result(delivery=begun, state=DeliveryState.PLANNED, again_at=DUE), now=DUE, lease=LEASE, claim=False
    )
    second = first(store, edition)
    store.give_back(second)
    row = rows(database)[address(0)]
    assert (row.attempts, row.first_attempt.timestamp()) == (1, DUE.timestamp()), "the one before did begin"


@pytest.mark.parametrize(("resend", "state"), [(True, "planned"), (False, "in doubt")])
def test_what_a_dead_sender_left_attempted_is_decided_by_policy(
    store: NewsletterStore, database: Database, resend: bool, state: str
) -> None:
    edition = planned(store, 2)
    first(store, edition)
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
    found = first(store, edition, "asleep")
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
    found = first(store, edition, "asleep")
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


# --- a locked database ---


@pytest.fixture
def locked(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[NewsletterStore, Edition, Delivery]]:
    """A store whose file another program is writing to, and does not let go."""
    monkeypatch.setattr(newsroom.database, "BUSY_TIMEOUT_MS", 30)
    ours, theirs = prepared(sqlite_url), Database(sqlite_url)
    store = NewsletterStore(ours)
    edition = planned(store, 3)
    found = first(store, edition)
    with theirs.write():
        yield store, edition, found
    ours.close()
    theirs.close()


Action = Callable[[NewsletterStore, Edition, Delivery], object]
WRITES: dict[str, Action] = {
    "subscribe": lambda store, _edition, _found: store.subscribe("morning", [consent("new@example.com")], DUE),
    "leave": lambda store, _edition, found: store.leave(found.subscriber_uid, "morning", DUE),
    "open": lambda store, _edition, _found: opened(store, DAY + A_DAY),
    "settle": lambda store, edition, _found: store.settle(edition.id, EditionState.SKIPPED, "", DUE),
    "plan": lambda store, edition, _found: store.plan(edition.id, [DIGEST], DUE),
    "replace_digest": lambda store, edition, _found: store.replace_digest(edition.id, DIGEST),
    "claim_sending": lambda store, edition, _found: store.claim_sending(edition.id, "me", DUE, LEASE),
    "release_sending": lambda store, edition, _found: store.release_sending(edition.id, "me"),
    "recover": lambda store, edition, _found: store.recover(edition.id, resend=True, now=DUE),
    "advance": lambda store, edition, _found: store.advance(edition.id, "me", None, now=DUE, lease=LEASE),
    "give_back": lambda store, _edition, found: store.give_back(found),
    "skip_rest": lambda store, edition, _found: store.skip_rest(edition.id, "", DUE),
    "finish": lambda store, edition, _found: store.finish(edition.id, DUE),
}
READS: dict[str, Action] = {
    "subscription_state": lambda store, _edition, found: store.subscription_state(found.subscriber_uid, "morning"),
    "subscribers": lambda store, _edition, _found: store.subscribers("morning"),
    "edition": lambda store, _edition, _found: store.edition("morning", DAY),
    "editions": lambda store, _edition, _found: store.editions("morning"),
    "unfinished": lambda store, _edition, _found: store.unfinished(),
    "last_before": lambda store, _edition, _found: store.last_before("morning", DUE + A_DAY),
    "first_before": lambda store, _edition, _found: store.first_before("morning", DUE + A_DAY),
    "carried": lambda store, _edition, _found: store.carried("morning", DUE, besides=date.min),
    "digests": lambda store, edition, _found: store.digests(edition.id),
    "tally": lambda store, edition, _found: store.tally(edition.id).planned,
    "reasons": lambda store, edition, _found: [*store.reasons(edition.id), "asked"],
    "sender": lambda store, edition, _found: store.sender(edition.id),
    "is_due": lambda store, edition, _found: store.is_due(edition.id, DUE),
}


def test_every_method_is_tried_against_a_locked_database() -> None:
    methods = {name for name in dir(NewsletterStore) if not name.startswith("_")}
    assert methods == WRITES.keys() | READS.keys()


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_a_write_says_that_the_database_is_busy(locked: tuple[NewsletterStore, Edition, Delivery], write: Action) -> None:
    """A driver's traceback in the log at seven in the morning; or worse, a delivery thought written."""
    with pytest.raises(StoreBusyError):
        write(*locked)


@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_a_read_does_not_wait_for_a_writer(locked: tuple[NewsletterStore, Edition, Delivery], read: Action) -> None:
    """`masthead status` would hang while an edition is sent."""
    assert read(*locked)
