"""Other people's servers, on loopback."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

Behaviour = Callable[[BaseHTTPRequestHandler], None]


@dataclass(slots=True)
class Request:
    """A request that arrived: ``path`` with its query, and when, and when it was answered, by the monotonic clock."""

    path: str
    headers: Message
    at: float
    done: float = 0.0


@dataclass
class HttpServer:
    """A website whose pages a test sets while it runs. Other paths answer 404; a page with validators answers 304 to them.

    ``stopping`` is set when the server ends, for behaviours that would go on.
    """

    requests: list[Request] = field(default_factory=list)
    url: str = ""
    stopping: threading.Event = field(default_factory=threading.Event)
    _pages: dict[str, Behaviour] = field(default_factory=dict)

    def serve(
        self,
        path: str,
        body: bytes | str = b"",
        *,
        status: int = 200,
        content_type: str = "text/html; charset=utf-8",
        headers: Mapping[str, str] | None = None,
        etag: str = "",
        last_modified: str = "",
    ) -> None:
        """Answer ``path`` (with its query, else without) with these bytes from now on."""
        content = body.encode() if isinstance(body, str) else body
        validators = {name: value for name, value in (("ETag", etag), ("Last-Modified", last_modified)) if value}

        def page(handler: BaseHTTPRequestHandler) -> None:
            asked = handler.headers
            unchanged = (etag and asked["If-None-Match"] == etag) or (
                last_modified and asked["If-Modified-Since"] == last_modified
            )
            sent = b"" if unchanged else content
            handler.send_response(304 if unchanged else status)
            for name, value in {
                "Content-Type": content_type,
                "Content-Length": str(len(sent)),
                **validators,
                **(headers or {}),
            }.items():
                handler.send_header(name, value)
            handler.end_headers()
            handler.wfile.write(sent)

        self._pages[path] = page

    def redirect(self, path: str, location: str, status: int = 302) -> None:
        """Answer ``path`` with a redirect."""
        self.serve(path, status=status, headers={"Location": location})

    def behave(self, path: str, behaviour: Behaviour) -> None:
        """Let ``behaviour`` write the answer to ``path``, headers and all."""
        self._pages[path] = behaviour

    def paths(self) -> list[str]:
        """What was asked for, robots.txt aside."""
        return [request.path for request in self.requests if request.path != "/robots.txt"]

    @contextmanager
    def running(self) -> Iterator[Self]:
        """Listen on a free port of loopback until the end of the block."""
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 10

            def do_GET(self) -> None:
                request = Request(self.path, self.headers, time.monotonic())
                site.requests.append(request)
                behaviour = site._pages.get(self.path) or site._pages.get(self.path.partition("?")[0])
                try:
                    if behaviour is None:
                        self.send_error(404)
                    else:
                        behaviour(self)
                except ConnectionError:  # the client has had enough
                    self.close_connection = True
                request.done = time.monotonic()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
                """Keep quiet."""

        class Server(ThreadingHTTPServer):
            daemon_threads = False

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
