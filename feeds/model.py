"""What the feeds speak of: a feed, its entries, and the documents they are written as. No I/O and no clock here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from newsroom.model import Article
from newsroom.settings import SLUG


class FeedKind(StrEnum):
    """What a feed gathers the articles of."""

    FRONT = "front"
    SECTION = "section"
    REPORTER = "reporter"
    SERIES = "series"
    GENRE = "genre"
    PORTAL = "portal"
    UNION = "union"


class View(StrEnum):
    """How much of an article a document gives. Rights can only lessen it (``Article.full_text_ok``)."""

    FULL = "full"
    EXCERPT = "excerpt"


class EntryKind(StrEnum):
    """What an entry is."""

    ARTICLE = "article"
    CORRECTION = "correction"
    """Says of an article what was wrong in it: an entry of its own, because readers show a changed one as old news."""
    STUB = "stub"
    """Stands where a withdrawn article stood, until a tombstone takes its place: most readers know no tombstones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed: its names, its addresses, and the articles that it gathers.

    ``path`` is relative to the feeds' folder and to their base address ``base``, without the ending that tells the format.
    ``page`` is the address of the page for people. ``id`` is a tag URI (RFC 4151) and never changes. ``name`` is what its readers
    call it, ``title`` the same with the paper's name. ``sections``, ``reporter`` and ``terms`` are the question put to the
    newsroom; none of them is the whole paper.
    """

    kind: FeedKind
    slug: str
    path: str
    id: str
    name: str
    title: str
    subtitle: str
    base: str
    page: str
    sections: tuple[str, ...] | None = None
    reporter: str | None = None
    terms: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        if not SLUG.fullmatch(self.slug):
            raise ValueError(f"the slug {self.slug!r} cannot name a file")

    @property
    def url(self) -> str:
        """The feed's own address: that of its Atom document, the one named for discovery."""
        return self.address("atom")

    def file(self, ending: str) -> str:
        """The path of a document of this feed: ``sections/it.rss``."""
        return f"{self.path}.{ending}"

    def address(self, ending: str) -> str:
        """The absolute address of a document of this feed."""
        return f"{self.base}{self.file(ending)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry of a feed. Of a STUB only ``id`` and times may be shown: its article was withdrawn.

    ``published`` <= ``updated`` <= ``edited``. ``id`` is the article's; a correction has its own.
    """

    id: str
    kind: EntryKind
    article: Article
    published: datetime
    updated: datetime
    edited: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """An entry that is gone for good (RFC 6721)."""

    id: str
    when: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived:
    """Where an archive document stands in its feed's history (RFC 5005 §4). Addresses are absolute, empty where there is none."""

    current: str
    previous: str = ""
    next: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What a document says beside its entries.

    ``address`` is its own, absolute. ``archive`` is None for a subscription document, whose newest archive is ``history``.
    """

    feed: Feed
    address: str
    view: View = View.FULL
    hubs: tuple[str, ...] = ()
    history: str = ""
    archive: Archived | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """An article as a page for people lists it."""

    text: str
    url: str
    published: datetime
    authors: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Latest:
    """A feed's newest article, for the page of feeds; ``same_day`` counts the feed's articles of that day."""

    headline: str
    url: str
    published: datetime
    same_day: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """What a folder holds of one feed. ``definition`` is the fingerprint of all but the articles that its bytes follow from."""

    path: str
    definition: str = ""
    latest: Latest | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What an entry is made of: an article, or with ``correction`` (a revision's number) what it put right.

    ``id`` numbers it in the store, ``uri`` names it in feeds. ``gone`` is when it was withdrawn. ``change`` is the line of the change
    record with which it changed last: what was rendered before that holds good no more.
    """

    id: int
    uri: str
    article: str
    correction: int = 0
    published: datetime
    updated: datetime
    edited: datetime
    gone: datetime | None = None
    change: int = 0

    @property
    def fresh(self) -> datetime:
        """When readers last had reason to look at it."""
        return max(self.published, self.updated, self.gone or self.published)


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """A part of a feed's history (RFC 5005 §4): the ``number``th, counted from the oldest, with ``entries`` entries.

    ``issue`` counts how often it had to be issued anew under another address because an entry in it was withdrawn or corrected.
    """

    id: int
    feed: int
    number: int
    name: str
    issue: int = 0
    entries: int = 0
    change: int = 0

    def path(self, feed: Feed, issue: int | None = None) -> str:
        """Where it is published; ``issue`` 0 is the address that others link to."""
        issue = self.issue if issue is None else issue
        return f"{feed.path}/{self.name}{f'.r{issue}' if issue else ''}.atom"
