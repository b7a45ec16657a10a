"""The presets ``smartnews``, ``msn``, ``partner`` and ``excerpt``: documents that portals and partners show in place of the paper.

After a wanted change of the bytes: ``UPDATE_GOLDEN=1 pytest tests/feeds/portals``, then read the difference.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from feeds.model import Entry, View
from feeds.portals import PortalSettings, portal_feed, portal_writer
from feeds.portals.msn import MsnWriter
from feeds.portals.smartnews import SmartNewsWriter
from feeds.rss import RssWriter
from newsroom.model import Article
from tests.feeds.builders import PAPER, catalogue
from tests.feeds.samples import (
    ENGLISH,
    ENTRIES,
    JOINT,
    TEASER,
    WIRE,
    WITHDRAWN,
    correction,
    document_of,
    entries_of,
    entry,
    golden,
    newest,
    stories,
    stub,
    writable,
    written,
)

GOLDEN = Path(__file__).parent / "golden"
NAMES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dcterms": "http://purl.org/dc/terms/",
    "media": "http://search.yahoo.com/mrss/",
    "mi": "http://schemas.ingestion.microsoft.com/common/",
    "snf": "http://www.smartnews.be/snf",
}
FEEDS = catalogue()
SMARTNEWS = SmartNewsWriter(FEEDS)
MSN = MsnWriter(FEEDS)
PORTALS = {
    "smartnews": PortalSettings(slug="smartnews", preset="smartnews"),
    "msn": PortalSettings(slug="msn", preset="msn"),
    "partner-atom": PortalSettings.model_validate({"slug": "library", "preset": "partner", "secret": "0123456789abcdef"}),
    "partner-rss": PortalSettings.model_validate(
        {"slug": "library", "preset": "partner", "format": "rss", "secret": "0123456789abcdef"}
    ),
    "excerpt": PortalSettings(slug="excerpts", preset="excerpt"),
}


def portal_document(settings: PortalSettings) -> bytes:
    return written(portal_writer(settings, FEEDS), ENTRIES, settings.view, portal_feed(settings, FEEDS))


def item(writer: RssWriter, found: Entry) -> etree._Element:
    only = etree.fromstring(written(writer, [found])).find("channel/item")
    assert only is not None
    return only


def texts(element: etree._Element, path: str) -> list[str]:
    found = element.xpath(path, namespaces=NAMES)
    assert isinstance(found, list)
    return [str(text) for text in found]


@pytest.mark.parametrize("name", ["smartnews", "msn"])
def test_the_bytes_are_what_they_were(name: str) -> None:
    """A slip in one line would have a portal refuse the paper."""
    document = portal_document(PORTALS[name])
    assert document.decode() == golden(GOLDEN / f"{name}.rss", document).decode()


@pytest.mark.parametrize("name", PORTALS)
def test_the_commonest_parser_reads_it_without_complaint(name: str) -> None:
    """What it stumbles over, a portal's own reader does too."""
    parsed = feedparser.parse(portal_document(PORTALS[name]))
    assert parsed.bozo is False
    assert parsed.entries


@pytest.mark.parametrize("name", PORTALS)
def test_wire_copy_is_never_given_in_full(name: str) -> None:
    """The paper would break its contract with the agency (rights decide, whatever the preset)."""
    settings = PORTALS[name]
    secret = "계약이 금하는 본문"
    wire = replace(WIRE, revision=replace(WIRE.revision, body=f"<p>리드.</p><p>{'가' * 300}{secret}</p>"))
    piece = portal_writer(settings, FEEDS).piece(entry(wire), settings.view)
    assert secret not in piece.decode()


def test_excerpts_hold_no_full_text() -> None:
    """Anybody could read what only partners pay for."""
    contents = etree.fromstring(portal_document(PORTALS["excerpt"])).findall("atom:entry/atom:content", NAMES)
    bodies = [found.revision.body for found in (JOINT, ENGLISH, WIRE)]
    assert not [text for text in contents for body in bodies if body in (text.text or "")]


@pytest.mark.parametrize("writer", [SMARTNEWS, MSN])
def test_a_portal_gets_whole_articles_and_deletions_only(writer: RssWriter) -> None:
    """It would show an empty page, or a correction as a story of the same address."""
    kept = [found for found in ENTRIES if writer.piece(found, View.FULL)]
    assert kept == [entry(JOINT), entry(ENGLISH), stub(WITHDRAWN)]
    assert [writer.piece(found, View.FULL) for found in (correction(JOINT), entry(WIRE), entry(TEASER))] == [b""] * 3


def test_smartnews_takes_a_withdrawn_story_down() -> None:
    """Without the status it stays; without a new date the status is not read."""
    before, after = item(SMARTNEWS, entry(WITHDRAWN)), item(SMARTNEWS, stub(WITHDRAWN))
    assert texts(before, "guid/text()") == texts(after, "guid/text()")
    assert texts(before, "media:status/text()") == ["active"]
    assert texts(after, "media:status/text()") == ["deleted"]
    assert texts(before, "pubDate/text()") == ["Mon, 02 Mar 2026 14:00:00 +0900"]
    assert texts(after, "pubDate/text()") == ["Mon, 02 Mar 2026 23:00:00 +0900"]


def test_smartnews_reads_a_correction() -> None:
    """It looks at an article again only if its pubDate has changed."""
    assert texts(item(SMARTNEWS, entry(JOINT)), "pubDate/text()") == ["Mon, 02 Mar 2026 21:00:00 +0900"]


def test_smartnews_shows_the_papers_logo() -> None:
    """SmartView wants it above every article."""
    found = etree.fromstring(written(SMARTNEWS))
    assert texts(found, "channel/snf:logo/url/text()") == ["https://img.dumul.example/logo.png"]
    assert texts(found, "channel/pubDate/text()") == ["Mon, 02 Mar 2026 23:00:00 +0900"]
    without = SmartNewsWriter(catalogue(PAPER.model_copy(update={"logo": ""})))
    assert etree.fromstring(written(without)).find("channel/snf:logo", NAMES) is None


def test_msn_takes_a_withdrawn_story_down() -> None:
    """It removes what has expired, if the date of change is later than the one that it knows."""
    before, after = item(MSN, entry(WITHDRAWN)), item(MSN, stub(WITHDRAWN))
    assert texts(before, "guid/text()") == texts(after, "guid/text()")
    assert texts(before, "pubDate/text()") == texts(after, "pubDate/text()")
    assert texts(before, "mi:expirationDate | dcterms:valid") == []
    (was,), (is_now,) = texts(before, "dcterms:modified/text()"), texts(after, "dcterms:modified/text()")
    assert datetime.fromisoformat(was) < datetime.fromisoformat(is_now)
    assert texts(after, "mi:expirationDate/text() | dcterms:valid/text()") == [is_now] * 2


@pytest.mark.parametrize("writer", [SMARTNEWS, MSN])
@given(entries=st.lists(st.sampled_from(ENTRIES), unique_by=lambda found: (found.id, found.kind)))
def test_pieces_make_the_same_bytes_as_one_run_of_feedgen(writer: RssWriter, entries: list[Entry]) -> None:
    """A document spliced wrongly is refused."""
    document = document_of(FEEDS.front, "rss")
    pieces = [writer.piece(found, View.FULL) for found in entries]
    assert writer.document(document, newest(entries), pieces) == writer.whole(document, newest(entries), entries, View.FULL)


@pytest.mark.parametrize("writer", [SMARTNEWS, MSN])
@given(found=stories())
def test_any_text_gives_a_valid_feed(writer: RssWriter, found: Article) -> None:
    """Whatever a source sends, the portal gets the rest of the paper."""
    entries = writable(writer, [*entries_of(found), entry(ENGLISH)], View.FULL)
    parsed = feedparser.parse(written(writer, entries))
    assert parsed.bozo is False
    assert parsed.entries[-1].id == ENGLISH.id
