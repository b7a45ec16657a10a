"""A real section page of a Korean daily, from the website into the store."""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import TypeAdapter

from newsroom.database import Database
from newsroom.intake import Intake, configure_reporters
from newsroom.model import Draft, Outcome, Section, Verdict
from newsroom.sections import SectionTree
from newsroom.settings import PaperSettings
from newsroom.sources import AnySource, KnownArticle
from newsroom.store import ArticleStore
from tests.newsroom.builders import reporter, rows
from tests.newsroom.sources.support import NOW, pull
from tests.servers import HttpServer

METRO = Path(__file__).parents[2] / ".." / "shared" / "data" / "metro"
PAPER = PaperSettings(name="메트로신문", url="https://www.metroseoul.co.kr", timezone=ZoneInfo("Asia/Seoul"))
SECTIONS = SectionTree(
    [Section(slug="it", title="IT·과학", aliases=("IT/과학",)), Section(slug="game", title="게임", parent="it")]
)
SELECT = {
    "item": "ul.article-list > li",
    "headline": "strong.tit a",
    "url": "strong.tit a@href",
    "body": "p.txt",
    "byline": "span.info",
}
ARTICLE = {
    "headline": "h1.detail-title",
    "body": ".article-txt-contents",
    "byline": ".reporter",
    "date": ".date",
    "section": "meta[property='article:section']@content",
}
KAKAO = ["카카오 노조, 첫 집단행동 돌입…네이버 노조와 연대 움직임까지", "카카오 노조, 카카오모빌리티 임단협 결렬로 파업 돌입"]


@pytest.fixture
def site(http_server: HttpServer) -> HttpServer:
    """The paper's website with one section page and its articles."""
    if not METRO.is_dir():
        pytest.skip("../shared/data/metro is not here")
    http_server.serve("/newsList/14", (METRO / "listing.html").read_bytes())
    for page in (METRO / "article").glob("*.html"):
        http_server.serve(f"/article/{page.stem}", page.read_bytes())
    return http_server


def take(store: ArticleStore, site: HttpServer, **settings: Any) -> list[Outcome]:
    """One pull of the section page."""
    described = {"name": "it", "kind": "html", "url": f"{site.url}/newsList/14", "section": "it", "select": SELECT} | settings
    intake = Intake(store, PAPER, SECTIONS, TypeAdapter[AnySource](AnySource).validate_python(described))

    def known(draft: Draft) -> KnownArticle | None:
        found = store.find(intake.keys(draft))
        return KnownArticle(published=found.published, headline=found.printed_headline) if found else None

    return intake.take(pull(described, known), NOW)


@pytest.mark.parametrize("settings", [{}, {"id": r"/article/(\d+)"}, {"article": ARTICLE}], ids=["listing", "ids", "pages"])
def test_the_section_page_is_seven_articles_of_two_reporters(
    store: ArticleStore, database: Database, site: HttpServer, settings: dict[str, Any]
) -> None:
    """What the paper printed on 10 and 11 June 2025 is not what its readers get."""
    configure_reporters(store, [reporter("seoh", "김서현", "seoh@metroseoul.co.kr")], NOW)
    assert [outcome.verdict for outcome in take(store, site, **settings)] == [Verdict.NEW] * 7
    found = store.newest(limit=99)
    assert len(found) == len(store.newest(sections=["it"], limit=99)) == 7
    assert [len(store.newest(reporter=slug, limit=99)) for slug in ("seoh", "hjk1")] == [4, 3]
    assert store.unresolved() == []
    assert [person.slug for person in store.reporters()] == ["seoh", "hjk1"]
    assert [article.id for article in found] == sorted((article.id for article in found), reverse=True)
    assert found[0].id == "tag:metroseoul.co.kr,2025-06-11:article/20250611500500"
    assert found[0].published.astimezone(PAPER.timezone).isoformat() == "2025-06-11T15:13:08+09:00"
    assert {article.published.astimezone(PAPER.timezone).utcoffset() for article in found} == {timedelta(hours=9)}
    shown = "".join(article.revision.headline + article.revision.body + article.revision.summary for article in found)
    assert shown.count("&lt;메트로경제신문&gt;") == 2
    assert not re.search(r"@|/김(서현|현정)\s?기자|script", shown)
    assert [article.revision.headline for article in found if "카카오 노조" in article.revision.headline] == KAKAO
    assert [article.series for article in found if article.series] == ["김서현의 AI시대 적응하기"]
    before = rows(database)
    assert {outcome.verdict for outcome in take(store, site, **settings)} <= {Verdict.UNCHANGED}
    assert rows(database) == before


def test_the_article_pages_are_the_articles_of_the_listing(store: ArticleStore, site: HttpServer) -> None:
    """An operator adds the article pages later, and everything is published a second time."""
    take(store, site)
    ids = [article.id for article in store.newest(limit=99)]
    outcomes = take(store, site, article=ARTICLE, id=r"/article/(\d+)")
    assert {outcome.verdict for outcome in outcomes} == {Verdict.UNCHANGED}
    assert [article.id for article in store.newest(limit=99)] == ids


def test_a_headline_changed_on_the_page_is_a_revision(store: ArticleStore, site: HttpServer) -> None:
    """A correction of the paper does not reach its readers."""
    take(store, site)
    page = (METRO / "listing.html").read_text(encoding="utf-8")
    site.serve("/newsList/14", page.replace("KT-넷플릭스, K인텔리전스 컬래버 선보여", "KT·넷플릭스, K인텔리전스 영상 공개"))
    outcomes = take(store, site)
    assert [outcome.headline for outcome in outcomes if outcome.verdict is Verdict.REVISED] == [
        "KT·넷플릭스, K인텔리전스 영상 공개"
    ]
    assert store.count() == 7
    assert "seoh@" not in repr([asdict(article.revision) | {"credits": ()} for article in store.newest(limit=99)])
