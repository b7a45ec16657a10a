"""The grammar of a Korean byline. It is understood as a whole or not at all.

byline  = [header] credit {[joint] credit} ["="]
header  = "[" [place "="] paper "]"
credit  = ["["] [label] [address] [lead] names role ["]"] ["(" paper ")"] [address]
        | role names [address]  |  [paper] desk [address]  |  [place "="] agency ["," place]
lead    = {(place | paper | desk) ["="]}
names   = name {joint name} ["외 1명"]
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import lru_cache

from newsroom.errors import NewsroomError
from newsroom.model import Credit, CreditKind
from newsroom.text.vocabulary import LABELS, is_agency, is_bot, is_desk, is_korean_name, is_organisation, is_place, is_role

EMAIL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._%+-]*@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}")


def read_korean(text: str) -> tuple[tuple[Credit, ...], bool]:
    """The credits of ``text`` (one clean line without date) and whether they are all; none if any of it is not understood."""
    # "ㅣ", a vowel, is what newsrooms type for "|"; addresses are often glued to the word before.
    text = EMAIL.sub(r" \g<0> ", _SPLIT_ROLE.sub(r"\1", text.replace("ㅣ", "|")))
    try:
        reader = _Reader(text)
        return tuple(reader.byline()), reader.complete
    except _NotUnderstoodError:
        return (), True


class _NotUnderstoodError(NewsroomError):
    """Some of a byline is in no known form."""


class _Kind(Enum):
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
class _Token:
    kind: _Kind
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


_SPLIT_ROLE = re.compile(r"(인턴|수습|사진|영상|선임|객원|수석|시민|명예|취재|전문) (?=(?:기자|논설위원|칼럼니스트)(?![가-힣]))")
_SCANNER = re.compile(
    rf"(?P<EMAIL>{EMAIL.pattern})|(?P<LOCAL>[A-Za-z0-9][A-Za-z0-9._%+-]*@(?:[A-Za-z0-9.-]*(?:\.\.+|…))?)"
    r"|(?P<MORE>(?:외|등)(?: ?\d{1,2} ?(?:명|인))?(?![가-힣]))|(?P<WORD>[^\W_]+(?:[.'’-][^\W_]+)*)"
    r"|(?P<JOINT>[·ㆍ‧・•/,&])|(?P<EQUALS>[=|│:])|(?P<OPEN>[\[(<【〈{])|(?P<CLOSE>[\])>】〉}])|(?P<SPACE> )"
)
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
_GLUED_TO_ROLE = {_Kind.NAME, _Kind.BOT, _Kind.DESK, _Kind.PAPER}
_CORRESPONDENT = "특파원"


def _tokens(text: str) -> Iterator[_Token]:
    matches = list(_SCANNER.finditer(text))
    if "".join(match.group() for match in matches) != text:
        raise _NotUnderstoodError
    for match in matches:
        kind = match.lastgroup or ""
        if kind == "WORD":
            yield from _word(match.group(), match.start())
        elif kind != "SPACE":
            yield _Token(_Kind[kind], match.group(), match.start())
    yield _Token(_Kind.END, "", len(text))


def _word(word: str, start: int) -> Iterator[_Token]:
    """The tokens of one word, which may be a name and a role (김서현기자) or end with an "and" (기자와)."""
    kind = _meaning(word)
    if kind is _Kind.WORD:
        for length in range(1, len(word)):
            stem, rest = word[:length], word[length:]
            first, second = _meaning(stem), _meaning(rest)
            role = second is _Kind.ROLE and (first in _GLUED_TO_ROLE or rest == _CORRESPONDENT)
            conjunction = rest in {"와", "과"} and (
                first is _Kind.ROLE or (first is _Kind.NAME and (rest == "과") == _is_closed(stem))
            )
            if role or conjunction:
                yield _Token(first, stem, start)
                yield _Token(_Kind.ROLE if role else _Kind.JOINT, rest, start + length)
                return
    yield _Token(kind, word, start)


@lru_cache(maxsize=4096)
def _meaning(word: str) -> _Kind:
    return next((kind for means, kind in _MEANINGS if means(word)), _Kind.WORD)


def _is_closed(word: str) -> bool:
    """Whether a Hangul word ends with a consonant, after which "and" is 과 and not 와."""
    return (ord(word[-1]) - 0xAC00) % 28 != 0


class _Reader:
    """Takes tokens from left to right. A method that finds nothing leaves the position where it was."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(_tokens(text))
        self._at = 0
        self._addresses_lead = False
        self.complete = True

    def byline(self) -> list[Credit]:
        self._skip(_Kind.JOINT)
        self._addresses_lead = self._sees(_Kind.EMAIL)
        dateline, paper = self._header()
        if paper and is_agency(paper) and self._sees(_Kind.END):
            return [Credit(name=paper, kind=CreditKind.AGENCY, dateline=dateline)]
        credits_: list[Credit] = []
        while not self._sees(_Kind.END):
            found = self._credit(in_header=bool(paper))
            credits_ += [
                replace(credit, dateline=credit.dateline or dateline, organisation=credit.organisation or paper)
                for credit in found
            ]
            self._more()
            self._skip(_Kind.JOINT)
            if self._sees(_Kind.EQUALS, _Kind.END):
                self._skip(_Kind.EQUALS)
        return credits_

    # Parts

    def _header(self) -> tuple[str, str]:
        start = self._at
        if self._take(_Kind.OPEN):
            place = self._places()
            equals = self._take(_Kind.EQUALS) if place else None
            paper = self._take(_Kind.PAPER, _Kind.AGENCY, *([_Kind.WORD] if equals else []))
            if (paper or place) and bool(paper and place) == bool(equals) and self._take(_Kind.CLOSE):
                return place, paper.text if paper else ""
        self._at = start
        return "", ""

    def _credit(self, *, in_header: bool) -> list[Credit]:
        bracket = self._take(_Kind.OPEN)
        labels = self._labels()
        addresses = self._all(_Kind.EMAIL) if self._addresses_lead else []
        dateline = paper = ""
        role = self._leading_role()
        if role:
            people = self._names(spaced=False)
        else:
            start = self._next().start
            dateline, paper, desk = self._lead(bracketed=bracket is not None)
            people = self._names(spaced=in_header)
            if not people and not labels:
                return [self._institution(dateline, paper, self._text[start : desk.end] if desk else "")]
            role, place = self._role() if people else ("", "")
            dateline = place or dateline
        if not people:
            raise _NotUnderstoodError
        addresses += self._addresses(people)
        if bracket:
            self._expect(_Kind.CLOSE)
            addresses += self._addresses(people)
        paper = self._paper_behind() or paper
        addresses += self._addresses(people)
        if labels == ["사진"] and role == "기자":
            role = "사진기자"
        people = [replace(person, role=role, organisation=paper, dateline=dateline) for person in people]
        return _with_addresses(people, addresses)

    def _labels(self) -> list[str]:
        """글, 사진 … and what stands between them and the name."""
        labels = [token.text for token in self._all(_Kind.LABEL, between=_Kind.JOINT)]
        if labels:
            self._take(_Kind.JOINT, _Kind.EQUALS)
        return labels

    def _leading_role(self) -> str:
        """The role of "칼럼니스트 김서현" and "증시분석 전문기자 로봇 ET"."""
        for kinds in ((_Kind.ROLE,), (_Kind.WORD, _Kind.ROLE)):
            if self._sees(*kinds, _Kind.NAME) or self._sees(*kinds, _Kind.BOT):
                return self._slice(len(kinds))
        return ""

    def _lead(self, *, bracketed: bool) -> tuple[str, str, _Token | None]:
        """Dateline, paper and desk in front of the names, each at most once."""
        dateline = paper = ""
        desk: _Token | None = None
        while True:
            if not dateline and (place := self._places()):
                dateline = place
            elif not paper and (token := self._take(_Kind.PAPER, _Kind.AGENCY)):
                paper = token.text
                if self._sees(_Kind.OPEN, _Kind.PLACE, _Kind.CLOSE):
                    dateline = self._slice(3)[1:-1]
            elif not desk and (desk := self._take(_Kind.DESK)):
                pass
            elif not paper and bracketed and (self._sees(_Kind.WORD, _Kind.EQUALS) or self._sees(_Kind.WORD, _Kind.NAME)):
                paper = self._slice(1)
            elif not dateline and (self._sees(_Kind.WORD, _Kind.EQUALS) or self._sees_correspondent()):
                dateline = self._slice(1)
            else:
                return dateline, paper, desk
            self._take(_Kind.EQUALS)

    def _places(self) -> str:
        """Some places, as they are printed: "순천, 광양"."""
        places = self._all(_Kind.PLACE, between=_Kind.JOINT)
        return self._text[places[0].start : places[-1].end] if places else ""

    def _names(self, *, spaced: bool) -> list[Credit]:
        """Names with joints between them; agencies put a blank, which is clear only behind their header."""
        people: list[Credit] = []
        while not people or spaced or self._sees(_Kind.JOINT, _Kind.NAME):
            if people:
                self._take(_Kind.JOINT)
            if name := self._take(_Kind.NAME):
                people.append(Credit(name=name.text))
            elif bot := self._take(_Kind.BOT):
                end = self._all(_Kind.WORD)[-1:] or [bot]
                people.append(Credit(name=self._text[bot.start : end[0].end], kind=CreditKind.BOT))
            else:
                break
        self._more()
        return people

    def _role(self) -> tuple[str, str]:
        """The role behind the names, and the place of a correspondent."""
        if self._sees(_Kind.ROLE):
            return self._slice(1), ""
        kind, following = self._next().kind, self._tokens[self._at + 1 : self._at + 2]
        if not following or following[0].kind is not _Kind.ROLE:
            raise _NotUnderstoodError
        if following[0].text == _CORRESPONDENT and kind in {_Kind.PLACE, _Kind.WORD}:
            place = self._slice(1)
            return self._slice(1), place
        if kind is _Kind.DESK or following[0].text.startswith("전문"):
            return self._slice(2), ""
        raise _NotUnderstoodError

    def _institution(self, dateline: str, paper: str, desk: str) -> Credit:
        """What signs where no person does: a desk, or an agency."""
        if desk:
            return _with_addresses([Credit(name=desk, kind=CreditKind.DESK)], self._addresses([]))[0]
        if not is_agency(paper):
            raise _NotUnderstoodError
        start = self._at
        if self._take(_Kind.JOINT) and (
            places := self._all(_Kind.PLACE) or [word for word in self._all(_Kind.WORD) if word.text.isupper()]
        ):
            return Credit(name=paper, kind=CreditKind.AGENCY, dateline=self._text[places[0].start : places[-1].end])
        self._at = start
        return Credit(name=paper, kind=CreditKind.AGENCY, dateline=dateline)

    def _addresses(self, people: list[Credit]) -> list[_Token]:
        """The addresses behind a credit, in brackets or not; a bare local part only behind one name, with nothing after it."""
        found: list[_Token] = []
        while not self._addresses_lead:
            start = self._at
            self._take(_Kind.JOINT, _Kind.EQUALS)
            bracket = self._take(_Kind.OPEN)
            address = self._take(_Kind.EMAIL, _Kind.LOCAL)
            if address is None or (bracket and not self._take(_Kind.CLOSE)):
                self._at = start
                break
            found.append(address)
        word, following = self._next(), self._tokens[self._at + 1 : self._at + 2]
        ends = following and following[0].kind in {_Kind.END, _Kind.JOINT, _Kind.CLOSE}
        if len(people) == 1 and not found and ends and word.kind is _Kind.WORD and _LOCAL_PART.fullmatch(word.text):
            self._at += 1
            found.append(word)
        return found

    def _paper_behind(self) -> str:
        """The paper of "조은서 기자(조선비즈)"."""
        for kind in (_Kind.PAPER, _Kind.AGENCY, _Kind.WORD):
            if self._sees(_Kind.OPEN, kind, _Kind.CLOSE):
                return self._slice(3).strip("[](){}<>【】〈〉 ")
        return ""

    def _more(self) -> None:
        """Somebody signed who is not named: "외 1명"."""
        if self._take(_Kind.MORE):
            self.complete = False

    # Tokens

    def _next(self) -> _Token:
        return self._tokens[self._at]

    def _sees(self, *kinds: _Kind) -> bool:
        return tuple(token.kind for token in self._tokens[self._at : self._at + len(kinds)]) == kinds

    def _sees_correspondent(self) -> bool:
        role = self._tokens[self._at + 2 : self._at + 3]
        return self._sees(_Kind.WORD, _Kind.NAME, _Kind.ROLE) and role[0].text == _CORRESPONDENT

    def _take(self, *kinds: _Kind) -> _Token | None:
        token = self._next()
        if token.kind not in kinds:
            return None
        self._at += 1
        return token

    def _all(self, kind: _Kind, between: _Kind | None = None) -> list[_Token]:
        found: list[_Token] = []
        while self._sees(kind) or (found and between and self._sees(between, kind)):
            if between:
                self._take(between)
            found.append(self._tokens[self._at])
            self._at += 1
        return found

    def _skip(self, kind: _Kind) -> None:
        while self._take(kind):
            pass

    def _expect(self, kind: _Kind) -> None:
        if not self._take(kind):
            raise _NotUnderstoodError

    def _slice(self, count: int) -> str:
        """The next ``count`` tokens, taken, as they are printed."""
        start = self._at
        self._at += count
        return self._text[self._tokens[start].start : self._tokens[self._at - 1].end]


def _with_addresses(people: list[Credit], addresses: list[_Token]) -> list[Credit]:
    """As many addresses as people belong to them in order; any other number to nobody."""
    if len(people) != len(addresses):
        return people
    return [
        replace(person, email=address.text)
        if address.kind is _Kind.EMAIL
        else replace(person, email_local=address.text.partition("@")[0])
        for person, address in zip(people, addresses, strict=True)
    ]
