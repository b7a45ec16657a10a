"""What a line of a newspaper must not do, and where a name stands in an index. Pure."""

from __future__ import annotations

import re
import unicodedata

from markupsafe import Markup, escape

_FIRST_SYLLABLE, _LAST_SYLLABLE, _SYLLABLES_EACH = 0xAC00, 0xD7A3, 588
_INITIALS = "ㄱㄱㄴㄷㄷㄹㅁㅂㅂㅅㅅㅇㅈㅈㅊㅋㅌㅍㅎ"
"""By Unicode's number of an initial; a doubled one (ㄲ) stands under the single one, as in every Korean index."""
_LATIN_UNITS = "mm|cm|m|km|mg|g|kg|t|ml|l|L|B|kB|KB|MB|GB|TB|W|kW|MW|GW|kWh|MWh|Hz|kHz|MHz|GHz|V|A|ha|dB"
_QUANTITY = re.compile(
    rf"\d[\d.,]*(?:\s?[\u3380-\u33df\u2103\u2109\u00b0%‰\uff05]\w{{0,4}}|\s(?:{_LATIN_UNITS})(?![A-Za-z])\w{{0,4}})"
)
"""A number and its unit, with the particle that follows it in Korean: 20㎞서, 3.5 %를, 100 kg."""


def unbroken(text: str) -> Markup:
    """The text as HTML, in which no line ends between a number and its unit.

    Browsers break before a sign such as ㎞ even where words are kept whole (UAX #14, class ID). It is done by markup, as characters
    that join words would come along when the headline is copied.
    """
    parts: list[str] = []
    end = 0
    for found in _QUANTITY.finditer(text):
        parts += [escape(text[end : found.start()]), Markup('<span class="unit">{}</span>').format(found[0])]
        end = found.end()
    return Markup("").join([*parts, escape(text[end:])])


def index_letter(name: str) -> str:
    """Where a name is looked up: ㄱ for 김서현 and 꽃님, D for Doe and Ďuriš, # for all that has no letter of either."""
    letter = unicodedata.normalize("NFKD", name.strip()[:1])[:1].upper()
    composed = unicodedata.normalize("NFC", name.strip())[:1]
    if composed and _FIRST_SYLLABLE <= ord(composed) <= _LAST_SYLLABLE:
        return _INITIALS[(ord(composed) - _FIRST_SYLLABLE) // _SYLLABLES_EACH]
    return letter if letter and "A" <= letter <= "Z" else "#"


def index_order(name: str) -> tuple[int, str, str]:
    """A sort key: Hangul as in a dictionary (Unicode's order of syllables), then Latin without regard to case, then all else.

    Names stand as they are written: which part of a name is the family's nobody can tell from the name.
    """
    letter = index_letter(name)
    rank = 2 if letter == "#" else 1 if letter.isascii() else 0
    return rank, letter if rank == 1 else "", unicodedata.normalize("NFC", name).casefold()
