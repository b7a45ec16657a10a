"""JSON Feed 1.1 documents (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache

from feeds import content
from feeds.catalogue import Catalogue
from feeds.errors import RenderError
from feeds.model import Document, Entry, EntryKind, Tombstone, View

VERSION = "https://jsonfeed.org/version/1.1"
_INDENT = "\n    "
_NO_ITEMS = '"items": []\n}\n'


class JsonFeedWriter:
    """Writes the JSON Feed documents of one catalogue (see ``feeds.writer.Writer``). The same articles always give the same bytes."""

    ending = "json"
    variant = "json"

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._paper = catalogue.paper
        self._language = catalogue.language
        self._head = lru_cache(maxsize=4096)(self._new_head)

    def piece(self, entry: Entry, view: View) -> bytes:
        """One item as it stands in any document: from the line break before it to its closing brace.

        Raises ValueError for an empty headline and for half of a surrogate pair, which UTF-8 cannot hold.
        """
        # A line break within a text is written as \n, so those found here are the writer's own.
        return (_INDENT + _written(self._item(entry, view)).replace("\n", _INDENT)).encode()

    def document(
        self,
        document: Document,
        updated: datetime,  # noqa: ARG002 (JSON Feed dates its items only)
        pieces: Sequence[bytes],
        tombstones: Sequence[Tombstone] = (),  # noqa: ARG002 (of Atom alone, RFC 6721)
    ) -> bytes:
        """The document with these items, in the order given. Raises RenderError where the feed's own words cannot be written."""
        items = b'"items": [%s\n  ]\n}\n' % b",".join(pieces) if pieces else _NO_ITEMS.encode()
        return self._head(document) + items

    def whole(self, document: Document, entries: Sequence[Entry], view: View) -> bytes:
        """The same document written at once: what ``document`` is proved against, and measured."""
        items = [self._item(entry, view) for entry in entries]
        return (_written(self._feed(document) | {"items": items}) + "\n").encode()

    def _new_head(self, document: Document) -> bytes:
        """What stands before the items."""
        try:
            empty = _written(self._feed(document) | {"items": []}) + "\n"
            return empty.removesuffix(_NO_ITEMS).encode()
        except ValueError as error:
            raise RenderError(f"{document.address} cannot be written as UTF-8: {error}") from error

    def _feed(self, document: Document) -> dict[str, object]:
        feed, paper = document.feed, self._paper
        return _without_blanks(
            {
                "version": VERSION,
                "title": feed.title,
                "home_page_url": feed.page,
                "feed_url": document.address,
                "description": feed.subtitle,
                "icon": paper.icon,
                "favicon": paper.icon,
                "authors": [{"name": paper.name, "url": paper.url}],
                "language": paper.language,
                "hubs": [{"type": "WebSub", "url": hub} for hub in document.hubs],
            }
        )

    def _item(self, entry: Entry, view: View) -> dict[str, object]:
        if not (title := content.title(entry, self._language)):
            raise ValueError("the headline is empty")
        text = content.text(entry, view, self._language)
        summary = content.summary(entry, view, self._language)
        images = content.images(entry)
        language = entry.article.language if entry.kind is not EntryKind.STUB else ""
        return _without_blanks(
            {
                "id": entry.id,
                "url": content.link(entry, self._paper),
                "title": title,
                "content_html": text,
                # An item has to have content: where only a teaser may be given, that is it.
                "content_text": "" if text else summary or title,
                "summary": summary if text else "",
                "image": images[0].url if images else "",
                "date_published": self._stamp(entry.published),
                "date_modified": self._stamp(entry.updated),
                "authors": [self._author(credit.name, credit.reporter) for credit in content.authors(entry)],
                "tags": [category.label for category in content.categories(entry, self._catalogue)],
                "language": language if language != self._paper.language else "",
            }
        )

    def _author(self, name: str, reporter: str | None) -> dict[str, str]:
        feed = self._catalogue.of_reporter.get(reporter or "")
        return {"name": name, "url": feed.page} if feed else {"name": name}

    def _stamp(self, at: datetime) -> str:
        return content.stamp(at, self._paper.timezone).isoformat()


def _without_blanks(values: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if value}


def _written(values: Mapping[str, object]) -> str:
    return json.dumps(values, ensure_ascii=False, allow_nan=False, indent=2)
