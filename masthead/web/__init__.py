"""The web server's application: the published files under the paths they have on disk, and the few pages made on request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from masthead.web.files import PublishedFiles
from masthead.web.pages import Pages
from newsroom.errors import NewsroomError


def create_web(files: PublishedFiles, pages: Pages, health: Callable[[], tuple[bool, Mapping[str, Any]]]) -> Starlette:
    """The application. ``health`` says whether everything works, and what does not."""

    async def published(request: Request) -> Response:
        return files.respond(request.path_params.get("path", "index.html"), request)

    def healthy(_request: Request) -> Response:
        well, report = health()
        return JSONResponse(dict(report), status_code=200 if well else 503, headers={"Cache-Control": "no-store"})

    return Starlette(
        routes=[
            Route("/", published),
            Route("/health", healthy),
            Route("/view/{token}", pages.view),
            Route("/unsubscribe/{token}", pages.unsubscribe, methods=["GET", "POST"]),
            Route("/{path:path}", published),
        ],
        exception_handlers={HTTPException: pages.error, NewsroomError: pages.error, Exception: pages.error},
    )
