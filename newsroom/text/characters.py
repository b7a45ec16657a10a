"""Characters that may stand in an article."""

from __future__ import annotations

import re
import unicodedata

# What XML 1.0 §2.2 forbids and what was lost in decoding: controls but for white space, surrogates, noncharacters, U+FFFD. And what
# cannot be seen but does harm: bidirectional controls reorder the text beside them, zero-width blanks break searching and identity.
# Kept are the joiners U+200C and U+200D, which shape words and emoji.
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"
    "\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufff9-\uffff"
    "\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane + 0xFFFE) + chr(plane + 0xFFFF) for plane in range(0x10000, 0x110000, 0x10000))
    + "]"
)


def without_unwanted(text: str) -> str:
    """``text`` without the characters that no output may hold."""
    return _UNWANTED.sub("", text)


def legible(text: str) -> str:
    """``text`` in NFC, without the characters that no output may hold; white space as it was. Not for markup: NFC merges ">" too."""
    return unicodedata.normalize("NFC", without_unwanted(text))


def clean_text(text: str) -> str:
    """``text`` as one line, for a headline or a name: legible, every run of white space one blank, none at the ends."""
    return " ".join(legible(text).split())
