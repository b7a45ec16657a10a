"""Atom documents through feedgen.

feedgen 1.0.0 drops the attributes of entry links, knows no ``xml:lang``, ``app:edited``, history or tombstones and writes Media
RSS without credits; extensions put that right. One character that XML forbids makes it lose a whole feed, and it takes a
millisecond an entry: so each entry is rendered by itself, once, and documents are put together from the pieces. It also takes
the clock's time where ``updated`` is not set: here everything is set.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from urllib.parse import quote

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator
from lxml import etree

from feeds import content
from feeds.catalogue import Catalogue
from feeds.errors import RenderError
from feeds.media_rss import MEDIA, pictures
from feeds.model import Document, Entry, EntryKind, Tombstone, View
from newsroom.model import Agency, Credit

APP = "http://www.w3.org/2007/app"
HISTORY = "http://purl.org/syndication/history/1.0"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
STYLE = "feed.css"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_SOME_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)
_END = b"\n</feed>\n"


class AtomWriter:
    """Writes the Atom documents of one catalogue (see ``feeds.writer.Writer``). The same articles always give the same bytes."""

    ending = "atom"
    variant = "atom"

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._paper = catalogue.paper
        self._language = catalogue.language
        self._head = lru_cache(maxsize=4096)(self._new_head)

    def piece(self, entry: Entry, view: View) -> bytes:
        """One entry as it stands in any document: from the line break before it to its end tag.

        Raises ValueError for an empty headline and for a character that XML forbids.
        """
        generator = self._generator()
        generator.id("tag:,2000:")
        generator.title("-")
        generator.updated(_SOME_MOMENT)
        self._add(generator, entry, view)
        document: bytes = generator.atom_str(pretty=True)
        # No text can hold this: in text and in attributes "<" is "&lt;".
        return document[document.index(b"\n  <entry") : document.rindex(b"\n</feed>")]

    def document(
        self, document: Document, updated: datetime, pieces: Sequence[bytes], tombstones: Sequence[Tombstone] = ()
    ) -> bytes:
        """The document with these entries, in the order given. Raises RenderError where the feed's own words cannot be written."""
        before, after = self._head(document, tuple(tombstones))
        return b"".join((before, self._stamp(updated).isoformat().encode(), after, *pieces, _END))

    def whole(
        self, document: Document, updated: datetime, entries: Sequence[Entry], view: View, tombstones: Sequence[Tombstone] = ()
    ) -> bytes:
        """The same document in one run of feedgen: what ``document`` is proved against, and measured."""
        generator = self._opened(document, updated, tombstones)
        for entry in entries:
            self._add(generator, entry, view)
        return self._finished(generator)

    def _new_head(self, document: Document, tombstones: tuple[Tombstone, ...]) -> tuple[bytes, bytes]:
        """What stands before the entries, in two parts with the time of the last update left out between them."""
        try:
            head = self._finished(self._opened(document, _SOME_MOMENT, tombstones))
        except ValueError as error:
            raise RenderError(f"{document.address} cannot be written as XML: {error}") from error
        before, tag, rest = head.partition(b"<updated>")
        return before + tag, rest[rest.index(b"</updated>") :].removesuffix(_END)

    def _finished(self, generator: FeedGenerator) -> bytes:
        document: bytes = generator.atom_str(pretty=True)
        declaration, _, rest = document.partition(b"\n")
        style = f'<?xml-stylesheet type="text/css" href="{self._catalogue.url}{STYLE}"?>'
        return b"\n".join((declaration, style.encode(), rest))

    def _generator(self) -> FeedGenerator:
        generator = FeedGenerator()
        generator.register_extension("news", _FeedExtension, _EntryExtension, atom=True, rss=False)
        return generator

    def _opened(self, document: Document, updated: datetime, tombstones: Sequence[Tombstone]) -> FeedGenerator:
        feed, archive = document.feed, document.archive
        generator = self._generator()
        generator.news.archive = archive is not None
        generator.news.tombstones = [(stone.id, self._stamp(stone.when).isoformat()) for stone in tombstones]
        generator.id(feed.id)
        generator.title(feed.title)
        generator.subtitle(feed.subtitle)
        generator.updated(self._stamp(updated))
        generator.author(name=self._paper.name, uri=self._paper.url)
        generator.link(href=document.address, rel="self", type="application/atom+xml")
        generator.link(href=feed.page, rel="alternate", type="text/html", hreflang=self._paper.language)
        related = [("hub", hub) for hub in document.hubs] + [("prev-archive", document.history)]
        if archive is not None:
            related += [("current", archive.current), ("prev-archive", archive.previous), ("next-archive", archive.next)]
        for relation, address in related:
            if address:
                generator.link(href=address, rel=relation)
        generator.language(self._paper.language)
        generator.rights(f"© {self._paper.name}")
        generator.generator("Masthead")
        if self._paper.icon:
            generator.icon(self._paper.icon)
        if self._paper.logo:
            generator.logo(self._paper.logo)
        return generator

    def _add(self, generator: FeedGenerator, entry: Entry, view: View) -> None:
        article = entry.article
        added: FeedEntry = generator.add_entry(order="append")
        added.news.entry = entry
        added.news.href = content.link(entry, self._paper)
        added.news.language = self._paper.language
        added.news.edited = self._stamp(entry.edited).isoformat()
        added.news.updated = self._stamp(entry.updated).isoformat()
        added.news.agency_id = self._agency_id(article.agency) if article.agency else ""
        added.id(entry.id)
        added.title(content.title(entry, self._language))
        added.published(self._stamp(entry.published))
        added.updated(self._stamp(entry.updated))
        added.link(href=added.news.href, rel="alternate")
        added.author([self._author(credit) for credit in content.authors(entry)])
        added.category(
            [
                {"term": category.term, "scheme": category.scheme, "label": category.label}
                for category in content.categories(entry, self._catalogue)
            ]
        )
        if text := content.text(entry, view, self._language):
            added.content(text, type="html")
        if text := content.summary(entry, view, self._language):
            added.summary(text, type="text")
        if article.rights and entry.kind is not EntryKind.STUB:
            added.rights(article.rights)

    def _author(self, credit: Credit) -> dict[str, str]:
        feed = self._catalogue.of_reporter.get(credit.reporter or "")
        return {"name": credit.name, "uri": feed.page} if feed else {"name": credit.name}

    def _agency_id(self, agency: Agency) -> str:
        """The permanent name of an agency's feed, for all who know it by no address."""
        return agency.feed or agency.url or f"tag:{self._paper.tag}:agency/{quote(agency.name, safe='')}"

    def _stamp(self, at: datetime) -> datetime:
        return content.stamp(at, self._paper.timezone)


class _FeedExtension:
    """Says of each text that it is plain, marks an archive, and puts tombstones before the entries."""

    def __init__(self) -> None:
        self.archive = False
        self.tombstones: list[tuple[str, str]] = []

    def extend_ns(self) -> dict[str, str]:
        return {"app": APP, "at": TOMBSTONES, "fh": HISTORY, "media": MEDIA}

    def extend_atom(self, feed: etree._Element) -> None:
        _say_plain(feed, "title", "subtitle", "rights")
        if self.archive:
            etree.SubElement(feed, f"{{{HISTORY}}}archive")
        for name, when in self.tombstones:
            etree.SubElement(feed, f"{{{TOMBSTONES}}}deleted-entry", {"ref": name, "when": when})


class _EntryExtension:
    """What feedgen leaves out of an entry. Its tree has no namespace: Atom's own elements go by their bare names."""

    entry: Entry
    href: str
    language: str  # the feed's
    edited: str
    updated: str
    agency_id: str

    def extend_atom(self, entry: etree._Element) -> None:
        _say_plain(entry, "title", "rights")
        article = self.entry.article
        language = (self.entry.kind is not EntryKind.STUB and article.language) or self.language
        if language != self.language:
            entry.set(_LANG, language)
        for link in entry.findall("link"):
            for name, value in (("rel", "alternate"), ("type", "text/html"), ("hreflang", language)):
                link.set(name, value)
        if self.entry.kind is EntryKind.CORRECTION:
            etree.SubElement(entry, "link", {"href": article.url, "rel": "related", "type": "text/html", "hreflang": language})
        etree.SubElement(entry, f"{{{APP}}}edited", nsmap={"app": APP}).text = self.edited
        if article.agency and self.entry.kind is EntryKind.ARTICLE:
            entry.append(_source(article.agency, self.agency_id, self.updated))
        entry.extend(pictures(content.images(self.entry)))


def _source(agency: Agency, name: str, updated: str) -> etree._Element:
    """Where the text comes from (RFC 4287 §4.2.11)."""
    source = etree.Element("source")
    etree.SubElement(source, "id").text = name
    etree.SubElement(source, "title", type="text").text = agency.name
    etree.SubElement(source, "updated").text = updated
    if agency.feed:
        etree.SubElement(source, "link", href=agency.feed, rel="self")
    if agency.url:
        etree.SubElement(source, "link", href=agency.url, rel="alternate", type="text/html")
    if agency.rights:
        etree.SubElement(source, "rights", type="text").text = agency.rights
    return source


def _say_plain(parent: etree._Element, *names: str) -> None:
    for name in names:
        for element in parent.findall(name):
            element.set("type", "text")
