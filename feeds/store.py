"""What was published where. All SQL of the feeds stands here.

A folder goes by its identity (see ``Folder.locked``): machines that share this database each have a folder of their own.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, Integer, PrimaryKeyConstraint, Table, Text, bindparam, delete, insert, select

from feeds.model import FeedState, Latest
from newsroom.database import Database, Instant, metadata

feed_cursor = Table(
    "feed_cursor",
    metadata,
    Column("folder", Text, primary_key=True),
    Column("change", Integer, nullable=False),
)

feed_state = Table(
    "feed_state",
    metadata,
    Column("folder", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("definition", Text, nullable=False),
    Column("headline", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("published", Instant),
    Column("same_day", Integer, nullable=False),
    PrimaryKeyConstraint("folder", "path"),
)


class FeedStore:
    """How far each folder follows the change record, and the state of each feed in it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def cursor(self, folder: str) -> int | None:
        """The last change that this folder holds, None for a folder never published in."""
        with self._database.read() as connection:
            return connection.scalar(select(feed_cursor.c.change).where(feed_cursor.c.folder == folder))

    def states(self, folder: str) -> dict[str, FeedState]:
        """The feeds of this folder, by path."""
        with self._database.read() as connection:
            return {
                row.path: FeedState(
                    path=row.path,
                    definition=row.definition,
                    latest=Latest(headline=row.headline, url=row.url, published=row.published, same_day=row.same_day)
                    if row.published
                    else None,
                )
                for row in connection.execute(select(feed_state).where(feed_state.c.folder == folder))
            }

    def save(self, folder: str, change: int, states: Iterable[FeedState]) -> None:
        """Say that the folder now holds everything up to this change, and these feeds in these states."""
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
