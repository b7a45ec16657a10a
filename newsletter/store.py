"""Where subscribers, editions and deliveries are kept. All of the newsletter's SQL stands here.

A delivery is said to be attempted before the message leaves, and its result is written together with the next attempt: one
commit a message, and after a crash only the message in flight is in doubt.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, func, insert, literal, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from newsletter.edition import DeliveryState, Edition, EditionState, Tally
from newsletter.tables import delivery, digest, edition, subscriber, subscription, suppression
from newsroom.database import Database

CONFIRMED, LEFT = "confirmed", "left"
_UNFINISHED = (DeliveryState.PLANNED, DeliveryState.ATTEMPTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """A reader's confirmed wish to get a newsletter, with its proof."""

    email: str
    email_key: str
    name: str
    time: datetime
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptDigest:
    """A digest as it was rendered for the readers of one choice; ``articles`` are ids, in the order shown."""

    choice: str
    subject: str
    html: str
    web: str
    text: str
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One edition to one subscriber."""

    id: int
    subscriber_uid: str
    email: str
    name: str
    choice: str
    attempts: int
    confirmed: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of an attempt. ``again_at`` puts it back among the planned ones."""

    delivery_id: int
    state: DeliveryState
    reply: str = ""
    again_at: datetime | None = None


class NewsletterStore:
    """Subscribers, editions and deliveries of one paper."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # --- subscribers ---

    def subscribe(self, newsletter: str, consents: Sequence[Consent], now: datetime) -> dict[str, str]:
        """Keep confirmed subscriptions; returns what became of each address: new, known, left or suppressed.

        Whoever left stays away until a consent that is newer than the leaving; a suppressed address is never taken back.
        """
        results: dict[str, str] = {}
        with self._database.write() as connection:
            blocked = set(
                connection.scalars(
                    select(suppression.c.email_hash).where(suppression.c.email_hash.in_([_hashed(c.email_key) for c in consents]))
                )
            )
            for consent in consents:
                if _hashed(consent.email_key) in blocked:
                    results[consent.email_key] = "suppressed"
                    continue
                values = {
                    "uid": secrets.token_urlsafe(12),
                    "email": consent.email,
                    "email_key": consent.email_key,
                    "name": consent.name,
                    "created": now,
                }
                connection.execute(self._insert(subscriber).values(**values).on_conflict_do_nothing(index_elements=["email_key"]))
                found = connection.execute(
                    select(subscriber.c.id).where(subscriber.c.email_key == consent.email_key)
                ).scalar_one()
                where = and_(subscription.c.subscriber_id == found, subscription.c.newsletter == newsletter)
                old = connection.execute(select(subscription).where(where)).first()
                kept = {"state": CONFIRMED, "consent_time": consent.time, "consent_source": consent.source, "left": None}
                if old is None:
                    connection.execute(insert(subscription).values(subscriber_id=found, newsletter=newsletter, **kept))
                    results[consent.email_key] = "new"
                elif old.state == LEFT and old.left is not None and consent.time > old.left:
                    connection.execute(update(subscription).where(where).values(**kept))
                    results[consent.email_key] = "new"
                else:
                    results[consent.email_key] = "left" if old.state == LEFT else "known"
        return results

    def leave(self, uid: str, newsletter: str, now: datetime) -> bool:
        """End a subscription; doing so again changes nothing. False where there never was one."""
        with self._database.write() as connection:
            person = connection.scalar(select(subscriber.c.id).where(subscriber.c.uid == uid))
            where = and_(subscription.c.subscriber_id == person, subscription.c.newsletter == newsletter)
            found = connection.execute(select(subscription.c.state).where(where)).first()
            if found is not None and found.state != LEFT:
                connection.execute(update(subscription).where(where).values(state=LEFT, left=now))
            return found is not None

    def subscription_state(self, uid: str, newsletter: str) -> str | None:
        """``confirmed``, ``left`` or None."""
        query = (
            select(subscription.c.state).join(subscriber).where(subscriber.c.uid == uid, subscription.c.newsletter == newsletter)
        )
        with self._database.read() as connection:
            return connection.scalar(query)

    def subscribers(self, newsletter: str) -> int:
        """How many readers an edition would go to now."""
        where = and_(subscription.c.newsletter == newsletter, subscription.c.state == CONFIRMED)
        with self._database.read() as connection:
            return connection.scalar(select(func.count()).select_from(subscription).where(where)) or 0

    # --- editions ---

    def edition(self, newsletter: str, day: date) -> Edition | None:
        """The edition of that day, if one was ever opened."""
        with self._database.read() as connection:
            where = and_(edition.c.newsletter == newsletter, edition.c.date == day.isoformat())
            row = connection.execute(select(edition).where(where)).first()
            return _edition(row) if row else None

    def editions(self, newsletter: str, limit: int = 30) -> list[Edition]:
        """The newest editions first."""
        query = select(edition).where(edition.c.newsletter == newsletter).order_by(edition.c.date.desc()).limit(limit)
        with self._database.read() as connection:
            return [_edition(row) for row in connection.execute(query)]

    def unfinished(self) -> list[Edition]:
        """Editions that were opened and have not come to an end."""
        query = select(edition).where(edition.c.state.in_([EditionState.OPEN, EditionState.SENDING])).order_by(edition.c.due)
        with self._database.read() as connection:
            return [_edition(row) for row in connection.execute(query)]

    def last_before(self, newsletter: str, due: datetime) -> Edition | None:
        """The newest edition due earlier that went out, or is going out."""
        gone = edition.c.state.in_([EditionState.SENT, EditionState.SENDING])
        query = (
            select(edition).where(edition.c.newsletter == newsletter, edition.c.due < due, gone).order_by(edition.c.due.desc())
        )
        with self._database.read() as connection:
            row = connection.execute(query.limit(1)).first()
            return _edition(row) if row else None

    def carried(self, newsletter: str, since: datetime, before: datetime) -> set[str]:
        """Ids of the articles in editions due in [since, before): no story is mailed twice."""
        due = and_(edition.c.due >= since, edition.c.due < before)
        query = select(digest.c.articles).join(edition).where(edition.c.newsletter == newsletter, due)
        with self._database.read() as connection:
            return {id_ for articles in connection.scalars(query) for id_ in articles}

    def open(self, newsletter: str, day: date, *, due: datetime, window_start: datetime, now: datetime) -> Edition:
        """The edition of that day: made now, or by whoever was first."""
        values = {"newsletter": newsletter, "date": day.isoformat(), "due": due, "window_start": window_start, "window_end": due}
        with self._database.write() as connection:
            statement = self._insert(edition).values(**values, state=EditionState.OPEN, reason="", opened=now, sender="")
            connection.execute(statement.on_conflict_do_nothing(index_elements=["newsletter", "date"]))
            where = and_(edition.c.newsletter == newsletter, edition.c.date == day.isoformat())
            return _edition(connection.execute(select(edition).where(where)).one())

    def settle(self, edition_id: int, state: EditionState, reason: str, now: datetime) -> None:
        """Skip or hold an edition that is not being sent."""
        where = and_(edition.c.id == edition_id, edition.c.state.in_([EditionState.OPEN, EditionState.HELD]))
        finished = now if state is EditionState.SKIPPED else None
        with self._database.write() as connection:
            connection.execute(update(edition).where(where).values(state=state, reason=reason, finished=finished))

    def plan(self, edition_id: int, digests: Sequence[KeptDigest]) -> bool:
        """Keep the digests and one delivery for each reader, all at once. False where somebody else did so before."""
        with self._database.write() as connection:
            waiting = and_(edition.c.id == edition_id, edition.c.state.in_([EditionState.OPEN, EditionState.HELD]))
            won = connection.execute(update(edition).where(waiting).values(state=EditionState.SENDING, reason=""))
            if won.rowcount == 0:
                return False
            newsletter = connection.scalar(select(edition.c.newsletter).where(edition.c.id == edition_id))
            for kept in digests:
                connection.execute(insert(digest).values(edition_id=edition_id, **_columns(kept)))
            readers = (
                select(
                    literal(edition_id), subscription.c.subscriber_id, literal(digests[0].choice), literal(DeliveryState.PLANNED.value),
                    literal(0), literal(""),
                )
                .where(subscription.c.newsletter == newsletter, subscription.c.state == CONFIRMED)
                .order_by(subscription.c.subscriber_id)
            )  # fmt: skip
            names = ["edition_id", "subscriber_id", "choice", "state", "attempts", "reply"]
            connection.execute(insert(delivery).from_select(names, readers))
            return True

    def replace_digest(self, edition_id: int, kept: KeptDigest) -> None:
        """Put another rendering in the place of one, for whoever has not been mailed yet."""
        where = and_(digest.c.edition_id == edition_id, digest.c.choice == kept.choice)
        with self._database.write() as connection:
            connection.execute(update(digest).where(where).values(**_columns(kept)))

    def digests(self, edition_id: int) -> list[KeptDigest]:
        """The digests of an edition."""
        with self._database.read() as connection:
            return [
                KeptDigest(
                    choice=row.choice,
                    subject=row.subject,
                    html=row.html,
                    web=row.web,
                    text=row.text,
                    articles=tuple(row.articles),
                )
                for row in connection.execute(select(digest).where(digest.c.edition_id == edition_id).order_by(digest.c.choice))
            ]

    def tally(self, edition_id: int) -> Tally:
        """The accounting of an edition."""
        query = select(delivery.c.state, func.count()).where(delivery.c.edition_id == edition_id).group_by(delivery.c.state)
        with self._database.read() as connection:
            counts = {state: count for state, count in connection.execute(query)}
        final = {name: counts.get(DeliveryState(name.replace("_", " ")), 0) for name in ("sent", "skipped", "failed", "in_doubt")}
        return Tally(planned=sum(counts.values()), **final)

    def reasons(self, edition_id: int) -> list[tuple[str, str, int]]:
        """Why deliveries were skipped, failed or are in doubt: state, reply, how many."""
        final = delivery.c.state.in_([DeliveryState.SKIPPED, DeliveryState.FAILED, DeliveryState.IN_DOUBT])
        query = select(delivery.c.state, delivery.c.reply, func.count()).where(delivery.c.edition_id == edition_id, final)
        with self._database.read() as connection:
            rows = connection.execute(query.group_by(delivery.c.state, delivery.c.reply).order_by(func.count().desc()).limit(20))
            return [(state, reply, count) for state, reply, count in rows]

    # --- deliveries ---

    def claim_sending(self, edition_id: int, sender: str, now: datetime, lease: timedelta, dead: Iterable[str] = ()) -> bool:
        """Become the one sender of an edition, unless another living one is. Renewed by calling it again."""
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
        with self._database.write() as connection:
            connection.execute(
                update(edition).where(edition.c.id == edition_id, edition.c.sender == sender).values(sender="", sender_until=None)
            )

    def recover(self, edition_id: int, *, resend: bool, now: datetime) -> int:
        """Decide the deliveries that a dead sender left attempted; returns how many there were."""
        where = and_(delivery.c.edition_id == edition_id, delivery.c.state == DeliveryState.ATTEMPTED)
        decided: dict[str, Any] = (
            {"state": DeliveryState.PLANNED}
            if resend
            else {"state": DeliveryState.IN_DOUBT, "finished": now, "reply": "the program ended while it was sending"}
        )
        with self._database.write() as connection:
            return connection.execute(update(delivery).where(where).values(**decided)).rowcount

    def advance(
        self, edition_id: int, sender: str, result: Result | None, now: datetime, *, claim: bool = True
    ) -> Delivery | None:
        """Write the result of the last attempt and claim the next reader, in one durable commit.

        Readers who left since the edition was planned are skipped here. None when nobody is due, or when another sender took over.
        """
        with self._database.write(durable=True) as connection:
            if result is not None:
                again = result.again_at is not None
                values = {
                    "state": result.state,
                    "reply": result.reply,
                    "not_before": result.again_at,
                    "finished": None if again else now,
                }
                connection.execute(update(delivery).where(delivery.c.id == result.delivery_id).values(**values))
            mine = select(edition.c.id).where(edition.c.id == edition_id, edition.c.sender == sender)
            if not claim or connection.scalar(mine) is None:
                return None
            due = and_(
                delivery.c.edition_id == edition_id,
                delivery.c.state == DeliveryState.PLANNED,
                or_(delivery.c.not_before.is_(None), delivery.c.not_before <= now),
            )
            wished = and_(
                subscription.c.subscriber_id == delivery.c.subscriber_id, subscription.c.newsletter == edition.c.newsletter
            )
            query = (
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
                .outerjoin(subscription, wished)
                .where(due)
                .order_by(delivery.c.id)
                .limit(1)
            )
            while (row := connection.execute(query).first()) is not None:
                this = delivery.c.id == row.id
                if row.subscription != CONFIRMED:
                    left = {"state": DeliveryState.SKIPPED, "reply": "left before it was sent", "finished": now}
                    connection.execute(update(delivery).where(this).values(**left))
                    continue
                connection.execute(
                    update(delivery).where(this).values(state=DeliveryState.ATTEMPTED, attempts=row.attempts + 1, attempted=now)
                )
                return Delivery(
                    id=row.id,
                    subscriber_uid=row.uid,
                    email=row.email,
                    name=row.name,
                    choice=row.choice,
                    attempts=row.attempts + 1,
                    confirmed=row.consent_time,
                )
            return None

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
        left = select(func.count()).where(delivery.c.edition_id == edition_id, delivery.c.state.in_(_UNFINISHED))
        put_off = left.where(delivery.c.not_before > now)
        with self._database.read() as connection:
            waiting = connection.scalar(put_off) or 0
            return waiting == 0 or waiting < (connection.scalar(left) or 0)

    @property
    def _insert(self) -> Any:  # both dialects have the same on_conflict_* methods, without a common type
        return sqlite.insert if self._database.is_sqlite else postgresql.insert


def _columns(kept: KeptDigest) -> Mapping[str, Any]:
    return {
        "choice": kept.choice,
        "subject": kept.subject,
        "html": kept.html,
        "web": kept.web,
        "text": kept.text,
        "articles": list(kept.articles),
    }


def _hashed(email_key: str) -> str:
    return hashlib.sha256(email_key.encode()).hexdigest()


def _edition(row: Row[Any]) -> Edition:
    return Edition(
        id=row.id,
        newsletter=row.newsletter,
        date=date.fromisoformat(row.date),
        due=row.due,
        window_start=row.window_start,
        window_end=row.window_end,
        state=EditionState(row.state),
        reason=row.reason,
        opened=row.opened,
        finished=row.finished,
    )
