"""Reading what the feeds hold."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Select, and_, func, select

from feeds.model import Archive, Item
from feeds.tables import feed, feed_archive, feed_entry, feed_item

Value = TypeVar("Value")
CHUNK = 500
"""How many values one query names: SQLite compiles no statement for more than some thousands."""


def tails(connection: Connection, paths: Collection[str]) -> dict[str, list[Item]]:
    """See ``FeedStore.tails``."""
    found: dict[str, list[Item]] = {path: [] for path in paths}
    for some in chunks(paths):
        query = _items(feed.c.path.label("of")).join(feed_entry, feed_entry.c.item_id == feed_item.c.id).join(feed)
        for row in connection.execute(query.where(feed.c.path.in_(some), feed_entry.c.archive_id.is_(None))):
            found[row.of].append(as_item(row))
    for items in found.values():
        items.sort(key=place, reverse=True)
    return found


def archived(connection: Connection, archive: int) -> list[Item]:
    """See ``FeedStore.archived``."""
    query = _items().join(feed_entry, feed_entry.c.item_id == feed_item.c.id).where(feed_entry.c.archive_id == archive)
    return sorted(map(as_item, connection.execute(query)), key=place, reverse=True)


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


def newest_archives(connection: Connection, paths: Collection[str]) -> dict[str, Archive]:
    """See ``FeedStore.newest_archives``."""
    found: dict[str, Archive] = {}
    newest = select(feed_archive.c.feed_id, func.max(feed_archive.c.number).label("number")).group_by(feed_archive.c.feed_id)
    for some in chunks(paths):
        wanted = select(feed.c.id).where(feed.c.path.in_(some))
        last = newest.where(feed_archive.c.feed_id.in_(wanted)).subquery()
        same = and_(feed_archive.c.feed_id == last.c.feed_id, feed_archive.c.number == last.c.number)
        query = select(feed_archive, feed.c.path).join(last, same).join(feed, feed.c.id == feed_archive.c.feed_id)
        found.update({row.path: as_archive(row) for row in connection.execute(query)})
    return found


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


def _items(*more: Any) -> Select[Any]:
    return select(feed_item, *more)
