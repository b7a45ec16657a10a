"""Each reader's own copy of an edition."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes
from email.header import decode_header, make_header
from typing import Any

import pytest

from newsletter.copies import SAMPLE_UID, Copies, sample_delivery
from newsletter.edition import Delivery, Edition, EditionState
from newsletter.errors import MessageError
from newsletter.links import Links
from newsletter.store import KeptDigest
from tests.newsletter.builders import DAY, DUE, MAIL, MORNING, digest, front_page, korean, renderer

LINKS = Links(base="https://feeds.hangang.example", secret="secret")
EDITION = Edition(id=1, newsletter="morning", date=DAY, due=DUE, window_start=DUE, window_end=DUE, state=EditionState.SENDING)
RENDERED = renderer().render(digest(front_page()), MORNING, web_url="https://feeds.hangang.example/view/x")
KEPT = KeptDigest(choice="all", subject=RENDERED.subject, html=RENDERED.html, web=RENDERED.web, text=RENDERED.text, articles=())


def copies(**changed: Any) -> Copies:
    edition = replace(EDITION, **changed)
    return Copies([KEPT], MORNING, edition, mail=MAIL, links=LINKS, language=korean())


def reader(number: int, **changed: Any) -> Delivery:
    found = sample_delivery("all", f"reader{number}@example.com")
    return replace(found, subscriber_uid=f"uid{number}", name=f"독자 {number}", **changed)


def test_a_copy_is_the_readers_own() -> None:
    """Another reader's unsubscribe address would sign off another reader."""
    envelope = copies().envelope(reader(1))
    message = message_from_bytes(envelope.message)
    leave = LINKS.unsubscribe("uid1", "morning")
    assert (envelope.sender, envelope.recipient) == ("news@hangang.example", "reader1@example.com")
    assert message["List-Unsubscribe"] == f"<{leave}>"
    assert str(make_header(decode_header(message["To"]))) == "독자 1 <reader1@example.com>"
    for part in message.walk():
        body = part.get_payload(decode=True)
        assert not isinstance(body, bytes) or leave.encode() in body
    assert LINKS.unsubscribe("uid2", "morning").encode() not in envelope.message


def test_a_second_attempt_is_the_same_mail_to_the_byte() -> None:
    """Mail programs show two mails where the Message-ID differs, after every lost reply."""
    assert copies().envelope(reader(1)) == copies().envelope(reader(1, attempts=7))


def test_readers_and_editions_have_message_ids_of_their_own() -> None:
    """A mail program would show one of two mails."""
    mails = [copies().envelope(reader(1)), copies().envelope(reader(2)), copies(date=DAY.replace(day=3)).envelope(reader(1))]
    ids = {message_from_bytes(mail.message)["Message-ID"] for mail in mails}
    assert len(ids) == 3
    assert all(id_.endswith("@hangang.example>") and "reader" not in id_ for id_ in ids)


def test_the_mail_bears_the_editions_date_in_the_papers_zone() -> None:
    """A retry at noon would sort the mail elsewhere, and change its bytes."""
    assert message_from_bytes(copies().envelope(reader(1)).message)["Date"] == "Mon, 02 Mar 2026 07:00:00 +0900"


def test_a_reader_whose_name_cannot_stand_in_a_header_is_refused_alone() -> None:
    made = copies()
    with pytest.raises(MessageError, match="line break"):
        made.envelope(replace(reader(1), name="독자\r\nBcc: all@example.com"))
    assert made.envelope(reader(2)).recipient == "reader2@example.com"


def test_bodies_to_look_at_are_filled_in() -> None:
    text, html = copies().bodies(sample_delivery("all"))
    leave = LINKS.unsubscribe(SAMPLE_UID, "morning")
    assert leave in text
    assert leave in html
    assert "2026년 1월 5일" in text, "since when the reader gets it"
