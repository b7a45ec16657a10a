"""The Atom documents: rules A1 to A20 of the feeds' standard, in the very bytes.

After a wanted change of the bytes: ``UPDATE_GOLDEN=1 pytest tests/feeds/test_entry.py``, then read the difference.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, timedelta
from pathlib import Path

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from feeds import content
from feeds.catalogue import Catalogue
from feeds.entry import AtomWriter
from feeds.errors import RenderError
from feeds.model import Document, Entry, Feed, Tombstone, View
from newsroom.model import Agency, Article, Genre, Reporter, Series
from newsroom.sections import SectionTree
from newsroom.topics import Topics
from tests.feeds.builders import NOON, PAPER, REPORTERS, SECTIONS, URL, article, catalogue, credit, language
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
STONES = (
    Tombstone(id="tag:dumul.example,2026-03-02:article/1", when=NOON + timedelta(days=1)),
    Tombstone(id="tag:dumul.example,2026-03-02:article/0/correction/2", when=NOON + timedelta(days=2, microseconds=5)),
)
ARCHIVE = archive_of(FEEDS.front, "atom")
KEPT = (entry(JOINT), entry(COLUMN))
DOCUMENTS = {
    "front": written(ATOM, [*ENTRIES[:2], entry(COLUMN), *ENTRIES[2:]]),
    "excerpt": written(ATOM, view=View.EXCERPT),
    "archive": ATOM.document(ARCHIVE, newest(KEPT), [ATOM.piece(one, View.FULL) for one in KEPT], STONES),
    "section": written(ATOM, KEPT, feed=FEEDS.of_section["politics"]),
    "reporter": written(ATOM, [entry(TEASER)], feed=FEEDS.of_reporter["jhpark2"]),
    "empty": written(ATOM, [], feed=FEEDS.of_section["diplomacy"]),
}


def tree(*entries: Entry, feed: Feed | None = None, view: View = View.FULL) -> etree._Element:
    return etree.fromstring(written(ATOM, entries, view, feed))


def element(found: Entry, view: View = View.FULL, writer: AtomWriter = ATOM) -> etree._Element:
    """The only entry of a feed."""
    only = etree.fromstring(written(writer, [found], view)).find("a:entry", NAMES)
    assert only is not None
    return only


def texts(parent: etree._Element, path: str) -> list[str]:
    found = parent.xpath(path, namespaces=NAMES)
    assert isinstance(found, list)
    return [str(text) for text in found]


def attributes(of: etree._Element) -> dict[str, str]:
    return {str(name): str(value) for name, value in of.items()}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_bytes_are_what_they_were(name: str) -> None:
    """A slip in one line would make every reader fetch every feed again, or show old stories as new."""
    assert DOCUMENTS[name].decode() == golden(GOLDEN / f"{name}.atom", DOCUMENTS[name]).decode()


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
    assert text.startswith("<?xml version='1.0' encoding='UTF-8'?>\n<?xml-stylesheet ")
    assert "<!DOCTYPE" not in text
    assert not re.search(r"&(?!amp;|lt;|gt;|quot;|apos;|#\d+;)", text)
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffd]", text)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_browser_is_told_how_to_show_it(name: str) -> None:
    """Who opens the address by hand would see a wall of tags (W11: a style sheet, and no XSLT)."""
    root = etree.fromstring(DOCUMENTS[name])
    instruction = root.getprevious()
    assert instruction is not None
    assert instruction.getprevious() is None
    assert instruction.text == f'type="text/css" href="{URL}/feed.css"'


@pytest.mark.parametrize("name", DOCUMENTS)
def test_namespaces_have_their_usual_prefixes_and_are_declared_once(name: str) -> None:
    """Many a reader looks for "media:content" in letters; Atom with a prefix is unknown to it altogether (A19)."""
    text = DOCUMENTS[name].decode()
    usual = {"": NAMES["a"], **{prefix: uri for prefix, uri in NAMES.items() if prefix != "a"}}
    declared = [(prefix, uri) for prefix, uri in re.findall(r'\sxmlns(?::(\w+))?="([^"]*)"', text)]
    assert sorted(declared) == sorted(usual.items())
    assert set(re.findall(r"</?(\w+):", text)) <= usual.keys()


def test_the_feed_says_who_it_is() -> None:
    """Without self and alternate links a reader cannot move the subscription or open the site (A2, A11, A14)."""
    feed = tree(entry(JOINT), feed=FEEDS.of_section["politics"])
    assert feed.get(XML_LANG) == "ko"
    assert texts(feed, "a:id/text()") == ["tag:dumul.example,2025:feeds/sections/politics"]
    assert texts(feed, "a:link[@rel='self']/@href") == ["https://feeds.dumul.example/sections/politics.atom"]
    assert texts(feed, "a:link[@rel='self']/@type") == ["application/atom+xml"]
    assert texts(feed, "a:link[@rel='alternate']/@href") == ["https://feeds.dumul.example/sections/politics.html"]
    assert texts(feed, "a:author/a:name/text()") == ["두물일보"]
    assert texts(feed, "a:icon/text()") == ["https://dumul.example/icon.png"]
    assert texts(feed, "a:logo/text()") == ["https://img.dumul.example/logo.png"]
    assert texts(feed, "a:rights/text()") == ["© 두물일보"]
    assert texts(feed, "a:generator/text()") == ["Masthead"]


def test_the_feed_links_to_its_hubs_and_its_history() -> None:
    """Without a hub readers poll; without the archive there is no way back to older stories (P1, H1)."""
    feed = tree()
    assert [(link.get("rel"), link.get("href")) for link in feed.findall("a:link", NAMES)] == [
        ("self", "https://feeds.dumul.example/front.atom"),
        ("alternate", "https://dumul.example"),
        ("hub", HUB),
        ("prev-archive", "https://feeds.dumul.example/archive/front.atom"),
    ]
    assert feed.find("fh:archive", NAMES) is None


def test_an_archive_says_where_it_stands_in_history() -> None:
    """A reader that walks back would take it for a feed of its own, or lose the way (H1)."""
    feed = etree.fromstring(DOCUMENTS["archive"])
    assert feed.find("fh:archive", NAMES) is not None
    assert [(link.get("rel"), link.get("href")) for link in feed.findall("a:link", NAMES)] == [
        ("self", ARCHIVE.address),
        ("alternate", "https://dumul.example"),
        ("current", "https://feeds.dumul.example/front.atom"),
        ("prev-archive", "https://feeds.dumul.example/archive/front-01.atom"),
        ("next-archive", "https://feeds.dumul.example/archive/front-03.atom"),
    ]


def test_tombstones_stand_before_the_entries() -> None:
    """A reader that has read its fill of entries would keep a story that the paper took back (A20, RFC 6721)."""
    feed = etree.fromstring(DOCUMENTS["archive"])
    tags = [child.tag for child in feed]
    stones, entries = f"{{{NAMES['at']}}}deleted-entry", f"{{{NAMES['a']}}}entry"
    assert [tag for tag in tags if tag in {stones, entries}] == [stones, stones, entries, entries]
    assert [attributes(stone) for stone in feed.iterfind("at:deleted-entry", NAMES)] == [
        {"ref": "tag:dumul.example,2026-03-02:article/1", "when": "2026-03-03T12:00:00+09:00"},
        {"ref": "tag:dumul.example,2026-03-02:article/0/correction/2", "when": "2026-03-04T12:00:00+09:00"},
    ]


def test_text_says_that_it_is_text() -> None:
    """A headline with < in it would be shown as markup, or vanish (A8)."""
    feed = tree(entry(ENGLISH), entry(WIRE))
    assert set(texts(feed, "//a:title/@type | //a:subtitle/@type | //a:rights/@type | //a:summary/@type")) == {"text"}
    assert texts(feed, "//*[self::a:title or self::a:subtitle or self::a:rights or self::a:summary][not(@type)]") == []
    assert texts(feed, "a:entry[1]/a:title/text()") == ["Night buses <b>& more</b>"]


def test_an_article_has_one_piece_in_every_feed() -> None:
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


def test_the_feed_was_updated_when_the_caller_says() -> None:
    """A reader that looks at the feed's own date would miss the correction of an older story."""
    assert texts(tree(entry(COLUMN), entry(JOINT), entry(TEASER)), "a:updated/text()") == ["2026-03-02T21:00:00+09:00"]


@pytest.mark.parametrize(
    ("tag", "day"), [("x.kr,2025", "2025-01-01"), ("x.kr,2024-05", "2024-05-01"), ("x.kr,2024-05-06", "2024-05-06")]
)
def test_an_empty_feed_is_as_old_as_the_papers_tag(tag: str, day: str) -> None:
    """The clock's time would change an empty feed's bytes with every run."""
    feeds = catalogue(PAPER.model_copy(update={"tag": tag}))
    document = AtomWriter(feeds).document(document_of(feeds.front, "atom"), feeds.founded, [])
    assert feedparser.parse(document).feed.updated == f"{day}T00:00:00+09:00"


def test_entries_stay_in_the_order_given() -> None:
    """feedgen puts the last one first: yesterday's story would stand on top (A18)."""
    kept = [article(number) for number in (5, 4, 3, 2, 1)]
    assert texts(tree(*map(entry, kept)), "a:entry/a:id/text()") == [story.id for story in kept]


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
    everything = b"".join([*DOCUMENTS.values(), *(ATOM.piece(found, View.FULL) for found in entries_of(nameless))])
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


def test_a_feed_whose_own_name_xml_cannot_hold_says_which() -> None:
    """The operator has to find the name among hundreds."""
    feeds = catalogue(reporters=[Reporter(slug="ideun", name="강\x01이든")])
    document = document_of(feeds.of_reporter["ideun"], "atom")
    with pytest.raises(RenderError, match=r"reporters/ideun\.atom"):
        AtomWriter(feeds).document(document, NOON, [])


HEADS = st.builds(
    lambda feed, archive, hubs, history: (
        archive_of(feed, "atom") if archive else replace(document_of(feed, "atom"), hubs=hubs, history=history)
    ),
    st.sampled_from(tuple(FEEDS)),
    st.booleans(),
    st.sampled_from([(), (HUB,), (HUB, "https://hub.example/?a=1&b=2")]),
    st.sampled_from(["", "https://feeds.dumul.example/front/2026-02.atom"]),
)
STONED = st.lists(
    st.builds(
        Tombstone,
        id=st.integers(0, 99).map("tag:dumul.example,2026-03-02:article/{}".format),
        when=st.integers(0, 10**9).map(lambda seconds: NOON + timedelta(seconds=seconds)),
    ),
    max_size=4,
)
SOME = st.lists(st.sampled_from([*ENTRIES, entry(COLUMN)]) | stories().flatmap(lambda story: st.sampled_from(entries_of(story))))


@given(head=HEADS, found=SOME, stones=STONED, view=st.sampled_from(View))
def test_pieces_make_the_same_bytes_as_one_run_of_feedgen(
    head: Document, found: list[Entry], stones: list[Tombstone], view: View
) -> None:
    """A document spliced wrongly is read by some readers and refused by others."""
    document, entries = replace(head, view=view), writable(ATOM, found, view)
    pieces = [ATOM.piece(kept, view) for kept in entries]
    whole = ATOM.whole(document, newest(entries), entries, view, stones)
    assert ATOM.document(document, newest(entries), pieces, stones) == whole


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


@given(st.permutations([JOINT, COLUMN, ENGLISH, TEASER]))
def test_the_same_articles_give_the_same_bytes_from_another_writer(found: list[Article]) -> None:
    """Bytes that change with the run or the machine are fetched again by every reader at every poll (W3)."""
    entries = list(map(entry, found))
    assert written(ATOM, entries) == written(AtomWriter(catalogue()), entries)


def test_no_clock_has_a_part_in_the_bytes() -> None:
    """feedgen takes the present moment wherever a date is not set."""
    moments = {found.decode() for found in re.findall(rb">(\d{4}-\d\d-\d\dT[^<]+)<", DOCUMENTS["front"])}
    known = {
        at.replace(microsecond=0).isoformat()
        for kept in (*ENTRIES, entry(COLUMN))
        for at in (kept.published, kept.updated, kept.edited)
    }
    assert moments <= known
    assert set(re.findall(rb">(\d{4})-\d\d-\d\dT", DOCUMENTS["empty"])) == {b"2025"}


def test_all_feeds_of_the_paper_are_valid(atom_grammar: etree.RelaxNG) -> None:
    """One kind of feed could be wrong while the others are right."""
    for feed in FEEDS:
        atom_grammar.assertValid(tree(*ENTRIES, feed=feed))
