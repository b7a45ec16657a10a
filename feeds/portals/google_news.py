"""Preset ``google-news``: a sitemap of the articles of the last two days, a thousand at most.

Specification: https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from lxml import etree

from feeds import content
from feeds.model import Entry
from feeds.portals.sitemap import SitemapWriter

NEWS = "http://www.google.com/schemas/sitemap-news/0.9"


class GoogleNewsWriter(SitemapWriter):
    """Writes news sitemaps. Which articles are new enough is for their chooser to say: nothing here looks at the clock."""

    variant = "google-news"
    limit: ClassVar[int] = 1000
    namespaces: ClassVar[Mapping[str, str]] = {"news": NEWS}

    def describe(self, url: etree._Element, entry: Entry) -> None:
        """Who published what and when, first: Google wants new addresses, and ``lastmod`` is for others."""
        title = content.title(entry, self._language)
        if not title:
            raise ValueError("the headline is empty")
        news = etree.SubElement(url, f"{{{NEWS}}}news")
        publication = etree.SubElement(news, f"{{{NEWS}}}publication")
        _add(publication, "name", self._paper.name)
        _add(publication, "language", _language(entry.article.language or self._paper.language))
        _add(news, "publication_date", self._stamp(entry.published))
        _add(news, "title", title)


def _language(tag: str) -> str:
    """As Google wants it: the ISO 639 code alone, but for Chinese, of which it knows two."""
    code, _, rest = tag.lower().partition("-")
    if code != "zh":
        return code
    return "zh-tw" if {"hant", "tw", "hk", "mo"} & set(rest.split("-")) else "zh-cn"


def _add(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{NEWS}}}{name}").text = text
