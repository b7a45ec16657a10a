"""What a paper prints in brackets before the headline: the name of a column or series, or a label."""

from __future__ import annotations

import re
import unicodedata

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
_IN_FRONT = re.compile(r"\s*\[([^\[\]]{1,40})\]")


def split_series(headline: str, series: str = "") -> tuple[str, str]:
    """Headline and series. ``[김서현의 AI시대 적응하기] 좋은 질문이…`` is taken apart; ``[단독] …`` and ``[서울=…]`` are left whole.

    A ``series`` that is known already is only taken off the headline.
    """
    match = _PREFIX.fullmatch(headline)
    name = match["name"].strip() if match else ""
    if match and (name == series if series else _names_a_series(name)):
        return match["rest"], name
    return headline, series


def labels(headline: str) -> tuple[str, ...]:
    """The labels in front of a headline: 단독 and 인터뷰 of ``[단독][인터뷰] …``. A dateline (``[서울=…]``) is none."""
    found: list[str] = []
    at = 0
    while match := _IN_FRONT.match(headline, at):
        at = match.end()
        if "=" not in match[1]:
            found += [match[1].strip()] if _names_a_series(match[1]) else _words(match[1])
    return tuple(dict.fromkeys(filter(None, found)))


def _names_a_series(name: str) -> bool:
    """A series has a name of several words; one bare word is a label, also one that the list does not know."""
    words = _words(name)
    return len(words) > 1 and "=" not in name and not all(word in {"", *_LABELS} for word in words)


def _words(name: str) -> list[str]:
    """The words of what stands in brackets, without the number of a part: 인터뷰② and 종합2보 are 인터뷰 and 종합."""
    return [_NUMBER.sub("", word) for word in unicodedata.normalize("NFKC", name).casefold().split()]
