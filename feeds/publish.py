"""Publishing: what changed goes into the feeds that hold it, and nothing else is touched.

A feed is written anew if an article that it holds or held has changed, if its own definition has (a new name, another window,
another version of the program), or if its file is missing. The change record is read before the articles: what changes in
between is published once more, never missed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import version
from typing import Protocol

import structlog
from jinja2 import Environment

from feeds import content, page
from feeds.catalogue import INDEX, OPML, Catalogue
from feeds.entry import AtomWriter
from feeds.folder import Folder
from feeds.model import Feed, FeedState, Latest
from feeds.opml import opml
from feeds.settings import FeedsSettings
from feeds.store import FeedStore
from newsroom.errors import NewsroomError
from newsroom.model import Article, Change

_log = structlog.get_logger(__name__)


class Articles(Protocol):
    """What the feeds ask of the newsroom. All articles given are public, the newest first."""

    def newest(self, *, sections: Collection[str] | None = None, reporter: str | None = None, limit: int) -> list[Article]: ...
    def changes_after(self, sequence: int) -> list[Change]: ...
    def last_change(self) -> int: ...
    def filed_under(self, id: str) -> tuple[Collection[str], Collection[str]]: ...  # noqa: A002 (the model's word)


@dataclass(frozen=True, slots=True)
class Published:
    """What one run did: paths written, how many files stayed as they were, how many feeds there are, what failed and why."""

    written: tuple[str, ...]
    unchanged: int
    feeds: int
    failed: tuple[tuple[str, str], ...]


class Publisher:
    """Publishes a paper's feeds in the folder of the settings. ``catalogue`` makes the catalogue of what is known at the moment."""

    def __init__(
        self,
        articles: Articles,
        store: FeedStore,
        catalogue: Callable[[], Catalogue],
        settings: FeedsSettings,
        environment: Environment,
    ) -> None:
        self._articles = articles
        self._store = store
        self._catalogue = catalogue
        self._settings = settings
        self._environment = environment
        self._folder = Folder(settings.directory)

    def published_until(self) -> int:
        """The last change that the folder holds, 0 before the first run."""
        return self._store.cursor(self._folder.identity()) or 0

    def publish(self, *, everything: bool = False) -> Published:
        """Bring the folder up to date; ``everything`` renders also what should not have changed.

        One file that fails never stops the others: the old one stays and the next run tries again. Raises FolderError where
        nothing can be written at all, StoreError where nothing can be read.
        """
        with self._folder.locked() as folder:
            followed = self._store.cursor(folder)
            change, changed = self._changed_since(followed)
            catalogue = self._catalogue()
            states = self._store.states(folder)
            outcome = _Outcome(self._folder)
            fresh = self._write_feeds(catalogue, self._due(catalogue, changed, states, everything=everything), states, outcome)
            self._write_pages(catalogue, states | fresh, outcome)
            if fresh or change != followed:
                self._store.save(folder, change, fresh.values())
        return outcome.published(len(catalogue))

    def _changed_since(self, sequence: int | None) -> tuple[int, set[str]]:
        """The last change, and the articles changed until then; for a new folder, where every feed is due, no articles."""
        if sequence is None:
            return self._articles.last_change(), set()
        changed: set[str] = set()
        while changes := self._articles.changes_after(sequence):
            sequence = changes[-1].sequence
            changed.update(change.article_id for change in changes)
        return sequence, changed

    def _due(
        self, catalogue: Catalogue, changed: Collection[str], states: Mapping[str, FeedState], *, everything: bool
    ) -> Iterator[tuple[Feed, str]]:
        """The feeds to be written, each with its definition's fingerprint."""
        holding = {feed.path for article in changed for feed in catalogue.holding(*self._articles.filed_under(article))}
        common = _fingerprint(
            version("masthead"), catalogue.paper, tuple(catalogue.sections), catalogue.language.code, self._settings
        )
        for feed in catalogue:
            definition = _fingerprint(common, feed)
            state = states.get(feed.path)
            stands = state is not None and state.definition == definition and self._folder.has(feed.path)
            if everything or feed.path in holding or not stands:
                yield feed, definition

    def _write_feeds(
        self,
        catalogue: Catalogue,
        due: Iterator[tuple[Feed, str]],
        states: Mapping[str, FeedState],
        outcome: _Outcome,
    ) -> dict[str, FeedState]:
        """The new states of the feeds that were due. One that failed gets no definition, and so is due again."""
        writer = AtomWriter(catalogue)
        fresh: dict[str, FeedState] = {}
        for feed, definition in due:
            articles = self._window(feed)
            if outcome.write(feed.path, partial(writer.feed, feed, articles)):
                fresh[feed.path] = FeedState(path=feed.path, definition=definition, latest=_latest(catalogue, articles))
            else:
                fresh[feed.path] = replace(states.get(feed.path, FeedState(path=feed.path)), definition="")
        return fresh

    def _write_pages(self, catalogue: Catalogue, states: Mapping[str, FeedState], outcome: _Outcome) -> None:
        latest = {path: state.latest for path, state in states.items() if state.latest}
        outcome.write(OPML, partial(opml, catalogue))
        for name in page.ASSETS:
            outcome.write(name, partial(page.asset, name, catalogue.paper, self._environment))
        outcome.write(INDEX, partial(page.index, catalogue, latest, self._environment))

    def _window(self, feed: Feed) -> list[Article]:
        """The feed's articles: those of the window, counted back from the newest one and never from the clock."""
        least = self._settings.at_least
        articles = self._newest(feed, least)
        if len(articles) < least:
            return articles
        since = articles[0].published - self._settings.window
        if articles[-1].published > since:
            articles = self._newest(feed, self._settings.at_most)
        return articles[:least] + [article for article in articles[least:] if article.published > since]

    def _newest(self, feed: Feed, limit: int) -> list[Article]:
        return self._articles.newest(sections=feed.sections, reporter=feed.reporter, limit=limit)


class _Outcome:
    """Writes files one by one and remembers what came of each."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._written: list[str] = []
        self._failed: list[tuple[str, str]] = []

    def write(self, path: str, render: Callable[[], bytes]) -> bool:
        """Render a file and write it if it differs; returns whether it now is as it should be."""
        try:
            if self._folder.write(path, render()):
                self._written.append(path)
            return True
        except NewsroomError as error:
            self._failed.append((path, str(error)))
            _log.error("not published, the old file stays", path=path, reason=str(error))
            return False

    def published(self, feeds: int) -> Published:
        unchanged = feeds + 2 + len(page.ASSETS) - len(self._written) - len(self._failed)
        if self._written or self._failed:
            _log.info("published", written=len(self._written), unchanged=unchanged, failed=len(self._failed), feeds=feeds)
        return Published(tuple(self._written), unchanged, feeds, tuple(self._failed))


def _latest(catalogue: Catalogue, articles: Sequence[Article]) -> Latest | None:
    if not articles:
        return None
    days = [article.published.astimezone(catalogue.paper.timezone).date() for article in articles]
    newest = articles[0]
    return Latest(
        headline=content.title(newest, catalogue.language),
        url=newest.url,
        published=newest.published,
        same_day=days.count(days[0]),
    )


def _fingerprint(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()
