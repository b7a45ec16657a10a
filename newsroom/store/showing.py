"""Whether readers may see an article: it is released, withdrawn, and let out again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, select, update

from newsroom.model import Candidate, ChangeKind, Status
from newsroom.store import topics
from newsroom.store.changes import record
from newsroom.tables import article, article_reporter, article_section, article_term, revision

# Times in feeds are given to the second (RFC 6721: of entry and tombstone the later counts).
_NEXT_SECOND = timedelta(seconds=1)
_NEXT = timedelta(microseconds=1)


def is_release_due(connection: Connection, now: datetime) -> bool:
    """Whether ``release`` has something to do."""
    return connection.scalar(select(article.c.id).where(_due(now)).limit(1)) is not None


def release(connection: Connection, now: datetime) -> int:
    """Let out what is due, in the order in which it became due; returns how many."""
    rows = connection.execute(select(article).where(_due(now)).order_by(article.c.release_at, article.c.id)).all()
    for row in rows:
        connection.execute(update(article).where(article.c.id == row.id).values(released=now))
        _show(connection, row, now)
        record(connection, row.id, row.revision, ChangeKind.RELEASED, now)
    return len(rows)


def reschedule(connection: Connection, row: Row[Any], new: Candidate, now: datetime) -> str:
    """Follow the source in whether and when the article may be shown; returns what is so now.

    ``published`` follows only until readers have seen the article; from then on it never moves.
    """
    published = row.published if was_seen(row) else new.published
    if (row.status, row.embargo, row.published) == (new.status, new.embargo, published):
        return ""
    due = due_at(published, new.embargo)
    values = {"status": new.status, "embargo": new.embargo, "published": published, "release_at": due}
    released = row.released if due <= now else None
    connection.execute(update(article).where(article.c.id == row.id).values(**values, released=released))
    if published != row.published:
        for table in (article_section, article_reporter, article_term):
            connection.execute(update(table).where(table.c.article_id == row.id).values(published=published))
        unseen = update(revision).where(revision.c.article_id == row.id)
        connection.execute(unseen.values(updated=published, edited=published))
    at = now
    if released is not None and new.status is Status.USABLE:
        _show(connection, row, now)
    elif is_public(row):
        at = _withdraw(connection, row, now)
    record(connection, row.id, row.revision, ChangeKind.STATUS, at)
    return hindrance(new.status, due, now) or f"status {new.status}"


def is_public(row: Row[Any]) -> bool:
    """Whether readers see the article: what ``walks.public`` asks the database."""
    return row.released is not None and row.status == Status.USABLE


def was_seen(row: Row[Any]) -> bool:
    """Whether readers have the article, or had it."""
    return row.released is not None or row.withdrawn is not None


def due_at(published: datetime, embargo: datetime | None) -> datetime:
    """From when an article may be shown."""
    return max(published, embargo or published)


def hindrance(status: Status, due: datetime, now: datetime) -> str:
    """Why an article may not be shown now; empty where it may."""
    if status is not Status.USABLE:
        return f"status {status}"
    return f"not to be shown before {due.isoformat()}" if due > now else ""


def edited_now(row: Row[Any], before: datetime, now: datetime) -> datetime:
    """When a revision made now was made: later than the one before. What nobody has seen yet is as new as the article."""
    unseen: datetime = row.published
    return max(now, before + _NEXT) if was_seen(row) else unseen


def _due(now: datetime) -> ColumnElement[bool]:
    return and_(article.c.released.is_(None), article.c.status == Status.USABLE, article.c.release_at <= now)


def _show(connection: Connection, row: Row[Any], now: datetime) -> None:
    """Let readers see the article. One that comes back is later than the word that it was withdrawn."""
    topics.see(connection, row.series)
    if row.withdrawn is not None:
        back = max(now, row.withdrawn + _NEXT_SECOND)
        current = and_(revision.c.article_id == row.id, revision.c.number == row.revision)
        connection.execute(update(revision).where(current).values(updated=back, edited=back))
        connection.execute(update(article).where(article.c.id == row.id).values(withdrawn=None))


def _withdraw(connection: Connection, row: Row[Any], now: datetime) -> datetime:
    """Note when the article ceased to be shown: later than anything that readers have of it."""
    current = and_(revision.c.article_id == row.id, revision.c.number == row.revision)
    edited = connection.scalars(select(revision.c.edited).where(current)).one()
    at: datetime = max(now, edited + _NEXT_SECOND)
    connection.execute(update(article).where(article.c.id == row.id).values(withdrawn=at))
    return at
