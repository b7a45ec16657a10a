from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from newsroom.fetch import Page, StatusError, UnreachableError, Validators
from newsroom.model import Draft, Image
from newsroom.sources import AnySource, KnownArticle, SourceError, Unreadable
from newsroom.sources.document import Document
from newsroom.sources.selector import Selector
from tests.newsroom.sources.support import NOW, drafts, knowing, pull
from tests.servers import HttpServer

METRO = Path(__file__).parents[4] / "shared" / "data" / "metro"
SELECT = {"item": "li", "headline": "a", "url": "a@href", "byline": "span"}


def listing(*items: str, more: str = "") -> str:
    return f"<html><ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>{more}</html>"


def item(number: int, headline: str = "") -> str:
    return f"<a href='/article/{number}'>{headline or f'기사 {number}'}</a> <span>김서현 기자</span>"


def article(headline: str, body: str = "<p>첫째 문단.</p><p>둘째 문단.</p>") -> str:
    return f"<html><h1>{headline}</h1><div class=body>{body}</div></html>"


@pytest.mark.skipif(not METRO.exists(), reason="the sample site ../shared/data/metro is not here")
def test_the_sample_paper_is_read_as_the_design_says(http_server: HttpServer) -> None:
    """The [[source]] of the architecture's example, word for word, on the site it was written for."""
    http_server.serve("/newsList/14", (METRO / "listing.html").read_bytes())
    written = tomllib.loads(
        'name = "it"\nkind = "html"\nsection = "it"\nevery = "5m"\n'
        'select = { item = "ul.article-list > li", headline = "strong.tit a", url = "strong.tit a@href", '
        'body = "p.txt", byline = "span.info" }\n'
    )
    found = drafts(pull({**written, "url": f"{http_server.url}/newsList/14"}))
    assert len(found) == 7
    newest = found[-1]
    assert newest.source == "it"
    assert newest.url == f"{http_server.url}/article/20250611500500"
    assert newest.headline == "카카오 노조, 첫 집단행동 돌입…네이버 노조와 연대 움직임까지"
    assert newest.bylines == ("2025-06-11 15:13:08 김서현 기자",)
    assert newest.evidence["base"] == f"{http_server.url}/newsList/14"
    assert [draft.headline for draft in found if "카카오 노조" in draft.headline] == [found[0].headline, newest.headline]
    named = [draft for draft in found if "메트로경제신문" in draft.body]
    assert len(named) == 2
    for draft in named:
        assert "&lt;메트로경제신문&gt;" in draft.body
        assert "<메트로경제신문>" not in draft.body
    column = next(draft for draft in found if draft.headline.startswith("[김서현의 AI시대 적응하기]"))
    assert column.body.endswith("/김서현기자 seoh@metroseoul.co.kr</p>")


@pytest.mark.skipif(not METRO.exists(), reason="the sample site ../shared/data/metro is not here")
def test_the_sample_papers_article_pages_are_read(http_server: HttpServer) -> None:
    """The listing has the text in one lump; the page has it in paragraphs."""
    http_server.serve("/newsList/14", (METRO / "listing.html").read_bytes())
    for file in (METRO / "article").iterdir():
        http_server.serve(f"/article/{file.stem}", file.read_bytes())
    settings = {
        "kind": "html",
        "url": f"{http_server.url}/newsList/14",
        "id": r"/article/(\d+)",
        "select": {"item": "ul.article-list > li", "headline": "strong.tit a", "url": "strong.tit a@href", "byline": "span.info"},
        "article": {
            "headline": "h1",
            "body": ".article-txt-contents",
            "byline": ".reporter",
            "date": ".info-byline-container .date",
            "section": "meta[property='article:section']@content",
            "image": "meta[property='og:image']@content",
        },
    }
    newest = drafts(pull(settings))[-1]
    assert newest.native_id == "20250611500500"
    assert newest.canonical_url == "https://www.metroseoul.co.kr/article/20250611500500"
    assert newest.body.count("<p>") == 14
    assert newest.bylines == ("김서현 기자",)
    assert newest.published == "입력 2025-06-11 15:13:08"
    assert newest.sections == ("IT·과학",)
    assert newest.images == (Image(url="http://cdn.emetro.example/data2/content/image/2025/06/11/.cache/512/20250611500500.jpg"),)
    assert newest.evidence["base"] == f"{http_server.url}/article/20250611500500"


def test_everything_that_can_be_selected_is_found(http_server: HttpServer) -> None:
    """One item with every field, each in the shape intake expects."""
    http_server.serve(
        "/list",
        """<base href="/sub/"><div class="card" data-id="7"><a href="view?id=7&amp;x=1#top">  여러 줄에<br>걸친 <b>제</b>목  </a>
        <p class=lead>요약 <b>굵게</b></p><p class=text>첫째</p><p class=text>둘째 &lt;메트로&gt;</p>
        <em class=by>김서현 기자</em><em class=by>박지훈 기자</em><em class=by> </em>
        <time datetime="2025-06-11T15:13:08+09:00">오후 3시</time><i class=mod>수정 오후 4시</i>
        <u>IT</u><u>게임</u><s>AI시대</s><figure><img src="data:image/gif;base64,R0" data-src="//cdn.example/7.jpg" alt="사진 설명" width=640 height="360px"></figure>
        </div>""",
    )
    select = {
        "item": "div.card",
        "headline": "a",
        "url": "a",
        "body": "p.text",
        "summary": "p.lead",
        "byline": "em.by",
        "date": "time@datetime",
        "updated": ".mod",
        "section": "u",
        "series": "s",
        "image": "figure",
    }
    assert pull({"kind": "html", "url": f"{http_server.url}/list", "select": select, "id": r"[?&]id=(\d+)"}) == [
        Draft(
            source="it",
            url=f"{http_server.url}/sub/view?id=7&x=1",
            headline="여러 줄에 걸친 제목",
            body='<p class="text">첫째</p>\n<p class="text">둘째 &lt;메트로&gt;</p>',
            summary='<p class="lead">요약 <b>굵게</b></p>',
            bylines=("김서현 기자", "박지훈 기자"),
            published="2025-06-11T15:13:08+09:00",
            updated="수정 오후 4시",
            sections=("IT", "게임"),
            series="AI시대",
            images=(Image(url="http://cdn.example/7.jpg", alt="사진 설명", width=640, height=360),),
            native_id="7",
            evidence={"base": f"{http_server.url}/sub/"},
        )
    ]


def test_a_page_with_a_wrong_label_is_read(http_server: HttpServer) -> None:
    """Many Korean papers still send CP949 and call it something else."""
    page = listing(item(1, "똠방각하 &lt;메트로신문&gt;")).encode("cp949")
    http_server.serve("/list", page, content_type="text/html; charset=utf-8")
    assert (
        drafts(pull({"kind": "html", "url": f"{http_server.url}/list", "select": SELECT}))[0].headline == "똠방각하 <메트로신문>"
    )


def test_the_item_itself_can_be_the_link(http_server: HttpServer) -> None:
    """Cards that are one big link are common; selectors must be able to mean the item."""
    http_server.serve("/list", "<a class=card href='/1'><b>제목</b><script>var x;</script></a>")
    select = {"item": "a.card", "headline": "a.card", "url": "@href"}
    found = drafts(pull({"kind": "html", "url": f"{http_server.url}/list", "select": select}))
    assert [(draft.headline, draft.url) for draft in found] == [("제목", f"{http_server.url}/1")]


def test_items_that_cannot_be_read_do_not_lose_the_rest(http_server: HttpServer) -> None:
    """An advertisement between the articles has no headline; a video no address of its own."""
    http_server.serve(
        "/list",
        listing(
            "<b>광고</b>", "<a href='javascript:play(3)'>영상</a>", item(1), "<a href='/article/9'> </a>", item(1, "머리기사")
        ),
    )
    found = pull({"kind": "html", "url": f"{http_server.url}/list", "select": SELECT})
    assert [item.headline for item in found if isinstance(item, Draft)] == ["기사 1"]
    assert [item for item in found if isinstance(item, Unreadable)] == [
        Unreadable(
            url=f"{http_server.url}/article/9",
            headline="",
            reason='select.headline = "a" found nothing',
            raw={"link": "/article/9", "item": ""},
        ),
        Unreadable(
            url="",
            headline="영상",
            reason='select.url = "a@href" found nothing',
            raw={"link": "javascript:play(3)", "item": "영상"},
        ),
        Unreadable(url="", headline="", reason='select.headline = "a" found nothing', raw={"link": "", "item": "광고"}),
    ]


def test_a_new_layout_is_noticed(http_server: HttpServer) -> None:
    """Silence would look like a day without news."""
    http_server.serve("/list", "<main>새 단장</main>")
    with pytest.raises(SourceError, match=r'/list: select\.item = "li" matched nothing; the layout may have changed'):
        pull({"kind": "html", "url": f"{http_server.url}/list", "select": SELECT})


@pytest.mark.parametrize(
    ("body", "reason"), [(bytes(range(256)) * 100, "not text"), ("<i>" * 60_000, "50,000 tags"), ("", "matched nothing")]
)
def test_what_is_no_page_is_refused(http_server: HttpServer, body: bytes | str, reason: str) -> None:
    """A picture, a page made to keep the parser busy for minutes, an empty answer."""
    http_server.serve("/list", body, content_type="text/html")
    with pytest.raises(SourceError, match=reason):
        pull({"kind": "html", "url": f"{http_server.url}/list", "select": SELECT})


def test_a_listing_that_is_not_there_is_an_error(http_server: HttpServer) -> None:
    """The job records it and tries again; nothing is taken for deleted."""
    with pytest.raises(StatusError):
        pull({"kind": "html", "url": f"{http_server.url}/gone", "select": SELECT})
    with pytest.raises(UnreachableError):
        pull({"kind": "html", "url": "http://127.0.0.1:9/", "select": SELECT})


def test_an_unchanged_listing_yields_nothing(http_server: HttpServer) -> None:
    """Every five minutes the same page: the server says 304 and nobody works."""
    http_server.serve("/list", listing(item(1)), etag='"1"')
    settings = {"kind": "html", "url": f"{http_server.url}/list", "select": SELECT}
    kept: dict[str, Validators] = {}
    assert len(pull(settings, read=kept)) == 1
    assert pull(settings, validators=kept.get) == []
    http_server.serve("/list", listing(item(2), item(1)), etag='"2"')
    assert len(pull(settings, validators=kept.get)) == 2


def pages(server: HttpServer, count: int) -> None:
    for number in range(1, count + 1):
        more = f"<div class=paging><a class=next href='?page={number + 1}'>다음</a></div>" if number < count else ""
        server.serve(
            f"/list?page={number}" if number > 1 else "/list", listing(item(2 * number - 1), item(2 * number), more=more)
        )


NEXT: Mapping[str, Any] = {"select": {**SELECT, "next": "a.next"}}


@pytest.mark.parametrize("way", ["next", "page"])
def test_further_pages_are_read_up_to_what_is_known(http_server: HttpServer, way: str) -> None:
    """After a night without pulls the news fills more than one page; nothing may be missed, and nothing read for nothing."""
    pages(http_server, 9)
    by_template = {"select": SELECT, "page": f"{http_server.url}/list?page={{page}}"}
    settings = {"kind": "html", "url": f"{http_server.url}/list", "pages": 4, **(NEXT if way == "next" else by_template)}
    found = drafts(pull(settings))
    assert [draft.headline for draft in found] == [f"기사 {number}" for number in range(8, 0, -1)]
    assert http_server.paths() == ["/list", "/list?page=2", "/list?page=3", "/list?page=4"]
    http_server.requests.clear()
    stored = knowing({f"{http_server.url}/article/4": KnownArticle(NOW, "기사 4")})
    assert len(drafts(pull(settings, stored))) == 4
    assert http_server.paths() == ["/list", "/list?page=2"]


def test_paging_ends_where_the_pages_do(http_server: HttpServer) -> None:
    """A last page that links to itself, one without items, and one that fails: none is a reason to lose what was read."""
    settings = {"kind": "html", "url": f"{http_server.url}/list", "pages": 9, **NEXT}
    link = "<a class=next href='{}'>다음</a>"
    http_server.serve("/list", listing(item(1), more=link.format("/list")))
    assert len(drafts(pull(settings))) == 1
    http_server.serve("/list", listing(item(1), more=link.format("/empty")))
    http_server.serve("/empty", "<p>더 없습니다")
    assert len(drafts(pull(settings))) == 1
    http_server.serve("/list", listing(item(1), more=link.format("/missing")))
    failed, read = pull(settings)
    assert isinstance(read, Draft)
    assert isinstance(failed, Unreadable)
    assert failed.url == f"{http_server.url}/missing"
    assert failed.reason.startswith("page 2 of the listing: ")


PAGE: Mapping[str, Any] = {"kind": "html", "select": SELECT, "article": {"headline": "h1", "body": "div.body"}}


def test_only_new_articles_are_read_and_young_ones_looked_at_again(http_server: HttpServer) -> None:
    """The rule that keeps a pull of twenty known articles to one request, and still catches a correction."""
    http_server.serve("/list", listing(item(1), item(2), item(3), item(4, "고친 제목")), etag='"same"')
    for number in range(1, 5):
        http_server.serve(f"/article/{number}", article(f"기사 {number} 전문"), etag=f'"{number}"')
    settings = {**PAGE, "url": f"{http_server.url}/list", "recheck": "6h"}
    kept: dict[str, Validators] = {}
    assert [draft.headline for draft in drafts(pull(settings, read=kept))] == [f"기사 {number} 전문" for number in (4, 3, 2, 1)]
    young, old = NOW - timedelta(hours=5, minutes=59), NOW - timedelta(hours=6)
    stored = knowing(
        {
            f"{http_server.url}/article/2": KnownArticle(young, "기사 2"),
            f"{http_server.url}/article/3": KnownArticle(old, "기사  3"),
            f"{http_server.url}/article/4": KnownArticle(old, "기사 4"),
        }
    )
    http_server.serve("/article/4", article("고친 제목"), etag='"4b"')
    http_server.requests.clear()
    assert [draft.headline for draft in drafts(pull(settings, stored, validators=kept.get))] == ["고친 제목", "기사 1 전문"]
    assert http_server.paths() == ["/list", "/article/4", "/article/2", "/article/1"]
    http_server.serve("/article/2", article("기사 2 전문", "<p>고침.</p>"), etag='"2b"')
    assert [draft.headline for draft in drafts(pull(settings, stored, validators=kept.get))] == [
        "고친 제목",
        "기사 2 전문",
        "기사 1 전문",
    ]


@pytest.mark.parametrize(
    ("listed", "stored", "again"),
    [
        ("[김서현의 AI시대 적응하기] 좋은 질문", "좋은 질문", False),
        ("[김서현의 AI시대 적응하기] 좋은 질문", "[김서현의 AI시대 적응하기] 좋은 질문", False),
        ("“좋은”  질문", '"좋은" 질문', False),
        ("좋은 질문이 좋은 검색을 만…", "좋은 질문이 좋은 검색을 만든다", False),
        ("좋은 질문이 좋은 검색을 만든다...", "좋은 질문이 좋은 검색을 만든다", False),
        ("[정정] 좋은 질문", "좋은 질문", True),
        ("나쁜 질문", "좋은 질문", True),
    ],
)
def test_a_headline_that_only_looks_different_is_no_change(
    http_server: HttpServer, listed: str, stored: str, again: bool
) -> None:
    """Listings cut headlines and print the column's name before them: all old articles would be read again every five minutes."""
    http_server.serve("/list", listing(item(1, listed)))
    http_server.serve("/article/1", article(listed))
    known = knowing({f"{http_server.url}/article/1": KnownArticle(NOW - timedelta(days=2), stored)})
    assert bool(pull({**PAGE, "url": f"{http_server.url}/list"}, known)) is again


def test_one_failing_article_does_not_lose_the_others(http_server: HttpServer) -> None:
    """Gone, forbidden, without a body, no text: each is reported with what the listing had."""
    http_server.serve("/list", listing(*(item(number) for number in range(1, 6))))
    http_server.serve("/article/1", article("기사 1"))
    http_server.serve("/article/2", status=500)
    http_server.serve("/article/3", "<h1>새 단장</h1>")
    http_server.serve("/article/4", bytes(range(256)) * 100)
    found = pull({**PAGE, "url": f"{http_server.url}/list"})
    assert [draft.headline for draft in found if isinstance(draft, Draft)] == ["기사 1"]
    reasons = [item.reason for item in found if isinstance(item, Unreadable)]
    for reason, part in zip(reasons, ["404", "not text", 'article.body = "div.body" matched nothing', "500"], strict=True):
        assert part in reason
    assert all(item.headline and item.raw == {"byline": "김서현 기자"} for item in found if isinstance(item, Unreadable))


def test_a_server_that_goes_away_is_not_waited_for_a_hundred_times(http_server: HttpServer) -> None:
    """A hundred articles times the timeout is an hour; the rest comes with the next pull. An overloaded server is left at once."""
    http_server.serve("/list", listing(*(item(number) for number in range(1, 101))))
    http_server.serve("/article/100", article("기사 100"))
    for number in range(50, 100):
        http_server.redirect(f"/article/{number}", "http://127.0.0.1:9/")
    found = pull({**PAGE, "url": f"{http_server.url}/list"})
    assert len(found) == 100
    assert isinstance(found[0], Draft)
    assert http_server.paths() == ["/list", *(f"/article/{number}" for number in (100, 99, 98, 97))]
    assert all("stopped answering" in item.reason for item in found[4:] if isinstance(item, Unreadable))
    http_server.requests.clear()
    http_server.serve("/article/100", status=429)
    assert len(pull({**PAGE, "url": f"{http_server.url}/list"})) == 100
    assert http_server.paths() == ["/list", "/article/100"]


def test_what_is_dropped_is_not_read(http_server: HttpServer) -> None:
    """Advertisements, related links and tools stand inside the body of most papers."""
    http_server.serve("/list", listing(item(1)))
    http_server.serve(
        "/article/1", article("기사", "<p>본문<span class=ad>광고<b class=ad>!</b></span></p><div class=sns><p>공유</p></div>")
    )
    settings = {**PAGE, "url": f"{http_server.url}/list", "article": {"body": "div.body p", "drop": [".ad", ".sns"]}}
    assert drafts(pull(settings))[0].body == "<p>본문</p>"


def test_the_articles_page_has_the_last_word_and_the_listing_fills_gaps(http_server: HttpServer) -> None:
    """A field that the page lacks must not erase what the listing said."""
    http_server.serve("/list", listing("<a href='/old/1'>짧은 제목</a> <span>김서현 기자</span> <time>15:13</time>"))
    http_server.redirect("/old/1", "/article/1")
    http_server.serve(
        "/article/1", "<link rel=canonical href='/article/one'>" + article("긴 제목") + "<em>입력 2025-06-11 15:13</em>"
    )
    settings = {
        "kind": "html",
        "url": f"{http_server.url}/list",
        "select": {**SELECT, "date": "time"},
        "article": {"headline": "h1", "body": "div.body", "date": "em", "byline": ".reporter"},
    }
    (draft,) = drafts(pull(settings))
    assert (draft.headline, draft.published, draft.bylines) == ("긴 제목", "입력 2025-06-11 15:13", ("김서현 기자",))
    assert draft.url == f"{http_server.url}/old/1"
    assert draft.canonical_url == f"{http_server.url}/article/one"
    assert draft.evidence["base"] == f"{http_server.url}/article/1"


def test_captions_stay_with_their_pictures(http_server: HttpServer) -> None:
    """Somebody's name under somebody else's face is the worst mistake a paper can make."""
    http_server.serve("/list", listing(item(1)))
    http_server.serve(
        "/article/1",
        article(
            "기사",
            """<figure><img src=/1.jpg></figure>
            <figure><img src=/2.jpg srcset="/2-640.jpg 640w, /2-1280.jpg 1280w"><figcaption>둘째 <b>사진</b></figcaption></figure>
            <div><img src=/blank.gif data-original=/3.jpg><p class=caption>셋째</p></div>
            <p class=caption>누구의 것도 아님</p><img src=/2.jpg><img>""",
        ),
    )
    settings = {
        **PAGE,
        "url": f"{http_server.url}/list",
        "article": {"body": "div.body", "image": "div.body img", "caption": "figcaption, .caption"},
    }
    images = drafts(pull(settings))[0].images
    assert [(image.url.removeprefix(http_server.url), image.caption) for image in images] == [
        ("/1.jpg", ""),
        ("/2.jpg", "둘째 사진"),
        ("/3.jpg", "셋째"),
    ]


def problems(changes: Mapping[str, Any]) -> dict[str, str]:
    settings = {"name": "it", "kind": "html", "url": "https://paper.example/", "select": SELECT, **changes}
    with pytest.raises(ValidationError) as caught:
        TypeAdapter[AnySource](AnySource).validate_python(settings)
    return {".".join(map(str, error["loc"][1:])): error["msg"] for error in caught.value.errors()}


def test_mistakes_in_the_configuration_are_named_all_at_once() -> None:
    """The operator corrects the file in one go, before anything runs."""
    select = {"item": "li@href", "headline": "a[", "body": "", "byline": 3, "hedline": "a"}
    found = problems(
        {"select": select, "article": {"drop": ["p:::x", "@class"]}, "id": r"/article/\d+", "pages": 0, "recheck": "soon"}
    )
    assert set(found) == {
        "select.item",
        "select.headline",
        "select.url",
        "select.body",
        "select.byline",
        "select.hedline",
        "article.body",
        "article.drop.0",
        "article.drop.1",
        "id",
        "pages",
        "recheck",
    }
    assert found["select.headline"] == 'Value error, "a[" is not a CSS selector'
    assert "one group" in found["id"]
    assert problems({"id": "("}).keys() == {"id"}
    assert problems({"page": "https://paper.example/?p=2"}).keys() == {"page"}
    assert "not both" in problems({"page": "https://paper.example/?p={page}", "select": {**SELECT, "next": "a"}})[""]


def test_the_settings_can_be_shown_as_they_were_written() -> None:
    """`masthead check` prints what is in force."""
    settings = TypeAdapter[AnySource](AnySource).validate_python(
        {"name": "it", "kind": "html", "url": "https://paper.example/", "select": SELECT, "id": r"/(\d+)"}
    )
    shown = settings.model_dump(mode="json", exclude_defaults=True)
    assert shown["select"] == SELECT
    assert shown["id"] == r"/(\d+)"


@given(st.text(st.sampled_from("<>=/\"' abdilpstru@[]#&;가\x00"), max_size=60) | st.text(max_size=40))
def test_any_text_is_a_selector_or_a_mistake_with_a_message(text: str) -> None:
    """A crash at start would hide all other messages."""
    try:
        TypeAdapter[AnySource](AnySource).validate_python(
            {"name": "it", "kind": "html", "url": "https://paper.example/", "select": {**SELECT, "body": text}}
        )
    except ValidationError as error:
        places = [problem["loc"][1:] for problem in error.errors()]
    else:
        return
    assert places == [("select", "body")]


PIECES = [
    "<div>",
    "</div>",
    "<p class=a>",
    "<img src=x>",
    "<img data-srcset='a 1x, b 9e9x, c 12w'>",
    "<a href='//[x'>",
    "<base href='::'>",
    "<table><p>",
    "<svg>",
    "<br>",
    "</b>",
    "가&lt;",
    "\0",
    "<template><p>",
]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=30).map("".join))
def test_any_page_can_be_read(text: str) -> None:
    """A page that crashes the reading would end the pull of all its neighbours."""
    document = Document(
        Page(url="http://paper.example/a/", body=f"<html>{text}".encode(errors="replace"), content_type="text/html")
    )
    for css in ("*", "p", ".a, img", "@src", "img@src"):
        selector = Selector.parse(css)
        assert isinstance(selector.markup(document.root), str)
        for image in document.images(document.root, selector, Selector("p")):
            assert image.url.startswith(("http://", "https://"))
        assert all(value == " ".join(value.split()) != "" for value in selector.values(document.root))
