"""Columns and series: the name that a paper prints in brackets before the headline."""

from __future__ import annotations

import re

_PREFIX = re.compile(r"\[(?P<name>[^\[\]]{2,40})\]\s*(?P<rest>\S.*)", re.DOTALL)
# What stands in the same place but says what kind of item it is, not which series it belongs to.
_LABELS = frozenset(
    "단독 속보 종합 인사 부고 포토 영상 사진 그래픽 알림 공고 정정 바로잡습니다 사고 르포 인터뷰 현장 특징주 표 게시판 동정 신간 "
    "2보 3보 1보 종합2보 상보 재송고 전문 일문일답 팩트체크 breaking exclusive update video photo correction".split()
)


def split_series(headline: str, series: str = "") -> tuple[str, str]:
    """Headline and series. ``[김서현의 AI시대 적응하기] 좋은 질문이…`` is taken apart; ``[단독] …`` and ``[서울=…]`` are left whole."""
    match = _PREFIX.fullmatch(headline)
    if not match:
        return headline, series
    name = match["name"].strip()
    if series:
        return (match["rest"], series) if name == series else (headline, series)
    is_label = name.casefold() in _LABELS or name.replace(" ", "").casefold() in _LABELS
    # A series has a name of several words or says whose it is; one bare word is a label that the list does not know.
    if is_label or "=" in name or (" " not in name and "의" not in name):
        return headline, ""
    return match["rest"], name
