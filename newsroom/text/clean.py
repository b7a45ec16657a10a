"""Text and HTML from a source, made fit for feeds and mails."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

import nh3

from newsroom.model import Image
from newsroom.text.characters import clean_text, without_unwanted
from newsroom.text.flow import BLOCKS, CONTAINERS, INLINES, RENAMED, in_normal_form
from newsroom.text.markup import Tag, tokens

__all__ = ["clean_html", "clean_text", "first_image", "html_text"]

_CLEANER = nh3.Cleaner(
    tags=BLOCKS | CONTAINERS | INLINES | RENAMED.keys() | {"br", "hr", "img"},
    clean_content_tags={
        *("script", "style", "template", "title", "noscript", "noembed", "noframes", "xmp", "plaintext"),
        *("iframe", "object", "embed", "applet", "frameset", "svg", "math", "canvas", "video", "audio"),
        *("button", "select", "datalist", "textarea", "dialog"),
    },
    attributes={
        "a": {"href", "title"},
        "img": {"src", "srcset", "data-src", "data-srcset", "data-original", "data-lazy-src", "alt", "width", "height"},
    },
    url_schemes={"http", "https"},
    link_rel=None,
)
# A lazy picture is often followed by its copy for browsers without scripts, and then the copy is the real one.
_NOSCRIPT_PICTURE = re.compile(r"(?:<img\b[^<>]*>\s*)?<noscript\b[^<>]*>\s*(<img\b[^<>]*>)\s*</noscript\s*>", re.IGNORECASE)
_PARAGRAPHS = frozenset({"p", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "dl", "table", "pre", "hr", "figure"})
_LINES = frozenset({"br", "li", "dt", "dd", "tr", "caption"})
_CELLS = frozenset({"td", "th", "figcaption"})
_CAPTION = re.compile(r"<figcaption>(.*?)</figcaption>", re.DOTALL)


def clean_html(fragment: str, base_url: str) -> str:
    """``fragment`` as paragraphs and a few other blocks, sanitised, its addresses absolute as seen from ``base_url``.

    Lazy pictures become real ones; links other than http and https become text; nothing stays empty. Cleaning the result again
    changes nothing.
    """
    return in_normal_form(_CLEANER.clean(_NOSCRIPT_PICTURE.sub(r"\1", without_unwanted(fragment))), base_url)


def html_text(fragment: str) -> str:
    """The running text of a cleaned fragment: paragraphs separated by an empty line, each break in one by a line end.

    Figures are left out with their captions, unless there is nothing else to read.
    """
    running: list[str] = []
    figures: list[str] = []
    current = running
    for token in tokens(fragment):
        if not isinstance(token, Tag):
            current.append(re.sub(r"\s", " ", html.unescape(token.source)))
            continue
        if token.name == "figure":
            current = running if token.closing else figures
        if token.name in _PARAGRAPHS:
            current.append("\n\n")
        elif not token.closing and token.name in _LINES:
            current.append("\n")
        elif token.name in _CELLS:
            current.append(" ")
    return _paragraphs(running) or _paragraphs(figures)


def first_image(fragment: str) -> Image | None:
    """The first picture of a cleaned fragment, with the caption of its figure; None if there is none."""
    figure = None
    for token in tokens(fragment):
        if not isinstance(token, Tag):
            continue
        if token.name == "figure":
            figure = None if token.closing else token
        elif token.name == "img":
            attributes = token.attributes()
            caption = _CAPTION.search(fragment, figure.end, fragment.find("</figure>", token.end)) if figure else None
            return Image(
                url=attributes["src"],
                alt=attributes.get("alt", ""),
                caption=clean_text(html_text(caption[1])) if caption else "",
                width=int(attributes.get("width", 0)),
                height=int(attributes.get("height", 0)),
            )
    return None


def _paragraphs(pieces: Iterable[str]) -> str:
    paragraphs = ("\n".join(filter(None, map(clean_text, block.split("\n")))) for block in re.split(r"\n{2,}", "".join(pieces)))
    return "\n\n".join(filter(None, paragraphs))
