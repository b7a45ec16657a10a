"""`masthead run`: schedule, web and work in one process, following its configuration file while it runs."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Mapping
from typing import Any

import structlog
import uvicorn
from starlette.types import Receive, Scope, Send
from watchfiles import watch

from masthead.agenda import deliver_unfinished, open_due_edition, tasks
from masthead.app import App
from masthead.config import ConfigError
from masthead.report import health
from masthead.runs import take_over
from masthead.schedule import Clock
from masthead.web import create_web
from masthead.web.files import PublishedFiles
from masthead.web.pages import Pages
from newsroom.errors import NewsroomError

_log = structlog.get_logger(__name__)


class PortTakenError(NewsroomError):
    """Another program listens there."""


class Service:
    """One paper at work. ``run`` returns after SIGTERM or SIGINT, when what was in flight has finished."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._clock = Clock()
        self._stopping = threading.Event()
        self._web = _web(app, self._problem)
        self._broken_config = ""

    def run(self, ready: Callable[[str], None] = lambda _address: None) -> None:
        """Work until told to stop. ``ready`` is told the web address. Raises PortTakenError."""
        listener = _listen(self._app)
        take_over(self._app)
        self._clock.replace(tasks(self._app, self._stopping.is_set))
        self._clock.start()
        watcher = threading.Thread(target=self._follow, name="configuration", daemon=True)
        watcher.start()
        catching_up = threading.Thread(target=self._catch_up, name="catching up")
        catching_up.start()
        host, port = listener.getsockname()[:2]
        _log.info("running", config=str(self._app.path), listen=f"{host}:{port}")
        server = uvicorn.Server(uvicorn.Config(self, log_config=None, lifespan="off", access_log=False, server_header=False))
        server.config.timeout_graceful_shutdown = 10
        threading.Timer(0.3, ready, [f"http://{host}:{port}/"]).start()
        try:
            server.run(sockets=[listener])
        finally:
            _log.info("stopping")
            self._stopping.set()
            self._clock.stop()
            catching_up.join()
            watcher.join()
            self._app.close()
            _log.info("stopped")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The web application of the configuration as it is now (ASGI)."""
        await self._web(scope, receive, send)

    def _catch_up(self) -> None:
        """What fell due while nobody ran: found in the database, not in a clock's memory."""
        for newsletter in self._app.config.newsletters:
            try:
                open_due_edition(self._app, newsletter)
            except NewsroomError as error:
                _log.error("edition not opened", newsletter=newsletter.slug, reason=str(error))
        deliver_unfinished(self._app, self._stopping.is_set)

    def _follow(self) -> None:
        """Watch the folder, not the file: editors replace files, and a replaced file is no longer the one watched."""
        path = self._app.path
        before = _contents(self._app)
        for _changes in watch(
            path.parent, stop_event=self._stopping, recursive=False, debounce=300, rust_timeout=1000, raise_interrupt=False
        ):
            after = _contents(self._app)
            if after is not None and after != before:
                before = after
                self._reload()

    def _reload(self) -> None:
        """Take up an edited configuration; a broken one is reported and changes nothing."""
        try:
            app = App(self._app.path, clock=self._app.clock)
        except ConfigError as error:
            self._broken_config = str(error)
            for mistake in error.mistakes:
                _log.error("configuration refused, the old one stays", mistake=str(mistake))
            return
        except NewsroomError as error:
            self._broken_config = str(error)
            _log.error("configuration refused, the old one stays", mistake=str(error))
            return
        if app.config.web.listen != self._app.config.web.listen:
            _log.warning("web.listen changes with the next start only", listen=app.config.web.listen)
        self._app, self._broken_config = app, ""
        self._web = _web(app, self._problem)
        self._clock.replace(tasks(app, self._stopping.is_set))
        _log.info("configuration taken up", config=str(app.path))

    def _problem(self) -> str:
        return self._broken_config


def _web(app: App, problem: Callable[[], str]) -> Any:
    pages = Pages(
        app.environment,
        app.config.paper,
        {newsletter.slug: newsletter.title for newsletter in app.config.newsletters},
        app.newsletters,
        app.links,
        app.clock,
    )

    def report() -> tuple[bool, Mapping[str, Any]]:
        return health(app, problem())

    return create_web(PublishedFiles(app.config.feeds.directory), pages, report)


def _listen(app: App) -> socket.socket:
    web = app.config.web
    family = socket.AF_INET6 if ":" in web.host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((web.host, web.port))
    except OSError as error:
        listener.close()
        raise PortTakenError(
            f"cannot listen on {web.listen}: {error.strerror}; change web.listen or stop the other program."
        ) from error
    return listener


def _contents(app: App) -> bytes | None:
    try:
        return app.path.read_bytes()
    except OSError:  # between an editor's delete and its rename
        return None
