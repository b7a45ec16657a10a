"""Where mail is handed over, as ``mail.transport`` names it. Only the description: delivery opens the connection."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

Security = Literal["none", "starttls", "tls"]

_FORMS = '"smtp://127.0.0.1:25", "smtp+starttls://mail.example.com", "smtps://mail.example.com" or "maildir:PATH"'
_SECURITY: dict[str, Security] = {"smtp": "none", "smtp+starttls": "starttls", "smtps": "tls"}
_PORTS: dict[Security, int] = {"none": 25, "starttls": 587, "tls": 465}


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpTransport:
    """A server: in the clear, with STARTTLS required (RFC 3207), or in TLS from the first byte (RFC 8314)."""

    host: str
    port: int
    security: Security = "none"

    @property
    def is_private(self) -> bool:
        """Whether nobody between here and the server can read along: TLS, or the same machine."""
        if self.security != "none" or self.host == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False


@dataclass(frozen=True, slots=True, kw_only=True)
class MaildirTransport:
    """A folder that takes each mail as a file, for trying things out."""

    path: Path


def parse_transport(value: str, base: Path) -> SmtpTransport | MaildirTransport:
    """The transport that a URL describes; a Maildir's path is relative to ``base``. Raises ValueError."""
    if value.startswith("maildir:"):
        path = value.removeprefix("maildir:")
        if not path or path.startswith("//"):
            raise ValueError("write the folder right after maildir:, as in maildir:outbox or maildir:/var/mail/outbox")
        return MaildirTransport(path=base / Path(path).expanduser())
    parts = urlsplit(value)
    if parts.username is not None or parts.password is not None:
        raise ValueError("no user name or password in the address: use username with password_env or password_file")
    starttls = parts.scheme == "smtp" and parts.query == "starttls=required"
    rest = f"{parts.path.strip('/')}{parts.fragment}{'' if starttls else parts.query}"
    if parts.scheme not in _SECURITY or not parts.hostname or rest:
        raise ValueError(f"write {_FORMS}")
    security: Security = "starttls" if starttls else _SECURITY[parts.scheme]
    try:
        port = _PORTS[security] if parts.port is None else parts.port
    except ValueError as error:
        raise ValueError("the port is a number from 1 to 65535") from error
    return SmtpTransport(host=parts.hostname, port=port, security=security)
