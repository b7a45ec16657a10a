"""Delivering an edition: one reader after another, each said to be attempted before and accounted for after.

The loop is restartable anywhere: the rows say what is left. A message whose reply was lost is in doubt, and policy decides it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from newsletter.edition import DeliveryState, Edition, Tally
from newsletter.errors import DeliveryError, NewsletterError, UncertainDeliveryError
from newsletter.store import Delivery, NewsletterStore, Result
from newsroom.process import is_dead, this_process

LEASE = timedelta(minutes=5)
GIVE_UP = timedelta(days=4)  # RFC 5321 §4.5.4.1: 4-5 days
_DELAYS = (5, 15, 60, 240)  # minutes; the first is long enough for greylisting (RFC 6647)
_log = structlog.get_logger(__name__)


class SendingElsewhereError(NewsletterError):
    """Another process is sending this edition."""


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
        TransportError where no message can be sent at all.
        """

    def close(self) -> None:
        """End the connection."""


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

    ``compose`` makes a reader's message; it is asked before each attempt. ``resend`` decides messages in doubt. Raises
    SendingElsewhereError, TransportError (nothing is lost: call again), StoreError.
    """
    me = this_process()
    holder = store.sender(edition.id)
    dead = [holder] if holder and is_dead(holder) else []
    if not store.claim_sending(edition.id, me, clock(), LEASE, dead):
        raise SendingElsewhereError(
            f"another process ({holder}) is sending {edition.newsletter} of {edition.date}; it can be taken over when that one ends."
        )
    try:
        if doubtful := store.recover(edition.id, resend=resend, now=clock()):
            _log.warning(
                "in doubt after a crash", edition=str(edition.date), messages=doubtful, policy="resend" if resend else "hold"
            )
        renew_at = clock() + LEASE / 2
        result: Result | None = None
        count = 0
        while (found := store.advance(edition.id, me, result, clock(), claim=not stopping())) is not None:
            result = None
            try:
                result = _attempt(found, transport, compose, resend=resend, now=clock())
            finally:
                if result is None:  # not the reader's fault: give the claim back before the error goes up
                    store.advance(
                        edition.id,
                        me,
                        Result(delivery_id=found.id, state=DeliveryState.PLANNED, again_at=clock()),
                        clock(),
                        claim=False,
                    )
            count += 1
            if count % 50 == 0:
                progress(store.tally(edition.id))
            if clock() >= renew_at:
                store.claim_sending(edition.id, me, clock(), LEASE)
                renew_at = clock() + LEASE / 2
    finally:
        transport.close()
        store.release_sending(edition.id, me)
    store.finish(edition.id, clock())
    tally = store.tally(edition.id)
    progress(tally)
    _log.info(
        "delivered",
        newsletter=edition.newsletter,
        edition=str(edition.date),
        planned=tally.planned,
        sent=tally.sent,
        failed=tally.failed,
    )
    return tally


def _attempt(
    found: Delivery, transport: Transport, compose: Callable[[Delivery], Envelope], *, resend: bool, now: datetime
) -> Result:
    try:
        reply = transport.send(compose(found))
    except DeliveryError as error:
        if error.permanent:
            return Result(delivery_id=found.id, state=DeliveryState.FAILED, reply=str(error))
        return _again(found, str(error), now)
    except UncertainDeliveryError as error:
        if resend:
            return _again(found, str(error), now)
        return Result(delivery_id=found.id, state=DeliveryState.IN_DOUBT, reply=str(error))
    return Result(delivery_id=found.id, state=DeliveryState.SENT, reply=reply)


def _again(found: Delivery, reply: str, now: datetime) -> Result:
    waited = timedelta(minutes=sum(_delay(attempt) for attempt in range(1, found.attempts + 1)))
    if waited > GIVE_UP:
        return Result(
            delivery_id=found.id, state=DeliveryState.FAILED, reply=f"given up after {found.attempts} attempts: {reply}"
        )
    return Result(
        delivery_id=found.id, state=DeliveryState.PLANNED, reply=reply, again_at=now + timedelta(minutes=_delay(found.attempts))
    )


def _delay(attempt: int) -> int:
    return _DELAYS[min(attempt, len(_DELAYS)) - 1]
