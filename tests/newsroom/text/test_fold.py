from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.text.fold import content_hash, fold_headline

BODY = '<p>노조는 "돌입"이라고 했다... <a href="https://a.example/1">더 보기</a></p><figure><img src="https://c.example/x.jpg"></figure>'


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("“모델보다 데이터”… AI 성능", '"모델보다 데이터"... ai 성능'),
        ("배민, '로드러너' 앱", "배민, ‘로드러너’  앱"),
        ("IT·과학", "IT ㆍ 과학"),
        ("정말?（속보）", "정말?(속보)"),
        (unicodedata.normalize("NFD", "한글"), "한글"),
        ("가\u200b나\u00ad다", "가나다"),
    ],
)
def test_typography_makes_no_other_headline(one: str, other: str) -> None:
    """The same story would be published twice because a sub-editor changed the quotes."""
    assert fold_headline(one) == fold_headline(other)


@pytest.mark.parametrize(("one", "other"), [("3.5% 상승", "35% 상승"), ("파업 돌입", "파업 돌입?"), ("①안", "1안"), ("x²", "x2")])
def test_another_headline_stays_another(one: str, other: str) -> None:
    """Two stories would become one."""
    assert fold_headline(one) != fold_headline(other)


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    """A stored key would not find itself again."""
    assert fold_headline(fold_headline(text)) == fold_headline(text)


@pytest.mark.parametrize(
    ("headline", "body", "summary"),
    [
        ("“제목”", BODY, "요약"),
        ("'제목'", BODY.replace('"돌입"', "‘돌입’").replace("...", "…"), "요 약"),
        ("'제목'", BODY.replace("<p>", "<p>\n\n "), unicodedata.normalize("NFD", "요약")),
        ("'제목'", BODY.replace("a.example/1", "b.example/2"), "요약"),
        ("'제목'", BODY.replace("x.jpg", ".cache/512/x.jpg?20250611"), "요약"),
    ],
)
def test_what_a_reader_does_not_see_is_no_revision(headline: str, body: str, summary: str) -> None:
    """Each pull would make revisions of unchanged articles, and move them up in every reader's list."""
    assert content_hash(headline, body, summary) == content_hash('"제목"', BODY, "요약")


@pytest.mark.parametrize(
    ("headline", "body", "summary"),
    [
        ('"제목!"', BODY, "요약"),
        ('"제목"', BODY.replace("노조", "사측"), "요약"),
        ('"제목"', BODY, "요약."),
        ('"제목"', BODY.replace("</figure>", "<figcaption>설명</figcaption></figure>"), "요약"),
        ('"제목"요약', BODY, ""),
        ("", '<p>"제목"</p>' + BODY, "요약"),
    ],
)
def test_a_visible_change_is_a_revision(headline: str, body: str, summary: str) -> None:
    """A correction would never reach the feeds."""
    assert content_hash(headline, body, summary) != content_hash('"제목"', BODY, "요약")
