"""The bytes of a mail, read back by a decoder of the test's own: the standard library's parser is wrong about Korean names."""

from __future__ import annotations

import base64
import quopri
import re
from dataclasses import replace
from email.parser import BytesParser
from email.policy import compat32

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsletter.errors import MessageError
from newsletter.headers import mailbox_header, phrase_header, text_header, url_header
from newsletter.mailbox import Mailbox
from newsletter.message import Addressee, CompiledDigest, compile_digest, message_id
from newsletter.render import RenderedDigest
from newsletter.settings import MailSettings
from newsletter.slots import Slot
from tests.newsletter.builders import DUE, MAIL, MORNING, digest, front_page, renderer

RENDERED = RenderedDigest(
    subject="문 닫던 동네 서점, 저녁 여덟 시에 다시 불을 켰다 | 한강 아침 3월 2일",
    text=f"안녕하세요.\n수신거부: {Slot.UNSUBSCRIBE}\n{Slot.CONFIRMED} 확인하신 주소로 보냅니다.\n",
    html=f'<!DOCTYPE html>\n<html lang="ko"><p>안녕하세요. {Slot.CONFIRMED} <a href="{Slot.UNSUBSCRIBE}">수신거부</a>\n</html>',
    web="",
)
TOKEN = "WyJqNzRoIiwibW9ybmluZyJd." + "k3J_x-9" * 30


def addressee(number: int = 1, mailbox: Mailbox | None = None) -> Addressee:
    url = f"https://feeds.hangang.example/unsubscribe/{TOKEN}{number}"
    return Addressee(
        mailbox=mailbox or Mailbox(address=f"reader{number}@example.com", name="김독자"),
        message_id=message_id("morning 2026-03-02", f"uid{number}", "hangang.example"),
        one_click=url,
        unsubscribe=f"{url}?from=mail&to=page",
        confirmed="2026년 1월 5일",
    )


def compiled(rendered: RenderedDigest = RENDERED, mail: MailSettings = MAIL) -> CompiledDigest:
    return compile_digest(rendered, mail=mail, newsletter=MORNING, date=DUE)


def head_of(message: bytes) -> dict[str, str]:
    """Raw header values by name, still folded; a name that comes twice fails."""
    fields = re.split(r"\r\n(?![ \t])", message.split(b"\r\n\r\n", 1)[0].decode())
    head = {name: value for name, _, value in (field.partition(": ") for field in fields)}
    assert len(head) == len(fields)
    return head


def parts_of(message: bytes) -> list[tuple[str, str]]:
    """Content-Type and decoded text of each part."""
    parsed = BytesParser(policy=compat32).parsebytes(message)
    return [
        (part["Content-Type"], base64.b64decode(str(part.get_payload())).decode())
        for part in parsed.walk()
        if part.get_content_maintype() == "text"
    ]


# RFC 2047 as it stands: unfold, drop the blanks between neighbouring encoded-words, decode each by itself.
_ENCODED = re.compile(r"=\?([^?\s]+)\?([bBqQ])\?([^?\s]*)\?=")


def decoded(value: str) -> str:
    unfolded = re.sub(r"\r\n(?=[ \t])", "", value)
    joined = re.sub(r"(=\?[^?\s]+\?[bBqQ]\?[^?\s]*\?=)[ \t]+(?==\?[^?\s]+\?[bBqQ]\?[^?\s]*\?=)", r"\1", unfolded)
    return _ENCODED.sub(lambda word: _word(word[1], word[2], word[3]), joined)


def _word(charset: str, encoding: str, text: str) -> str:
    raw = base64.b64decode(text, validate=True) if encoding in "bB" else quopri.decodestring(text.replace("_", "=20").encode())
    return raw.decode(charset)  # each word holds whole characters: RFC 2047 §5


def split_mailbox(value: str) -> tuple[str, str]:
    """Display name and address of a header value with one angle-addr (RFC 5322 §3.4)."""
    phrase, _, address = re.sub(r"\r\n(?=[ \t])", "", value).rpartition("<")
    phrase = phrase.rstrip(" ")
    if phrase.startswith('"'):
        assert phrase.endswith('"')
        return re.sub(r"\\(.)", r"\1", phrase[1:-1]), address.rstrip(">")
    for atom in re.sub(r"=\?[^ ]+\?=", "", phrase).split():
        assert re.fullmatch(r"[\w!#$%&'*+/=?^`{|}~-]+", atom, re.ASCII), atom
    for word in _ENCODED.findall(phrase):
        assert word[1] in "bB" or re.fullmatch(r"[A-Za-z0-9!*+/=_-]*", word[2]), "RFC 2047 §5 (3): what Q may hold in a phrase"
    return decoded(phrase), address.rstrip(">")


def assert_lines_are_sound(header: str) -> None:
    for line in header.split("\r\n"):
        assert "\n" not in line
        assert "\r" not in line
        assert line.isascii()
        assert line.strip()
        assert len(line) <= 76 or "=?" not in line
    assert all(len(word.group()) <= 75 for word in _ENCODED.finditer(header))


_TRICKY = [
    "급행",
    "열차",
    "KT·SKT",
    "AI",
    "2026",
    "“인용”",
    "R&D",
    "=?utf-8?q?x?=",
    "㈜",
    "100%",
    "[단독]",
    "👩🏽‍💻",
    "é",
    "漢字",
    "a,b;",
    "<x>",
    "\\",
    '"',
    "_",
    "?=",
]
WORDS = st.lists(
    st.sampled_from(_TRICKY) | st.text(st.characters(categories=("L", "N", "P", "S"), codec="utf-8"), min_size=1, max_size=12),
    min_size=1,
    max_size=14,
)
BLANKS = st.sampled_from([" ", " ", " ", "  ", "\xa0", "\u3000"])


@st.composite
def lines(draw: st.DrawFn) -> str:
    """Korean and Latin words in one line, with all kinds of blanks between."""
    return "".join(word + draw(BLANKS) for word in draw(WORDS)).strip(" ")


@settings(max_examples=1500)
@given(lines())
@example("KT 새 요금제 출시 소식을 전해 드립니다 and some more English words to fold around the limit")
@example("A plain ASCII subject that is longer than one line of seventy-six columns can ever hold at once")
@example("a" * 200)
def test_every_subject_survives(subject: str) -> None:
    """EmailMessage made 급행열차 out of 급행 열차 in one subject of ten."""
    header = text_header("Subject", subject)
    assert_lines_are_sound(header)
    assert decoded(header.removeprefix("Subject: ")) == subject


@settings(max_examples=1000)
@given(lines())
@example("The River Daily, Inc.")
@example('Kim "Sol" \\ Lee')
@example("A very long but entirely plain name of a newspaper that does not fit one single line")
def test_every_display_name_survives(name: str) -> None:
    header = mailbox_header("From", Mailbox(address="news@hangang.example", name=name))
    assert_lines_are_sound(header)
    assert split_mailbox(header.removeprefix("From: ")) == (name, "news@hangang.example")


@pytest.mark.parametrize("bad", ["줄\n바꿈", "a\r\nBcc: all@example.com", "\x00", "a\x85b", "a\u2028b", "\ud800"])
def test_no_line_break_gets_into_a_header(bad: str) -> None:
    """Header injection: a subscriber named "\\r\\nBcc: …" would mail the whole list."""
    with pytest.raises(MessageError, match="line break or a control character"):
        text_header("Subject", bad)
    with pytest.raises(MessageError):
        phrase_header("List-Id", bad, "morning.hangang.example")
    with pytest.raises(MessageError):
        compiled().for_reader(addressee(mailbox=Mailbox(address="a@example.com", name=bad)))
    with pytest.raises(MessageError):
        compiled().for_reader(replace(addressee(), message_id=f"<x>{bad}"))


def test_the_head_of_a_mail_is_as_the_standards_ask() -> None:
    head = head_of(compiled().for_reader(addressee()))
    assert head["Date"] == "Mon, 02 Mar 2026 07:00:00 +0900"
    assert split_mailbox(head["From"]) == ("한강일보", "news@hangang.example")
    assert split_mailbox(head["To"]) == ("김독자", "reader1@example.com")
    assert decoded(head["Subject"]) == RENDERED.subject
    assert re.fullmatch(r"<[0-9a-f]{32}@hangang\.example>", head["Message-ID"])
    assert split_mailbox(head["List-Id"]) == ("한강 아침", "morning.hangang.example")
    assert head["Precedence"] == "bulk"
    assert head["Auto-Submitted"] == "auto-generated"
    assert head["MIME-Version"] == "1.0"
    campaign, newsletter, kind, sender = head["Feedback-ID"].split(":")
    assert (campaign, newsletter, kind) == ("2026-03-02", "morning", "digest")
    assert 5 <= len(sender) <= 15
    assert not {"Bcc", "Return-Path", "Received", "Reply-To"} & head.keys()


def test_the_pair_for_leaving_by_one_click_is_exact() -> None:
    """Folded or encoded, Gmail and Outlook show no button (python/cpython#87659)."""
    message = compiled().for_reader(addressee(7))
    assert f"\r\nList-Unsubscribe: <https://feeds.hangang.example/unsubscribe/{TOKEN}7>\r\n".encode() in message
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in message


@pytest.mark.parametrize(
    "url",
    [
        "mailto:a@example.com",
        "https://",
        "/unsubscribe/x",
        "https://example.com/가",
        "https://example.com/a b",
        "https://e.com/>,<x",
        "",
    ],
)
def test_an_address_to_leave_by_is_a_web_address(url: str) -> None:
    with pytest.raises(MessageError, match="List-Unsubscribe needs a web address"):
        url_header("List-Unsubscribe", url)
    with pytest.raises(MessageError, match="too long"):
        url_header("List-Unsubscribe", "https://example.com/" + "a" * 1000)


def test_the_body_is_text_then_html_in_base64() -> None:
    """Korean takes four bytes a syllable in base64 and nine in quoted-printable; a client shows the last part it can."""
    message = compiled().for_reader(addressee())
    assert message.isascii()
    assert re.search(rb"[^\r]\n|\r[^\n]|\x00", message) is None
    parsed = BytesParser(policy=compat32).parsebytes(message)
    assert parsed.get_content_type() == "multipart/alternative"
    assert parsed.defects == []
    (text_type, text), (html_type, html) = parts_of(message)
    assert (text_type, html_type) == ("text/plain; charset=utf-8", "text/html; charset=utf-8")
    page = addressee().unsubscribe
    assert text == f"안녕하세요.\r\n수신거부: {page}\r\n2026년 1월 5일 확인하신 주소로 보냅니다.\r\n"
    assert f'<a href="{page.replace("&", "&amp;")}">' in html
    for line in message.split(b"\r\n\r\n", 1)[1].split(b"\r\n"):
        assert len(line) <= 76


def test_one_copy_is_one_readers_only() -> None:
    """A reader who forwards a mail, or gets another's, must not hold another's way out."""
    whole = compiled(renderer().render(digest(front_page()), MORNING))
    ours, theirs = whole.for_reader(addressee(1)), whole.for_reader(addressee(2))
    assert ours != theirs
    for _, body in parts_of(ours):
        assert f"{TOKEN}1" in body
        assert f"{TOKEN}2" not in body
        assert "masthead" not in body


def test_a_retry_is_the_same_mail_to_the_last_byte() -> None:
    """After a lost reply the second copy is recognised by its Message-ID, and a signature over it is the same."""
    assert compiled().for_reader(addressee()) == compiled().for_reader(addressee())


def test_a_message_id_tells_nothing_and_is_never_shared() -> None:
    keys = [(edition, uid) for edition in ("morning 2026-03-02", "morning 2026-03-03") for uid in ("a", "b")]
    made = {message_id(edition, uid, "hangang.example") for edition, uid in keys}
    assert len(made) == 4
    assert message_id("morning 2026-03-02", "a", "hangang.example") in made


def test_a_reply_goes_where_the_paper_wants_it() -> None:
    mail = MailSettings.model_validate({"from": "news@hangang.example", "reply_to": "독자센터 <reader@hangang.example>"})
    head = head_of(compiled(mail=mail).for_reader(addressee()))
    assert head["From"] == "news@hangang.example"
    assert split_mailbox(head["Reply-To"]) == ("독자센터", "reader@hangang.example")


def test_a_newsletter_may_have_a_senders_name_of_its_own() -> None:
    own = MORNING.model_copy(update={"from_name": "한강일보 아침판"})
    message = compile_digest(RENDERED, mail=MAIL, newsletter=own, date=DUE).for_reader(addressee())
    assert split_mailbox(head_of(message)["From"]) == ("한강일보 아침판", "news@hangang.example")


def test_an_international_local_part_is_written_in_utf8() -> None:
    """Such a mail goes to a server with SMTPUTF8 only (RFC 6532), which ``needs_smtputf8`` says beforehand."""
    reader = Mailbox.of("독자@한글.kr", "김독자")
    assert reader.needs_smtputf8
    assert f"<{reader.address}>".encode() in compiled().for_reader(addressee(mailbox=reader))


@pytest.mark.parametrize("part", ["text", "html"])
def test_a_digest_that_cannot_be_left_is_not_mailed(part: str) -> None:
    """An operator's template without the footer would make every mail unlawful."""
    without = replace(RENDERED, **{part: getattr(RENDERED, part).replace(Slot.UNSUBSCRIBE, "")})
    with pytest.raises(MessageError, match=f"the {part} of the digest shows no address to unsubscribe"):
        compiled(without)


def test_a_slot_with_nothing_to_fill_it_is_refused() -> None:
    """ "확인하신 주소로" without a day, or a link to nowhere, in a reader's mail."""
    linked = replace(RENDERED, text=RENDERED.text + Slot.PREFERENCES)
    with pytest.raises(MessageError, match="slot for preferences"):
        compiled(linked).for_reader(addressee())
    assert compiled(linked).for_reader(replace(addressee(), preferences="https://feeds.hangang.example/p"))


def test_a_date_without_a_zone_is_refused() -> None:
    with pytest.raises(MessageError, match="time zone"):
        compile_digest(RENDERED, mail=MAIL, newsletter=MORNING, date=DUE.replace(tzinfo=None))
