"""Addresses in an article, made absolute and safe to follow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote, urljoin, urlsplit

# RFC 3986 §2.2 and §2.3, and the per cent sign: what is encoded already stays as it is.
_KEPT = "%:/?#[]@!$&'()*+,;=-._~"
_HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]+")
_DESCRIPTOR = re.compile(r"\d{1,5}(?:\.\d{1,3})?[wx]")
# A comma may stand in a URL; between two pictures a blank follows it, or a descriptor stands before it.
_NEXT_PICTURE = re.compile(r",\s|(?<=\d[wx]),")


def absolute(address: str, base_url: str) -> str:
    """``address`` seen from ``base_url`` as an ASCII http or https URL; "" if it is anything else or a place in the page itself."""
    address = address.strip()
    if not address or address.startswith("#"):
        return ""
    try:
        parts = urlsplit(urljoin(base_url, address))
        host = parts.hostname or ""
        if not host.isascii():
            ascii_host = host.encode("idna").decode("ascii")
            parts = parts._replace(netloc=parts.netloc.lower().replace(host, ascii_host))
            host = ascii_host
        if parts.scheme not in {"http", "https"} or not _HOST.fullmatch(host) or parts.port == 0:
            return ""
        return quote(parts.geturl(), safe=_KEPT)
    except ValueError:  # a malformed host or port, or a lone surrogate: UnicodeError is a ValueError too
        return ""


def pictures(srcset: str, base_url: str) -> Iterator[tuple[str, str]]:
    """The choices of a ``srcset`` attribute: absolute URL and descriptor ("640w", "2x" or "")."""
    for choice in _NEXT_PICTURE.split(srcset):
        address, _, descriptor = choice.strip(" \t\r\n\f,").partition(" ")
        url = absolute(address, base_url)
        if url and (not descriptor or _DESCRIPTOR.fullmatch(descriptor.strip())):
            yield url, descriptor.strip()
