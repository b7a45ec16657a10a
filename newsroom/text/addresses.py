"""E-mail addresses in a text. A reporter's is evidence, and never published."""

from __future__ import annotations

import re
from collections.abc import Collection

# Of bounded length (RFC 5321 §4.5.3.1), so that a long run of letters is not read again from each of them.
_ADDRESS = re.compile(
    r"\s?(?P<open>\(\s?)?(?<![A-Za-z0-9])(?P<local>[A-Za-z0-9][A-Za-z0-9._+-]{0,63})(?:@|%40)"
    r"(?P<domain>(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24})(?![A-Za-z0-9-]|\.[A-Za-z0-9])(?(open)\s?\))"
)


def without_addresses(text: str, addresses: Collection[str]) -> str:
    """``text``, plain or HTML, without these addresses (given in lower case), the blank before each and brackets around it."""

    def left(match: re.Match[str]) -> str:
        return "" if f"{match['local']}@{match['domain']}".lower() in addresses else match[0]

    return _ADDRESS.sub(left, text) if addresses else text
