"""How an article is recognised, and its id."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.identity import canonical, keys, printed_keys, tag_uri
from newsroom.model import Credit, Draft
from newsroom.text.dates import Moment, Precision
from tests.newsroom.builders import PUBLISHED, SEOUL

SOURCE = "https://www.news.example/list"


def draft(**changes: Any) -> Draft:
    """A draft with nothing but what a test gives it."""
    return Draft(**({"source": "list", "url": "https://news.example/a/1", "headline": "버스"} | changes))


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.News.example/a/1?b=2#top", "news.example/a/1?b=2"),
        ("http://m.news.example:80/a/1/?utm_source=x&utm_medium=y&b=2&fbclid=z", "news.example/a/1?b=2"),
        ("https://news.example", "news.example/"),
        ("https://news.example:8443/", "news.example:8443/"),
        ("https://news.example/a?id=&b=%EA%B0%80", "news.example/a?id=&b=%EA%B0%80"),
        ("https://news.example/%EA%B8%B0%EC%82%AC", "news.example/%EA%B8%B0%EC%82%AC"),
        ("https://news.example/기사", "news.example/%EA%B8%B0%EC%82%AC"),
        ("https://news.example/\u1100\u1175\u1109\u1161", "news.example/%EA%B8%B0%EC%82%AC"),
        ("https://news.example/%B1%E2", "news.example/%B1%E2"),
        ("https://reader:pw@news.example/1", "news.example/1"),
    ],
)
def test_an_address_is_one_key_in_all_its_forms(url: str, key: str) -> None:
    """The mobile page, the campaign's link and the old http address are three articles."""
    assert canonical(url) == key


def test_what_tells_articles_apart_stays_in_the_key() -> None:
    """Every article of a paper whose addresses differ only in a query is the same."""
    first, second = canonical("https://news.example/view.html?idxno=1"), canonical("https://news.example/view.html?idxno=2")
    assert first != second
    assert canonical("https://news.example/%B1%E2") != canonical("https://news.example/%B1%E3"), "EUC-KR paths are no UTF-8"


def test_keys_stand_in_the_order_of_trust() -> None:
    """An address that was given away decides before the paper's own number."""
    found = keys(draft(native_id="7", guid="urn:x:1", canonical_url="https://news.example/story/1"), SOURCE)
    assert [(key.kind, key.value) for key in found] == [
        ("native", "news.example:7"),
        ("guid", "urn:x:1"),
        ("url", "news.example/story/1"),
        ("url", "news.example/a/1"),
    ]
    assert len(keys(draft(canonical_url="https://www.news.example/a/1"), SOURCE)) == 1


@pytest.mark.parametrize(
    ("guid", "value"),
    [
        ("12", "news.example:12"),
        ("tag:news.example,2026:12", "tag:news.example,2026:12"),
        ("http://www.news.example/?p=12", "news.example/?p=12"),
        ("https://news.example/?p=12", "news.example/?p=12"),
        ("http://[", "http://["),
    ],
)
def test_a_guid_is_worth_what_it_is(guid: str, value: str) -> None:
    """Two feeds both have an item 12; or a move to https publishes the whole paper again."""
    assert [key.value for key in keys(draft(guid=guid), SOURCE) if key.kind == "guid"] == [value]


def test_print_is_a_key_only_to_the_second_and_with_a_name() -> None:
    """Two short items of one minute, without authors, become one."""
    author = [Credit(name="김서현")]
    (key,) = printed_keys(Moment(PUBLISHED, Precision.SECOND), "버스  “요금” 오른다", author)
    assert (key,) == printed_keys(Moment(PUBLISHED, Precision.SECOND), '버스 "요금" 오른다', author)
    assert printed_keys(Moment(PUBLISHED, Precision.MINUTE), "버스", author) == ()
    assert printed_keys(Moment(PUBLISHED, Precision.SECOND), "버스", []) == ()


@pytest.mark.parametrize(
    ("changes", "specific"),
    [
        ({"native_id": "20260302500500"}, "article/20260302500500"),
        ({"native_id": "가 1"}, "article/%EA%B0%80%201"),
        ({"guid": "urn:x:1"}, "guid/8a526707155a68753be3"),
        ({"guid": "https://old.example/?p=12"}, "?p=12"),
        ({"canonical_url": "https://www.news.example/story/1"}, "story/1"),
        ({"url": "https://m.news.example/a/1/?b=2"}, "a/1?b=2"),
        ({"url": "https://news.example/%EA%B0%80"}, "%EA%B0%80"),
        ({"url": "https://news.example/"}, "front"),
        ({"url": "https://news.example/a?utm_source=x&b=2"}, "a?b=2"),
    ],
)
def test_an_id_is_the_papers_tag_of_the_day(changes: dict[str, Any], specific: str) -> None:
    """An id changes with the host, and every reader has every article twice."""
    made = tag_uri(draft(**changes), "news.example", datetime(2026, 3, 2, tzinfo=SEOUL))
    assert made.startswith(f"tag:news.example,2026-03-02:{specific}")


@given(st.text(max_size=30))
def test_an_id_is_a_uri_whatever_the_number_is(number: str) -> None:
    """A feed that no reader accepts, because of one odd number."""
    made = tag_uri(draft(native_id=number.encode("utf-8", "ignore").decode()), "news.example", PUBLISHED)
    assert made.isascii()
    assert not {*made} & {*' "<>\\^`{|}\n'}


@given(st.text("가/?&=%20.-~", max_size=12))
def test_a_key_of_a_key_is_itself(path: str) -> None:
    """A key read from the database names another article."""
    key = canonical(f"https://news.example/{path}")
    assert canonical(f"https://{key}") == key
