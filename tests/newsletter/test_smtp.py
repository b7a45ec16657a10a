"""A conversation with a mail server, and with what goes wrong in one."""

from __future__ import annotations

import shutil
import ssl
import subprocess
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import newsletter.smtp
from newsletter.delivery import Envelope
from newsletter.errors import DeliveryError, TransportError, UncertainDeliveryError
from newsletter.smtp import CUT_OFF, MESSAGES_PER_CONNECTION, SmtpConnection
from newsletter.transport import SmtpTransport
from tests.newsletter.postoffice import CUT_SHORT, HANG_UP, KEEP_AND_HANG_UP, SAY_NOTHING, OnlyPassword, PostOffice, Rule


def mail(recipient: str = "reader@example.com", body: bytes = b"\r\nhello\r\n") -> Envelope:
    return Envelope("news@hangang.example", recipient, b"Subject: x\r\n" + body)


def says(happening: str, reply: str, *, times: int = 10**9, to: str = "") -> Rule:
    """A rule that gives this reply so many times, to this recipient if one is named."""
    left = [times]

    def rule(now_happening: str, recipient: str) -> str | None:
        if now_happening != happening or to not in ("", recipient) or not left[0]:
            return None
        left[0] -= 1
        return reply

    return rule


@pytest.fixture
def connection(office: PostOffice) -> Iterator[SmtpConnection]:
    connection = office.connection()
    yield connection
    connection.close()


def test_a_mail_arrives_as_it_was_sent(office: PostOffice, connection: SmtpConnection) -> None:
    assert connection.send(mail()) == "250 taken"
    (letter,) = office.letters
    assert (letter.sender, letter.recipient, letter.content) == (
        "news@hangang.example",
        "reader@example.com",
        b"Subject: x\r\n\r\nhello\r\n",
    )


@pytest.mark.parametrize(
    "body",
    [
        b"\r\n.\r\n",
        b"\r\n..\r\n.\r\nMAIL FROM:<x@example.com>\r\n",
        b"\r\n...\r\n..a\r\n .b\r\n",
        b"\r\n" + b"x" * 900 + b"\r\n",
        "\r\n안녕하세요 😀\r\n".encode(),
        b"\r\n" + b"0123456789abcdef\r\n" * 20_000,
        b"\r\n",
    ],
)
def test_every_byte_of_a_mail_arrives(office: PostOffice, connection: SmtpConnection, body: bytes) -> None:
    """A line that is a dot ends the mail there, and what follows is taken for commands; a signature breaks at any changed byte."""
    connection.send(mail(body=body))
    connection.send(mail())
    assert [letter.content for letter in office.letters] == [b"Subject: x\r\n" + body, b"Subject: x\r\n\r\nhello\r\n"]


@given(lines=st.lists(st.text("ab.\t -", max_size=8), max_size=12))
def test_no_text_ends_a_mail_early(lines: list[str]) -> None:
    body = "".join(f"{line}\r\n" for line in ["", *lines]).encode()
    with PostOffice().open() as office:
        connection = office.connection()
        connection.send(mail(body=body))
        connection.close()
        assert office.letters[0].content == b"Subject: x\r\n" + body


def test_a_mail_without_a_last_line_end_gets_one(office: PostOffice, connection: SmtpConnection) -> None:
    connection.send(mail(body=b"\r\nhello"))
    assert office.letters[0].content == b"Subject: x\r\n\r\nhello\r\n"


def test_one_connection_carries_many_mails_and_is_changed_in_time(office: PostOffice, connection: SmtpConnection) -> None:
    """Servers refuse who asks for a connection a mail, and who never ends one."""
    for _ in range(MESSAGES_PER_CONNECTION + 1):
        connection.send(mail())
    assert (len(office.letters), office.conversations) == (MESSAGES_PER_CONNECTION + 1, 2)


@pytest.mark.parametrize("happening", ["RCPT", "DATA", "MESSAGE"])
@pytest.mark.parametrize(("reply", "permanent"), [("550 5.1.1 no such user", True), ("451 4.7.1 greylisted", False)])
def test_a_refusal_is_this_readers_and_the_connection_goes_on(
    office: PostOffice, connection: SmtpConnection, happening: str, reply: str, permanent: bool
) -> None:
    office.rule = says(happening, reply, to="bad@example.com")
    connection.send(mail("first@example.com"))
    with pytest.raises(DeliveryError) as refused:
        connection.send(mail("bad@example.com"))
    assert (str(refused.value), refused.value.permanent) == (reply, permanent)
    connection.send(mail("last@example.com"))
    assert (office.recipients, office.conversations) == (["first@example.com", "last@example.com"], 1)


@pytest.mark.parametrize("reply", ["550 5.7.1 sender refused", "452 4.3.1 no space", "530 5.7.0 authentication required"])
def test_a_refused_sender_is_no_readers_fault(office: PostOffice, connection: SmtpConnection, reply: str) -> None:
    """A password that ran out would fail the whole list for good."""
    office.rule = says("MAIL", reply)
    with pytest.raises(TransportError, match=r"takes no mail from news@hangang\.example: " + reply[:3]):
        connection.send(mail())


@pytest.mark.parametrize("happening", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("reply", ["421 4.3.2 shutting down", HANG_UP, "hello?", "199 what"])
def test_a_conversation_that_ends_before_the_mail_is_begun_again(
    office: PostOffice, connection: SmtpConnection, happening: str, reply: str
) -> None:
    """A server that restarts must cost no reader the mail (RFC 5321 §3.8), nor give anybody two."""
    connection.send(mail("first@example.com"))
    office.rule = says(happening, reply, times=1)
    assert connection.send(mail("second@example.com")) == "250 taken"
    connection.send(mail("third@example.com"))
    assert office.recipients == ["first@example.com", "second@example.com", "third@example.com"]
    assert office.conversations == 2


def test_an_answer_that_comes_too_early_is_not_taken_for_another(office: PostOffice, connection: SmtpConnection) -> None:
    """354 to RCPT, and the mail would be poured out as commands."""
    office.rule = says("RCPT", "354 go ahead", times=1)
    assert connection.send(mail()) == "250 taken"
    assert len(office.letters) == 1


def test_a_server_that_hangs_up_on_one_reader_is_that_readers_trouble(office: PostOffice, connection: SmtpConnection) -> None:
    """One address that makes the server fall over would stop the edition for everybody behind it, each time."""
    office.rule = says("RCPT", HANG_UP, to="poison@example.com")
    with pytest.raises(DeliveryError) as refused:
        connection.send(mail("poison@example.com"))
    assert not refused.value.permanent
    connection.send(mail())
    assert office.recipients == ["reader@example.com"]


def test_a_server_that_hangs_up_on_everybody_is_the_servers_trouble(office: PostOffice, connection: SmtpConnection) -> None:
    """Otherwise each of two thousand readers waits for the next attempt, one connection after another."""
    office.rule = says("RCPT", "421 4.3.2 shutting down")
    for _ in range(CUT_OFF - 1):
        with pytest.raises(DeliveryError):
            connection.send(mail())
    with pytest.raises(TransportError, match=r"keeps ending the connection: 421 4\.3\.2 shutting down"):
        connection.send(mail())


def test_hang_ups_are_counted_in_a_row_only(office: PostOffice, connection: SmtpConnection) -> None:
    for _ in range(CUT_OFF + 1):
        office.rule = says("RCPT", HANG_UP)
        with pytest.raises(DeliveryError):
            connection.send(mail())
        office.rule = says("NOTHING", "")
        connection.send(mail())


def test_a_message_refused_with_421_is_put_off_and_the_next_is_not(office: PostOffice, connection: SmtpConnection) -> None:
    """smtplib gives the lost connection to the next reader, as if that one were at fault."""
    office.rule = says("MESSAGE", "421 4.7.28 too much", times=1)
    with pytest.raises(DeliveryError) as refused:
        connection.send(mail("first@example.com"))
    assert not refused.value.permanent
    assert connection.send(mail("second@example.com")) == "250 taken"


def test_a_connection_lost_while_the_mail_goes_out_has_taken_nothing(office: PostOffice, connection: SmtpConnection) -> None:
    """Without the final dot there is no mail (RFC 1047): sending it again is no second copy."""
    big = b"\r\n" + (b"x" * 990 + b"\r\n") * 16_000  # more than the buffers between us hold
    office.rule = says("DATA", CUT_SHORT, times=1)
    assert connection.send(mail(body=big)) == "250 taken"
    assert [letter.content for letter in office.letters] == [b"Subject: x\r\n" + big]
    assert office.conversations == 2


@pytest.mark.parametrize("reply", [HANG_UP, KEEP_AND_HANG_UP, "354 what?", "hm", "25", "x" * 9000])
def test_a_reply_that_was_lost_after_the_mail_leaves_it_in_doubt(
    office: PostOffice, connection: SmtpConnection, reply: str
) -> None:
    """It may have been taken: to send it again or not is the paper's decision, not an accident."""
    office.rule = says("MESSAGE", reply, times=1)
    with pytest.raises(UncertainDeliveryError):
        connection.send(mail("first@example.com"))
    assert connection.send(mail("second@example.com")) == "250 taken"
    taken = ["first@example.com"] if reply == KEEP_AND_HANG_UP else []
    assert office.recipients == [*taken, "second@example.com"]


def test_a_server_that_falls_silent_is_waited_for_no_longer_than_said() -> None:
    with PostOffice(says("MESSAGE", SAY_NOTHING)).open() as office:
        connection = office.connection(timeout=0.2)
        with pytest.raises(UncertainDeliveryError, match="timed out"):
            connection.send(mail())
        connection.close()
    with PostOffice(says("GREETING", SAY_NOTHING)).open() as office, pytest.raises(TransportError, match="timed out"):
        office.connection(timeout=0.2).send(mail())


def test_a_reply_becomes_one_harmless_line(office: PostOffice, connection: SmtpConnection) -> None:
    """PostgreSQL refuses a NUL: a mail that arrived would be in doubt, and sent again, every half minute."""
    office.rule = says("MESSAGE", "250-taken\x00\x1b[31m\r\n250 queued as " + "9" * 900)
    reply = connection.send(mail())
    assert reply.startswith("250 taken [31m queued as 999")
    assert reply.isprintable()
    assert len(reply) == 500


def test_nobody_listens() -> None:
    with PostOffice().open() as office:
        connection = office.connection()
    with pytest.raises(TransportError, match=rf"127\.0\.0\.1:{office.port} cannot be reached: .*refused"):
        connection.send(mail())
    connection.close()


def test_a_name_that_does_not_resolve_is_said() -> None:
    server = SmtpTransport(host="mail.example.com", port=25)
    connection = SmtpConnection(server, username="", password="", timeout=timedelta(seconds=1), helo="h.example")
    with pytest.raises(TransportError, match=r"mail\.example\.com:25 cannot be reached"):
        connection.send(mail())


@pytest.mark.parametrize("greeting", ["554 5.7.1 no service for you", "421 4.3.2 too many connections"])
def test_a_greeting_that_is_a_refusal_is_said(greeting: str) -> None:
    with PostOffice(says("GREETING", greeting)).open() as office, pytest.raises(TransportError, match=greeting[:3]):
        office.connection().send(mail())


def test_it_comes_back_when_the_server_does() -> None:
    office = PostOffice()
    with office.open():
        connection = office.connection()
        connection.send(mail("first@example.com"))
    with pytest.raises(TransportError):
        connection.send(mail("second@example.com"))
    with office.open():
        connection.send(mail("second@example.com"))
        connection.close()
    assert office.recipients == ["first@example.com", "second@example.com"]


def test_an_international_address_needs_a_server_that_takes_it(office: PostOffice, connection: SmtpConnection) -> None:
    """One reader in Hangul must not end the batch for all (RFC 6531)."""
    with pytest.raises(DeliveryError, match="SMTPUTF8") as refused:
        connection.send(mail("독자@example.com"))
    assert refused.value.permanent
    connection.send(mail())
    assert office.recipients == ["reader@example.com"]


def test_an_international_address_is_mailed_where_the_server_takes_it() -> None:
    with PostOffice(enable_SMTPUTF8=True).open() as office:
        connection = office.connection()
        connection.send(mail("독자@example.com"))
        connection.send(mail())
        connection.close()
    assert office.recipients == ["독자@example.com", "reader@example.com"]


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_password_lets_us_in_and_a_wrong_one_stops_the_edition_not_the_readers() -> None:
    with PostOffice(authenticator=OnlyPassword("right"), auth_require_tls=False, auth_required=True).open() as office:
        connection = office.connection(username="masthead", password="right")
        connection.send(mail())
        connection.close()
        with pytest.raises(TransportError, match=r"refuses mail\.username and its password: 535") as refused:
            office.connection(username="masthead", password="wrong").send(mail())
        assert "wrong" not in str(refused.value)
        with pytest.raises(TransportError, match="ASCII"):
            office.connection(username="masthead", password="비밀").send(mail())
    assert len(office.letters) == 1


def test_a_server_that_asks_for_no_password_is_not_given_one(office: PostOffice) -> None:
    with pytest.raises(TransportError, match="AUTH"):
        office.connection(username="masthead", password="right").send(mail())


def test_starttls_that_is_not_offered_is_not_done_without(office: PostOffice) -> None:
    """Somebody on the way takes the offer out, and reads the whole list (RFC 3207 §6)."""
    with pytest.raises(TransportError, match="STARTTLS"):
        office.connection(security="starttls").send(mail())
    assert office.letters == []


def test_saying_goodbye_to_a_silent_server_does_not_take_long(office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every edition would end five minutes late."""
    monkeypatch.setattr(newsletter.smtp, "_FAREWELL", 0.1)
    office.rule = says("QUIT", SAY_NOTHING)
    connection = office.connection()
    connection.send(mail())
    begun = time.monotonic()
    connection.close()
    assert time.monotonic() - begun < 8  # the connection itself would wait ten


def test_closing_what_was_never_opened_or_is_closed_already_is_no_error(office: PostOffice) -> None:
    connection = office.connection()
    connection.close()
    connection.send(mail())
    office.rule = says("QUIT", HANG_UP)
    connection.close()
    connection.close()


# --- TLS ---


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 and its key, signed by itself, in one file."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl to make a certificate with")
    file = tmp_path_factory.mktemp("tls") / "certificate.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    command = [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", *subject]
    made = subprocess.run([*command, "-keyout", "-"], check=True, capture_output=True)
    file.write_bytes(made.stdout)
    return file


@pytest.fixture
def tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_trusted_certificate_opens_a_private_conversation(
    certificate: Path, tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch, security: str
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    private = PostOffice() if security == "tls" else PostOffice(tls_context=tls, require_starttls=True)
    with private.open(tls=tls if security == "tls" else None) as office:
        connection = office.connection(security="tls" if security == "tls" else "starttls")
        connection.send(mail())
        connection.send(mail())
        connection.close()
    assert len(office.letters) == 2


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_certificate_that_nobody_vouches_for_is_refused(tls: ssl.SSLContext, security: str) -> None:
    """Whoever sits on the way reads the list, and the password with it."""
    private = PostOffice() if security == "tls" else PostOffice(tls_context=tls, require_starttls=True)
    with private.open(tls=tls if security == "tls" else None) as office:
        with pytest.raises(TransportError, match="self-signed certificate"):
            office.connection(security="tls" if security == "tls" else "starttls").send(mail())
        assert office.letters == []
