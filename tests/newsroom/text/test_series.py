"""Columns are told from labels by what stands in brackets before the headline."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.text.series import split_series


@pytest.mark.parametrize(
    ("headline", "split"),
    [
        (
            "[김서현의 AI시대 적응하기] 좋은 질문이 좋은 검색을 만든다",
            ("좋은 질문이 좋은 검색을 만든다", "김서현의 AI시대 적응하기"),
        ),
        ("[길 위에서]봄이 왔다", ("봄이 왔다", "길 위에서")),
        ("[ 오늘의 날씨 ] 전국 맑음", ("전국 맑음", "오늘의 날씨")),
        ("[2026 지방선거] 새벽시장 3파전", ("새벽시장 3파전", "2026 지방선거")),
    ],
)
def test_a_column_is_taken_off_its_headline(headline: str, split: tuple[str, str]) -> None:
    """A column loses its name, or stands among the news."""
    assert split_series(headline) == split


@pytest.mark.parametrize(
    "headline",
    [
        "[단독] 새벽시, 버스 요금 올린다",
        "[단독 인터뷰] 새벽시장",
        "[종합2보] 새벽시, 버스 요금 올린다",
        "[종합 2보] 새벽시, 버스 요금 올린다",
        "[사진 1] 새벽역",
        "[Exclusive] Fares to rise",
        "[서울=뉴시스] 버스 요금 오른다",
        "[의혹] 시장의 땅",
        "[국민의힘] 새 대표 뽑는다",
        "[길 위에서]",
        "봄이 왔다 [길 위에서]",
        "[가][나 다] 라",
        "[] 라",
        "",
    ],
)
def test_a_label_stays_with_its_headline(headline: str) -> None:
    """Every exclusive is filed as an instalment of a column named 단독."""
    assert split_series(headline) == (headline, "")


def test_a_series_that_the_source_names_is_believed() -> None:
    """A column stands with its name twice, or a label takes its place."""
    assert split_series("[길 위에서] 봄", "길 위에서") == ("봄", "길 위에서")
    assert split_series("[단독] 봄", "길 위에서") == ("[단독] 봄", "길 위에서")
    assert split_series("봄", "길 위에서") == ("봄", "길 위에서")


@given(st.text("[] 가나의=단독2보\n", max_size=12), st.sampled_from(["", "가 나"]))
def test_nothing_of_a_headline_is_lost(headline: str, series: str) -> None:
    """A headline comes out empty or without its beginning."""
    rest, name = split_series(headline, series)
    assert rest == headline or (headline.startswith("[") and headline.endswith(rest) and rest and name in headline)
    assert split_series(rest, name)[1] == name
