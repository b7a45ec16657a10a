"""Pages for people: how a browser finds the feeds (D1, R2)."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from feeds.checker.addresses import is_web
from feeds.checker.finding import Finding, error, warning

_FEEDS = {"application/atom+xml": "Atom", "application/rss+xml": "RSS", "application/feed+json": "JSON Feed"}


def discovered(data: bytes, address: str) -> list[str]:
    """The addresses of the feeds that the page names, in its order; those of a page at no address only where they are absolute."""
    found = (urljoin(address if is_web(address) else "", _value(link, "href")) for link in _links(data))
    return list(dict.fromkeys(filter(is_web, found)))


def check_page(data: bytes) -> Iterator[Finding]:
    """Every rule of a page."""
    links = _links(data)
    if not links:
        message = 'The page names no feed; add <link rel="alternate" type="application/atom+xml" title=… href=…> to its head.'
        yield error("D1", "head", message)
    for link in links:
        href = _value(link, "href")
        if not is_web(href):
            yield error("D1", "head", f'The feed\'s address "{href}" is not absolute; write the whole address.')
        if not _value(link, "title").strip():
            yield error("D1", href or "head", "The feed has no title; browsers show it to choose from.")
        if link.parent is None or link.parent.tag != "head":
            yield error("D1", href or "head", "The link to the feed is not in the page's head, where browsers look for it.")
    offered = list(dict.fromkeys(_FEEDS[_value(link, "type").lower()] for link in links))
    if len(offered) > 1:
        yield warning("R2", "head", f"The page offers {', '.join(offered)}, and nobody can choose; name one format, Atom.")


def _links(data: bytes) -> list[LexborNode]:
    parser = LexborHTMLParser(data.decode(errors="replace"))
    return [
        link
        for link in parser.css("link[rel][type]")
        if "alternate" in _value(link, "rel").lower().split() and _value(link, "type").lower() in _FEEDS
    ]


def _value(link: LexborNode, name: str) -> str:
    return link.attributes.get(name) or ""
