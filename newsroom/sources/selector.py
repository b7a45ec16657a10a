"""Selectors of the configuration: CSS, and after an @ the attribute that is meant instead of the text."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, PlainSerializer
from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from newsroom.sources.fragment import text_of

_FORM = re.compile(r"(?P<css>.*?)\s*(?:@(?P<attribute>[A-Za-z_:][-\w:.]*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Selector:
    """``css@attribute``. Without CSS the element itself is meant: ``@href``."""

    css: str
    attribute: str = ""

    @classmethod
    def parse(cls, value: object) -> Selector:
        """Raises ValueError where the CSS is none."""
        if isinstance(value, Selector):
            return value
        form = _FORM.fullmatch(value) if isinstance(value, str) else None
        if form is None or not (form["css"] or form["attribute"]):
            raise ValueError('write a CSS selector such as "p.txt", or with an attribute, "a.tit@href"')
        selector = cls(form["css"], form["attribute"] or "")
        try:
            LexborHTMLParser("").css(selector.css or "*")
        except SelectolaxError as error:
            raise ValueError(f'"{selector.css}" is not a CSS selector') from error
        return selector

    def __str__(self) -> str:
        return f"{self.css}@{self.attribute}" if self.attribute else self.css

    def nodes(self, root: LexborNode) -> list[LexborNode]:
        """The elements in ``root``, itself included, in order; of those that stand in one another only the outermost."""
        if not self.css:
            return [root]
        found: list[LexborNode] = []
        inner: set[int] = set()
        for node in root.css(self.css):
            if node.mem_id not in inner:
                found.append(node)
                inner.update(nested.mem_id for nested in node.css(self.css))
        return found

    def values(self, root: LexborNode, attribute: str = "") -> tuple[str, ...]:
        """The text, or the attribute, of each element that has any, white space folded. ``attribute`` is what the selector left open."""
        name = self.attribute or attribute
        found = (node.attributes.get(name) or "" if name else text_of(node) for node in self.nodes(root))
        return tuple(filter(None, (" ".join(value.split()) for value in found)))

    def value(self, root: LexborNode, attribute: str = "") -> str:
        """The first of the values, or ""."""
        return next(iter(self.values(root, attribute)), "")

    def markup(self, root: LexborNode) -> str:
        """An HTML fragment of all elements as they stand in the page, so that paragraphs stay paragraphs."""
        if self.attribute:
            return html.escape(self.value(root), quote=False)
        return "\n".join(node.html or "" for node in self.nodes(root))


def _elements_only(selector: Selector) -> Selector:
    if selector.attribute or not selector.css:
        raise ValueError("elements are meant here: write a CSS selector without @attribute")
    return selector


AnySelector = Annotated[Selector, BeforeValidator(Selector.parse), PlainSerializer(str)]
ElementSelector = Annotated[AnySelector, AfterValidator(_elements_only)]
