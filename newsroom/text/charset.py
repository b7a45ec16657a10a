"""Bytes of a page or a feed, decoded as what they are rather than as what they are called."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence

from newsroom.errors import NewsroomError


class UndecodableTextError(NewsroomError):
    """The bytes are text in no encoding that was tried."""

    def __init__(self, tried: Sequence[str]) -> None:
        super().__init__(f"the bytes are not text in any of {', '.join(tried)}; does the address name a picture or a PDF?")
        self.tried = tuple(tried)


def decode(body: bytes, content_type: str) -> str:
    """The text of ``body`` without its byte order mark; ``content_type`` is the HTTP header, or "".

    A byte order mark decides, then the zero bytes of UTF-16. Then comes strict UTF-8, whatever the label says, because text in
    another encoding is hardly ever valid UTF-8; then the labels of HTTP, of the XML declaration and of ``<meta>``; then CP949,
    which is what every Korean label means.

    A page with a few bad bytes (a broken advertisement, a cut end) is still a page: they are left out, up to one in 1,000 bytes and
    32 in all. Raises UndecodableTextError beyond that.
    """
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return _first(body[len(mark) :], (encoding,))
    labels = tuple(dict.fromkeys(_labels(body, content_type)))
    if encoding := _utf16(body, labels):
        return _first(body, (encoding,))
    for encoding in labels:
        if encoding in _SEVEN_BIT:  # they look like ASCII, and so like UTF-8
            return _first(body, (encoding,))
    if "cp949" in labels and _is_short_korean(body):
        return body.decode("cp949")
    return _first(body, ("utf-8", *labels, "cp949"))


_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_KOREAN = re.compile(r"(?:cs)?ks_?c_?5601.*|(?:x-)?euc-?kr|(?:x-)?windows-?949|ms949|cp949|uhc|korean|iso-ir-149")
_OTHERS = {"utf-8", "shift_jis", "cp932", "euc_jp", "big5", "big5hkscs", "gb2312", "gbk", "gb18030"}
_SEVEN_BIT = {"iso2022_kr", "iso2022_jp"}
_WESTERN = ("iso8859", "cp125", "koi8")
_CHARSET = r"""charset\s*=\s*["']?\s*([\w.:-]+)"""
_HTTP_LABEL = re.compile(_CHARSET, re.ASCII | re.IGNORECASE)
_XML_LABEL = re.compile(rb"""^\s*<\?xml[^>]{1,200}?encoding\s*=\s*["']([\w.:-]+)""")
_META_LABEL = re.compile(rb"<meta\b[^>]{0,200}?" + _CHARSET.encode(), re.IGNORECASE)
_HEAD = 4096
_BYTES_FOR_ONE_BAD, _MOST_BAD = 1000, 32


def _labels(body: bytes, content_type: str) -> Iterator[str]:
    """The declared encodings that are known, as Python's codecs, the most trusted first."""
    head = body[:_HEAD]
    http = _HTTP_LABEL.search(content_type)
    inside = (match[1].decode("ascii") for form in (_XML_LABEL, _META_LABEL) if (match := form.search(head)))
    for label in (*([http[1]] if http else ()), *inside):
        if encoding := _codec(label.lower()):
            yield encoding


def _codec(label: str) -> str:
    """The codec behind a label, "" if there is none. As browsers do, Latin-1 is read as the Windows code page (WHATWG Encoding)."""
    if _KOREAN.fullmatch(label):
        return "cp949"
    if label.startswith("utf-16"):
        return "utf-16-be" if label.endswith("be") else "utf-16-le"
    try:
        name = codecs.lookup(label).name
    except LookupError:
        return ""
    if name == "iso8859-1":
        return "cp1252"
    return name if name in _OTHERS | _SEVEN_BIT or name.startswith(_WESTERN) else ""


def _utf16(body: bytes, labels: Sequence[str]) -> str:
    """UTF-16 without byte order mark: markup begins with "<" and a zero byte; other text needs a label and zero bytes."""
    if body[:2] in {b"<\0", b"\0<"}:
        return "utf-16-be" if body[0] == 0 else "utf-16-le"
    return next((label for label in labels if label.startswith("utf-16") and b"\0" in body), "")


def _is_short_korean(body: bytes) -> bool:
    """Whether bytes that are labelled Korean are as good CP949 as UTF-8.

    카 is C4 AB in CP949, and that is ī in UTF-8. But Korean in UTF-8 has three bytes a syllable, so a text without any is not that.
    """
    try:
        body.decode("cp949")
        return not body.isascii() and max(body.decode("utf-8")) < "\u0800"
    except UnicodeDecodeError:
        return False


def _first(body: bytes, encodings: Sequence[str]) -> str:
    """``body`` in the first encoding that fits it; the bad bytes of the best are left out, if they are few."""
    tried = list(dict.fromkeys(encodings))
    # A Western code page takes nearly any bytes, so it comes last, and what it might be must look Korean to be taken for that.
    western = [encoding for encoding in tried if encoding.startswith(_WESTERN)]
    others = [encoding for encoding in tried if encoding not in western]
    allowed = min(len(body) // _BYTES_FOR_ONE_BAD, _MOST_BAD)
    for limit in sorted({0, allowed}):
        for encoding in others:
            text, bad = _decoded(body, encoding, limit)
            if text is not None and (not western or encoding == "utf-8" or _is_korean(text)) and (not bad or _speaks(text, bad)):
                return text
    for encoding in western:
        text, _ = _decoded(body, encoding, allowed)
        if text is not None:
            return text
    raise UndecodableTextError(tried)


def _decoded(body: bytes, encoding: str, limit: int) -> tuple[str | None, int]:
    """The text without the bad bytes and how many times some were left out; None if that is more than ``limit``."""
    pieces: list[str] = []
    for bad in range(limit + 1):
        try:
            return "".join([*pieces, body.decode(encoding)]), bad
        except UnicodeDecodeError as error:
            pieces.append(body[: error.start].decode(encoding))
            body = body[error.end :]
    return None, limit


def _speaks(text: str, bad: int) -> bool:
    """Whether more was understood than was left out: else a page in a Western encoding would lose all of its accents."""
    return sum(not char.isascii() for char in text) > bad


def _is_korean(text: str) -> bool:
    """Whether Hangul is most of what is not ASCII."""
    others = [char for char in text if not char.isascii()]
    return sum("가" <= char <= "힣" for char in others) * 2 > len(others)
