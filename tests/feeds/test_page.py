"""The pages where people find a feed, as they are written; test_page_in_browser.py looks at them."""

from __future__ import annotations

import gzip
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
import segno
from jinja2 import Environment
from lxml import html

from feeds import page
from feeds.catalogue import Catalogue
from feeds.model import Feed, Headline, Latest
from feeds.qr import QUIET, qr_code
from newsroom.model import Genre, Reporter, Section, Series
from newsroom.sections import SectionTree
from newsroom.settings import PaperSettings
from newsroom.templates import TemplateError, environment, template_folders
from newsroom.topics import Topics
from tests.feeds.builders import NOON, PAPER, REPORTERS, SECTIONS, URL, language

LATEST = {
    "front": Latest(headline="거꾸로 시정질문", url="https://dumul.example/2", published=NOON, same_day=2),
    "sections/politics": Latest(headline="거꾸로 시정질문", url="https://dumul.example/2", published=NOON, same_day=2),
    "sections/it": Latest(
        headline="새 판 <b>", url="https://dumul.example/1", published=NOON - timedelta(days=1, hours=3), same_day=4
    ),
    "reporters/ideun": Latest(headline="거꾸로 시정질문", url="https://dumul.example/2", published=NOON, same_day=1),
}


TOPICS = Topics(
    [Series(slug="slow", title="느린 셈", names=("느린 셈",))], [Genre(slug="editorial", title="사설", names=("사설",))], []
)
HEADLINES = (
    Headline(
        text="모과호, 마지막 20㎞서 <뒤집었다>",
        url="https://dumul.example/2?a=1&b=2",
        published=NOON,
        authors=("강이든", "박지훈"),
        sections=("game", "sports"),
    ),
    Headline(text="어제 일", url="https://dumul.example/1", published=NOON - timedelta(days=1, hours=3), sections=("it",)),
)
FORMATS = ("atom", "rss", "json")


def catalogue(
    paper: PaperSettings = PAPER, sections: Sequence[Section] = SECTIONS, reporters: Sequence[Reporter] = REPORTERS
) -> Catalogue:
    return Catalogue(paper, URL, SectionTree(sections), reporters, language(paper.language), topics=TOPICS)


def templates(code: str = "ko") -> Environment:
    return environment(template_folders(), language(code))


def document(latest: dict[str, Latest] | None = None, reporters: tuple[Reporter, ...] = REPORTERS) -> html.HtmlElement:
    return html.document_fromstring(page.index(catalogue(reporters=reporters), LATEST if latest is None else latest, templates()))


def feed_document(
    feed: Feed, headlines: Sequence[Headline] = HEADLINES, *, paper: Catalogue | None = None, formats: Sequence[str] = FORMATS
) -> html.HtmlElement:
    return html.document_fromstring(page.feed_page(paper or catalogue(), feed, headlines, templates(), formats))


def words(element: html.HtmlElement, path: str) -> list[str]:
    found = element.xpath(path)
    assert isinstance(found, list)
    texts = (node.text_content() if isinstance(node, html.HtmlElement) else str(node) for node in found)
    return [" ".join(text.split()) for text in texts]


def test_every_feed_has_its_page_one_press_away() -> None:
    """A reader could see a section without a way to subscribe to it."""
    found = document()
    assert words(found, "//a[@class='name' or @class='pill']/@href") == [
        "front.html",
        "sections/politics.html",
        "sections/assembly.html",
        "sections/diplomacy.html",
        "sections/it.html",
        "sections/game.html",
        "sections/sports.html",
        "series/slow.html",
        "genres/editorial.html",
        *(f"reporters/{slug}.html" for slug in ("ideun", "jhpark", "jhpark2", "chaewon")),
    ]
    (address,) = found.xpath("//div[@class='address'][preceding-sibling::summary[@aria-label='강이든 기자 구독']]")
    assert words(address, "a") == ["https://feeds.dumul.example/reporters/ideun.atom"]
    assert words(address, "a/@href") == ["reporters/ideun.atom"]


def test_no_id_is_there_twice() -> None:
    """A label would belong to another field, a link lead to another place."""
    for found in (document(), feed_document(catalogue().of_section["it"])):
        ids = words(found, "//@id")
        assert len(set(ids)) == len(ids)
        assert set(words(found, "//@aria-labelledby")) <= set(ids)


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
    assert words(found, "//section[1]/ul/li/span/a") == ["정치", "IT·과학", "스포츠"]
    assert words(found, "//ul[@aria-label='정치 하위 면']/li/a") == ["국회", "외교·안보"]
    assert words(found, "//li[span/a='정치']/a[@class='headline']") == ["거꾸로 시정질문"]
    assert words(found, "//li[span/a='스포츠']/span[@class='none']") == ["아직 기사가 없습니다"]


def test_counts_are_of_the_day_that_the_page_is_dated() -> None:
    """Yesterday's four stories would pass for today's."""
    found = document()
    assert words(found, "//p[@class='folio']") == ["2026년 3월 2일 월요일 새 기사 2건"]
    assert words(found, "//span[a='정치']/span[@class='count']") == ["2건"]
    assert words(found, "//span[a='IT·과학']/span[@class='count']") == []
    assert words(found, "//li[span/a='IT·과학']/time") == ["어제 오전 9시"]


def test_reporters_of_one_name_can_be_told_apart() -> None:
    """A reader would subscribe to the wrong 박지훈."""
    assert words(document(), "//section[@class='reporters']//a[@class='name']") == [
        "강이든 기자",
        "박지훈 기자 (정치)",
        "박지훈 기자 (스포츠)",
        "임채원 과학전문기자",
    ]


def test_a_reporter_has_a_face() -> None:
    """The pictures that the paper has of its people would not be seen, and who has none would have no mark."""
    people = (replace(REPORTERS[0], portrait="https://img.dumul.example/ideun.jpg"), *REPORTERS[1:])
    found = document(reporters=people)
    assert words(found, "//span[@class='face']") == ["강", "박", "박", "임"]
    assert words(found, "//span[@class='face']/img/@src") == ["https://img.dumul.example/ideun.jpg"]
    assert words(found, "//img/@alt") == [""]


def test_many_reporters_stand_under_letters_in_korean_order() -> None:
    """Among hundreds of names a reader would scroll for one."""
    names = ["하나", "꽃님", "가람", "Zoe", "나루", "Çelik", "까치", "adam", "李白", *(f"김{chr(0xAC00 + n)}" for n in range(20))]
    people = tuple(Reporter(slug=f"r{number}", name=name) for number, name in enumerate(names))
    found = document(reporters=people)
    assert words(found, "//nav[@class='letters']/a") == ["ㄱ", "ㄴ", "ㅎ", "A", "C", "Z", "#"]
    assert words(found, "//section[@class='lettered']/h3") == ["ㄱ", "ㄴ", "ㅎ", "A", "C", "Z", "#"]
    targets = [href.removeprefix("#") for href in words(found, "//nav[@class='letters']/a/@href")]
    assert targets == words(found, "//h3/@id")
    shown = words(found, "//section[@class='lettered']//a[@class='name']")
    assert shown[0] == "가람"
    assert shown[-8:] == ["까치", "꽃님", "나루", "하나", "adam", "Çelik", "Zoe", "李白"]
    assert document().xpath("//nav[@class='letters']") == []


def test_a_large_paper_has_a_page_of_bounded_weight() -> None:
    """On a telephone the list of four hundred reporters would come slowly."""
    sections = [Section(slug=f"s{n}", title=f"{n}면", parent=f"s{n - n % 6}" if n % 6 else None) for n in range(60)]
    people = [Reporter(slug=f"r{n}", name=f"{chr(0xAC00 + n * 27)}이름", role="기자") for n in range(400)]
    paper = catalogue(sections=sections, reporters=people)
    latest = {
        feed.path: Latest(headline=f"{feed.name}: 막차 놓쳐도 집에 간다", url=f"{URL}/{n}", published=NOON, same_day=1)
        for n, feed in enumerate(paper)
    }
    rendered = page.index(paper, latest, templates())
    assert len(rendered) < 400_000
    assert len(gzip.compress(rendered)) < 40_000


def test_who_has_left_stands_apart() -> None:
    """A reader would subscribe to somebody who writes no more; but links to the old stories' author must not break."""
    people = (replace(REPORTERS[0], active=False), *REPORTERS[1:])
    found = document(reporters=people)
    assert words(found, "//h2[@class='head']") == ["면", "연재", "갈래", "기자", "이전 기자"]
    assert words(found, "//section[@aria-labelledby='former']//a[@class='name']") == ["강이든 기자"]
    paper = catalogue(reporters=people)
    left = feed_document(paper.of_reporter["ideun"], paper=paper)
    assert words(left, "//p[@class='left']") == ["이제 두물일보에 기사를 쓰지 않습니다. 지난 기사는 여기서 볼 수 있습니다."]
    assert feed_document(paper.of_reporter["jhpark"], paper=paper).xpath("//p[@class='left']") == []


def test_words_of_the_paper_are_text_and_not_markup() -> None:
    """A headline from a source would run its script on the paper's own page (invariant 9)."""
    people = (Reporter(slug="evil", name='"><script>alert(1)</script>', role="<b>"),)
    paper = catalogue(reporters=people)
    evil = Headline(text="<b>20㎞</b>", url='https://dumul.example/"><script>', published=NOON, authors=("<script>",))
    for rendered in (
        page.index(paper, LATEST, templates()).decode(),
        page.feed_page(paper, paper.of_reporter["evil"], [evil], templates(), FORMATS).decode(),
    ):
        assert "<script>" not in rendered
        assert "<b>" not in rendered


def test_the_pages_load_nothing_from_elsewhere() -> None:
    """Other people's servers would learn who reads the paper, and a strict policy would break the page."""
    loads = "//script/@src | //link[@rel='stylesheet']/@href | //img/@src | //link[@rel='icon']/@href"
    for found, files in (
        (document(), ["index.css", "copy.js", "search.js"]),
        (feed_document(catalogue().front), ["index.css", "copy.js"]),
        (feed_document(catalogue().of_section["it"]), ["../index.css", "../copy.js"]),
    ):
        loaded = words(found, loads)
        assert loaded[1:] == files
        assert loaded[0].startswith("data:image/svg+xml,")
        assert {file.removeprefix("../") for file in files} < set(page.ASSETS)
        assert found.xpath("//style | //*[@style] | //script[not(@src)] | //*[@*[starts-with(name(), 'on')]]") == []
    for name in page.ASSETS:
        assert not re.search(rb"https?:|url\(|@import|fetch\(", page.asset(name, PAPER, templates()))


def test_the_style_sheet_is_in_the_papers_colours() -> None:
    """Every paper would look like the first one."""
    paper = PAPER.model_copy(update={"accent": "#123456", "accent_dark": "#abcdef"})
    for name in ("index.css", "feed.css"):
        css = page.asset(name, paper, templates()).decode()
        assert css.count("#123456") == css.count("#abcdef") == 1


def test_a_paper_of_its_first_day_has_a_page() -> None:
    """`masthead publish` would fail before the first article is there."""
    paper = Catalogue(PAPER, URL, SectionTree([]), [], language())
    found = html.document_fromstring(page.index(paper, {}, templates()))
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
    assert words(found, "//section[@class='reporters']//a[@class='name']") == ["Jane Doe Staff Writer"]
    assert not re.search("[가-힣]", words(found, "//header")[0])
    own = catalogue(paper, [], people)
    one = html.document_fromstring(page.feed_page(own, own.of_reporter["doe"], HEADLINES[1:], templates("en"), FORMATS))
    assert words(one, "//h1") == ["Jane Doe Staff Writer"]
    assert words(one, "//h2") == ["Subscribe", "Latest stories", "On your telephone"]


def test_an_operators_broken_template_is_named(tmp_path: Path) -> None:
    """The operator would get a traceback instead of the file and the fault."""
    (tmp_path / "web").mkdir()
    (tmp_path / "web/index.html").write_text("{{ papper.name }}")
    broken = environment([tmp_path, *template_folders()], language())
    with pytest.raises(TemplateError, match=r"web/index\.html: 'papper' is undefined"):
        page.index(catalogue(), LATEST, broken)


def test_a_feeds_page_says_what_it_is_and_what_is_in_it() -> None:
    """A reader from a search engine would see an address and no reason to want it."""
    found = feed_document(catalogue().of_section["it"])
    assert words(found, "//title") == ["두물일보 – IT·과학"]
    assert words(found, "//h1") == ["IT·과학"]
    assert words(found, "//p[@class='subtitle']") == ["두물일보 IT·과학면 기사 (게임 포함)"]
    assert words(found, "//ol[@class='trail']/li") == ["면", "IT·과학"]
    assert words(found, "//p[@class='near']/a/@href") == ["../sections/game.html"]
    assert words(found, "//a[@class='headline']/@href") == [headline.url for headline in HEADLINES]
    assert words(found, "//a[@class='headline']") == [headline.text for headline in HEADLINES]
    assert words(found, "//p[@class='meta']/*") == ["게임", "강이든 · 박지훈", "오후 12시", "어제 오전 9시"]


def test_a_section_links_to_all_above_it() -> None:
    """From a small section there would be no way to the larger one."""
    found = feed_document(catalogue().of_section["game"])
    assert words(found, "//ol[@class='trail']/li") == ["면", "IT·과학", "게임"]
    assert words(found, "//ol[@class='trail']//a/@href") == ["../index.html#sections", "../sections/it.html"]


def test_a_reporters_page_names_the_desk_and_not_the_reporter_again() -> None:
    """Ten lines would repeat the name that stands above them."""
    signed = replace(HEADLINES[0], authors=("박지훈",))
    found = feed_document(catalogue().of_reporter["jhpark2"], [signed])
    assert words(found, "//h1") == ["박지훈 기자 (스포츠)"]
    assert words(found, "//p[@class='near']/a") == ["스포츠"]
    assert words(found, "//p[@class='meta']/*") == ["게임", "오후 12시"]


def test_every_kind_of_feed_has_a_page() -> None:
    """A feed's own address for people would lead nowhere."""
    for feed in catalogue():
        found = feed_document(feed, ())
        assert words(found, "//link[@rel='canonical']/@href") == [f"{URL}/{feed.path}.html"]
        assert words(found, "//div[@class='address']/a") == [feed.url]
        assert words(found, "//section[@class='stories']/p") == ["아직 기사가 없습니다. 지금 구독하면 첫 기사부터 받아 봅니다."]


def test_a_reader_app_finds_the_pages_own_feed_first() -> None:
    """Who gives the page's address to a reader app would get another feed, or a choice of formats (D1, R2)."""
    alternates = "//link[@rel='alternate']"
    paper = catalogue()
    own, front = feed_document(paper.of_section["it"]).xpath(alternates)
    assert (own.get("title"), own.get("href")) == ("두물일보 – IT·과학", f"{URL}/sections/it.atom")
    assert (front.get("title"), front.get("href")) == ("두물일보", f"{URL}/front.atom")
    assert {link.get("type") for link in (own, front)} == {"application/atom+xml"}
    assert words(feed_document(paper.front), f"{alternates}/@href") == [f"{URL}/front.atom"]


def test_one_press_subscribes_in_the_common_readers() -> None:
    """A reader would have to copy an address from here to there."""
    found = feed_document(catalogue().of_reporter["ideun"])
    address = "https%3A%2F%2Ffeeds.dumul.example%2Freporters%2Fideun.atom"
    assert words(found, "//ul[@class='readers']//a/@href") == [
        "feed:https://feeds.dumul.example/reporters/ideun.atom",
        f"https://feedly.com/i/subscription/feed%2F{address}",
        f"https://www.inoreader.com/?add_feed={address}",
        f"https://www.newsblur.com/?url={address}",
        f"https://theoldreader.com/feeds/subscribe?url={address}",
        f"https://feedbin.com/?subscribe={address}",
    ]


def test_only_formats_that_are_published_are_offered() -> None:
    """A press on a format would end in an error."""
    feed = catalogue().of_section["it"]
    assert words(feed_document(feed), "//p[@class='formats']/a/@href") == ["it.rss", "it.json"]
    assert words(feed_document(feed, formats=("atom", "json")), "//p[@class='formats']/a") == ["JSON Feed"]
    assert feed_document(feed, formats=("atom",)).xpath("//p[@class='formats']") == []


def test_the_code_leads_a_telephone_to_the_page() -> None:
    """A scanner would find nothing, or open something else."""
    feed = catalogue().of_section["it"]
    found = feed_document(feed)
    (drawn,) = found.xpath("//*[local-name()='svg'][@class='qr']")
    expected = [bytearray(row) for row in segno.make(feed.address("html"), error="m", micro=False).matrix]
    assert modules(html.tostring(drawn, encoding="unicode")) == expected
    assert 'fill="#fff"' in qr_code(feed.url)


def modules(svg: str) -> list[bytearray]:
    """The dark modules of a code drawn in horizontal strokes, without the quiet zone, which must be empty."""
    size = int(re.findall(r'viewbox="0 0 (\d+)', svg, re.IGNORECASE)[0])
    field = [bytearray(size) for _ in range(size)]
    ((path),) = re.findall(r'stroke="#000" d="([^"]+)"', svg)
    x, y = 0.0, 0.0
    for command, first, _, second in re.findall(r"([Mmh])(-?[\d.]+)( (-?[\d.]+))?", path):
        if command == "h":
            field[int(y)][int(x) : int(x) + int(first)] = b"\1" * int(first)
            x += int(first)
        else:
            x, y = (float(first), float(second)) if command == "M" else (x + float(first), y + float(second))
    inner = slice(QUIET, size - QUIET)
    assert not any(any(row) for number, row in enumerate(field) if not QUIET <= number < size - QUIET)
    assert not any(any(row[:QUIET]) or any(row[size - QUIET :]) for row in field)
    return [row[inner] for row in field[inner]]


def test_the_same_feed_gives_the_same_bytes() -> None:
    """Machines would disagree about the page, and caches fetch it again for nothing (W3)."""
    paper = catalogue()
    first, second = (page.feed_page(paper, paper.front, HEADLINES, templates(), FORMATS) for _ in range(2))
    assert first == second
    assert page.index(paper, LATEST, templates()) == page.index(catalogue(), LATEST, templates())


def test_headings_go_down_one_level_at_a_time() -> None:
    """Who hears the page moves through it by its headings and would miss one."""
    for found in (document(), feed_document(catalogue().front)):
        levels = [int(tag.tag[1]) for tag in found.xpath("//h1 | //h2 | //h3")]
        assert levels.count(1) == 1
        assert all(below <= above + 1 for above, below in pairwise(levels))


def test_a_number_and_its_unit_stay_on_one_line() -> None:
    """A line of a headline would begin with ㎞."""
    found = feed_document(catalogue().front)
    assert words(found, "//a[@class='headline']/span[@class='unit']") == ["20㎞서"]
