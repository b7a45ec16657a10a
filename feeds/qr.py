"""An address as a QR code, drawn here: no other server learns who looks at the page."""

from __future__ import annotations

from functools import lru_cache

import segno
from markupsafe import Markup

QUIET = 4
"""Modules of white around the code, without which scanners do not find it (ISO/IEC 18004)."""


@lru_cache(maxsize=4096)  # drawing takes longer than the rest of a page, and a feed's address never changes
def qr_code(address: str) -> Markup:
    """The code as inline SVG, the same bytes every time: black on white in the dark too, as not every scanner reads it inverted."""
    drawn = segno.make(address, error="m", micro=False)
    svg = drawn.svg_inline(border=QUIET, dark="#000", light="#fff", omitsize=True, svgclass="qr", lineclass=None)
    return Markup(svg)  # noqa: S704 (path data only: the address itself does not stand in it)
