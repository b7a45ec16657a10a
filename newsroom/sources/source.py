"""What every kind of source gives, and what it may ask."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from newsroom.errors import NewsroomError
from newsroom.fetch import Fetcher
from newsroom.model import Draft


class SourceError(NewsroomError):
    """What a source returned cannot be read."""


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """What is needed to decide whether a stored article must be read again."""

    published: datetime
    headline: str


class Known(Protocol):
    """Looks up the stored article that a draft is a version of."""

    def __call__(self, draft: Draft, /) -> KnownArticle | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """One item that could not be read, with what was found of it. It never loses the rest."""

    url: str
    headline: str
    reason: str
    raw: Mapping[str, str] = field(default_factory=dict)


class Source(Protocol):
    """A place that articles come from. It returns what it found, raw; judging is intake's."""

    def drafts(self, fetch: Fetcher, known: Known, now: datetime) -> AsyncIterator[Draft | Unreadable]:
        """Everything new or due to be looked at again. Raises FetchError or SourceError before the first, never after."""
        ...
