"""The pictures of a feed's entry: Media RSS 1.5, the enclosures of RSS and Atom, and iTunes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from newsroom.model import Image
from newsroom.sources.fragment import text_of_fragment
from newsroom.sources.images import each_once, pixels

_MEDIA = ("{http://search.yahoo.com/mrss/}", "{http://search.yahoo.com/mrss}")  # the second is wrong, and common
_ATOM_LINK = "{http://www.w3.org/2005/Atom}link"
_ITUNES_IMAGE = "{http://www.itunes.com/dtds/podcast-1.0.dtd}image"
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)(?:\?|$)", re.IGNORECASE)


def images(item: etree._Element, base: str) -> tuple[Image, ...]:
    """Each picture once, with what is said of it. Thumbnails count only where there is nothing larger."""
    full = each_once([*_contents(item), *_enclosures(item)], base)
    return full or each_once(_small(item), base)


def _contents(item: etree._Element) -> Iterator[Image]:
    contents = [content for content in item.iter(*_tags("content")) if _is_picture(content)]
    for content in contents:
        # What stands beside the picture speaks of it only if there is no other; then it may stand in the group or the item.
        places = [content, *(above for above in content.iterancestors() if item in (above, *above.iterancestors()))]
        if len(contents) > 1:
            places = places[:1]
        yield Image(
            url=content.get("url", ""),
            alt=_said(places, "title"),
            caption=_said(places, "description"),
            credit=_said(places, "credit"),
            width=pixels(content.get("width")),
            height=pixels(content.get("height")),
            media_type=content.get("type", ""),
        )


def _is_picture(element: etree._Element) -> bool:
    kind = element.get("medium") or element.get("type", "").partition("/")[0]
    return kind == "image" if kind else bool(_PICTURE.search(element.get("url", "")))


def _said(places: list[etree._Element], name: str) -> str:
    found = (child for place in places for child in place.iterchildren(*_tags(name)))
    return next(filter(None, (text_of_fragment(child.text or "") for child in found)), "")


def _enclosures(item: etree._Element) -> Iterator[Image]:
    for element in item.iterchildren("enclosure", _ATOM_LINK):
        media_type = element.get("type", "")
        if media_type.startswith("image/") and element.get("rel", "enclosure") == "enclosure":
            yield Image(url=element.get("url") or element.get("href") or "", alt=element.get("title", ""), media_type=media_type)


def _small(item: etree._Element) -> Iterator[Image]:
    for element in item.iter(*_tags("thumbnail")):
        yield Image(url=element.get("url", ""), width=pixels(element.get("width")), height=pixels(element.get("height")))
    for element in item.iterchildren(_ITUNES_IMAGE):
        yield Image(url=element.get("href", ""))


def _tags(name: str) -> tuple[str, ...]:
    return tuple(namespace + name for namespace in _MEDIA)
