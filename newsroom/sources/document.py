"""An HTML page, parsed."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser, LexborNode

from newsroom.fetch import Page
from newsroom.model import Image
from newsroom.sources.images import each_once, pixels
from newsroom.sources.selector import Selector
from newsroom.sources.source import SourceError
from newsroom.text.charset import UndecodableTextError
from newsroom.text.links import absolute, pictures

# HTML's rules make a parser look at all open elements again and again: 100,000 of them, one in another, take it 20 s.
_MAX_TAGS = 50_000
_LAZY = ("data-src", "data-original", "data-lazy-src")


class Document:
    """The elements of a page, and ``base``, the address that its links are seen from."""

    def __init__(self, page: Page) -> None:
        """Raises SourceError for what is no text, or no page that people read."""
        try:
            text = page.text()
        except UndecodableTextError as error:
            raise SourceError(f"{page.url}: {error}") from error
        if text.count("<") > _MAX_TAGS:
            raise SourceError(f"{page.url} has more than {_MAX_TAGS:,} tags; look whether it is an article at all")
        parser = LexborHTMLParser(text)
        root = parser.root
        if root is None:
            raise SourceError(f"{page.url} is empty")
        self.root: LexborNode = root
        self.url = page.url
        self.base = self.link(_BASE, page.url) or page.url

    def link(self, selector: Selector, base: str = "") -> str:
        """The absolute address that the selector finds, "" if it finds none."""
        return absolute(selector.value(self.root, "href"), base or self.base)

    @property
    def canonical(self) -> str:
        """The address that the page itself says is its own (RFC 6596)."""
        return self.link(_CANONICAL)

    def images(self, root: LexborNode, selector: Selector, caption: Selector | None = None) -> tuple[Image, ...]:
        """The pictures that the selector finds: ``<img>``, elements around one, or an attribute with the address."""
        if selector.attribute:
            return each_once((Image(url=value) for value in selector.values(root)), self.base)
        return each_once(
            (
                Image(
                    url=self._picture(img),
                    alt=" ".join((img.attributes.get("alt") or "").split()),
                    caption=_caption_of(node, selector, caption) if caption else "",
                    width=pixels(img.attributes.get("width")),
                    height=pixels(img.attributes.get("height")),
                )
                for node in selector.nodes(root)
                for img in _IMG.nodes(node)
            ),
            self.base,
        )

    def _picture(self, img: LexborNode) -> str:
        """The address of the real picture: ``src`` of a lazy one is only a placeholder."""
        named = {name: img.attributes.get(name) or "" for name in (*_LAZY, "data-srcset", "src", "srcset")}
        choices = (
            *(absolute(named[name], self.base) for name in _LAZY),
            _largest(named["data-srcset"], self.base),
            absolute(named["src"], self.base),
            _largest(named["srcset"], self.base),
        )
        return next(filter(None, choices), "")


def _caption_of(node: LexborNode, images: Selector, caption: Selector) -> str:
    """The caption in the nearest element around a picture, as long as that holds no other picture."""
    around = node.parent
    while around is not None and len(images.nodes(around)) == 1:
        if said := caption.value(around):
            return said
        around = around.parent
    return ""


def _largest(srcset: str, base: str) -> str:
    choices = sorted(pictures(srcset, base), key=lambda choice: float(choice[1][:-1] or 1))
    return choices[-1][0] if choices else ""


_BASE = Selector("base[href]", "href")
_CANONICAL = Selector("link[rel~=canonical]", "href")
_IMG = Selector("img")
