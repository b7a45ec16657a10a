"""Delivering an edition: one reader after another, each said to be attempted before and accounted for after.

The loop is restartable anywhere: the rows say what is left. A message whose reply was lost is in doubt, and policy decides it.
"""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from newsletter.edition import Delivery, DeliveryState, Edition, Result, Tally
from newsletter.errors import DeliveryError, MessageError, SendingElsewhereError, TransportError, UncertainDeliveryError
from newsletter.store import NewsletterStore
from newsroom.errors import StoreBusyError, StoreError
from newsroom.process import is_dead, this_process

LEASE = timedelta(minutes=10)
"""How long a sender that says nothing keeps the edition: twice what a server may take for one reply by default."""
GIVE_UP = timedelta(days=4)  # after the first attempt; RFC 5321 §4.5.4.1: 4-5 days
_DELAYS = (5, 15, 60, 240)  # minutes; the first is long enough for greylisting (RFC 6647)
_PROGRESS_EVERY = timedelta(seconds=2)
_BUSY_TRIES = 3
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Envelope:
    """One message to one recipient, as a transport sees it. ``sender`` is the return path."""

    sender: str
    recipient: str
    message: bytes


class Transport(Protocol):
    """Whatever takes a message away. A connection it makes is kept until ``close``."""

    def send(self, envelope: Envelope) -> str:
        """Hand a message over; returns the reply.

        Raises DeliveryError where this recipient was refused, UncertainDeliveryError where the reply was lost after the message,
        TransportError where no message can be sent at all and this one certainly was not.
        """

    def close(self) -> None:
        """End the connection; raises nothing."""


def deliver(
    edition: Edition,
    store: NewsletterStore,
    transport: Transport,
    compose: Callable[[Delivery], Envelope],
    *,
    resend: bool,
    clock: Callable[[], datetime],
    stopping: Callable[[], bool] = lambda: False,
    progress: Callable[[Tally], None] = lambda _tally: None,
) -> Tally:
    """Send an edition to every reader who is due, and return its accounting.

    ``compose`` makes a reader's message before each attempt; where it raises MessageError, that reader's delivery fails. ``resend``
    decides messages in doubt. Raises SendingElsewhereError, TransportError (nothing is lost: call again), StoreError.
    """
    with contextlib.closing(transport), _claimed(edition, store, clock) as me:
        if doubtful := store.recover(edition.id, resend=resend, now=clock()):
            policy = "resend" if resend else "hold"
            _log.warning("in doubt after a crash", edition=str(edition.date), messages=doubtful, policy=policy)
        told = clock()
        result: Result | None = None
        while found := _advance(store, edition, me, result, clock, claim=not stopping()):
            # Whatever else ends this, Control-C in the middle of a message say, leaves the delivery attempted: in doubt.
            try:
                result = _attempt(found, transport, compose, resend=resend, clock=clock)
            except TransportError:
                store.give_back(found)
                raise
            if clock() - told >= _PROGRESS_EVERY:
                progress(store.tally(edition.id))
                told = clock()
        store.finish(edition.id, clock())
    tally = store.tally(edition.id)
    progress(tally)
    _log.info(
        "delivered",
        newsletter=edition.newsletter,
        edition=str(edition.date),
        planned=tally.planned,
        sent=tally.sent,
        skipped=tally.skipped,
        failed=tally.failed,
        in_doubt=tally.in_doubt,
        left=tally.open,
    )
    return tally


@contextlib.contextmanager
def _claimed(edition: Edition, store: NewsletterStore, clock: Callable[[], datetime]) -> Iterator[str]:
    """Be the edition's only sender, under a name that no other has: two threads of one process are two senders."""
    me = f"{this_process()}#{uuid.uuid4().hex[:8]}"
    holder = store.sender(edition.id)
    dead = [holder] if is_dead(holder.partition("#")[0]) else []
    if not store.claim_sending(edition.id, me, clock(), LEASE, dead):
        raise SendingElsewhereError(
            f"{edition.newsletter} of {edition.date} is being sent already, by {store.sender(edition.id)}."
        )
    try:
        yield me
    finally:
        try:
            store.release_sending(edition.id, me)
        except StoreError as error:  # must not hide what ended the sending
            _log.warning("not released, the lease runs out by itself", edition=str(edition.date), reason=str(error))


def _advance(
    store: NewsletterStore, edition: Edition, me: str, result: Result | None, clock: Callable[[], datetime], *, claim: bool
) -> Delivery | None:
    """The next reader; patient with a busy database, because a result not written would make a mail that arrived doubtful."""
    tries = 0
    while True:
        try:
            return store.advance(edition.id, me, result, now=clock(), lease=LEASE, claim=claim)
        except StoreBusyError as error:
            tries += 1
            if tries == _BUSY_TRIES:
                raise
            _log.warning("the database is busy", edition=str(edition.date), reason=str(error))


def _attempt(
    found: Delivery,
    transport: Transport,
    compose: Callable[[Delivery], Envelope],
    *,
    resend: bool,
    clock: Callable[[], datetime],
) -> Result:
    try:
        reply = transport.send(compose(found))
    except MessageError as error:
        return Result(delivery=found, state=DeliveryState.FAILED, reply=str(error))
    except DeliveryError as error:
        if error.permanent:
            return Result(delivery=found, state=DeliveryState.FAILED, reply=str(error))
        return _again(found, str(error), clock(), otherwise=DeliveryState.FAILED)
    except UncertainDeliveryError as error:
        if resend:
            return _again(found, str(error), clock(), otherwise=DeliveryState.IN_DOUBT)
        return Result(delivery=found, state=DeliveryState.IN_DOUBT, reply=str(error))
    return Result(delivery=found, state=DeliveryState.SENT, reply=reply)


def _again(found: Delivery, reply: str, now: datetime, *, otherwise: DeliveryState) -> Result:
    if now - found.first_attempt >= GIVE_UP:
        return Result(delivery=found, state=otherwise, reply=f"given up after {found.attempts} attempts: {reply}")
    delay = timedelta(minutes=_DELAYS[min(found.attempts, len(_DELAYS)) - 1])
    return Result(delivery=found, state=DeliveryState.PLANNED, reply=reply, again_at=now + delay)
