"""Publishing: what changed goes into the documents that hold it, and nothing else is touched.

The ledger follows the change record; each place (a folder, a bucket) follows the ledger. A feed is written anew if an entry of it
has changed, if its own definition has (a new name, another window, another version of the program), or if its file is missing.
Everything is looked at once when a publisher begins, and again when somebody else has published here; after that only what has
changed is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Protocol
from zoneinfo import ZoneInfo

import structlog
from jinja2 import Environment

from feeds import page
from feeds.catalogue import INDEX, OPML, Catalogue
from feeds.documents import Documents, Made
from feeds.errors import StorageError
from feeds.ledger import Filings, Ledger
from feeds.model import Archive, Feed, FeedKind, FeedState, Latest
from feeds.opml import opml
from feeds.pieces import Pieces, Stories
from feeds.portals import PortalSettings, SitemapIndex, portal_day
from feeds.settings import FeedsSettings
from feeds.storage import Storage
from feeds.store import FeedStore
from newsroom.errors import NewsroomError

_log = structlog.get_logger(__name__)


class Articles(Filings, Stories, Protocol):
    """What the feeds ask of the newsroom."""


@dataclass(frozen=True, slots=True)
class Published:
    """What one run did: paths written, how many files stayed as they were, how many feeds there are, what failed and why.

    After a check ``written`` are the paths that differ.
    """

    written: tuple[str, ...]
    unchanged: int
    feeds: int
    failed: tuple[tuple[str, str], ...]


class Publisher:
    """Publishes a paper's feeds in one place.

    ``catalogue`` makes the catalogue of what is known at the moment, the same object while nothing of it has changed. ``told`` is
    called with the addresses of feeds whose new bytes are visible.
    """

    def __init__(
        self,
        articles: Articles,
        store: FeedStore,
        storage: Storage,
        catalogue: Callable[[], Catalogue],
        *,
        settings: FeedsSettings,
        environment: Environment,
        hubs: Sequence[str] = (),
        portals: Sequence[PortalSettings] = (),
        told: Callable[[Collection[str]], None] = lambda _addresses: None,
    ) -> None:
        self._storage = storage
        self._store = store
        self._catalogue = catalogue
        self._settings = settings
        self._environment = environment
        self._hubs = tuple(hubs)
        self._portals = tuple(portals)
        self._told = told
        self._ledger = Ledger(articles, store, settings)
        self._pieces = Pieces(articles, store)
        self._documents: Documents | None = None
        self._looked_at: tuple[str, int | None, Documents] | None = None
        self._has_run = False

    def documents(self) -> Documents:
        """The documents of what is known now, the ledger brought up to date."""
        documents = self._current()
        self._ledger.follow(documents.catalogue, documents.portals)
        return documents

    def published_until(self) -> int:
        """The last change that the place holds, 0 before the first run."""
        return self._store.cursor(self._storage.identity()) or 0

    def publish(self, *, everything: bool = False, check: bool = False) -> Published:
        """Bring the place up to date; ``everything`` renders also what should not have changed, ``check`` only says what differs.

        One file that fails never stops the others: the old one stays and the next run tries again. Raises StorageError where
        nothing can be written at all, StoreError where nothing can be read.
        """
        with nullcontext(self._storage.identity()) if check else self._storage.locked() as identity:
            documents = self._current()
            change = self._ledger.follow(documents.catalogue, documents.portals)
            followed = self._store.cursor(identity)
            thorough = everything or check or self._looked_at != (identity, followed, documents)
            outcome = _Outcome(self._storage, check=check)
            run = _Run(documents, self._settings, self._store, outcome, identity, followed or 0, thorough, everything or check)
            fresh = run.feeds()
            outcome.flush()
            if not check:
                # What a process that was killed has written, it told nobody of: so the first run tells of all that has changed.
                unsaid = () if self._has_run else run.changed_files()
                self._tell(documents, {*outcome.written, *unsaid} - outcome.failed.keys())
            self._write_pages(documents, run, fresh, outcome)
            outcome.flush()
            if not check:
                self._has_run = True
                reached = (followed or 0) if outcome.failed else change  # what failed is due again
                if fresh or reached != followed:
                    self._store.save(identity, reached, _with_failures(fresh, outcome.failed))
                self._looked_at = None if outcome.failed else (identity, change, documents)
        for slug, reason in documents.lacking.items():
            outcome.fail(f"partners/…/{slug}", reason)
        return outcome.published(len(documents.catalogue))

    def _current(self) -> Documents:
        catalogue = self._catalogue()
        if self._documents is None or self._documents.catalogue is not catalogue:
            self._documents = Documents(
                catalogue, self._settings, self._store, self._pieces, hubs=self._hubs, portals=self._portals
            )
        return self._documents

    def _tell(self, documents: Documents, written: Collection[str]) -> None:
        split = ((path, *path.rpartition(".")[::2]) for path in written)
        formats = ((path, documents.by_path.get(stem)) for path, stem, ending in split if ending in self._settings.formats)
        if addresses := [
            f"{documents.catalogue.url}{path}" for path, feed in formats if feed and feed.kind is not FeedKind.PORTAL
        ]:
            self._told(addresses)

    def _write_pages(self, documents: Documents, run: _Run, fresh: Mapping[str, FeedState], outcome: _Outcome) -> None:
        catalogue = documents.catalogue
        for made in run.made:
            if made.feed.kind is not FeedKind.PORTAL:
                render = partial(page.feed_page, catalogue, made.feed, made.headlines, self._environment, self._settings.formats)
                outcome.write(made.feed.file("html"), render)
        if not run.thorough and not fresh:
            return
        states = {**self._store.states(run.identity), **fresh}
        latest: dict[str, Latest] = {path: state.latest for path, state in states.items() if state.latest}
        if run.thorough:
            outcome.write(OPML, partial(opml, catalogue))
            for name in page.ASSETS:
                outcome.write(name, partial(page.asset, name, catalogue.paper, self._environment))
        outcome.write(INDEX, partial(page.index, catalogue, latest, self._environment))


@dataclass
class _Run:
    """One run over the feeds. ``followed`` is the change that the place holds, ``thorough`` whether every feed is looked at."""

    documents: Documents
    settings: FeedsSettings
    store: FeedStore
    outcome: _Outcome
    identity: str
    followed: int
    thorough: bool
    anew: bool

    def __post_init__(self) -> None:
        self.made: list[Made] = []
        self.changed: Collection[str] = ()

    def feeds(self) -> dict[str, FeedState]:
        """Write what is due; returns the new states of the feeds that were."""
        by_path = self.documents.by_path
        self.changed = set(self.store.changed_after(self.followed))
        due = self._due(by_path, self.changed)
        self._archives(by_path, due)
        self.outcome.flush()
        fresh: dict[str, FeedState] = {}
        sitemaps = {feed for feed, portal in self.documents.portals.items() if portal.preset == "sitemap"}
        # What went into an archive that could not be written stays in the old subscription document.
        ordinary = [feed for feed in due if feed not in sitemaps and not self.outcome.has_failed_below(feed.path)]
        for made in self.documents.made(ordinary, anew=self.anew and not self.outcome.check):
            for path, render in made.documents.items():
                self.outcome.write(path, render)
            fresh[made.feed.path] = FeedState(path=made.feed.path, definition=due[made.feed], latest=made.latest)
            self.made.append(replace(made, documents={}))
        for feed in sitemaps & due.keys():
            fresh |= self._sitemap(feed, self.documents.portals[feed], due[feed])
            fresh[feed.path] = FeedState(path=feed.path, definition=due[feed])
        if self.thorough:
            self._clear(by_path)
        return fresh

    def changed_files(self) -> Iterator[str]:
        """Documents whose entries have changed, also where a run that was killed has written them and told nobody."""
        for made in self.made:
            if made.feed.path in self.changed:
                yield from (made.feed.file(form.writer.ending) for form in self.documents.forms(made.feed))

    def _due(self, by_path: Mapping[str, Feed], changed: Collection[str]) -> dict[Feed, str]:
        """The feeds to be written, each with its definition's fingerprint."""
        looked_at: Iterable[Feed] = by_path.values() if self.thorough else [by_path[path] for path in changed if path in by_path]
        states = self.store.states(self.identity, None if self.thorough else changed)
        due = {}
        for feed in looked_at:
            if feed.path in self.settings.moved or feed.path in self.settings.ended:
                continue
            definition = self.documents.definition(feed)
            state = states.get(feed.path)
            stands = feed.path not in changed and state is not None and state.definition == definition
            if self.anew or not stands or (self.thorough and not self._has_all(feed)):
                due[feed] = definition
        return due

    def _has_all(self, feed: Feed) -> bool:
        files = [feed.file(form.writer.ending) for form in self.documents.forms(feed)]
        if feed.kind is not FeedKind.PORTAL:
            files.append(feed.file("html"))
        return all(map(self.outcome.storage.has, files))

    def _archives(self, by_path: Mapping[str, Feed], due: Collection[Feed]) -> None:
        """Documents of the history: those that changed, or, where all is looked at, also those that are missing.

        What is frozen and there is not even looked at: it was written once, whatever has slightly changed since. But a feed that was
        filled anew may have more in its last archive, and further ones behind it, without a line of the change record.
        """
        if not self.thorough:
            for path, archive in self.store.archives_changed_after(self.followed):
                if path in by_path:
                    self._archive(by_path[path], archive, *self.store.neighbours(archive))
            return
        for path, feed in by_path.items():
            archives = self.store.archives(path)
            for older, archive, newer in zip([None, *archives], archives, [*archives[1:], None], strict=False):
                # At its first address an archive stays for ever, also where it was just taken back and is issued anew.
                was_last = newer is None or not self.outcome.storage.has(newer.path(feed, 0))
                may_differ = feed in due and was_last
                if archive.change > self.followed or may_differ or not self.outcome.storage.has(archive.path(feed)):
                    self._archive(feed, archive, older, newer)

    def _archive(self, feed: Feed, archive: Archive, older: Archive | None, newer: Archive | None) -> None:
        for path, render in self.documents.archive(feed, archive, (older, newer)):
            self.outcome.write(path, render)

    def _sitemap(self, feed: Feed, portal: PortalSettings, definition: str) -> dict[str, FeedState]:
        """Days whose articles have changed, and the index of all days: its lines are kept as states of this place."""
        zone = self.documents.catalogue.paper.timezone
        states = self.store.states(self.identity)
        known = {path: state for path, state in states.items() if path.startswith(f"{feed.path}/")}
        has_days = feed.path in states and states[feed.path].definition == definition and not self.anew
        since = self.followed if has_days and self._has_all(feed) else 0
        days = sorted({moment.astimezone(zone).date() for moment in self.store.moments_changed_after(since)})
        fresh: dict[str, FeedState] = {}
        for day in days:
            items = self.store.between(feed.path, _midnight(day, zone), _midnight(day + timedelta(days=1), zone))
            path = portal_day(portal, day)
            modified = max((item.updated for item in items), default=None)
            if items:
                self.outcome.write(f"{path}.xml", partial(self.documents.urlset, feed, items, f"{path}.xml"))
            else:
                self.outcome.remove(f"{path}.xml")
            latest = Latest(headline="", url="", published=modified, same_day=len(items)) if modified else None
            fresh[path] = FeedState(path=path, definition="day", latest=latest)
        lines = sorted((path, state.latest.published) for path, state in (known | fresh).items() if state.latest)
        index = SitemapIndex(self.documents.catalogue)
        self.outcome.write(
            feed.file("xml"), lambda: index.document([(f"{feed.base}{path}.xml", modified) for path, modified in lines])
        )
        return fresh

    def _clear(self, by_path: Mapping[str, Feed]) -> None:
        """Take away what must not be there any more: feeds that have moved or ended, and what a portal or a partner had."""
        gone = (*self.settings.moved, *self.documents.catalogue.moved, *self.settings.ended)
        kept = {feed.path for feed in by_path.values() if feed.kind is FeedKind.PORTAL}
        for path in list(self.outcome.storage.paths()):
            stem = path.rpartition(".")[0]
            over = any(stem == feed or path.startswith(f"{feed}/") for feed in gone)
            revoked = path.startswith(("portals/", "partners/")) and not any(
                stem == feed or path.startswith(f"{feed}/") for feed in kept
            )
            unsure = self.documents.lacking and path.startswith("partners/")
            if over or (revoked and not unsure):
                self.outcome.remove(path)


class _Outcome:
    """Writes files one by one and remembers what came of each; in a check it only compares."""

    def __init__(self, storage: Storage, *, check: bool) -> None:
        self.storage = storage
        self.check = check
        self.written: list[str] = []
        self.failed: dict[str, str] = {}
        self._kept = 0

    def write(self, path: str, render: Callable[[], bytes]) -> None:
        """Render a file and write it if it differs."""
        try:
            data = render()
            if self.storage.differs(path, data) if self.check else self.storage.write(path, data):
                self.written.append(path)
            else:
                self._kept += 1
        except NewsroomError as error:
            self.fail(path, str(error))

    def remove(self, path: str) -> None:
        """Take a file away."""
        try:
            if self.storage.has(path) if self.check else self.storage.remove(path):
                self.written.append(path)
        except NewsroomError as error:
            self.fail(path, str(error))

    def has_failed_below(self, path: str) -> bool:
        """Whether a file of a feed's history was not written."""
        return any(failed.startswith(f"{path}/") for failed in self.failed)

    def flush(self) -> None:
        """Wait until everything written is visible."""
        if self.check:
            return
        try:
            self.storage.flush()
        except StorageError as error:
            for path, reason in (error.failed or {"": str(error)}).items():
                self.fail(path, reason)

    def published(self, feeds: int) -> Published:
        if (self.written or self.failed) and not self.check:
            _log.info("published", written=len(self.written), failed=len(self.failed), feeds=feeds)
        failed = ((_without_secret(path), reason.replace(path, _without_secret(path))) for path, reason in self.failed.items())
        return Published(tuple(map(_without_secret, self.written)), self._kept, feeds, tuple(failed))

    def fail(self, path: str, reason: str) -> None:
        """Remember that a file is not what it should be."""
        self.failed[path] = reason
        if path in self.written:
            self.written.remove(path)
        shown = _without_secret(path)
        _log.error("not published, the old file stays", path=shown, reason=reason.replace(path, shown))


def _with_failures(fresh: Mapping[str, FeedState], failed: Collection[str]) -> Iterator[FeedState]:
    """States to be kept: a feed of which a file failed has no definition, and so is due again."""
    stems = {path.rpartition(".")[0] for path in failed}
    broken = "" in failed
    for path, state in fresh.items():
        yield replace(state, definition="") if broken or path in stems else state


def _without_secret(path: str) -> str:
    """A partner's path as it may be shown."""
    return re.sub(r"^partners/[^/]+/", "partners/…/", path)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
