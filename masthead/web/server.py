"""The HTTP server under the application: uvicorn with its fast parts, and without those that are done here or not wanted."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

LAST_REQUESTS = 10
"""Seconds that requests in flight have after ``stop``."""


class Server(uvicorn.Server):
    """uvicorn, telling when it answers, and leaving signals to its caller: it would end the process before the work has ended."""

    def __init__(self, app: ASGIApp, ready: Callable[[], None] = lambda: None) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                loop="uvloop",
                http="httptools",
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,  # addresses hold readers' tokens
                proxy_headers=False,  # masthead.web.clients reads them
                server_header=False,
                timeout_graceful_shutdown=LAST_REQUESTS,
            )
        )
        self._ready = ready

    def stop(self) -> None:
        """Take no more requests, and end when those in flight are answered."""
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
