"""HTML in feeds (A9): what readers show, and what they take away or stumble over."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from feeds.checker.addresses import is_absolute
from feeds.checker.finding import Finding, error, note

_FORBIDDEN = {"script", "style", "iframe", "form", "object", "embed", "applet", "link", "meta", "base"}
_ADDRESSES = ("href", "src", "poster", "cite", "data", "action")
_LAZY = ("data-src", "data-original", "data-lazy-src", "data-srcset")
_PAGE = re.compile(r"<(?:!doctype|html|head|body)\b", re.IGNORECASE)
_CHOICE = re.compile(r",\s+|(?<=\d[wx]),")
_RUNS = re.compile(r"(?:javascript|vbscript|data):", re.IGNORECASE)
_IGNORED = re.compile(r"[\x00-\x20]")  # browsers read "java\nscript:" as one word
_MAX_TAGS = 50_000


def words_of(fragment: str) -> str:
    """Its text, with single spaces."""
    return " ".join(LexborHTMLParser(fragment).text(separator=" ").split()) if "<" in fragment or "&" in fragment else fragment


def pictures_of(fragment: str) -> list[str]:
    """The addresses of its pictures."""
    return [source for image in LexborHTMLParser(fragment).css("img") if (source := image.attributes.get("src"))]


def check_fragment(fragment: str, where: str) -> Iterator[Finding]:
    """The HTML of content, or of a summary."""
    if fragment.count("<") > _MAX_TAGS:
        yield error("A9", where, f"There are more than {_MAX_TAGS:,} tags in it; that is no article.")
        return
    if _PAGE.search(fragment):
        yield error("A9", where, "There is a whole page in it; give only the article's own HTML, without <html> and <body>.")
    root = LexborHTMLParser(fragment).root
    if root is None:
        return
    for node in root.traverse():
        yield from _check_element(node, where)


def _check_element(node: LexborNode, where: str) -> Iterator[Finding]:
    tag = node.tag or ""
    if tag in _FORBIDDEN:
        yield error("A9", where, f"There is <{tag}> in it, which readers take away, or run; leave it out.")
    attributes = {name.lower(): value or "" for name, value in node.attributes.items()}
    for name, value in attributes.items():
        if name.startswith("on"):
            yield error("A9", where, f"<{tag}> has {name}, which runs a script; leave it out.")
        elif name == "srcset":
            for choice in filter(None, _CHOICE.split(value)):
                yield from _check_address(tag, name, choice.split()[0] if choice.split() else "", where)
        elif name in _ADDRESSES:
            yield from _check_address(tag, name, value, where)
    if tag == "img":
        yield from _check_picture(attributes, where)


def _check_address(tag: str, name: str, value: str, where: str) -> Iterator[Finding]:
    plain = _IGNORED.sub("", value)
    is_placeholder = tag == "img" and plain.lower().startswith("data:")
    if _RUNS.match(plain) and not is_placeholder:
        yield error("A9", where, f"{name} of <{tag}> runs code: {value[:60]}; leave it out.")
    elif not is_absolute(value.strip().replace(" ", "%20")):
        yield error(
            "A9", where, f'{name} of <{tag}> is relative: "{value[:100]}"; many readers know no base, write the whole address.'
        )


def _check_picture(attributes: dict[str, str], where: str) -> Iterator[Finding]:
    source = attributes.get("src", "")
    if not source or source.startswith("data:") or any(name in attributes for name in _LAZY):
        yield error("A9", where, f'A picture waits for a script: src is "{source[:60]}"; give the real address in src.')
    if "alt" not in attributes:
        yield error("A9", where, f"The picture {source[:100]} has no alt; say what it shows.")
    if not attributes.get("width") or not attributes.get("height"):
        yield note("A9", where, f"The picture {source[:100]} has no width and height; the text jumps when it comes.")
