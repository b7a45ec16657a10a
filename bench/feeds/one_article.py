"""One new article: from its commit to the files that hold it, in a paper that is large, and in one that is not."""

from __future__ import annotations

import time
from collections.abc import Collection
from pathlib import Path

from bench.feeds.paper import WRITER, Size, StoredPaper
from bench.feeds.table import Line, ratio_line
from feeds.documents import Documents
from feeds.model import Feed, FeedKind, FeedState
from feeds.pieces import Pieces
from feeds.publish import Publisher
from feeds.settings import FeedsSettings
from feeds.storage.folder import Folder
from newsroom.language import Language
from newsroom.templates import environment, template_folders

FLAT = 1.3
ROUNDS = 21
WARM_UP = 4
A_DAY = 100
_SHARE = 50  # one article in so many is the writer's


class Desk:
    """A paper that has published all its articles but those that ``publish`` adds, in a process that goes on running."""

    def __init__(self, folder: Path, *, articles: int, feeds: int) -> None:
        settings = FeedsSettings(directory=folder / "public")
        people = feeds - Size(articles=0, reporters=0, a_day=A_DAY, signed=_nobody).feeds

        def signed(number: int) -> tuple[int]:
            return (WRITER if number % _SHARE == 0 else 1 + number * 7919 % (people - 1),)

        self._paper = StoredPaper(folder, Size(articles=articles, reporters=people, a_day=A_DAY, signed=signed), settings)
        self._storage = Folder(folder / "public")
        self._visible = 0.0
        self._stand(articles)
        language = Language("ko", self._paper.catalogue().paper.timezone, template_folders())
        self._publisher = Publisher(
            self._paper.articles,
            self._paper.feeds,
            self._storage,
            self._paper.catalogue,
            settings=settings,
            environment=environment(template_folders(), language),
            told=self._told,
        )
        found = self._publisher.publish()
        assert not found.failed
        assert not any(path.endswith(".atom") for path in found.written), "what was put in place does not hold"

    def publish(self) -> tuple[float, float]:
        """Seconds from the commit of a new article until its feeds are visible, and until the pages and the index are too."""
        self._paper.write()
        began = time.perf_counter()
        outcome = self._publisher.publish()
        assert not outcome.failed
        assert {"front.atom", "reporters/r0.atom", "sections/s3-2.atom"} <= {*outcome.written}
        return self._visible - began, time.perf_counter() - began

    def _told(self, addresses: Collection[str]) -> None:
        assert addresses
        self._visible = time.perf_counter()

    def _stand(self, change: int) -> None:
        """Say that everything is published: a file of no bytes stands for each that will not change."""
        paper = self._paper
        documents = Documents(paper.catalogue(), paper.settings, paper.feeds, Pieces(paper.articles, paper.feeds))
        with self._storage.locked() as identity:
            states = (FeedState(path=feed.path, definition=documents.definition(feed)) for feed in documents)
            paper.feeds.save(identity, change, states)
            names = [feed.file(ending) for feed in documents for ending in _endings(feed, paper.settings)]
            names += [f"{path}/{name}.atom" for path, name in paper.archives]
            for folder in {(self._storage.root / name).parent for name in names}:
                folder.mkdir(parents=True, exist_ok=True)
            for name in names:
                (self._storage.root / name).touch()


def run(folder: Path) -> list[Line]:
    """How much longer it takes with a hundred times the articles, and with a hundred times the feeds."""
    articles = _growth(
        folder,
        "1,000,000 articles against 10,000 (1,000 feeds)",
        {"articles": 1_000_000, "feeds": 1000},
        {"articles": 10_000, "feeds": 1000},
    )
    feeds = _growth(
        folder,
        "10,000 feeds against 100 (100,000 articles)",
        {"articles": 100_000, "feeds": 10_000},
        {"articles": 100_000, "feeds": 100},
    )
    return [*articles, *feeds]


def _growth(folder: Path, title: str, large: dict[str, int], small: dict[str, int]) -> list[Line]:
    desks = [Desk(folder / f"{size['articles']}-{size['feeds']}", **size) for size in (large, small)]
    for _ in range(WARM_UP):  # the entries around the new one are rendered once
        for desk in desks:
            desk.publish()
    rounds = [(desks[0].publish(), desks[1].publish()) for _ in range(ROUNDS)]
    return [
        ratio_line(
            f"One new article, {what}: {title}",
            [(mine[part] * 1000, its[part] * 1000) for mine, its in rounds],
            unit="ms",
            goal=goal,
            at_most=True,
        )
        for part, what, goal in ((0, "feeds visible", FLAT), (1, "pages and index too", None))
    ]


def _endings(feed: Feed, settings: FeedsSettings) -> tuple[str, ...]:
    return settings.formats if feed.kind is FeedKind.PORTAL else (*settings.formats, "html")


def _nobody(_number: int) -> tuple[int, ...]:
    return ()
