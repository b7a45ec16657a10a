"""The drawing surface: flat shapes in one ink or fading into another through grain, as in a screen print.

Coordinates are those of a 1200 x 675 sheet; the surface itself is twice as large so that edges come out smooth.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from .palette import Colour, Palette, mix

WIDTH, HEIGHT = 1200, 675
_SCALE = 2

Point = tuple[float, float]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@dataclass(frozen=True, slots=True)
class Fade:
    """Ink ``one`` turning into ``other`` over the shape's box; ``grain`` 0 is an airbrush, 1 coarse stipple."""

    one: Colour
    other: Colour
    way: Literal["down", "across", "slant"] = "down"
    grain: float = 0.55


Ink = Colour | Fade


class Canvas:
    """A sheet with its palette and its own dice: the same seed draws the same picture."""

    def __init__(self, palette: Palette, dice: random.Random) -> None:
        self.palette = palette
        self.dice = dice
        self._image = Image.new("RGB", (WIDTH * _SCALE, HEIGHT * _SCALE), palette.paper)

    def polygon(self, outline: Sequence[Point], ink: Ink, *, opacity: float = 1) -> None:
        """Fill the outline."""
        self._fill(_box_of(outline), ink, opacity, lambda pen, at, level: pen.polygon([at(x, y) for x, y in outline], level))

    def rectangle(self, box: Box, ink: Ink, *, radius: float = 0, opacity: float = 1) -> None:
        """Fill ``box``, its corners rounded by ``radius``."""
        self._fill(
            box, ink, opacity, lambda pen, at, level: pen.rounded_rectangle((at(*box[:2]), at(*box[2:])), radius * _SCALE, level)
        )

    def ellipse(self, box: Box, ink: Ink, *, opacity: float = 1) -> None:
        """Fill the ellipse inside ``box``."""
        self._fill(box, ink, opacity, lambda pen, at, level: pen.ellipse((at(*box[:2]), at(*box[2:])), level))

    def disc(self, centre: Point, radius: float, ink: Ink, *, opacity: float = 1) -> None:
        """Fill a circle."""
        x, y = centre
        self.ellipse((x - radius, y - radius, x + radius, y + radius), ink, opacity=opacity)

    def pie(self, box: Box, start: float, end: float, ink: Ink, *, opacity: float = 1) -> None:
        """Fill the slice of the ellipse inside ``box`` from ``start`` to ``end`` degrees, clockwise from three o'clock."""
        self._fill(box, ink, opacity, lambda pen, at, level: pen.pieslice((at(*box[:2]), at(*box[2:])), start, end, level))

    def line(self, way: Sequence[Point], ink: Ink, width: float, *, opacity: float = 1) -> None:
        """Draw a line with round joints and ends."""
        half = width / 2

        def draw(pen: ImageDraw.ImageDraw, at: _At, level: int) -> None:
            pen.line([at(x, y) for x, y in way], level, max(1, round(width * _SCALE)), joint="curve")
            if half > 1:
                for x, y in (way[0], way[-1]):
                    pen.ellipse((at(x - half, y - half), at(x + half, y + half)), level)

        left, top, right, bottom = _box_of(way)
        self._fill((left - half - 1, top - half - 1, right + half + 1, bottom + half + 1), ink, opacity, draw)

    def glow(self, centre: Point, radius: float, ink: Colour, *, strength: float = 0.6) -> None:
        """Light of colour ``ink`` that falls off to nothing at ``radius``."""
        size = round(radius * 2 * _SCALE)
        mask = _falloff().resize((size, size), Image.Resampling.BILINEAR).point([round(v * strength) for v in range(256)])
        self._image.paste(ink, (round((centre[0] - radius) * _SCALE), round((centre[1] - radius) * _SCALE)), mask)

    def soft(self, outline: Sequence[Point], ink: Colour, *, blur: float, opacity: float = 1) -> None:
        """Fill the outline with an edge blurred over ``blur``: haze, shadows, steam, light falling through a window."""
        left, top, right, bottom = _box_of(outline)
        # A blurred thing needs few pixels: drawn eight times smaller, it costs a sixtieth.
        step = 8 / _SCALE
        margin = blur * 3
        left, top = max(left - margin, -margin), max(top - margin, -margin)
        right, bottom = min(right + margin, WIDTH + margin), min(bottom + margin, HEIGHT + margin)
        size = (max(1, round((right - left) / step)), max(1, round((bottom - top) / step)))
        mask = Image.new("L", size)
        ImageDraw.Draw(mask).polygon([((x - left) / step, (y - top) / step) for x, y in outline], round(255 * opacity))
        mask = mask.filter(ImageFilter.GaussianBlur(blur / step)).resize((size[0] * 8, size[1] * 8), Image.Resampling.BICUBIC)
        self._image.paste(ink, (round(left * _SCALE), round(top * _SCALE)), mask)

    def backdrop(self, ink: Ink) -> None:
        """Cover the whole sheet."""
        self.rectangle((0, 0, WIDTH, HEIGHT), ink)

    def flip(self) -> None:
        """Mirror what is drawn so far, left to right."""
        self._image.paste(self._image.transpose(Image.Transpose.FLIP_LEFT_RIGHT))

    def mirror(self, horizon: float, *, depth: float, ink: Colour, opacity: float) -> None:
        """Reflect what stands above ``horizon`` in the water of colour ``ink`` below it, ``depth`` high."""
        height = round(depth * _SCALE)
        top = round(horizon * _SCALE)
        above = self._image.crop((0, max(0, top - height), WIDTH * _SCALE, top)).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
        water = Image.blend(above, Image.new("RGB", above.size, ink), opacity)
        self._image.paste(water.filter(ImageFilter.BoxBlur((1, 8))), (0, top))

    def finished(self) -> Image.Image:
        """The picture as a sheet of 1200 x 675 pixels, with a last film of grain over it."""
        sheet = self._image.reduce(_SCALE)
        film = _sheet_of_noise().crop((0, 0, *sheet.size)).point([121 + v * 14 // 255 for v in range(256)])
        return ImageChops.overlay(sheet, Image.merge("RGB", (film, film, film)))

    def _fill(self, box: Box, ink: Ink, opacity: float, draw: _Draw) -> None:
        """Put ``ink`` through a mask of what ``draw`` draws, no larger than ``box``."""
        left, top = max(0, int(box[0] * _SCALE)), max(0, int(box[1] * _SCALE))
        right, bottom = min(WIDTH * _SCALE, int(box[2] * _SCALE) + 2), min(HEIGHT * _SCALE, int(box[3] * _SCALE) + 2)
        if right <= left or bottom <= top:
            return
        mask = Image.new("L", (right - left, bottom - top))
        draw(ImageDraw.Draw(mask), lambda x, y: (x * _SCALE - left, y * _SCALE - top), round(255 * opacity))
        if isinstance(ink, Fade):
            place = (left - round(box[0] * _SCALE), top - round(box[1] * _SCALE))
            whole = (max(1, round((box[2] - box[0]) * _SCALE)), max(1, round((box[3] - box[1]) * _SCALE)))
            self._image.paste(_faded(ink, whole, place, mask.size), (left, top), mask)
        else:
            self._image.paste(ink, (left, top), mask)


_At = Callable[[float, float], Point]
"""From the sheet's coordinates to the mask's."""
_Draw = Callable[[ImageDraw.ImageDraw, _At, int], None]


def _faded(fade: Fade, whole: tuple[int, int], place: tuple[int, int], size: tuple[int, int]) -> Image.Image:
    """The part of ``size`` at ``place`` of the fade over a box ``whole`` large."""
    left, right = _span(place[0], size[0], whole[0])
    top, bottom = _span(place[1], size[1], whole[1])
    ramp = _ramps()[fade.way].resize(size, Image.Resampling.BILINEAR, box=(left, top, right, bottom))
    if fade.grain:
        ramp = ImageChops.add(ramp, _grain(fade.grain).crop((0, 0, *size)), offset=-round(127 * fade.grain * 0.75))
    # As indices into 256 mixtures: a third of the time of compositing two sheets.
    ramp = ramp.convert("P")
    ramp.putpalette([part for step in range(256) for part in mix(fade.one, fade.other, step / 255)])
    return ramp.convert("RGB")


def _span(start: int, length: int, whole: int) -> tuple[float, float]:
    """Where ``length`` pixels from ``start`` lie on a ramp of 256 steps that is stretched over ``whole`` pixels."""
    first = min(max(start / whole * 256, 0.0), 255.0)
    return first, max(min((start + length) / whole * 256, 256.0), first + 0.5)


@cache
def _ramps() -> dict[str, Image.Image]:
    down = Image.linear_gradient("L")
    across = down.transpose(Image.Transpose.ROTATE_90)
    return {"down": down, "across": across, "slant": ImageChops.add(down, across, scale=2)}


@cache
def _falloff() -> Image.Image:
    """A round light: bright in the middle, gone at the rim (181 in Pillow's gradient, which ends in the corners)."""
    return Image.radial_gradient("L").point([round(255 * max(0.0, 1 - v / 181) ** 2) for v in range(256)])


@cache
def _sheet_of_noise() -> Image.Image:
    size = (WIDTH * _SCALE * 2 // 3, HEIGHT * _SCALE * 2 // 3)
    noise = Image.frombytes("L", size, random.Random(1896).randbytes(size[0] * size[1]))
    return noise.resize((WIDTH * _SCALE, HEIGHT * _SCALE), Image.Resampling.BILINEAR)


@lru_cache(maxsize=8)
def _grain(strength: float) -> Image.Image:
    return _sheet_of_noise().point([round(v * strength * 0.75) for v in range(256)])


def _box_of(outline: Sequence[Point]) -> Box:
    xs, ys = [x for x, _ in outline], [y for _, y in outline]
    return min(xs), min(ys), max(xs), max(ys)
