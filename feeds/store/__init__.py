"""What the feeds hold, what was rendered, and what lies in which place. All SQL of the feeds stands in this package.

A place goes by its identity (see ``Storage.locked``): machines that share this database may each have a folder of their own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, text

from feeds.model import Archive, FeedState, Item, Latest
from feeds.store import pieces, reading
from feeds.store.book import LEDGER, Book
from feeds.tables import feed, feed_cursor, feed_state
from newsroom.database import Database

_TURN = 0x4D41_4645


class FeedStore:
    """The feeds of one paper."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # --- what the feeds hold ---

    @contextmanager
    def book(self) -> Iterator[Book]:
        """The ledger's book, to be written by one at a time; everything at once at the end of the block."""
        with self._database.write() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _TURN})
            yield Book(connection)

    def followed(self) -> int | None:
        """The last change that the ledger holds, None before the first."""
        return self.cursor(LEDGER)

    def changed_after(self, change: int) -> list[str]:
        """Paths of the feeds whose documents have changed since."""
        with self._database.read() as connection:
            return list(connection.scalars(select(feed.c.path).where(feed.c.change > change).order_by(feed.c.id)))

    def tails(self, paths: Collection[str]) -> dict[str, list[Item]]:
        """What each of these feeds has outside its archives, the newest first."""
        with self._database.read() as connection:
            return reading.tails(connection, paths)

    def archives(self, path: str) -> list[Archive]:
        """A feed's archives, the oldest first."""
        with self._database.read() as connection:
            return reading.archives(connection, path)

    def neighbours(self, archive: Archive) -> tuple[Archive | None, Archive | None]:
        """The archives of the same feed before and behind this one."""
        with self._database.read() as connection:
            return reading.neighbours(connection, archive)

    def newest_archives(self, paths: Collection[str]) -> dict[str, Archive]:
        """The newest archive of each of these feeds that has one."""
        with self._database.read() as connection:
            return reading.newest_archives(connection, paths)

    def archives_changed_after(self, change: int) -> list[tuple[str, Archive]]:
        """Archives that have changed since, each with its feed's path."""
        with self._database.read() as connection:
            return reading.archives_changed_after(connection, change)

    def archived(self, archive: int) -> list[Item]:
        """The items of an archive, the newest first."""
        with self._database.read() as connection:
            return reading.archived(connection, archive)

    def held(self, paths: Collection[str], items: Collection[int]) -> set[int]:
        """Numbers of the items among these that any of these feeds has, wherever in its history."""
        with self._database.read() as connection:
            return reading.held(connection, paths, items)

    def between(self, path: str, start: datetime, end: datetime) -> list[Item]:
        """A feed's articles published in [start, end) that are not withdrawn, the newest first."""
        with self._database.read() as connection:
            return reading.between(connection, path, start, end)

    def moments_changed_after(self, change: int) -> list[datetime]:
        """When those articles were published that have changed since."""
        with self._database.read() as connection:
            return reading.moments_changed_after(connection, change)

    # --- what was rendered ---

    def pieces(self, items: Sequence[Item], variants: Collection[str], context: str) -> dict[tuple[int, str], bytes]:
        """The pieces of these items that are still good, by item and variant."""
        with self._database.read() as connection:
            return pieces.load(connection, items, variants, context)

    def save_pieces(self, rendered: Iterable[tuple[Item, str, bytes]], context: str) -> None:
        """Keep what was rendered, in place of what there was."""
        with self._database.write() as connection:
            pieces.save(connection, rendered, context)

    # --- what lies where ---

    def cursor(self, folder: str) -> int | None:
        """The last change that this place holds, None for a place never published in."""
        with self._database.read() as connection:
            return connection.scalar(select(feed_cursor.c.change).where(feed_cursor.c.folder == folder))

    def states(self, folder: str, paths: Collection[str] | None = None) -> dict[str, FeedState]:
        """The feeds of this place, by path; all of them, or only these."""
        query = select(feed_state).where(feed_state.c.folder == folder)
        if paths is not None:
            query = query.where(feed_state.c.path.in_(paths))
        with self._database.read() as connection:
            return {
                row.path: FeedState(
                    path=row.path,
                    definition=row.definition,
                    latest=Latest(headline=row.headline, url=row.url, published=row.published, same_day=row.same_day)
                    if row.published
                    else None,
                )
                for row in connection.execute(query)
            }

    def save(self, folder: str, change: int, states: Iterable[FeedState]) -> None:
        """Say that the place now holds everything up to this change, and these feeds in these states."""
        rows = [_row(folder, state) for state in states]
        with self._database.write() as connection:
            connection.execute(delete(feed_cursor).where(feed_cursor.c.folder == folder))
            connection.execute(insert(feed_cursor).values(folder=folder, change=change))
            if rows:
                stale = delete(feed_state).where(feed_state.c.folder == folder, feed_state.c.path == bindparam("stale"))
                connection.execute(stale, [{"stale": row["path"]} for row in rows])
                connection.execute(insert(feed_state), rows)


def _row(folder: str, state: FeedState) -> dict[str, Any]:
    latest = state.latest
    return {
        "folder": folder,
        "path": state.path,
        "definition": state.definition,
        "headline": latest.headline if latest else "",
        "url": latest.url if latest else "",
        "published": latest.published if latest else None,
        "same_day": latest.same_day if latest else 0,
    }
