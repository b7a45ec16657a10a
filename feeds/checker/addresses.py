"""Addresses: absolute or not, of the web or not."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s]")


def is_absolute(address: str) -> bool:
    """Whether it is a whole IRI (RFC 3987), without white space."""
    return bool(_SCHEME.match(address)) and not re.search(r"\s", address)


def is_web(address: str) -> bool:
    """Whether it is an absolute http or https address."""
    try:
        parts = urlsplit(address)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and not re.search(r"\s", address)
    except ValueError:
        return False
