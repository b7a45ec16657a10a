"""A loopback server that serves one document as it should be, or with one fault of the field's."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from threading import Thread
from typing import ClassVar

from tests.feeds.checker.documents import ADDRESS, ATOM

MODIFIED = "Mon, 02 Mar 2026 04:00:00 GMT"


class FeedHandler(BaseHTTPRequestHandler):
    """``fault`` names what it does wrong; without one it does everything right."""

    protocol_version = "HTTP/1.1"
    fault: ClassVar[str] = ""
    body: ClassVar[bytes] = b""
    address: ClassVar[str] = ""
    requests: ClassVar[Iterator[int]] = count()

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class names it so)
        """Nothing: the tests look at the findings."""

    def _answer(self, *, with_body: bool) -> None:
        number = next(self.requests)
        fault, asked = self.fault, self.headers
        if fault == "refuses" and "Mozilla" not in asked.get("User-Agent", ""):
            return self._send(403, {}, b"")
        if fault in {"moved", "elsewhere"}:
            return self._send(301 if fault == "moved" else 302, {"Location": "/other"}, b"")
        if fault == "missing":
            return self._send(404, {}, b"")
        body = self.body + b"<!-- %d -->" % number if fault == "random bytes" else self.body
        zipped = ("gzip" in asked.get("Accept-Encoding", "") and fault != "no gzip") or fault == "always gzip"
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}{"-gz" if zipped and fault != "same etag" else ""}"'
        headers = self._headers(etag, number, zipped=zipped, is_head=not with_body)
        if self._matches(headers):
            changed = {"ETag": '"other"'} if fault == "304 with another etag" else {}
            return self._send(304, headers | changed, b"")
        if "feed" in asked.get("A-IM", "") and fault.startswith("226"):
            return self._send(226, headers | self._delta(), body)
        if fault == "delta for all":
            headers["IM"] = "feed"
        return self._send(200, headers, gzip.compress(body, mtime=0) if zipped else body, with_body=with_body)

    def _headers(self, etag: str, number: int, *, zipped: bool, is_head: bool) -> dict[str, str]:
        headers = {
            "Content-Type": "application/atom+xml; charset=utf-8",
            "ETag": etag,
            "Last-Modified": MODIFIED,
            "Cache-Control": "public, max-age=300",
            "Vary": "Accept-Encoding",
            "Link": f'<{self.address}>; rel="self", <https://hub.example/>; rel="hub"',
        }
        if zipped:
            headers["Content-Encoding"] = "gzip"
        changes: dict[str, dict[str, str]] = {
            "html": {"Content-Type": "text/html"},
            "no etag": {"ETag": ""},
            "bare etag": {"ETag": etag.strip('"')},
            "changing etag": {"ETag": f'"{number}"'},
            "future": {"Last-Modified": "Tue, 01 Jan 2041 00:00:00 GMT"},
            "a day": {"Cache-Control": "public, max-age=86400"},
            "no-store": {"Cache-Control": "no-store"},
            "cookie": {"Set-Cookie": "seen=1"},
            "expires": {"Expires": "0"},
            "no vary": {"Vary": ""},
            "no links": {"Link": ""},
            "two selves": {"Link": headers["Link"] + ', <https://two.example/>; rel="self"'},
        }
        headers |= changes.get(self.fault, {})
        if self.fault == "head differs" and is_head:
            headers["ETag"] = '"head"'
        return {name: value for name, value in headers.items() if value}

    def _matches(self, headers: dict[str, str]) -> bool:
        asked, etag, fault = self.headers.get("If-None-Match"), headers.get("ETag", ""), self.fault
        if fault == "never 304":
            return False
        if asked is None or fault == "date wins":
            since = self.headers.get("If-Modified-Since") == headers["Last-Modified"]
            if asked is None or since:
                return since
        tags = [tag.strip() for tag in asked.split(",")]
        if fault == "no lists":
            tags = [asked]
        if fault != "no weak":
            tags = [tag.removeprefix("W/") for tag in tags]
        return etag in tags or (tags == ["*"] and fault != "no star") or fault == "always 304"

    def _delta(self) -> dict[str, str]:
        good = {"IM": "feed", "Cache-Control": "no-store, im"}
        return good | {"226 cached": {"Cache-Control": "public, max-age=300"}, "226 unnamed": {"IM": ""}}.get(self.fault, {})

    def _send(self, status: int, headers: dict[str, str], body: bytes, *, with_body: bool = True) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if with_body and status != 304:
            self.wfile.write(body)


@contextmanager
def serving(fault: str = "") -> Iterator[str]:
    """The address of the document, served with this fault."""

    class Faulty(FeedHandler):
        requests = count()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Faulty)
    address = f"http://127.0.0.1:{server.server_port}/it.atom"
    Faulty.fault, Faulty.address, Faulty.body = fault, address, ATOM.replace(ADDRESS, address).encode()
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield address
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
