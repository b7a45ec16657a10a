"""Mail over SMTP: one connection, kept from message to message and made anew when the server ends it."""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from datetime import timedelta

from newsletter.delivery import Envelope
from newsletter.errors import DeliveryError, TransportError, UncertainDeliveryError
from newsletter.transport import SmtpTransport

MESSAGES_PER_CONNECTION = 500
_SHUTTING_DOWN = 421  # RFC 5321 §3.8: the server closes the connection; the message is not at fault


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

    def send(self, envelope: Envelope) -> str:
        """Hand one message over; returns the server's reply to it. Raises as ``Transport.send`` says."""
        if self._sent >= MESSAGES_PER_CONNECTION:
            self.close()
        smtp = self._connected()
        if not envelope.recipient.isascii() and not smtp.has_extn("smtputf8"):
            raise DeliveryError("the server does not take addresses in other than ASCII letters (SMTPUTF8)", permanent=True)
        self._announce(envelope)
        try:
            code, reply = self._connected().data(envelope.message)
        except smtplib.SMTPDataError as error:  # DATA itself was refused: nothing was handed over
            raise self._refusal(error.smtp_code, error.smtp_error) from error
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            self._drop()
            raise UncertainDeliveryError(f"the connection was lost after the message: {error}") from error
        if code != 250:  # noqa: PLR2004 (the one reply that takes a message)
            raise self._refusal(code, reply)
        self._sent += 1
        return _text(code, reply)

    def close(self) -> None:
        """Say QUIT and close."""
        if self._smtp is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):  # every message was acknowledged before
                self._smtp.quit()
            self._drop()

    def _announce(self, envelope: Envelope) -> None:
        """MAIL and RCPT, over a new connection where the kept one turns out to be closed: nothing was handed over yet."""
        for attempt in range(2):
            smtp = self._connected()
            try:
                options = [] if envelope.recipient.isascii() else ["SMTPUTF8"]
                for code, reply in (smtp.mail(envelope.sender, options), smtp.rcpt(envelope.recipient)):
                    if code == _SHUTTING_DOWN:
                        raise smtplib.SMTPServerDisconnected(_text(code, reply))
                    if code not in (250, 251):
                        with contextlib.suppress(smtplib.SMTPServerDisconnected):
                            smtp.rset()
                        raise self._refusal(code, reply)
            except (smtplib.SMTPServerDisconnected, OSError) as error:
                self._drop()
                if attempt:
                    raise TransportError(f"{self._place} keeps ending the connection: {error}") from error
            else:
                return

    def _connected(self) -> smtplib.SMTP:
        if self._smtp is not None:
            return self._smtp
        try:
            if self._server.security == "tls":
                context = ssl.create_default_context()
                smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                    self._server.host, self._server.port, self._helo, timeout=self._timeout, context=context
                )
            else:
                smtp = smtplib.SMTP(self._server.host, self._server.port, self._helo, timeout=self._timeout)
            if self._server.security == "starttls":
                smtp.starttls(context=ssl.create_default_context())
            smtp.ehlo_or_helo_if_needed()
            if self._username:
                smtp.login(self._username, self._password)
        except smtplib.SMTPAuthenticationError as error:
            raise TransportError(
                f"{self._place} refuses mail.username and its password: {_text(error.smtp_code, error.smtp_error)}"
            ) from error
        except smtplib.SMTPNotSupportedError as error:
            raise TransportError(f"{self._place}: {error}") from error
        except (smtplib.SMTPException, OSError) as error:
            raise TransportError(f"{self._place} cannot be reached: {error}") from error
        self._smtp, self._sent = smtp, 0
        return smtp

    def _refusal(self, code: int, reply: bytes | str) -> DeliveryError:
        if code == _SHUTTING_DOWN:
            self._drop()
        return DeliveryError(_text(code, reply), permanent=500 <= code < 600)  # noqa: PLR2004 (RFC 5321 §4.2.1)

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None

    @property
    def _place(self) -> str:
        return f"{self._server.host}:{self._server.port}"


def _text(code: int, reply: bytes | str) -> str:
    words = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return f"{code} {' '.join(words.split())}"
