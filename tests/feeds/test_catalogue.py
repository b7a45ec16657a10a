"""Which feeds there are, what they are called, and which of them an article is in."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.model import FeedKind
from newsroom.model import Reporter
from tests.feeds.builders import PAPER, REPORTERS, SECTIONS, catalogue


def test_feeds_come_in_the_papers_order() -> None:
    """The page of feeds and the OPML file would list sections in an order that no reader of the paper knows."""
    assert [feed.path for feed in catalogue()] == [
        "front.atom",
        "sections/politics.atom",
        "sections/assembly.atom",
        "sections/diplomacy.atom",
        "sections/it.atom",
        "sections/game.atom",
        "sections/sports.atom",
        "reporters/ideun.atom",
        "reporters/jhpark.atom",
        "reporters/jhpark2.atom",
        "reporters/chaewon.atom",
    ]
    assert len(catalogue()) == 11


def test_ids_follow_from_slugs_alone() -> None:
    """A feed whose id changes is a new feed to every reader; ids must outlive new names, titles and addresses."""
    renamed = catalogue(
        PAPER.model_copy(update={"name": "새두물일보", "url": "http://www.new.example", "language": "en"}),
        [replace(section, title=section.title + "면") for section in SECTIONS],
        [replace(reporter, name="새이름", role="부장") for reporter in REPORTERS],
    )
    ids = [feed.id for feed in catalogue()]
    assert [feed.id for feed in renamed] == ids
    assert len(set(ids)) == len(ids)
    assert ids[:2] == ["tag:dumul.example,2025:feeds/front", "tag:dumul.example,2025:feeds/sections/politics"]


def test_titles_carry_the_papers_name() -> None:
    """In a reader the feed stands among those of other papers: a bare 정치 says nothing."""
    feeds = catalogue()
    assert feeds.front.title == "두물일보"
    assert feeds.of_section["it"].title == "두물일보 – IT·과학"
    assert feeds.of_reporter["ideun"].title == "두물일보 – 강이든 기자"
    assert feeds.of_section["it"].subtitle == "두물일보 IT·과학면 기사 (게임 포함)"
    assert feeds.of_reporter["chaewon"].subtitle == "두물일보 임채원 과학전문기자의 기사"


def test_an_english_paper_is_spoken_of_in_english() -> None:
    """A subscriber of an English paper would meet Korean."""
    paper = PAPER.model_copy(update={"name": "The Confluence", "language": "en"})
    feeds = catalogue(paper, SECTIONS, [Reporter(slug="doe", name="Jane Doe", role="Staff Writer")])
    assert feeds.of_reporter["doe"].title == "The Confluence – Jane Doe, Staff Writer"
    assert feeds.front.subtitle == "Every story of The Confluence"


def test_two_reporters_of_one_name_are_told_apart_by_section() -> None:
    """A subscriber could not know which 박지훈 writes about sports."""
    feeds = catalogue()
    assert feeds.of_reporter["jhpark"].title == "두물일보 – 박지훈 기자 (정치)"
    assert feeds.of_reporter["jhpark2"].title == "두물일보 – 박지훈 기자 (스포츠)"


@pytest.mark.parametrize(("first", "second"), [("", ""), ("politics", "politics"), ("gone", "gone")])
def test_without_sections_that_differ_the_slug_tells_them_apart(first: str, second: str) -> None:
    """Two feeds of one title would be in every reader's list."""
    people = [Reporter(slug="jhpark", name="박지훈", section=first), Reporter(slug="jhpark2", name="박지훈", section=second)]
    feeds = catalogue(reporters=people)
    assert [feeds.of_reporter[person.slug].name for person in people] == ["박지훈 (jhpark)", "박지훈 (jhpark2)"]


@given(st.lists(st.tuples(st.sampled_from(["박지훈", "강이든"]), st.sampled_from(["", "it", "sports", "gone"])), max_size=6))
def test_no_two_feeds_ever_have_one_title(people: list[tuple[str, str]]) -> None:
    """A subscriber would choose between two names that look the same."""
    reporters = [Reporter(slug=f"r{number}", name=name, section=section) for number, (name, section) in enumerate(people)]
    titles = [feed.title for feed in catalogue(reporters=reporters)]
    assert len(set(titles)) == len(titles)


def test_an_article_is_in_its_sections_up_the_tree_and_with_each_reporter() -> None:
    """A story about a game would be missing in IT·과학, or a joint story with its second reporter."""
    holding = catalogue().holding(["game", "assembly"], ["chaewon", "ideun"])
    assert [feed.path for feed in holding] == [
        "front.atom",
        "sections/game.atom",
        "sections/it.atom",
        "sections/assembly.atom",
        "sections/politics.atom",
        "reporters/chaewon.atom",
        "reporters/ideun.atom",
    ]


def test_a_section_or_reporter_that_is_gone_does_not_matter() -> None:
    """One section taken out of the configuration would stop the publishing of all its old articles."""
    assert [feed.path for feed in catalogue().holding(["gone"], ["nobody"])] == ["front.atom"]


def test_a_section_feed_asks_for_the_whole_branch() -> None:
    """The parent section's feed would lack its children's stories."""
    feeds = catalogue()
    assert feeds.of_section["politics"].sections == ("politics", "assembly", "diplomacy")
    assert (feeds.front.kind, feeds.front.sections, feeds.front.reporter) == (FeedKind.FRONT, None, None)
    assert feeds.of_reporter["ideun"].reporter == "ideun"


@pytest.mark.parametrize("slug", ["../etc", "a/b", "", ".", "강이든", "A"])
def test_a_slug_that_is_no_file_name_is_refused(slug: str) -> None:
    """Whoever names a reporter could write outside the folder of feeds."""
    with pytest.raises(ValueError, match="cannot name a file"):
        catalogue(reporters=[Reporter(slug=slug, name="강이든")])
