"""Preset ``sitemap``: every article's address, in a document for each day of publication, and an index of those.

Protocol: https://www.sitemaps.org/protocol.html. The addresses are the paper's while the sitemap is served from the feeds' host: the
paper's own ``robots.txt`` must name the index ("Sitemaps & Cross Submits").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from lxml import etree

from feeds import content
from feeds.catalogue import Catalogue
from feeds.errors import RenderError
from feeds.model import Document, Entry, EntryKind, Tombstone, View

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_END = b"\n</urlset>\n"


class SitemapWriter:
    """Writes ``urlset`` documents (see ``feeds.writer.Writer``). Corrections and stubs have no place in them: their piece is empty."""

    ending = "xml"
    variant = "sitemap"
    limit: ClassVar[int] = 50_000
    """Addresses that one document may hold."""
    namespaces: ClassVar[Mapping[str, str]] = {}
    """Beside that of sitemaps, by prefix."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._paper = catalogue.paper
        self._language = catalogue.language

    def describe(self, url: etree._Element, entry: Entry) -> None:
        """Say of an address what crawlers of this kind want to know."""
        _add(url, "lastmod", self._stamp(entry.updated))

    def piece(self, entry: Entry, view: View) -> bytes:  # noqa: ARG002 (an address is no text)
        """One address as it stands in any document. Raises ValueError for a character that XML forbids."""
        if entry.kind is not EntryKind.ARTICLE:
            return b""
        root = self._root()
        url = etree.SubElement(root, "url")
        _add(url, "loc", content.link(entry, self._paper))
        self.describe(url, entry)
        document = _written(root)
        return document[document.index(b"\n  <url>") : -len(_END)]

    def document(
        self,
        document: Document,
        updated: datetime,  # noqa: ARG002 (the index says when a sitemap has changed)
        pieces: Sequence[bytes],
        tombstones: Sequence[Tombstone] = (),  # noqa: ARG002 (what is gone is not listed)
    ) -> bytes:
        """The document with these addresses, in the order given. Raises RenderError where they are too many."""
        if len(pieces) > self.limit:
            raise RenderError(f"{document.address} would list {len(pieces)} addresses, and crawlers read {self.limit} at most")
        root = self._root()
        root.text = "\n"  # so that there is an end tag for the addresses to stand before
        return b"".join((_written(root).removesuffix(_END), *pieces, _END))

    def _root(self) -> etree._Element:
        return etree.Element("urlset", {"xmlns": SITEMAP}, nsmap=dict(self.namespaces))

    def _stamp(self, at: datetime) -> str:
        """W3C Datetime, in the paper's zone."""
        return content.stamp(at, self._paper.timezone).isoformat()


class SitemapIndex:
    """Writes the index of a sitemap's documents."""

    limit = 50_000
    """Documents that one index may list: those of a hundred years and more."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._paper = catalogue.paper

    def document(self, days: Sequence[tuple[str, datetime]]) -> bytes:
        """The index of documents, each given by its absolute address and its last change. Raises RenderError."""
        if len(days) > self.limit:
            raise RenderError(f"a sitemap index would list {len(days)} documents, and crawlers read {self.limit} at most")
        root = etree.Element("sitemapindex", {"xmlns": SITEMAP})
        for address, updated in days:
            sitemap = etree.SubElement(root, "sitemap")
            _add(sitemap, "loc", address)
            _add(sitemap, "lastmod", content.stamp(updated, self._paper.timezone).isoformat())
        return _written(root)


def _add(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, name).text = text


def _written(root: etree._Element) -> bytes:
    return etree.tostring(root, pretty_print=True, encoding="UTF-8", xml_declaration=True)
