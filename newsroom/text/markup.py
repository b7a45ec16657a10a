"""The tokens of a cleaned HTML fragment: tags and the text between them.

Only for what a sanitiser has written: tags are whole, lower-case and nested well. A ``<`` that begins no such tag is text, so that a
plain ``<메트로경제신문>`` survives.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

_TAG = re.compile(r"""<(?P<closing>/?)(?P<name>[a-z][a-z0-9]*)(?:\s(?:"[^"]*"|'[^']*'|[^"'<>])*)?/?>""")
_ATTRIBUTE = re.compile(r'\s([a-z-]+)="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Tag:
    """A start tag, or an end tag if ``closing``; ``source`` is how it is written, from ``start`` to ``end`` of the fragment."""

    name: str
    closing: bool
    source: str
    start: int
    end: int

    def attributes(self) -> dict[str, str]:
        """Values by name, character references resolved."""
        return {name: html.unescape(value) for name, value in _ATTRIBUTE.findall(self.source)}


@dataclass(frozen=True, slots=True)
class Text:
    """A run of text as it is written, character references included."""

    source: str
    start: int
    end: int


def tokens(fragment: str) -> Iterator[Tag | Text]:
    """Every tag and every run of text, in order and without a gap."""
    position = 0
    for match in _TAG.finditer(fragment):
        if match.start() > position:
            yield Text(fragment[position : match.start()], position, match.start())
        position = match.end()
        yield Tag(match["name"], bool(match["closing"]), match.group(), match.start(), position)
    if position < len(fragment):
        yield Text(fragment[position:], position, len(fragment))
