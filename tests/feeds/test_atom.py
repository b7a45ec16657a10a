"""The Atom documents: rules A1 to A20 of the feeds' standard, in the very bytes; test_entry.py looks at single entries.

After a wanted change of the bytes: ``UPDATE_GOLDEN=1 pytest tests/feeds/test_atom.py``, then read the difference.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from feeds.entry import AtomWriter
from feeds.errors import RenderError
from feeds.model import Document, Entry, Tombstone, View
from newsroom.model import Article, Reporter
from tests.feeds.atom import ATOM, COLUMN, FEEDS, NAMES, XML_LANG, attributes, texts, tree
from tests.feeds.builders import NOON, PAPER, URL, article, catalogue
from tests.feeds.samples import (
    ENGLISH,
    ENTRIES,
    HUB,
    JOINT,
    TEASER,
    WIRE,
    archive_of,
    document_of,
    entries_of,
    entry,
    golden,
    newest,
    stories,
    writable,
    written,
)

GOLDEN = Path(__file__).parent / "golden"
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
