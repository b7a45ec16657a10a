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
from dataclasses import replace

from newsroom.model import Credit, CreditKind
from newsroom.text.byline_tokens import CORRESPONDENT, EMAIL, Kind, NotUnderstoodError, Token, tokens_of
from newsroom.text.vocabulary import is_agency


def read_korean(text: str) -> tuple[tuple[Credit, ...], bool]:
    """The credits of ``text`` (one clean line without date) and whether they are all; none if any of it is not understood."""
    # "ㅣ", a vowel, is what newsrooms type for "|"; addresses are often glued to the word before.
    text = EMAIL.sub(r" \g<0> ", _SPLIT_ROLE.sub(r"\1", text.replace("ㅣ", "|")))
    try:
        reader = _Reader(text)
        return tuple(reader.byline()), reader.complete
    except NotUnderstoodError:
        return (), True


_SPLIT_ROLE = re.compile(r"(인턴|수습|사진|영상|선임|객원|수석|시민|명예|취재|전문) (?=(?:기자|논설위원|칼럼니스트)(?![가-힣]))")
_LOCAL_PART = re.compile(r"[a-z][a-z0-9._-]{2,}")


class _Reader:
    """Takes tokens from left to right. A method that finds nothing leaves the position where it was."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(tokens_of(text))
        self._at = 0
        self._addresses_lead = False
        self.complete = True

    def byline(self) -> list[Credit]:
        self._skip(Kind.JOINT)
        self._addresses_lead = self._sees(Kind.EMAIL)
        dateline, paper = self._header()
        if paper and is_agency(paper) and self._sees(Kind.END):
            return [Credit(name=paper, kind=CreditKind.AGENCY, dateline=dateline)]
        credits_: list[Credit] = []
        while not self._sees(Kind.END):
            found = self._credit(in_header=bool(paper))
            credits_ += [
                replace(credit, dateline=credit.dateline or dateline, organisation=credit.organisation or paper)
                for credit in found
            ]
            self._more()
            self._skip(Kind.JOINT)
            if self._sees(Kind.EQUALS, Kind.END):
                self._skip(Kind.EQUALS)
        return credits_

    # Parts

    def _header(self) -> tuple[str, str]:
        start = self._at
        if self._take(Kind.OPEN):
            place = self._places()
            equals = self._take(Kind.EQUALS) if place else None
            paper = self._take(Kind.PAPER, Kind.AGENCY, *([Kind.WORD] if equals else []))
            if (paper or place) and bool(paper and place) == bool(equals) and self._take(Kind.CLOSE):
                return place, paper.text if paper else ""
        self._at = start
        return "", ""

    def _credit(self, *, in_header: bool) -> list[Credit]:
        bracket = self._take(Kind.OPEN)
        labels = self._labels()
        addresses = self._all(Kind.EMAIL) if self._addresses_lead else []
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
            raise NotUnderstoodError
        addresses += self._addresses(people)
        if bracket:
            self._expect(Kind.CLOSE)
            addresses += self._addresses(people)
        paper = self._paper_behind() or paper
        addresses += self._addresses(people)
        if labels == ["사진"] and role == "기자":
            role = "사진기자"
        people = [replace(person, role=role, organisation=paper, dateline=dateline) for person in people]
        return _with_addresses(people, addresses)

    def _labels(self) -> list[str]:
        """글, 사진 … and what stands between them and the name."""
        labels = [token.text for token in self._all(Kind.LABEL, between=Kind.JOINT)]
        if labels:
            self._take(Kind.JOINT, Kind.EQUALS)
        return labels

    def _leading_role(self) -> str:
        """The role of "칼럼니스트 김서현" and "증시분석 전문기자 로봇 ET"."""
        for kinds in ((Kind.ROLE,), (Kind.WORD, Kind.ROLE)):
            if self._sees(*kinds, Kind.NAME) or self._sees(*kinds, Kind.BOT):
                return self._slice(len(kinds))
        return ""

    def _lead(self, *, bracketed: bool) -> tuple[str, str, Token | None]:
        """Dateline, paper and desk in front of the names, each at most once."""
        dateline = paper = ""
        desk: Token | None = None
        while True:
            if not dateline and (place := self._places()):
                dateline = place
            elif not paper and (token := self._take(Kind.PAPER, Kind.AGENCY)):
                paper = token.text
                if self._sees(Kind.OPEN, Kind.PLACE, Kind.CLOSE):
                    dateline = self._slice(3)[1:-1]
            elif not desk and (desk := self._take(Kind.DESK)):
                pass
            elif not paper and bracketed and (self._sees(Kind.WORD, Kind.EQUALS) or self._sees(Kind.WORD, Kind.NAME)):
                paper = self._slice(1)
            elif not dateline and (self._sees(Kind.WORD, Kind.EQUALS) or self._sees_correspondent()):
                dateline = self._slice(1)
            else:
                return dateline, paper, desk
            self._take(Kind.EQUALS)

    def _places(self) -> str:
        """Some places, as they are printed: "순천, 광양"."""
        places = self._all(Kind.PLACE, between=Kind.JOINT)
        return self._text[places[0].start : places[-1].end] if places else ""

    def _names(self, *, spaced: bool) -> list[Credit]:
        """Names with joints between them; agencies put a blank, which is clear only behind their header."""
        people: list[Credit] = []
        while not people or spaced or self._sees(Kind.JOINT, Kind.NAME):
            if people:
                self._take(Kind.JOINT)
            if name := self._take(Kind.NAME):
                people.append(Credit(name=name.text))
            elif bot := self._take(Kind.BOT):
                end = self._all(Kind.WORD)[-1:] or [bot]
                people.append(Credit(name=self._text[bot.start : end[0].end], kind=CreditKind.BOT))
            else:
                break
        self._more()
        return people

    def _role(self) -> tuple[str, str]:
        """The role behind the names, and the place of a correspondent."""
        if self._sees(Kind.ROLE):
            return self._slice(1), ""
        kind, following = self._next().kind, self._tokens[self._at + 1 : self._at + 2]
        if not following or following[0].kind is not Kind.ROLE:
            raise NotUnderstoodError
        if following[0].text == CORRESPONDENT and kind in {Kind.PLACE, Kind.WORD}:
            place = self._slice(1)
            return self._slice(1), place
        if kind is Kind.DESK or following[0].text.startswith("전문"):
            return self._slice(2), ""
        raise NotUnderstoodError

    def _institution(self, dateline: str, paper: str, desk: str) -> Credit:
        """What signs where no person does: a desk, or an agency."""
        if desk:
            return _with_addresses([Credit(name=desk, kind=CreditKind.DESK)], self._addresses([]))[0]
        if not is_agency(paper) or self._next().kind not in {Kind.END, Kind.JOINT}:
            raise NotUnderstoodError
        start = self._at
        if self._take(Kind.JOINT) and (
            places := self._all(Kind.PLACE) or [word for word in self._all(Kind.WORD) if word.text.isupper()]
        ):
            return Credit(name=paper, kind=CreditKind.AGENCY, dateline=self._text[places[0].start : places[-1].end])
        self._at = start
        return Credit(name=paper, kind=CreditKind.AGENCY, dateline=dateline)

    def _addresses(self, people: list[Credit]) -> list[Token]:
        """The addresses behind a credit, in brackets or not; a bare local part only behind one name, with nothing after it."""
        found: list[Token] = []
        while not self._addresses_lead:
            start = self._at
            self._take(Kind.JOINT, Kind.EQUALS)
            bracket = self._take(Kind.OPEN)
            address = self._take(Kind.EMAIL, Kind.LOCAL)
            if address is None or (bracket and not self._take(Kind.CLOSE)):
                self._at = start
                break
            found.append(address)
        word, following = self._next(), self._tokens[self._at + 1 : self._at + 2]
        ends = following and following[0].kind in {Kind.END, Kind.JOINT, Kind.CLOSE}
        if len(people) == 1 and not found and ends and word.kind is Kind.WORD and _LOCAL_PART.fullmatch(word.text):
            self._at += 1
            found.append(word)
        return found

    def _paper_behind(self) -> str:
        """The paper of "조은서 기자(조선비즈)"."""
        for kind in (Kind.PAPER, Kind.AGENCY, Kind.WORD):
            if self._sees(Kind.OPEN, kind, Kind.CLOSE):
                return self._slice(3).strip("[](){}<>【】〈〉 ")
        return ""

    def _more(self) -> None:
        """Somebody signed who is not named: "외 1명"."""
        if self._take(Kind.MORE):
            self.complete = False

    # Tokens

    def _next(self) -> Token:
        return self._tokens[self._at]

    def _sees(self, *kinds: Kind) -> bool:
        return tuple(token.kind for token in self._tokens[self._at : self._at + len(kinds)]) == kinds

    def _sees_correspondent(self) -> bool:
        role = self._tokens[self._at + 2 : self._at + 3]
        return self._sees(Kind.WORD, Kind.NAME, Kind.ROLE) and role[0].text == CORRESPONDENT

    def _take(self, *kinds: Kind) -> Token | None:
        token = self._next()
        if token.kind not in kinds:
            return None
        self._at += 1
        return token

    def _all(self, kind: Kind, between: Kind | None = None) -> list[Token]:
        found: list[Token] = []
        while self._sees(kind) or (found and between and self._sees(between, kind)):
            if between:
                self._take(between)
            found.append(self._tokens[self._at])
            self._at += 1
        return found

    def _skip(self, kind: Kind) -> None:
        while self._take(kind):
            pass

    def _expect(self, kind: Kind) -> None:
        if not self._take(kind):
            raise NotUnderstoodError

    def _slice(self, count: int) -> str:
        """The next ``count`` tokens, taken, as they are printed."""
        start = self._at
        self._at += count
        return self._text[self._tokens[start].start : self._tokens[self._at - 1].end]


def _with_addresses(people: list[Credit], addresses: list[Token]) -> list[Credit]:
    """As many addresses as people belong to them in order; any other number to nobody."""
    if len(people) != len(addresses):
        return people
    return [
        replace(person, email=address.text)
        if address.kind is Kind.EMAIL
        else replace(person, email_local=address.text.partition("@")[0])
        for person, address in zip(people, addresses, strict=True)
    ]
