"""A mail as its reader sees it: headers decoded, the HTML and the plain text found, nothing believed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from selectolax.lexbor import LexborHTMLParser

from newsroom.text.charset import UndecodableTextError, decode

_PREHEADER = 140
_INVISIBLE = re.compile(
    r"[\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One mail. ``preheader`` is the beginning of its text, as clients show it in a list; ``sent`` is its Date header."""

    id: str
    sender: str
    recipients: str
    subject: str
    sent: datetime | None
    preheader: str
    headers: tuple[tuple[str, str], ...]
    html: str
    text: str
    source: bytes


def read_letter(identity: str, source: bytes) -> Letter:
    """Parse a stored mail.

    The compat32 policy on purpose: ``policy.default`` misreads many encoded names (python/cpython#87659).
    """
    message = message_from_bytes(source)
    headers = tuple((name, _unfolded(value)) for name, value in message.raw_items())
    html = "".join(_texts(message, "text/html"))
    text = "\n".join(_texts(message, "text/plain"))
    return Letter(
        id=identity,
        sender=_addresses(headers, "from"),
        recipients=_addresses(headers, "to"),
        subject=next((decoded(value) for name, value in headers if name.lower() == "subject"), ""),
        sent=_date(next((value for name, value in headers if name.lower() == "date"), "")),
        preheader=_INVISIBLE.sub(" ", _visible(html) if html else text).strip()[:_PREHEADER],
        headers=tuple((name, decoded(value)) for name, value in headers),
        html=html,
        text=text,
        source=source,
    )


def decoded(value: str) -> str:
    """A header's text with its encoded-words (RFC 2047) decoded; as it stands where they are broken."""
    try:
        return str(make_header(decode_header(value)))
    except (HeaderParseError, LookupError, UnicodeDecodeError, ValueError):
        return value


def _unfolded(value: object) -> str:
    """A raw header on one line. Bytes beyond ASCII, which the parser keeps as surrogates, are UTF-8 (RFC 6532)."""
    text = str(value).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return re.sub(r"\r?\n(?=[ \t])", "", text).strip()


def _addresses(headers: tuple[tuple[str, str], ...], header: str) -> str:
    """``김서현 <seoh@example.com>, reader@example.com``. Names are decoded after the addresses are told apart, not before."""
    pairs = getaddresses([value for name, value in headers if name.lower() == header])
    return ", ".join(f"{decoded(name)} <{address}>" if name else address for name, address in pairs if address)


def _texts(message: Message, media_type: str) -> Iterator[str]:
    for part in message.walk():
        payload = part.get_payload(decode=True)
        if part.get_content_type() == media_type and not part.get_filename() and isinstance(payload, bytes):
            try:
                yield decode(payload, str(part.get("Content-Type", "")))
            except UndecodableTextError:
                yield payload.decode("utf-8", "replace")


def _visible(html: str) -> str:
    tree = LexborHTMLParser(html)
    tree.strip_tags(["head", "style", "script", "title"], recursive=True)
    return tree.body.text(separator=" ") if tree.body else ""


def _date(value: str) -> datetime | None:
    try:
        return parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
