"""The demo paper's website over real HTTP: what the html source relies on, and what a visitor sees."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import httpx2
import pytest
from selectolax.lexbor import LexborHTMLParser

from masthead.demo.paper import load_paper
from masthead.demo.servers import WebServer, listen
from masthead.demo.site import PAGE_SIZE, Site, create_site

START = datetime(2025, 6, 11, 6, 13, 8, tzinfo=UTC)


class Clock:
    """The site's clock, moved by hand."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=90)
        return self.now


@pytest.fixture
def site(folder: Path) -> Site:
    """The small paper's site."""
    return Site(load_paper(folder, start=START), clock=Clock())


@pytest.fixture
def web(site: Site) -> Iterator[httpx2.Client]:
    """A client of the small paper's site."""
    yield from _client(site)


@pytest.fixture
def whole_web() -> Iterator[httpx2.Client]:
    """A client of the built-in paper's site."""
    yield from _client(Site(load_paper(start=START), clock=Clock()))


def _client(site: Site) -> Iterator[httpx2.Client]:
    server = WebServer(create_site(site), listen(0))
    server.start()
    try:
        with httpx2.Client(base_url=server.url) as client:
            yield client
    finally:
        server.stop()


def _page(web: httpx2.Client, path: str) -> LexborHTMLParser:
    response = web.get(path)
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    return LexborHTMLParser(response.text)


def _texts(page: LexborHTMLParser, selector: str) -> list[str]:
    return [node.text(strip=True) for node in page.css(selector)]


def test_a_listing_holds_its_children_and_what_the_source_selects(web: httpx2.Client) -> None:
    """These are the selectors of config.toml: one that finds nothing would leave the demo's feeds empty."""
    page = _page(web, "/list/30")
    items = page.css("ul.article_list > li.item")
    assert [link.attributes["href"] for item in items for link in item.css("strong.tit > a")] == [
        "/article/30001",
        "/article/33002",
    ]
    assert _texts(page, "li.item strong.tit > a") == ["강둑길에 벤치 서른 개", "밤 버스 첫차 11시 30분"]
    assert _texts(page, "li.item span.info") == ["2025-06-11 14:13:00 강이든 기자", "2025-06-09 12:08:00 강이든·최하람 기자"]
    assert "<두물일보>" in _texts(page, "li.item p.lead")[0]
    assert [image.attributes["data-src"] for image in page.css("li.item a.thumb img")] == ["/image/30001.jpg"]
    assert _texts(_page(web, "/list/33"), "li.item strong.tit") == ["밤 버스 첫차 11시 30분"]


def test_an_article_page_holds_what_the_source_selects(web: httpx2.Client) -> None:
    """The article's own page is where body, caption and the glued byline come from."""
    page = _page(web, "/article/30001")
    assert _texts(page, "h1.article_title") == ["강둑길에 벤치 서른 개"]
    assert _texts(page, "div.info_byline span.reporter") == ["강이든 기자"]
    assert _texts(page, "div.info_byline span.date") == ["입력 2025-06-11 14:13"]
    assert _texts(page, "div.info_byline span.modified") == []
    assert _texts(page, "div.location a:last-of-type") == ["사회"]
    paragraphs = _texts(page, "div#articleBody p")
    assert len(paragraphs) == 2
    assert paragraphs[1] == '시민은 "앉아 보니 좋다"고 <두물일보>에 말했다. /강이든기자 ideun@dumul.example'
    host = str(web.base_url.netloc, "ascii")
    assert [image.attributes["src"] for image in page.css("div.article_photo img")] == [f"//{host}/image/30001.jpg"]
    assert _texts(page, "div.article_photo figcaption") == ["11일 강둑길. 두물일보 사진"]


def test_a_byline_stands_where_the_manuscript_says(web: httpx2.Client) -> None:
    """Both places must occur in the demo: glued to the body, and only under the headline."""
    page = _page(web, "/article/90004")
    assert _texts(page, "h1.article_title") == ["[노한결의 물가에서] 물가에서"]
    assert _texts(page, "div.info_byline span.reporter") == ["류다온 수습기자"]
    assert [node.html for node in page.css("div#articleBody p")] == ["<p>한 줄<br>두 줄</p>"]


def test_an_article_is_described_for_machines_without_addresses(web: httpx2.Client) -> None:
    """JSON-LD and og: tags are what search engines and previews read; an e-mail in them would feed spammers."""
    page = _page(web, "/article/33002")
    described = json.loads(_texts(page, 'script[type="application/ld+json"]')[0])
    assert described["@type"] == "NewsArticle"
    assert described["datePublished"] == "2025-06-09T12:08:00+09:00"
    assert [author["name"] for author in described["author"]] == ["강이든", "최하람"]
    assert "@dumul" not in json.dumps(described)
    assert [tag.attributes["content"] for tag in page.css('meta[property="og:title"]')] == ["밤 버스 첫차 11시 30분"]


def test_a_wave_shows_news_and_the_next_a_correction(site: Site, web: httpx2.Client) -> None:
    """What makes the demo live: a new story, then the corrected one with its box and its second date."""
    assert web.get("/article/30003").status_code == 404
    assert site.advance()
    assert _texts(_page(web, "/list/30"), "strong.tit")[0] == "속보입니다"
    assert "강둑길에 벤치 서른 개" in _texts(_page(web, "/article/30003"), "div.related a.rel_tit")
    assert site.advance()
    page = _page(web, "/article/33002")
    assert _texts(page, "h1.article_title") == ["밤 버스 첫차 11시 50분"]
    assert _texts(page, "div.info_byline span.modified") == ["수정 2025-06-11 15:16"]
    assert _texts(page, "div.correct_box p") == ["첫차 시각을 바로잡습니다."]
    assert _texts(page, "div#articleBody p") == ["고친 본문이다. /강이든·최하람기자"]
    assert not site.advance()


def test_each_wave_is_released_once_however_many_ask(site: Site) -> None:
    """The demo advances from a thread while pages are served; a wave skipped would lose the correction."""
    released: list[bool] = []
    threads = [threading.Thread(target=lambda: released.append(site.advance())) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert released.count(True) == 2


def test_a_long_listing_is_paged(whole_web: httpx2.Client) -> None:
    """The source follows the next link to what it knows; a page missing or repeated would lose or double stories."""
    found: list[str] = []
    path: str | None = "/list/30"
    while path:
        page = _page(whole_web, path)
        links = [item.attributes["href"] or "" for item in page.css("ul.article_list > li.item strong.tit > a")]
        assert 0 < len(links) <= PAGE_SIZE
        found += links
        following = page.css_first("div.paging a.next")
        path = f"/list/30{following.attributes['href']}" if following else None
    assert len(found) > PAGE_SIZE
    assert len(set(found)) == len(found)
    assert _texts(_page(whole_web, "/list/30?page=99"), "p.empty") == ["등록된 기사가 없습니다."]


@pytest.mark.parametrize(
    "path", ["/list/99", "/list/30?page=0", "/list/30?page=x", "/list/30?page=²", "/article/1", "/image/33002.jpg", "/nothing"]
)
def test_what_is_not_there_is_404(web: httpx2.Client, path: str) -> None:
    """A wrong address must not look like an empty section or, worse, like a fault of the server."""
    response = web.get(path)
    assert response.status_code == 404
    assert "찾으시는 페이지가 없습니다" in response.text


@pytest.mark.parametrize("path", ["/", "/list/30", "/article/30001", "/image/30001.jpg", "/css/site.css"])
def test_what_did_not_change_is_not_sent_again(web: httpx2.Client, path: str) -> None:
    """Conditional requests are half of what a polite source does; the demo has to answer them as real sites do."""
    first = web.get(path)
    assert first.status_code == 200
    etag, modified = first.headers["etag"], first.headers["last-modified"]
    for headers in (
        {"If-None-Match": etag},
        {"If-None-Match": f'"x", W/{etag}'},
        {"If-None-Match": "*"},
        {"If-Modified-Since": modified},
    ):
        again = web.get(path, headers=headers)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    long_ago = format_datetime(START - timedelta(days=30), usegmt=True)
    for headers in (
        {"If-None-Match": '"x"', "If-Modified-Since": modified},
        {"If-Modified-Since": long_ago},
        {"If-Modified-Since": "yesterday"},
    ):
        assert web.get(path, headers=headers).status_code == 200
    assert web.head(path).headers["etag"] == etag


def test_a_wave_changes_the_validators(site: Site, web: httpx2.Client) -> None:
    """A listing that stays 304 after a wave would hide the news from the pull."""
    before = web.get("/list/30")
    site.advance()
    after = web.get("/list/30", headers={"If-None-Match": before.headers["etag"]})
    assert after.status_code == 200
    assert web.get("/list/30", headers={"If-Modified-Since": before.headers["last-modified"]}).status_code == 200


def test_robots_may_read_all_but_the_search(web: httpx2.Client) -> None:
    """The source obeys robots.txt, so a wrong line would stop the demo."""
    assert web.get("/robots.txt").text == "User-agent: *\nDisallow: /search\n"


def test_every_page_of_the_built_in_paper_is_there(whole_web: httpx2.Client) -> None:
    """A dead link or a template that breaks on one article would be the first thing a newcomer clicks."""
    seen, open_paths = set[str](), ["/"]
    while open_paths:
        path = open_paths.pop()
        page = _page(whole_web, path)
        seen.add(path)
        for link in page.css("a[href^='/']"):
            target = link.attributes["href"] or ""
            if target not in seen and target not in open_paths:
                open_paths.append(target)
    assert sum(path.startswith("/article/") for path in seen) >= 60
    assert sum(path.startswith("/list/") for path in seen) == len(load_paper(start=START).sections)
