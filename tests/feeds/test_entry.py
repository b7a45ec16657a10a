"""The Atom documents: rules A1 to A19 of the feeds' standard, in the very bytes.

After a wanted change of the bytes: ``UPDATE_GOLDEN=1 pytest tests/feeds/test_entry.py``, then read the difference.
"""

from __future__ import annotations

import itertools
import os
import re
from dataclasses import replace
from datetime import UTC, timedelta
from html import escape
from pathlib import Path

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from structlog.testing import capture_logs

from feeds import content
from feeds.entry import AtomWriter
from feeds.errors import RenderError
from feeds.model import Feed
from newsroom.model import Article, Credit, CreditKind, Image, Reporter
from tests.feeds.builders import NOON, PAPER, article, catalogue, credit, language, picture

GOLDEN = Path(__file__).parent / "golden"
NAMES = {"a": "http://www.w3.org/2005/Atom", "app": "http://www.w3.org/2007/app", "media": "http://search.yahoo.com/mrss/"}
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

JOINT = article(
    7,
    headline="“검토라는 말은 빼 주세요”… 시민이 먼저 물은 ‘거꾸로 시정질문’",
    body="<p>시민 41명이 물었다. <두물일보>가 들었다 &amp; 적었다.</p>".replace("<두물일보>", "&lt;두물일보&gt;"),
    sections=("assembly", "game"),
    credits=(credit("ideun"), credit("jhpark"), Credit(name="한물통신", kind=CreditKind.AGENCY)),
    images=(picture(1), picture(2)),
    summary="시의회가 하루를 통째로 시민에게 내주었다.",
    note="참가자는 40명이 아니라 41명입니다.",
    updated=NOON + timedelta(hours=9),
    edited=NOON + timedelta(hours=10, microseconds=7),
    rights="© 한물통신",
)
COLUMN = article(6, headline="사라진 골목", series="노한결의 물가에서", sections=("politics",), signed=("chaewon",))
ENGLISH = article(5, headline="Night buses <b>& more</b>", language="en", sections=("it",), credits=())
TEASER = article(4, body="", summary="경기는 자정에 끝났다.", sections=("sports",), signed=("jhpark2",))


def document(*articles: Article, feed: Feed | None = None) -> bytes:
    feeds = catalogue()
    return AtomWriter(feeds).feed(feed or feeds.front, articles)


def tree(*articles: Article, feed: Feed | None = None) -> etree._Element:
    return etree.fromstring(document(*articles, feed=feed))


def texts(element: etree._Element, path: str) -> list[str]:
    found = element.xpath(path, namespaces=NAMES)
    assert isinstance(found, list)
    return [str(text) for text in found]


def attributes(element: etree._Element) -> dict[str, str]:
    return {str(name): str(value) for name, value in element.items()}


DOCUMENTS = {
    "front": document(JOINT, COLUMN, ENGLISH, TEASER),
    "section": document(JOINT, COLUMN, feed=catalogue().of_section["politics"]),
    "reporter": document(TEASER, feed=catalogue().of_reporter["jhpark2"]),
    "empty": document(feed=catalogue().of_section["diplomacy"]),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_bytes_are_what_they_were(name: str) -> None:
    """A slip in one line would make every reader fetch every feed again, or show old stories as new."""
    golden = GOLDEN / f"{name}.atom"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_bytes(DOCUMENTS[name])
    assert DOCUMENTS[name].decode() == golden.read_text("utf-8")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_document_follows_the_grammar_of_atom(name: str, atom_grammar: etree.RelaxNG) -> None:
    """Strict readers and portals refuse the whole feed."""
    atom_grammar.assertValid(etree.fromstring(DOCUMENTS[name]))


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("<published>2026-03-02T19:00:00+09:00</published>", "<published>2026-03-02 19:00</published>"),
        ("<id>tag:dumul.example,2026-03-02:article/7</id>", ""),
        ('<content type="html">', '<content type="CDATA">'),
        ('term="assembly"', ""),
        ("<name>강이든</name>", "<name>강이든</name><name>다시</name>"),
        ('hreflang="ko"', 'hreflang="한국어"'),
        ("<app:edited>", "<edited>"),
    ],
)
def test_the_grammar_itself_notices_faults(right: str, wrong: str, atom_grammar: etree.RelaxNG) -> None:
    """A grammar that accepts everything would prove nothing in the tests beside this one."""
    text = DOCUMENTS["front"].decode()
    assert right in text
    spoilt = text.replace(right, wrong, 1).replace("</app:edited>", "</edited>" if wrong == "<edited>" else "</app:edited>", 1)
    assert not atom_grammar.validate(etree.fromstring(spoilt.encode()))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_commonest_parser_reads_it_without_complaint(name: str) -> None:
    """``bozo`` is what half of the readers' import scripts look at."""
    parsed = feedparser.parse(DOCUMENTS[name])
    assert parsed.bozo is False
    assert parsed.version == "atom10"
    assert len(parsed.entries) == DOCUMENTS[name].count(b"<entry")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_beginning_and_the_characters_are_plain_xml(name: str) -> None:
    """A byte order mark, a DOCTYPE or an HTML entity stops a strict parser at the first byte (A1)."""
    text = DOCUMENTS[name].decode("utf-8")
    assert text.startswith("<?xml version='1.0' encoding='UTF-8'?>\n<feed ")
    assert "<!DOCTYPE" not in text
    assert not re.search(r"&(?!amp;|lt;|gt;|quot;|apos;|#\d+;)", text)
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffd]", text)


def test_the_feed_says_who_it_is() -> None:
    """Without self and alternate links a reader cannot move the subscription or open the site (A2, A11, A14)."""
    feed = tree(JOINT, feed=catalogue().of_section["politics"])
    assert feed.get(XML_LANG) == "ko"
    assert texts(feed, "a:id/text()") == ["tag:dumul.example,2025:feeds/sections/politics"]
    assert texts(feed, "a:link[@rel='self']/@href") == ["https://feeds.dumul.example/sections/politics.atom"]
    assert texts(feed, "a:link[@rel='self']/@type") == ["application/atom+xml"]
    assert texts(feed, "a:link[@rel='alternate']/@href") == ["https://feeds.dumul.example/index.html#section-politics"]
    assert texts(feed, "a:author/a:name/text()") == ["두물일보"]
    assert texts(feed, "a:icon/text()") == ["https://dumul.example/icon.png"]
    assert texts(feed, "a:logo/text()") == ["https://img.dumul.example/logo.png"]
    assert texts(feed, "a:rights/text()") == ["© 두물일보"]
    assert texts(feed, "a:generator/text()") == ["Masthead"]


def test_text_says_that_it_is_text() -> None:
    """A headline with < in it would be shown as markup, or vanish (A8)."""
    feed = tree(ENGLISH)
    assert set(texts(feed, "//a:title/@type | //a:subtitle/@type | //a:rights/@type")) == {"text"}
    assert texts(feed, "a:entry/a:title/text()") == ["Night buses <b>& more</b>"]


def test_an_article_has_one_id_in_every_feed() -> None:
    """A subscriber to a section and to a reporter would get the story twice (A4)."""
    feeds = catalogue()
    ids = {str(texts(tree(JOINT, feed=feed), "a:entry/a:id/text()")) for feed in feeds.holding(JOINT.sections, JOINT.reporters)}
    assert ids == {"['tag:dumul.example,2026-03-02:article/7']"}


def test_times_are_the_papers_own_and_in_order() -> None:
    """Zones left out, or published after updated, put a story nine hours off or at the wrong place (A6, A7)."""
    entry = tree(JOINT)
    stamps = [texts(entry, f"a:entry/{name}/text()")[0] for name in ("a:published", "a:updated", "app:edited")]
    assert stamps == ["2026-03-02T19:00:00+09:00", "2026-03-02T21:00:00+09:00", "2026-03-02T22:00:00+09:00"]
    utc = replace(JOINT, published=JOINT.published.astimezone(UTC))
    assert document(utc) == document(JOINT)


def test_the_feed_was_updated_with_its_newest_update() -> None:
    """A reader that looks at the feed's own date would miss the correction of an older story."""
    assert texts(tree(COLUMN, JOINT, TEASER), "a:updated/text()") == ["2026-03-02T21:00:00+09:00"]


@pytest.mark.parametrize(
    ("tag", "day"), [("x.kr,2025", "2025-01-01"), ("x.kr,2024-05", "2024-05-01"), ("x.kr,2024-05-06", "2024-05-06")]
)
def test_an_empty_feed_is_as_old_as_the_papers_tag(tag: str, day: str) -> None:
    """The clock's time would change an empty feed's bytes with every run."""
    feeds = catalogue(PAPER.model_copy(update={"tag": tag}))
    updated = feedparser.parse(AtomWriter(feeds).feed(feeds.front, [])).feed.updated
    assert updated == f"{day}T00:00:00+09:00"


def test_entries_stay_in_the_order_given() -> None:
    """feedgen puts the last one first: yesterday's story would stand on top (A18)."""
    stories = [article(number) for number in (5, 4, 3, 2, 1)]
    assert texts(tree(*stories), "a:entry/a:id/text()") == [story.id for story in stories]


def test_the_entrys_link_keeps_its_attributes() -> None:
    """feedgen drops them, and a reader opens no page for a link of unknown type."""
    (link,) = tree(ENGLISH).findall("a:entry/a:link", NAMES)
    assert attributes(link) == {
        "href": "https://dumul.example/article/5",
        "rel": "alternate",
        "type": "text/html",
        "hreflang": "en",
    }


def test_an_entry_in_another_language_says_so() -> None:
    """A screen reader would read English with a Korean voice (A11)."""
    entries = tree(ENGLISH, COLUMN).findall("a:entry", NAMES)
    assert [entry.get(XML_LANG) for entry in entries] == ["en", None]


def test_sections_are_categories_with_the_tree_above_them() -> None:
    """A reader's filter for 정치 would let a story from 국회 through (A12)."""
    categories = tree(JOINT).findall("a:entry/a:category", NAMES)
    assert [attributes(category) for category in categories] == [
        {"term": term, "scheme": "https://dumul.example/ns/section", "label": label}
        for term, label in [("assembly", "국회"), ("politics", "정치"), ("game", "게임"), ("it", "IT·과학")]
    ]


def test_authors_have_names_and_pages() -> None:
    """Each of two who signed is named, and the reporter's feed can be found from the story (A13)."""
    entry = tree(JOINT)
    assert texts(entry, "a:entry/a:author/a:name/text()") == ["강이든", "박지훈", "한물통신"]
    assert texts(entry, "a:entry/a:author/a:uri/text()") == [
        "https://feeds.dumul.example/index.html#reporter-ideun",
        "https://feeds.dumul.example/index.html#reporter-jhpark",
    ]


def test_no_address_of_a_reporter_is_in_any_feed() -> None:
    """Harvesters collect it, and rss2email mails in the reporter's name (A13)."""
    nameless = article(1, credits=(replace(credit("ideun"), name="ideun@dumul.example"),))
    everything = b"".join([*DOCUMENTS.values(), document(nameless)])
    assert b"@" not in everything
    assert b"email" not in everything


def test_pictures_are_media_rss_with_credit() -> None:
    """Readers that show cards would have none, and the photographer no name (A17)."""
    entry = tree(JOINT)
    assert texts(entry, "a:entry/media:content/@url") == ["https://img.dumul.example/1.jpg", "https://img.dumul.example/2.jpg"]
    first = entry.find("a:entry/media:content", NAMES)
    assert first is not None
    assert attributes(first) == {
        "url": "https://img.dumul.example/1.jpg",
        "medium": "image",
        "type": "image/jpeg",
        "width": "1200",
        "height": "800",
    }
    assert texts(first, "media:title/text()") == ["밤거리를 달리는 시내버스"]
    assert texts(first, "media:credit/text()") == ["오사진"]
    assert texts(entry, "a:entry/media:thumbnail/@url") == ["https://img.dumul.example/1.jpg"]
    assert b"ns0:" not in DOCUMENTS["front"]


def test_an_article_that_xml_cannot_hold_is_left_out_alone() -> None:
    """One control character would lose the whole feed, as it does with feedgen alone."""
    bad, empty = article(2, headline="울\x0b림"), article(4, headline="")
    with capture_logs() as said:
        feed = tree(article(5), empty, article(3), bad, article(1))
    assert texts(feed, "a:entry/a:id/text()") == [article(number).id for number in (5, 3, 1)]
    assert [(line["article"], line["feed"]) for line in said] == [(empty.id, "front.atom"), (bad.id, "front.atom")]


def test_a_feed_whose_own_name_xml_cannot_hold_says_which() -> None:
    """The operator has to find the name among hundreds."""
    feeds = catalogue(reporters=[Reporter(slug="ideun", name="강\x01이든")])
    with pytest.raises(RenderError, match=r"reporters/ideun\.atom"):
        AtomWriter(feeds).feed(feeds.of_reporter["ideun"], [])


FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
ANY_TEXT = st.text(max_size=40) | st.sampled_from(
    [
        "]]>",
        "&lt;b&gt;",
        "<![CDATA[",
        "한글",
        "\u202e오른쪽",
        "👩‍👩‍👧‍👦",
        "줄\r\n바꿈",
        "\x00",
        "\x1b[0m",
        "&nbsp;",
        "\u0085",
        "a\ufffeb",
    ]
)


@given(headline=ANY_TEXT, text=ANY_TEXT, summary=ANY_TEXT, name=ANY_TEXT, words=ANY_TEXT)
def test_any_text_gives_a_valid_feed_and_comes_back_whole(
    headline: str, text: str, summary: str, name: str, words: str, atom_grammar: etree.RelaxNG
) -> None:
    """Whatever a source sends, subscribers get their feed, with the text as it was or without that one story."""
    story = article(
        2,
        headline=headline,
        body=f"<p>{escape(text)}</p>",
        summary=summary,
        credits=[Credit(name=name)],
        images=[Image(url="https://img.dumul.example/1.jpg", alt=words, caption=words)],
    )
    feed = tree(story, article(1))
    atom_grammar.assertValid(feed)
    entries = feed.findall("a:entry", NAMES)
    assert texts(entries[-1], "a:id/text()") == [article(1).id]
    writable = headline and not any(FORBIDDEN.search(part) for part in (headline, text, summary, words))
    if writable and not (content.is_name(name) and FORBIDDEN.search(name)):
        assert texts(entries[0], "a:title/text()") == [headline]
        assert texts(entries[0], "a:content/text()") == [content.content(story.revision, language())]
        assert texts(entries[0], "a:author/a:name/text()") == ([name] if content.is_name(name) else [])
        assert texts(entries[0], "media:content/media:title/text()") == ([words] if words else [])
        assert feedparser.parse(etree.tostring(feed)).bozo is False
    else:
        assert len(entries) == 1


@given(st.permutations([JOINT, COLUMN, ENGLISH, TEASER]))
def test_the_same_articles_give_the_same_bytes(stories: list[Article]) -> None:
    """Bytes that change with the run or the machine are fetched again by every reader at every poll (W3)."""
    assert document(*stories) == document(*stories)


def test_no_clock_has_a_part_in_the_bytes() -> None:
    """feedgen takes the present moment wherever a date is not set."""
    years = set(re.findall(rb">(\d{4})-\d\d-\d\dT", b"".join(DOCUMENTS.values())))
    assert years == {b"2025", b"2026"}
    moments = {found.decode() for found in re.findall(rb">(\d{4}-\d\d-\d\dT[^<]+)<", DOCUMENTS["front"])}
    known = {
        at.replace(microsecond=0).isoformat()
        for story in (JOINT, COLUMN, ENGLISH, TEASER)
        for at in (story.published, story.revision.updated, story.revision.edited)
    }
    assert moments <= known


def test_all_feeds_of_the_paper_are_valid(atom_grammar: etree.RelaxNG) -> None:
    """One kind of feed could be wrong while the others are right."""
    feeds = catalogue()
    for feed, story in itertools.product(feeds, (JOINT, TEASER)):
        atom_grammar.assertValid(etree.fromstring(AtomWriter(feeds).feed(feed, [story])))
