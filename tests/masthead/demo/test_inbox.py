"""The built-in mailbox: real SMTP in, pages out, whatever a mail contains."""

from __future__ import annotations

import shutil
import smtplib
import socket
import threading
from collections.abc import Iterator
from email.header import Header
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from masthead.demo.inbox import Inbox, create_inbox
from masthead.demo.letters import decoded, read_letter
from masthead.demo.servers import WebServer, listen

DIGEST = """<!DOCTYPE html><html><head><title>두물</title><style>p{color:red}</style></head>
<body><div style="display:none">오늘의 읽을거리 9건&zwnj;&nbsp;&zwnj;&nbsp;</div><p>첫 기사</p><a href="http://127.0.0.1:1/u">그만 받기</a></body></html>"""


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Inbox]:
    """An inbox that takes mail."""
    box = Inbox(tmp_path / "inbox")
    box.start()
    yield box
    box.stop()


@pytest.fixture
def web(inbox: Inbox) -> Iterator[httpx2.Client]:
    """A client of its pages."""
    server = WebServer(create_inbox(inbox), listen(0))
    server.start()
    with httpx2.Client(base_url=server.url) as client:
        yield client
    server.stop()


def _mail(subject: str, html: str = DIGEST, text: str = "글로 쓴 편지") -> bytes:
    message = MIMEMultipart("alternative")
    message["Subject"] = Header(subject, "utf-8", header_name="Subject", maxlinelen=76).encode()
    message["From"] = f"{Header('두물일보', 'utf-8').encode()} <news@dumul.example>"
    message["To"] = f"{Header('한지우', 'utf-8').encode()} <jiwoo@example.com>"
    message["Date"] = "Wed, 11 Jun 2025 07:00:00 +0900"
    message.attach(MIMEText(text, "plain", "utf-8"))
    message.attach(MIMEText(html, "html", "utf-8"))
    return message.as_bytes().replace(b"\n", b"\r\n")


def _text(html: str, selector: str) -> str:
    node = LexborHTMLParser(html).css_first(selector)
    assert node is not None, f"{selector} is not on the page"
    return node.text()


def _send(inbox: Inbox, *mails: bytes, to: str = "jiwoo@example.com") -> None:
    with smtplib.SMTP("127.0.0.1", inbox.port) as connection:
        for mail in mails:
            connection.sendmail("bounce+1@dumul.example", [to], mail)


def test_a_mail_arrives_whole_and_reads_as_it_was_written(inbox: Inbox, tmp_path: Path) -> None:
    """The demo's last step: what the digest says must be what the reader finds, headers decoded."""
    mail = _mail("화요일 아침 · 급행 열차 A선, 다시 달린다… “첫차 5시 40분”부터 막차까지")
    _send(inbox, mail)
    (letter,) = inbox.mails()
    assert letter.subject == "화요일 아침 · 급행 열차 A선, 다시 달린다… “첫차 5시 40분”부터 막차까지"
    assert letter.sender == "두물일보 <news@dumul.example>"
    assert letter.recipients == "한지우 <jiwoo@example.com>"
    assert letter.sent is not None
    assert letter.sent.isoformat() == "2025-06-11T07:00:00+09:00"
    assert letter.preheader.startswith("오늘의 읽을거리 9건 첫 기사")
    assert (letter.html, letter.text) == (DIGEST, "글로 쓴 편지")
    (file,) = (tmp_path / "inbox").iterdir()
    envelope = b"Return-Path: <bounce+1@dumul.example>\r\nDelivered-To: jiwoo@example.com\r\n"
    assert file.read_bytes() == envelope + mail


def test_mails_of_many_senders_at_once_are_all_kept(inbox: Inbox) -> None:
    """Delivery runs over several connections; a lost mail would make the demo's accounting lie."""
    threads = [threading.Thread(target=_send, args=(inbox, *(_mail(f"{sender}-{n}") for n in range(5)))) for sender in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(letter.subject for letter in inbox.mails()) == sorted(f"{sender}-{n}" for sender in range(6) for n in range(5))


def test_pipelined_commands_are_taken(inbox: Inbox) -> None:
    """Masthead pipelines where it is offered (RFC 2920): the inbox offers it, and must then keep the order."""
    with socket.create_connection(("127.0.0.1", inbox.port), timeout=10) as connection, connection.makefile("rb") as replies:
        assert replies.readline().startswith(b"220 ")
        connection.sendall(b"EHLO reader.example\r\n")
        offered = [replies.readline() for _ in range(6)]
        assert b"250-PIPELINING\r\n" in offered
        one = b"MAIL FROM:<a@b.example>\r\nRCPT TO:<r@example.com>\r\nDATA\r\n"
        body = b"Subject: %d\r\n\r\n..dot\r\n.\r\n"
        connection.sendall(one)
        assert [replies.readline()[:3] for _ in range(3)] == [b"250", b"250", b"354"]
        connection.sendall(body % 1 + one)
        assert [replies.readline()[:3] for _ in range(4)] == [b"250", b"250", b"250", b"354"]
        connection.sendall(body % 2 + b"QUIT\r\n")
        assert [replies.readline()[:3] for _ in range(2)] == [b"250", b"221"]
    assert [(letter.subject, letter.text.strip()) for letter in inbox.mails()] == [("2", ".dot"), ("1", ".dot")]


def test_a_mail_that_cannot_be_stored_is_refused_for_now(inbox: Inbox, tmp_path: Path) -> None:
    """A full disk must not look like a delivery: 451 makes the sender try again."""
    shutil.rmtree(tmp_path / "inbox")
    with pytest.raises(smtplib.SMTPDataError) as caught:
        _send(inbox, _mail("잃어버릴 편지"))
    assert caught.value.smtp_code == 451
    (tmp_path / "inbox").mkdir()
    _send(inbox, _mail("다시 보낸 편지"))
    assert [letter.subject for letter in inbox.mails()] == ["다시 보낸 편지"]


def test_a_port_in_use_is_an_error_at_the_start(inbox: Inbox, tmp_path: Path) -> None:
    """Otherwise two demos would share one inbox."""
    second = Inbox(tmp_path / "other", port=inbox.port)
    with pytest.raises(OSError, match="in use"):
        second.start()
    second.stop()


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp", "Cn")), min_size=1, max_size=120))
def test_a_subject_survives_its_encoding(subject: str) -> None:
    """Mixed Korean and Latin subjects lose their blanks in Python's own parser; the inbox must not invent such a fault."""
    header = Header(subject, "utf-8", header_name="Subject", maxlinelen=76).encode()
    letter = read_letter("1", f"Subject: {header}\r\n\r\n".encode())
    assert letter.subject.strip() == subject.strip()


@given(st.binary(max_size=400))
def test_any_bytes_can_be_shown(mail: bytes) -> None:
    """One broken mail must not break the list."""
    letter = read_letter("1", b"Subject: " + mail)
    assert isinstance(letter.subject + letter.preheader + letter.sender, str)


@pytest.mark.parametrize(
    ("header", "text"),
    [
        ("=?utf-8?b?6riJ7ZaJ?= A =?utf-8?b?7Je07LCo?=", "급행 A 열차"),
        ("=?euc-kr?b?sd7H4A==?=", "급행"),
        ("=?utf-8?b?6r==?=", "=?utf-8?b?6r==?="),
        ("=?nope?b?6riJ?=", "=?nope?b?6riJ?="),
        ("그대로", "그대로"),
    ],
)
def test_encoded_words_are_decoded_and_broken_ones_left(header: str, text: str) -> None:
    """A header that cannot be decoded is shown as it is, not lost."""
    assert decoded(header) == text


def test_old_korean_mail_is_readable() -> None:
    """A body labelled EUC-KR means CP949, in mail as on the web."""
    mail = (
        b"Content-Type: text/plain; charset=euc-kr\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        + "펲시콜라와 똠방각하의 이야기".encode("cp949")
    )
    assert read_letter("1", mail).text == "펲시콜라와 똠방각하의 이야기"


def test_the_list_shows_the_latest_first(inbox: Inbox, web: httpx2.Client) -> None:
    """What one looks for in an inbox is what just came."""
    assert "아직 온 편지가 없습니다" in web.get("/").text
    _send(inbox, _mail("어제 편지"), _mail("오늘 편지"))
    html = web.get("/").text
    assert [node.text() for node in LexborHTMLParser(html).css("ol.letters strong")] == ["오늘 편지", "어제 편지"]
    assert _text(html, "ol.letters b") == "두물일보"
    assert _text(html, "span.count") == "2통"


def test_a_mail_can_be_read_in_four_ways(inbox: Inbox, web: httpx2.Client) -> None:
    """HTML, plain text, headers and source: what an operator checks before the first real sending."""
    _send(inbox, _mail("편지"))
    address = f"/mail/{inbox.mails()[0].id}"
    assert f'src="{address}/content"' in web.get(address).text
    assert LexborHTMLParser(web.get(address).text).css("div.stage.desktop iframe")
    assert LexborHTMLParser(web.get(f"{address}?width=phone").text).css("div.stage.phone iframe")
    assert _text(web.get(f"{address}?view=text").text, "pre.text") == "글로 쓴 편지"
    headers = LexborHTMLParser(web.get(f"{address}?view=headers").text).css("table.headers td")
    assert "편지" in [cell.text() for cell in headers]
    assert "Subject: =?utf-8?b?" in _text(web.get(f"{address}?view=source").text, "pre.source")
    file = web.get(f"{address}/file.eml")
    assert (file.headers["content-type"], file.content) == ("message/rfc822", inbox.mails()[0].source)


def test_a_mail_of_plain_text_opens_as_text(inbox: Inbox, web: httpx2.Client) -> None:
    """A confirmation without HTML must not open an empty frame."""
    _send(inbox, b"Subject: a\r\n\r\n plain\r\n")
    html = web.get(f"/mail/{inbox.mails()[0].id}?view=html").text
    assert _text(html, "pre.text").strip() == "plain"
    assert "<iframe" not in html


def test_links_of_a_mail_open_outside_its_frame(inbox: Inbox, web: httpx2.Client) -> None:
    """The unsubscribe link is there to be tried; the frame itself may show nothing but the mail."""
    _send(inbox, _mail("편지"), _mail("머리 없는 편지", html="<p>a</p>"))
    for letter, start in zip(inbox.mails(), ("<p>a</p><base", '<!DOCTYPE html><html><head><base target="_blank">'), strict=True):
        assert web.get(f"/mail/{letter.id}/content").text.startswith(start)


def test_no_page_lets_a_mail_run_anything(inbox: Inbox, web: httpx2.Client) -> None:
    """Mail is hostile: neither its headers nor its body may become markup or script of the inbox."""
    attack = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    _send(inbox, _mail(attack, html=f"<html><head></head><body>{attack}</body></html>", text=attack))
    address = f"/mail/{inbox.mails()[0].id}"
    for path in ("/", address, *(f"{address}?view={view}" for view in ("text", "headers", "source", "html"))):
        response = web.get(path)
        assert "<script" not in response.text
        assert "onerror=alert(1)>" not in response.text
        assert "default-src 'none'" in response.headers["content-security-policy"]
        assert "script-src" not in response.headers["content-security-policy"]
    content = web.get(f"{address}/content").headers
    assert content["content-security-policy"].startswith(
        "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'"
    )
    assert content["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "identity", ["1", "..%2F..%2Fetc%2Fpasswd", "00000000000000000001-0000000g", "00000000000000000001-00000000"]
)
def test_a_mail_that_is_not_there_is_404(web: httpx2.Client, identity: str) -> None:
    """An address made up must name no file."""
    for path in (f"/mail/{identity}", f"/mail/{identity}/content", f"/mail/{identity}/file.eml"):
        assert web.get(path).status_code == 404
