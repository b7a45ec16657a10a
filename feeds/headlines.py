"""Headlines for pages, kept like the entries of a format: a page costs no article."""

from __future__ import annotations

import json
from datetime import datetime

from feeds import content
from feeds.model import Entry, EntryKind, Headline, View
from newsroom.language import Language

VARIANT = "headline"


def headline_piece(entry: Entry, view: View, language: Language) -> bytes:  # noqa: ARG001 (as a writer's piece)
    """An article's headline, as ``read_headline`` takes it; empty for what is not listed on pages."""
    if entry.kind is not EntryKind.ARTICLE:
        return b""
    told = {
        "text": content.title(entry, language),
        "url": entry.article.url,
        "published": entry.published.isoformat(),
        "authors": [credit.name for credit in content.authors(entry)],
        "sections": list(entry.article.sections),
    }
    return json.dumps(told, ensure_ascii=False).encode()


def read_headline(piece: bytes) -> Headline:
    """What ``headline_piece`` wrote."""
    told = json.loads(piece)
    return Headline(
        text=told["text"],
        url=told["url"],
        published=datetime.fromisoformat(told["published"]),
        authors=tuple(told["authors"]),
        sections=tuple(told["sections"]),
    )
