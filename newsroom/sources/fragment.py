"""HTML and plain text, one made of the other."""

from __future__ import annotations

import html
import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

_NOT_READ = {"script", "style", "template", "noscript"}
# Where these begin a new line begins, and what stands before is not glued to what stands after.
_BREAKS = {"br", "p", "div", "li", "dt", "dd", "td", "th", "tr", "h1", "h2", "h3", "h4", "h5", "h6"}


def text_of(node: LexborNode) -> str:
    """What a reader sees of an element, as one line."""
    pieces: list[str] = []
    for part in node.traverse(include_text=True):
        if part.is_text_node:
            above = part.parent
            if above is None or above.tag not in _NOT_READ:
                pieces.append(part.text_content or "")
        elif part.tag in _BREAKS:
            pieces.append(" ")
    return " ".join("".join(pieces).split())


def text_of_fragment(fragment: str) -> str:
    """The same of a fragment."""
    root = LexborHTMLParser(fragment).root
    return text_of(root) if root else ""


def fragment_of_text(text: str) -> str:
    """Plain text as paragraphs, which empty lines separate."""
    paragraphs = (paragraph.strip() for paragraph in re.split(r"\n\s*\n", html.escape(text, quote=False).replace("\r\n", "\n")))
    return "".join("<p>" + paragraph.replace("\n", "<br>") + "</p>" for paragraph in paragraphs if paragraph)
