"""How published files are served: the same by our own server, by nginx and Caddy, and from a bucket."""

from __future__ import annotations

from pathlib import PurePosixPath

CACHE_CONTROL = "public, max-age=300, stale-if-error=86400"
"""Five minutes: some readers poll as seldom as the longest age that they are told."""

MEDIA_TYPES = {
    ".atom": "application/atom+xml; charset=utf-8",
    ".rss": "application/rss+xml; charset=utf-8",
    ".json": "application/feed+json",
    ".opml": "text/x-opml; charset=utf-8",
    ".xml": "application/xml; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
}
COMPRESSED = frozenset(MEDIA_TYPES) - {".png", ".jpg"}
"""Endings of files that have gzip and brotli siblings."""


def media_type(path: str) -> str | None:
    """The Content-Type of a published file; None for a file that is not for the public."""
    return MEDIA_TYPES.get(PurePosixPath(path).suffix)


def is_compressed(path: str) -> bool:
    """Whether gzip and brotli siblings are written beside this file: ``front.atom.gz``, ``front.atom.br``."""
    return PurePosixPath(path).suffix in COMPRESSED
