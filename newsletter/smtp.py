"""Mail over SMTP: one connection, kept from message to message and made anew when the server ends it."""

from __future__ import annotations

import contextlib
import re
import smtplib
import ssl
from datetime import timedelta

from newsletter.delivery import Envelope
from newsletter.errors import DeliveryError, NewsletterError, TransportError, UncertainDeliveryError
from newsletter.transport import SmtpTransport

MESSAGES_PER_CONNECTION = 500
CUT_OFF = 3
"""So many readers in a row on whom the server hangs up are taken for the server's trouble, not theirs."""
_FAREWELL = 5.0  # seconds for the reply to QUIT
_CLOSING = 421  # RFC 5321 §3.8: the server closes the connection; the message is not at fault
_REPLY_LENGTH = 500
_LOST = (smtplib.SMTPException, OSError)  # of smtplib's errors, a conversation raises those of a broken connection only


class _CutOffError(NewsletterError):
    """The server ended the conversation before the message was handed over."""


class SmtpConnection:
    """A ``Transport`` over an SMTP server (RFC 5321)."""

    def __init__(self, server: SmtpTransport, *, username: str, password: str, timeout: timedelta, helo: str) -> None:
        self._server = server
        self._username = username
        self._password = password
        self._timeout = timeout.total_seconds()
        self._helo = helo
        self._smtp: smtplib.SMTP | None = None
        self._sent = 0
        self._cut_off = 0

    def send(self, envelope: Envelope) -> str:
        """Hand one message over; returns the server's reply to it. Raises as ``Transport.send`` says."""
        if self._sent >= MESSAGES_PER_CONNECTION:
            self.close()
        with contextlib.suppress(_CutOffError):  # a kept connection may have been closed long since
            return self._handed_over(envelope)
        try:
            return self._handed_over(envelope)
        except _CutOffError as error:
            self._cut_off += 1
            if self._cut_off >= CUT_OFF:
                raise TransportError(f"{self._place} keeps ending the connection: {error}") from error
            raise DeliveryError(str(error), permanent=False) from error

    def close(self) -> None:
        """Say QUIT and close."""
        if self._smtp is not None:
            with contextlib.suppress(*_LOST):  # every message was acknowledged before
                if self._smtp.sock is not None:
                    self._smtp.sock.settimeout(_FAREWELL)
                self._smtp.quit()
            self._drop()

    def _handed_over(self, envelope: Envelope) -> str:
        smtp = self._connected()
        body = _stuffed(envelope.message)
        try:
            self._announce(smtp, envelope)
            smtp.send(body)  # where this fails the final dot did not go out, and nothing was taken
        except _LOST as error:
            self._drop()
            raise _CutOffError(f"the connection was lost: {error}") from error
        try:
            code, reply = smtp.getreply()
        except _LOST as error:
            self._drop()
            raise UncertainDeliveryError(f"the connection was lost after the message: {error}") from error
        self._cut_off = 0
        if 200 <= code < 300:
            self._sent += 1
            return _text(code, reply)
        if code == _CLOSING:
            self._drop()
        if 400 <= code < 600:
            raise DeliveryError(_text(code, reply), permanent=code >= 500)
        self._drop()
        raise UncertainDeliveryError(f"the reply to the message says neither yes nor no: {_text(code, reply)}")

    def _announce(self, smtp: smtplib.SMTP, envelope: Envelope) -> None:
        """MAIL, RCPT and DATA. Raises DeliveryError, TransportError, _CutOffError, and what smtplib raises for a lost connection."""
        international = not envelope.recipient.isascii()
        if international and not smtp.has_extn("smtputf8"):
            raise DeliveryError("the server does not take addresses in other than ASCII letters (SMTPUTF8)", permanent=True)
        try:
            self._expect(2, smtp.mail(envelope.sender, ["SMTPUTF8"] if international else []))
        except DeliveryError as error:
            if international:
                raise
            # It is the paper that is refused, and every other reader's mail would be.
            raise TransportError(f"{self._place} takes no mail from {envelope.sender}: {error}") from error
        self._expect(2, smtp.rcpt(envelope.recipient))
        self._expect(3, smtp.docmd("DATA"))

    def _expect(self, kind: int, answer: tuple[int, bytes]) -> None:
        """Go on where the answer's first digit says so (RFC 5321 §4.2.1)."""
        code, reply = answer
        if code // 100 == kind:
            return
        if code == _CLOSING or code // 100 not in (4, 5):
            self._drop()
            raise _CutOffError(_text(code, reply))
        self._cut_off = 0
        self._reset()
        raise DeliveryError(_text(code, reply), permanent=code >= 500)

    def _reset(self) -> None:
        try:
            if self._smtp is not None:
                self._smtp.rset()
        except _LOST:  # the next message gets a new connection
            self._drop()

    def _connected(self) -> smtplib.SMTP:
        if self._smtp is None:
            try:
                self._smtp = self._opened()
            except smtplib.SMTPAuthenticationError as error:
                reply = _text(error.smtp_code, error.smtp_error)
                raise TransportError(f"{self._place} refuses mail.username and its password: {reply}") from error
            except smtplib.SMTPResponseException as error:
                raise TransportError(f"{self._place} takes no mail: {_text(error.smtp_code, error.smtp_error)}") from error
            except smtplib.SMTPNotSupportedError as error:
                raise TransportError(f"{self._place}: {error}") from error
            except UnicodeEncodeError as error:
                raise TransportError("mail.username and its password can hold ASCII letters only") from error
            except _LOST as error:
                raise TransportError(f"{self._place} cannot be reached: {error}") from error
            self._sent = 0
        return self._smtp

    def _opened(self) -> smtplib.SMTP:
        """A new connection, secured and logged in. Raises what smtplib raises."""
        host, port, timeout = self._server.host, self._server.port, self._timeout
        if self._server.security == "tls":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(host, port, self._helo, timeout=timeout, context=ssl.create_default_context())
        else:
            smtp = smtplib.SMTP(host, port, self._helo, timeout=timeout)
        with contextlib.ExitStack() as undo:
            undo.callback(smtp.close)
            if self._server.security == "starttls":
                smtp.starttls(context=ssl.create_default_context())
            smtp.ehlo_or_helo_if_needed()
            if self._username:
                smtp.login(self._username, self._password)
            undo.pop_all()
        return smtp

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None

    @property
    def _place(self) -> str:
        return f"{self._server.host}:{self._server.port}"


def _stuffed(message: bytes) -> bytes:
    """The message with its dots doubled and its end (RFC 5321 §4.5.2)."""
    end = b".\r\n" if message.endswith(b"\r\n") else b"\r\n.\r\n"
    return re.sub(rb"(?m)^\.", b"..", message) + end


def _text(code: int, reply: bytes | str) -> str:
    """A reply as one line that can be kept and shown: other people's servers send control characters and whole essays."""
    words = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    shown = "".join(character if character.isprintable() else " " for character in words)
    return f"{code} {' '.join(shown.split())}"[:_REPLY_LENGTH]
