"""The pages that are made on request: an edition in the browser, leaving a newsletter, and what went wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import structlog
from jinja2 import Environment
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from masthead.config import Config
from masthead.web.published import CONTENT_SECURITY_POLICY
from newsletter.links import Links
from newsletter.store import CONFIRMED, NewsletterStore
from newsroom.errors import NewsroomError
from newsroom.store import ArticleStore

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "no-referrer",  # the address holds the reader's token
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Cache-Control": "private, no-store",
}
_log = structlog.get_logger(__name__)


class Pages:
    """Pages in the paper's language. A token that is not genuine is a 404: it says nothing about who reads what."""

    def __init__(
        self,
        environment: Environment,
        config: Config,
        *,
        store: NewsletterStore,
        articles: ArticleStore,
        links: Links,
        clock: Callable[[], datetime],
    ) -> None:
        self._environment = environment
        self._config = config
        self._store = store
        self._articles = articles
        self._links = links
        self._clock = clock

    def view(self, request: Request) -> Response:
        """The digest of an edition as it was mailed, without what was one reader's own."""
        found = self._links.read_view(request.path_params["token"])
        if found is None:
            raise HTTPException(404)
        newsletter, day, choice = found
        edition = self._store.edition(newsletter, date.fromisoformat(day))
        kept = [digest for digest in self._store.digests(edition.id) if digest.choice == choice] if edition else []
        if not kept:
            raise HTTPException(404)
        if len(self._articles.articles(kept[0].articles)) < len(kept[0].articles):
            raise HTTPException(410)  # something in it was withdrawn since; the page was rendered before
        return HTMLResponse(kept[0].web, headers=HEADERS)

    def unsubscribe(self, request: Request) -> Response:
        """GET asks, POST leaves: link scanners that follow every link change nothing (RFC 8058 §3.1: no redirect, no login)."""
        found = self._links.read_unsubscribe(request.path_params["token"])
        state = self._store.subscription_state(*found) if found else None
        if found is None or state is None:
            raise HTTPException(404)
        uid, newsletter = found
        if request.method == "POST":
            self._store.leave(uid, newsletter, self._clock())
        leaving = request.method != "POST" and state == CONFIRMED
        title = next((known.title for known in self._config.newsletters if known.slug == newsletter), newsletter)
        return self._page("unsubscribe.html" if leaving else "unsubscribed.html", newsletter=title)

    def error(self, _request: Request, error: Exception) -> Response:
        """A page for a person who came to a place that is not there, or at a bad time."""
        if isinstance(error, HTTPException):
            page = self._page("error.html", error.status_code, status=error.status_code)
            page.headers.update(error.headers or {})  # Allow, for a method that is not
            return page
        if isinstance(error, NewsroomError):
            _log.error("page not made", reason=str(error))
            return self._page("error.html", 503, status=503)
        return self._page("error.html", 500, status=500)

    def _page(self, template: str, status_code: int = 200, **values: object) -> Response:
        page = self._environment.get_template(f"web/{template}")
        html = page.render(paper=self._config.paper, home=self._config.web.url, **values)
        return HTMLResponse(html, status_code, HEADERS)
