"""What an entry says of an article."""

from __future__ import annotations

from dataclasses import replace

import pytest

from feeds import content
from newsroom.model import Image, Revision
from tests.feeds.builders import BODY, article, language, picture

KOREAN = language()


def revision(body: str = BODY, summary: str = "", note: str = "", images: tuple[Image, ...] = ()) -> Revision:
    return article(body=body, summary=summary, note=note, images=images).revision


def test_a_column_carries_its_name_as_in_print() -> None:
    """Readers find their columnist by the name of the column."""
    column = article(headline="사라진 골목", series="노한결의 물가에서")
    assert content.title(column, KOREAN) == "[노한결의 물가에서] 사라진 골목"
    assert content.title(column, language("en")) == "노한결의 물가에서: 사라진 골목"
    assert content.title(article(headline="사라진 골목"), KOREAN) == "사라진 골목"


def test_a_picture_that_the_text_lacks_leads_it_with_caption_credit_and_size() -> None:
    """Readers that know no Media RSS, which is most, would show no picture."""
    html = content.content(revision(images=(picture(),)), KOREAN)
    assert html == (
        '<figure><img src="https://img.dumul.example/1.jpg" alt="밤거리를 달리는 시내버스" width="1200" height="800">'
        "<figcaption>두물시 심야버스가 시험 운행을 하고 있다. 오사진</figcaption></figure>\n" + BODY
    )


def test_a_picture_that_the_text_shows_is_not_repeated() -> None:
    """The same picture twice, because a cache had put a number behind its address."""
    body = '<p>글</p><img src="https://img.dumul.example/1.jpg?w=640&amp;v=2" alt="">'
    assert content.content(revision(body, images=(picture(),)), KOREAN) == body


def test_further_pictures_follow_the_text() -> None:
    """A gallery before the first word pushes the story away."""
    html = content.content(revision(images=(picture(1), picture(2), picture(3))), KOREAN)
    assert [html.index(word) for word in ("1.jpg", "막차가", "2.jpg", "3.jpg")] == sorted(
        html.index(word) for word in ("1.jpg", "막차가", "2.jpg", "3.jpg")
    )


def test_words_about_a_picture_are_text_and_not_markup() -> None:
    """A caption from a source would run its script in the subscriber's reader (invariant 9)."""
    evil = Image(url='https://x.example/"><script>', alt='"><script>', caption="<script>alert(1)</script>", credit="&amp;")
    html = content.content(revision(images=(evil,)), KOREAN)
    assert "<script" not in html
    assert "&amp;amp;" in html


def test_a_correction_stands_before_the_text() -> None:
    """Who read the wrong version would never learn what was wrong."""
    html = content.content(revision(note="첫차는 11시 50분입니다. <b>"), KOREAN)
    assert html.startswith("<p><strong>바로잡습니다.</strong> 첫차는 11시 50분입니다. &lt;b&gt;</p>\n<p>막차가")


def test_without_a_full_text_there_is_a_summary_and_no_content() -> None:
    """A teaser given as content looks to a reader as if it were the whole story (rule A10)."""
    teaser = revision(body="", summary="심야버스가 다닌다.", note="첫차 시각을 고쳤습니다.", images=(picture(),))
    assert content.content(teaser, KOREAN) == ""
    assert content.summary(teaser, KOREAN) == "바로잡습니다. 첫차 시각을 고쳤습니다. 심야버스가 다닌다."


@pytest.mark.parametrize(
    "summary",
    [
        "",
        "막차가 끊긴 뒤에도 달빛버스는 달린다.",
        "막차가 끊긴 뒤에도…",
        "달린다. 두물시는 2일 심야버스…",
        "막차 놓쳐도 집에 간다",
    ],
)
def test_a_summary_that_repeats_the_text_or_the_headline_is_left_out(summary: str) -> None:
    """Readers that show the summary above the text would say everything twice (rule A10)."""
    assert content.summary(revision(summary=summary), KOREAN) == ""


def test_a_real_abstract_is_kept() -> None:
    """Readers' lists would have nothing to show under the headline."""
    assert content.summary(revision(summary="심야버스\n3개 노선,  40분마다"), KOREAN) == "심야버스 3개 노선, 40분마다"


@pytest.mark.parametrize("name", ["", "hong@dumul.example", "홍길동 hong@dumul.example"])
def test_a_name_with_an_address_is_not_printed(name: str) -> None:
    """Harvesters would find a reporter's address in every feed."""
    assert not content.is_name(name)
    shown = content.content(replace(revision(), images=(Image(url="https://x.example/1.jpg", credit=name),)), KOREAN)
    assert "@" not in shown
