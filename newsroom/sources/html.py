"""A listing page read with CSS selectors, and if configured the page of each article."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated, Literal, Self
from urllib.parse import urldefrag

from pydantic import AfterValidator, Field, model_validator
from selectolax.lexbor import LexborNode

from newsroom.fetch import Fetcher, FetchError, StatusError, UnreachableError
from newsroom.model import Draft
from newsroom.settings import Duration, SourceSettings, Table, Url
from newsroom.sources.document import Document
from newsroom.sources.selector import AnySelector, ElementSelector, Selector
from newsroom.sources.source import Known, KnownArticle, SourceError, Unreadable
from newsroom.text.characters import clean_text
from newsroom.text.fold import fold_headline
from newsroom.text.links import absolute
from newsroom.text.series import split_series

_DEAD_AFTER = 3
"""How many articles in a row may find the server gone before the rest is left for the next pull."""


def _one_group(pattern: re.Pattern[str]) -> re.Pattern[str]:
    if pattern.groups != 1:
        raise ValueError(r'write a regular expression with one group around the number, such as "/article/(\\d+)"')
    return pattern


class _Select(Table):
    """What may be found in a listing as well as on an article's own page."""

    summary: AnySelector | None = None
    byline: AnySelector | None = None
    date: AnySelector | None = None
    updated: AnySelector | None = None
    section: AnySelector | None = None
    series: AnySelector | None = None
    image: AnySelector | None = None


class ListingSelect(_Select):
    """``select``: where things stand in each item of the listing; ``next`` links to the next page of it."""

    item: ElementSelector
    headline: AnySelector
    url: AnySelector
    body: AnySelector | None = None
    next: AnySelector | None = None


class ArticleSelect(_Select):
    """``article``: where things stand on an article's own page; ``drop`` is cut out before anything is read."""

    body: AnySelector
    headline: AnySelector | None = None
    caption: AnySelector | None = None
    note: AnySelector | None = None
    """What the paper says of a correction."""
    drop: tuple[ElementSelector, ...] = ()


class HtmlSettings(SourceSettings):
    """``[[source]]`` of kind ``html``."""

    kind: Literal["html"]
    select: ListingSelect
    article: ArticleSelect | None = None
    id: Annotated[re.Pattern[str], AfterValidator(_one_group)] | None = None
    """Finds the paper's own number in an article's address."""
    page: Annotated[Url, Field(pattern=r"\{page\}")] | None = None
    """Address of the listing's further pages, with ``{page}`` for 2, 3, …"""
    pages: Annotated[int, Field(ge=1, le=1000)] = 5
    """How many pages of the listing are read at most; reading ends with the first that holds a known article."""
    recheck: Duration = timedelta(hours=6)
    """How long after publication an article's own page is asked for changes."""

    @model_validator(mode="after")
    def _one_way_on(self) -> Self:
        if self.page and self.select.next:
            raise ValueError("give either `page` or `select.next`, not both")
        return self

    def open(self) -> HtmlSource:
        """The source itself."""
        return HtmlSource(self)


@dataclass(frozen=True, slots=True)
class _Listed:
    draft: Draft
    known: KnownArticle | None


class HtmlSource:
    """Yields the oldest first: wherever a pull breaks off, what is missing is still above the first known article."""

    def __init__(self, settings: HtmlSettings) -> None:
        self._settings = settings

    async def drafts(self, fetch: Fetcher, known: Known, now: datetime) -> AsyncIterator[Draft | Unreadable]:
        """The listing's items, and with ``article`` only those that are new, changed or young enough to be looked at again."""
        unreachable = 0
        for listed in reversed(await self._listing(fetch, known)):
            if isinstance(listed, Unreadable):
                yield listed
                continue
            if self._settings.article is None:
                yield listed.draft
                continue
            if unreachable >= _DEAD_AFTER:
                yield _unreadable(listed.draft, "not read, because the server has stopped answering")
                continue
            try:
                draft = await self._read(listed, self._settings.article, fetch, now)
            except (FetchError, SourceError) as error:
                yield _unreadable(listed.draft, str(error))
                overloaded = isinstance(error, StatusError) and error.status == 429
                unreachable = _DEAD_AFTER if overloaded else unreachable + 1 if isinstance(error, UnreachableError) else 0
            else:
                unreachable = 0
                if draft is not None:
                    yield draft

    async def _listing(self, fetch: Fetcher, known: Known) -> list[_Listed | Unreadable]:
        """The listing's items as they stand there, each address once, over as many pages as hold nothing known.

        Only the first page is asked for conditionally, and only if there are no articles to be looked at again behind it.
        """
        found: list[_Listed | Unreadable] = []
        seen: set[str] = set()
        address = self._settings.url
        for number in range(1, self._settings.pages + 1):
            try:
                page = await fetch.get(address, conditional=number == 1 and self._settings.article is None)
                if page.not_modified:
                    break
                document = Document(page)
            except (FetchError, SourceError) as error:
                if number == 1:
                    raise
                found.append(Unreadable(url=address, headline="", reason=f"page {number} of the listing: {error}"))
                break
            items = [self._item(node, document) for node in self._settings.select.item.nodes(document.root)]
            if not items and number == 1:
                raise SourceError(
                    f'{page.url}: select.item = "{self._settings.select.item}" matched nothing; the layout may have changed'
                )
            fresh = _once(items, seen)
            listed = [item if isinstance(item, Unreadable) else _Listed(item, known(item)) for item in fresh]
            found += listed
            address = self._next(document, number)
            if not fresh or not address or any(isinstance(item, _Listed) and item.known for item in listed):
                break
        return found

    def _item(self, node: LexborNode, document: Document) -> Draft | Unreadable:
        select = self._settings.select
        headline = select.headline.value(node)
        link = select.url.value(node, "href")
        url = urldefrag(absolute(link, document.base)).url
        if not headline or not url:
            missing = f'select.url = "{select.url}"' if headline else f'select.headline = "{select.headline}"'
            text = " ".join(node.text(separator=" ").split())[:500]
            return Unreadable(url=url, headline=headline, reason=f"{missing} found nothing", raw={"link": link, "item": text})
        number = self._settings.id.search(url) if self._settings.id else None
        draft = Draft(
            source=self._settings.name,
            url=url,
            headline=headline,
            body=_markup(select.body, node),
            native_id=(number[1] or "") if number else "",
            evidence={"base": document.base},
        )
        return _with_details(draft, select, node, document)

    def _next(self, document: Document, number: int) -> str:
        if self._settings.page:
            return self._settings.page.replace("{page}", str(number + 1))
        return document.link(self._settings.select.next) if self._settings.select.next else ""

    async def _read(self, listed: _Listed, select: ArticleSelect, fetch: Fetcher, now: datetime) -> Draft | None:
        """The article from its own page; None if it is known and has not changed. Raises FetchError or SourceError."""
        old = listed.known
        if old and now - old.published >= self._settings.recheck and _same_headline(listed.draft, old.headline):
            return None
        page = await fetch.get(listed.draft.url, conditional=old is not None)
        if page.not_modified:
            return None
        document = Document(page)
        for selector in select.drop:
            for node in selector.nodes(document.root):
                node.decompose()
        body = select.body.markup(document.root)
        if not body:
            raise SourceError(f'{page.url}: article.body = "{select.body}" matched nothing; the layout may have changed')
        headline = select.headline.value(document.root) if select.headline else listed.draft.headline
        if not headline:
            raise SourceError(f'{page.url}: article.headline = "{select.headline}" matched nothing; the layout may have changed')
        draft = replace(
            listed.draft,
            headline=headline,
            body=body,
            canonical_url=document.canonical,
            note=_value(select.note, document.root),
            evidence={"base": document.base},
        )
        return _with_details(draft, select, document.root, document, select.caption)


def _once(items: Iterable[Draft | Unreadable], seen: set[str]) -> list[Draft | Unreadable]:
    """Those whose address was not ``seen`` yet: the day's top story also stands in its place in the list."""
    fresh: list[Draft | Unreadable] = []
    for item in items:
        if item.url not in seen:
            fresh.append(item)
        if isinstance(item, Draft):
            seen.add(item.url)
    return fresh


def _with_details(draft: Draft, select: _Select, node: LexborNode, document: Document, caption: Selector | None = None) -> Draft:
    """The draft with what the selectors find in ``node``; what they do not find stays as it was."""
    return replace(
        draft,
        summary=_markup(select.summary, node) or draft.summary,
        bylines=_values(select.byline, node) or draft.bylines,
        published=_value(select.date, node) or draft.published,
        updated=_value(select.updated, node) or draft.updated,
        sections=_values(select.section, node) or draft.sections,
        series=_value(select.series, node) or draft.series,
        images=(document.images(node, select.image, caption) if select.image else ()) or draft.images,
    )


def _values(selector: Selector | None, node: LexborNode) -> tuple[str, ...]:
    return selector.values(node) if selector else ()


def _value(selector: Selector | None, node: LexborNode) -> str:
    return selector.value(node) if selector else ""


def _markup(selector: Selector | None, node: LexborNode) -> str:
    return selector.markup(node) if selector else ""


def _unreadable(draft: Draft, reason: str) -> Unreadable:
    raw = {"byline": " / ".join(draft.bylines), "date": draft.published}
    return Unreadable(
        url=draft.url, headline=draft.headline, reason=reason, raw={name: value for name, value in raw.items() if value}
    )


def _same_headline(draft: Draft, known: str) -> bool:
    """Whether the listing still says what was stored: the column's name apart, and as far as a listing that cuts headlines goes."""
    listed, stored = _without_series(draft.headline), _without_series(known)
    return listed == stored or (listed.endswith("…") and stored.startswith(listed.removesuffix("…")))


def _without_series(headline: str) -> str:
    return fold_headline(split_series(clean_text(headline))[0])
