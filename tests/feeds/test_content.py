"""What an entry says of an article."""

from __future__ import annotations

from dataclasses import replace

import pytest

from feeds import content
from feeds.model import Entry, EntryKind, View
from newsroom.model import Image
from newsroom.text.clean import html_text
from tests.feeds.builders import BODY, article, entry, language, picture

KOREAN = language()


def story(body: str = BODY, summary: str = "", note: str = "", images: tuple[Image, ...] = (), rights: bool = True) -> Entry:
    found = article(body=body, summary=summary, note=note, images=images)
    return entry(replace(found, full_text_ok=rights))


def text(found: Entry, view: View = View.FULL) -> str:
    return content.text(found, view, KOREAN)


def summary(found: Entry, view: View = View.FULL) -> str:
    return content.summary(found, view, KOREAN)


def test_a_column_carries_its_name_as_in_print() -> None:
    """Readers find their columnist by the name of the column."""
    column = entry(article(headline="사라진 골목", series="노한결의 물가에서"))
    assert content.title(column, KOREAN) == "[노한결의 물가에서] 사라진 골목"
    assert content.title(column, language("en")) == "노한결의 물가에서: 사라진 골목"
    assert content.title(entry(article(headline="사라진 골목")), KOREAN) == "사라진 골목"


def test_a_picture_that_the_text_lacks_leads_it_with_caption_credit_and_size() -> None:
    """Readers that know no Media RSS, which is most, would show no picture."""
    html = text(story(images=(picture(),)))
    assert html == (
        '<figure><img src="https://img.dumul.example/1.jpg" alt="밤거리를 달리는 시내버스" width="1200" height="800">'
        "<figcaption>두물시 심야버스가 시험 운행을 하고 있다. 오사진</figcaption></figure>\n" + BODY
    )


def test_a_picture_that_the_text_shows_is_not_repeated() -> None:
    """The same picture twice, because a cache had put a number behind its address."""
    body = '<p>글</p><img src="https://img.dumul.example/1.jpg?w=640&amp;v=2" alt="">'
    assert text(story(body, images=(picture(),))) == body


def test_further_pictures_follow_the_text() -> None:
    """A gallery before the first word pushes the story away."""
    html = text(story(images=(picture(1), picture(2), picture(3))))
    assert [html.index(word) for word in ("1.jpg", "막차가", "2.jpg", "3.jpg")] == sorted(
        html.index(word) for word in ("1.jpg", "막차가", "2.jpg", "3.jpg")
    )


def test_words_about_a_picture_are_text_and_not_markup() -> None:
    """A caption from a source would run its script in the subscriber's reader (invariant 9)."""
    evil = Image(url='https://x.example/"><script>', alt='"><script>', caption="<script>alert(1)</script>", credit="&amp;")
    html = text(story(images=(evil,)))
    assert "<script" not in html
    assert "&amp;amp;" in html


def test_a_correction_stands_before_the_text() -> None:
    """Who read the wrong version would never learn what was wrong."""
    html = text(story(note="첫차는 11시 50분입니다. <b>"))
    assert html.startswith("<p><strong>바로잡습니다.</strong> 첫차는 11시 50분입니다. &lt;b&gt;</p>\n<p>막차가")


def test_without_a_full_text_there_is_a_summary_and_no_content() -> None:
    """A teaser given as content looks to a reader as if it were the whole story (rule A10)."""
    teaser = story(body="", summary="심야버스가 다닌다.", note="첫차 시각을 고쳤습니다.", images=(picture(),))
    assert text(teaser) == ""
    assert summary(teaser) == "바로잡습니다. 첫차 시각을 고쳤습니다. 심야버스가 다닌다."


@pytest.mark.parametrize(
    "teaser",
    [
        "",
        "막차가 끊긴 뒤에도 달빛버스는 달린다.",
        "막차가 끊긴 뒤에도…",
        "달린다. 두물시는 2일 심야버스…",
        "막차 놓쳐도 집에 간다",
    ],
)
def test_a_summary_that_repeats_the_text_or_the_headline_is_left_out(teaser: str) -> None:
    """Readers that show the summary above the text would say everything twice (rule A10)."""
    assert summary(story(summary=teaser)) == ""


def test_a_real_abstract_is_kept() -> None:
    """Readers' lists would have nothing to show under the headline."""
    assert summary(story(summary="심야버스\n3개 노선,  40분마다")) == "심야버스 3개 노선, 40분마다"


@pytest.mark.parametrize("name", ["", "hong@dumul.example", "홍길동 hong@dumul.example"])
def test_a_name_with_an_address_is_not_printed(name: str) -> None:
    """Harvesters would find a reporter's address in every feed."""
    assert not content.is_name(name)
    shown = text(story(images=(Image(url="https://x.example/1.jpg", credit=name),)))
    assert "@" not in shown


LONG = "".join(f"<p>{number}번째 문장은 모두 스무 글자쯤이다.</p>" for number in range(1, 41))
FLASH = "<p>두물시 전역에 호우 경보.</p>"


@pytest.mark.parametrize("view", View)
@pytest.mark.parametrize("body", [LONG, BODY, FLASH, "<p>속보</p>"])
@pytest.mark.parametrize("printed", ["", "itself", "almost"])
def test_wire_copy_is_never_given_whole_however_short_it_is(body: str, printed: str, view: View) -> None:
    """The beginning of a three-line flash is the flash: the agency's contract would be broken by its excerpt."""
    whole = html_text(body)
    teaser = {"": "", "itself": whole, "almost": f"{whole[: len(whole) * 3 // 4]}…"}[printed]
    wire = story(body=body, summary=teaser, rights=False)
    assert text(wire, view) == ""
    given = summary(wire, view).rstrip("…")
    assert "".join(given.split()) in "".join(whole.split())
    assert 2 * len(given) <= len(whole) + 1
    assert len(given) <= content.EXCERPT_LETTERS


def test_the_papers_own_abstract_stands_in_an_excerpt() -> None:
    """What an editor wrote to tease would give way to the first half sentence."""
    assert summary(story(summary="심야버스 3개 노선"), View.EXCERPT) == "심야버스 3개 노선"
    lead = "1번째 문장은 모두 스무 글자쯤이다."
    assert summary(story(body=LONG, summary=lead), View.EXCERPT) == lead
    assert text(story(), View.EXCERPT) == ""


def test_a_correction_says_what_was_wrong_and_where() -> None:
    """A correction without the story it is about helps nobody, and one with a second byline looks like a story."""
    found = entry(article(note="첫차는 <11시> 50분입니다.", images=(picture(),)), EntryKind.CORRECTION)
    assert content.title(found, KOREAN).startswith("[바로잡습니다] 막차 놓쳐도")
    assert content.title(found, language("en")).startswith("Correction: 막차 놓쳐도")
    assert text(found).startswith('<p>첫차는 &lt;11시&gt; 50분입니다.</p>\n<p><a href="https://dumul.example/article/1">막차')
    assert summary(found) == "첫차는 <11시> 50분입니다."
    assert (content.authors(found), content.images(found)) == ((), ())


def test_a_stub_says_nothing_of_its_story() -> None:
    """What the paper took back would be read on in its stub."""
    found = entry(article(note="거두었습니다", images=(picture(),), summary="요약", series="연재"), EntryKind.STUB)
    assert content.title(found, KOREAN) == "삭제된 기사입니다"
    assert text(found, View.EXCERPT) == text(found) == "<p>신문사가 이 기사를 내렸습니다.</p>"
    assert (summary(found), content.authors(found), content.images(found)) == ("", (), ())
