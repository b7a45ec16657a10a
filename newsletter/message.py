"""A rendered digest as the bytes of a mail (RFC 5322, MIME), compiled once and completed for each reader."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import format_datetime

from newsletter.errors import MessageError
from newsletter.headers import mailbox_header, phrase_header, text_header, token_header, url_header
from newsletter.mailbox import Mailbox
from newsletter.render import RenderedDigest
from newsletter.settings import MailSettings, NewsletterSettings
from newsletter.slots import Slot

_BOUNDARY = "=_masthead_alternative"  # never in a part: base64 has no underscore
_SLOT = re.compile("({})".format("|".join(re.escape(slot) for slot in Slot)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """A reader, as far as a mail needs to know. Addresses are absolute; ``confirmed`` is a day in words.

    ``one_click`` is where a mail program posts to leave (RFC 8058), ``unsubscribe`` the page that the mail links to;
    ``preferences`` is needed only where the digest was rendered with it.
    """

    mailbox: Mailbox
    message_id: str
    one_click: str
    unsubscribe: str
    confirmed: str
    preferences: str = ""


class CompiledDigest:
    """What all copies of a digest share."""

    def __init__(self, shared: str, text: str, html: str) -> None:
        """``shared`` are header lines; ``text`` and ``html`` the bodies, with slots. Raises MessageError where one cannot be left."""
        self._shared = shared
        self._text = _SLOT.split(_canonical(text))
        self._html = _SLOT.split(_canonical(html))
        for kind, pieces in (("text", self._text), ("html", self._html)):
            if Slot.UNSUBSCRIBE not in pieces:
                raise MessageError(f"the {kind} of the digest shows no address to unsubscribe; see the footer of its template.")

    def for_reader(self, reader: Addressee) -> bytes:
        """The whole mail, lines ended by CRLF. Raises MessageError where the reader's data cannot stand in it."""
        head = [
            mailbox_header("To", reader.mailbox),
            token_header("Message-ID", reader.message_id),
            url_header("List-Unsubscribe", reader.one_click),
        ]
        text, page = self.bodies(reader)
        lines = [
            self._shared,
            *head,
            f'Content-Type: multipart/alternative; boundary="{_BOUNDARY}"',
            "",
            *_part("plain", text),
            *_part("html", page),
            f"--{_BOUNDARY}--",
            "",
        ]
        return "\r\n".join(lines).encode()

    def bodies(self, reader: Addressee) -> tuple[str, str]:
        """The reader's text and HTML. Raises MessageError where a slot has nothing to hold."""
        values: dict[str, str] = {
            Slot.UNSUBSCRIBE: reader.unsubscribe,
            Slot.PREFERENCES: reader.preferences,
            Slot.CONFIRMED: reader.confirmed,
        }
        page = _filled(self._html, {slot: html.escape(value) for slot, value in values.items()})
        return _filled(self._text, values), page


def compile_digest(
    rendered: RenderedDigest,
    *,
    mail: MailSettings,
    newsletter: NewsletterSettings,
    date: datetime,
) -> CompiledDigest:
    """What the copies of one edition's digest share; ``date`` is the edition's, so that the same mail has the same bytes.

    Raises MessageError for a header that cannot be written.
    """
    if date.utcoffset() is None:
        raise MessageError("the date of an edition needs its time zone.")
    sender = replace(mail.sender, name=newsletter.from_name or mail.sender.name)
    lines = [
        token_header("Date", format_datetime(date)),
        mailbox_header("From", sender),
        *([mailbox_header("Reply-To", mail.reply_to)] if mail.reply_to else []),
        text_header("Subject", rendered.subject),
        phrase_header("List-Id", newsletter.title, f"{newsletter.slug}.{mail.list_domain}"),
        token_header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        token_header("Precedence", "bulk"),
        token_header("Auto-Submitted", "auto-generated"),
        token_header("Feedback-ID", f"{date:%Y-%m-%d}:{newsletter.slug}:digest:{_sender_id(mail.list_domain)}"),
        token_header("MIME-Version", "1.0"),
    ]
    return CompiledDigest("\r\n".join(lines), rendered.text, rendered.html)


def message_id(edition: str, subscriber: str, domain: str) -> str:
    """The Message-ID of one edition to one subscriber, the same for every attempt, so that a second copy is known for one.

    ``edition`` and ``subscriber`` are keys of ours, never an address: a short hash of one could be guessed.
    """
    digest = hashlib.sha256(f"{edition}\n{subscriber}".encode()).hexdigest()[:32]
    return f"<{digest}@{domain}>"


def _sender_id(domain: str) -> str:
    """The last field of Feedback-ID: 5 to 15 characters, the same for all mail of a sender."""
    return domain.replace(".", "-")[:15].ljust(5, "-")


def _canonical(text: str) -> str:
    return "\r\n".join(text.splitlines()) + "\r\n"


def _filled(pieces: list[str], values: Mapping[str, str]) -> str:
    missing = [slot for slot in Slot if slot in pieces and not values[slot]]
    if missing:
        raise MessageError(f"the digest has a slot for {missing[0].name.lower()}, and this reader has nothing to put there.")
    return "".join(values.get(piece, piece) for piece in pieces)


def _part(subtype: str, body: str) -> list[str]:
    encoded = base64.b64encode(body.encode()).decode()
    return [
        f"--{_BOUNDARY}",
        f"Content-Type: text/{subtype}; charset=utf-8",
        "Content-Transfer-Encoding: base64",
        "",
        *(encoded[start : start + 76] for start in range(0, len(encoded), 76)),
    ]
