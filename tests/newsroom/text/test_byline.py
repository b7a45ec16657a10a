from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsroom.model import Credit, CreditKind
from newsroom.text.byline import cut_byline, parse_byline
from newsroom.text.clean import clean_html, html_text
from newsroom.text.vocabulary import is_korean_name, is_western_name

SHARED = Path(__file__).parents[3] / "../shared/data"
BASE = "https://www.metroseoul.co.kr/newsList/14"


def test_every_row_of_the_shared_bylines_holds() -> None:
    """A real paper's byline would name nobody, somebody else, or give one reporter another's address."""
    path = SHARED / "bylines/bylines.jsonl"
    if not path.exists():
        pytest.skip(f"the shared data is not beside this checkout: {path}")
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert len(rows) >= 18
    for row in rows:
        expected = [
            Credit(
                name=credit["name"],
                role=credit.get("role", ""),
                kind=CreditKind(credit.get("kind", "person")),
                email=credit.get("email", ""),
                email_local=credit.get("email_local", ""),
                organisation=credit.get("org", ""),
                dateline=credit.get("dateline", ""),
            )
            for credit in row["expected"]
        ]
        assert list(parse_byline(row["text"]).credits) == expected, row["text"]


def _person(name: str, role: str = "기자", **parts: str) -> Credit:
    return Credit(name=name, role=role, **parts)  # type: ignore[arg-type]  # only text is passed


@pytest.mark.parametrize(
    ("raw", "credits_"),
    [
        ("표시우 런던특파원", [_person("표시우", "특파원", dateline="런던")]),
        ("표시우 런던 특파원", [_person("표시우", "특파원", dateline="런던")]),
        ("런던=표시우 특파원", [_person("표시우", "특파원", dateline="런던")]),
        ("남궁솔기자 ngsol@dumul.example", [_person("남궁솔", email="ngsol@dumul.example")]),
        ("황보혜경 인턴 기자", [_person("황보혜경", "인턴기자")]),
        ("선우진 과학전문기자", [_person("선우진", "과학전문기자")]),
        ("김서현 의학 전문기자", [_person("김서현", "의학 전문기자")]),
        ("제갈윤 선임기자", [_person("제갈윤", "선임기자")]),
        ("윤서진 산업부장", [_person("윤서진", "산업부장")]),
        ("윤서진 정치부 기자", [_person("윤서진", "정치부 기자")]),
        ("홍길동 논설실장", [_person("홍길동", "논설실장")]),
        ("홍길동 객원 논설위원", [_person("홍길동", "객원논설위원")]),
        ("칼럼니스트 홍길동", [_person("홍길동", "칼럼니스트")]),
        ("허준 앵커", [_person("허준", "앵커")]),
        ("사진=강승호 기자", [_person("강승호", "사진기자")]),
        ("글·사진 김서현 기자", [_person("김서현")]),
        ("김서현기자seoh@metroseoul.co.kr", [_person("김서현", email="seoh@metroseoul.co.kr")]),
        ("김서현 기자(seoh@metroseoul.co.kr)", [_person("김서현", email="seoh@metroseoul.co.kr")]),
        ("김서현 기자 <seoh@metroseoul.co.kr>", [_person("김서현", email="seoh@metroseoul.co.kr")]),
        ("김서현 기자 seoh@metro…", [_person("김서현", email_local="seoh")]),
        ("[헤럴드경제=김현정 기자]", [_person("김현정", organisation="헤럴드경제")]),
        ("[헤럴드경제(부산)=임순택 기자]", [_person("임순택", organisation="헤럴드경제", dateline="부산")]),
        ("[더팩트ㅣ국회=김서현 기자]", [_person("김서현", organisation="더팩트", dateline="국회")]),
        ("[새로운매체=김서현 기자]", [_person("김서현", organisation="새로운매체")]),
        ("[새로운매체 김서현 기자]", [_person("김서현", organisation="새로운매체")]),
        ("호찌민=표시우 특파원", [_person("표시우", "특파원", dateline="호찌민")]),
        ("나르비크 표시우 특파원", [_person("표시우", "특파원", dateline="나르비크")]),
        ("AFP, 서울", [Credit(name="AFP", kind=CreditKind.AGENCY, dateline="서울")]),
        ("【서울=뉴시스】홍길동 기자 =", [_person("홍길동", organisation="뉴시스", dateline="서울")]),
        (
            "(서울=연합뉴스) 홍길동 박세준 기자 =",
            [
                _person("홍길동", organisation="연합뉴스", dateline="서울"),
                _person("박세준", organisation="연합뉴스", dateline="서울"),
            ],
        ),
        ("김서현·박세준 기자, 최은 인턴기자", [_person("김서현"), _person("박세준"), _person("최은", "인턴기자")]),
        ("김서현 기자와 박세준 기자", [_person("김서현"), _person("박세준")]),
        ("김서현과 박세준 기자", [_person("김서현"), _person("박세준")]),
        ("박세준 기자 a@m.kr 최은 기자 b@m.kr", [_person("박세준", email="a@m.kr"), _person("최은", email="b@m.kr")]),
        ("박세준·최은 기자 a@m.kr·b@m.kr", [_person("박세준", email="a@m.kr"), _person("최은", email="b@m.kr")]),
        ("김서현 기자 · 김서현 기자 a@m.kr", [_person("김서현", email="a@m.kr")]),
        ("특별취재팀=김서현·박세준 기자", [_person("김서현"), _person("박세준")]),
        ("(서울=연합뉴스)", [Credit(name="연합뉴스", kind=CreditKind.AGENCY, dateline="서울")]),
        ("온라인뉴스부 news@m.kr", [Credit(name="온라인뉴스부", kind=CreditKind.DESK, email="news@m.kr")]),
        ("뉴스봇 기자", [Credit(name="뉴스봇", role="기자", kind=CreditKind.BOT)]),
        ("By Jane Doe and John Q. Smith", [_person("Jane Doe", ""), _person("John Q. Smith", "")]),
        ("By JANE DOE, Staff Writer jane@x.com", [_person("JANE DOE", "Staff Writer", email="jane@x.com")]),
    ],
)
def test_one_member_of_each_family_is_read(raw: str, credits_: list[Credit]) -> None:
    """Articles of papers that sign this way would be in no reporter's feed."""
    assert list(parse_byline(raw).credits) == credits_


@pytest.mark.parametrize(
    "raw",
    """
    기자|이 기자|김 기자|여기자|시민 기자|신문 기자|전직 기자|안성 기자|현대차 기자|이데일리 기자|조선일보 기자|정치부 기자|그는 10년차 기자|김서현|김서현·박세준
    김서현 기자는 말했다|김서현 기자가|현장에는 김서현 기자|김서현 기자.|"김서현 기자"|“나는 김서현 기자다”|홍길동 교수|김서현 민주당 의원|사진=이마트|사진=연합뉴스
    문화체육관광부 open@mcst.go.kr|국가대표팀|AFP=연합뉴스|By The Associated Press|By New York Times|By Staff Reporter|[김서현 기자|연합뉴스, 어제|Jane Doe|seoh@metroseoul.co.kr
    """.replace("\n", "|").split("|"),
)
def test_what_only_looks_like_a_byline_names_nobody(raw: str) -> None:
    """Somebody would get a feed who never wrote a line, or a reporter another's story."""
    assert parse_byline(raw.strip()).credits == ()


@pytest.mark.parametrize(
    ("raw", "names"),
    [
        ("김서현", ["김서현"]),
        ("김서현, 박세준", ["김서현", "박세준"]),
        ("Jane Doe, John Smith", ["Jane Doe", "John Smith"]),
        ("seoh@metroseoul.co.kr (김서현)", ["김서현"]),
        ("김서현 기자", ["김서현"]),
        ("관리자", []),
        ("admin", []),
        ("New York Times", []),
    ],
)
def test_in_a_field_of_authors_a_bare_name_is_a_person(raw: str, names: list[str]) -> None:
    """Feeds whose <author> is just a name would lose every reporter."""
    assert [credit.name for credit in parse_byline(raw, bare_names=True).credits] == names


@pytest.mark.parametrize(
    ("raw", "date", "complete"),
    [
        ("2025-06-11 15:13:08 김서현 기자", "2025-06-11 15:13:08", True),
        ("입력 2025.06.11 15:13 | 김서현 기자", "입력 2025.06.11 15:13", True),
        ("김서현 기자 2025년 6월 11일 오후 3시 13분", "2025년 6월 11일 오후 3시 13분", True),
        ("김서현 기자 외 1명", "", False),
        ("김서현 기자 등 3명", "", False),
    ],
)
def test_the_date_beside_the_name_and_the_unnamed_others_are_told(raw: str, date: str, complete: bool) -> None:
    """A listing with one line for both would lose the date, and a story of four would seem one reporter's alone."""
    byline = parse_byline(raw)
    assert [credit.name for credit in byline.credits] == ["김서현"]
    assert (byline.date, byline.complete, byline.raw) == (date, complete, raw)


_NO_NAMES = (
    "그는 말했다 현장 기자 기자가 특파원 서울 런던 순천 정치부 산업경제팀 이데일리 연합뉴스 사진 글 전문기자 로봇 여성 신문 시민 이날 한국 외 1명 "
    '= / · , & [ ] ( ) < > " . | ㅣ 와 과 a@m.kr seoh seoh@ 2025-06-11 15:13 By and AFP MANILA The Times'
)
_WORDS = _NO_NAMES.split()


@given(st.lists(st.sampled_from(_WORDS) | st.text(max_size=4), max_size=10), st.sampled_from(["", " "]))
@example(["[", "("], "")
def test_nobody_is_invented_from_words_that_are_no_names(words: list[str], joint: str) -> None:
    """A person who does not exist would be on the reporters' page."""
    raw = joint.join(words)
    for bare in (False, True):
        for credit in parse_byline(raw, bare_names=bare).credits:
            assert credit.name
            if credit.kind is CreditKind.PERSON:
                assert is_korean_name(credit.name) or is_western_name(credit.name)
                assert credit.name not in _WORDS


def test_a_whole_story_is_no_byline() -> None:
    """A selector that catches the body would cost minutes, or make a reporter of its last words."""
    assert parse_byline("그는 말했다. " * 100 + "김서현 기자").credits == ()


@given(
    st.sampled_from(["김서현", "남궁솔", "허준"]),
    st.sampled_from(["", " "]),
    st.sampled_from(["기자", "수습기자", "특파원"]),
    st.from_regex(r"[a-z]{2,8}@[a-z]{2,8}\.co\.kr", fullmatch=True),
)
def test_name_role_and_address_are_found_however_they_are_spaced(name: str, gap: str, role: str, address: str) -> None:
    """The commonest form of all would depend on a blank."""
    for raw in (f"/{name}{gap}{role} {address}", f"{name}{gap}{role}({address})", f"{address} {name}{gap}{role}"):
        assert parse_byline(raw).credits == (Credit(name=name, role=role, email=address),)


@pytest.mark.parametrize(
    ("body", "left", "raw"),
    [
        ("<p>본문을 담았다. /김서현기자 seoh@m.kr</p>", "<p>본문을 담았다.</p>", "/김서현기자 seoh@m.kr"),
        ("<p>본문이다.</p><p>/김서현기자 seoh@m.kr</p>", "<p>본문이다.</p>", "/김서현기자 seoh@m.kr"),
        ("<p>본문이라고 말했다 김서현 기자 seoh@m.kr</p>", "<p>본문이라고 말했다</p>", "김서현 기자 seoh@m.kr"),
        ("본문이라고 말했다. 김서현 기자 seoh@m.kr", "본문이라고 말했다.", "김서현 기자 seoh@m.kr"),
        ("한 줄.\n두 줄.\n/김서현기자 seoh@m.kr\n", "한 줄.\n두 줄.", "/김서현기자 seoh@m.kr"),
        ("<p>본문이다.[이데일리 김현아 기자]</p>", "<p>본문이다.</p>", "[이데일리 김현아 기자]"),
        ("<p>본문이다. &lt;김서현 기자&gt;</p>", "<p>본문이다.</p>", "<김서현 기자>"),
        ("<p>본문이다.<br>김서현 기자<br>seoh@m.kr</p>", "<p>본문이다.</p>", "김서현 기자 seoh@m.kr"),
        ("<p>본문이다.</p><p>김서현 기자</p><p>seoh@m.kr</p>", "<p>본문이다.</p>", "김서현 기자 seoh@m.kr"),
        ('<p>본문 <b>끝. 김서현 기자</b> <a href="https://m.kr/w">seoh@m.kr</a></p>', "<p>본문 <b>끝.</b></p>", "김서현 기자 seoh@m.kr"),
        ("<p>본문이다.</p><p>김서현 기자</p><p>ⓒ 메트로신문 무단전재 및 재배포 금지</p>", "<p>본문이다.</p><p>ⓒ 메트로신문 무단전재 및 재배포 금지</p>", "김서현 기자"),
        ('<p>본문이다.</p><p>김서현 기자</p><figure><img src="https://m.kr/a.jpg" alt=""></figure>', '<p>본문이다.</p><figure><img src="https://m.kr/a.jpg" alt=""></figure>', "김서현 기자"),
        ("<p>문의(seoh@m.kr)하면 된다.</p><p>김서현 기자 seoh@m.kr</p>", "<p>문의하면 된다.</p>", "김서현 기자 seoh@m.kr"),
        ("<p>본문이다.</p><p>By Jane Doe</p>", "<p>본문이다.</p>", "By Jane Doe"),
        ("<p>본문이다.</p><p>온라인뉴스팀 news@m.kr</p>", "<p>본문이다.</p>", "온라인뉴스팀 news@m.kr"),
        ("<p>[서울=뉴스핌] 홍석희 기자 = 본문이다.</p>", "<p>본문이다.</p>", "[서울=뉴스핌] 홍석희 기자"),
        ("<p>[서울=뉴시스]홍석희 기자 = 본문이다.</p><p>◎공감언론 뉴시스 hong@newsis.com</p>", "<p>본문이다.</p>", "[서울=뉴시스]홍석희 기자 · hong@newsis.com"),
        ("<p>[이데일리 김현아 기자] 본문이다.</p>", "<p>본문이다.</p>", "[이데일리 김현아 기자]"),
        ("<p>김서현 기자 seoh@m.kr</p><p>본문이다.</p>", "<p>본문이다.</p>", "김서현 기자 seoh@m.kr"),
    ],
)  # fmt: skip  # one case a line
def test_a_glued_byline_is_taken_off_the_body(body: str, left: str, raw: str) -> None:
    """Feeds and mails would print the reporter's address, and the byline twice."""
    assert cut_byline(body) == (left, raw)
    assert parse_byline(raw).credits


@pytest.mark.parametrize(
    "body",
    [
        "",
        "본문이다.",
        "<p>10일 &lt;메트로경제신문&gt; 취재에 따르면</p>",
        "10일 <메트로경제신문>",
        "<p>그는 10년차 기자</p>",
        "<p>그 자리에는 김서현 기자</p>",
        "<p>“나는 김서현 기자”</p>",
        "<p>주인공은 김서현 기자.</p>",
        "<p>본문이다. By Jane Doe</p>",
        "<p>E = mc</p>",
        "<p>문의 news@m.kr</p>",
        '<figure><img src="https://m.kr/a.jpg" alt=""><figcaption>봄. 김서현 기자</figcaption></figure>',
        "<p>김서현 기자</p>",
    ],
)  # fmt: skip  # one case a line
def test_what_is_no_byline_stays_in_the_body(body: str) -> None:
    """Sentences of the story would be lost."""
    assert cut_byline(body) == (body, "")


def test_a_body_that_is_all_byline_stays_but_for_the_address() -> None:
    """An article would be refused as empty, or publish its reporter's address."""
    assert cut_byline("<p>김서현 기자 seoh@m.kr</p>") == ("<p>김서현 기자</p>", "")


_PIECES = [
    "<p>",
    "</p>",
    "<br>",
    "<b>",
    "</b>",
    "<li>",
    "본문을 말했다. ",
    "&lt;메트로&gt;",
    " ",
    "김서현 기자",
    "/김서현기자 ",
    "seoh@m.kr",
    "&amp;",
]
_BODIES = st.lists(
    st.sampled_from(
        [*_PIECES, "[이데일리 김현아 기자]", "(서울=연합뉴스) 홍길동 기자 = ", "그는 ", "<figure><img src=/a.jpg></figure>"]
    ),
    max_size=10,
)


@given(_BODIES.map("".join))
def test_cutting_never_empties_never_leaks_and_leaves_clean_html(fragment: str) -> None:
    """A body would vanish, keep an address of its byline, or change again with the next pull."""
    body = clean_html(fragment, BASE)
    left, raw = cut_byline(body)
    assert bool(left) == bool(body)
    assert clean_html(left, BASE) == left
    if raw:
        assert parse_byline(raw).credits
        assert not any(address in left for address in re.findall(r"\S+@m\.kr", raw))
    assert cut_byline(html_text(body))[1] == "" or parse_byline(cut_byline(html_text(body))[1]).credits


def test_the_real_articles_lose_their_bylines_and_nothing_else() -> None:
    """The paper that this program was first made for would print its reporters' addresses."""
    pages = sorted((SHARED / "metro/article").glob("*.html"))
    if not pages:
        pytest.skip(f"the shared data is not beside this checkout: {SHARED}")
    found = []
    for page in pages:
        match = re.search(r'<div class="row article-txt-contents">(.*?)</div>', page.read_text("utf-8"), re.DOTALL)
        assert match is not None
        body = clean_html(match[1], BASE)
        left, raw = cut_byline(body)
        assert "@" not in left
        assert body.startswith(left)
        found += [credit.email for credit in parse_byline(raw).credits]
    assert found == ["seoh@metroseoul.co.kr", "hjk1@metroseoul.co.kr", "seoh@metroseoul.co.kr", "seoh@metroseoul.co.kr"]
