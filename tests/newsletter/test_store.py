"""Subscribers and editions as they are kept, on both databases."""

from __future__ import annotations

import hashlib
import multiprocessing
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import insert, update

from newsletter.edition import EditionState, Tally
from newsletter.store import KeptDigest, NewsletterStore
from newsletter.tables import subscription, suppression
from newsroom.database import Database
from tests.newsletter.delivering import (
    DAY,
    DIGEST,
    DUE,
    consent,
    first_claim,
    join,
    open_and_plan,
    opened,
    planned,
    prepared,
    rows,
    uid_of,
)

MINUTE, HOUR, A_DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


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
    found = first_claim(store, edition)
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
    assert first_claim(store, planned(store, [])).confirmed == new.time, "the proof is the new one"


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
