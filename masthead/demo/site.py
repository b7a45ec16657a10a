"""The website of the demo paper: an ordinary Korean news site on loopback, with the markup such sites have.

What an ``[[source]]`` of kind ``html`` selects on it. A listing, ``/list/<code>?page=N``, newest first, 12 to a page:

    item      ul.article_list > li.item        headline  strong.tit > a       url        strong.tit > a@href
    summary   p.lead                           info      span.info            "2025-06-11 15:13:08 김서현 기자"
    image     a.thumb img@data-src             next      div.paging a.next    absent on the last page

An article's page, ``/article/<key>``:

    headline  h1.article_title                 published  div.info_byline span.date      "입력 2025-06-11 15:13"
    byline    div.info_byline span.reporter    updated    div.info_byline span.modified  "수정 2025-06-11 15:20", if corrected
    body      div#articleBody                  its last paragraph ends in "/강이든기자 ideun@dumul.example" where byline = "body"
    image     div.article_photo img@src        caption    div.article_photo figcaption
    note      div.correct_box p                section    div.location a:last-of-type

Addresses are relative or protocol-relative; times are Seoul's.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache
from hashlib import sha256

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from masthead.demo.paper import SEOUL, DemoArticle, DemoPaper, DemoSection
from masthead.demo.pictures import draw

PAGE_SIZE = 12


@dataclass(frozen=True, slots=True)
class _State:
    """All that the site shows between two waves, in one value, so that a page never mixes two of them."""

    articles: tuple[DemoArticle, ...]
    changed: datetime


class Site:
    """What the paper's website shows now; ``advance`` releases the next wave of articles and corrections."""

    def __init__(self, paper: DemoPaper, *, clock: Callable[[], datetime]) -> None:
        self.paper = paper
        self.state = _State(paper.at(), paper.start)
        self._clock = clock
        self._released: list[datetime] = []
        self._lock = threading.Lock()

    def advance(self) -> bool:
        """Release the next wave, dated now; False when none is left. Safe from any thread."""
        with self._lock:
            if len(self._released) == self.paper.waves:
                return False
            self._released.append(self._clock().astimezone(SEOUL))
            self.state = _State(self.paper.at(self._released), self._released[-1])
            return True


def create_site(site: Site) -> Starlette:
    """The web application of ``site``."""
    pages = _Pages(site)
    routes = [
        Route("/", pages.front),
        Route("/list/{code:int}", pages.listing),
        Route("/article/{key}", pages.article),
        Route("/image/{key}.jpg", pages.image),
        Route("/css/site.css", pages.style),
        Route("/robots.txt", lambda _: PlainTextResponse("User-agent: *\nDisallow: /search\n")),
    ]
    return Starlette(routes=routes, exception_handlers={HTTPException: pages.failure})


class _Pages:
    """One method an address. They are synchronous: Starlette runs them in threads, where drawing a picture blocks nobody."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._paper = site.paper
        self._sections = {section.slug: section for section in site.paper.sections}
        self._templates = Environment(
            loader=PackageLoader("masthead.demo", "templates/site"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
        self._templates.globals |= {
            "paper": site.paper,
            "menu": [
                (section, [child for child in site.paper.sections if child.parent == section.slug])
                for section in site.paper.sections
                if section.parent is None
            ],
            "path_to": self._path_to,
        }

    def front(self, request: Request) -> Response:
        state = self._site.state
        opinion = self._in("opinion", state.articles)
        news = [article for article in state.articles if article not in opinion]
        pictured = [article for article in news if article.picture][:3]
        seconds = [article for article in news if article not in pictured][:4]
        blocks = []
        for section in self._paper.sections:
            if section.parent is None and section.slug != "opinion":
                rest = [article for article in self._in(section.slug, news) if article not in (*pictured, *seconds)][:4]
                blocks.append((section, sorted(rest, key=lambda article: article.picture is None)))
        html = self._html("front.html", request, state, pictured=pictured, seconds=seconds, blocks=blocks, opinion=opinion[:6])
        return _conditional(request, html, state.changed)

    def listing(self, request: Request) -> Response:
        state = self._site.state
        section = next((section for section in self._paper.sections if section.code == request.path_params["code"]), None)
        number = request.query_params.get("page", "1")
        if section is None or not number.isascii() or not number.isdigit() or int(number) < 1:
            raise HTTPException(404)
        page = int(number)
        articles = self._in(section.slug, state.articles)
        html = self._html(
            "list.html",
            request,
            state,
            section=section,
            articles=articles[(page - 1) * PAGE_SIZE : page * PAGE_SIZE],
            page=page,
            pages=max(1, -(-len(articles) // PAGE_SIZE)),
        )
        return _conditional(request, html, state.changed)

    def article(self, request: Request) -> Response:
        state = self._site.state
        article = _find(request, state)
        related = [other for other in state.articles if other.key == article.follows or other.follows == article.key]
        related += (other for other in self._in(article.section.slug, state.articles) if other not in (article, *related))
        html = self._html(
            "article.html",
            request,
            state,
            article=article,
            related=related[:4],
            described=_described(article, self._paper, str(request.base_url)),
        )
        return _conditional(request, html, state.changed)

    def image(self, request: Request) -> Response:
        article = _find(request, self._site.state)
        if article.picture is None:
            raise HTTPException(404)
        picture = _drawn(article.picture.scene, article.key)
        return _conditional(request, picture, article.published, media_type="image/jpeg")

    def style(self, request: Request) -> Response:
        css = self._templates.get_template("site.css").render().encode()
        return _conditional(request, css, self._paper.start, media_type="text/css; charset=utf-8")

    def failure(self, request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        return HTMLResponse(self._html("missing.html", request, self._site.state), status)

    def _html(self, template: str, request: Request, state: _State, **values: object) -> bytes:
        """The page, with what stands beside every page: the date line and the list of the most read."""
        return (
            self._templates.get_template(template)
            .render(
                host=request.url.netloc,
                changed=state.changed,
                latest=state.articles[:7],
                popular=_popular(state.articles),
                **values,
            )
            .encode()
        )

    def _in(self, slug: str, articles: Iterable[DemoArticle]) -> list[DemoArticle]:
        slugs = self._paper.below(self._sections[slug])
        return [article for article in articles if article.section.slug in slugs]

    def _path_to(self, section: DemoSection) -> list[DemoSection]:
        """The sections from the top one down to ``section``."""
        above = self._path_to(self._sections[section.parent]) if section.parent else []
        return [*above, section]


def _find(request: Request, state: _State) -> DemoArticle:
    """The article that the address names, where it is on the site."""
    key = request.path_params["key"]
    article = next((article for article in state.articles if article.key == key), None)
    if article is None:
        raise HTTPException(404)
    return article


@lru_cache(maxsize=256)
def _drawn(scene: str, seed: str) -> bytes:
    return draw(scene, seed)


def _popular(articles: Sequence[DemoArticle]) -> list[DemoArticle]:
    """Seven articles that look like the most read: always the same ones as long as they are there."""
    return sorted(articles, key=lambda article: sha256(article.key.encode()).digest())[:7]


def _described(article: DemoArticle, paper: DemoPaper, base: str) -> dict[str, object]:
    """The article as schema.org's NewsArticle."""
    described: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.title,
        "datePublished": article.published.isoformat(),
        "dateModified": (article.corrected or article.published).isoformat(),
        "articleSection": article.section.title,
        "author": _authors(article),
        "publisher": {"@type": "NewsMediaOrganization", "name": paper.name},
        "mainEntityOfPage": f"{base}article/{article.key}",
    }
    if article.picture:
        described["image"] = [f"{base}image/{article.key}.jpg"]
    return described


def _authors(article: DemoArticle) -> list[dict[str, str]]:
    if article.agency:
        return [{"@type": "NewsMediaOrganization", "name": article.agency}]
    return [{"@type": "Person", "name": reporter.name, "jobTitle": reporter.role} for reporter in article.reporters]


def _conditional(request: Request, body: bytes, changed: datetime, *, media_type: str = "text/html; charset=utf-8") -> Response:
    """The body, or 304 where the client has it (RFC 9110 §13.2.2: If-None-Match before If-Modified-Since)."""
    etag = f'"{sha256(body).hexdigest()[:20]}"'
    headers = {"ETag": etag, "Last-Modified": format_datetime(changed.astimezone(UTC), usegmt=True), "Cache-Control": "no-cache"}
    known = request.headers.get("if-none-match")
    if known is not None:
        same = etag in (tag.strip().removeprefix("W/") for tag in known.split(",")) or known.strip() == "*"
    else:
        same = _not_since(request.headers.get("if-modified-since", ""), changed)
    return Response(status_code=304, headers=headers) if same else Response(body, headers=headers, media_type=media_type)


def _not_since(since: str, changed: datetime) -> bool:
    """Whether nothing changed after ``since``; a date that cannot be read is as good as none (RFC 9110 §13.1.3)."""
    try:
        return changed.replace(microsecond=0) <= parsedate_to_datetime(since)
    except (TypeError, ValueError):
        return False
