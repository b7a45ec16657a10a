"""Atom documents through feedgen, which only this file imports.

feedgen 1.0.0 drops the attributes of entry links, knows no ``xml:lang`` or ``app:edited`` on entries and writes Media RSS without
credits; an extension puts that right. One character that XML forbids makes it lose the feed, so each entry is rendered by
itself and only whole ones are let in. It also takes the clock's time where ``updated`` is not set: here everything is set.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import structlog
from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator
from lxml import etree

from feeds import content
from feeds.catalogue import Catalogue
from feeds.errors import RenderError
from feeds.model import Feed
from newsroom.model import Article, Credit, Image

APP = "http://www.w3.org/2007/app"
MEDIA = "http://search.yahoo.com/mrss/"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_log = structlog.get_logger(__name__)


class AtomWriter:
    """Writes the feeds of one catalogue. The same articles always give the same bytes."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._paper = catalogue.paper
        self._language = catalogue.language

    def feed(self, feed: Feed, articles: Sequence[Article]) -> bytes:
        """The Atom document of a feed with these articles, the newest first as given. UTF-8.

        An article that cannot be written is left out and logged. Raises RenderError where the feed's own words cannot be.
        """
        generator = FeedGenerator()
        generator.register_extension("news", _FeedExtension, atom=True, rss=False)
        generator.news.entries = list(self._entries(feed, articles))
        generator.id(feed.id)
        generator.title(feed.title)
        generator.subtitle(feed.subtitle)
        generator.updated(self._stamp(max((article.revision.updated for article in articles), default=self._founded())))
        generator.author(name=self._paper.name, uri=self._paper.url)
        generator.link(href=feed.url, rel="self", type="application/atom+xml")
        generator.link(href=feed.page, rel="alternate", type="text/html", hreflang=self._paper.language)
        generator.language(self._paper.language)
        generator.rights(f"© {self._paper.name}")
        generator.generator("Masthead")
        if self._paper.icon:
            generator.icon(self._paper.icon)
        if self._paper.logo:
            generator.logo(self._paper.logo)
        try:
            document: bytes = generator.atom_str(pretty=True)
        except ValueError as error:
            raise RenderError(f"{feed.path} cannot be written as XML: {error}") from error
        return document

    def _entries(self, feed: Feed, articles: Iterable[Article]) -> Iterator[etree._Element]:
        for article in articles:
            try:
                yield self._entry(article)
            except ValueError as error:
                _log.error("an article was left out of a feed", feed=feed.path, article=article.id, reason=str(error))

    def _entry(self, article: Article) -> etree._Element:
        """Raises ValueError for an empty headline and for a character that XML forbids."""
        revision = article.revision
        entry = FeedEntry()
        entry.register_extension("news", _EntryExtension, atom=True, rss=False)
        entry.news.language = self._paper.language
        entry.news.article = article
        entry.news.edited = self._stamp(revision.edited)
        entry.id(article.id)
        entry.title(content.title(article, self._language))
        entry.published(self._stamp(article.published))
        entry.updated(self._stamp(revision.updated))
        entry.link(href=article.url, rel="alternate")
        entry.author([self._author(credit) for credit in revision.credits if content.is_name(credit.name)])
        entry.category(self._categories(article.sections))
        if text := content.content(revision, self._language):
            entry.content(text, type="html")
        if text := content.summary(revision, self._language):
            entry.summary(text, type="text")
        if article.rights:
            entry.rights(article.rights)
        element: etree._Element = entry.atom_entry()
        return element

    def _author(self, credit: Credit) -> dict[str, str]:
        """Name and page. Never an address: harvesters and rss2email, which mails in the reporter's name, would take it."""
        feed = self._catalogue.of_reporter.get(credit.reporter or "")
        return {"name": credit.name, "uri": feed.page} if feed else {"name": credit.name}

    def _categories(self, slugs: Iterable[str]) -> list[dict[str, str]]:
        tree = self._catalogue.sections
        filed = dict.fromkeys(above for slug in slugs if slug in tree for above in tree.ancestry(slug))
        scheme = self._paper.url.rstrip("/") + "/ns/section"
        return [{"term": slug, "scheme": scheme, "label": tree[slug].title} for slug in filed]

    def _stamp(self, at: datetime) -> datetime:
        """In the paper's zone, to the second."""
        return at.astimezone(self._paper.timezone).replace(microsecond=0)

    def _founded(self) -> datetime:
        """When a feed without articles was last updated: the day of the paper's tag, since which it could have been there."""
        year, month, day = (*map(int, self._paper.tag.partition(",")[2].split("-")), 1, 1)[:3]
        return datetime(year, month, day, tzinfo=self._paper.timezone)


class _FeedExtension:
    """Puts in the finished entries and says of each text that it is plain."""

    def __init__(self) -> None:
        self.entries: list[etree._Element] = []

    def extend_ns(self) -> dict[str, str]:
        return {"app": APP, "media": MEDIA}

    def extend_atom(self, feed: etree._Element) -> None:
        _say_plain(feed, "title", "subtitle", "rights")
        feed.extend(self.entries)


class _EntryExtension:
    """What feedgen leaves out of an entry. Its tree has no namespace: Atom's own elements go by their bare names."""

    language: str  # the feed's
    article: Article
    edited: datetime

    def extend_atom(self, entry: etree._Element) -> None:
        _say_plain(entry, "title", "rights")
        language = self.article.language or self.language
        if language != self.language:
            entry.set(_LANG, language)
        for link in entry.findall("link"):
            for name, value in (("rel", "alternate"), ("type", "text/html"), ("hreflang", language)):
                link.set(name, value)
        etree.SubElement(entry, f"{{{APP}}}edited", nsmap={"app": APP}).text = self.edited.isoformat()
        images = self.article.revision.images
        entry.extend(_media(image) for image in images)
        for lead in images[:1]:
            etree.SubElement(entry, f"{{{MEDIA}}}thumbnail", {"url": lead.url} | _size(lead), nsmap={"media": MEDIA})


def _media(image: Image) -> etree._Element:
    """``media:content`` of Media RSS 1.5."""
    element = etree.Element(f"{{{MEDIA}}}content", {"url": image.url, "medium": "image"} | _size(image), nsmap={"media": MEDIA})
    if image.media_type:
        element.set("type", image.media_type)
    for name, text in (("title", image.alt), ("description", image.caption)):
        if text:
            etree.SubElement(element, f"{{{MEDIA}}}{name}", type="plain").text = text
    if content.is_name(image.credit):
        etree.SubElement(element, f"{{{MEDIA}}}credit", role="photographer").text = image.credit
    return element


def _size(image: Image) -> dict[str, str]:
    return {name: str(value) for name, value in (("width", image.width), ("height", image.height)) if value}


def _say_plain(parent: etree._Element, *names: str) -> None:
    for name in names:
        for element in parent.findall(name):
            element.set("type", "text")
