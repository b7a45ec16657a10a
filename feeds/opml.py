"""OPML 2.0: every feed of the paper in one file, to be taken into a reader at once (and served at ``/.well-known/feeds``)."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from lxml import etree

from feeds.catalogue import Catalogue
from feeds.errors import RenderError
from feeds.model import Feed
from newsroom.model import Section


def opml(catalogue: Catalogue) -> bytes:
    """The front page's feed, the sections as a tree, the reporters at work, series and genres. UTF-8. Raises RenderError."""
    try:
        return _Outlines(catalogue).document()
    except ValueError as error:
        raise RenderError(f"a title cannot be written as XML: {error}") from error


class _Outlines:
    """Names carry the paper's, because readers keep them among feeds of other papers."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._paper = catalogue.paper
        self._say = catalogue.language.gettext

    def document(self) -> bytes:
        root = etree.Element("opml", version="2.0")
        head = etree.SubElement(root, "head")
        etree.SubElement(head, "title").text = self._paper.name
        etree.SubElement(head, "ownerName").text = self._paper.name
        etree.SubElement(head, "ownerId").text = self._paper.url
        etree.SubElement(head, "docs").text = "https://opml.org/spec2.opml"
        body = etree.SubElement(root, "body")
        self._subscription(body, self._catalogue.front)
        if self._catalogue.sections.roots:
            self._sections(self._group(body, self._say("Sections")), self._catalogue.sections.roots)
        at_work = [self._catalogue.of_reporter[reporter.slug] for reporter in self._catalogue.reporters if reporter.active]
        self._subscriptions(body, self._say("Reporters"), at_work)
        self._subscriptions(body, self._say("Series"), self._catalogue.of_series.values())
        self._subscriptions(body, self._say("Genres"), self._catalogue.of_genre.values())
        return etree.tostring(root, pretty_print=True, encoding="UTF-8", xml_declaration=True)

    def _sections(self, parent: etree._Element, sections: Iterable[Section]) -> None:
        """A section with others below it is a group that begins with its own feed.

        Readers take an outline for a feed or for a group, never for both: Miniflux loses what stands below a feed.
        """
        for section in sections:
            below = self._catalogue.sections.children(section.slug)
            place = self._group(parent, section.title) if below else parent
            self._subscription(place, self._catalogue.of_section[section.slug])
            self._sections(place, below)

    def _subscriptions(self, body: etree._Element, name: str, feeds: Collection[Feed]) -> None:
        if feeds:
            group = self._group(body, name)
            for feed in feeds:
                self._subscription(group, feed)

    def _group(self, parent: etree._Element, name: str) -> etree._Element:
        title = f"{self._paper.name} – {name}"
        return etree.SubElement(parent, "outline", text=title, title=title)

    def _subscription(self, parent: etree._Element, feed: Feed) -> None:
        etree.SubElement(
            parent,
            "outline",
            type="rss",  # for Atom too: OPML has no other type for a subscription
            text=feed.title,
            title=feed.title,
            description=feed.subtitle,
            xmlUrl=feed.url,
            htmlUrl=feed.page,
            language=self._paper.language,
        )
