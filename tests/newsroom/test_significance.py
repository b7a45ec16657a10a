"""What readers are told of: a correction, not a comma."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from newsroom.model import Article, Candidate, Image, Revision
from newsroom.significance import is_same, is_significant
from tests.newsroom.builders import BODY, PUBLISHED, candidate, signed


def stored(taken: Candidate) -> Article:
    """The article that a candidate has become."""
    revision = Revision(
        number=1,
        headline=taken.headline,
        body=taken.body,
        summary=taken.summary,
        credits=taken.credits,
        images=taken.images,
        updated=PUBLISHED,
        edited=PUBLISHED,
        content_hash=taken.content_hash,
    )
    parts = {name: getattr(taken, name) for name in ("id", "url", "published", "series", "keywords", "rights")}
    return Article(revision=revision, **parts)


@pytest.mark.parametrize(
    ("changes", "significant"),
    [
        ({"headline": "버스 요금 동결"}, True),
        ({"headline": "버스  요금 오른다 1 "}, False),
        ({"note": "바로잡습니다. 요금은 1,600원입니다."}, True),
        ({"body": BODY.replace("1,600원", "1,700원")}, True),
        ({"body": BODY.replace("1,600원", "1600원")}, False),
        ({"body": BODY.replace("2일", "3일")}, True),
        ({"body": BODY.replace("승객이", "승객은")}, False),
        ({"body": BODY.replace("<p>", "<p> ")}, False),
        ({"body": BODY + "<p>시는 오는 봄에 다시 검토하기로 했고 시민의 뜻을 묻는 자리도 만들겠다고 덧붙였다.</p>"}, True),
        ({"body": BODY.partition("</p>")[0] + "</p>"}, True),
        ({"summary": "새벽시가 버스 요금을 올린다."}, False),
    ],
)
def test_a_change_matters_by_what_it_changes(changes: dict[str, Any], *, significant: bool) -> None:
    """Each typo makes a story new in every reader's list; or a wrong price is corrected without a word."""
    assert is_significant(stored(candidate()), candidate(**changes)) is significant


def test_without_a_body_the_summary_is_the_story() -> None:
    """A feed of summaries corrects a figure, and nobody is told."""
    old = stored(candidate(body="", summary="요금은 1,500원이다."))
    assert is_significant(old, candidate(body="", summary="요금은 1,600원이다."))
    assert not is_significant(old, candidate(body="", summary="요금이 1,500원이다."))


PICTURE = Image(url="https://img.example/cache/512/bus.jpg?v=1", alt="버스", caption="새벽역")
TAKEN = candidate(credits=(signed("김서현", email="seoh@news.example"),), images=(PICTURE,), series="길에서", keywords=("버스",))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"credits": (signed("김서현", "seoh"),)},
        {"images": (replace(PICTURE, url="https://img2.example/cache/1024/bus.jpg?v=2"),)},
        {"body": BODY.replace("<p>", "<p>\n"), "content_hash": ""},
        {"sections": ("economy",)},
    ],
)
def test_what_no_reader_can_see_is_no_change(changes: dict[str, Any]) -> None:
    """Caches, addresses and white space make revisions at every pull."""
    assert is_same(stored(TAKEN), replace_(TAKEN, **changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"headline": "버스 요금 동결"},
        {"body": BODY.replace("승객이", "승객은")},
        {"summary": "요금이 오른다."},
        {"credits": ()},
        {"credits": (signed("김서현", role="부장"),)},
        {"credits": (signed("김서현"), signed("김현정"))},
        {"images": ()},
        {"images": (replace(PICTURE, caption="새벽역 앞"),)},
        {"images": (replace(PICTURE, url="https://img.example/train.jpg"),)},
        {"series": ""},
        {"keywords": ()},
        {"rights": "ⓒ 새벽일보"},
        {"note": "바로잡습니다."},
    ],
)
def test_what_a_reader_can_see_is_a_change(changes: dict[str, Any]) -> None:
    """A correction of the paper is never taken over."""
    assert not is_same(stored(TAKEN), replace_(TAKEN, **changes))


def replace_(taken: Candidate, **changes: Any) -> Candidate:
    """The candidate with changes and its hash made anew."""
    parts = {name: getattr(taken, name) for name in ("credits", "images", "series", "keywords")}
    return candidate(**(parts | changes))
