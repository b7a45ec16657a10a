"""RSS 2.0 documents through feedgen, after the RSS Best Practices Profile (https://www.rssboard.org/rss-profile).

feedgen 1.0.0 drops authors without an e-mail address, writes of all links only ``self``, and switches the locale of the whole
process to format a date; an extension of ours writes authors, links and dates. Documents are put together from pieces, as in
``feeds.entry``.

Pictures are Media RSS and no enclosure: readers take those for something to download, and their length would be a guess.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache, partial
from html import escape
from typing import ClassVar

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator
from lxml import etree

from feeds import content
from feeds.catalogue import Catalogue
from feeds.errors import RenderError
from feeds.media_rss import MEDIA, pictures
from feeds.model import Document, Entry, EntryKind, Tombstone, View

ATOM = "http://www.w3.org/2005/Atom"
DC = "http://purl.org/dc/elements/1.1/"
HISTORY = "http://purl.org/syndication/history/1.0"
_MINUTES_TO_LIVE = 5
_END = b"\n  </channel>\n</rss>\n"


class RssWriter:
    """Writes the RSS documents of one catalogue (see ``feeds.writer.Writer``). The same articles always give the same bytes.

    A portal that wants something else derives from it: ``namespaces`` and the four methods that say so are its to change.
    """

    ending = "rss"
    variant = "rss"
    namespaces: ClassVar[Mapping[str, str]] = {}
    """Beside those of every document, by prefix."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._paper = catalogue.paper
        self._language = catalogue.language
        self._head = lru_cache(maxsize=4096)(self._new_head)

    def takes(self, entry: Entry, view: View) -> bool:  # noqa: ARG002 (of those who are choosy)
        """Whether an entry is written; the piece of any other is empty. To be changed by a portal."""
        return True

    def dated(self, entry: Entry) -> datetime:
        """What an item's pubDate is. To be changed by a portal."""
        return entry.published

    def finish_channel(self, channel: etree._Element) -> None:
        """Add what a portal wants of the channel. To be changed by a portal."""

    def finish_item(self, item: etree._Element, entry: Entry) -> None:
        """Add what a portal wants of an item. To be changed by a portal."""

    def piece(self, entry: Entry, view: View) -> bytes:
        """One item as it stands in any document: from the line break before it to its end tag.

        Raises ValueError for an empty headline and for a character that XML forbids.
        """
        if not self.takes(entry, view):
            return b""
        generator = self._generator()
        generator.title("-")
        generator.link(href="-")
        generator.description("-")
        self._add(generator, entry, view)
        document: bytes = generator.rss_str(pretty=True)
        # No text can hold this: in text and in attributes "<" is "&lt;".
        return document[document.index(b"\n    <item>") : -len(_END)]

    def document(
        self,
        document: Document,
        updated: datetime,
        pieces: Sequence[bytes],
        tombstones: Sequence[Tombstone] = (),  # noqa: ARG002 (of Atom alone, RFC 6721: a reader of RSS is told by the stub)
    ) -> bytes:
        """The document with these items, in the order given. Raises RenderError where the feed's own words cannot be written."""
        stamp = self._stamp(updated)
        dates = "".join(f"\n    <{name}>{stamp}</{name}>" for name in ("pubDate", "lastBuildDate"))
        return b"".join((self._head(document), dates.encode(), *pieces, _END))

    def whole(self, document: Document, updated: datetime, entries: Sequence[Entry], view: View) -> bytes:
        """The same document in one run of feedgen: what ``document`` is proved against, and measured."""
        generator = self._opened(document, updated)
        for entry in entries:
            if self.takes(entry, view):
                self._add(generator, entry, view)
        whole: bytes = generator.rss_str(pretty=True)
        return whole

    def _new_head(self, document: Document) -> bytes:
        """What stands before the channel's dates, which are the last before its items."""
        try:
            head: bytes = self._opened(document, self._catalogue.founded).rss_str(pretty=True)
        except ValueError as error:
            raise RenderError(f"{document.address} cannot be written as XML: {error}") from error
        return head[: head.rindex(b"\n    <pubDate>")]

    def _generator(self) -> FeedGenerator:
        generator = FeedGenerator()
        generator.register_extension("news", _Extension, _Extension, atom=False, rss=True)
        generator.news.namespaces = {"dc": DC, "fh": HISTORY, "media": MEDIA, **self.namespaces}
        # Without a date feedgen formats none, and so leaves the process's locale alone; there is no other way to take it away.
        generator._FeedGenerator__rss_lastBuildDate = None  # noqa: SLF001
        return generator

    def _opened(self, document: Document, updated: datetime) -> FeedGenerator:
        feed, paper = document.feed, self._paper
        generator = self._generator()
        generator.news.finish = partial(self._finish_channel, document, updated)
        generator.title(feed.title)
        generator.description(feed.subtitle)
        generator.link(href=document.address, rel="self", type="application/rss+xml")
        generator.link(href=feed.page, rel="alternate")  # the last: feedgen takes it for the channel's link
        generator.language(paper.language)
        generator.rights(f"© {paper.name}")
        generator.generator("Masthead")
        generator.docs("https://www.rssboard.org/rss-specification")
        generator.ttl(_MINUTES_TO_LIVE)
        if logo := paper.logo or paper.icon:
            generator.image(url=logo, title=feed.title, link=feed.page)
        return generator

    def _finish_channel(self, document: Document, updated: datetime, rss: etree._Element) -> None:
        channel = rss[0]
        related = [("hub", hub) for hub in document.hubs] + [("prev-archive", document.history)]
        if (archive := document.archive) is not None:
            related += [("current", archive.current), ("prev-archive", archive.previous), ("next-archive", archive.next)]
            etree.SubElement(channel, f"{{{HISTORY}}}archive")
        for relation, address in related:
            if address:
                etree.SubElement(channel, f"{{{ATOM}}}link", rel=relation, href=address)
        self.finish_channel(channel)
        for name in ("pubDate", "lastBuildDate"):
            etree.SubElement(channel, name).text = self._stamp(updated)

    def _add(self, generator: FeedGenerator, entry: Entry, view: View) -> None:
        if not (title := content.title(entry, self._language)):
            raise ValueError("the headline is empty")
        added: FeedEntry = generator.add_entry(order="append")
        added.news.finish = partial(self._finish_item, entry)
        added.title(title)
        added.link(href=content.link(entry, self._paper))
        added.guid(entry.id, permalink=False)
        added.category(
            [
                {"term": category.term, "scheme": category.scheme, "label": category.label}
                for category in content.categories(entry, self._catalogue)
            ]
        )
        # A description is HTML, and feedgen makes one of the text where there is none: readers fall back on it for the other.
        if teaser := content.summary(entry, View.EXCERPT, self._language):
            added.summary(escape(teaser, quote=False))
        if text := content.text(entry, view, self._language):
            added.content(text)
        agency = entry.article.agency
        if agency and agency.feed and entry.kind is EntryKind.ARTICLE:
            added.source(url=agency.feed, title=agency.name)

    def _finish_item(self, entry: Entry, item: etree._Element) -> None:
        article = entry.article
        etree.SubElement(item, "pubDate").text = self._stamp(self.dated(entry))
        for credit in content.authors(entry):
            _add_text(item, DC, "creator", credit.name)
        if entry.kind is not EntryKind.STUB:
            if article.language and article.language != self._paper.language:
                _add_text(item, DC, "language", article.language)
            if article.rights:
                _add_text(item, DC, "rights", article.rights)
        if entry.updated > entry.published:
            updated = content.stamp(entry.updated, self._paper.timezone)
            _add_text(item, ATOM, "updated", updated.isoformat())
        if entry.kind is EntryKind.CORRECTION:
            etree.SubElement(item, f"{{{ATOM}}}link", rel="related", href=article.url)
        item.extend(pictures(content.images(entry)))
        self.finish_item(item, entry)

    def _stamp(self, at: datetime) -> str:
        """As RFC 822 writes it with a year of four digits, in the paper's zone: ``Mon, 02 Mar 2026 19:00:00 +0900``."""
        return format_datetime(content.stamp(at, self._paper.timezone))


class _Extension:
    """Hands an element to us when feedgen is done with it: the whole ``rss``, or an ``item``."""

    namespaces: Mapping[str, str]
    finish: Callable[[etree._Element], None] | None = None

    def extend_ns(self) -> dict[str, str]:
        return dict(self.namespaces)

    def extend_rss(self, element: etree._Element) -> None:
        if self.finish:
            self.finish(element)


def _add_text(parent: etree._Element, namespace: str, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{namespace}}}{name}").text = text
