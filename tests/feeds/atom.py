"""Atom documents for the tests that look into them."""

from __future__ import annotations

from lxml import etree

from feeds.entry import AtomWriter
from feeds.model import Entry, Feed, View
from tests.feeds.builders import article, catalogue
from tests.feeds.samples import written

NAMES = {
    "a": "http://www.w3.org/2005/Atom",
    "app": "http://www.w3.org/2007/app",
    "at": "http://purl.org/atompub/tombstones/1.0",
    "fh": "http://purl.org/syndication/history/1.0",
    "media": "http://search.yahoo.com/mrss/",
}
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

FEEDS = catalogue()
ATOM = AtomWriter(FEEDS)
COLUMN = article(6, headline="사라진 골목", series="노한결의 물가에서", sections=("politics",), signed=("chaewon",))


def tree(*entries: Entry, feed: Feed | None = None, view: View = View.FULL) -> etree._Element:
    """A document put together from pieces, as readers see it."""
    return etree.fromstring(written(ATOM, entries, view, feed))


def texts(parent: etree._Element, path: str) -> list[str]:
    """What an XPath finds, as text."""
    found = parent.xpath(path, namespaces=NAMES)
    assert isinstance(found, list)
    return [str(text) for text in found]


def attributes(of: etree._Element) -> dict[str, str]:
    """An element's attributes."""
    return {str(name): str(value) for name, value in of.items()}
