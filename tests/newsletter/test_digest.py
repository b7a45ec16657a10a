"""What is told in a digest, in which order, and how often."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from newsletter.digest import COLUMNS, FULL, Digest
from newsletter.settings import NewsletterSettings
from newsroom.model import Article, Credit, CreditKind, Image
from tests.newsletter.builders import BODY, MORNING, TALL, WIDE, article, digest, english, front_page, many

MINUTE = timedelta(minutes=1)


def headlines(made: Digest) -> list[str]:
    return [story.headline for story in made.stories]


def ids(made: Digest) -> list[str]:
    return [story.article_id for story in made.stories]


def test_sections_come_in_the_papers_order_and_stories_by_freshness() -> None:
    """A reader finds the same desk at the same place every morning."""
    made = digest(front_page())
    assert made.lead is not None
    assert made.lead.headline == "문 닫던 동네 서점, 저녁 여덟 시에 다시 불을 켰다"
    assert [block.title for block in made.blocks] == ["사회", "IT·과학", "문화"]
    culture = made.blocks[2]
    assert [story.headline[:6] for story in culture.stories] == ["“번역은 두", "폐역 대합실"]
    assert [story.series for story in made.columns] == ["권도현의 느린 경제"]


def test_the_lead_has_a_wide_picture_and_is_never_a_column() -> None:
    """The first screen would be a stretched portrait, or an opinion sold as news."""
    column = article(1, "칼럼", series="느린 경제", image=WIDE, age=MINUTE)
    tall = article(2, "세로 사진", image=TALL, age=2 * MINUTE)
    small = article(3, "작은 사진", image=replace(WIDE, width=120, height=80), age=3 * MINUTE)
    wide = article(4, "넓은 사진", section="culture", image=WIDE, age=300 * MINUTE)
    made = digest([column, tall, small, wide])
    assert made.lead is not None
    assert made.lead.headline == "넓은 사진"
    assert made.lead.image == WIDE


def test_without_a_wide_picture_the_freshest_of_the_first_section_leads_without_one() -> None:
    made = digest([article(1, "세로 사진", image=TALL, age=MINUTE), article(2, "문화", section="culture", age=MINUTE)])
    assert made.lead is not None
    assert (made.lead.headline, made.lead.image) == ("세로 사진", None)


def test_a_story_that_is_given_twice_is_told_once_but_two_with_one_headline_are_two() -> None:
    """The two Kakao stories of one afternoon are two articles."""
    made = digest([article(1), article(1), article(2), article(3)])
    assert len(made.stories) == 3
    assert len(set(headlines(made))) == 1


def test_a_busy_desk_does_not_push_out_a_quiet_one() -> None:
    """Forty society stories in a night, and the one of culture would be gone."""
    busy = [article(key, f"사회 {key}", age=key * MINUTE) for key in range(1, 41)]
    quiet = article(99, "문화면의 한 건", section="culture", age=timedelta(hours=20))
    made = digest([*busy, quiet], NewsletterSettings(slug="m", title="m", max_stories=10))
    assert "문화면의 한 건" in headlines(made)
    assert (len(made.stories), made.more) == (10, 31)


def test_stories_beyond_a_coffee_get_one_line_each_and_the_rest_are_counted() -> None:
    made = digest(many(45))
    told = [made.lead, *(story for block in made.blocks for story in block.stories)]
    assert len(told) == FULL
    assert len(made.brief) == MORNING.max_stories - FULL
    assert made.more == 45 - MORNING.max_stories
    assert all(story.excerpt == "" for story in made.brief)


def test_columns_beyond_the_page_join_the_one_line_list() -> None:
    made = digest([article(key, f"칼럼 {key}", series="연재", age=key * MINUTE) for key in range(1, 8)])
    assert made.lead is None
    assert len(made.columns) == COLUMNS
    assert [story.series for story in made.brief] == ["연재"] * 3


def test_one_story_at_most_is_news_before_a_column() -> None:
    made = digest([article(1, "기사"), article(2, "칼럼", series="연재")], NewsletterSettings(slug="m", title="m", max_stories=1))
    assert (headlines(made), made.more) == (["기사"], 1)


def test_a_newsletter_of_one_section_files_a_story_under_that_section() -> None:
    """A reader of IT wonders why a story stands under society."""
    it = NewsletterSettings(slug="it", title="IT", sections=("it",))
    made = digest([article(1, section=("society", "game")), article(2, section=("society", "game"))], it)
    assert made.lead is not None
    assert made.lead.section == "게임"
    assert [block.title for block in made.blocks] == ["IT·과학"]
    assert made.follows == ("IT·과학",)


def test_articles_outside_the_tree_come_last_in_a_block_of_their_own() -> None:
    """A section that was taken out of the configuration must not lose its stories, nor the digest."""
    made = digest([article(1, section="gone"), article(2, section=()), article(3, section="culture")])
    assert [block.title for block in made.blocks] == [""]
    assert made.lead is not None
    assert made.lead.section == "문화"


def test_bylines_read_as_printed() -> None:
    jiwoo, seoh = Credit(name="한지우", role="기자", reporter="jiwoo"), Credit(name="김서현", reporter="seoh")
    editor = Credit(name="권도현", role="논설위원")
    agency = Credit(name="누리통신", kind=CreditKind.AGENCY)

    def byline(*credits: Credit) -> str:
        return digest([article(1, credits=credits)]).stories[0].byline

    assert byline(jiwoo) == "한지우 기자"
    assert byline(seoh) == "김서현 기자", "the role is known from the reporter"
    assert byline(jiwoo, seoh) == "한지우·김서현 기자"
    assert byline(jiwoo, editor) == "한지우 기자 · 권도현 논설위원"
    assert byline(agency) == "누리통신"
    assert byline() == ""


def test_an_english_byline_reads_english() -> None:
    pair = [Credit(name="Jane Doe", role="Reporter"), Credit(name="Sam Roe", role="Reporter")]
    assert digest([article(1, credits=pair)], language=english()).stories[0].byline == "Jane Doe and Sam Roe, Reporter"


def test_no_address_of_a_reporter_is_in_a_story() -> None:
    """Reporters' addresses are evidence, and stay in the newsroom."""
    signed = article(1, credits=[Credit(name="한지우", role="기자", email="jiwoo@hangang.example", email_local="jiwoo")])
    assert "@" not in repr(digest([signed]))


def test_a_column_without_a_signature_has_the_initial_of_its_series() -> None:
    made = digest([article(1, series="느린 경제", credits=()), article(2, series="연재", credits=[Credit(name="jane")])])
    assert sorted(story.initial for story in made.columns) == ["J", "느"]


def test_an_abstract_is_preferred_to_the_body_and_cut_to_length() -> None:
    made = digest([article(1, summary="스물네 시간 문을 여는 서점이 생겼다."), article(2, body=BODY * 5, age=MINUTE)])
    excerpts = {story.article_id[-1]: story.excerpt for story in made.stories}
    assert excerpts["1"] == "스물네 시간 문을 여는 서점이 생겼다."
    assert 20 < len(excerpts["2"]) <= 171
    assert "<" not in excerpts["2"]


def test_only_web_addresses_become_links_and_pictures() -> None:
    """A javascript: address from a broken source must not be clickable in a mail."""
    bad = article(1, url="javascript:alert(1)", image=Image(url="file:///etc/passwd", width=900, height=600))
    relative = article(2, url="/article/2", image=Image(url="//cdn.example/p.jpg", width=900, height=600))
    broken = article(3, url="http://[::1/3")
    made = digest([bad, relative, broken])
    assert [(story.url, story.image) for story in made.stories] == [("", None)] * 3


def test_corrections_are_those_with_a_note_of_articles_not_told_anyway() -> None:
    told = article(1, note="이름을 바로잡습니다.")
    corrected = article(2, "고친 기사", note="첫차 시각을 바로잡습니다.")
    untouched = article(3, "그대로")
    made = digest([told], corrections=[told, corrected, untouched])
    assert [(story.headline, story.note) for story in made.corrections] == [("고친 기사", "첫차 시각을 바로잡습니다.")]
    assert made.stories[0].note == "이름을 바로잡습니다."


def test_reading_time_follows_the_language() -> None:
    """A Korean paper's five hundred letters are a minute, not the five minutes of five hundred English words."""
    korean = article(1, "제목", body=f"<p>{'가나다라 ' * 500}</p>")
    english_text = article(1, "Headline", body=f"<p>{'word ' * 460}</p>")
    assert digest([korean]).minutes == 4
    assert digest([english_text], language=english()).minutes == 2
    assert digest([article(1, body="", summary="")]).minutes == 1


def test_a_day_without_news_is_an_empty_digest() -> None:
    """`masthead preview` on a quiet day shows a page, not a traceback."""
    made = digest([])
    assert (made.lead, made.stories, made.more) == (None, (), 0)


@st.composite
def newsrooms(draw: st.DrawFn) -> list[Article]:
    slugs = st.sampled_from(["society", "local", "game", "culture", "gone"])
    return [
        article(
            key,
            f"기사 {key}",
            section=draw(slugs),
            age=draw(st.integers(1, 5)) * MINUTE,
            image=draw(st.sampled_from([None, WIDE, TALL])),
            series=draw(st.sampled_from(["", "", "", "연재"])),
        )
        for key in range(draw(st.integers(0, 50)))
    ]


@given(newsrooms(), st.integers(1, 40), st.randoms(use_true_random=False))
def test_no_article_is_lost_doubled_or_moved_by_the_order_of_arrival(
    articles: list[Article],
    max_stories: int,
    dice: Random,
) -> None:
    """Every article is named once or counted, and two machines write the same digest."""
    newsletter = NewsletterSettings(slug="m", title="m", max_stories=max_stories)
    made = digest(articles, newsletter)
    assert len(set(ids(made))) == len(ids(made)) == min(len(articles), max_stories)
    assert len(made.stories) + made.more == len(articles)
    shuffled = list(articles)
    dice.shuffle(shuffled)
    assert digest(shuffled, newsletter) == made
