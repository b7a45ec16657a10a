"""How lines break, in Korean and in English: text in, text out. The mail templates use these as filters."""

from __future__ import annotations

import re
import unicodedata

NO_BREAK = "\N{NO-BREAK SPACE}"

_SHORT = 4
"""A last word of up to so many letters looks lost on a line of its own: 켰다, 것, day."""

_PIECE = 24
"""Columns that fit beside a picture on a phone."""

# 오전 5시, 11시 50분, 3월 2일, 1만 원: a number stays with what it counts.
_NUMBER = re.compile(
    r"(?<=오전|오후|새벽) (?=\d{1,2}시)|(?<=\d[시월년]) (?=\d{1,2}[분일월])|(?:(?<=\d)|(?<=\d[천만억조])) (?=원|명|건|곳|달러)"
)
_CLAUSE = re.compile(r"(?<=.{5}…) (?=.{6})")


def bound(text: str) -> str:
    """The text with what belongs together tied by no-break spaces: numbers to their units, a short last word to the one before."""
    text = _NUMBER.sub(NO_BREAK, text.rstrip())
    head, space, last = text.rpartition(" ")
    if space and len(last) <= _SHORT and len(head.rpartition(" ")[2]) <= 2 * _SHORT:
        return f"{head}{NO_BREAK}{last}"
    return text


def clauses(headline: str) -> list[str]:
    """The parts of a headline after which a line should rather end than elsewhere: 객석은 의자 하나… | 관객 한 명을 위해 막이 오른다."""
    return _CLAUSE.split(headline)


def unbroken(text: str) -> str:
    """The text with short pieces between middle dots kept together, 오전 5시 40분; no line begins with a dot."""
    pieces = text.split(" · ")
    return f"{NO_BREAK}· ".join(piece.replace(" ", NO_BREAK) if columns_of(piece) <= _PIECE else piece for piece in pieces)


def fold(text: str, columns: int = 70) -> str:
    """The text in lines of at most ``columns``, broken between words only; a Hangul syllable takes two columns."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".lstrip()
        if lines[-1] and columns_of(longer) > columns:
            lines.append(word)
        else:
            lines[-1] = longer
    return "\n".join(lines).replace(NO_BREAK, " ")


def columns_of(text: str) -> int:
    """Columns in a monospaced font (UAX #11); ambiguous characters count as one."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
