"""A paper of any size in a database, its rows put there directly: as if the ledger had followed every one of its articles."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import cycle
from pathlib import Path
from typing import Any

from sqlalchemy import Table

from bench.sample import articles, config
from feeds.catalogue import Catalogue
from feeds.ledger import Ledger
from feeds.settings import FeedsSettings
from feeds.store import FeedStore
from feeds.tables import feed_archive, feed_entry, feed_item
from newsroom.database import Database, metadata
from newsroom.language import Language
from newsroom.model import Candidate, ChangeKind, Credit, CreditKind, Key, Section, Status
from newsroom.sections import SectionTree
from newsroom.store import ArticleStore
from newsroom.tables import (
    article,
    article_reporter,
    article_section,
    change,
    credit,
    directory_version,
    reporter,
    reporter_key,
    revision,
)
from newsroom.templates import template_folders

URL = "https://feeds.dumul.example"
NEWEST = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LETTERS = 3000
"""Bytes of UTF-8 in an article's HTML."""
SECTIONS = tuple(
    Section(slug=f"s{root}{below}", title=f"{root}면{below}", parent=f"s{root}" if below else None)
    for root in range(5)
    for below in ("", "-1", "-2", "-3")
)
WRITER = 0
"""Signs every article that is new, and as large a part of the others in a paper of any size."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How large a paper is. ``signed`` gives the numbers of the reporters who signed an article, by its number."""

    articles: int
    reporters: int
    a_day: int
    signed: Callable[[int], Sequence[int]]

    @property
    def feeds(self) -> int:
        """The front page's, the sections' and the reporters'."""
        return 1 + len(SECTIONS) + self.reporters


class StoredPaper:
    """A paper in a SQLite database in ``folder``."""

    def __init__(self, folder: Path, size: Size, settings: FeedsSettings) -> None:
        self.settings = settings
        self.size = size
        folder.mkdir(parents=True, exist_ok=True)
        self._file = folder / "paper.db"
        self.database = Database(f"sqlite:///{self._file}")
        with self.database.write() as connection:
            metadata.create_all(connection)
        self.articles = ArticleStore(self.database)
        self.feeds = FeedStore(self.database)
        self.sections = SectionTree(SECTIONS)
        self.archives: list[tuple[str, str]] = []
        self._known: tuple[int, Catalogue] | None = None
        self._written = 0
        self._hire()
        Ledger(self.articles, self.feeds, settings).follow(self.catalogue(), {})
        self._fill()

    def catalogue(self) -> Catalogue:
        """Every feed; the same object until a reporter or a series comes, as the program itself has it (``App.catalogue``)."""
        version = self.articles.directory_version()
        if self._known is None or self._known[0] != version:
            paper = config().paper
            language = Language(paper.language, paper.timezone, template_folders())
            self._known = version, Catalogue(paper, URL, self.sections, self.articles.reporters(), language)
        return self._known[1]

    def write(self) -> None:
        """One new article, signed by the writer; committed when this returns."""
        self._written += 1
        number = self.size.articles + self._written
        published = NEWEST + timedelta(minutes=self._written)
        new = Candidate(
            source="site",
            id=_uri(number),
            keys=(Key("native", str(number)),),
            url=f"https://dumul.example/{number}",
            published=published,
            headline=f"{number}번째 기사",
            body=next(self._texts),
            summary="",
            content_hash=str(number),
            credits=(Credit(name=_name(WRITER), role="기자", reporter=_slug(WRITER)),),
            sections=("s3-2",),
            language="ko",
        )
        self.articles.accept(new, published)

    @cached_property
    def _texts(self) -> Iterator[str]:
        """Korean HTML fragments of 3 KB each, over and over."""
        pages = []
        for found in articles(20):
            page = found.revision.body
            while len(page.encode()) < LETTERS:
                page += found.revision.body
            pages.append(page.encode()[:LETTERS].decode(errors="ignore").rpartition("<")[0] + "</p>")
        return cycle(pages)

    @contextmanager
    def _loading(self) -> Iterator[sqlite3.Connection]:
        """A connection that checks nothing and waits for no disk."""
        with closing(sqlite3.connect(self._file)) as connection, connection:
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("PRAGMA cache_size = -500000")  # KB
            yield connection

    def _hire(self) -> None:
        people = range(self.size.reporters)
        with self._loading() as connection:
            for table, rows in (
                (reporter, ((n + 1, _slug(n), _name(n), "기자", "", "", True) for n in people)),
                (reporter_key, ((n + 1, "name", _name(n), 0) for n in people)),
                (directory_version, [(1, 1)]),
            ):
                _load(connection, table, rows)

    def _fill(self) -> None:
        size = self.size
        step = timedelta(days=1) / size.a_day
        moments = [NEWEST - step * (size.articles - 1 - n) for n in range(size.articles)]
        slugs = [section.slug for section in self.sections]
        with self.feeds.book() as book:
            numbers = {path: number for path, (number, _) in book.feeds().items()}
            book.follow(size.articles)
        above = [[numbers["front"], *(numbers[f"sections/{up}"] for up in self.sections.ancestry(slug))] for slug in slugs]
        held: dict[int, list[int]] = {number: [] for number in numbers.values()}
        for n in range(size.articles):
            for number in above[n % len(slugs)]:
                held[number].append(n)
            for person in size.signed(n):
                held[numbers[f"reporters/{_slug(person)}"]].append(n)
        paths = {number: path for path, number in numbers.items()}
        with self._loading() as connection:
            in_sight = self._enter(connection, held, moments, paths)
            stamps = [_stamp(moment) for moment in moments]
            for table, rows in self._rows(stamps, slugs, in_sight):
                _load(connection, table, rows)

    def _enter(
        self, connection: sqlite3.Connection, held: dict[int, list[int]], moments: Sequence[datetime], paths: dict[int, str]
    ) -> set[int]:
        """What feeds hold, in archives and outside; returns the numbers of the articles that stand in some subscription document."""
        zone = config().paper.timezone
        months = [f"{moment.astimezone(zone):%Y-%m}" for moment in moments]
        archives: list[tuple[Any, ...]] = []
        entries: list[tuple[int, int, int | None]] = []
        in_sight: set[int] = set()
        for number, mine in held.items():
            first = self._outside(mine, moments)
            position, month, part, filled = 0, "", 0, 0
            for n in mine[:first]:
                if months[n] != month or filled == self.settings.archive:
                    part = part + 1 if months[n] == month else 1
                    month, filled, position = months[n], 0, position + 1
                    name = month if part == 1 else f"{month}-{part}"
                    archives.append((len(archives) + 1, number, position, name, 0, 0, 0))
                    self.archives.append((paths[number], name))
                filled += 1
                archives[-1] = (*archives[-1][:5], filled, 0)
                entries.append((number, n + 1, len(archives)))
            entries.extend((number, n + 1, None) for n in mine[first:])
            in_sight.update(mine[first:])
        stamps = ((n + 1, _uri(n), _uri(n), 0, *(_stamp(moment),) * 3, None, n + 1) for n, moment in enumerate(moments))
        for table, rows in ((feed_item, stamps), (feed_archive, archives), (feed_entry, entries)):
            _load(connection, table, rows)
        return in_sight

    def _outside(self, mine: Sequence[int], moments: Sequence[datetime]) -> int:
        """Where in a feed's articles its subscription document begins."""
        first = max(len(mine) - self.settings.at_least, 0)
        since = moments[mine[-1]] - self.settings.window if mine else NEWEST
        while first > max(len(mine) - self.settings.at_most, 0) and moments[mine[first - 1]] > since:
            first -= 1
        return first

    def _rows(
        self, stamps: Sequence[str], slugs: Sequence[str], in_sight: set[int]
    ) -> Iterator[tuple[Table, Iterable[Sequence[Any]]]]:
        """The newsroom's own rows. Articles that stand in archives only are not read again: they have a short text."""
        signed = [(n, at, place, who) for n, at in enumerate(stamps) for place, who in enumerate(self.size.signed(n))]
        short, texts = "<p>지난 기사</p>", self._texts
        numbered = list(enumerate(stamps))
        yield from (
            (article, (_article(n, at) for n, at in numbered)),
            (revision, (_revision(n, at, next(texts) if n in in_sight else short) for n, at in numbered)),
            (article_section, ((n + 1, slugs[n % len(slugs)], 0, at) for n, at in numbered)),
            (article_reporter, ((n + 1, who + 1, at) for n, at, _, who in signed)),
            (credit, (_credit(n, place, who) for n, _, place, who in signed)),
            (change, ((n + 1, n + 1, 1, str(ChangeKind.NEW), at) for n, at in numbered)),
        )


def _article(n: int, at: str) -> tuple[Any, ...]:
    about = ("ko", "", "[]", "", None, 1)
    return n + 1, _uri(n), "site", f"https://dumul.example/{n}", at, str(Status.USABLE), None, at, at, None, *about, 1, 0


def _revision(n: int, at: str, body: str) -> tuple[Any, ...]:
    return n + 1, 1, f"{n}번째 기사", body, "", "[]", at, at, str(n), "", 0, "{}"


def _credit(n: int, place: int, who: int) -> tuple[Any, ...]:
    return n + 1, 1, place, _name(who), "기자", str(CreditKind.PERSON), "", "", "", "", "", who + 1, None


def _load(connection: sqlite3.Connection, table: Table, rows: Iterable[Sequence[Any]]) -> None:
    """Rows in the order of the table's columns."""
    columns = ", ".join(f'"{name}"' for name in table.c.keys())  # noqa: SIM118 (iterating gives columns)
    statement = f"INSERT INTO {table.name} ({columns}) VALUES ({', '.join('?' * len(table.c))})"
    connection.executemany(statement, rows)


def _uri(number: int) -> str:
    return f"tag:dumul.example,2025:article/{number}"


def _slug(number: int) -> str:
    return f"r{number}"


def _name(number: int) -> str:
    return f"김기자{number}"


def _stamp(moment: datetime) -> str:
    """As SQLAlchemy keeps it in SQLite."""
    return moment.isoformat(" ", "microseconds")[:26]
