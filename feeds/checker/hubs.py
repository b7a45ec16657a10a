"""The hubs and the own address that a document names, in itself and in Link headers (WebSub §4)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self
from urllib.parse import urljoin

from feeds.checker.json_feed import parse_json
from feeds.checker.namespaces import ATOM
from feeds.checker.wellformed import parse

# RFC 8288 §3: <address>; rel="hub self"; …
_LINK = re.compile(r'<([^>]*)>((?:\s*;\s*[\w*-]+\s*=\s*(?:"[^"]*"|[^\s",;]+))*)')
_RELATIONS = re.compile(r';\s*rel\s*=\s*(?:"([^"]*)"|([^\s",;]+))', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Hubs:
    """Addresses by relation."""

    hubs: tuple[str, ...] = ()
    selves: tuple[str, ...] = ()

    @classmethod
    def of_header(cls, value: str, address: str) -> Self:
        """Those of the Link headers."""
        links = [(urljoin(address, target), _relations(parameters)) for target, parameters in _LINK.findall(value)]
        return cls(*(tuple(target for target, relations in links if name in relations) for name in ("hub", "self")))

    @classmethod
    def of_document(cls, data: bytes) -> Self:
        """Those of a feed, in any format."""
        feed = parse_json(data)
        if isinstance(feed, Mapping):
            hubs = feed.get("hubs")
            named = [hub.get("url") for hub in hubs if isinstance(hub, Mapping)] if isinstance(hubs, list) else []
            own = feed.get("feed_url")
            return cls(tuple(hub for hub in named if isinstance(hub, str)), (own,) if isinstance(own, str) else ())
        root = parse(data)
        if root is None:
            return cls()
        parent = root.find("channel") if root.tag == "rss" else root
        links = [] if parent is None else parent.findall(f"{{{ATOM}}}link")
        return cls(*(tuple(link.get("href", "") for link in links if link.get("rel") == name) for name in ("hub", "self")))


def _relations(parameters: str) -> list[str]:
    found = _RELATIONS.search(parameters)
    return (found[1] or found[2] or "").lower().split() if found else []
