"""The ledger's book within one transaction: feeds, items, and which feed has which item where."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, func, insert, select, update

from feeds.model import Archive, Item
from feeds.store import pieces
from feeds.store.reading import as_archive, as_item, chunks, place
from feeds.tables import feed, feed_archive, feed_cursor, feed_entry, feed_item

LEDGER = "the ledger"
"""Its cursor stands beside those of the places, none of which has such an identity, or, before the first run, an empty one."""


@dataclass(frozen=True, slots=True)
class Place:
    """That a feed has an item: in an archive, or in its subscription document."""

    feed: int
    item: int
    archive: int | None


class Book:
    """Reads and writes what feeds hold."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def followed(self) -> int | None:
        """The last change that is in the book."""
        return self._connection.scalar(select(feed_cursor.c.change).where(feed_cursor.c.folder == LEDGER))

    def follow(self, change: int) -> None:
        """Say that everything up to this change is in the book."""
        self._connection.execute(delete(feed_cursor).where(feed_cursor.c.folder == LEDGER))
        self._connection.execute(insert(feed_cursor).values(folder=LEDGER, change=change))

    def feeds(self) -> dict[str, tuple[int, str]]:
        """Number and question of each feed, by path."""
        query = select(feed.c.path, feed.c.id, feed.c.question)
        return {row.path: (row.id, row.question) for row in self._connection.execute(query)}

    def ask(self, questions: Mapping[str, str], change: int) -> dict[str, int]:
        """Add these feeds, or give them new questions; returns their numbers by path."""
        known = self.feeds()
        new = [{"path": path, "question": asked, "change": change} for path, asked in questions.items() if path not in known]
        other = [{"of": path, "asked": asked} for path, asked in questions.items() if path in known]
        if new:
            self._connection.execute(insert(feed), new)
        if other:
            self._connection.execute(
                update(feed).where(feed.c.path == bindparam("of")).values(question=bindparam("asked")), other
            )
        return {path: number for path, (number, _) in self.feeds().items() if path in questions}

    def items_of(self, articles: Collection[str]) -> dict[str, list[Item]]:
        """The items made of these articles, by article."""
        found: dict[str, list[Item]] = {}
        for some in chunks(articles):
            for row in self._connection.execute(select(feed_item).where(feed_item.c.article.in_(some))):
                found.setdefault(row.article, []).append(as_item(row))
        return found

    def add(self, items: Sequence[Item]) -> dict[str, int]:
        """Add these items; returns their numbers by ``uri``."""
        if not items:
            return {}
        statement = insert(feed_item).returning(feed_item.c.id, feed_item.c.uri)
        return {row.uri: row.id for row in self._connection.execute(statement, [_values(item) for item in items])}

    def change(self, items: Sequence[Item]) -> None:
        """Bring these items up to date."""
        if items:
            statement = update(feed_item).where(feed_item.c.id == bindparam("number"))
            self._connection.execute(statement, [_values(item) | {"number": item.id} for item in items])

    def places(self, items: Collection[int]) -> dict[int, list[Place]]:
        """Where these items are, by item."""
        found: dict[int, list[Place]] = {}
        for some in chunks(items):
            for row in self._connection.execute(select(feed_entry).where(feed_entry.c.item_id.in_(some))):
                found.setdefault(row.item_id, []).append(Place(row.feed_id, row.item_id, row.archive_id))
        return found

    def held(self, feed_id: int) -> set[int]:
        """Every item that a feed has; for walking a whole feed, not for every day."""
        return set(self._connection.scalars(select(feed_entry.c.item_id).where(feed_entry.c.feed_id == feed_id)))

    def enter(self, entries: Collection[tuple[int, int]]) -> None:
        """Put items, as (feed, item), in subscription documents."""
        if entries:
            rows = [{"feed_id": feed_id, "item_id": item_id, "archive_id": None} for feed_id, item_id in entries]
            self._connection.execute(insert(feed_entry), rows)

    def leave(self, entries: Collection[tuple[int, int]]) -> None:
        """Take items out of feeds."""
        if entries:
            mine = and_(feed_entry.c.feed_id == bindparam("of"), feed_entry.c.item_id == bindparam("item"))
            rows = [{"of": feed_id, "item": item_id} for feed_id, item_id in entries]
            self._connection.execute(delete(feed_entry).where(mine), rows)

    def move(self, entries: Collection[tuple[int, int]], archive: int | None) -> None:
        """Move items into an archive, or back into the subscription document."""
        if entries:
            mine = and_(feed_entry.c.feed_id == bindparam("of"), feed_entry.c.item_id == bindparam("item"))
            statement = update(feed_entry).where(mine).values(archive_id=archive)
            self._connection.execute(statement, [{"of": feed_id, "item": item_id} for feed_id, item_id in entries])

    def touch(self, feeds: Collection[int], change: int) -> None:
        """Say that the documents of these feeds are other than they were."""
        for some in chunks(feeds):
            self._connection.execute(update(feed).where(feed.c.id.in_(some)).values(change=change))

    def tail(self, feed_id: int) -> list[Item]:
        """What a feed has outside its archives, the newest first."""
        query = select(feed_item).join(feed_entry, feed_entry.c.item_id == feed_item.c.id)
        rows = self._connection.execute(query.where(feed_entry.c.feed_id == feed_id, feed_entry.c.archive_id.is_(None)))
        return sorted(map(as_item, rows), key=place, reverse=True)

    def newest_archive(self, feed_id: int) -> Archive | None:
        """The archive that is still filled."""
        query = select(feed_archive).where(feed_archive.c.feed_id == feed_id).order_by(feed_archive.c.number.desc()).limit(1)
        row = self._connection.execute(query).first()
        return as_archive(row) if row else None

    def archive_names(self, feed_id: int, month: str) -> set[str]:
        """Names of a feed's archives that begin so."""
        query = select(feed_archive.c.name).where(feed_archive.c.feed_id == feed_id, feed_archive.c.name.startswith(month))
        return set(self._connection.scalars(query))

    def open_archive(self, feed_id: int, number: int, name: str, change: int) -> Archive:
        """Begin an archive."""
        values = {"feed_id": feed_id, "number": number, "name": name, "issue": 0, "entries": 0, "change": change}
        found = self._connection.execute(insert(feed_archive).values(**values).returning(feed_archive.c.id)).scalar_one()
        return Archive(id=found, feed=feed_id, number=number, name=name, change=change)

    def fill(self, archive: int, count: int, change: int) -> None:
        """Say how many entries an archive has now."""
        values = {"entries": count, "change": change}
        self._connection.execute(update(feed_archive).where(feed_archive.c.id == archive).values(**values))

    def reissue(self, archives: Iterable[int], change: int) -> None:
        """Something was taken out of these archives: a frozen one gets a new address, the one still filled is written again."""
        newest = select(func.max(feed_archive.c.id)).group_by(feed_archive.c.feed_id)
        for some in chunks(archives):
            chosen = feed_archive.c.id.in_(some)
            frozen = update(feed_archive).where(chosen, feed_archive.c.id.not_in(newest))
            self._connection.execute(frozen.values(issue=feed_archive.c.issue + 1, change=change))
            still_open = update(feed_archive).where(chosen, feed_archive.c.id.in_(newest))
            self._connection.execute(still_open.values(entries=feed_archive.c.entries - 1, change=change))

    def drop_pieces(self, items: Iterable[int]) -> None:
        """Forget what was rendered of the items among these that stand in no subscription document any more."""
        for some in chunks(items):
            query = select(feed_entry.c.item_id, feed_entry.c.archive_id).where(feed_entry.c.item_id.in_(some))
            # Looked at here: SQLite would go through what all feeds have outside their archives.
            kept = {item for item, archive in self._connection.execute(query) if archive is None}
            pieces.drop(self._connection, [item for item in some if item not in kept])


def _values(item: Item) -> dict[str, Any]:
    return {
        "uri": item.uri,
        "article": item.article,
        "correction": item.correction,
        "published": item.published,
        "updated": item.updated,
        "edited": item.edited,
        "gone": item.gone,
        "change": item.change,
    }
