"""Reading what the feeds hold."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import BindParameter, Connection, Row, Select, and_, bindparam, func, select

from feeds.model import Archive, Item
from feeds.tables import feed, feed_archive, feed_entry, feed_item

Value = TypeVar("Value")
CHUNK = 500
"""How many values one query names: SQLite compiles no statement for more than some thousands."""


def tails(connection: Connection, paths: Collection[str]) -> dict[str, list[Item]]:
    """See ``FeedStore.tails``. Each item is read once, however many feeds have it."""
    held: dict[str, list[int]] = {path: [] for path in paths}
    for some in chunks(paths):
        for path, item_id in connection.execute(_OUTSIDE, {"paths": some}).all():
            held[path].append(item_id)
    items = _numbered(connection, {item_id for ids in held.values() for item_id in ids})
    return {path: sorted((items[item_id] for item_id in ids), key=place, reverse=True) for path, ids in held.items()}


def archived(connection: Connection, archive: int) -> list[Item]:
    """See ``FeedStore.archived``."""
    query = _items().join(feed_entry, feed_entry.c.item_id == feed_item.c.id).where(feed_entry.c.archive_id == archive)
    return sorted(map(as_item, connection.execute(query)), key=place, reverse=True)


def held(connection: Connection, paths: Collection[str], items: Collection[int]) -> set[int]:
    """See ``FeedStore.held``."""
    query = select(feed_entry.c.item_id).join(feed).where(feed.c.path.in_(paths))
    return {item_id for some in chunks(items) for item_id in connection.scalars(query.where(feed_entry.c.item_id.in_(some)))}


def between(connection: Connection, path: str, start: datetime, end: datetime) -> list[Item]:
    """See ``FeedStore.between``."""
    published = feed_item.c.published
    query = _items().join(feed_entry, feed_entry.c.item_id == feed_item.c.id).join(feed)
    when = and_(published >= start, published < end, feed_item.c.gone.is_(None), feed_item.c.correction == 0)
    return sorted(map(as_item, connection.execute(query.where(feed.c.path == path, when))), key=place, reverse=True)


def moments_changed_after(connection: Connection, change: int) -> list[datetime]:
    """See ``FeedStore.moments_changed_after``."""
    query = select(feed_item.c.published).where(feed_item.c.change > change, feed_item.c.correction == 0)
    return list(connection.scalars(query.distinct()))


def archives(connection: Connection, path: str) -> list[Archive]:
    """See ``FeedStore.archives``."""
    query = select(feed_archive).join(feed).where(feed.c.path == path).order_by(feed_archive.c.number)
    return [as_archive(row) for row in connection.execute(query)]


def neighbours(connection: Connection, archive: Archive) -> tuple[Archive | None, Archive | None]:
    """See ``FeedStore.neighbours``."""
    beside = feed_archive.c.number.in_([archive.number - 1, archive.number + 1])
    rows = connection.execute(select(feed_archive).where(feed_archive.c.feed_id == archive.feed, beside))
    found = {row.number: as_archive(row) for row in rows}
    return found.get(archive.number - 1), found.get(archive.number + 1)


def newest_archives(connection: Connection, paths: Collection[str]) -> dict[str, Archive]:
    """See ``FeedStore.newest_archives``."""
    rows = (row for some in chunks(paths) for row in connection.execute(_NEWEST, {"paths": some}))
    return {row.path: as_archive(row) for row in rows}


def archives_changed_after(connection: Connection, change: int) -> list[tuple[str, Archive]]:
    """See ``FeedStore.archives_changed_after``."""
    query = select(feed_archive, feed.c.path).join(feed).where(feed_archive.c.change > change)
    return [(row.path, as_archive(row)) for row in connection.execute(query.order_by(feed_archive.c.id))]


def place(item: Item) -> tuple[datetime, str]:
    """By this items are ordered: the time of publication, and the same way on every machine where that is the same."""
    return item.published, item.uri


def as_item(row: Row[Any]) -> Item:
    """An item from its row."""
    return Item(
        id=row.id,
        uri=row.uri,
        article=row.article,
        correction=row.correction,
        published=row.published,
        updated=row.updated,
        edited=row.edited,
        gone=row.gone,
        change=row.change,
    )


def as_archive(row: Row[Any]) -> Archive:
    """An archive from its row."""
    return Archive(
        id=row.id,
        feed=row.feed_id,
        number=row.number,
        name=row.name,
        issue=row.issue,
        entries=row.entries,
        change=row.change,
    )


def chunks(values: Iterable[Value]) -> Iterator[Sequence[Value]]:
    """So many at a time as one query may name."""
    remaining = iter(values)
    while some := list(islice(remaining, CHUNK)):
        yield some


# Made once: to put a statement together takes longer than to run it.
_PATHS: BindParameter[str] = bindparam("paths", expanding=True)
_IDS: BindParameter[int] = bindparam("ids", expanding=True)
_OUTSIDE = (
    select(feed.c.path, feed_entry.c.item_id)
    .join(feed_entry, feed_entry.c.feed_id == feed.c.id)
    # Not by the path alone: SQLite would then go through what all feeds have outside their archives.
    .where(feed_entry.c.feed_id.in_(select(feed.c.id).where(feed.c.path.in_(_PATHS))), feed_entry.c.archive_id.is_(None))
)
_LAST = select(func.max(feed_archive.c.number)).where(feed_archive.c.feed_id == feed.c.id).correlate(feed).scalar_subquery()
_NEWEST = select(feed_archive, feed.c.path).join(feed).where(feed.c.path.in_(_PATHS), feed_archive.c.number == _LAST)
_NUMBERED = select(feed_item).where(feed_item.c.id.in_(_IDS))


def _numbered(connection: Connection, ids: Collection[int]) -> dict[int, Item]:
    found: dict[int, Item] = {}
    for some in chunks(ids):
        found.update((row.id, as_item(row)) for row in connection.execute(_NUMBERED, {"ids": some}).all())
    return found


def _items() -> Select[Any]:
    return select(feed_item)
