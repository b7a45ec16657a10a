"""A feed: RSS, Atom or JSON Feed, told apart by what it holds."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from typing import Literal

from newsroom.fetch import Fetcher
from newsroom.model import Draft
from newsroom.settings import SourceSettings
from newsroom.sources.feed_json import read_json
from newsroom.sources.feed_xml import read_xml
from newsroom.sources.source import Known, SourceError, Unreadable
from newsroom.text.charset import UndecodableTextError


class FeedSettings(SourceSettings):
    """``[[source]]`` of kind ``feed``."""

    kind: Literal["feed"]

    def open(self) -> FeedSource:
        """The source itself."""
        return FeedSource(self)


class FeedSource:
    """Yields every entry of the feed, unless the server says that the feed has not changed."""

    def __init__(self, settings: FeedSettings) -> None:
        self._settings = settings

    async def drafts(self, fetch: Fetcher, known: Known, now: datetime) -> AsyncIterator[Draft | Unreadable]:  # noqa: ARG002
        """The feed's entries in its own order; one without an address or a title is unreadable."""
        page = await fetch.get(self._settings.url, conditional=True)
        if page.not_modified:
            return
        try:
            text = page.text().lstrip("\ufeff \t\r\n")
        except UndecodableTextError as error:
            raise SourceError(f"{page.url}: {error}") from error
        for draft in _entries(text, page.url, self._settings.name):
            missing = "link" if not draft.url else "title" if not draft.headline else ""
            if missing:
                raw = {"guid": draft.guid, "summary": (draft.summary or draft.body)[:500]}
                yield Unreadable(url=draft.url, headline=draft.headline, reason=f"the entry has no {missing}", raw=raw)
            else:
                yield draft


def _entries(text: str, url: str, source: str) -> Iterator[Draft]:
    if text.startswith("<"):
        return read_xml(text, url, source)
    if text.startswith("{"):
        return read_json(text, url, source)
    raise SourceError(f"{url} is no feed; it begins with {text[:40]!a}")
