"""The pages that are made on request: an edition in the browser, leaving a newsletter, and what went wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from jinja2 import Environment
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from masthead.web.files import CONTENT_SECURITY_POLICY
from newsletter.links import Links
from newsletter.store import CONFIRMED, NewsletterStore
from newsroom.settings import PaperSettings

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Cache-Control": "private, no-store",
}


class Pages:
    """Pages in the paper's language. A token that is not genuine is a 404: it says nothing about who reads what."""

    def __init__(
        self,
        environment: Environment,
        paper: PaperSettings,
        titles: dict[str, str],
        store: NewsletterStore,
        links: Links,
        clock: Callable[[], datetime],
    ) -> None:
        """``titles`` names each newsletter by its slug."""
        self._environment = environment
        self._paper = paper
        self._titles = titles
        self._store = store
        self._links = links
        self._clock = clock

    def view(self, request: Request) -> Response:
        """The digest of an edition as it was mailed, without what was one reader's own."""
        found = self._links.read_view(request.path_params["token"])
        if found is None:
            raise HTTPException(404)
        newsletter, day, choice = found
        edition = self._store.edition(newsletter, datetime.fromisoformat(day).date())
        kept = [digest for digest in self._store.digests(edition.id) if digest.choice == choice] if edition else []
        if not kept:
            raise HTTPException(404)
        return HTMLResponse(kept[0].web, headers=HEADERS)

    def unsubscribe(self, request: Request) -> Response:
        """GET asks, POST leaves: link scanners that follow every link change nothing (RFC 8058 §3.1: no redirect, no login)."""
        found = self._links.read_unsubscribe(request.path_params["token"])
        if found is None:
            raise HTTPException(404)
        uid, newsletter = found
        if request.method == "POST":
            if not self._store.leave(uid, newsletter, self._clock()):
                raise HTTPException(404)
            return self._page("unsubscribed.html", newsletter=self._title(newsletter))
        state = self._store.subscription_state(uid, newsletter)
        if state is None:
            raise HTTPException(404)
        template = "unsubscribe.html" if state == CONFIRMED else "unsubscribed.html"
        return self._page(template, newsletter=self._title(newsletter))

    def error(self, _request: Request, error: Exception) -> Response:
        """A page for a person who came to a place that is not there."""
        status = error.status_code if isinstance(error, HTTPException) else 500
        return self._page("error.html", status_code=status, status=status)

    def _title(self, newsletter: str) -> str:
        return self._titles.get(newsletter, newsletter)

    def _page(self, template: str, status_code: int = 200, **values: object) -> Response:
        html = self._environment.get_template(f"web/{template}").render(paper=self._paper, **values)
        return HTMLResponse(html, status_code=status_code, headers=HEADERS)
