"""The web server's application: the published files under the paths they have on disk, and the few pages made on request."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from ipaddress import IPv4Network, IPv6Network
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from masthead.web.clients import Allowance, Clients
from masthead.web.files import PublishedFiles
from masthead.web.front import Front, Seen
from masthead.web.pages import Pages
from newsroom.errors import NewsroomError


def create_web(
    files: PublishedFiles,
    pages: Pages,
    health: Callable[[], tuple[bool, Mapping[str, Any]]],
    *,
    routes: Sequence[BaseRoute] = (),
    rate: int = 0,
    proxies: Collection[IPv4Network | IPv6Network] = (),
    seen: Seen | None = None,
) -> ASGIApp:
    """The application. ``health`` says whether everything works, and what does not; ``routes`` are further pages.

    ``rate`` is how many requests a minute one client may make, 0 for any number, and ``proxies`` are believed when they say for whom
    they ask. ``seen`` is told of each feed that was read.
    """

    def healthy(_request: Request) -> Response:
        well, report = health()
        return JSONResponse(dict(report), status_code=200 if well else 503, headers={"Cache-Control": "no-store"})

    async def missing(request: Request) -> Response:
        raise HTTPException(410 if files.is_ended(request.path_params["path"]) else 404)

    made = Starlette(
        routes=[
            Route("/health", healthy),
            Route("/view/{token}", pages.view),
            Route("/unsubscribe/{token}", pages.unsubscribe, methods=["GET", "POST"]),
            *routes,
            Route("/{path:path}", missing),
        ],
        exception_handlers={HTTPException: pages.error, NewsroomError: pages.error, Exception: pages.error},
    )
    return Front(files, made, Clients(proxies), allowance=Allowance(rate) if rate else None, seen=seen)
