"""Documents put together from kept pieces: a feed's own, those of its history, a union of feeds, and a portal's."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, partial
from importlib.metadata import version
from itertools import takewhile

from feeds.catalogue import Catalogue
from feeds.entry import AtomWriter
from feeds.headlines import VARIANT as HEADLINE
from feeds.headlines import headline_piece, read_headline
from feeds.json_feed import JsonFeedWriter
from feeds.model import Archive, Archived, Document, Entry, Feed, Headline, Item, Latest, Tombstone, View
from feeds.pieces import Pieces, Render
from feeds.portals import PortalSettings, portal_feed, portal_writer
from feeds.portals.settings import SecretPathError
from feeds.rss import RssWriter
from feeds.settings import FeedsSettings
from feeds.store import FeedStore
from feeds.writer import Writer

FEEDS_AT_ONCE = 64
"""Feeds whose entries are in memory together."""
HEADLINES = 10
"""Headlines on a feed's page."""
_VERSION = version("masthead")
_WRITERS: Mapping[str, Callable[[Catalogue], Writer]] = {"atom": AtomWriter, "rss": RssWriter, "json": JsonFeedWriter}


@dataclass(frozen=True, slots=True)
class Form:
    """One way to give a feed: a writer, how much of each article, and what it says of others."""

    writer: Writer
    view: View
    hubs: tuple[str, ...] = ()
    takes_stubs: bool = True

    @property
    def variant(self) -> str:
        """Under which name pieces are kept."""
        return f"{self.writer.variant}-{self.view}"


@dataclass(frozen=True, slots=True)
class Made:
    """A feed as it is to be published: its documents by path, each still to be put together, and what pages say of it."""

    feed: Feed
    documents: Mapping[str, Callable[[], bytes]]
    headlines: tuple[Headline, ...]
    latest: Latest | None


class Documents:
    """The documents of one catalogue. ``hubs`` are named in every feed that anybody may follow."""

    def __init__(
        self,
        catalogue: Catalogue,
        settings: FeedsSettings,
        store: FeedStore,
        pieces: Pieces,
        *,
        hubs: Sequence[str] = (),
        portals: Sequence[PortalSettings] = (),
    ) -> None:
        self.catalogue = catalogue
        self.portals: dict[Feed, PortalSettings] = {}
        self.lacking: dict[str, str] = {}
        """Portals that cannot be written, by slug, and why: the others are."""
        for portal in portals:
            try:
                self.portals[portal_feed(portal, catalogue)] = portal
            except SecretPathError as error:
                self.lacking[portal.slug] = str(error)
        self._settings = settings
        self._store = store
        self._pieces = pieces
        self._forms: Mapping[str, Form] = {
            name: Form(_WRITERS[name](catalogue), settings.view, tuple(hubs)) for name in settings.formats
        }

    def __iter__(self) -> Iterator[Feed]:
        """Every feed that has a document of its own: the catalogue's, and the portals'."""
        yield from self.catalogue
        yield from self.portals

    @cached_property
    def context(self) -> str:
        """Fingerprint of all but the article that a piece follows from."""
        catalogue = self.catalogue
        named = (catalogue.paper, catalogue.url, tuple(catalogue.sections), catalogue.topics.configured, catalogue.language.code)
        return _fingerprint(_VERSION, named)[:32]

    @cached_property
    def by_path(self) -> Mapping[str, Feed]:
        """The feeds by their paths."""
        return {feed.path: feed for feed in self}

    def definition(self, feed: Feed) -> str:
        """Fingerprint of all but the articles that the bytes of a feed follow from."""
        return _fingerprint(self._common, feed, self.portals.get(feed))

    @cached_property
    def _common(self) -> str:
        return _fingerprint(self.context, self._settings, self.catalogue.paper)

    def forms(self, feed: Feed) -> tuple[Form, ...]:
        """How a feed is given."""
        portal = self.portals.get(feed)
        if portal is None:
            return tuple(self._forms.values())
        return (Form(portal_writer(portal, self.catalogue), portal.view, takes_stubs=portal.takes_stubs),)

    def form(self, ending: str, view: View) -> Form:
        """How a feed that is made on request is given; never more of an article than the paper's settings say."""
        usual = self._forms[ending]
        return replace(usual, view=View.EXCERPT if View.EXCERPT in {usual.view, view} else view, hubs=())

    def made(self, feeds: Sequence[Feed], *, anew: bool = False) -> Iterator[Made]:
        """The documents of these feeds, some at a time."""
        for start in range(0, len(feeds), FEEDS_AT_ONCE):
            some = feeds[start : start + FEEDS_AT_ONCE]
            tails = self._store.tails([feed.path for feed in some])
            archives = self._store.newest_archives([feed.path for feed in some])
            variants = {form.variant: _render(form) for feed in some for form in self.forms(feed)}
            variants[HEADLINE] = partial(headline_piece, view=View.FULL, language=self.catalogue.language)
            items = {item.id: item for tail in tails.values() for item in tail}
            pieces = self._pieces.of(items.values(), variants, self.context, anew=anew)
            for feed in some:
                yield self._made(feed, tails[feed.path], archives.get(feed.path), pieces)

    def archive(
        self, feed: Feed, archive: Archive, neighbours: tuple[Archive | None, Archive | None]
    ) -> Iterator[tuple[str, Callable[[], bytes]]]:
        """An archive's document, to be put together, with its path; before it, what stands at its former addresses and leads on.

        ``neighbours`` are the archives before and behind it. Documents link to the addresses that archives had first: so none of
        them changes because another one is issued anew.
        """
        form = self._forms["atom"]
        older, newer = neighbours
        first = [f"{feed.base}{one.path(feed, 0)}" if one else "" for one in (older, newer)]
        items = self._store.archived(archive.id)
        for issue in range(archive.issue):
            path = archive.path(feed, issue)
            links = Archived(current=feed.url, previous=f"{feed.base}{archive.path(feed)}", next=first[1])
            named = Document(feed=feed, address=f"{feed.base}{path}", view=form.view, archive=links)
            yield path, partial(form.writer.document, named, self._updated(items), ())
        pieces = self._pieces.of(items, {form.variant: _render(form)}, self.context, keep=False) if items else {}
        path = archive.path(feed)
        links = Archived(current=feed.url, previous=first[0], next=first[1])
        document = Document(feed=feed, address=f"{feed.base}{path}", view=form.view, archive=links)
        yield path, partial(self._written, form, document, items, pieces, items[0].published if items else None)

    def union(self, feed: Feed, parts: Collection[str], without: Collection[str], form: Form, query: str) -> bytes:
        """One document of several feeds, by their paths: each entry once, those of the feeds in ``without`` left out.

        ``query`` is what its address ends with.
        """
        merged = {item.id: item for tail in self._store.tails(parts).values() for item in tail}
        left_out = self._store.held(without, merged) if without else set()
        wanted = (item for item in merged.values() if item.id not in left_out)
        items = sorted(wanted, key=lambda item: (item.published, item.uri), reverse=True)[: self._settings.at_most]
        pieces = self._pieces.of(items, {form.variant: _render(form)}, self.context)
        document = Document(feed=feed, address=f"{feed.address(form.writer.ending)}?{query}", view=form.view)
        return self._written(form, document, items, pieces, items[0].published if items else None)

    def urlset(self, feed: Feed, items: Sequence[Item], path: str) -> bytes:
        """One day's document of a sitemap."""
        (form,) = self.forms(feed)
        pieces = self._pieces.of(items, {form.variant: _render(form)}, self.context)
        return self._written(form, Document(feed=feed, address=f"{feed.base}{path}"), items, pieces, None)

    def _made(self, feed: Feed, tail: Sequence[Item], archive: Archive | None, pieces: Mapping[tuple[int, str], bytes]) -> Made:
        documents = {}
        for form in self.forms(feed):
            ending = form.writer.ending
            document = Document(
                feed=feed,
                address=feed.address(ending),
                view=form.view,
                hubs=form.hubs,
                history=f"{feed.base}{archive.path(feed, 0)}" if archive else "",
            )
            newest = tail[0].published if tail else None
            documents[feed.file(ending)] = partial(self._written, form, document, tail, pieces, newest)
        return Made(feed, documents, *self._news(tail, pieces))

    def _written(
        self,
        form: Form,
        document: Document,
        items: Sequence[Item],
        pieces: Mapping[tuple[int, str], bytes],
        newest: datetime | None,
    ) -> bytes:
        over = newest - self._settings.window if newest else None
        is_archive = document.archive is not None
        buried = {item.id for item in items if item.gone and (is_archive or (over and item.fresh <= over))}
        shown = [item for item in items if item.id not in buried and (form.takes_stubs or not item.gone)]
        stones = [Tombstone(id=item.uri, when=item.gone) for item in items if item.id in buried and item.gone]
        found = [data for item in shown if (data := pieces.get((item.id, form.variant)))]
        return form.writer.document(document, self._updated(items), found, stones)

    def _updated(self, items: Sequence[Item]) -> datetime:
        return max((item.gone or item.updated for item in items), default=self.catalogue.founded)

    def _news(self, tail: Sequence[Item], pieces: Mapping[tuple[int, str], bytes]) -> tuple[tuple[Headline, ...], Latest | None]:
        listed = [(item, data) for item in tail if (data := pieces.get((item.id, HEADLINE)))]
        headlines = tuple(read_headline(data) for _, data in listed[:HEADLINES])
        if not headlines:
            return (), None
        zone = self.catalogue.paper.timezone
        first = headlines[0]
        newest = first.published.astimezone(zone).date()
        same = sum(1 for _ in takewhile(lambda found: found[0].published.astimezone(zone).date() == newest, listed))
        return headlines, Latest(headline=first.text, url=first.url, published=first.published, same_day=same)


def _render(form: Form) -> Render:
    def render(entry: Entry) -> bytes:
        return form.writer.piece(entry, form.view)

    return render


def _fingerprint(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()
