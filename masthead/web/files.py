"""The published files in memory: bytes, validators and a gzip copy, read again only when a file has changed.

A served feed costs one ``stat`` and no database. ETags come from the bytes, so that every machine agrees on them.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path, PurePosixPath

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

CACHE_CONTROL = "public, max-age=300, stale-if-error=86400"
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src * data:; script-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_TYPES = {
    ".atom": "application/atom+xml; charset=utf-8",
    ".rss": "application/rss+xml; charset=utf-8",
    ".json": "application/feed+json",
    ".opml": "text/x-opml; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".xml": "application/xml; charset=utf-8",
}
_NOT_FOUND = 404


@dataclass(frozen=True, slots=True)
class Representation:
    """One file as it is served."""

    stamp: tuple[int, int, int]
    body: bytes
    compressed: bytes
    etag: str
    modified: datetime
    media_type: str


class PublishedFiles:
    """The files of the feeds' directory."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._known: dict[str, Representation] = {}

    def respond(self, path: str, request: Request) -> Response:
        """The file at this path as RFC 9110 wants it for this request. Raises a 404 for everything that is not published."""
        found = self._find(path)
        zipped = _accepts_gzip(request.headers.get("accept-encoding", ""))
        etag = f'"{found.etag}{"-gzip" if zipped else ""}"'
        headers = {
            "ETag": etag,
            "Last-Modified": format_datetime(found.modified, usegmt=True),
            "Cache-Control": CACHE_CONTROL,
            "Vary": "Accept-Encoding",
            "X-Content-Type-Options": "nosniff",
        }
        if found.media_type.startswith("text/html"):
            headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
        if _is_unchanged(request, etag, found.modified):
            return Response(status_code=304, headers=headers)
        body = found.compressed if zipped else found.body
        if zipped:
            headers["Content-Encoding"] = "gzip"
        if request.method == "HEAD":
            return Response(headers=headers | {"Content-Length": str(len(body))}, media_type=found.media_type)
        return Response(body, headers=headers, media_type=found.media_type)

    def _find(self, path: str) -> Representation:
        parts = PurePosixPath(path).parts
        media_type = _TYPES.get(PurePosixPath(path).suffix)
        if not parts or media_type is None or any(part.startswith(".") or "\0" in part or part == "/" for part in parts):
            raise HTTPException(_NOT_FOUND)
        file = self._directory.joinpath(*parts)
        try:
            status = file.stat()
            stamp = (status.st_mtime_ns, status.st_size, status.st_ino)
            known = self._known.get(path)
            if known is None or known.stamp != stamp:
                known = _load(file, media_type)
                self._known[path] = known
        except OSError as error:
            raise HTTPException(_NOT_FOUND) from error
        return known


def _load(file: Path, media_type: str) -> Representation:
    with file.open("rb") as opened:
        status = os.fstat(opened.fileno())
        body = opened.read()
    return Representation(
        stamp=(status.st_mtime_ns, status.st_size, status.st_ino),
        body=body,
        compressed=gzip.compress(body, compresslevel=6, mtime=0),
        etag=base64.urlsafe_b64encode(hashlib.sha256(body).digest()[:15]).decode(),
        modified=datetime.fromtimestamp(int(status.st_mtime), UTC),
        media_type=media_type,
    )


def _is_unchanged(request: Request, etag: str, modified: datetime) -> bool:
    """Whether 304 is the answer: If-None-Match wins over If-Modified-Since (RFC 9110 §13.2.2)."""
    wanted = request.headers.get("if-none-match")
    if wanted is not None:
        return wanted.strip() == "*" or etag in (tag.strip().removeprefix("W/") for tag in wanted.split(","))
    since = request.headers.get("if-modified-since")
    if since is None:
        return False
    try:
        moment = parsedate_to_datetime(since)
    except ValueError:
        return False
    return moment.tzinfo is not None and modified <= moment


def _accepts_gzip(header: str) -> bool:
    """Whether gzip may be sent (RFC 9110 §12.5.3): named, or covered by ``*``, with a weight that is not 0."""
    weights: dict[str, float] = {}
    for item in header.lower().split(","):
        coding, _, parameters = item.partition(";")
        weight = parameters.strip().removeprefix("q=") if parameters.strip().startswith("q=") else "1"
        try:
            weights[coding.strip()] = float(weight)
        except ValueError:
            weights[coding.strip()] = 0.0
    return weights.get("gzip", weights.get("*", 0.0)) > 0
