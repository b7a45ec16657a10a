"""The page where people find a feed, as it is written; test_page_in_browser.py looks at it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from jinja2 import Environment
from lxml import html

from feeds import page
from feeds.model import Latest
from newsroom.model import Reporter
from newsroom.templates import TemplateError, environment, template_folders
from tests.feeds.builders import NOON, PAPER, REPORTERS, catalogue, language

LATEST = {
    "front.atom": Latest(headline="거꾸로 시정질문", url="https://dumul.example/2", published=NOON, same_day=2),
    "sections/politics.atom": Latest(headline="거꾸로 시정질문", url="https://dumul.example/2", published=NOON, same_day=2),
    "sections/it.atom": Latest(
        headline="새 판 <b>", url="https://dumul.example/1", published=NOON - timedelta(days=1, hours=3), same_day=4
    ),
    "reporters/ideun.atom": Latest(headline="거꾸로 시정질문", url="https://dumul.example/2", published=NOON, same_day=1),
}


def templates(code: str = "ko") -> Environment:
    return environment(template_folders(), language(code))


def document(latest: dict[str, Latest] | None = None, reporters: tuple[Reporter, ...] = REPORTERS) -> html.HtmlElement:
    return html.document_fromstring(page.index(catalogue(reporters=reporters), LATEST if latest is None else latest, templates()))


def words(element: html.HtmlElement, path: str) -> list[str]:
    found = element.xpath(path)
    assert isinstance(found, list)
    texts = (node.text_content() if isinstance(node, html.HtmlElement) else str(node) for node in found)
    return [" ".join(text.split()) for text in texts]


def test_every_feed_has_its_address_to_copy_and_to_open() -> None:
    """A reader could see a section without a way to subscribe to it."""
    found = document()
    assert words(found, "//input[@type='url']/@value") == [feed.url for feed in catalogue()]
    assert words(found, "//div[@class='address']/a/@href") == [feed.path for feed in catalogue()]


def test_the_feeds_own_page_addresses_lead_somewhere() -> None:
    """A reader app opens the alternate link of a feed and would land at the top of a long list."""
    ids = set(words(document(), "//@id"))
    assert {feed.page.partition("#")[2] for feed in catalogue()} - {""} <= ids


def test_no_id_is_there_twice() -> None:
    """A label would belong to another field, a link lead to another place."""
    ids = words(document(), "//@id")
    assert len(set(ids)) == len(ids)


def test_the_front_pages_feed_is_found_by_a_reader_app() -> None:
    """Who gives the page's address to a reader app would be told that there is no feed (D1)."""
    (link,) = document().xpath("//link[@rel='alternate']")
    assert dict(link.attrib) == {
        "rel": "alternate",
        "type": "application/atom+xml",
        "title": "두물일보",
        "href": "https://feeds.dumul.example/front.atom",
    }


def test_sections_stand_as_a_tree_with_their_newest_story() -> None:
    """An editor would not recognise the paper's own order."""
    found = document()
    assert words(found, "//section[1]/ul/li/h3/text()") == ["정치", "IT·과학", "스포츠"]
    assert words(found, "//li[@id='section-politics']//ul[@class='chips']//summary") == ["국회", "외교·안보"]
    assert words(found, "//li[@id='section-politics']/a[@class='headline']") == ["거꾸로 시정질문"]
    assert words(found, "//li[@id='section-sports']/span[@class='none']") == ["아직 기사가 없습니다"]


def test_counts_are_of_the_day_that_the_page_is_dated() -> None:
    """Yesterday's four stories would pass for today's."""
    found = document()
    assert words(found, "//p[@class='folio']") == ["2026년 3월 2일 월요일 새 기사 2건"]
    assert words(found, "//li[@id='section-politics']//small") == ["2건"]
    assert words(found, "//li[@id='section-it']//small") == []
    assert words(found, "//li[@id='section-it']/time") == ["어제 오전 9시"]


def test_reporters_of_one_name_can_be_told_apart() -> None:
    """A reader would subscribe to the wrong 박지훈."""
    assert words(document(), "//section[2]//h3") == [
        "강이든 기자",
        "박지훈 기자 (정치)",
        "박지훈 기자 (스포츠)",
        "임채원 과학전문기자",
    ]


def test_who_has_left_stands_apart() -> None:
    """A reader would subscribe to somebody who writes no more; but links to the old stories' author must not break."""
    found = document(reporters=(replace(REPORTERS[0], active=False), *REPORTERS[1:]))
    assert words(found, "//h2[@class='head']") == ["면", "기자", "이전 기자"]
    assert words(found, "//section[2]/ul[2]/li/@id") == ["reporter-ideun"]


def test_words_of_the_paper_are_text_and_not_markup() -> None:
    """A headline from a source would run its script on the paper's own page (invariant 9)."""
    people = (Reporter(slug="evil", name='"><script>alert(1)</script>', role="<b>"),)
    rendered = page.index(catalogue(reporters=people), LATEST, templates()).decode()
    assert "<script>" not in rendered
    assert "<b>" not in rendered


def test_it_loads_nothing_from_elsewhere() -> None:
    """Other people's servers would learn who reads the paper, and a strict policy would break the page."""
    found = document()
    loaded = words(found, "//script/@src | //link[@rel='stylesheet']/@href | //img/@src | //link[@rel='icon']/@href")
    assert loaded[1:] == ["index.css", "search.js"]
    assert loaded[0].startswith("data:image/svg+xml,")
    assert set(page.ASSETS) == {"index.css", "search.js"}
    assert found.xpath("//style | //*[@style] | //script[not(@src)] | //*[@*[starts-with(name(), 'on')]]") == []
    for name in page.ASSETS:
        assert not re.search(rb"https?:|url\(|@import|fetch\(", page.asset(name, PAPER, templates()))


def test_the_style_sheet_is_in_the_papers_colours() -> None:
    """Every paper would look like the first one."""
    paper = PAPER.model_copy(update={"accent": "#123456", "accent_dark": "#abcdef"})
    css = page.asset("index.css", paper, templates()).decode()
    assert css.count("#123456") == css.count("#abcdef") == 1


def test_a_paper_of_its_first_day_has_a_page() -> None:
    """`masthead publish` would fail before the first article is there."""
    found = html.document_fromstring(page.index(catalogue(sections=[], reporters=[]), {}, templates()))
    assert words(found, "//h2[@class='head']") == ["기자"]
    assert words(found, "//p[@class='folio']") == []
    assert "아직 기자가 없습니다" in words(found, "//main")[0]


def test_an_english_paper_reads_english() -> None:
    """Its readers would meet Korean labels and dates."""
    paper = PAPER.model_copy(update={"name": "The Confluence", "language": "en"})
    people = [Reporter(slug="doe", name="Jane Doe", role="Staff Writer")]
    found = html.document_fromstring(page.index(catalogue(paper, [], people), LATEST, templates("en")))
    assert found.get("lang") == "en"
    assert words(found, "//p[@class='folio']") == ["Monday, March 2, 2026 2 new stories"]
    assert words(found, "//h3") == ["Jane Doe, Staff Writer"]
    assert not re.search("[가-힣]", words(found, "//header")[0])


def test_an_operators_broken_template_is_named(tmp_path: Path) -> None:
    """The operator would get a traceback instead of the file and the fault."""
    (tmp_path / "web").mkdir()
    (tmp_path / "web/index.html").write_text("{{ papper.name }}")
    broken = environment([tmp_path, *template_folders()], language())
    with pytest.raises(TemplateError, match=r"web/index\.html: 'papper' is undefined"):
        page.index(catalogue(), LATEST, broken)
