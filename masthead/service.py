"""`masthead run`: schedule, web and work in one process, following its configuration file while it runs."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from types import FrameType
from typing import Any

import structlog
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send
from watchfiles import watch

from masthead.agenda import tasks
from masthead.app import App
from masthead.config import load_config
from masthead.readership.meter import Readership
from masthead.readership.store import ReadershipStore
from masthead.report import health
from masthead.runs import take_over
from masthead.schedule import Clock, Every, Task
from masthead.web import create_web
from masthead.web.files import PublishedFiles
from masthead.web.hub import HubEndpoint
from masthead.web.metrics import Metrics
from masthead.web.pages import Pages
from masthead.web.server import Server
from masthead.web.union import UnionEndpoint
from newsroom.errors import NewsroomError, StoreBusyError, StoreUnreachableError

LOOK_AGAIN = 2000
"""Milliseconds after which the configuration is read again where nothing told of a change, as on a network file system."""
READERSHIP_EVERY = timedelta(minutes=1)
_log = structlog.get_logger(__name__)


class PortTakenError(NewsroomError):
    """Another program listens there."""


class Service:
    """One paper at work: an ASGI application, and what runs beside it."""

    def __init__(self, app: App) -> None:
        """``app`` is closed when ``run`` ends."""
        self._app = app
        self._readership = Readership(app.clock, app.zone)
        self._web = self._create_web()
        self._clock = Clock()
        self._stopping = threading.Event()
        self._broken_config = ""

    def run(self, ready: Callable[[str], None] = lambda _address: None) -> None:
        """Work until SIGTERM or SIGINT, and then until what is in flight has finished. Only in the main thread.

        ``ready`` is told the web address once it answers. Raises PortTakenError.
        """
        listener = _listen(self._app)
        address = _address(listener)
        server = Server(self, lambda: ready(address))
        follower = threading.Thread(target=self._follow, name="configuration")
        take_over(self._app)
        self._clock.replace(self._tasks())
        with _signals_to(server.stop):
            try:
                self._clock.start()
                follower.start()
                _log.info("running", config=str(self._app.path), address=address)
                server.run(sockets=[listener])
            finally:
                _log.info("stopping")
                self._stopping.set()
                self._clock.stop()
                follower.join()
                try:
                    self._store_readership()
                except NewsroomError as error:
                    _log.error("the last readers were not counted", reason=str(error))
                self._app.close()
                _log.info("stopped")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The web application of the configuration as it is now (ASGI)."""
        await self._web(scope, receive, send)

    def _create_web(self) -> ASGIApp:
        app = self._app
        pages = Pages(app.environment, app.config, store=app.newsletters, articles=app.articles, links=app.links, clock=app.clock)

        def report() -> tuple[bool, Mapping[str, Any]]:
            return health(app, self._broken_config)

        web, feeds = app.config.web, app.config.feeds
        files = PublishedFiles(
            feeds.directory if isinstance(feeds.directory, Path) else None,  # a bucket serves what is in it itself
            base=app.feeds_url,
            hubs=app.hubs,
            moved={**app.catalogue().moved, **feeds.moved},
            ended=feeds.ended,
        )
        routes = [
            Route("/feeds/union.{ending}", UnionEndpoint(app.unions, app.feeds_url, feeds.formats).respond),
            Route("/metrics", Metrics(app, report).respond),
        ]
        if feeds.hub:
            routes.append(Route("/hub", HubEndpoint(app.websub).respond, methods=["GET", "HEAD", "POST", "PUT", "DELETE"]))
        seen = self._readership.seen
        return create_web(files, pages, report, routes=routes, rate=web.rate, proxies=web.proxies, seen=seen)

    def _tasks(self) -> Iterator[Task]:
        yield from tasks(self._app, self._stopping.is_set)
        yield Task("readership", Every(READERSHIP_EVERY), lambda _due: self._store_readership())

    def _store_readership(self) -> None:
        self._readership.flush(ReadershipStore(self._app.database), {feed.path for feed in self._app.catalogue()})

    def _follow(self) -> None:
        """Take up an edited configuration. The folder is watched, not the file: editors replace files, links are swapped."""
        read = None
        watching = watch(
            self._app.path.parent,
            stop_event=self._stopping,
            recursive=False,
            debounce=300,
            rust_timeout=LOOK_AGAIN,
            yield_on_timeout=True,
            raise_interrupt=False,
        )
        try:
            for _changes in watching:
                found = _contents(self._app)
                if found is not None and found != read and self._reload():
                    read = found
        except Exception as error:  # noqa: BLE001 (whatever it is, /health must say that edits go unnoticed from here on)
            self._broken_config = f"edits are not noticed, restart to apply them: {error}"
            _log.exception("configuration not watched")

    def _reload(self) -> bool:
        """Work by the file as it is now; where it is broken, report that and go on as before.

        False where the file is not at fault and should be tried again: the database could not be reached.
        """
        try:
            config = load_config(self._app.path)
            if config != self._app.config:
                with closing(App(self._app.path, config, clock=self._app.clock, prepare=False)) as trial:
                    trial.check()  # a refused configuration leaves no trace in the database
                self._take_up(App(self._app.path, config, clock=self._app.clock))
            if self._broken_config:
                _log.info("configuration is sound again", config=str(self._app.path))
            self._broken_config = ""
        except NewsroomError as error:
            self._broken_config = str(error)
            for line in str(error).splitlines():
                _log.error("configuration refused, the old one stays", mistake=line)
            return not isinstance(error, StoreBusyError | StoreUnreachableError)
        return True

    def _take_up(self, app: App) -> None:
        if app.config.web.listen != self._app.config.web.listen:
            _log.warning("web.listen changes with the next start only", listen=app.config.web.listen)
        before, self._app = self._app, app
        self._readership.zone = app.zone
        self._web = self._create_web()
        self._clock.replace(self._tasks())
        before.close()  # what still runs with it keeps the connections that it holds
        _log.info("configuration taken up", config=str(app.path))


@contextmanager
def _signals_to(stop: Callable[[], None]) -> Iterator[None]:
    """The first SIGTERM or SIGINT stops; a second one has its usual effect, for whoever cannot wait."""

    def handle(_number: int, _frame: FrameType | None) -> None:
        restore()
        stop()

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        restore()


def _listen(app: App) -> socket.socket:
    web = app.config.web
    listener = socket.socket(socket.AF_INET6 if ":" in web.host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((web.host, web.port))
        listener.listen()
    except OSError as error:
        listener.close()
        reason = error.strerror or str(error)
        raise PortTakenError(f"cannot listen on {web.listen}: {reason}; change web.listen or stop the other program.") from error
    return listener


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _contents(app: App) -> bytes | None:
    try:
        return app.path.read_bytes()
    except OSError:  # between an editor's delete and its rename
        return None
