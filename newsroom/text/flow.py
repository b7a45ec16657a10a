"""The one form in which an article's body is kept: blocks of inline content, nothing empty, every address absolute.

Whatever a CMS wraps text in — nested ``<div>``, loose lines between ``<br><br>``, formatting around whole paragraphs — comes out as
paragraphs and the few other blocks that feed readers and mail programs agree on. Reading that form again changes nothing.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from newsroom.text.characters import clean_text, legible
from newsroom.text.links import absolute, pictures
from newsroom.text.markup import Tag, tokens

INLINES = frozenset({"a", "em", "strong", "b", "i", "u", "s", "sub", "sup", "q", "cite", "code"})
RENAMED = {"h1": "h2", "del": "s", "strike": "s"}
CONTAINERS = frozenset(
    {"address", "article", "aside", "center", "details", "div", "fieldset", "footer", "form", "header", "hgroup", "main", "nav"}
    | {"picture", "section", "summary"}
)
"""Elements that only group: each becomes a paragraph, or nothing where a paragraph cannot stand."""

_LEAVES = frozenset({"p", "h2", "h3", "h4", "h5", "h6", "pre", "dt", "figcaption", "caption"})
_PARENTS = {
    "li": frozenset({"ul", "ol"}),
    "dt": frozenset({"dl"}),
    "dd": frozenset({"dl"}),
    "figcaption": frozenset({"figure"}),
    "caption": frozenset({"table"}),
    "thead": frozenset({"table"}),
    "tbody": frozenset({"table"}),
    "tfoot": frozenset({"table"}),
    "tr": frozenset({"thead", "tbody", "tfoot"}),
    "td": frozenset({"tr"}),
    "th": frozenset({"tr"}),
}
BLOCKS = frozenset({"blockquote", "ul", "ol", "dl", "figure", "table"}) | _LEAVES | _PARENTS.keys()
_HOLDING_TEXT_APART = BLOCKS | CONTAINERS

# What loose text is put in, by the block that it stands in ("" is the fragment); elsewhere it may stand as it is.
_IMPLIED = {"": "p", "blockquote": "p", "ul": "li", "ol": "li", "dl": "dd"}
_IMPLIABLE = frozenset({"p", "li", "dt", "dd"})
_HOLDS_NO_PARAGRAPH = frozenset({"figure", "ul", "ol", "dl", "table", "thead", "tbody", "tfoot", "tr"})
_LAZY = ("data-src", "data-original", "data-lazy-src")
_PIXELS = re.compile(r"[1-9][0-9]{0,4}")
# A combining solidus with nothing to combine with: after a tag, NFC of the written page would make another character of its ">".
_STRAY_SOLIDUS = re.compile(r"(?<!\S)\u0338+")
_LINE_END = re.compile(r"\r\n?|[\f\v\x1c-\x1f\x85\u2028\u2029]")


def in_normal_form(fragment: str, base_url: str) -> str:
    """A sanitised fragment (well nested; of unknown elements only the content stays), its addresses seen from ``base_url``."""
    writer = _Writer(base_url)
    for token in tokens(fragment):
        if isinstance(token, Tag):
            writer.tag(token)
        else:
            writer.text(html.unescape(token.source))
    return writer.finish()


@dataclass(frozen=True, slots=True)
class _Element:
    """An open element of the source. ``depth`` is how many blocks are open around its own, None if it has none."""

    name: str
    depth: int | None = None
    inline: bool = False


class _Writer:
    """Writes late: an element is written only when content stands in it, a blank only when content follows it."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        self._out: list[str] = []
        self._tail: list[str] = []  # the text after the last tag of _out, unescaped, so that NFC sees it whole
        self._buffer = ""  # text that was read and not yet written
        self._gap = False  # a blank is due before the next content
        self._breaks = 0  # line breaks that are due before it
        self._fresh = True  # nothing stands in the innermost block yet
        self._source: list[_Element] = []
        self._blocks: list[str] = []
        self._shown = 0  # how many of the blocks are written
        self._inlines: list[tuple[str, str]] = []  # name and start tag
        self._begun = 0  # how many of the inlines are written

    def text(self, text: str) -> None:
        self._buffer += text

    def tag(self, token: Tag) -> None:
        name = RENAMED.get(token.name, token.name)
        if name == "br":
            self._break()
        elif name == "hr":
            self._rule()
        elif name == "img":
            self._image(token.attributes())
        elif token.closing:
            if self._source:
                self._close(self._source.pop())
        elif name in INLINES:
            self._source.append(self._open_inline(name, token.attributes()))
        elif name in _HOLDING_TEXT_APART:
            self._source.append(_Element(name, self._open_block(name)))
        else:
            self._source.append(_Element(name))

    def finish(self) -> str:
        self._close_blocks(0)
        return "".join(self._out)

    # Elements

    def _open_inline(self, name: str, attributes: dict[str, str]) -> _Element:
        start = f"<{name}>"
        if name == "a":
            url = absolute(attributes.get("href", ""), self._base_url)
            if not url or any(inline == "a" for inline, _ in self._inlines):
                return _Element(name)
            start = _start_tag("a", {"href": url, "title": clean_text(attributes.get("title", ""))})
        self._flush()
        self._inlines.append((name, start))
        return _Element(name, inline=True)

    def _open_block(self, name: str) -> int | None:
        """Open a block if it may stand here; the depth that its end goes back to, or None if only its content is kept."""
        top = self._top()
        if name in CONTAINERS:
            if top in _HOLDS_NO_PARAGRAPH:
                return None
            name = "p"
        if top in _LEAVES and top != "p":
            self._buffer += " "
            return None
        depth = self._place(name)
        if depth is None:
            name, depth = "p", len(self._blocks) - (top == "p")
        self._close_blocks(depth)
        if name not in _PARENTS and self._top() in {"ul", "ol", "dl"}:
            self._blocks.append(_IMPLIED[self._top()])
        self._blocks.append(name)
        if name in {"td", "th"}:  # an empty cell keeps the others in their columns
            self._show_blocks()
        return depth

    def _place(self, name: str) -> int | None:
        """How many of the open blocks may stay open around ``name``; None if none of them may hold it."""
        depth = len(self._blocks)
        if name not in _PARENTS:
            return depth - (self._top() == "p")
        while depth and self._blocks[depth - 1] in _IMPLIABLE:
            depth -= 1
        return depth if depth and self._blocks[depth - 1] in _PARENTS[name] else None

    def _close(self, element: _Element) -> None:
        if element.inline:
            self._flush()
            if self._begun == len(self._inlines):
                self._close_inlines(self._begun - 1)
            self._inlines.pop()
        elif element.depth is not None:
            self._close_blocks(element.depth)
        elif element.name in _HOLDING_TEXT_APART:
            self._buffer += " "

    def _break(self) -> None:
        if self._top() == "pre":
            self._buffer += "\n"
            return
        self._flush()
        if not self._fresh:
            self._breaks += 1

    def _rule(self) -> None:
        top = self._top()
        if top in _LEAVES and top != "p":
            return
        self._close_blocks(len(self._blocks) - (top == "p"))
        if self._top() not in _HOLDS_NO_PARAGRAPH:
            self._show_blocks()
            self._emit("<hr>")

    def _image(self, attributes: dict[str, str]) -> None:
        def seen(name: str) -> str:
            return absolute(attributes.get(name, ""), self._base_url)

        def choices(name: str) -> list[tuple[str, str]]:
            return list(pictures(attributes.get(name, ""), self._base_url))

        # Where a lazy address stands, src and srcset are placeholders.
        lazy, srcset = next(filter(None, map(seen, _LAZY)), ""), choices("data-srcset")
        source = lazy or _largest(srcset)
        if not source:
            srcset = choices("srcset")
            source = seen("src") or _largest(srcset)
        if not source:
            return
        self._flush()
        self._before_content()
        sizes = {name: attributes[name] for name in ("width", "height") if _PIXELS.fullmatch(attributes.get(name, ""))}
        described = {
            "srcset": ", ".join(" ".join(choice).strip() for choice in srcset),
            "alt": clean_text(attributes.get("alt", "")),
        }
        self._emit(_start_tag("img", {"src": source} | described | sizes))

    # Content

    def _flush(self) -> None:
        """Write the text that was read; what is blank only leaves a gap."""
        if not self._buffer:
            return
        text, self._buffer = _STRAY_SOLIDUS.sub("", legible(self._buffer)), ""
        if self._top() == "pre":
            text = _LINE_END.sub("\n", text.replace("\u00a0", " "))
            if self._fresh and not text.strip():  # a parser drops the first line end of a <pre>
                self._buffer = text.lstrip("\n")
                return
            content, trailing = text.lstrip("\n") if self._fresh else text, False
        else:
            content, trailing = " ".join(text.split()), text[-1:].isspace()
            self._gap = self._gap or text[:1].isspace()
        if content:
            self._before_content()
            self._tail.append(content)
            self._gap = trailing

    def _before_content(self) -> None:
        """Write what is due before text or a picture: blocks, line breaks, a blank, formatting."""
        if self._breaks > 1 and self._top() == "p":
            self._close_blocks(len(self._blocks) - 1)
            self._blocks.append("p")
        if implied := _IMPLIED.get(self._top()):
            self._end_line()
            self._blocks.append(implied)
        self._show_blocks()
        if self._breaks:
            self._emit("<br>" * min(self._breaks, 2))
        elif self._gap and not self._fresh:
            self._tail.append(" ")
        self._gap, self._breaks, self._fresh = False, 0, False
        for _, start in self._inlines[self._begun :]:
            self._emit(start)
        self._begun = len(self._inlines)

    def _show_blocks(self) -> None:
        for name in self._blocks[self._shown :]:
            self._emit(f"<{name}>")
        self._shown = len(self._blocks)

    def _close_blocks(self, depth: int) -> None:
        """End the line, and every block but the outer ``depth``."""
        self._flush()
        self._end_line()
        while len(self._blocks) > depth:
            name = self._blocks.pop()
            if self._shown > len(self._blocks):
                self._emit(f"</{name}>")
                self._shown -= 1

    def _end_line(self) -> None:
        self._close_inlines(0)
        self._buffer, self._gap, self._breaks, self._fresh = "", False, 0, True

    def _close_inlines(self, count: int) -> None:
        while self._begun > count:
            self._begun -= 1
            self._emit(f"</{self._inlines[self._begun][0]}>")

    def _emit(self, markup: str) -> None:
        if self._tail:
            self._out.append(html.escape(legible("".join(self._tail)), quote=False))
            self._tail.clear()
        self._out.append(markup)

    def _top(self) -> str:
        return self._blocks[-1] if self._blocks else ""


def _largest(choices: list[tuple[str, str]]) -> str:
    return max(choices, key=lambda choice: float(choice[1][:-1] or 1), default=("", ""))[0]


def _start_tag(name: str, attributes: dict[str, str]) -> str:
    """A start tag; of the attributes only ``alt`` may be empty, which says that a picture is decoration."""
    kept = {
        key: html.escape(value, quote=False).replace('"', "&quot;") for key, value in attributes.items() if value or key == "alt"
    }
    return " ".join([f"<{name}", *(f'{key}="{value}"' for key, value in kept.items())]) + ">"
