"""When two texts are the same to a reader, although their characters differ."""

from __future__ import annotations

import hashlib
import html
import re

from newsroom.text.characters import legible
from newsroom.text.markup import Text, tokens

_QUOTES = dict.fromkeys(map(ord, '“”„‟‘’‚‛"`´'), "'")
_MIDDLE_DOTS = dict.fromkeys(map(ord, "ㆍ・･‧∙⋅•"), "·")
# Halfwidth and Fullwidth Forms: the punctuation only, a full-width letter or figure is meant.
_WIDTHS = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if not chr(code).isalnum()}
_FOLDED = _WIDTHS | _QUOTES | _MIDDLE_DOTS | {ord("＂"): "'", ord("〜"): "~", 0xAD: None}
_ELLIPSIS = re.compile(r"(?:\.{2,}|[…‥⋯])+")


def fold_headline(text: str) -> str:
    """A headline as a key: NFC, case, white space, and the typography of quotes, ellipses, middle dots and widths folded away."""
    return legible(_folded(text).casefold())


def content_hash(headline: str, body_html: str, summary: str) -> str:
    """SHA-256 (hex) of what a reader sees of an article.

    Two versions that differ in quotes, ellipses, white space or Unicode form hash alike. So do those that differ in markup, in the
    targets of links or in pictures, whose addresses vary with caches; captions count.
    """
    body = "".join(html.unescape(token.source) for token in tokens(body_html) if isinstance(token, Text))
    return hashlib.sha256("\n".join(map(_folded, (headline, body, summary))).encode()).hexdigest()


def _folded(text: str) -> str:
    # Where a blank went, a combining mark may have met another letter: hence NFC once more.
    return _ELLIPSIS.sub("…", legible("".join(legible(text).split())).translate(_FOLDED))
