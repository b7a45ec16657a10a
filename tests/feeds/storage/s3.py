"""A stand-in for other people's object stores: enough of the S3 protocol for one bucket, on loopback, path-style, unsigned."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

BUCKET = "news"
_KEPT = ("content-type", "content-encoding", "cache-control")
_WRITTEN = "2026-11-24T00:00:00.000Z"
_SAID = "Tue, 24 Nov 2026 00:00:00 GMT"


@dataclass(frozen=True, slots=True)
class Object:
    """An object as a client finds it: its bytes, and the headers that it was put with (in lower case)."""

    body: bytes
    headers: Mapping[str, str]
    etag: str


@dataclass
class S3Server:
    """A bucket named ``news``. What it refuses and how is set by the test while it runs.

    ``failing`` maps a key to the statuses that its next writes get. ``conditions``: "honoured", "ignored" or "refused" with 501.
    ``requests`` are those that arrived: the method and the key, with the query of a listing.
    """

    objects: dict[str, Object] = field(default_factory=dict)
    failing: dict[str, list[int]] = field(default_factory=dict)
    conditions: str = "honoured"
    digests: bool = True
    """Whether an ETag is the MD5 of the bytes, as without encryption by KMS."""
    page: int = 1000
    delay: float = 0.0
    requests: list[tuple[str, str]] = field(default_factory=list)
    most_at_once: int = 0
    url: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _at_once: int = 0

    def written(self) -> list[str]:
        """The keys put so far, in order, without the lease."""
        return [key for method, key in self.requests if method == "PUT" and not key.endswith(".masthead")]

    @contextmanager
    def running(self) -> Iterator[Self]:
        """Listen on a free port of loopback until the end of the block."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"bucket": self}))
        self.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield self
        finally:
            server.shutdown()
            thread.join()
            server.server_close()

    @contextmanager
    def one_more(self) -> Iterator[None]:
        with self._lock:
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        time.sleep(self.delay)
        yield
        with self._lock:
            self._at_once -= 1

    def put(self, key: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, str]:
        """Store an object unless a condition forbids; the status and the ETag."""
        with self._lock:
            if failures := self.failing.get(key):
                return failures.pop(0), ""
            if (refusal := self._refusal(self.objects.get(key), headers)) is not None:
                return refusal, ""
            digest = hashlib.md5(body if self.digests else body + b"encrypted", usedforsecurity=False).hexdigest()
            kept = {name: value for name, value in headers.items() if name in _KEPT or name.startswith("x-amz-meta-")}
            self.objects[key] = Object(body, kept, f'"{digest}"')
            return 200, self.objects[key].etag

    def _refusal(self, there: Object | None, headers: Mapping[str, str]) -> int | None:
        if self.conditions == "ignored" or not headers.keys() & {"if-match", "if-none-match"}:
            return None
        if self.conditions == "refused":
            return 501
        if headers.get("if-none-match") == "*" and there:
            return 412
        if (expected := headers.get("if-match")) and (there is None or there.etag != expected):
            return 412 if there else 404
        return None

    def listing(self, query: Mapping[str, list[str]]) -> bytes:
        """A page of ListObjectsV2."""
        prefix, after = query.get("prefix", [""])[0], query.get("continuation-token", query.get("start-after", [""]))[0]
        keys = sorted(key for key in self.objects if key.startswith(prefix) and key > after)
        shown, rest = keys[: self.page], keys[self.page :]
        token = f"<NextContinuationToken>{escape(shown[-1])}</NextContinuationToken>" if rest else ""
        contents = "".join(
            f"<Contents><Key>{escape(key)}</Key><LastModified>{_WRITTEN}</LastModified><ETag>{escape(self.objects[key].etag)}</ETag>"
            f"<Size>{len(self.objects[key].body)}</Size></Contents>"
            for key in shown
        )
        truncated = str(bool(rest)).lower()
        return f"<ListBucketResult><IsTruncated>{truncated}</IsTruncated>{token}{contents}</ListBucketResult>".encode()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 10
    bucket: S3Server

    def do_GET(self) -> None:
        key, query = self._arrived()
        with self.bucket.one_more():
            if key:
                self._send_object(key)
            else:
                self._answer(200, self.bucket.listing(query), {"Content-Type": "application/xml"})

    do_HEAD = do_GET  # noqa: N815 (the base class's name)

    def do_PUT(self) -> None:
        key, _ = self._arrived()
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if not self.path.startswith(f"/{BUCKET}/"):
            self._answer(404, b"<Error><Code>NoSuchBucket</Code></Error>")
            return
        with self.bucket.one_more():
            status, etag = self.bucket.put(key, body, {name.lower(): value for name, value in self.headers.items()})
            self._answer(status, headers={"ETag": etag} if etag else {})

    def do_DELETE(self) -> None:
        key, _ = self._arrived()
        self.bucket.objects.pop(key, None)
        self._answer(204)

    def _arrived(self) -> tuple[str, Mapping[str, list[str]]]:
        address = urlsplit(self.path)
        key = unquote(address.path).removeprefix(f"/{BUCKET}").removeprefix("/")
        self.bucket.requests.append((self.command, key or address.query))
        return key, parse_qs(address.query, keep_blank_values=True)

    def _send_object(self, key: str) -> None:
        found = self.bucket.objects.get(key)
        if found is None:
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
        else:
            self._answer(200, found.body, {**found.headers, "ETag": found.etag, "Last-Modified": _SAID})

    def _answer(self, status: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status, HTTPStatus(status).phrase)
        for name, value in {**(headers or {}), "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class's name)
        """Keep quiet."""
