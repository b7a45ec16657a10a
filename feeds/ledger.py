"""The ledger: which feed has which entry, and where. It follows the change record, and everything published follows it.

A feed's entries stand in its subscription document until enough of them are old; then these go into the newest archive, and from
there nowhere (RFC 5005 §4). So every entry of a feed stands in exactly one of its documents, and what is archived is written
once. Only a withdrawal or a significant correction takes an entry out of an archive again, into the subscription document, where
subscribers see it; that archive gets a new address.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from feeds.catalogue import Catalogue
from feeds.model import Feed, Item
from feeds.portals import PortalSettings
from feeds.settings import FeedsSettings
from feeds.store import FeedStore
from feeds.store.book import Book, Place
from newsroom.model import Change, Filing

PAGE = 5000
"""Articles that are read at once when a new feed is filled."""
_LATER = timedelta(seconds=1)
"""Documents tell seconds."""


class Filings(Protocol):
    """What the ledger asks of the newsroom."""

    def changes_after(self, sequence: int) -> list[Change]: ...
    def last_change(self) -> int: ...
    def filings(self, ids: Collection[str]) -> list[Filing]: ...
    def filed(
        self,
        *,
        sections: Collection[str] | None = None,
        reporter: str | None = None,
        terms: Collection[str] | None = None,
        after: Filing | None = None,
        limit: int,
    ) -> list[Filing]: ...


class Ledger:
    """Keeps the book of one paper's feeds."""

    def __init__(self, articles: Filings, store: FeedStore, settings: FeedsSettings) -> None:
        self._articles = articles
        self._store = store
        self._settings = settings
        self._catalogue: Catalogue | None = None
        self._numbers: Mapping[str, int] = {}

    def follow(self, catalogue: Catalogue, portals: Mapping[Feed, PortalSettings]) -> int:
        """Enter what has changed since; returns the last change that is in the book then. Raises StoreError."""
        last = self._articles.last_change()
        if catalogue is self._catalogue and last == self._store.followed():
            return last
        with self._store.book() as book:
            entering = _Entering(book, self._articles, self._settings, catalogue, portals, self._numbers)
            if catalogue is not self._catalogue:
                entering.numbers = self._numbers = self._asked(book, entering)
            followed = entering.follow()
        self._catalogue = catalogue
        return followed

    def _asked(self, book: Book, entering: _Entering) -> Mapping[str, int]:
        """Numbers of the feeds by path, those that are new or gather other articles than before filled anew."""
        feeds = {feed.path: feed for feed in (*entering.catalogue, *entering.portals)}
        known = book.feeds()
        asked = {path: question for path, feed in feeds.items() if known.get(path, (0, ""))[1] != (question := _question(feed))}
        change = book.followed()
        if change is None:
            change = self._articles.last_change()
            book.follow(change)
        entering.numbers = {path: number for path, (number, _) in known.items()} | book.ask(asked, change)
        entering.fill([feeds[path] for path in asked], change)
        return entering.numbers


@dataclass
class _Entering:
    """One transaction's work."""

    book: Book
    articles: Filings
    settings: FeedsSettings
    catalogue: Catalogue
    portals: Mapping[Feed, PortalSettings]
    numbers: Mapping[str, int]
    touched: set[int] = field(default_factory=set)

    def follow(self) -> int:
        sequence = self.book.followed() or 0
        while changes := self.articles.changes_after(sequence):
            sequence = changes[-1].sequence
            self._enter(changes, sequence)
            self.book.follow(sequence)
        return sequence

    def fill(self, feeds: Sequence[Feed], change: int) -> None:
        """Let feeds hold all the articles that they gather; what they hold beside those goes, unless it is archived."""
        for feed in feeds:
            number = self.numbers[feed.path]
            held, found, after = self.book.held(number), set[int](), None
            self.touched.add(number)
            while filings := self.articles.filed(
                sections=feed.sections, reporter=feed.reporter, terms=feed.terms, after=after, limit=PAGE
            ):
                after = filings[-1]
                items = self._known_items(filings, change)
                found |= items
                self.book.enter([(number, item) for item in items - held])
                if not held:  # a whole history is never in one tail
                    self._close(change)
                    self.touched.add(number)
            self.book.leave([(number, item.id) for item in self.book.tail(number) if item.id in held - found and not item.gone])
        self._close(change)

    def _enter(self, changes: Sequence[Change], change: int) -> None:
        moments = {line.article_id: line.at for line in changes}
        filings = self.articles.filings(list(moments))
        known = self.book.items_of([filing.id for filing in filings])
        self._withdraw([filing for filing in filings if not filing.public], known, moments, change)
        public = [filing for filing in filings if filing.public]
        items = self._items(public, known, change)
        before = {item.id: item for found in known.values() for item in found}
        places = self.book.places(list(items))
        for filing in public:
            feeds = {self.numbers[feed.path] for feed in self._holding(filing)}
            mine = {number: item for number, item in items.items() if item.article == filing.id}
            superseded = [item for item in known.get(filing.id, ()) if item.id not in mine]
            self._place(mine, feeds, places, before, change)
            self._remove(superseded, change)
        self._close(change)

    def _known_items(self, filings: Sequence[Filing], change: int) -> set[int]:
        """The items of public articles, by number: added where they are new, and else left as they are.

        What else a line of the change record says that is not in the book yet, other feeds must learn from that line.
        """
        known = self.book.items_of([filing.id for filing in filings])
        numbers = {item.uri: item.id for found in known.values() for item in found}
        wanted = [item for filing in filings for item in _items_of(filing, change)]
        numbers |= self.book.add([item for item in wanted if item.uri not in numbers])
        return {numbers[item.uri] for item in wanted}

    def _items(self, filings: Sequence[Filing], known: Mapping[str, Sequence[Item]], change: int) -> dict[int, Item]:
        """The items of public articles, by number: added or brought up to date."""
        before = {item.uri: item for found in known.values() for item in found}
        wanted = [item for filing in filings for item in _items_of(filing, change)]
        renewed = [_renewed(before[item.uri], item) for item in wanted if item.uri in before]
        new = [item for item in wanted if item.uri not in before]
        numbers = self.book.add(new)
        self.book.change(renewed)
        return {item.id: item for item in (*renewed, *(replace(item, id=numbers[item.uri]) for item in new))}

    def _place(
        self,
        items: Mapping[int, Item],
        feeds: set[int],
        places: Mapping[int, Sequence[Place]],
        before: Mapping[int, Item],
        change: int,
    ) -> None:
        """Put items into the feeds that should have them, and out of those that should not."""
        for number, item in items.items():
            held = {place.feed: place for place in places.get(number, ())}
            self.book.enter([(feed, number) for feed in feeds - held.keys()])
            gone = [place for place in held.values() if place.feed not in feeds]
            self.book.leave([(place.feed, number) for place in gone])
            old = before.get(number)
            matters = old is not None and (old.gone is not None or item.updated > old.updated)
            returning = [place for place in held.values() if place.feed in feeds and place.archive is not None and matters]
            self.book.move([(place.feed, number) for place in returning], None)
            self.book.reissue({place.archive for place in (*gone, *returning) if place.archive is not None}, change)
            in_sight = {place.feed for place in held.values() if place.archive is None}
            self.touched |= (feeds - held.keys()) | in_sight | {place.feed for place in returning}

    def _remove(self, items: Sequence[Item], change: int) -> None:
        """Take out older corrections of an article: there is a newer one, and one note only."""
        for places in self.book.places([item.id for item in items]).values():
            self.book.leave([(place.feed, place.item) for place in places])
            self.book.reissue({place.archive for place in places if place.archive is not None}, change)
            self.touched |= {place.feed for place in places}

    def _withdraw(
        self, filings: Sequence[Filing], known: Mapping[str, Sequence[Item]], moments: Mapping[str, datetime], change: int
    ) -> None:
        """What may not be shown any more is taken out of archives, so that subscription documents can say that it is gone."""
        shown = [item for filing in filings for item in known.get(filing.id, ()) if item.gone is None]
        when = {filing.id: filing.withdrawn or moments[filing.id] for filing in filings}
        gone = (replace(item, gone=max(when[item.article], item.edited + _LATER), change=change) for item in shown)
        self.book.change(list(gone))
        places = self.book.places([item.id for item in shown])
        for found in places.values():
            archived = [place for place in found if place.archive is not None]
            self.book.move([(place.feed, place.item) for place in archived], None)
            self.book.reissue({place.archive for place in archived if place.archive is not None}, change)
            self.touched |= {place.feed for place in found}
        self._tell_portals(filings, [item for item in shown if not item.correction], places)

    def _tell_portals(self, filings: Sequence[Filing], gone: Sequence[Item], places: Mapping[int, Sequence[Place]]) -> None:
        """Portals go on showing what has long left their feeds: they are told of its withdrawal all the same."""
        wanted = {filing.id: {self.numbers[feed.path] for feed in self._asking(filing)} for filing in filings}
        told = {self.numbers[feed.path] for feed, portal in self.portals.items() if portal.takes_stubs}
        for item in gone:
            feeds = (wanted[item.article] & told) - {place.feed for place in places.get(item.id, ())}
            self.book.enter([(feed, item.id) for feed in feeds])
            self.touched |= feeds

    def _holding(self, filing: Filing) -> list[Feed]:
        return [*self.catalogue.holding(filing), *self._asking(filing)]

    def _asking(self, filing: Filing) -> list[Feed]:
        """The portals that gather an article."""
        return [feed for feed in self.portals if feed.sections is None or not {*feed.sections}.isdisjoint(filing.sections)]

    def _close(self, change: int) -> None:
        """Move what is old in the feeds that were touched into their archives. A portal has none: it gets what is new."""
        portals = {self.numbers[feed.path]: portal for feed, portal in self.portals.items()}
        for number in self.touched:
            portal = portals.get(number)
            if portal is None:
                if leaving := leaving_items(self.book.tail(number), self.settings):
                    self._archive(number, leaving, change)
            elif portal.preset != "sitemap":  # which lists all there is
                tail = self.book.tail(number)
                kept = {item.id for item in staying_items(tail, portal)}
                self.book.leave([(number, item.id) for item in tail if item.id not in kept])
        self.book.touch(self.touched, change)
        self.touched.clear()

    def _archive(self, feed: int, leaving: Sequence[Item], change: int) -> None:
        """Move items, the newest first, into the feed's archives: by months, and a new one where one is full."""
        archive = self.book.newest_archive(feed)
        entries: list[tuple[int, int]] = []
        count = archive.entries if archive else 0

        def fill() -> None:
            if archive is not None and entries:
                self.book.move(entries, archive.id)
                self.book.fill(archive.id, count, change)
                entries.clear()

        for item in reversed(leaving):
            month = f"{item.published.astimezone(self.catalogue.paper.timezone):%Y-%m}"
            if archive is None or count >= self.settings.archive or month > archive.name[: len(month)]:
                fill()
                if archive is not None:
                    self.book.fill(archive.id, count, change)  # written a last time, with the address of the next
                number = archive.number + 1 if archive else 1
                archive, count = self.book.open_archive(feed, number, self._free_name(feed, month), change), 0
            entries.append((feed, item.id))
            count += 1
        fill()
        self.book.drop_pieces([item.id for item in leaving])

    def _free_name(self, feed: int, month: str) -> str:
        taken = self.book.archive_names(feed, month)
        part = 1
        while (name := month if part == 1 else f"{month}-{part}") in taken:
            part += 1
        return name


def leaving_items(tail: Sequence[Item], settings: FeedsSettings) -> list[Item]:
    """What of a feed's newest items, the newest first, is old enough to leave the subscription document.

    Some more stay than have to, so that an archive is not written again for each of them: nothing leaves before there is enough.
    The window is counted back from the newest item and never from the clock.
    """
    if len(tail) <= settings.at_least:
        return []
    since = tail[0].published - settings.window
    old = {item.id for item in tail if item.fresh <= (since - settings.window if item.gone else since)}  # stub, then tombstone
    kept = list(tail[: settings.at_least]) + [item for item in tail[settings.at_least :] if item.id not in old]
    leaving = [item for item in tail[settings.at_least :] if item.id in old]
    spare = min(settings.at_least, settings.at_most - settings.at_least) // 2
    if len(tail) <= settings.at_most and len(leaving) <= spare:
        return []
    # What is old but was withdrawn or corrected just now stays in sight, however many others there are.
    overflow = sorted(kept, key=lambda item: (item.fresh, item.uri), reverse=True)[settings.at_most :]
    return sorted([*leaving, *overflow], key=lambda item: (item.published, item.uri), reverse=True)


def staying_items(tail: Sequence[Item], portal: PortalSettings) -> list[Item]:
    """What of a portal's newest items, the newest first, is new enough for it.

    A list of what there is takes neither what is gone nor what was put right long after it was published.
    """
    if not tail:
        return []
    since = tail[0].published - portal.window
    if portal.takes_stubs:
        kept = sorted((item for item in tail if item.fresh > since), key=lambda item: (item.fresh, item.uri), reverse=True)
    else:
        kept = [item for item in tail if item.published > since and not item.gone and not item.correction]
    return kept[: portal.at_most]


def _items_of(filing: Filing, change: int) -> list[Item]:
    item = Item(
        id=0,
        uri=filing.id,
        article=filing.id,
        published=filing.published,
        updated=filing.updated,
        edited=filing.edited,
        change=change,
    )
    if not filing.correction or filing.corrected is None:
        return [item]
    at = filing.corrected
    uri = f"{filing.id}/correction/{filing.correction}"
    return [item, replace(item, uri=uri, correction=filing.correction, published=at, updated=at, edited=at)]


def _renewed(before: Item, now: Item) -> Item:
    """An item brought up to date: what was first said of its times holds, and what comes back is later than the word that it was gone."""
    updated = max(before.updated, now.updated, before.gone + _LATER if before.gone else now.updated)
    return replace(now, id=before.id, published=before.published, updated=updated, edited=max(updated, now.edited))


def _question(feed: Feed) -> str:
    """What a feed gathers, as a fingerprint."""
    return hashlib.sha256(repr((feed.kind, feed.sections, feed.reporter, feed.terms)).encode()).hexdigest()[:32]
