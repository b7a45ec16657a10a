"""A mailbox: an address and the name shown with it, valid as it stands in a header (RFC 5322 §3.4, RFC 6531)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

_FORM = re.compile(r"(?P<name>[^<>]*)<(?P<angled>[^<>]*)>|(?P<bare>[^<>]*)")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """``address`` has its domain in A-labels, so only the local part can be other than ASCII."""

    address: str
    name: str = ""

    @classmethod
    def parse(cls, text: str) -> Mailbox:
        """``"메트로신문 <news@metroseoul.co.kr>"`` or a bare address. Raises ValueError for anything that cannot be mailed."""
        match = _FORM.fullmatch(text.strip())
        if not match:
            raise ValueError('write an address as "Name <name@example.com>" or "name@example.com"')
        return cls.of(match["angled"] if match["bare"] is None else match["bare"], _unquoted(match["name"] or ""))

    @classmethod
    def of(cls, address: str, name: str = "") -> Mailbox:
        """The mailbox at ``address``, checked by its form alone: no DNS. Raises ValueError."""
        if any(unicodedata.category(character) in ("Cc", "Zl", "Zp") for character in name):
            raise ValueError(f"a name has no line break and no control character: {name!r}")
        try:
            valid = validate_email(address.strip(), check_deliverability=False)
        except EmailNotValidError as error:
            raise ValueError(f"{address!r} is no mail address: {error}") from error
        domain = valid.ascii_domain or valid.domain
        return cls(address=f"{valid.local_part}@{domain}", name=unicodedata.normalize("NFC", " ".join(name.split())))

    @property
    def domain(self) -> str:
        """The part after the @, in lower-case ASCII."""
        return self.address.rpartition("@")[2]

    @property
    def needs_smtputf8(self) -> bool:
        """Whether only a server that offers SMTPUTF8 (RFC 6531) can take mail for it: the local part is not ASCII."""
        return not self.address.isascii()


def _unquoted(name: str) -> str:
    name = name.strip()
    quoted = len(name) > 1 and name[0] == name[-1] == '"'
    return re.sub(r"\\(.)", r"\1", name[1:-1]) if quoted else name
