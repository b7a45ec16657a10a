"""The beginning of a story, cut where a reader would stop."""

from __future__ import annotations

import re
from itertools import islice, takewhile

from newsroom.text.graphemes import graphemes

# A sentence ends with its mark and what closes after it, before a blank. Not with an ellipsis, not after a figure (2025. 6. 11.), a
# single capital (U.S., J. Kim) or a title, and not where a quotation is taken up again: “… 했다.” 라고 말했다.
_SENTENCE = re.compile(
    r"(?<![.…\d])(?<!\b[A-Z])(?<!\b(?:Mr|Ms|Dr|St|Jr|No|vs))(?<!\bMrs)"
    r"(?:[!?]+|[.。！？])(?![.…])[\"'”’」』)\]]*(?=\s|$)(?!\s+(?:이?라고|이?라며|이?라는|고|며|면서)\s)"
)
_DANGLING = re.compile(r"[\s,;:·…\-–—~(\[“‘「『]+$")
_SHORTEST = 1 / 4


def excerpt(text: str, limit: int) -> str:
    """At most ``limit`` letters (grapheme clusters) of ``text``, as one line.

    It ends with a sentence if one ends beyond the first quarter of the room. Otherwise it ends with "…": after a word, or within a
    word that has no room.
    """
    line = " ".join(text.split())
    letters = list(islice(graphemes(line), max(limit, 0) + 1))
    if len(letters) <= limit:
        return line
    room = len("".join(letters[:-1]))
    marks = takewhile(lambda match: match.end() <= room, _SENTENCE.finditer(line))
    ends = [match.end() for match in marks if _is_outside_quotation(line[: match.end()])]
    if ends and ends[-1] >= room * _SHORTEST:
        return line[: ends[-1]]
    return _words(letters, limit - 1) + "…" if limit > 0 else ""


def _is_outside_quotation(text: str) -> bool:
    """Whether every quotation that began in ``text`` has ended: nobody stops reading in the middle of what somebody says."""
    return text.count("“") == text.count("”") and text.count('"') % 2 == 0


def _words(letters: list[str], count: int) -> str:
    """The whole words among the first ``count`` letters, without what points ahead; if there is none, those letters."""
    blanks = [index for index in range(count + 1) if letters[index] == " "]
    words = "".join(letters[: blanks[-1]]) if blanks else ""
    return _DANGLING.sub("", words) or "".join(letters[:count])
