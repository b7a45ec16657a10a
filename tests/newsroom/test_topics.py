"""Series and genres: what articles are gathered by beside sections and reporters."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime

import pytest

from newsroom.model import Article, Genre, Revision, Series
from newsroom.terms import article_terms, keyword_term, series_slug, series_term, terms_of
from newsroom.topics import Topic, Topics

NOW = datetime(2026, 3, 2, tzinfo=UTC)
NFD = unicodedata.normalize("NFD", "물가에서")


def article(headline: str = "버스 요금 오른다", *, series: str = "", keywords: tuple[str, ...] = ()) -> Article:
    revision = Revision(
        number=1, headline=headline, body="", summary="", credits=(), images=(), updated=NOW, edited=NOW, content_hash=""
    )
    return Article(id="tag:1", url="https://news.example/1", published=NOW, revision=revision, series=series, keywords=keywords)


@pytest.mark.parametrize(
    ("headline", "words"),
    [
        ("[사설] 버스 요금", ["사설"]),
        ("[단독][인터뷰] 버스 기사", ["단독", "인터뷰"]),
        ("[단독 인터뷰] 버스 기사", ["단독", "인터뷰"]),
        ("[인터뷰②] 버스 기사", ["인터뷰"]),
        ("[르포 3] 새벽 정류장", ["르포"]),
        ("[3보] 버스 요금", []),
        ("[서울=연합뉴스] 버스 요금", []),
        ("[르포] [서울=연합뉴스] 새벽 정류장", ["르포"]),
        ("[노한결의 물가에서] 물금", ["노한결의물가에서"]),
        ("버스 요금 [사설]", []),
        ("[] 버스", []),
        ("[사설", []),
        ("", []),
    ],
)
def test_a_label_in_front_of_a_headline_is_a_term(headline: str, words: list[str]) -> None:
    """Interviews are not in the feed of interviews; or a dateline has a feed."""
    assert terms_of("", [], headline) == tuple(f"keyword:{word}" for word in words)


def test_a_series_and_a_keyword_of_one_name_are_two_terms() -> None:
    """An article about a column is taken for one of it."""
    assert article_terms(article(series="물가에서", keywords=("물가 에서", "물가에서", " ", "…"))) == (
        "series:물가에서",
        "keyword:물가에서",
    )
    assert article_terms(article(series="★")) == ()


def test_spellings_of_a_series_are_one() -> None:
    """A column is cut in two because a Mac wrote its name, or somebody left out a blank."""
    topics = Topics([], [], [NFD, "물가에서", "물가 에서", "★"])
    [found] = topics.series
    assert found.slug == series_slug("물가에서")
    assert found.terms == (series_term("물가에서"),)
    assert topics.series_of(article(series="물가  에서")) == topics.series_of(article(series=NFD)) == found
    assert topics.series_of(article()) is None
    assert topics.series_of(article(series="★")) is None


def test_the_configured_series_come_first_and_the_others_by_name() -> None:
    """The index of feeds is in another order with each new column."""
    configured = [Series(slug="b", title="나", names=("나",)), Series(slug="a", title="가", names=("가",))]
    assert [topic.title for topic in Topics(configured, [], ["마", "다", "나", "라"]).series] == ["나", "가", "다", "라", "마"]


def test_a_series_that_gets_an_address_keeps_the_old_one() -> None:
    """Everybody who follows a column loses it when the paper chooses a slug."""
    series = Series(slug="riverside", title="노한결의 물가에서", names=("노한결의 물가에서", "물가에서", "물가로"))
    topics = Topics([series], [], ["물가 에서", "노한결의 물가에서"])
    assert topics.series == (
        Topic(
            slug="riverside",
            title="노한결의 물가에서",
            terms=(series_term("노한결의 물가에서"), series_term("물가에서"), series_term("물가로")),
            former_slugs=(series_slug("노한결의 물가에서"), series_slug("물가에서")),
        ),
    )
    assert topics.series_of(article(series="물가에서")) == topics.series[0]
    kept = Series(slug=series_slug("물가에서"), title="물가에서", names=("물가에서",))
    assert Topics([kept], [], ["물가에서"]).series[0].former_slugs == ()


def test_a_genre_is_known_by_label_keyword_and_series() -> None:
    """An interview is in the feed of interviews only if an editor remembered the keyword."""
    topics = Topics(
        [],
        [
            Genre(slug="interview", title="인터뷰", names=("인터뷰", "일문일답", "만나고 싶었습니다", "…")),
            Genre(slug="scoop", title="단독", names=("단독",)),
        ],
        [],
    )
    assert [genre.slug for genre in topics.genres] == ["interview", "scoop"]
    assert keyword_term("일문일답") in topics.genres[0].terms

    def slugs(found: Article) -> list[str]:
        return [genre.slug for genre in topics.genres_of(found)]

    assert slugs(article("[인터뷰] 버스 기사")) == slugs(article(keywords=("일문일답",))) == ["interview"]
    assert slugs(article(series="만나고 싶었습니다")) == ["interview"]
    assert slugs(article("[단독] 인터뷰 거절", keywords=("인터뷰",))) == ["interview", "scoop"]
    assert slugs(article("인터뷰 거절")) == []
