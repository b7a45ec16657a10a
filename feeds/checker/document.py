"""One document, of whatever kind."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from enum import StrEnum

from lxml import etree

from feeds.checker.atom import check_atom
from feeds.checker.atom_tree import AtomFeed, atom
from feeds.checker.finding import Finding, error, warning
from feeds.checker.json_feed import check_json, parse_json
from feeds.checker.opml import check_opml, subscriptions
from feeds.checker.page import check_page, discovered
from feeds.checker.rss import check_rss
from feeds.checker.sitemap import check_sitemap
from feeds.checker.wellformed import check_wellformed, parse


class Kind(StrEnum):
    """The kinds of documents that there are rules for."""

    ATOM = "Atom"
    RSS = "RSS"
    JSON = "JSON Feed"
    OPML = "OPML"
    SITEMAP = "sitemap"
    PAGE = "page"


# The first is what it should be; the others are taken as well.
_MEDIA_TYPES = {
    Kind.ATOM: ("application/atom+xml",),
    Kind.RSS: ("application/rss+xml",),
    Kind.JSON: ("application/feed+json",),
    Kind.OPML: ("text/x-opml", "application/xml", "text/xml"),
    Kind.SITEMAP: ("application/xml", "text/xml"),
    Kind.PAGE: ("text/html", "application/xhtml+xml"),
}
_ROOTS = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?(feed|entry|rss|rdf|opml|urlset|sitemapindex|html)\b", re.IGNORECASE)
_KINDS = {
    b"feed": Kind.ATOM,
    b"entry": Kind.ATOM,
    b"rss": Kind.RSS,
    b"rdf": Kind.RSS,
    b"opml": Kind.OPML,
    b"urlset": Kind.SITEMAP,
    b"sitemapindex": Kind.SITEMAP,
    b"html": Kind.PAGE,
}
_SKIPPED = re.compile(rb"<!--.*?-->|<\?.*?\?>", re.DOTALL)


def check_document(data: bytes, *, address: str = "", content_type: str = "", now: datetime | None = None) -> list[Finding]:
    """Everything that the document, found at ``address`` and served as ``content_type`` if those are given, does wrong."""
    return list(_check(data, address, content_type, now or datetime.now(UTC)))


def kind_of(data: bytes) -> Kind | None:
    """What the document is, or means to be."""
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"{"):
        found = parse_json(start)
        return Kind.JSON if isinstance(found, Mapping) and ("items" in found or "jsonfeed" in str(found.get("version"))) else None
    if start[:14].lower() == b"<!doctype html":
        return Kind.PAGE
    root = _ROOTS.search(_SKIPPED.sub(b"", start[:10_000]))
    return _KINDS[root[1].lower()] if root else None


def named_feeds(data: bytes, address: str = "") -> list[str]:
    """The addresses of the feeds that an OPML document or a page names."""
    kind = kind_of(data)
    if kind is Kind.OPML:
        root = parse(data)
        return [] if root is None else subscriptions(root)
    return discovered(data, address) if kind is Kind.PAGE else []


def _check(data: bytes, address: str, content_type: str, now: datetime) -> Iterator[Finding]:
    kind = kind_of(data)
    if kind is None:
        message = "This is no Atom, RSS, JSON Feed, OPML, sitemap or page; look at the address."
        yield error("K1", "document", message if data.strip() else "The document is empty; a feed is replaced as a whole.")
        return
    if content_type:
        yield from _check_type(content_type, kind)
    if kind is Kind.PAGE:
        yield from check_page(data)
    elif kind is Kind.JSON:
        found = parse_json(data.removeprefix(b"\xef\xbb\xbf").lstrip())
        if isinstance(found, Mapping):
            yield from check_json(found, data, address, now)
    else:
        yield from check_wellformed(data)
        root = parse(data)
        if root is not None:
            yield from _check_tree(root, kind, data, address, now)


def _check_tree(root: etree._Element, kind: Kind, data: bytes, address: str, now: datetime) -> Iterator[Finding]:
    if kind is Kind.ATOM and root.tag == atom("feed"):
        yield from check_atom(AtomFeed(root, address, now), data)
    elif kind is Kind.RSS and root.tag == "rss":
        yield from check_rss(root, data, address, now)
    elif kind is Kind.OPML and root.tag == "opml":
        yield from check_opml(root)
    elif kind is Kind.SITEMAP:
        yield from check_sitemap(root, data, address, now)
    else:
        yield error("K1", "document", f"The document begins with <{root.tag}>; write Atom 1.0, RSS 2.0, OPML 2.0 or a sitemap.")


def _check_type(content_type: str, kind: Kind) -> Iterator[Finding]:
    media_type, _, parameters = content_type.lower().replace(" ", "").partition(";")
    rule = "O2" if kind is Kind.OPML else "W1"
    wanted = _MEDIA_TYPES[kind]
    if media_type not in wanted:
        yield error(rule, "Content-Type", f"The {kind} document is served as {media_type}; serve it as {wanted[0]}.")
    charset = parameters.removeprefix("charset=").strip('"')
    if parameters and charset != "utf-8":
        yield error(
            rule, "Content-Type", f"The charset is {charset or parameters}, and the document is in UTF-8; make them agree."
        )
    if not parameters and kind in {Kind.ATOM, Kind.RSS}:
        yield warning(rule, "Content-Type", f"No charset is named; serve it as {wanted[0]}; charset=utf-8.")
