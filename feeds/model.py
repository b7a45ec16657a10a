"""What the feeds speak of: a feed, and what was last published in it. No I/O and no clock here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from newsroom.settings import SLUG


class FeedKind(StrEnum):
    """What a feed gathers the articles of."""

    FRONT = "front"
    SECTION = "section"
    REPORTER = "reporter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed: its names, its addresses, and the articles that it gathers.

    ``path`` is relative to the feeds' folder and to their base address; ``url`` is the feed's own address, ``page`` that of the
    page for people. ``id`` is a tag URI (RFC 4151) and never changes. ``name`` is what its readers call it, ``title`` the same
    with the paper's name. ``sections`` and ``reporter`` are the question put to the store; both None is the whole paper.
    """

    kind: FeedKind
    slug: str
    path: str
    id: str
    name: str
    title: str
    subtitle: str
    url: str
    page: str
    sections: tuple[str, ...] | None = None
    reporter: str | None = None

    def __post_init__(self) -> None:
        if not SLUG.fullmatch(self.slug):
            raise ValueError(f"the slug {self.slug!r} cannot name a file")


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
