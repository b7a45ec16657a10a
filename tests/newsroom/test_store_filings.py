"""Filings: where articles stand, and the whole history of a feed in pages, on SQLite and PostgreSQL alike."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from newsroom.database import Database
from newsroom.model import Filing, Status
from newsroom.store import ArticleStore
from newsroom.store import articles as loading
from newsroom.terms import keyword_term, series_term
from tests.newsroom.builders import LATER, NOW, PUBLISHED, candidate, reporter, signed

MINUTE = timedelta(minutes=1)
COLUMN = series_term("물가에서")


def number(id: str) -> int:  # noqa: A002 (the model's word)
    return int(id.rpartition("/")[2])


def walked(page: Callable[..., list[Filing]], limit: int) -> list[int]:
    """Everything that is found in pages of this size."""
    found: list[Filing] = []
    while filings := page(after=found[-1] if found else None, limit=limit):
        assert len(filings) <= limit
        found += filings
    return [number(filing.id) for filing in found]


@pytest.fixture
def filled(store: ArticleStore) -> ArticleStore:
    """Twelve articles of four moments; 5 and 9 are not public, and 3 came last of all."""
    store.save_reporters([reporter("seoh", "김서현")])
    for n in (1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 3):
        store.accept(
            candidate(
                n,
                published=PUBLISHED + MINUTE * (n % 4),
                sections=("society", "economy") if n % 3 == 0 else ("society",) if n % 2 else ("economy",),
                credits=(signed("김서현", "seoh"),) if n % 2 else (),
                series="물가에서" if n % 5 == 0 else "",
                keywords=("버스",) if n % 2 else ("요금", "버스"),
                status=Status.WITHHELD if n == 5 else Status.USABLE,
                embargo=LATER if n == 9 else None,
            ),
            NOW,
        )
    return store


@pytest.mark.parametrize("limit", [1, 2, 5, 10, 99])
def test_a_history_is_walked_whole_in_pages_of_any_size(filled: ArticleStore, limit: int) -> None:
    """An archive lacks the articles that were published in one minute, or has them twice."""
    by_time = [4, 8, 12, 1, 2, 6, 10, 7, 11, 3]
    assert walked(filled.filed, limit) == by_time

    def some(*numbers: int) -> list[int]:
        return [n for n in by_time if n in numbers]

    assert walked(partial(filled.filed, sections=["society"]), limit) == some(1, 3, 6, 7, 11, 12)
    assert walked(partial(filled.filed, sections=["society", "economy"]), limit) == by_time
    assert walked(partial(filled.filed, reporter="seoh"), limit) == some(1, 3, 7, 11)
    assert walked(partial(filled.filed, terms=[COLUMN]), limit) == some(10)
    assert walked(partial(filled.filed, terms=[COLUMN, keyword_term("요금")]), limit) == some(2, 4, 6, 8, 10, 12)
    assert walked(partial(filled.filed, reporter="seoh", terms=[COLUMN]), limit) == some(1, 3, 7, 10, 11)
    for nobody in (
        partial(filled.filed, sections=[]),
        partial(filled.filed, reporter="nobody"),
        partial(filled.filed, terms=["keyword:none"]),
    ):
        assert walked(nobody, limit) == []


def test_the_newest_of_a_term_come_first(filled: ArticleStore) -> None:
    """A column's feed shows its oldest article."""
    found = filled.newest(terms=[keyword_term("요금")], limit=3)
    assert [number(article.id) for article in found] == [10, 6, 2]


def test_a_walk_goes_on_where_it_was_left(filled: ArticleStore, database_url: str) -> None:
    """After a restart the archive begins anew, or misses what was published meanwhile."""
    page = filled.filed(limit=4)
    filled.release(LATER)
    filled.accept(candidate(13, published=PUBLISHED + MINUTE * 9), LATER + MINUTE)
    again = Database(database_url)
    rest = walked(lambda *, after, limit: ArticleStore(again).filed(after=after or page[-1], limit=limit), 3)
    assert rest == [9, 2, 6, 10, 7, 11, 3, 13]
    again.close()


def test_a_filing_says_all_that_a_feed_has_to_know(store: ArticleStore) -> None:
    """An article that left a section's feed, or that may not be shown, stays in the files."""
    store.save_reporters([reporter("seoh", "김서현"), reporter("hjk1", "김현정")])
    named = unicodedata.normalize("NFD", "물가에서")
    store.accept(
        candidate(
            headline="[인터뷰] 버스 기사",
            sections=("society", "economy"),
            credits=(signed("김서현", "seoh"), signed("김현정", "hjk1")),
            series=named,
            keywords=("요금", "버스"),
        ),
        NOW,
    )
    assert store.filings([candidate().id]) == [
        Filing(
            id=candidate().id,
            published=PUBLISHED,
            updated=PUBLISHED,
            edited=PUBLISHED,
            public=True,
            sections=("society", "economy"),
            reporters=("hjk1", "seoh"),
            terms=tuple(sorted([COLUMN, keyword_term("버스"), keyword_term("요금"), keyword_term("인터뷰")])),
        )
    ]
    assert store.filed(limit=9) == store.filed(terms=[COLUMN], limit=9) == store.filings([candidate().id])


def test_filings_come_in_the_order_asked_for_and_in_any_number(filled: ArticleStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """A change of a thousand articles cannot be published, because SQLite takes only so many names in one question."""
    monkeypatch.setattr(loading, "_CHUNK", 4)
    wanted = [12, 1, 9, 5, 77, 3, 1, 2, 4]
    found = filled.filings([candidate(n).id for n in wanted])
    assert [(number(filing.id), filing.public) for filing in found] == [
        *((12, True), (1, True), (9, False), (5, False), (3, True), (2, True), (4, True)),
    ]
    stored = filled.articles_as_stored([candidate(n).id for n in wanted if n != 1])
    assert [number(article.id) for article in stored] == [12, 9, 5, 3, 2, 4]
    assert filled.filings([]) == []


def test_an_article_leaves_the_terms_that_a_revision_drops(store: ArticleStore) -> None:
    """A story stays in a column's feed although the paper took it out of the column."""
    store.accept(candidate(headline="[르포] 버스", series="물가에서", keywords=("버스", "요금")), NOW)
    store.accept(candidate(headline="버스", series="", keywords=("버스", "새벽")), LATER)
    [filing] = store.filings([candidate().id])
    assert filing.terms == (keyword_term("버스"), keyword_term("새벽"))
    assert store.newest(terms=[COLUMN, keyword_term("르포"), keyword_term("요금")], limit=9) == []
    assert [article.id for article in store.newest(terms=[keyword_term("새벽")], limit=9)] == [candidate().id]


def test_a_planned_story_keeps_its_place_among_its_terms(store: ArticleStore) -> None:
    """A story put off to noon stands in its column's feed where it would have been at ten."""
    ten, noon = NOW + MINUTE * 60, NOW + MINUTE * 180
    store.accept(candidate(1, published=ten, series="물가에서"), NOW)
    store.accept(candidate(1, published=noon, series="물가에서"), LATER)
    store.accept(candidate(2, published=ten, series="물가에서"), ten)
    store.release(noon)
    assert walked(partial(store.filed, terms=[COLUMN]), 1) == [2, 1]
