"""The RSS documents: rule R1 of the feeds' standard, in the very bytes.

After a wanted change of the bytes: ``UPDATE_GOLDEN=1 pytest tests/feeds/test_rss.py``, then read the difference.
"""

from __future__ import annotations

import locale
import re
from dataclasses import replace
from datetime import UTC
from email.utils import parsedate_to_datetime
from pathlib import Path

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from feeds import content
from feeds.errors import RenderError
from feeds.model import Entry, Feed, Tombstone, View
from feeds.rss import RssWriter
from newsroom.model import Article, Reporter
from tests.feeds.builders import NOON, PAPER, article, catalogue, credit, language
from tests.feeds.samples import (
    ENGLISH,
    ENTRIES,
    HUB,
    JOINT,
    TEASER,
    WIRE,
    WITHDRAWN,
    archive_of,
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
    "dc": "http://purl.org/dc/elements/1.1/",
    "fh": "http://purl.org/syndication/history/1.0",
    "media": "http://search.yahoo.com/mrss/",
}
RSS = RssWriter(catalogue())
FEEDS = catalogue()
DOCUMENTS = {
    "front": written(RSS),
    "excerpt": written(RSS, view=View.EXCERPT),
    "reporter": written(RSS, [entry(TEASER)], feed=FEEDS.of_reporter["jhpark2"]),
    "empty": written(RSS, [], feed=FEEDS.of_section["diplomacy"]),
}


def channel(*entries: Entry, feed: Feed | None = None, view: View = View.FULL) -> etree._Element:
    found = etree.fromstring(written(RSS, entries, view, feed)).find("channel")
    assert found is not None
    return found


def item(found: Entry, view: View = View.FULL) -> etree._Element:
    only = channel(found, view=view).find("item")
    assert only is not None
    return only


def texts(element: etree._Element, path: str) -> list[str]:
    found = element.xpath(path, namespaces=NAMES)
    assert isinstance(found, list)
    return [str(text) for text in found]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_bytes_are_what_they_were(name: str) -> None:
    """A slip in one line would make every reader fetch every feed again, or show old stories as new."""
    assert DOCUMENTS[name].decode() == golden(GOLDEN / f"{name}.rss", DOCUMENTS[name]).decode()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_commonest_parser_reads_it_without_complaint(name: str) -> None:
    """``bozo`` is what half of the readers' import scripts look at."""
    parsed = feedparser.parse(DOCUMENTS[name])
    assert parsed.bozo is False
    assert parsed.version == "rss20"
    assert len(parsed.entries) == DOCUMENTS[name].count(b"<item>")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_beginning_and_the_characters_are_plain_xml(name: str) -> None:
    """A byte order mark, a DOCTYPE, an HTML entity or a forgotten prefix stops a strict parser at the first byte (A1)."""
    text = DOCUMENTS[name].decode("utf-8")
    assert text.startswith("<?xml version='1.0' encoding='UTF-8'?>\n<rss ")
    assert "<!DOCTYPE" not in text
    assert "ns0:" not in text
    assert not re.search(r"&(?!amp;|lt;|gt;|quot;|apos;|#\d+;)", text)


def test_the_channel_says_who_it_is() -> None:
    """feedgen takes the last link for the channel's, and the hub's page would open in place of the paper's."""
    feed = FEEDS.of_section["politics"]
    found = channel(entry(JOINT), feed=feed)
    assert texts(found, "title/text()") == ["두물일보 – 정치"]
    assert texts(found, "link/text()") == [feed.page]
    assert texts(found, "language/text()") == ["ko"]
    assert texts(found, "copyright/text()") == ["© 두물일보"]
    assert texts(found, "generator/text()") == ["Masthead"]
    assert texts(found, "ttl/text()") == ["5"]
    assert texts(found, "docs/text()") == ["https://www.rssboard.org/rss-specification"]
    assert [texts(found, f"image/{name}/text()") for name in ("url", "title", "link")] == [
        ["https://img.dumul.example/logo.png"],
        texts(found, "title/text()"),
        texts(found, "link/text()"),
    ]


def test_a_paper_without_a_logo_shows_its_icon_or_nothing() -> None:
    """An image without an address is invalid."""
    without_logo = RssWriter(catalogue(PAPER.model_copy(update={"logo": ""})))
    without_both = RssWriter(catalogue(PAPER.model_copy(update={"logo": "", "icon": ""})))
    assert b"<url>https://dumul.example/icon.png</url>" in written(without_logo)
    assert b"<image>" not in written(without_both)


def test_the_channel_links_to_itself_its_hubs_and_its_history() -> None:
    """Without self a reader cannot move the subscription, without hub it polls, without history it has no way back."""
    links = channel().findall("atom:link", NAMES)
    assert [(link.get("rel"), link.get("href")) for link in links] == [
        ("self", "https://feeds.dumul.example/front.rss"),
        ("hub", HUB),
        ("prev-archive", "https://feeds.dumul.example/archive/front.rss"),
    ]
    assert links[0].get("type") == "application/rss+xml"


def test_an_archive_says_where_it_stands_in_history() -> None:
    """A reader that walks back would take it for a feed of its own, or lose the way (H1)."""
    found = etree.fromstring(RSS.document(archive_of(FEEDS.front, "rss"), NOON, []))
    assert found.find("channel/fh:archive", NAMES) is not None
    assert texts(found, "channel/atom:link/@rel") == ["self", "current", "prev-archive", "next-archive"]
    assert channel().find("fh:archive", NAMES) is None


def test_dates_are_rfc_822_in_the_papers_zone() -> None:
    """Without the numeric zone or with a Korean weekday a story is nine hours off, or has no date."""
    found = item(entry(JOINT))
    assert texts(found, "pubDate/text()") == ["Mon, 02 Mar 2026 19:00:00 +0900"]
    assert texts(found, "atom:updated/text()") == ["2026-03-02T21:00:00+09:00"]
    assert texts(channel(entry(ENGLISH), entry(JOINT)), "lastBuildDate/text()") == ["Mon, 02 Mar 2026 21:00:00 +0900"]
    utc = replace(JOINT, published=JOINT.published.astimezone(UTC))
    assert RSS.piece(entry(utc), View.FULL) == RSS.piece(entry(JOINT), View.FULL)


def test_only_a_changed_story_has_a_second_date() -> None:
    """A reader would mark every story as edited."""
    assert item(entry(ENGLISH)).find("atom:updated", NAMES) is None


def test_an_empty_feed_is_as_old_as_the_papers_tag() -> None:
    """feedgen takes the present moment where no date is set: an empty feed's bytes would change with every run."""
    (stamp,) = texts(channel(), "lastBuildDate/text()")
    assert parsedate_to_datetime(stamp) == FEEDS.founded


def test_the_locale_of_the_process_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """feedgen switches it for each date, under the feet of all other threads."""

    def refuse(*_: object) -> str:
        raise AssertionError("the locale was touched")

    monkeypatch.setattr(locale, "setlocale", refuse)
    assert written(RssWriter(catalogue())) == DOCUMENTS["front"]


def test_an_item_has_the_id_of_the_atom_entry_and_does_not_call_it_an_address() -> None:
    """Who follows both formats would get the story twice; a reader would open the tag as a page."""
    found = item(entry(JOINT))
    assert texts(found, "guid/text()") == ["tag:dumul.example,2026-03-02:article/7"]
    assert texts(found, "guid/@isPermaLink") == ["false"]
    assert texts(found, "link/text()") == ["https://dumul.example/article/7"]


def test_titles_are_plain_and_descriptions_are_html() -> None:
    """A title would show its ampersands in letters; a < in a teaser would swallow the words after it."""
    assert texts(item(entry(ENGLISH)), "title/text()") == ["Night buses <b>& more</b>"]
    assert texts(item(entry(TEASER)), "description/text()") == ["경기는 &lt;자정&gt;에 끝났다."]


def test_the_teaser_comes_before_the_full_text() -> None:
    """A reader that knows no content:encoded shows the first that it finds."""
    found = item(entry(JOINT))
    tags = [child.tag for child in found]
    assert tags.index("description") < tags.index(f"{{{NAMES['content']}}}encoded")
    assert texts(found, "content:encoded/text()") == [content.text(entry(JOINT), View.FULL, language())]


@pytest.mark.parametrize("found", [entry(WIRE), entry(TEASER)])
def test_a_text_that_may_not_be_given_or_is_not_there_is_not_given(found: Entry) -> None:
    """Wire copy in full breaks the paper's contract; a teaser as content passes for the whole story (A10)."""
    assert texts(item(found), "content:encoded/text()") == []
    assert texts(item(found), "description/text()") != []


def test_an_excerpt_holds_no_full_text() -> None:
    """The paper gives its stories away where it means to give excerpts."""
    for found in (JOINT, ENGLISH, WIRE):
        assert texts(item(entry(found), View.EXCERPT), "content:encoded/text()") == []


def test_who_signed_is_named_without_an_address() -> None:
    """feedgen drops an author without an e-mail address, and with one the address would be harvested (A13)."""
    assert texts(item(entry(JOINT)), "dc:creator/text()") == ["강이든", "박지훈", "한물통신"]
    nameless = article(1, credits=(replace(credit("ideun"), name="ideun@dumul.example"),))
    everything = b"".join([*DOCUMENTS.values(), RSS.piece(entry(nameless), View.FULL)])
    assert b"@" not in everything
    assert b"<author>" not in everything


def test_sections_are_categories_with_a_domain() -> None:
    """A reader's filter for 정치 would let a story from 국회 through (A12)."""
    found = item(entry(JOINT))
    assert texts(found, "category/text()") == ["국회", "정치", "게임", "IT·과학"]
    assert set(texts(found, "category/@domain")) == {"https://dumul.example/ns/section"}


def test_pictures_are_media_rss_and_no_download() -> None:
    """Podcast programs would download every photograph; the photographer would have no name (A17)."""
    found = item(entry(JOINT))
    assert texts(found, "media:content/@url") == ["https://img.dumul.example/1.jpg", "https://img.dumul.example/2.jpg"]
    assert texts(found, "media:content/@type") == ["image/jpeg"]
    assert texts(found, "media:content/@width") == ["1200"]
    assert texts(found, "media:content/media:description/text()")[0] == "두물시 심야버스가 시험 운행을 하고 있다."
    assert texts(found, "media:content/media:credit/text()") == ["오사진", "오사진"]
    assert texts(found, "media:thumbnail/@url") == ["https://img.dumul.example/1.jpg"]
    assert found.find("enclosure") is None


def test_a_story_from_elsewhere_says_where_from_and_in_which_language() -> None:
    """A screen reader would read English with a Korean voice, and the agency would go unnamed."""
    assert texts(item(entry(ENGLISH)), "dc:language/text()") == ["en"]
    assert texts(item(entry(JOINT)), "dc:language/text()") == []
    wire = item(entry(WIRE))
    assert texts(wire, "source/text()") == ["한물통신"]
    assert texts(wire, "source/@url") == ["https://hanmul.example/feed.atom"]
    assert texts(wire, "dc:rights/text()") == ["© 한물통신"]


def test_a_correction_leads_to_the_story() -> None:
    """Its readers could not find what was wrong."""
    found = item(correction(JOINT))
    assert texts(found, "description/text()") == ["참가자는 40명이 아니라 41명입니다."]
    assert texts(found, "atom:link[@rel='related']/@href") == [JOINT.url]
    assert texts(found, "guid/text()") != texts(item(entry(JOINT)), "guid/text()")


def test_a_stub_says_that_the_story_is_gone_and_nothing_of_it() -> None:
    """A withdrawn story would be read on for as long as the stub stands."""
    found = item(stub(WITHDRAWN))
    assert texts(found, "guid/text()") == [WITHDRAWN.id]
    assert texts(found, "title/text()") == [content.title(stub(WITHDRAWN), language())]
    assert texts(found, "description/text()") == [content.text(stub(WITHDRAWN), View.FULL, language())]
    assert "거두어들인" not in "".join(texts(found, ".//text()"))
    assert [child.tag for child in found if "media" in str(child.tag)] == []


def test_tombstones_are_for_atom_only() -> None:
    """RFC 6721 knows no RSS: a strict reader refuses the unknown."""
    document, stone = document_of(FEEDS.front, "rss"), Tombstone(id=WITHDRAWN.id, when=NOON)
    assert RSS.document(document, NOON, [], [stone]) == RSS.document(document, NOON, [])


@pytest.mark.parametrize("broken", [article(2, headline="울\x0b림"), article(2, headline=""), article(2, body="<p>\x00</p>")])
def test_an_article_that_xml_cannot_hold_is_refused_alone(broken: Article) -> None:
    """One control character would lose the whole feed, as it does with feedgen alone."""
    with pytest.raises(ValueError, match=r"XML|headline"):
        RSS.piece(entry(broken), View.FULL)


def test_a_feed_whose_own_name_xml_cannot_hold_says_which() -> None:
    """The operator has to find the name among hundreds."""
    feeds = catalogue(reporters=[Reporter(slug="ideun", name="강\x01이든")])
    document = document_of(feeds.of_reporter["ideun"], "rss")
    with pytest.raises(RenderError, match=r"reporters/ideun\.rss"):
        RssWriter(feeds).document(document, NOON, [])


@given(st.lists(st.sampled_from(ENTRIES), unique_by=lambda found: (found.id, found.kind)), st.sampled_from(View))
def test_pieces_make_the_same_bytes_as_one_run_of_feedgen(entries: list[Entry], view: View) -> None:
    """A document spliced wrongly is read by some readers and refused by others."""
    for document in (document_of(FEEDS.of_section["it"], "rss", view), archive_of(FEEDS.front, "rss")):
        pieces = [RSS.piece(found, view) for found in entries]
        assert RSS.document(document, newest(entries), pieces) == RSS.whole(document, newest(entries), entries, view)


@given(found=stories(), view=st.sampled_from(View))
def test_any_text_gives_a_valid_feed_and_comes_back_whole(found: Article, view: View) -> None:
    """Whatever a source sends, subscribers get their feed, with the text as it was or without that one story."""
    entries = writable(RSS, [*entries_of(found), entry(ENGLISH)], view)
    document = document_of(FEEDS.front, "rss", view)
    whole = RSS.document(document, newest(entries), [RSS.piece(kept, view) for kept in entries])
    assert whole == RSS.whole(document, newest(entries), entries, view)
    parsed = feedparser.parse(whole)
    assert parsed.bozo is False
    assert [read.id for read in parsed.entries] == [kept.id for kept in entries]
    for kept, read in zip(entries, parsed.entries, strict=True):
        title = content.title(kept, language())
        if not re.search("[<&\x80-\xff]", title):  # in RSS feedparser guesses at markup and at letters decoded wrongly
            assert read.title.split() == title.split()
    for kept, read in zip(entries, etree.fromstring(whole).iterfind("channel/item"), strict=True):
        assert read.findtext("title") == content.title(kept, language())
        if text := content.text(kept, view, language()):
            assert text == read.findtext("content:encoded", read.findtext("description"), NAMES)
        assert texts(read, "dc:creator/text()") == [credit.name for credit in content.authors(kept)]


def test_the_same_articles_give_the_same_bytes_from_another_writer() -> None:
    """Bytes that change with the run or the machine are fetched again by every reader at every poll (W3)."""
    assert written(RssWriter(catalogue())) == DOCUMENTS["front"]
