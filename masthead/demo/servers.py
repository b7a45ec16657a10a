"""Web servers of the demo, each in a thread of its own on loopback."""

from __future__ import annotations

import socket
import threading
import time

import uvicorn
from starlette.types import ASGIApp

from newsroom.errors import NewsroomError

HOST = "127.0.0.1"
_PATIENCE = 10.0


class DemoPortError(NewsroomError):
    """A port that the demo needs is in use."""


class WebServer:
    """One application, served until ``stop``."""

    def __init__(self, app: ASGIApp, listener: socket.socket) -> None:
        self._listener = listener
        config = uvicorn.Config(app, log_config=None, lifespan="off", access_log=False, server_header=False)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [listener]}, daemon=True)

    @property
    def url(self) -> str:
        """Where it is, without a slash at the end."""
        return f"http://{HOST}:{self._listener.getsockname()[1]}"

    def start(self) -> None:
        """Serve; returns when the first request can be answered."""
        self._thread.start()
        deadline = time.monotonic() + _PATIENCE
        while not self._server.started:
            if time.monotonic() > deadline or not self._thread.is_alive():
                raise DemoPortError(f"the demo's server at {self.url} did not start.")
            time.sleep(0.01)

    def stop(self) -> None:
        """End, when the requests in flight are answered."""
        self._server.should_exit = True
        self._thread.join(_PATIENCE)


def listen(port: int) -> socket.socket:
    """A listening socket on loopback; port 0 lets the system choose. Raises DemoPortError."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError as error:
        listener.close()
        raise DemoPortError(f"port {port} is in use; choose another with --port, or --port 0 for any free one.") from error
    listener.listen()
    return listener
