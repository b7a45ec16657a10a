"""The author fields of structured sources, which hold names where a page prints a byline."""

from __future__ import annotations

import re
from dataclasses import replace

from newsroom.model import Credit
from newsroom.text.byline import parse_byline

_RSS_AUTHOR = re.compile(r"(?P<email>[^\s()]+@[^\s()]+)\s*\((?P<name>[^()]+)\)")


def author_line(name: str, email: str = "") -> str:
    """An author as a page would print it. RSS 2.0 writes ``seoh@metroseoul.co.kr (김서현 기자)``."""
    name = " ".join(name.split())
    if rss := _RSS_AUTHOR.fullmatch(name):
        return f"{rss['name']} {rss['email']}"
    return " ".join(filter(None, (name, email.strip())))


def credits_of(line: str, uri: str = "") -> tuple[Credit, ...]:
    """Whom the line names; ``uri``, the author's own in the source, is kept if that is one. A paper or a mailbox is nobody."""
    found = parse_byline(line, bare_names=True).credits
    return (replace(found[0], source_id=uri.strip()),) if len(found) == 1 else found
