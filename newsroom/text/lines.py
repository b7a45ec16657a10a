"""The lines of a body as a reader sees them, each letter with its place in the source."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from newsroom.text.flow import INLINES
from newsroom.text.markup import Tag, Text, tokens

Line = tuple[Text, ...]
"""Runs of text that are printed on one line."""

_APART = frozenset({"figure", "table", "pre"})
_REFERENCE_OR_TEXT = re.compile(r"&#?\w{1,32};|&|[^&]+")


@dataclass(frozen=True, slots=True)
class Print:
    """What is printed on some lines, a blank between two: where each line begins; where in the source each letter begins and ends."""

    text: str
    starts: list[int]
    begins: list[int]
    ends: list[int]

    def without(self, source: str, start: int, end: int) -> str:
        """``source`` without the letters ``start`` to ``end``; tags stay."""
        pieces: list[str] = []
        position = 0
        for begin, after in zip(self.begins[start:end], self.ends[start:end], strict=True):
            pieces.append(source[position:begin])
            position = after
        return "".join([*pieces, source[position:]])


def lines_of(body: str) -> list[Line]:
    """Every line that holds text, in order; what stands in figures, tables and preformatted text is left out."""
    found = list(tokens(body))
    if not any(isinstance(token, Tag) for token in found):
        return [(Text(match.group(), match.start(), match.end()),) for match in re.finditer(r"[^\n]*\S[^\n]*", body)]
    lines: list[list[Text]] = [[]]
    apart = 0
    for token in found:
        if isinstance(token, Text):
            if not apart:
                lines[-1].append(token)
        elif token.name in _APART:
            apart += -1 if token.closing else 1
        elif token.name not in INLINES:
            lines.append([])
    return [tuple(line) for line in lines if any(not run.source.isspace() for run in line)]


def printed(lines: Iterable[Line]) -> Print:
    """The letters of ``lines``, character references resolved."""
    text: list[str] = []
    found = Print("", [], [], [])
    for line in lines:
        if found.starts:
            text.append(" ")
            found.begins.append(line[0].start)
            found.ends.append(line[0].start)
        found.starts.append(len(found.begins))
        for run in line:
            for match in _REFERENCE_OR_TEXT.finditer(run.source):
                begin, end = run.start + match.start(), run.start + match.end()
                shown = html.unescape(match.group())
                text.append(shown)
                if len(shown) == end - begin:
                    found.begins.extend(range(begin, end))
                    found.ends.extend(range(begin + 1, end + 1))
                else:
                    found.begins.extend([begin] * len(shown))
                    found.ends.extend([end] * len(shown))
    return replace(found, text="".join(text))
