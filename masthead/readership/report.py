"""How many read each feed, for `masthead status feeds` and the metrics."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from masthead.app import App
from masthead.readership.store import ReadershipStore

WEEK = timedelta(days=7)


@dataclass(slots=True)
class FeedReaders:
    """Who reads one feed: how many at which hosted reader, and how many that poll for themselves."""

    hosted: Counter[str] = field(default_factory=Counter)
    pollers: int = 0

    @property
    def subscribers(self) -> int:
        """How many read it through hosted readers."""
        return self.hosted.total()

    @property
    def total(self) -> int:
        """All of them."""
        return self.subscribers + self.pollers


def readership(app: App) -> dict[str, Any]:
    """The readership as plain data, the feed with most readers first. ``week_before`` is the total then, None without a number."""
    store = ReadershipStore(app.database)
    today = app.clock().astimezone(app.zone).date()
    day, now = last_day(store, today)
    before = readers_on(store, day - WEEK)
    titles = {feed.path: feed.title for feed in app.catalogue()}
    ranked = sorted(now.items(), key=lambda item: (-item[1].total, item[0]))
    return {
        "day": day.isoformat(),
        "complete": day < today,
        "feeds": [
            {
                "feed": path,
                "title": titles.get(path, path),
                "subscribers": readers.subscribers,
                "pollers": readers.pollers,
                "total": readers.total,
                "week_before": before[path].total if path in before else None,
                "hosted": dict(readers.hosted.most_common()),
            }
            for path, readers in ranked
        ],
    }


def last_day(store: ReadershipStore, today: date) -> tuple[date, Mapping[str, FeedReaders]]:
    """The last day with numbers that can be compared, and each feed's: yesterday, or on the very first day today so far."""
    yesterday = today - timedelta(days=1)
    if readers := readers_on(store, yesterday):
        return yesterday, readers
    return today, readers_on(store, today)


def readers_on(store: ReadershipStore, day: date) -> dict[str, FeedReaders]:
    """Each feed's readers on that day, by the feed's path."""
    found: dict[str, FeedReaders] = {}
    for told in store.hosted(day):
        found.setdefault(told.feed, FeedReaders()).hosted[told.reader] += told.subscribers
    for polled in store.pollers(day):
        found.setdefault(polled.feed, FeedReaders()).pollers = polled.pollers
    return found
