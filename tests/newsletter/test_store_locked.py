"""The store beside another program that writes, and does not let go."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest

import newsroom.database
from newsletter.delivery import LEASE
from newsletter.edition import Delivery, Edition, EditionState
from newsletter.store import NewsletterStore
from newsroom.database import Database
from newsroom.errors import StoreBusyError
from tests.newsletter.delivering import DAY, DIGEST, DUE, consent, first_claim, opened, planned, prepared

MINUTE, HOUR, A_DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def locked(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[NewsletterStore, Edition, Delivery]]:
    """A store whose file another program is writing to, and does not let go."""
    monkeypatch.setattr(newsroom.database, "BUSY_TIMEOUT_MS", 30)
    ours, theirs = prepared(sqlite_url), Database(sqlite_url)
    store = NewsletterStore(ours)
    edition = planned(store, 3)
    found = first_claim(store, edition)
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
