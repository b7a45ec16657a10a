"""Counts the readers of each feed while requests come in; a day at a time, in memory, and only numbers leave it."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from hashlib import blake2b
from typing import get_args

from feeds.settings import Format
from masthead.readership.agents import LONGEST_AGENT, Reader, read_agent
from masthead.readership.distinct import Distinct
from masthead.readership.store import HostedCount, PollerCount, ReadershipStore

MOST_FEEDS = 20_000
MOST_HOSTED = 64
"""Different numbers that are kept for one feed. Whoever claims to be a hundred readers gets no further."""
KEPT_DAYS = 2
"""Days that have ended and wait for a database that is not there."""
_ENDINGS = frozenset(get_args(Format))


class Readership:
    """How many read each feed today.

    Who polls without telling a number is counted once a day by a keyed hash of address and User-Agent. The key is made for the day
    and forgotten with it, it and the hashes never leave this object, and no hash is kept: only how many different ones there were.
    """

    def __init__(self, clock: Callable[[], datetime], zone: tzinfo) -> None:
        """``zone`` says when a day begins; another one counts from the next day on."""
        self.zone = zone
        self._clock = clock
        self._lock = threading.Lock()  # held for microseconds: whoever answers requests waits for it
        self._ended: list[_Day] = []
        self._day = self._today()

    def seen(self, path: str, user_agent: str | bytes, client: str) -> None:
        """A feed's document was asked for, and given: 200, 226 or 304. ``path`` is that of the file, ``client`` an address."""
        feed, _, ending = path.lstrip("/").rpartition(".")
        agent = (user_agent.decode("latin-1") if isinstance(user_agent, bytes) else user_agent)[:LONGEST_AGENT]
        reader = read_agent(agent)
        if reader is None or ending not in _ENDINGS:
            return
        with self._lock:
            self._turn()
            self._day.count(feed, ending, reader, agent, client)

    def flush(self, store: ReadershipStore, feeds: Collection[str]) -> None:
        """Store what has changed. What is none of ``feeds`` (paths without ending) is forgotten: archives, secret addresses.

        Raises StoreError; what was counted is then stored the next time.
        """
        with self._lock:
            self._turn()
            taken = [(day, day.take(feeds)) for day in (*self._ended, self._day)]
        for position, (day, counts) in enumerate(taken):
            try:
                if counts:
                    store.save(day.date, *_rows(counts))
            except BaseException:
                with self._lock:
                    for late, unsaved in taken[position:]:
                        late.changed.update(unsaved)
                raise
            with self._lock:
                if day in self._ended:
                    self._ended.remove(day)

    def _turn(self) -> None:
        """Begin a new day if it has come. With the lock held."""
        if self._clock() >= self._day.end:
            self._day.salt = b""
            self._ended = [*self._ended, self._day][-KEPT_DAYS:]
            self._day = self._today()

    def _today(self) -> _Day:
        today = self._clock().astimezone(self.zone).date()
        return _Day(date=today, end=datetime.combine(today + timedelta(days=1), time(), self.zone))


@dataclass
class _Feed:
    """One feed's readers of one day. ``hosted`` is what was told last, by format, hosted reader and its id of the feed."""

    pollers: Distinct = field(default_factory=Distinct)
    hosted: dict[tuple[str, str, str], int] = field(default_factory=dict)

    def copy(self) -> _Feed:
        return _Feed(self.pollers.copy(), dict(self.hosted))


@dataclass(eq=False)
class _Day:
    date: date
    end: datetime
    salt: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    feeds: dict[str, _Feed] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)

    def count(self, path: str, ending: str, reader: Reader, agent: str, client: str) -> None:
        feed = self.feeds.get(path)
        if feed is None:
            if len(self.feeds) >= MOST_FEEDS:
                return
            feed = self.feeds[path] = _Feed()
        if reader.subscribers is None:
            who = blake2b(f"{client}\0{agent}".encode("utf-8", "replace"), digest_size=8, key=self.salt).digest()
            if feed.pollers.add(int.from_bytes(who)):
                self.changed.add(path)
            return
        key = (ending, reader.name, reader.feed_id)
        if feed.hosted.get(key) != reader.subscribers and (key in feed.hosted or len(feed.hosted) < MOST_HOSTED):
            feed.hosted[key] = reader.subscribers
            self.changed.add(path)

    def take(self, known: Collection[str]) -> dict[str, _Feed]:
        """What has changed since the last time, as it is now."""
        for path in self.feeds.keys() - known:
            del self.feeds[path]
        taken = {path: self.feeds[path].copy() for path in self.changed & self.feeds.keys()}
        self.changed.clear()
        return taken


def _rows(counts: dict[str, _Feed]) -> tuple[list[HostedCount], list[PollerCount]]:
    hosted = [
        HostedCount(feed=path, ending=ending, reader=reader, feed_id=feed_id, subscribers=subscribers)
        for path, feed in counts.items()
        for (ending, reader, feed_id), subscribers in feed.hosted.items()
    ]
    return hosted, [
        PollerCount(feed=path, pollers=pollers) for path, feed in counts.items() if (pollers := feed.pollers.estimate())
    ]
