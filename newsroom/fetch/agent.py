"""Who we say we are."""

from __future__ import annotations

from importlib.metadata import version
from urllib.parse import quote

from newsroom.settings import FetchSettings, PaperSettings

PRODUCT = "Masthead"
"""The product token that robots.txt files may name (RFC 9309 §2.2.1)."""

# What RFC 3986 §2 lets stand in an address, but for the parentheses that would end the comment it stands in.
_ADDRESS_CHARACTERS = ":/?#[]@!$&'*+,;=%-._~"


def user_agent_for(paper: PaperSettings, fetch: FetchSettings) -> str:
    """The honest User-Agent: the program, a page or mailbox of the people behind it, and their paper. ASCII only."""
    contact = quote(fetch.contact or paper.url, safe=_ADDRESS_CHARACTERS)
    return f"{PRODUCT}/{version('masthead')} (+{contact}; for {paper.domain})"
