"""Bylines: who signed an article, read from what is printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from newsroom.model import Credit, CreditKind
from newsroom.text.byline_tokens import EMAIL
from newsroom.text.characters import clean_text
from newsroom.text.dates import find_date
from newsroom.text.flow import in_normal_form
from newsroom.text.korean import read_korean
from newsroom.text.lines import lines_of, printed
from newsroom.text.markup import Tag, tokens
from newsroom.text.vocabulary import is_korean_name
from newsroom.text.western import read_western


@dataclass(frozen=True, slots=True)
class Byline:
    """What a printed byline says. ``date`` is the part of it that is a date, "" if none; ``complete`` is False for "외 1명"."""

    credits: tuple[Credit, ...]
    date: str = ""
    complete: bool = True
    raw: str = ""


def parse_byline(raw: str, *, bare_names: bool = False) -> Byline:
    """Read ``raw``, one printed byline. A form that is not known as a whole gives no credits: nobody is ever guessed.

    ``bare_names`` is for fields that hold nothing but authors: there a name without a role is a person too.
    """
    text = clean_text(raw)
    if len(text) > _LONGEST:
        return Byline((), raw=raw)
    date = find_date(text)
    rest = _DECORATION.sub("", " ".join(text.replace(date, " ", 1).split()) if date else text)
    credits_, complete = read_korean(rest)
    if not credits_:
        credits_ = _western_or_bare(rest, bare=bare_names)
    return Byline(_each_once(credits_), date, complete, raw)


def cut_byline(body: str) -> tuple[str, str]:
    """``body``, a cleaned fragment or plain text, without the byline glued to it, and that byline; or ``body`` and "".

    At the end it is the last line or two, or stands behind the last sentence. At the beginning it is the first line, stands in brackets
    or before "=" ("[서울=뉴스핌] 홍석희 기자 = …"); then an address alone at the end belongs to it. Only what ``parse_byline`` reads is
    cut, its addresses everywhere; a body is never emptied, though a byline that is all of it loses its addresses.
    """
    rest, first = _cut_first(body)
    rest, last = _cut_last(rest, signed=bool(first))
    both = " · ".join(filter(None, (first, last)))
    if not both:
        return body, ""
    left = _tidy(_without_addresses(rest, both))
    if lines_of(left) or "<img " in left:
        return left, next(raw for raw in (both, last, first) if parse_byline(raw).credits)
    return _tidy(_without_addresses(body, both)), ""


_LONGEST = 500
_FARTHEST = 300  # how far from either end of a body a byline may reach
_DECORATION = re.compile(r"^[\s/|·,;:\-–—_=~*#■□▶▷◆◇●○◎▲△※☞★☆ⓒ©]+|[\s/|·,;\-–—_~*#■□▶▷◆◇●○◎▲△※☞★☆]+$")
_BRACKETS = "()[]<> "
_JOINTS = re.compile(r"\s*[·ㆍ‧・/,&;]\s*")
_PARTS = ("role", "email", "email_local", "organisation", "dateline")


def _western_or_bare(text: str, *, bare: bool) -> tuple[Credit, ...]:
    addresses = EMAIL.findall(text)
    names_only = _DECORATION.sub("", EMAIL.sub(" ", text).strip(_BRACKETS) if addresses else text)
    names, role = read_western(" ".join(names_only.split()), bare=bare)
    if not names and bare:
        words = tuple(_JOINTS.split(names_only.strip(_BRACKETS)))
        names = words if all(map(is_korean_name, words)) else ()
    email = addresses[0] if len(addresses) == len(names) == 1 else ""
    return tuple(Credit(name=name, role=role, email=email) for name in names)


def _each_once(credits_: tuple[Credit, ...]) -> tuple[Credit, ...]:
    """Two credits of one name are one person's, unless they have two addresses."""
    kept: list[Credit] = []
    for credit in credits_:
        same = next((i for i, known in enumerate(kept) if known.name == credit.name and not (known.email and credit.email)), None)
        if same is None:
            kept.append(credit)
        else:
            gaps = {part: getattr(credit, part) for part in _PARTS if not getattr(kept[same], part)}
            kept[same] = replace(kept[same], **gaps)
    return tuple(kept)


_HINT = re.compile(
    r"기자|특파원|통신원|논설|주필|편집|위원|칼럼니스트|평론가|앵커|아나운서|리포터|캐스터|에디터|PD|피디|팀|부장|@|\b[Bb][Yy]\b|뉴스|통신"
)
# What papers print below a byline, and what stays.
_COPYRIGHT = re.compile(
    r"\s*[<(\[]?\s*(?:(?:저작권자|ⓒ|©|Copyright)[^@]{0,80}?)?(?:무단\s?전재|재배포|All rights reserved)[^@]{0,60}$", re.IGNORECASE
)
_BEHIND_SENTENCE = re.compile(r"[다요죠][.!?]+[\"'”’」』)\]]*\s+")
# Where a byline may begin behind the text of a line: behind a sentence, at a slash or a bullet, at a square bracket.
_BEHIND_TEXT = re.compile(r"[.!?…][\"'”’」』)\]>]*\s*|[가-힣][다요죠](?:\s+|(?=/))|\s(?=[/■▶◆◇ⓒ])|(?=[\[【])")
_IN_BRACKETS = re.compile(rf"[\[【(<](?:[^\[\]【】()<>]|\([^()]*\)){{2,80}}[\]】)>](?:\s*{EMAIL.pattern})?")
_LONE_ADDRESS = re.compile(rf"(?:◎\s?공감언론 뉴시스\s*)?(?P<address>{EMAIL.pattern})\s*$")
_LAST_LINES = 3


def _cut_first(body: str) -> tuple[str, str]:
    lines = lines_of(body)
    if not lines:
        return body, ""
    line = printed(lines[:1])
    for end, after in _ends(line.text):
        raw = line.text[:end].strip(" =")
        if _signs(raw):
            return line.without(body, 0, after), raw
    return body, ""


def _ends(line: str) -> Iterator[tuple[int, int]]:
    """Where a byline at the beginning of ``line`` may end, and where the text behind it begins."""
    head = line[:_FARTHEST]
    if not _HINT.search(head):
        return
    if len(line) == len(head):
        yield len(line), len(line)
    if bracket := _IN_BRACKETS.match(head.lstrip()):
        end = len(head) - len(head.lstrip()) + bracket.end()
        yield end, end
    for equals in re.finditer(r"\s*=\s*", head):
        yield equals.start(), equals.end()


def _cut_last(body: str, *, signed: bool) -> tuple[str, str]:
    last = printed(lines_of(body)[-_LAST_LINES:])
    text = _COPYRIGHT.sub("", last.text)
    far = max(0, len(text) - _FARTHEST)
    if not _HINT.search(text, far):
        return body, ""
    near = max([far, *(match.end() for match in _BEHIND_SENTENCE.finditer(text, far))])
    starts = {*last.starts, *(match.end() for match in _BEHIND_TEXT.finditer(text, far))}
    for start in sorted(start for start in starts if near <= start < len(text)):
        raw = text[start:].strip()
        if _signs(raw) or (start in last.starts and parse_byline(raw).credits):
            return last.without(body, start, len(text)), raw
    if signed and (lone := _LONE_ADDRESS.search(text)):
        return last.without(body, lone.start(), len(text)), lone["address"]
    return body, ""


def _without_addresses(body: str, raw: str) -> str:
    for address in EMAIL.findall(raw):
        written = re.escape(address).replace("@", "(?:@|%40)")
        body = re.sub(rf"\s*\(\s*{written}\s*\)|\s*{written}", "", body, flags=re.IGNORECASE)
    return body


def _tidy(body: str) -> str:
    """``body`` without the elements, line breaks and blanks that a cut has left; plain text stays plain."""
    return in_normal_form(body, "") if any(isinstance(token, Tag) for token in tokens(body)) else body.strip()


def _signs(raw: str) -> bool:
    """Whether ``raw`` names a person or a program with a role: enough to be a byline anywhere."""
    return any(credit.role and credit.kind in {CreditKind.PERSON, CreditKind.BOT} for credit in parse_byline(raw).credits)
