"""The words and signs of a Korean byline, each with what it means."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache

from newsroom.errors import NewsroomError
from newsroom.text.vocabulary import LABELS, is_agency, is_bot, is_desk, is_korean_name, is_organisation, is_place, is_role

EMAIL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._%+-]*@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}")
CORRESPONDENT = "특파원"


class NotUnderstoodError(NewsroomError):
    """Some of a byline is in no known form."""


class Kind(Enum):
    """What a token is. LOCAL is an address cut off after "@", MORE is "외 1명", JOINT is "·" or "and"."""

    NAME = auto()
    BOT = auto()
    ROLE = auto()
    LABEL = auto()
    PLACE = auto()
    PAPER = auto()
    AGENCY = auto()
    DESK = auto()
    WORD = auto()
    EMAIL = auto()
    LOCAL = auto()
    MORE = auto()
    JOINT = auto()
    EQUALS = auto()
    OPEN = auto()
    CLOSE = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """A part of a line, beginning at ``start``."""

    kind: Kind
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def tokens_of(text: str) -> Iterator[Token]:
    """The tokens of one line, the last of them an END. Raises NotUnderstoodError at a sign that no byline has."""
    matches = list(_SCANNER.finditer(text))
    if "".join(match.group() for match in matches) != text:
        raise NotUnderstoodError
    for match in matches:
        kind = match.lastgroup or ""
        if kind == "WORD":
            yield from _word(match.group(), match.start())
        elif kind != "SPACE":
            yield Token(Kind[kind], match.group(), match.start())
    yield Token(Kind.END, "", len(text))


_SCANNER = re.compile(
    rf"(?P<EMAIL>{EMAIL.pattern})|(?P<LOCAL>[A-Za-z0-9][A-Za-z0-9._%+-]*@(?:[A-Za-z0-9.-]*(?:\.\.+|…))?)"
    r"|(?P<MORE>(?:외|등)(?: ?\d{1,2} ?(?:명|인))?(?![가-힣]))|(?P<WORD>[^\W_]+(?:[.'’-][^\W_]+)*)"
    r"|(?P<JOINT>[·ㆍ‧・•/,&])|(?P<EQUALS>[=|│:])|(?P<OPEN>[\[(<【〈{])|(?P<CLOSE>[\])>】〉}])|(?P<SPACE> )"
)
_MEANINGS: tuple[tuple[Callable[[str], bool], Kind], ...] = (
    (LABELS.__contains__, Kind.LABEL),
    (is_role, Kind.ROLE),
    (is_agency, Kind.AGENCY),
    (is_place, Kind.PLACE),
    (is_organisation, Kind.PAPER),
    (is_desk, Kind.DESK),
    (is_bot, Kind.BOT),
    (is_korean_name, Kind.NAME),
)
_GLUED_TO_ROLE = {Kind.NAME, Kind.BOT, Kind.DESK, Kind.PAPER}


def _word(word: str, start: int) -> Iterator[Token]:
    """The tokens of one word, which may be a name and a role (김서현기자) or end with an "and" (기자와)."""
    kind = _meaning(word)
    if kind is Kind.WORD:
        for length in range(1, len(word)):
            stem, rest = word[:length], word[length:]
            first, second = _meaning(stem), _meaning(rest)
            role = second is Kind.ROLE and (first in _GLUED_TO_ROLE or rest == CORRESPONDENT)
            conjunction = rest in {"와", "과"} and (
                first is Kind.ROLE or (first is Kind.NAME and (rest == "과") == _is_closed(stem))
            )
            if role or conjunction:
                yield Token(first, stem, start)
                yield Token(Kind.ROLE if role else Kind.JOINT, rest, start + length)
                return
    yield Token(kind, word, start)


@lru_cache(maxsize=4096)
def _meaning(word: str) -> Kind:
    return next((kind for means, kind in _MEANINGS if means(word)), Kind.WORD)


def _is_closed(word: str) -> bool:
    """Whether a Hangul word ends with a consonant, after which "and" is 과 and not 와."""
    return (ord(word[-1]) - 0xAC00) % 28 != 0
