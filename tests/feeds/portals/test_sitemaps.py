"""The presets ``sitemap`` and ``google-news``: documents that search engines read.

After a wanted change of the bytes: ``UPDATE_GOLDEN=1 pytest tests/feeds/portals``, then read the difference.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from pathlib import Path

import pytest
from hypothesis import given
from lxml import etree

from feeds import content
from feeds.errors import RenderError
from feeds.model import Document, Entry, View
from feeds.portals import PortalSettings, SitemapIndex, portal_feed
from feeds.portals.google_news import GoogleNewsWriter
from feeds.portals.sitemap import SitemapWriter
from newsroom.model import Article
from tests.feeds.builders import NOON, PAPER, article, catalogue, language
from tests.feeds.samples import (
    ENGLISH,
    ENTRIES,
    JOINT,
    WITHDRAWN,
    correction,
    entries_of,
    entry,
    golden,
    newest,
    stories,
    stub,
    writable,
)

GOLDEN = Path(__file__).parent / "golden"
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "news": "http://www.google.com/schemas/sitemap-news/0.9"}
FEEDS = catalogue()
FEED = portal_feed(PortalSettings(slug="all", preset="sitemap"), FEEDS)
DOCUMENT = Document(feed=FEED, address=FEED.address("xml"))
SITEMAP = SitemapWriter(FEEDS)
GOOGLE = GoogleNewsWriter(FEEDS)


def written(writer: SitemapWriter, *entries: Entry) -> bytes:
    return writer.document(DOCUMENT, newest(entries), [writer.piece(found, View.FULL) for found in entries])


def texts(document: bytes, path: str) -> list[str]:
    found = etree.fromstring(document).xpath(path, namespaces=NAMES)
    assert isinstance(found, list)
    return [str(text) for text in found]


DOCUMENTS = {
    "sitemap": written(SITEMAP, *ENTRIES),
    "google-news": written(GOOGLE, *ENTRIES),
    "empty": written(SITEMAP),
    "index": SitemapIndex(FEEDS).document(
        [(f"https://feeds.dumul.example/portals/all/2026-03-0{day}.xml", NOON.astimezone(UTC)) for day in (1, 2)]
    ),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_bytes_are_what_they_were(name: str) -> None:
    """A slip in one line would have a search engine drop the whole document."""
    assert DOCUMENTS[name].decode() == golden(GOLDEN / f"{name}.xml", DOCUMENTS[name]).decode()


def test_a_sitemap_lists_each_article_once_with_its_last_change() -> None:
    """A correction would list its article's address twice; a withdrawn story would be indexed anew."""
    assert texts(DOCUMENTS["sitemap"], "s:url/s:loc/text()") == [
        f"https://dumul.example/article/{number}" for number in (7, 5, 4, 3)
    ]
    assert texts(DOCUMENTS["sitemap"], "s:url[1]/s:lastmod/text()") == ["2026-03-02T21:00:00+09:00"]


def test_the_index_lists_the_days_with_their_last_change() -> None:
    """A crawler would read years of documents at every visit, or none."""
    assert texts(DOCUMENTS["index"], "s:sitemap/s:loc/text()")[0] == "https://feeds.dumul.example/portals/all/2026-03-01.xml"
    assert texts(DOCUMENTS["index"], "s:sitemap/s:lastmod/text()") == ["2026-03-02T12:00:00+09:00"] * 2


def test_google_is_told_who_published_what_and_when_first() -> None:
    """An article without one of these is left out of Google News."""
    document = written(GOOGLE, entry(JOINT))
    assert texts(document, "s:url/news:news/*/*/text() | s:url/news:news/*[not(*)]/text()") == [
        "두물일보",
        "ko",
        "2026-03-02T19:00:00+09:00",
        JOINT.revision.headline,
    ]
    assert texts(document, "s:url/s:lastmod") == []


@pytest.mark.parametrize(
    ("tag", "code"), [("ko-KR", "ko"), ("en", "en"), ("zh-TW", "zh-tw"), ("zh-Hant-HK", "zh-tw"), ("zh", "zh-cn"), ("", "ko")]
)
def test_google_is_told_the_language_as_it_wants_it(tag: str, code: str) -> None:
    """It takes ISO 639 codes and refuses a region, but for the two ways of writing Chinese."""
    document = written(GOOGLE, entry(replace(ENGLISH, language=tag)))
    assert texts(document, "//news:language/text()") == [code]


@pytest.mark.parametrize("writer", [SITEMAP, GOOGLE])
def test_what_is_no_article_has_no_place(writer: SitemapWriter) -> None:
    """Its piece has to be empty for the document to stay valid."""
    assert [writer.piece(found, View.FULL) for found in (stub(WITHDRAWN), correction(JOINT))] == [b"", b""]


def test_more_addresses_than_crawlers_read_are_refused() -> None:
    """Google drops the whole document, and nobody at the paper hears of it."""
    with pytest.raises(RenderError, match=r"portals/all\.xml would list 1001 addresses.*1000"):
        GOOGLE.document(DOCUMENT, NOON, [GOOGLE.piece(entry(JOINT), View.FULL)] * 1001)
    SITEMAP.document(DOCUMENT, NOON, [b""] * 50_000)
    with pytest.raises(RenderError, match="50000"):
        SITEMAP.document(DOCUMENT, NOON, [b""] * 50_001)
    with pytest.raises(RenderError, match="50000"):
        SitemapIndex(FEEDS).document([("https://feeds.dumul.example/x.xml", NOON)] * 50_001)


def test_an_address_is_escaped() -> None:
    """One ampersand in a query would break the document."""
    found = replace(article(1), url="https://dumul.example/view?no=1&page=2")
    assert texts(written(SITEMAP, entry(found)), "//s:loc/text()") == [found.url]


@pytest.mark.parametrize("broken", [article(2, headline="울\x0b림"), article(2, headline="")])
def test_an_article_that_cannot_be_written_is_refused_alone(broken: Article) -> None:
    """One control character would lose the whole document."""
    with pytest.raises(ValueError, match=r"XML|headline"):
        GOOGLE.piece(entry(broken), View.FULL)


@given(found=stories())
def test_any_text_gives_a_valid_document_and_comes_back_whole(found: Article) -> None:
    """Whatever a source sends, the other articles are found."""
    entries = writable(GOOGLE, [*entries_of(found), entry(ENGLISH)], View.FULL)
    titles = [content.title(kept, language()) for kept in entries if kept.kind.value == "article"]
    assert texts(written(GOOGLE, *entries), "//news:title/text()") == titles


def test_the_papers_name_is_the_publications() -> None:
    """Google compares it letter by letter with the name that it knows."""
    renamed = GoogleNewsWriter(catalogue(PAPER.model_copy(update={"name": "두물 & 일보"})))
    assert texts(written(renamed, entry(JOINT)), "//news:name/text()") == ["두물 & 일보"]
