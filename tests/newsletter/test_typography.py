"""How Korean lines break in a mail, and which colours can be read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.palette import READABLE, contrast, contrast_problems, day, night
from newsletter.typography import bound, clauses, columns_of, fold, unbroken
from tests.newsletter.builders import PAPER


@pytest.mark.parametrize(
    ("text", "tied"),
    [
        ("서점이 저녁 여덟 시에 다시 불을 켰다", "서점이 저녁 여덟 시에 다시 불을~켰다"),
        ("첫차는 밤 11시 50분이다", "첫차는 밤 11시~50분이다"),
        ("3월 2일 오전 7시", "3월~2일 오전~7시"),
        ("점심값 1만 원 시대", "점심값 1만~원~시대"),
        ("한 줄", "한~줄"),
        ("한마디", "한마디"),
        ("", ""),
        ("길고긴낱말하나뿐인제목 끝", "길고긴낱말하나뿐인제목 끝"),
    ],
)
def test_what_belongs_together_stays_on_one_line(text: str, tied: str) -> None:
    """A syllable alone on the last line, or 11시 | 50분, looks like a machine set it."""
    assert bound(text) == tied.replace("~", "\xa0")


@given(st.text())
def test_tying_changes_blanks_only(text: str) -> None:
    assert bound(text).replace("\xa0", " ") == text.rstrip().replace("\xa0", " ")
    assert unbroken(text).replace("\xa0", " ") == text.replace("\xa0", " ")
    assert " ".join(clauses(text)) == text


def test_a_headline_breaks_after_its_ellipsis() -> None:
    assert clauses("객석은 의자 하나, 공연은 9분… 관객 한 명을 위해 막이 오른다") == [
        "객석은 의자 하나, 공연은 9분…",
        "관객 한 명을 위해 막이 오른다",
    ]
    assert clauses("왜… 그랬을까") == ["왜… 그랬을까"], "too short to be a line"


def test_a_line_never_begins_with_a_middle_dot() -> None:
    assert unbroken("게임 · 한지우 기자 · 오전 5시") == "게임\xa0· 한지우\xa0기자\xa0· 오전\xa05시"


@given(st.text(st.sampled_from("가나다 라마 abc … 漢\xa0é\u0301")), st.integers(10, 80))
def test_folded_text_has_the_same_words_in_short_lines(text: str, columns: int) -> None:
    folded = fold(text, columns)
    assert folded.split() == text.replace("\xa0", " ").split()
    for line in folded.split("\n"):
        assert columns_of(line) <= columns or " " not in line.strip() or "\xa0" in text


def test_a_syllable_takes_two_columns() -> None:
    assert columns_of("가a漢é") == 2 + 1 + 2 + 1
    assert fold("한강일보 아침 한강일보 아침", 13) == "한강일보 아침\n한강일보 아침"


def test_every_ink_can_be_read_on_every_ground() -> None:
    """WCAG AA for a reader of sixty on a phone in the sun, and at night."""
    for palette in (day(PAPER), night(PAPER)):
        for ink in (palette.ink, palette.text, palette.soft, palette.accent):
            for ground in (palette.sheet, palette.tint):
                assert contrast(ink, ground) >= READABLE, (ink, ground)
        assert contrast("#fffdf9", palette.disc) >= READABLE
        assert contrast(palette.heavy, palette.sheet) >= 3, "WCAG 1.4.11"


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#ffffff", "#777777") == pytest.approx(4.48, abs=0.01)
    assert contrast("#b3341b", "#b3341b") == 1


def test_an_operator_hears_of_a_colour_that_cannot_be_read() -> None:
    assert contrast_problems(PAPER) == []
    pale = PAPER.model_copy(update={"accent": "#ffcc00", "accent_dark": "#331111"})
    first, second = contrast_problems(pale)
    assert "paper.accent #ffcc00" in first
    assert "darker" in first
    assert "paper.accent_dark #331111" in second
    assert "lighter" in second
