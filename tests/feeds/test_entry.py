"""One entry of an Atom document: what it says of an article, of a correction, and of what was withdrawn."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from feeds import content
from feeds.catalogue import Catalogue
from feeds.entry import AtomWriter
from feeds.model import Entry, View
from newsroom.model import Agency, Article, Genre, Series
from newsroom.sections import SectionTree
from newsroom.topics import Topics
from tests.feeds.atom import ATOM, COLUMN, FEEDS, NAMES, XML_LANG, attributes, texts, tree
from tests.feeds.builders import PAPER, REPORTERS, SECTIONS, URL, article, credit, language
from tests.feeds.samples import (
    ENGLISH,
    JOINT,
    WIRE,
    WITHDRAWN,
    correction,
    entries_of,
    entry,
    stories,
    stub,
    writable,
    written,
)


def element(found: Entry, view: View = View.FULL, writer: AtomWriter = ATOM) -> etree._Element:
    """The only entry of a feed."""
    only = etree.fromstring(written(writer, [found], view)).find("a:entry", NAMES)
    assert only is not None
    return only


def test_an_article_has_one_id_in_every_feed() -> None:
    """A subscriber to a section and to a reporter would get the story twice (A4)."""
    ids = {str(texts(tree(entry(JOINT), feed=feed), "a:entry/a:id/text()")) for feed in FEEDS}
    assert ids == {"['tag:dumul.example,2026-03-02:article/7']"}


def test_times_are_the_papers_own_and_in_order() -> None:
    """Zones left out, or published after updated, put a story nine hours off or at the wrong place (A6, A7)."""
    found = element(entry(JOINT))
    stamps = [texts(found, f"{name}/text()")[0] for name in ("a:published", "a:updated", "app:edited")]
    assert stamps == ["2026-03-02T19:00:00+09:00", "2026-03-02T21:00:00+09:00", "2026-03-02T22:00:00+09:00"]
    utc = replace(JOINT, published=JOINT.published.astimezone(UTC))
    assert ATOM.piece(entry(utc), View.FULL) == ATOM.piece(entry(JOINT), View.FULL)


def test_the_entrys_link_keeps_its_attributes() -> None:
    """feedgen drops them, and a reader opens no page for a link of unknown type."""
    (link,) = element(entry(ENGLISH)).findall("a:link", NAMES)
    assert attributes(link) == {
        "href": "https://dumul.example/article/5",
        "rel": "alternate",
        "type": "text/html",
        "hreflang": "en",
    }


def test_an_entry_in_another_language_says_so() -> None:
    """A screen reader would read English with a Korean voice (A11)."""
    entries = tree(entry(ENGLISH), correction(ENGLISH), entry(COLUMN), stub(ENGLISH)).findall("a:entry", NAMES)
    assert [found.get(XML_LANG) for found in entries] == ["en", "en", None, None]


def test_sections_are_categories_with_the_tree_above_them() -> None:
    """A reader's filter for 정치 would let a story from 국회 through (A12)."""
    assert [attributes(category) for category in element(entry(JOINT)).findall("a:category", NAMES)] == [
        {"term": term, "scheme": "https://dumul.example/ns/section", "label": label}
        for term, label in [("assembly", "국회"), ("politics", "정치"), ("game", "게임"), ("it", "IT·과학")]
    ]


def test_series_genres_and_keywords_are_categories_of_their_own() -> None:
    """A filter for a column or for 인터뷰 would have nothing to hold on to; a term in Hangul is no stable name (A12)."""
    topics = Topics(
        [Series(slug="waterside", title="노한결의 물가에서", names=("노한결의 물가에서",))],
        [Genre(slug="interview", title="인터뷰", names=("인터뷰",))],
        [],
    )
    feeds = Catalogue(PAPER, URL, SectionTree(SECTIONS), REPORTERS, language(), topics=topics)
    story = replace(COLUMN, keywords=("인터뷰", "달빛 버스", "AI", "!"))
    assert [attributes(found) for found in element(entry(story), writer=AtomWriter(feeds)).findall("a:category", NAMES)] == [
        {"term": term, "scheme": f"https://dumul.example/ns/{scheme}", "label": label}
        for scheme, term, label in [
            ("section", "politics", "정치"),
            ("series", "waterside", "노한결의 물가에서"),
            ("genre", "interview", "인터뷰"),
            ("keyword", "%EC%9D%B8%ED%84%B0%EB%B7%B0", "인터뷰"),
            ("keyword", "%EB%8B%AC%EB%B9%9B%EB%B2%84%EC%8A%A4", "달빛 버스"),
            ("keyword", "ai", "AI"),
        ]
    ]


def test_authors_have_names_and_pages() -> None:
    """Each of two who signed is named, and the reporter's feed can be found from the story (A13)."""
    found = element(entry(JOINT))
    assert texts(found, "a:author/a:name/text()") == ["강이든", "박지훈", "한물통신"]
    assert texts(found, "a:author/a:uri/text()") == [
        "https://feeds.dumul.example/reporters/ideun.html",
        "https://feeds.dumul.example/reporters/jhpark.html",
    ]


def test_no_address_of_a_reporter_is_in_any_feed() -> None:
    """Harvesters collect it, and rss2email mails in the reporter's name (A13)."""
    nameless = article(1, credits=(replace(credit("ideun"), name="ideun@dumul.example"),))
    everything = b"".join([written(ATOM), *(ATOM.piece(found, View.FULL) for found in entries_of(nameless))])
    assert b"@" not in everything
    assert b"email" not in everything


def test_pictures_are_media_rss_with_credit() -> None:
    """Readers that show cards would have none, and the photographer no name (A17)."""
    found = element(entry(JOINT))
    assert texts(found, "media:content/@url") == ["https://img.dumul.example/1.jpg", "https://img.dumul.example/2.jpg"]
    first = found.find("media:content", NAMES)
    assert first is not None
    assert attributes(first) == {
        "url": "https://img.dumul.example/1.jpg",
        "medium": "image",
        "type": "image/jpeg",
        "width": "1200",
        "height": "800",
    }
    assert texts(first, "media:title/text()") == ["밤거리를 달리는 시내버스"]
    assert texts(first, "media:description/text()") == ["두물시 심야버스가 시험 운행을 하고 있다."]
    assert texts(first, "media:credit/text()") == ["오사진"]
    assert texts(found, "media:thumbnail/@url") == ["https://img.dumul.example/1.jpg"]


def test_agency_copy_names_its_source_and_its_rights() -> None:
    """The agency's contract asks to be named, and a merged feed could not tell its copy from the paper's own (A14, A15)."""
    found = element(entry(WIRE))
    assert texts(found, "a:rights/text()") == ["© 한물통신"]
    (source,) = found.findall("a:source", NAMES)
    assert [(str(part.tag).rpartition("}")[2], part.text, attributes(part)) for part in source] == [
        ("id", "https://hanmul.example/feed.atom", {}),
        ("title", "한물통신", {"type": "text"}),
        ("updated", "2026-03-02T15:00:00+09:00", {}),
        ("link", None, {"href": "https://hanmul.example/feed.atom", "rel": "self"}),
        ("link", None, {"href": "https://hanmul.example", "rel": "alternate", "type": "text/html"}),
        ("rights", "© 한물통신", {"type": "text"}),
    ]


def test_an_agency_without_an_address_still_has_a_permanent_name(atom_grammar: etree.RelaxNG) -> None:
    """A source without an id is invalid, and one that changes makes the agency another with every rendering."""
    feed = tree(entry(replace(WIRE, agency=Agency(name="한물통신"), rights="")))
    atom_grammar.assertValid(feed)
    name = "tag:dumul.example,2025:agency/%ED%95%9C%EB%AC%BC%ED%86%B5%EC%8B%A0"
    assert texts(feed, "a:entry/a:source/a:id/text()") == [name]
    assert texts(feed, "a:entry/a:source/a:link") == []
    assert texts(feed, "a:entry//a:rights") == []


def test_what_the_rights_forbid_is_not_given_in_full() -> None:
    """Wire copy in full breaks the paper's contract; the excerpt must not pass for the whole story (A10)."""
    for view in View:
        found = element(entry(WIRE), view)
        assert texts(found, "a:content") == []
        assert texts(found, "a:summary/text()") == [content.summary(entry(WIRE), view, language())] != [""]


def test_a_correction_is_a_story_of_its_own_that_leads_to_the_first() -> None:
    """Readers show a changed story as old news: who read the wrong one would never hear of it."""
    found = element(correction(JOINT))
    assert texts(found, "a:id/text()") == ["tag:dumul.example,2026-03-02:article/7/correction/1"]
    assert texts(found, "a:published/text()") == ["2026-03-02T21:00:00+09:00"]
    assert texts(found, "a:title/text()") == [f"[바로잡습니다] {JOINT.revision.headline}"]
    assert texts(found, "a:summary/text()") == [JOINT.revision.note]
    assert texts(found, "a:content/text()")[0].startswith(f"<p>{JOINT.revision.note}</p>")
    assert [attributes(link) for link in found.findall("a:link", NAMES)] == [
        {"href": JOINT.url, "rel": relation, "type": "text/html", "hreflang": "ko"} for relation in ("alternate", "related")
    ]
    assert texts(found, "a:author | media:content | a:source") == []


def test_a_stub_says_that_the_story_is_gone_and_nothing_of_it() -> None:
    """A withdrawn story would be read on for as long as the stub stands."""
    wire = replace(WIRE, series="거두어들인 연재", keywords=("거두어들인",), language="en")
    for story in (WITHDRAWN, replace(WITHDRAWN, series=wire.series, keywords=wire.keywords, rights="거두어들인"), wire):
        found = element(stub(story))
        assert texts(found, "a:id/text()") == [story.id]
        assert texts(found, "a:title/text()") == ["삭제된 기사입니다"]
        assert texts(found, "a:content/text()") == ["<p>신문사가 이 기사를 내렸습니다.</p>"]
        assert texts(found, "a:updated/text()") == texts(found, "app:edited/text()") == ["2026-03-02T23:00:00+09:00"]
        (link,) = found.findall("a:link", NAMES)
        assert attributes(link) == {"href": PAPER.url, "rel": "alternate", "type": "text/html", "hreflang": "ko"}
        kept = {"id", "title", "published", "updated", "edited", "link", "content"}
        assert {str(child.tag).rpartition("}")[2] for child in found} == kept
        assert "거두어들인" not in etree.tostring(found, encoding="unicode")


@pytest.mark.parametrize("broken", [article(2, headline="울\x0b림"), article(2, headline=""), article(2, body="<p>\x00</p>")])
def test_an_article_that_xml_cannot_hold_is_refused_alone(broken: Article) -> None:
    """One control character would lose the whole feed, as it does with feedgen alone."""
    with pytest.raises(ValueError, match=r"XML|[Rr]equired"):
        ATOM.piece(entry(broken), View.FULL)


@given(found=stories(), view=st.sampled_from(View))
def test_any_text_gives_a_valid_feed_and_comes_back_whole(found: Article, view: View, atom_grammar: etree.RelaxNG) -> None:
    """Whatever a source sends, subscribers get their feed, with the text as it was or without that one entry."""
    entries = writable(ATOM, [*entries_of(found), entry(ENGLISH)], view)
    assert entry(ENGLISH) in entries
    document = written(ATOM, entries, view)
    root = etree.fromstring(document)
    atom_grammar.assertValid(root)
    assert_read(document, entries)
    for kept, read in zip(entries, root.iterfind("a:entry", NAMES), strict=True):
        assert read.findtext("a:title", namespaces=NAMES) == content.title(kept, language())
        assert read.findtext("a:content", "", NAMES) == content.text(kept, view, language())
        assert read.findtext("a:summary", "", NAMES) == content.summary(kept, view, language())
        assert texts(read, "a:author/a:name/text()") == [credit.name for credit in content.authors(kept)]
        assert texts(read, "a:category/@label") == [category.label for category in content.categories(kept, FEEDS)]
        assert texts(read, "media:content/media:title/text()") == [image.alt for image in content.images(kept) if image.alt]


def assert_read(document: bytes, entries: Sequence[Entry]) -> None:
    """feedparser, which half of all programs read feeds with, sees these entries under these titles."""
    parsed = feedparser.parse(document)
    assert parsed.bozo is False
    assert [read.id for read in parsed.entries] == [kept.id for kept in entries]
    for kept, read in zip(entries, parsed.entries, strict=True):
        title = content.title(kept, language())
        if not re.search("[\x80-\xff]", title):  # letters that might be UTF-8 decoded wrongly it decodes again
            assert read.title.split() == title.split()


@given(found=stories())
def test_the_writer_refuses_only_what_xml_has_no_way_to_hold(found: Article) -> None:
    """A legal letter that is refused costs the paper a story."""
    forbidden = re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "".join(strings(found)))
    refused = not writable(ATOM, [entry(found)], View.FULL)
    assert refused <= (bool(forbidden) or not content.title(entry(found), language()))


def strings(found: Article) -> list[str]:
    revision = found.revision
    pictures = [text for image in revision.images for text in (image.alt, image.caption, image.credit)]
    names = [credit.name for credit in revision.credits]
    return [
        revision.headline,
        revision.body,
        revision.summary,
        revision.note,
        found.series,
        found.rights,
        *found.keywords,
        *pictures,
        *names,
    ]
