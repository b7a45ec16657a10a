"""Media RSS 1.5: the pictures of an article as elements for Atom entries and RSS items (https://www.rssboard.org/media-rss)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lxml import etree

from feeds import content
from newsroom.model import Image

MEDIA = "http://search.yahoo.com/mrss/"


def pictures(images: Sequence[Image]) -> Iterator[etree._Element]:
    """``media:content`` for each picture, and a ``media:thumbnail`` for the first. Raises ValueError for what XML forbids."""
    for image in images:
        yield _content(image)
    for lead in images[:1]:
        yield etree.Element(f"{{{MEDIA}}}thumbnail", {"url": lead.url} | _size(lead), nsmap={"media": MEDIA})


def _content(image: Image) -> etree._Element:
    element = etree.Element(f"{{{MEDIA}}}content", {"url": image.url, "medium": "image"} | _size(image), nsmap={"media": MEDIA})
    if image.media_type:
        element.set("type", image.media_type)
    for name, text in (("title", image.alt), ("description", image.caption)):
        if text:
            etree.SubElement(element, f"{{{MEDIA}}}{name}", type="plain").text = text
    if content.is_name(image.credit):
        etree.SubElement(element, f"{{{MEDIA}}}credit", role="photographer").text = image.credit
    return element


def _size(image: Image) -> dict[str, str]:
    return {name: str(value) for name, value in (("width", image.width), ("height", image.height)) if value}
