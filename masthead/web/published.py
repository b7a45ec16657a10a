"""One published file as it is served: a representation for each coding, every header and validator of it written beforehand."""

from __future__ import annotations

import base64
import gzip
import hashlib
import os
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path
from types import MappingProxyType

import brotli

from feeds.media_types import CACHE_CONTROL, is_compressed, media_type
from masthead.web.answer import Answer, answer
from masthead.web.negotiation import IDENTITY, Fields, coding, has, is_unmodified

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src * data:; script-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
LOOK_AGAIN = 0.01
"""Seconds for which a file is taken to be what it was. Hubs and readers that are told of news are not faster."""
Stamp = tuple[int, int, int]
_FEEDS = (".atom", ".rss", ".json")
_DELTA = {"Cache-Control": "no-store, im", "IM": "feed", "Vary": "Accept-Encoding, A-IM, If-None-Match"}
"""RFC 3229 §10.8: a cache that knows nothing of deltas may not keep one."""


def is_feed(path: str) -> bool:
    """Whether the file at this path is a document of a feed."""
    return path.endswith(_FEEDS)


@dataclass(frozen=True, slots=True)
class Representation:
    """A file in one coding: ``whole`` is the 200, ``unchanged`` the 304."""

    etag: bytes
    whole: Answer
    unchanged: Answer


@dataclass(slots=True)
class Published:
    """A file as it was read. ``stamp`` tells whether it still is the same; ``digest`` names these bytes; ``modified`` is in seconds.

    ``looked`` is when that was last looked at, by the monotonic clock.
    """

    file: str
    stamp: Stamp
    body: bytes
    digest: str
    modified: int
    headers: MappingProxyType[str, str]
    representations: MappingProxyType[bytes, Representation]
    offered: tuple[bytes, ...]
    size: int
    """Bytes held in memory."""
    looked: float

    def is_current(self) -> bool:
        """Whether the file is still the one that was read, or was a moment ago: a look costs as much as half an answer."""
        now = time.monotonic()
        if now - self.looked < LOOK_AGAIN:
            return True
        self.looked = now
        try:
            return _stamp(os.stat(self.file)) == self.stamp  # noqa: PTH116 (a Path costs three times as much)
        except OSError:
            return False

    def representation(self, fields: Fields) -> Representation:
        """The one in the coding that the request likes best."""
        return self.representations[coding(fields.get(b"accept-encoding", b""), self.offered)]

    def is_known(self, shown: Representation, fields: Fields) -> bool:
        """Whether 304 is the answer: If-None-Match wins over If-Modified-Since (RFC 9110 §13.2.2)."""
        if (tags := fields.get(b"if-none-match")) is not None:
            return has(tags, shown.etag)
        return (since := fields.get(b"if-modified-since")) is not None and is_unmodified(since, self.modified)

    def delta(self, document: bytes, fields: Fields) -> Answer:
        """The 226 with this document, which holds new entries only. Its ETag is that of the whole (RFC 3229 §4)."""
        headers = {**self.headers, **_DELTA, "ETag": self.representation(fields).etag.decode()}
        if coding(fields.get(b"accept-encoding", b""), (b"gzip",)) == b"gzip":
            headers["Content-Encoding"] = "gzip"
            document = gzip.compress(document, compresslevel=6, mtime=0)
        return answer(226, headers.items(), document, is_feed=True)


def read_published(directory: Path, path: str, link: str) -> Published | None:
    """The file at ``path``, None if its kind is not for the public. ``link`` is the Link header of a feed.

    Raises OSError where there is no such file.
    """
    kind = media_type(path)
    if kind is None:
        return None
    file = directory / path
    with file.open("rb") as opened:
        status = os.fstat(opened.fileno())
        body = opened.read()
    digest = base64.urlsafe_b64encode(hashlib.sha256(body).digest()[:15]).decode()
    headers = {
        "Content-Type": kind,
        "Last-Modified": formatdate(int(status.st_mtime), usegmt=True),
        "Cache-Control": CACHE_CONTROL,
        "Vary": "Accept-Encoding",
        "Accept-Ranges": "none",
        "X-Content-Type-Options": "nosniff",
    }
    if is_feed(path):
        headers |= {"Link": link, "Access-Control-Allow-Origin": "*"}  # readers that are web pages
    if kind.startswith("text/html"):
        headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    codings = dict(_codings(file, body) if is_compressed(path) else ())
    shown = {name: _representation(path, headers, digest, name, coded) for name, coded in codings.items()}
    return Published(
        file=str(file),
        stamp=_stamp(status),
        body=body,
        digest=digest,
        modified=int(status.st_mtime),
        headers=MappingProxyType(headers),
        representations=MappingProxyType({**shown, IDENTITY: _representation(path, headers, digest, IDENTITY, body)}),
        offered=tuple(codings),
        size=len(body) + sum(map(len, codings.values())),
        looked=time.monotonic(),
    )


def _stamp(status: os.stat_result) -> Stamp:
    """What changes when a file is replaced."""
    return status.st_mtime_ns, status.st_size, status.st_ino


def _codings(file: Path, body: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The codings there are, best first: brotli only from its sibling, for it takes long."""
    if (coded := _sibling(file, ".br", brotli.decompress, body)) is not None:
        yield b"br", coded
    yield b"gzip", _sibling(file, ".gz", gzip.decompress, body) or gzip.compress(body, compresslevel=6, mtime=0)


def _sibling(file: Path, ending: str, decompress: Callable[[bytes], bytes], body: bytes) -> bytes | None:
    """The file that was compressed beforehand, if it holds the same bytes: one that is written later would be served in its place."""
    try:
        coded = file.with_name(file.name + ending).read_bytes()
        return coded if decompress(coded) == body else None
    except (OSError, EOFError, zlib.error, brotli.error):  # none, or half of one
        return None


def _representation(path: str, headers: dict[str, str], digest: str, name: bytes, coded: bytes) -> Representation:
    """One coding of a file. Ranges are not offered, so two ways to compress the same bytes may share an ETag."""
    etag = f'"{digest}"' if name == IDENTITY else f'"{digest}-{name.decode()}"'
    headers = {"ETag": etag, **headers}
    # RFC 9110 §15.4.5: what a cache needs, and no more of what it has.
    kept = [item for item in headers.items() if item[0] in _UNCHANGED]
    if name != IDENTITY:
        headers["Content-Encoding"] = name.decode()
    return Representation(
        etag=etag.encode(),
        whole=answer(200, headers.items(), coded, is_feed=is_feed(path)),
        unchanged=answer(304, kept, is_feed=is_feed(path)),
    )


_UNCHANGED = frozenset({"ETag", "Cache-Control", "Vary", "Link", "Access-Control-Allow-Origin"})
