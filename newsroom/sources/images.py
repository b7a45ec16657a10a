"""What all sources do with the pictures they find."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from newsroom.model import Image
from newsroom.text.links import absolute

_PIXELS = re.compile(r"([1-9][0-9]{0,4})(?:px)?")


def each_once(found: Iterable[Image], base: str) -> tuple[Image, ...]:
    """The pictures with absolute addresses, each the first time it is found; those without an address are left out."""
    images: dict[str, Image] = {}
    for image in found:
        if url := absolute(image.url, base):
            images.setdefault(url, replace(image, url=url))
    return tuple(images.values())


def pixels(value: str | None) -> int:
    """The number of pixels that an attribute gives, 0 if it gives none."""
    size = _PIXELS.fullmatch((value or "").strip())
    return int(size[1]) if size else 0
