"""What a reader takes for one letter: extended grapheme clusters (Unicode Standard Annex 29).

Enough of it for a newspaper: combining marks, Hangul written as jamo, emoji with joiners, skin tones and flags. Indic conjuncts and
prepended marks are not joined.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

_ZWJ = "\u200d"


def graphemes(text: str) -> Iterator[str]:
    """The clusters of ``text`` in order; joined they are ``text`` again."""
    start = 0
    for position in range(1, len(text)):
        if _breaks(text, start, position):
            yield text[start:position]
            start = position
    if text:
        yield text[start:]


def _breaks(text: str, start: int, position: int) -> bool:
    """Whether a cluster that began at ``start`` ends before ``position``."""
    before, after = text[position - 1], text[position]
    if before.isascii() and after.isascii():
        return (before, after) != ("\r", "\n")
    if after == _ZWJ or _extends(after):
        return unicodedata.category(before) in {"Cc", "Zl", "Zp"}
    if before == _ZWJ:
        return not (_is_pictograph(text[start]) and _is_pictograph(after))
    if _is_regional(before) and _is_regional(after):
        return (position - start) % 2 == 0
    return _hangul(after) not in _HANGUL_FOLLOWERS.get(_hangul(before), "")


def _extends(char: str) -> bool:
    """Combining and spacing marks, variation selectors, skin tones, the tags of a flag, and the non-joiner."""
    code = ord(char)
    return (
        unicodedata.category(char) in {"Mn", "Me", "Mc"}
        or 0x1F3FB <= code <= 0x1F3FF
        or 0xE0020 <= code <= 0xE007F
        or code == 0x200C
    )


def _is_pictograph(char: str) -> bool:
    return unicodedata.category(char) == "So" and not _is_regional(char)


def _is_regional(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


# Hangul_Syllable_Type of what a cluster may go on with (rules GB6 to GB8): l leading, v vowel, t trailing, o open and c closed syllable.
_HANGUL_FOLLOWERS = {"l": "lvoc", "v": "vt", "o": "vt", "t": "t", "c": "t"}


def _hangul(char: str) -> str:
    code = ord(char)
    if 0xAC00 <= code <= 0xD7A3:
        return "c" if (code - 0xAC00) % 28 else "o"
    if 0x1100 <= code <= 0x115F or 0xA960 <= code <= 0xA97C:
        return "l"
    if 0x1160 <= code <= 0x11A7 or 0xD7B0 <= code <= 0xD7C6:
        return "v"
    if 0x11A8 <= code <= 0x11FF or 0xD7CB <= code <= 0xD7FB:
        return "t"
    return "-"
