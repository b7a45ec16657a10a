"""The numbers of readers, by day and feed. All SQL of the readership stands here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import case, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from masthead.tables import readership_hosted, readership_pollers
from newsroom.database import Database

KEPT_FOR = timedelta(days=400)
"""A year, and the weeks that one wants beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HostedCount:
    """What a hosted reader told of one document of a feed."""

    feed: str
    ending: str
    reader: str
    feed_id: str
    subscribers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PollerCount:
    """How many different readers asked for any document of a feed without telling a number."""

    feed: str
    pollers: int


class ReadershipStore:
    """Numbers only, for a little more than a year."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, day: date, hosted: Iterable[HostedCount], pollers: Iterable[PollerCount]) -> None:
        """Keep what one process counted on a day so far, and drop what is too old.

        A hosted reader's number replaces the one before. Of pollers the highest number that any process counted stays: two
        processes, one after the other or beside each other, cannot know which they have in common, and nearly every reader comes
        back to a new process within the hour. So after a restart, or with several machines, the number is a lower bound.
        """
        told = [{"day": day, **asdict(count)} for count in hosted]
        polled = [{"day": day, **asdict(count)} for count in pollers]
        with self._database.write() as connection:
            if told:
                insert = self._insert(readership_hosted)
                key = readership_hosted.primary_key.columns.keys()
                latest = {"subscribers": insert.excluded.subscribers}
                connection.execute(insert.on_conflict_do_update(index_elements=key, set_=latest), told)
            if polled:
                insert = self._insert(readership_pollers)
                ours, before = insert.excluded.pollers, readership_pollers.c.pollers
                highest = {"pollers": case((ours > before, ours), else_=before)}
                connection.execute(insert.on_conflict_do_update(index_elements=["day", "feed"], set_=highest), polled)
            for table in (readership_hosted, readership_pollers):
                connection.execute(delete(table).where(table.c.day < day - KEPT_FOR))

    def hosted(self, day: date) -> list[HostedCount]:
        """What hosted readers told on this day."""
        table = readership_hosted.c
        query = select(table.feed, table.ending, table.reader, table.feed_id, table.subscribers).where(table.day == day)
        with self._database.read() as connection:
            return [HostedCount(**row._mapping) for row in connection.execute(query)]  # noqa: SLF001 (public by its documentation)

    def pollers(self, day: date) -> list[PollerCount]:
        """How many others polled on this day."""
        table = readership_pollers.c
        with self._database.read() as connection:
            rows = connection.execute(select(table.feed, table.pollers).where(table.day == day))
            return [PollerCount(feed=row.feed, pollers=row.pollers) for row in rows]

    @property
    def _insert(self) -> Any:  # both dialects have the same on_conflict_* methods, without a common type
        return sqlite.insert if self._database.is_sqlite else postgresql.insert
