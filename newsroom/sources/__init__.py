"""The kinds of sources. A new kind is one file with its settings and its class, and one name in ``AnySource``."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from newsroom.sources.feed import FeedSettings
from newsroom.sources.html import HtmlSettings
from newsroom.sources.source import Known, KnownArticle, Source, SourceError, Unreadable

AnySource = Annotated[HtmlSettings | FeedSettings, Field(discriminator="kind")]
"""The settings of one ``[[source]]``, told apart by ``kind``."""

__all__ = [
    "AnySource",
    "FeedSettings",
    "HtmlSettings",
    "Known",
    "KnownArticle",
    "Source",
    "SourceError",
    "Unreadable",
    "open_source",
]


def open_source(settings: AnySource) -> Source:
    """The source that these settings describe. Nothing is read yet."""
    return settings.open()
