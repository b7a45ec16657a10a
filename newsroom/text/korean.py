"""The grammar of a Korean byline. It is understood as a whole or not at all.

    byline  = [header] credit {[joint] credit} ["="]
    header  = ("[" | "(") [place "="] paper ("]" | ")")
    credit  = ["["] [label] [address] [lead ["="]] name {joint name} [prefix] role ["]"] ["(" paper ")"] [address] ["외 1명"]
            | role name [address]  |  [paper] desk [address]  |  [place "="] agency
    lead    = {place | paper | desk}
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto

from newsroom.errors import NewsroomError
from newsroom.model import Credit, CreditKind
from newsroom.text.vocabulary import LABELS, is_agency, is_bot, is_desk, is_korean_name, is_organisation, is_place, is_role


def read_korean(text: str) -> tuple[tuple[Credit, ...], bool]:
    """The credits of ``text`` (one clean line without date) and whether they are all; none if any of it is not understood."""
    try:
        reader = _Reader(text, list(_tokens(text)))
        return tuple(reader.byline()), reader.complete
    except _NotUnderstoodError:
        return (), True


EMAIL = r"[A-Za-z0-9][A-Za-z0-9._%+-]*@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}"


class _NotUnderstoodError(NewsroomError):
    """Some of a byline is in no known form."""


class _Kind(Enum):
    NAME = auto()
    ROLE = auto()
    LABEL = auto()
    PLACE = auto()
    PAPER = auto()
    AGENCY = auto()
    DESK = auto()
    BOT = auto()
    WORD = auto()
    EMAIL = auto()
    LOCAL = auto()
    JOINT = auto()
    EQUALS = auto()
    OPEN = auto()
    CLOSE = auto()
    MORE = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class _Token:
    kind: _Kind
    text: str
    start: int


_SCANNER = re.compile(
    rf"(?P<EMAIL>{EMAIL})|(?P<LOCAL>[A-Za-z0-9][\w.%+-]*@(?:[A-Za-z0-9.-]*(?:\.\.+|…))?)"
    r"|(?P<MORE>(?:외|등)(?: ?\d{1,2} ?(?:명|인))?(?![가-힣]))|(?P<WORD>[^\W_]+(?:[.'’-][^\W_]+)*)"
    r"|(?P<JOINT>[·ㆍ‧・•/,&])|(?P<EQUALS>[=|│:])|(?P<OPEN>[\[(<【〈{])|(?P<CLOSE>[\])>】〉}])|(?P<SPACE> )"
)
_SPLIT_ROLE = re.compile(r"(인턴|수습|사진|영상|선임|객원|시민|명예|취재|전문) (?=기자(?![가-힣]))")
_LOCAL_PART = re.compile(r"[a-z][a-z0-9._-]{2,}")
_MEANINGS: tuple[tuple[Callable[[str], bool], _Kind], ...] = (
    (LABELS.__contains__, _Kind.LABEL),
    (is_role, _Kind.ROLE),
    (is_agency, _Kind.AGENCY),
    (is_place, _Kind.PLACE),
    (is_organisation, _Kind.PAPER),
    (is_desk, _Kind.DESK),
    (is_bot, _Kind.BOT),
    (is_korean_name, _Kind.NAME),
)
_BEFORE_GLUED_ROLE = {_Kind.NAME, _Kind.BOT, _Kind.DESK, _Kind.PAPER}


def _tokens(text: str) -> Iterator[_Token]:
    position = 0
    while position < len(text):
        match = _SCANNER.match(text, position)
        if match is None or match.lastgroup is None:
            raise _NotUnderstoodError
        if match.lastgroup == "WORD":
            yield from _word(match.group(), position)
        elif match.lastgroup != "SPACE":
            yield _Token(_Kind[match.lastgroup], match.group(), position)
        position = match.end()


def _word(word: str, start: int) -> Iterator[_Token]:
    """The tokens of one word, which may be a name and a role (김서현기자) or end with an "and" (기자와)."""
    # "ㅣ", a vowel, is what newsrooms type for "|".
    if "ㅣ" in word:
        left, _, right = word.partition("ㅣ")
        yield from _word(left, start) if left else ()
        yield _Token(_Kind.EQUALS, "ㅣ", start + len(left))
        yield from _word(right, start + len(left) + 1) if right else ()
        return
    kind = _meaning(word)
    if kind is not _Kind.WORD:
        yield _Token(kind, word, start)
        return
    for length in range(1, len(word)):
        stem, role = word[:length], word[length:]
        meaning = _meaning(stem)
        if is_role(role) and (meaning in _BEFORE_GLUED_ROLE or role == "특파원"):
            yield _Token(meaning, stem, start)
            yield _Token(_Kind.ROLE, role, start + length)
            return
    stem = word[:-1]
    if word[-1] in "와과" and (is_role(stem) or (len(stem) >= 3 and is_korean_name(stem) and (word[-1] == "과") == _is_closed(stem[-1]))):
        yield _Token(_meaning(stem), stem, start)
        yield _Token(_Kind.JOINT, word[-1], start + len(stem))
        return
    yield _Token(_Kind.WORD, word, start)


def _meaning(word: str) -> _Kind:
    return next((kind for means, kind in _MEANINGS if means(word)), _Kind.WORD)


def _is_closed(syllable: str) -> bool:
    """Whether a Hangul syllable ends with a consonant, after which "and" is 과 and not 와."""
    return (ord(syllable) - 0xAC00) % 28 != 0


class _Reader:
    """Reads tokens from left to right; every method takes what it names, or leaves the position where it was."""

    def __init__(self, text: str, tokens: list[_Token]) -> None:
        self._text = text
        self._tokens = [*tokens, _Token(_Kind.END, "", len(text))]
        self._at = 0
        self._addresses_lead = False
        self.complete = True

    def byline(self) -> list[Credit]:
        self._take(_Kind.JOINT)
        self._addresses_lead = self._sees(_Kind.EMAIL)
        dateline, paper = self._header()
        header = bool(dateline or paper)
        credits_: list[Credit] = []
        while not self._sees(_Kind.END):
            found = self._credit(after_header=header)
            credits_ += [replace(credit, dateline=credit.dateline or dateline, organisation=credit.organisation or paper) for credit in found]
            while self._take(_Kind.JOINT) or self._take(_Kind.MORE):
                pass
            if self._sees(_Kind.EQUALS) and self._sees(_Kind.END, ahead=1):
                self._at += 1
        if not credits_ and header and is_agency(paper):
            return [Credit(name=paper, kind=CreditKind.AGENCY, dateline=dateline)]
        return credits_

    # header

    def _header(self) -> tuple[str, str]:
        """Dateline and paper of "[서울=뉴스핌]"; nothing is taken where the brackets hold more."""
        start = self._at
        if self._take(_Kind.OPEN):
            place = self._places()
            if (place and self._take(_Kind.EQUALS)) or not place:
                paper = self._take(_Kind.AGENCY, _Kind.PAPER) or (self._take(_Kind.WORD) if place else None)
                if paper and self._take(_Kind.CLOSE):
                    return place, paper.text
            elif self._take(_Kind.CLOSE):
                return place, ""
        self._at = start
        return "", ""
