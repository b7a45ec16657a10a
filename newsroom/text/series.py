"""Columns and series: the name that a paper prints in brackets before the headline."""

from __future__ import annotations

import re

_PREFIX = re.compile(r"\[(?P<name>[^\[\]]{2,40})\]\s*(?P<rest>\S.*)", re.DOTALL)
# What stands in the same place but says what kind of item it is, not which series it belongs to.
_LABELS = frozenset(
    {
        *(
            "단독",
            "속보",
            "상보",
            "종합",
            "재송고",
            "전문",
            "정정",
            "바로잡습니다",
            "알림",
            "공고",
            "사고",
            "게시판",
            "표",
            "기획",
            "특집",
        ),
        *("인사", "부고", "동정", "신간", "사설", "칼럼", "르포", "현장", "인터뷰", "일문일답", "팩트체크", "특징주", "뉴스"),
        *("포토", "사진", "영상", "그래픽", "breaking", "exclusive", "update", "correction", "video", "photo"),
    }
)
_NUMBER = re.compile(r"\d+보?$")


def split_series(headline: str, series: str = "") -> tuple[str, str]:
    """Headline and series. ``[김서현의 AI시대 적응하기] 좋은 질문이…`` is taken apart; ``[단독] …`` and ``[서울=…]`` are left whole.

    A ``series`` that is known already is only taken off the headline.
    """
    match = _PREFIX.fullmatch(headline)
    name = match["name"].strip() if match else ""
    if match and (name == series if series else _names_a_series(name)):
        return match["rest"], name
    return headline, series


def _names_a_series(name: str) -> bool:
    """A series has a name of several words; one bare word is a label, also one that the list does not know."""
    words = name.casefold().split()
    return len(words) > 1 and "=" not in name and not all(_NUMBER.sub("", word) in {"", *_LABELS} for word in words)
