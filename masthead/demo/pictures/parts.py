"""What many pictures share: skies, hills, water, clouds, trees, windows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from random import Random

from .canvas import HEIGHT, WIDTH, Box, Canvas, Fade, Ink, Point
from .palette import Colour, mix


def points(pairs: str, x: float = 0, y: float = 0, size: float = 1) -> list[Point]:
    """The points of ``"0 0, 10 -5"``, as in SVG, with ``x``, ``y`` as their origin and ``size`` as their unit."""
    return [(x + float(right) * size, y + float(down) * size) for right, down in (pair.split() for pair in pairs.split(","))]


def smooth(line: Sequence[Point], *, steps: int = 10, closed: bool = False) -> list[Point]:
    """A soft curve through the points of ``line`` (Catmull-Rom)."""
    count = len(line)
    curve: list[Point] = []
    for index in range(count if closed else count - 1):
        if closed:
            p0, p1, p2, p3 = (line[(index + k) % count] for k in (-1, 0, 1, 2))
        else:
            p0, p1, p2, p3 = (line[min(max(index + k, 0), count - 1)] for k in (-1, 0, 1, 2))
        for step in range(steps):
            t = step / steps
            curve.append((_spline(p0[0], p1[0], p2[0], p3[0], t), _spline(p0[1], p1[1], p2[1], p3[1], t)))
    if not closed:
        curve.append(line[-1])
    return curve


def _spline(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t * t * t)


def ridge(dice: Random, height: float, rise: float, *, rough: float = 0.5, start: float = 0, end: float = WIDTH) -> list[Point]:
    """A mountain line from left to right around ``height``, by midpoint displacement; ``rough`` 0.3 is a dune, 0.6 a crag."""
    line = [height + dice.uniform(-rise, rise) / 2 for _ in range(4)]
    swing = rise
    for _ in range(5):
        swing *= rough
        line = [value for a, b in pairwise(line) for value in (a, (a + b) / 2 + dice.uniform(-swing, swing))] + line[-1:]
    step = (end - start) / (len(line) - 1)
    return [(start + index * step, value) for index, value in enumerate(line)]


def below(line: Sequence[Point], bottom: float = HEIGHT) -> list[Point]:
    """The area between ``line`` and ``bottom``."""
    return [*line, (line[-1][0], bottom), (line[0][0], bottom)]


def sky(c: Canvas, *, horizon: float = HEIGHT, high: Colour | None = None, low: Colour | None = None) -> None:
    """A sky that lightens towards the horizon."""
    p = c.palette
    top = high or mix(p.air, p.light, 0.25)
    bottom = low or mix(p.light, p.paper, 0.55)
    c.rectangle((0, 0, WIDTH, horizon), Fade(top, bottom, grain=0.5))


def sun(c: Canvas, centre: Point, radius: float, ink: Ink | None = None, *, halo: float = 0.55) -> None:
    """A flat disc in its own glow."""
    p = c.palette
    c.glow(centre, radius * 4.2, mix(p.light, p.paper, 0.6), strength=halo)
    c.disc(centre, radius, ink or Fade(mix(p.gold, p.paper, 0.15), mix(p.warm, p.gold, 0.35)))


def stars(c: Canvas, count: int, *, bottom: float) -> None:
    """Points of light, more of them high up."""
    for _ in range(count):
        x, y = c.dice.uniform(0, WIDTH), bottom * c.dice.random() ** 1.4
        c.disc((x, y), c.dice.choice((0.8, 0.8, 1.1, 1.6)), c.palette.paper, opacity=c.dice.uniform(0.35, 0.95))


def cloud(c: Canvas, x: float, y: float, width: float, ink: Ink, *, opacity: float = 1) -> None:
    """A flat-bottomed cloud, ``x``, ``y`` the middle of its base."""
    base = width * 0.085
    c.rectangle((x - width / 2, y - base * 2, x + width / 2, y), ink, radius=base, opacity=opacity)
    for shift, share in ((-0.2, 0.15), (0.02, 0.22), (0.23, 0.13)):
        radius = width * share * c.dice.uniform(0.85, 1.1)
        middle = x + shift * width
        c.pie(
            (middle - radius, y - base * 2 - radius + 1, middle + radius, y - base * 2 + radius + 1),
            180,
            360,
            ink,
            opacity=opacity,
        )


def streaks(c: Canvas, top: float, bottom: float, ink: Colour, *, count: int = 6, opacity: float = 0.5) -> None:
    """Long thin evening clouds, tapered at both ends."""
    for _ in range(count):
        x, y = c.dice.uniform(-80, WIDTH), c.dice.uniform(top, bottom)
        width, thick = c.dice.uniform(180, 520), c.dice.uniform(4, 13)
        upper = [(x, y), (x + width * 0.3, y - thick * 0.8), (x + width * 0.65, y - thick * 0.4), (x + width, y)]
        lower = [(x + width * 0.7, y + thick * 0.35), (x + width * 0.25, y + thick * 0.2)]
        c.polygon(smooth([*upper, *lower], closed=True), ink, opacity=opacity)


def water(c: Canvas, top: float, *, near: Colour, far: Colour) -> None:
    """Still water from ``top`` down to the sheet's edge."""
    c.rectangle((0, top, WIDTH, HEIGHT), Fade(far, near, grain=0.6))


def glitter(c: Canvas, x: float, top: float, bottom: float, spread: float, ink: Colour, *, count: int = 46) -> None:
    """The road of light that a sun or moon at ``x`` lays on water."""
    for index in range(count):
        depth = (index / count) ** 1.5
        y = top + 3 + depth * (bottom - top)
        half = (6 + spread * (0.25 + depth)) * c.dice.uniform(0.25, 1)
        shift = c.dice.gauss(0, spread * 0.28 * (0.3 + depth))
        thick = 1.2 + 4.5 * depth
        middle = x + shift
        c.polygon(
            [(middle - half, y), (middle, y - thick / 2), (middle + half, y), (middle, y + thick / 2)],
            ink,
            opacity=0.9 - 0.35 * depth,
        )


def ripples(c: Canvas, top: float, bottom: float, ink: Colour, *, count: int = 40, opacity: float = 0.4) -> None:
    """Short strokes on water, longer and wider apart towards the viewer."""
    for _ in range(count):
        depth = c.dice.random()
        y = top + 6 + (depth**1.5) * (bottom - top)
        half = (10 + 60 * depth) * c.dice.uniform(0.5, 1)
        x, thick = c.dice.uniform(-20, WIDTH + 20), 1 + 2.6 * depth
        c.polygon([(x - half, y), (x, y - thick / 2), (x + half, y), (x, y + thick / 2)], ink, opacity=opacity)


def tree(c: Canvas, x: float, ground: float, height: float, leaf: Ink, trunk: Colour) -> None:
    """A round-headed street tree."""
    c.polygon(
        [
            (x - height * 0.035, ground),
            (x - height * 0.018, ground - height * 0.6),
            (x + height * 0.018, ground - height * 0.6),
            (x + height * 0.035, ground),
        ],
        trunk,
    )
    around = []
    for step in range(9):
        angle = step / 9 * math.tau
        reach = height * 0.3 * c.dice.uniform(0.93, 1.08)
        around.append((x + math.cos(angle) * reach, ground - height * 0.68 + math.sin(angle) * reach * 1.08))
    crown = smooth(around, closed=True)
    c.polygon(crown, leaf)


def pine(c: Canvas, x: float, ground: float, height: float, ink: Ink) -> None:
    """A fir in four tiers."""
    half = height * 0.23
    left: list[Point] = []
    right: list[Point] = []
    for tier in range(4):
        top, bottom = ground - height * (1 - tier * 0.22), ground - height * (0.7 - tier * 0.21)
        wide = half * (0.42 + tier * 0.2)
        inner = wide * 0.45
        for side, sign in ((left, -1), (right, 1)):
            if tier == 0:
                side.append((x, top))
            side.extend([(x + sign * wide, bottom), (x + sign * inner, bottom - height * 0.02)])
    c.rectangle((x - height * 0.02, ground - height * 0.1, x + height * 0.02, ground), ink)
    c.polygon([*left, *reversed(right)], ink)


def reeds(c: Canvas, ground: float, ink: Colour, *, count: int, height: float, start: float = 0, end: float = WIDTH) -> None:
    """Grasses bending one way, with heavy heads."""
    for _ in range(count):
        x = c.dice.uniform(start, end)
        tall = height * c.dice.uniform(0.5, 1)
        lean = tall * c.dice.uniform(0.05, 0.32)
        tip = (x + lean, ground - tall)
        c.line(smooth([(x, ground), (x + lean * 0.25, ground - tall * 0.55), tip], steps=6), ink, 1.8)
        if c.dice.random() < 0.55:
            head = [
                tip,
                (tip[0] + 5, tip[1] - tall * 0.06),
                (tip[0] + 12, tip[1] - tall * 0.2),
                (tip[0] + 1, tip[1] - tall * 0.1),
            ]
            c.polygon(smooth(head, closed=True, steps=5), ink)


def windows(
    c: Canvas,
    box: Box,
    columns: int,
    rows: int,
    inks: Sequence[Colour],
    *,
    fill: tuple[float, float] = (0.5, 0.5),
    lit: float = 1,
) -> None:
    """A grid of panes in ``box``; each takes one of ``inks`` with the chance ``lit`` and is left out otherwise."""
    left, top, right, bottom = box
    wide, high = (right - left) / columns, (bottom - top) / rows
    for row in range(rows):
        for column in range(columns):
            if c.dice.random() < lit:
                x, y = left + (column + 0.5) * wide, top + (row + 0.5) * high
                pane = (x - wide * fill[0] / 2, y - high * fill[1] / 2, x + wide * fill[0] / 2, y + high * fill[1] / 2)
                c.rectangle(pane, c.dice.choice(inks))


def birds(c: Canvas, x: float, y: float, count: int, ink: Colour, *, size: float = 11) -> None:
    """A loose flock far away."""
    for _ in range(count):
        bx, by = x + c.dice.gauss(0, size * 6), y + c.dice.gauss(0, size * 2.2)
        s = size * c.dice.uniform(0.6, 1.2)
        lift = s * c.dice.uniform(0.3, 0.6)
        wing = [
            (bx - s, by - lift),
            (bx - s * 0.45, by - lift * 0.9),
            (bx, by),
            (bx + s * 0.45, by - lift * 0.9),
            (bx + s, by - lift),
        ]
        c.line(smooth(wing, steps=5), ink, max(1.1, s * 0.13))


def haze(c: Canvas, top: float, bottom: float, ink: Colour, *, opacity: float = 0.6) -> None:
    """A band of mist across the sheet."""
    wave = [(x, top + c.dice.uniform(-8, 8)) for x in range(-100, WIDTH + 200, 150)]
    c.soft(below(smooth(wave), bottom), ink, blur=(bottom - top) * 0.3, opacity=opacity)
