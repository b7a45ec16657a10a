"""The pictures of a feed's entry: Media RSS 1.5, enclosures of RSS and Atom, and iTunes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lxml import etree

from newsroom.model import Image
from newsroom.sources.fragment import text_of_fragment
from newsroom.text.links import absolute

_MEDIA = ("{http://search.yahoo.com/mrss/}", "{http://search.yahoo.com/mrss}")  # the second is as common as it is wrong
_ITUNES_IMAGE = "{http://www.itunes.com/dtds/podcast-1.0.dtd}image"
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)(?:\?|$)", re.IGNORECASE)
_PIXELS = re.compile(r"[1-9][0-9]{0,4}")


def images(item: etree._Element, base: str) -> tuple[Image, ...]:
    """Each picture once, with what stands beside it. Thumbnails count only where there is no picture."""
    found = [*_media(item, "content"), *_enclosures(item)]
    if not found:
        found = [*_media(item, "thumbnail"), *(Image(url=element.get("href", "")) for element in item.iterchildren(_ITUNES_IMAGE))]
    absolute_ones = [(absolute(image.url, base), image) for image in found]
    return tuple(
        {
            url: Image(
                url=url,
                alt=image.alt,
                caption=image.caption,
                credit=image.credit,
                width=image.width,
                height=image.height,
                media_type=image.media_type,
            )
            for url, image in reversed(absolute_ones)
            if url
        }.values()
    )[::-1]
