"""Making every feed anew from what is kept, against feedgen and against Django making them from the articles.

By processor time: all of this is computing, and the machine may have other work.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from feedgen.feed import FeedGenerator

from bench.feeds.django_peer import django_feed
from bench.feeds.paper import Size, StoredPaper
from bench.feeds.table import Line, ratio_line
from feeds.documents import Documents
from feeds.entry import AtomWriter
from feeds.model import Archive, Document, Entry, EntryKind, Feed, Item, View
from feeds.pieces import Pieces
from feeds.publish import Publisher
from feeds.settings import FeedsSettings
from feeds.storage.folder import Folder
from newsroom.language import Language
from newsroom.model import Article
from newsroom.templates import environment, template_folders

FEEDS = 1000
ENTRIES = 50
GOAL = 20
ROUNDS = 5
SAMPLE = 20
"""Feeds that the slow peers make."""
_REPORTERS = FEEDS - 21
_ATOM, _ALL = FeedsSettings(formats=("atom",)), FeedsSettings()


def run(folder: Path) -> list[Line]:
    """Compare."""
    paper = StoredPaper(folder, Size(articles=_REPORTERS * 50 * 2 // 7, reporters=_REPORTERS, a_day=24, signed=_signed), _ATOM)
    feeds = list(paper.catalogue())

    def make(some: Sequence[Feed], settings: FeedsSettings = _ATOM) -> list[bytes]:
        """With nothing in memory, as in a new process: heads are written, pieces read from the database."""
        pieces = Pieces(paper.articles, paper.feeds)
        documents = Documents(paper.catalogue(), settings, paper.feeds, pieces)
        return [render() for made in documents.made(some) for render in made.documents.values()]

    first = _seconds(lambda: make(feeds, _ALL))
    sample = feeds[:: FEEDS // SAMPLE]
    stories = {feed: _stories(paper, feed) for feed in sample}
    assert {len(found) for found in stories.values()} == {ENTRIES}
    writer, archives = AtomWriter(paper.catalogue()), paper.feeds.newest_archives([feed.path for feed in sample])

    def whole() -> list[bytes]:
        return [_whole(writer, feed, archives.get(feed.path), stories[feed]) for feed in sample]

    django = django_feed(folder, [article for _, article in stories[sample[0]]])
    assert whole() == make(sample), "not the bytes that feedgen writes"
    ways = (
        (lambda: make(feeds), FEEDS),
        (lambda: [make([feed]) for feed in sample], SAMPLE),
        (whole, SAMPLE),
        (lambda: [_plain(feed, [article for _, article in stories[feed]]) for feed in sample], SAMPLE),
        (lambda: [django() for _ in sample], SAMPLE),
    )
    rounds = [[_seconds(work) * 1000 / count for work, count in ways] for _ in range(ROUNDS)]
    ours, alone, theirs, bare, djangos = zip(*rounds, strict=True)
    many, one = f"{FEEDS} feeds of {ENTRIES} entries from kept pieces, each", "One such feed by itself"
    same, less = f"feedgen, the same bytes ({SAMPLE} feeds)", f"feedgen with six elements an entry ({SAMPLE} feeds)"
    return [
        ratio_line(f"{what} / {peer}", list(zip(mine, its, strict=True)), unit="ms", goal=goal)
        for what, mine, peer, its, goal in (
            (many, ours, same, theirs, GOAL),
            (many, ours, less, bare, None),
            (many, ours, f"Django's syndication framework ({SAMPLE} feeds)", djangos, GOAL),
            (one, alone, "Django's syndication framework", djangos, None),
        )
    ] + [
        Line(
            what=f"The first rendering of all pieces for three formats, {paper.size.articles:,} articles", ours=f"{first:.1f} s"
        ),
        _on_disk(paper, folder / "public"),
    ]


def _on_disk(paper: StoredPaper, target: Path) -> Line:
    """The whole job into an empty folder: three formats, histories, pages, compressed siblings; by the clock on the wall."""
    language = Language("ko", paper.catalogue().paper.timezone, template_folders())
    templates = environment(template_folders(), language)
    publisher = Publisher(paper.articles, paper.feeds, Folder(target), paper.catalogue, settings=_ALL, environment=templates)
    began = time.perf_counter()
    outcome = publisher.publish()
    took = time.perf_counter() - began
    assert not outcome.failed
    files = sum(1 for file in target.rglob("*") if file.is_file())
    return Line(what=f"The whole job on disk from kept pieces: {files:,} files with .gz and .br, synced", ours=f"{took:.1f} s")


def _stories(paper: StoredPaper, feed: Feed) -> list[tuple[Item, Article]]:
    tail = paper.feeds.tails([feed.path])[feed.path]
    return list(zip(tail, paper.articles.articles([item.article for item in tail]), strict=True))


def _whole(writer: AtomWriter, feed: Feed, archive: Archive | None, stories: Sequence[tuple[Item, Article]]) -> bytes:
    entries = [
        Entry(
            id=item.uri,
            kind=EntryKind.ARTICLE,
            article=article,
            published=item.published,
            updated=article.revision.updated,
            edited=article.revision.edited,
        )
        for item, article in stories
    ]
    history = f"{feed.base}{archive.path(feed, 0)}" if archive else ""
    document = Document(feed=feed, address=feed.url, history=history)
    return writer.whole(document, max(entry.updated for entry in entries), entries, View.FULL)


def _plain(feed: Feed, stories: Sequence[Article]) -> bytes:
    made = FeedGenerator()
    made.id(feed.id)
    made.title(feed.title)
    made.updated(stories[0].published)
    for article in stories:
        entry = made.add_entry(order="append")
        entry.id(article.id)
        entry.title(article.revision.headline)
        entry.link(href=article.url)
        entry.published(article.published)
        entry.updated(article.revision.updated)
        entry.author(name=article.revision.credits[0].name)
        entry.content(article.revision.body, type="html")
    return bytes(made.atom_str(pretty=True))


def _signed(number: int) -> list[int]:
    """Three or four people, so that everybody has signed the same number of articles."""
    return [(number * 7 // 2 + place) % _REPORTERS for place in range(3 + number % 2)]


def _seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began
