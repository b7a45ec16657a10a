"""Who reads which newsletter, with the proof of consent, and who must not be mailed."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, func, select, update

from newsletter.store.base import Store
from newsletter.tables import subscriber, subscription, suppression

CONFIRMED, LEFT = "confirmed", "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """A reader's confirmed wish to get a newsletter, with its proof."""

    email: str
    email_key: str
    name: str
    time: datetime
    source: str


class Subscribers(Store):
    """Subscriptions and suppressions."""

    def subscribe(self, newsletter: str, consents: Sequence[Consent], now: datetime) -> list[str]:
        """Keep confirmed subscriptions; returns what became of each, in order: new, known, left or suppressed.

        Whoever left stays away until a consent that is newer than the leaving; a suppressed address is never taken back.
        """
        with self._database.write() as connection:
            blocked = _suppressed(connection, consents)
            standing = self._standing(connection, newsletter, [each for each in consents if each.email_key not in blocked], now)
            results: list[str] = []
            joining: dict[int, Consent] = {}
            for consent in consents:
                if consent.email_key in blocked:
                    results.append("suppressed")
                    continue
                person = standing[consent.email_key]
                if person.id in joining or person.state == CONFIRMED:
                    results.append("known")
                elif person.state == LEFT and consent.time <= person.left:
                    results.append("left")
                else:
                    joining[person.id] = consent
                    results.append("new")
            self._confirm(connection, newsletter, joining)
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

    def _standing(
        self, connection: Connection, newsletter: str, consents: Sequence[Consent], now: datetime
    ) -> dict[str, Row[Any, Any, Any, Any]]:
        """Each consenting person by e-mail key, made where unknown: id, and state and left of the subscription."""
        first: dict[str, Consent] = {}
        for consent in consents:
            first.setdefault(consent.email_key, consent)
        people = [
            {"uid": secrets.token_urlsafe(12), "email": each.email, "email_key": key, "name": each.name, "created": now}
            for key, each in first.items()
        ]
        if people:
            connection.execute(self._insert(subscriber).on_conflict_do_nothing(index_elements=["email_key"]), people)
        theirs = and_(subscription.c.subscriber_id == subscriber.c.id, subscription.c.newsletter == newsletter)
        wanted = [subscriber.c.id, subscriber.c.email_key, subscription.c.state, subscription.c.left]
        query = select(*wanted).outerjoin(subscription, theirs).where(subscriber.c.email_key.in_(list(first)))
        return {row.email_key: row for row in connection.execute(query)}

    def _confirm(self, connection: Connection, newsletter: str, joining: Mapping[int, Consent]) -> None:
        rows = [
            {
                "subscriber_id": id_,
                "newsletter": newsletter,
                "state": CONFIRMED,
                "consent_time": consent.time,
                "consent_source": consent.source,
                "left": None,
            }
            for id_, consent in joining.items()
        ]
        if rows:
            statement = self._insert(subscription)
            given = statement.excluded
            kept = {name: given[name] for name in ("state", "consent_time", "consent_source", "left")}
            again = statement.on_conflict_do_update(
                index_elements=["subscriber_id", "newsletter"], set_=kept, where=subscription.c.left < given.consent_time
            )
            connection.execute(again, rows)


def _suppressed(connection: Connection, consents: Iterable[Consent]) -> set[str]:
    """The e-mail keys among these that are never to be mailed."""
    by_hash = {hashlib.sha256(consent.email_key.encode()).hexdigest(): consent.email_key for consent in consents}
    found = connection.scalars(select(suppression.c.email_hash).where(suppression.c.email_hash.in_(list(by_hash))))
    return {by_hash[hashed] for hashed in found}
