"""OPML 2.0 (O1, https://opml.org/spec2.opml)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from lxml import etree

from feeds.checker.addresses import is_web
from feeds.checker.dates import rfc822
from feeds.checker.finding import Finding, error, warning


def subscriptions(root: etree._Element) -> list[str]:
    """The addresses of the feeds that it names, each once."""
    return list(dict.fromkeys(address for outline in root.iter("outline") if (address := outline.get("xmlUrl"))))


def check_opml(root: etree._Element) -> Iterator[Finding]:
    """Every rule of an OPML document."""
    if root.get("version") != "2.0":
        yield error("O1", "opml", f'The version is "{root.get("version", "")}"; write 2.0.')
    if not (root.findtext("head/title") or "").strip():
        yield error("O1", "head", "The head has no title; readers name the import by it.")
    for name in ("dateCreated", "dateModified"):
        if text := root.findtext(f"head/{name}"):
            try:
                rfc822(text.strip())
            except ValueError as fault:
                yield error("O1", "head", f"{name}: {fault}.")
    outlines = [*root.iter("outline")]
    if root.find("body") is None or not outlines:
        yield error("O1", "body", "There is no body with an outline in it.")
    for outline in outlines:
        yield from _check_outline(outline)
    for address, count in Counter(outline.get("xmlUrl") for outline in outlines).items():
        if address and count > 1:
            yield warning("O1", address, f"The feed is named {count} times; readers would subscribe so often.")


def _check_outline(outline: etree._Element) -> Iterator[Finding]:
    where = outline.get("text") or f"line {outline.sourceline}"
    if not outline.get("text"):
        yield error("O1", where, "The outline has no text.")
    if outline.get("type") is None and outline.get("xmlUrl") is None:
        return
    if outline.get("type") != "rss":
        yield error("O1", where, f'The type of the subscription is "{outline.get("type", "")}"; write rss, for Atom too.')
    if not is_web(outline.get("xmlUrl", "")):
        yield error("O1", where, f'The xmlUrl "{outline.get("xmlUrl", "")}" is no absolute address of the web.')
    if not is_web(outline.get("htmlUrl", "")):
        yield warning("O1", where, f'The htmlUrl "{outline.get("htmlUrl", "")}" is no absolute address of the web.')
    for name in ("title", "language"):
        if not outline.get(name):
            yield warning("O1", where, f"The subscription has no {name}; readers take it from here.")
    if outline.find("outline") is not None:
        yield warning("O1", where, "Outlines stand below a subscription; Miniflux and others lose them. Put them beside it.")
