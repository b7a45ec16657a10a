"""The file that takes every feed into a reader at once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lxml import etree

from feeds.catalogue import Catalogue
from feeds.errors import RenderError
from feeds.opml import opml
from newsroom.model import Genre, Section, Series
from newsroom.sections import SectionTree
from newsroom.topics import Topics
from tests.feeds.builders import PAPER, REPORTERS, URL, catalogue, language


def outlines(element: etree._Element) -> list[object]:
    """The tree as nested lists of titles."""
    return [[child.get("text"), *outlines(child)] if len(child) else child.get("text") for child in element.findall("outline")]


def test_the_tree_is_the_papers() -> None:
    """A subscriber would find thirty feeds in one heap."""
    body = etree.fromstring(opml(catalogue())).find("body")
    assert body is not None
    assert outlines(body) == [
        "두물일보",
        [
            "두물일보 – 면",
            ["두물일보 – 정치", "두물일보 – 정치", "두물일보 – 국회", "두물일보 – 외교·안보"],
            ["두물일보 – IT·과학", "두물일보 – IT·과학", "두물일보 – 게임"],
            "두물일보 – 스포츠",
        ],
        [
            "두물일보 – 기자",
            "두물일보 – 강이든 기자",
            "두물일보 – 박지훈 기자 (정치)",
            "두물일보 – 박지훈 기자 (스포츠)",
            "두물일보 – 임채원 과학전문기자",
        ],
    ]


def test_it_follows_opml_2() -> None:
    """Readers refuse a file without version or title and skip an outline without text or address (O1)."""
    root = etree.fromstring(opml(catalogue()))
    assert (root.tag, root.get("version")) == ("opml", "2.0")
    assert root.findtext("head/title") == "두물일보"
    subscriptions = root.findall(".//outline[@xmlUrl]")
    assert {outline.get("xmlUrl") for outline in subscriptions} == {feed.url for feed in catalogue()}
    for outline in subscriptions:
        assert outline.get("type") == "rss"
        assert outline.get("language") == "ko"
        assert str(outline.get("htmlUrl")).startswith("https://")
        assert outline.get("title") == outline.get("text") != ""


def test_no_feed_holds_others() -> None:
    """Miniflux and others take an outline with an address for a feed and lose what stands below it."""
    root = etree.fromstring(opml(catalogue()))
    assert root.findall(".//outline[@xmlUrl]/outline") == []


def test_who_has_left_is_not_offered() -> None:
    """A new subscriber would wait for stories that never come; the feed itself stays for the old ones."""
    left = [replace(REPORTERS[0], active=False), *REPORTERS[1:]]
    assert b"ideun" not in opml(catalogue(reporters=left))
    assert "reporters/ideun" in [feed.path for feed in catalogue(reporters=left)]


def test_series_and_genres_are_offered_after_the_reporters() -> None:
    """A column's readers would have to find its feed page by page."""
    topics = Topics(
        [Series(slug="slow", title="느린 셈", names=("느린 셈",))],
        [Genre(slug="interview", title="인터뷰", names=("인터뷰",))],
        [],
    )
    feeds = Catalogue(PAPER, URL, SectionTree([]), [], language(), topics=topics)
    body = etree.fromstring(opml(feeds)).find("body")
    assert body is not None
    assert outlines(body) == [
        "두물일보",
        ["두물일보 – 연재", "두물일보 – 느린 셈"],
        ["두물일보 – 갈래", "두물일보 – 인터뷰"],
    ]


def test_a_new_paper_has_a_file_too() -> None:
    """A paper without sections and reporters would fail at its first publishing."""
    body = etree.fromstring(opml(catalogue(sections=[], reporters=[]))).find("body")
    assert body is not None
    assert outlines(body) == ["두물일보"]


def test_a_title_that_xml_cannot_hold_is_told() -> None:
    """The operator would see a traceback of a library instead of the reason."""
    with pytest.raises(RenderError, match="written as XML"):
        opml(catalogue(PAPER, [Section(slug="it", title="IT\x02")]))
