"""Subscribers and hubs of other people, on loopback, and a paper whose documents a test changes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qs, urlsplit

TOPIC = "https://feeds.paper.example/sections/it.atom"
OTHER = "https://feeds.paper.example/front.atom"
HUB = "https://feeds.paper.example/hub"
ATOM = "application/atom+xml; charset=utf-8"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

Behaviour = Callable[[BaseHTTPRequestHandler], None]


class Clock:
    """Stands until a test moves it."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, span: timedelta) -> None:
        self.now += span


class Documents(dict[str, tuple[bytes, str]]):
    """The published documents by address."""

    def __init__(self) -> None:
        super().__init__({url: ("<feed>막차</feed>".encode(), ATOM) for url in (TOPIC, OTHER)})

    def read(self, topic: str) -> tuple[bytes, str] | None:
        return self.get(topic)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A request that a peer got."""

    method: str
    path: str
    headers: Message
    body: bytes

    @property
    def query(self) -> dict[str, list[str]]:
        return parse_qs(urlsplit(self.path).query, keep_blank_values=True)


@dataclass
class Peer:
    """A server that confirms what it is asked and takes what is pushed, unless a test says otherwise for a path."""

    url: str = ""
    arrivals: list[Arrival] = field(default_factory=list)
    get: dict[str, Behaviour] = field(default_factory=dict)
    post: dict[str, Behaviour] = field(default_factory=dict)
    stopping: threading.Event = field(default_factory=threading.Event)

    def pushes(self, path: str = "") -> list[Arrival]:
        """The POSTs that arrived, those to one path or all."""
        return [each for each in self.arrivals if each.method == "POST" and path in ("", urlsplit(each.path).path)]

    def questions(self) -> list[Arrival]:
        """The GETs that arrived."""
        return [each for each in self.arrivals if each.method == "GET"]

    @contextmanager
    def running(self) -> Iterator[Self]:
        peer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 20

            def do_GET(self) -> None:
                self._answer(peer.get, echo)

            def do_POST(self) -> None:
                self._answer(peer.post, answering(204))

            def _answer(self, behaviours: dict[str, Behaviour], usual: Behaviour) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                peer.arrivals.append(Arrival(self.command, self.path, self.headers, body))
                try:
                    behaviours.get(urlsplit(self.path).path, usual)(self)
                except ConnectionError:  # the hub has had enough
                    self.close_connection = True

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
                """Keep quiet."""

        class Server(ThreadingHTTPServer):
            daemon_threads = False
            request_queue_size = 128

        server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield self
        finally:
            self.stopping.set()
            server.shutdown()
            thread.join()
            server.server_close()


def echo(handler: BaseHTTPRequestHandler) -> None:
    """Confirm, as a subscriber that asked for it does."""
    challenge = parse_qs(urlsplit(handler.path).query).get("hub.challenge", [""])[0]
    answering(200, challenge.encode())(handler)


def answering(status: int, body: bytes = b"", **headers: str) -> Behaviour:
    """Answer so."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        if status != 204:
            handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer
