from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsroom.text.excerpt import excerpt
from newsroom.text.graphemes import graphemes

_TEXT = st.text(
    st.sampled_from('가나다 한글이다.요?!…"”3.5US\u1112\u1161\u11ab\u0301\u200d\ufe0f👨👩🇰🇷👍🏽❤')
    | st.characters(exclude_categories=["Cs"])
)


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("짧은 글이다.", 20, "짧은 글이다."),
        ("첫 문장이다. 둘째 문장은 길다.", 12, "첫 문장이다."),
        ("정말일까요? 그렇다고 한다.", 10, "정말일까요?"),
        ("“그랬어요.” 그는 웃었다.", 10, "“그랬어요.”"),
        ("“파업은 계속된다.” 라고 그가 말했다.", 14, "“파업은 계속된다.”…"),
        ("물가가 3.5% 올랐다. 지난해보다", 8, "물가가…"),
        ("미국 U.S. Steel 인수를 마쳤다고", 12, "미국 U.S.…"),
        ("그는… 말이 없었다. 한참 뒤에야", 6, "그는…"),
        ("2025. 6. 11. 오후에 열린다고 했다", 14, "2025. 6. 11.…"),
        (
            "네. 카카오 노조가 설립 이후 처음으로 파업에 들어간다고 밝혔다. 이어",
            30,
            "네. 카카오 노조가 설립 이후 처음으로 파업에…",
        ),
        ("He met Mr. Kim in Seoul. They talked.", 26, "He met Mr. Kim in Seoul."),
        ("전국화학섬유식품산업노동조합", 6, "전국화학섬…"),
        ("카카오 노조, 파업 돌입", 8, "카카오 노조…"),
        ("한\n글   은", 10, "한 글 은"),
        ("글", 0, ""),
        ("글자", 1, "…"),
    ],
)
def test_it_is_cut_where_a_reader_would_stop(text: str, limit: int, expected: str) -> None:
    """The digest would break off in a number, an abbreviation or a word."""
    assert excerpt(text, limit) == expected


@given(_TEXT, st.integers(-1, 40))
@example("\u1112\u1161\u11ab" * 5, 3)
@example("👨‍👩‍👧‍👦" * 4, 2)
def test_it_fits_and_cuts_no_letter(text: str, limit: int) -> None:
    """A mail would show half a syllable or half an emoji, or a card overflow."""
    cut = excerpt(text, limit)
    letters = list(graphemes(" ".join(text.split())))
    assert len(list(graphemes(cut))) <= max(limit, 0)
    if cut == "".join(letters):
        return
    kept = list(graphemes(cut.removesuffix("…")))
    assert kept == letters[: len(kept)] or list(graphemes(cut)) == letters[: len(list(graphemes(cut)))]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("한글", 2),
        (unicodedata.normalize("NFD", "한글각"), 3),
        ("\u1112\u1161\u11ab\u1100", 2),
        ("가\u11a8", 1),
        ("각\u11a8", 1),
        ("e\u0301a", 2),
        ("👨‍👩‍👧‍👦👍🏽", 2),
        ("🇰🇷🇺🇸", 2),
        ("🇰🇷🇺", 2),
        ("🏴󠁧󠁢󠁥󠁮󠁧󠁿a", 2),
        ("❤️‍🔥1️⃣", 2),
        ("\r\n", 1),
        ("", 0),
    ],
)
def test_a_letter_is_what_a_reader_takes_for_one(text: str, count: int) -> None:
    """Korean from a Mac, an emoji or a flag would count as several letters and be cut in two."""
    assert len(list(graphemes(text))) == count


@given(_TEXT)
def test_letters_joined_are_the_text(text: str) -> None:
    """Cutting a text would lose part of it."""
    assert "".join(graphemes(text)) == text
