"""What was sent when, in which words, and what stands in the accounts of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, and_, insert, literal, select, update

from newsletter.edition import DeliveryState, Edition, EditionState
from newsletter.store.base import Store
from newsletter.store.subscribers import CONFIRMED
from newsletter.tables import delivery, digest, edition, subscription
from newsroom.database import Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptDigest:
    """A digest as it was rendered for the readers of one choice; ``articles`` are ids, in the order shown."""

    choice: str
    subject: str
    html: str
    web: str
    text: str
    articles: tuple[str, ...]


class Editions(Store):
    """Editions and the digests they carry."""

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

    def first_before(self, newsletter: str, due: datetime) -> Edition | None:
        """The oldest edition due earlier, sent or not."""
        query = select(edition).where(edition.c.newsletter == newsletter, edition.c.due < due).order_by(edition.c.due).limit(1)
        with self._database.read() as connection:
            row = connection.execute(query).first()
            return _edition(row) if row else None

    def carried(self, newsletter: str, since: datetime, *, besides: date) -> set[str]:
        """Ids of the articles in the editions due since then, but for that of one day: no story is mailed twice."""
        others = and_(edition.c.newsletter == newsletter, edition.c.due >= since, edition.c.date != besides.isoformat())
        with self._database.read() as connection:
            found = connection.scalars(select(digest.c.articles).join(edition).where(others))
            return {id_ for articles in found for id_ in articles}

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

    def plan(self, edition_id: int, digests: Sequence[KeptDigest], now: datetime) -> bool:
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
                    literal(0), literal(now, Instant), literal(""),
                )
                .where(subscription.c.newsletter == newsletter, subscription.c.state == CONFIRMED)
                .order_by(subscription.c.subscriber_id)
            )  # fmt: skip
            names = ["edition_id", "subscriber_id", "choice", "state", "attempts", "not_before", "reply"]
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


def _columns(kept: KeptDigest) -> Mapping[str, Any]:
    return {
        "choice": kept.choice,
        "subject": kept.subject,
        "html": kept.html,
        "web": kept.web,
        "text": kept.text,
        "articles": list(kept.articles),
    }


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
