"""The published files in memory: bytes, validators and a gzip copy, read again only when a file has changed.

A served feed costs one ``stat`` and no database. ETags come from the bytes, so that every machine agrees on them.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import os
import re
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path, PurePosixPath

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

MEMORY = 256 * 1024 * 1024
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
_NAME = re.compile(r"[^./\\\0][^/\\\0]*")
"""A file's or folder's name that may be asked for: not hidden, not above, not empty."""


@dataclass(frozen=True, slots=True)
class Representation:
    """One file as it is served. ``stamp`` tells whether the file is still the one that was read."""

    stamp: tuple[int, int, int]
    body: bytes
    compressed: bytes
    etag: str
    modified: datetime
    media_type: str

    @property
    def size(self) -> int:
        """Bytes held in memory."""
        return len(self.body) + len(self.compressed)


class PublishedFiles:
    """The files of the feeds' directory, those last asked for in memory."""

    def __init__(self, directory: Path, *, memory: int = MEMORY) -> None:
        """``memory`` is how many bytes of them are held at most."""
        self._directory = directory
        self._memory = memory
        self._held: OrderedDict[str, Representation] = OrderedDict()  # the one that was asked for longest ago is first
        self._size = 0

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
        if zipped:
            headers["Content-Encoding"] = "gzip"
        return Response(found.compressed if zipped else found.body, headers=headers, media_type=found.media_type)

    def _find(self, path: str) -> Representation:
        media_type = _TYPES.get(PurePosixPath(path).suffix)
        if media_type is None or not all(_NAME.fullmatch(part) for part in path.split("/")):
            raise HTTPException(404)
        file = self._directory / path
        try:
            stamp = _stamp(file.stat())
            found = self._held.get(path)
            if found is None or found.stamp != stamp:
                found = _read(file, media_type)
                self._hold(path, found)
        except OSError as error:
            self._let_go(path)
            raise HTTPException(404) from error
        self._held.move_to_end(path)
        return found

    def _hold(self, path: str, found: Representation) -> None:
        self._let_go(path)
        self._held[path] = found
        self._size += found.size
        while self._size > self._memory and len(self._held) > 1:
            self._let_go(next(iter(self._held)))

    def _let_go(self, path: str) -> None:
        if (gone := self._held.pop(path, None)) is not None:
            self._size -= gone.size


def _read(file: Path, media_type: str) -> Representation:
    with file.open("rb") as opened:
        status = os.fstat(opened.fileno())
        body = opened.read()
    return Representation(
        stamp=_stamp(status),
        body=body,
        compressed=gzip.compress(body, compresslevel=6, mtime=0),
        etag=base64.urlsafe_b64encode(hashlib.sha256(body).digest()[:15]).decode(),
        modified=datetime.fromtimestamp(int(status.st_mtime), UTC),
        media_type=media_type,
    )


def _stamp(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_mtime_ns, status.st_size, status.st_ino


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
