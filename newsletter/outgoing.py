"""Opens the transport that ``mail.transport`` names."""

from __future__ import annotations

from newsletter.delivery import Transport
from newsletter.maildir import Maildir
from newsletter.settings import MailSettings
from newsletter.smtp import SmtpConnection
from newsletter.transport import MaildirTransport


def open_transport(mail: MailSettings) -> Transport:
    """A transport that connects when it is first used. Raises SecretError where the password is not to be had."""
    if isinstance(mail.transport, MaildirTransport):
        return Maildir(mail.transport.path)
    return SmtpConnection(
        mail.transport, username=mail.username, password=mail.password(), timeout=mail.timeout, helo=mail.sender.domain
    )  # fmt: skip
