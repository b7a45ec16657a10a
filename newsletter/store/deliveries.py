"""One row for each reader of each edition: what is left to do, and what became of the rest.

A delivery is said to be attempted before the message leaves, and its result is written together with the next attempt: one
commit a message, and after a crash only the message in flight is in doubt. An edition has one sender at a time, by a lease that
each of these commits renews.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, exists, func, or_, select, update

from newsletter.edition import Delivery, DeliveryState, EditionState, Result, Tally
from newsletter.errors import SendingElsewhereError
from newsletter.store.base import Store
from newsletter.store.subscribers import CONFIRMED
from newsletter.tables import delivery, edition, subscriber, subscription

_UNFINISHED = (DeliveryState.PLANNED, DeliveryState.ATTEMPTED)
_UNSURE = (DeliveryState.ATTEMPTED, DeliveryState.PLANNED, DeliveryState.IN_DOUBT)

_NEXT = (
    select(
        delivery,
        subscriber.c.uid,
        subscriber.c.email,
        subscriber.c.name,
        subscription.c.state.label("subscription"),
        subscription.c.consent_time,
    )
    .join(edition, edition.c.id == delivery.c.edition_id)
    .join(subscriber, subscriber.c.id == delivery.c.subscriber_id)
    .outerjoin(
        subscription,
        and_(subscription.c.subscriber_id == delivery.c.subscriber_id, subscription.c.newsletter == edition.c.newsletter),
    )
    .where(
        delivery.c.edition_id == bindparam("edition"),
        delivery.c.state == DeliveryState.PLANNED,
        delivery.c.not_before <= bindparam("now"),
    )
    .order_by(delivery.c.not_before, delivery.c.id)  # as the index has them: a sort for each mail would be quadratic
    .limit(1)
)
"""The delivery that is due first, with its reader and what the reader wishes now. Built once: it is asked for each mail."""


class Deliveries(Store):
    """The deliveries of editions, and who is sending them."""

    def claim_sending(self, edition_id: int, sender: str, now: datetime, lease: timedelta, dead: Iterable[str] = ()) -> bool:
        """Become the one sender of an edition, unless another one's lease runs and it is not known to be dead."""
        free = or_(edition.c.sender.in_(["", sender, *dead]), edition.c.sender_until < now)
        with self._database.write() as connection:
            statement = update(edition).where(edition.c.id == edition_id, free)
            return connection.execute(statement.values(sender=sender, sender_until=now + lease)).rowcount == 1

    def sender(self, edition_id: int) -> str:
        """Who last claimed the sending of an edition."""
        with self._database.read() as connection:
            return connection.scalar(select(edition.c.sender).where(edition.c.id == edition_id)) or ""

    def release_sending(self, edition_id: int, sender: str) -> None:
        """Let another process go on with the edition."""
        where = and_(edition.c.id == edition_id, edition.c.sender == sender)
        with self._database.write() as connection:
            connection.execute(update(edition).where(where).values(sender="", sender_until=None))

    def recover(self, edition_id: int, *, resend: bool, now: datetime) -> int:
        """Decide the deliveries that a dead sender left attempted; returns how many there were."""
        where = and_(delivery.c.edition_id == edition_id, delivery.c.state == DeliveryState.ATTEMPTED)
        decided = {"state": DeliveryState.PLANNED} if resend else {"state": DeliveryState.IN_DOUBT, "finished": now}
        with self._database.write(durable=True) as connection:
            statement = update(delivery).where(where).values(reply="the program ended while it was sending", **decided)
            return connection.execute(statement).rowcount

    def advance(
        self,
        edition_id: int,
        sender: str,
        result: Result | None,
        *,
        now: datetime,
        lease: timedelta,
        claim: bool = True,
    ) -> Delivery | None:
        """Write the result of the last attempt, renew the lease and claim the next reader, in one durable commit.

        Readers who left since the edition was planned are skipped here. None when nobody is due, or nobody is to be claimed. Raises
        SendingElsewhereError where another sender took over; the result is written all the same, where it is still news.
        """
        with self._database.write(durable=True) as connection:
            mine = and_(edition.c.id == edition_id, edition.c.sender == sender)
            # On PostgreSQL this row's lock also keeps another sender from taking over before the commit.
            renewed = connection.execute(update(edition).where(mine).values(sender_until=now + lease)).rowcount == 1
            if result is not None:
                _write(connection, result, now)
            found = _claim_next(connection, edition_id, now) if renewed and claim else None
        if not renewed:
            raise SendingElsewhereError("another process took over the sending of this edition; this one stops.")
        return found

    def give_back(self, found: Delivery) -> None:
        """Take back an attempt that did not begin, since no mail could be handed over to anybody."""
        first = None if found.attempts == 1 else found.first_attempt
        unbegun = {"state": DeliveryState.PLANNED, "attempts": found.attempts - 1, "first_attempt": first}
        with self._database.write() as connection:
            connection.execute(update(delivery).where(_is_still(found, DeliveryState.ATTEMPTED)).values(**unbegun))

    def skip_rest(self, edition_id: int, reason: str, now: datetime) -> int:
        """Skip every delivery that is still planned; returns how many there were."""
        where = and_(delivery.c.edition_id == edition_id, delivery.c.state == DeliveryState.PLANNED)
        with self._database.write() as connection:
            skipped = update(delivery).where(where).values(state=DeliveryState.SKIPPED, reply=reason, finished=now)
            return connection.execute(skipped).rowcount

    def finish(self, edition_id: int, now: datetime) -> bool:
        """Call an edition sent once no delivery is left to do; returns whether it is."""
        left = select(delivery.c.id).where(delivery.c.edition_id == edition_id, delivery.c.state.in_(_UNFINISHED))
        with self._database.write() as connection:
            if connection.scalar(left.limit(1)) is not None:
                return False
            sending = and_(edition.c.id == edition_id, edition.c.state == EditionState.SENDING)
            connection.execute(update(edition).where(sending).values(state=EditionState.SENT, finished=now))
            return True

    def is_due(self, edition_id: int, now: datetime) -> bool:
        """Whether an unfinished edition has anything to do now: not when every delivery left is put off to later."""
        left = exists().where(delivery.c.edition_id == edition_id)
        planned = left.where(delivery.c.state == DeliveryState.PLANNED)
        ready = or_(left.where(delivery.c.state == DeliveryState.ATTEMPTED), planned.where(delivery.c.not_before <= now))
        with self._database.read() as connection:
            return bool(connection.scalar(select(or_(ready, ~planned))))

    def tally(self, edition_id: int) -> Tally:
        """The accounting of an edition."""
        query = select(delivery.c.state, func.count()).where(delivery.c.edition_id == edition_id).group_by(delivery.c.state)
        with self._database.read() as connection:
            counts = {row[0]: row[1] for row in connection.execute(query)}
        return Tally(
            planned=sum(counts.values()),
            sent=counts.get(DeliveryState.SENT, 0),
            skipped=counts.get(DeliveryState.SKIPPED, 0),
            failed=counts.get(DeliveryState.FAILED, 0),
            in_doubt=counts.get(DeliveryState.IN_DOUBT, 0),
        )

    def reasons(self, edition_id: int) -> list[tuple[str, str, int]]:
        """Why deliveries were skipped, failed or are in doubt: state, reply, how many."""
        final = delivery.c.state.in_([DeliveryState.SKIPPED, DeliveryState.FAILED, DeliveryState.IN_DOUBT])
        query = select(delivery.c.state, delivery.c.reply, func.count()).where(delivery.c.edition_id == edition_id, final)
        with self._database.read() as connection:
            rows = connection.execute(query.group_by(delivery.c.state, delivery.c.reply).order_by(func.count().desc()).limit(20))
            return [(state, reply, count) for state, reply, count in rows]


def _write(connection: Connection, result: Result, now: datetime) -> None:
    # A sender that was taken over knows better than a guess what became of its message, but nothing of later attempts.
    final = result.again_at is None
    unknown = _UNSURE if final else (DeliveryState.ATTEMPTED,)
    values: dict[str, Any] = {"state": result.state, "reply": result.reply}
    values |= {"finished": now} if final else {"not_before": result.again_at}
    connection.execute(update(delivery).where(_is_still(result.delivery, *unknown)).values(**values))


def _is_still(found: Delivery, *states: DeliveryState) -> ColumnElement[bool]:
    """Whether nobody made another attempt since."""
    return and_(delivery.c.id == found.id, delivery.c.attempts == found.attempts, delivery.c.state.in_(states))


def _claim_next(connection: Connection, edition_id: int, now: datetime) -> Delivery | None:
    while (row := connection.execute(_NEXT, {"edition": edition_id, "now": now}).first()) is not None:
        this = update(delivery).where(delivery.c.id == row.id, delivery.c.state == DeliveryState.PLANNED)
        if row.subscription != CONFIRMED:
            connection.execute(this.values(state=DeliveryState.SKIPPED, reply="left before it was sent", finished=now))
            continue
        attempt = {"attempts": row.attempts + 1, "first_attempt": row.first_attempt or now}
        if connection.execute(this.values(state=DeliveryState.ATTEMPTED, **attempt)).rowcount == 1:
            return Delivery(
                id=row.id,
                subscriber_uid=row.uid,
                email=row.email,
                name=row.name,
                choice=row.choice,
                confirmed=row.consent_time,
                **attempt,
            )
    return None
