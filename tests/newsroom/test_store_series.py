"""The series that readers have seen, and the version of the directory."""

from __future__ import annotations

from dataclasses import replace

from newsroom.model import Status
from newsroom.store import ArticleStore
from tests.newsroom.builders import LATER, NOW, candidate, reporter, signed


def test_a_series_is_known_from_its_first_article_on_for_ever(store: ArticleStore) -> None:
    """The feed of a column that pauses is gone, and with it everybody who followed it."""
    assert store.series() == []
    store.accept(candidate(1, series="창밖"), NOW)
    store.accept(candidate(2, series="물가에서"), NOW)
    store.accept(candidate(3, series="물가에서"), NOW)
    store.accept(candidate(1, series="새 창밖"), LATER)
    assert store.series() == ["물가에서", "새 창밖", "창밖"]


def test_the_name_of_a_series_is_not_told_before_its_first_article_may_be(store: ArticleStore) -> None:
    """The index of feeds gives away what is under embargo."""
    store.accept(candidate(1, series="밀착 취재", embargo=LATER), NOW)
    store.accept(candidate(2, series="숨은 손", status=Status.WITHHELD), NOW)
    store.accept(candidate(2, series="숨은 두 손", status=Status.WITHHELD), NOW)
    assert store.series() == []
    store.release(LATER)
    assert store.series() == ["밀착 취재"]
    store.accept(candidate(2, series="숨은 두 손"), LATER)
    store.release(LATER)
    assert store.series() == ["밀착 취재", "숨은 두 손"]


def test_a_series_named_while_its_article_was_withdrawn_is_known_when_that_is_back(store: ArticleStore) -> None:
    """An article comes back into a column that has no feed."""
    store.accept(candidate(1), NOW)
    store.accept(candidate(1, status=Status.WITHHELD, series="창밖"), LATER)
    assert store.series() == []
    store.accept(candidate(1, series="창밖"), LATER)
    assert store.series() == ["창밖"]


def test_the_version_moves_with_the_reporters_and_the_series_and_with_nothing_else(store: ArticleStore) -> None:
    """A new reporter's feed is not published, or all feeds are looked at after each article."""
    versions = [store.directory_version()]

    def moved() -> bool:
        versions.append(store.directory_version())
        assert versions[-1] >= versions[-2]
        return versions[-1] > versions[-2]

    store.save_reporters([])
    assert not moved()
    store.save_reporters([reporter("seoh", "김서현")])
    assert moved()
    with store.directory() as directory:
        directory.learn(signed("김서현"))
    assert not moved()
    with store.directory() as directory:
        directory.learn(signed("최하람"))
    assert moved()
    store.save_reporters([replace(reporter("seoh", "김서현"), portrait="https://news.example/seoh.jpg")])
    assert moved()
    assert store.reporters()[0].portrait == "https://news.example/seoh.jpg"
    store.accept(candidate(1), NOW)
    assert not moved()
    store.accept(candidate(2, series="창밖"), NOW)
    assert moved()
    store.accept(candidate(3, series="창밖"), NOW)
    assert not moved()
