"""Which feeds there are, what they are called, and which of them an article is in."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.catalogue import Catalogue
from feeds.model import FeedKind
from newsroom.model import Filing, Genre, Reporter, Series
from newsroom.sections import SectionTree
from newsroom.settings import PaperSettings
from newsroom.terms import keyword_term, series_slug, series_term
from newsroom.topics import Topics
from tests.feeds.builders import NOON, PAPER, REPORTERS, SECTIONS, URL, catalogue, language


def filing(sections: tuple[str, ...] = (), reporters: tuple[str, ...] = (), terms: tuple[str, ...] = ()) -> Filing:
    return Filing(
        id="tag:dumul.example,2026-03-02:article/1",
        published=NOON,
        updated=NOON,
        edited=NOON,
        public=True,
        sections=sections,
        reporters=reporters,
        terms=terms,
    )


def with_topics(*seen: str, paper: PaperSettings = PAPER) -> Catalogue:
    """The paper's feeds, with a series and a genre that it has named, and with others that its articles brought."""
    topics = Topics(
        [Series(slug="waterside", title="노한결의 물가에서", names=("노한결의 물가에서", "물가에서"))],
        [Genre(slug="interview", title="인터뷰", names=("인터뷰", "만나다"))],
        seen,
    )
    return Catalogue(paper, URL, SectionTree(SECTIONS), REPORTERS, language(paper.language), topics=topics)


def test_feeds_come_in_the_papers_order() -> None:
    """The page of feeds and the OPML file would list sections in an order that no reader of the paper knows."""
    assert [feed.path for feed in catalogue()] == [
        "front",
        "sections/politics",
        "sections/assembly",
        "sections/diplomacy",
        "sections/it",
        "sections/game",
        "sections/sports",
        "reporters/ideun",
        "reporters/jhpark",
        "reporters/jhpark2",
        "reporters/chaewon",
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
    holding = catalogue().holding(filing(sections=("game", "assembly"), reporters=("chaewon", "ideun")))
    assert [feed.path for feed in holding] == [
        "front",
        "sections/game",
        "sections/it",
        "sections/assembly",
        "sections/politics",
        "reporters/chaewon",
        "reporters/ideun",
    ]


def test_a_section_or_reporter_that_is_gone_does_not_matter() -> None:
    """One section taken out of the configuration would stop the publishing of all its old articles."""
    holding = catalogue().holding(filing(sections=("gone",), reporters=("nobody",), terms=("series:gone",)))
    assert [feed.path for feed in holding] == ["front"]


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


def test_series_and_genres_have_feeds_too() -> None:
    """Who follows a column would have to follow the whole section."""
    feeds = with_topics("느린 셈", "물가에서")
    unnamed = series_slug("느린 셈")
    assert [feed.path for feed in feeds][-3:] == ["series/waterside", f"series/{unnamed}", "genres/interview"]
    assert len(feeds) == len(list(feeds)) == 14
    assert feeds.of_series["waterside"].title == "두물일보 – 노한결의 물가에서"
    assert feeds.of_series["waterside"].id == "tag:dumul.example,2025:feeds/series/waterside"
    assert feeds.of_genre["interview"].page == "https://feeds.dumul.example/genres/interview.html"
    assert feeds.of_genre["interview"].kind is FeedKind.GENRE


def test_a_series_is_spoken_of_as_a_series_and_not_as_a_page() -> None:
    """'노한결의 물가에서면 기사' would stand in every reader that shows what a feed is."""
    assert with_topics().of_series["waterside"].subtitle == "두물일보의 ‘노한결의 물가에서’ 기사"
    assert with_topics().of_genre["interview"].subtitle == "두물일보의 ‘인터뷰’ 기사"
    english = with_topics(paper=PAPER.model_copy(update={"name": "The Confluence", "language": "en"}))
    assert english.of_genre["interview"].subtitle == "Stories of The Confluence: 인터뷰"


def test_an_article_is_in_its_series_and_its_genres() -> None:
    """A column under an older name, or an interview that the desk marked by a keyword, would be missing."""
    terms = (series_term("물가에서"), keyword_term("만나다"), keyword_term("다른 것"))
    holding = with_topics().holding(filing(terms=terms))
    assert [feed.path for feed in holding] == ["front", "series/waterside", "genres/interview"]


def test_a_series_that_was_given_a_name_leads_there_from_its_old_address() -> None:
    """Subscribers from before would be left with a feed that never changes again."""
    assert with_topics("물가에서").moved == {f"series/{series_slug('물가에서')}": "series/waterside"}
    assert with_topics().moved == {}


def test_each_format_has_an_address() -> None:
    """A link in one format would lead to another's file."""
    feed = catalogue().of_section["it"]
    assert (feed.file("rss"), feed.address("json")) == ("sections/it.rss", "https://feeds.dumul.example/sections/it.json")
    assert feed.url == "https://feeds.dumul.example/sections/it.atom"
    assert feed.page == "https://feeds.dumul.example/sections/it.html"
