"""What feedparser makes of a document (F1).

The checker's one importing module of feedparser. ``newsroom.sources.feed_xml`` stands before it for sources: that repairs a
document first, and here it must be read as it is.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

import feedparser

from feeds.checker.finding import Finding, error


def check_read(data: bytes, media_type: str, entries: int) -> Iterator[Finding]:
    """Whether feedparser reads it without complaint ("bozo") and finds the ids of this many entries."""
    try:
        read = feedparser.parse(
            io.BytesIO(data),
            response_headers={"content-type": f"{media_type}; charset=utf-8"},
            resolve_relative_uris=False,
            sanitize_html=False,
        )
    except Exception as fault:  # noqa: BLE001 (it stumbles over its own state: whatever it raises is the finding)
        yield error("F1", "document", f"feedparser fails: {fault!r}.")
        return
    if read.bozo:
        yield error("F1", "document", f"feedparser complains: {read.bozo_exception}.")
    found = len([entry for entry in read.entries if entry.get("id")])
    if found != entries:
        yield error("F1", "document", f"feedparser finds {found} entries with an id, of {entries}.")
