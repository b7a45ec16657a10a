"""E-mail addresses in a text. A reporter's is evidence, and never published."""

from __future__ import annotations

import re
from collections.abc import Collection

_ADDRESS = re.compile(
    r"\s?(?P<open>\(\s?)?(?<![A-Za-z0-9])(?P<local>[A-Za-z0-9][A-Za-z0-9._+-]*)(?:@|%40)(?P<domain>(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,})"
    r"(?(open)\s?\))"
)


def without_addresses(text: str, addresses: Collection[str]) -> str:
    """``text``, plain or HTML, without these addresses (given in lower case), the blank before each and brackets around it."""

    def left(match: re.Match[str]) -> str:
        return "" if f"{match['local']}@{match['domain']}".lower() in addresses else match[0]

    return _ADDRESS.sub(left, text) if addresses else text
