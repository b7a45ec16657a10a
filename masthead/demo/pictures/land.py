"""Mountains, rivers and the sea: pictures of a horizon."""

from __future__ import annotations

from .canvas import HEIGHT, WIDTH, Canvas, Fade
from .palette import mix
from .parts import (
    below,
    birds,
    cloud,
    glitter,
    haze,
    pine,
    points,
    reeds,
    ridge,
    ripples,
    sky,
    smooth,
    streaks,
    sun,
    tree,
    water,
)


def mountain(c: Canvas) -> None:
    """Ranges behind ranges in morning mist."""
    p, dice = c.palette, c.dice
    sky(c)
    at = (dice.uniform(300, 900), dice.uniform(150, 215))
    sun(c, at, dice.uniform(48, 72))
    streaks(c, 60, 230, mix(p.paper, p.light, 0.3), opacity=0.55)
    layers = 5
    for layer in range(layers):
        depth = layer / (layers - 1)
        ink = mix(mix(p.air, p.cool, 0.2 + 0.4 * depth), p.deep, depth**1.5)
        line = ridge(dice, 265 + 78 * layer, 190 - 60 * depth, rough=0.46)
        c.polygon(below(line), Fade(ink, mix(ink, mix(p.light, p.paper, 0.5), 0.55 * (1 - depth) + 0.08), grain=0.7))
        if layer < layers - 1:
            haze(c, 345 + 78 * layer, 420 + 78 * layer, mix(p.paper, p.light, 0.35), opacity=0.42 * (1 - depth))
        else:
            for x, y in line[::2]:
                pine(c, x + dice.uniform(-14, 14), y + 14, dice.uniform(42, 96), mix(p.deep, (0, 0, 0), 0.12))
    birds(c, at[0] + 130, at[1] + 40, 6, mix(p.deep, p.cool, 0.3))


def sea(c: Canvas) -> None:
    """A low sun, its road on the water, a boat going home and a lighthouse."""
    p, dice = c.palette, c.dice
    horizon = dice.uniform(330, 372)
    sky(c, horizon=horizon, low=mix(p.light, p.gold, 0.25))
    at = (dice.uniform(430, 640), horizon - dice.uniform(28, 70))
    sun(c, at, dice.uniform(62, 86))
    streaks(c, 60, horizon - 90, mix(p.paper, p.light, 0.25), count=8, opacity=0.6)
    far = ridge(dice, horizon - 26, 60, rough=0.42, start=-20, end=420)
    c.polygon(below([*far[:-1], (420, horizon)], horizon), Fade(mix(p.cool, p.light, 0.35), mix(p.cool, p.light, 0.6)))
    water(c, horizon, near=mix(p.cool, p.deep, 0.72), far=mix(p.light, p.cool, 0.5))
    glitter(c, at[0], horizon, HEIGHT, 120, mix(p.light, p.paper, 0.55), count=54)
    ripples(c, horizon, HEIGHT, mix(p.deep, p.cool, 0.35), count=60, opacity=0.35)
    _boat(c, dice.uniform(200, 330), horizon + dice.uniform(70, 110), 1.1)
    _lighthouse(c, dice.uniform(930, 1000), horizon)
    birds(c, at[0] + 60, at[1] - 130, 7, mix(p.deep, p.cool, 0.25))


def _boat(c: Canvas, x: float, y: float, size: float) -> None:
    p = c.palette
    hull = points("-62 -12, 66 -17, 50 9, -48 9", x, y, size)
    c.polygon(points("-48 9, 50 9, 30 40, -30 40", x, y, size), p.deep, opacity=0.25)
    c.line([(x - 4 * size, y - 14 * size), (x - 4 * size, y - 128 * size)], p.deep, 3 * size)
    c.polygon(
        smooth(points("0 -122, 34 -70, 52 -24, 0 -24", x, y, size), steps=6), Fade(p.paper, mix(p.light, p.gold, 0.3), "across")
    )
    c.polygon(
        [(x - 10 * size, y - 108 * size), (x - 48 * size, y - 26 * size), (x - 10 * size, y - 26 * size)],
        Fade(p.warm, mix(p.warm, p.deep, 0.3)),
    )
    c.polygon(hull, Fade(mix(p.deep, p.cool, 0.15), p.deep))
    c.line([hull[0], hull[1]], p.paper, 2.4 * size)


def _lighthouse(c: Canvas, x: float, horizon: float) -> None:
    p, dice = c.palette, c.dice
    rock = points("-190 46, -120 -2, -60 -34, 30 -48, 120 -30, 300 -58, 300 70, 60 62", x, horizon)
    c.polygon(smooth(rock[:6], steps=6) + rock[6:], Fade(mix(p.cool, p.deep, 0.55), p.deep, "across"))
    base, top = horizon - 40, horizon - 232
    c.polygon(
        [(x - 27, base), (x - 17, top), (x + 17, top), (x + 27, base)], Fade(p.paper, mix(p.light, p.cool, 0.45), "across", 0.7)
    )
    for band in (0.24, 0.62):
        y = top + (base - top) * band
        high = (base - top) * 0.17
        left, right = 17 + 10 * band, 17 + 10 * (band + 0.17)
        c.polygon(
            [(x - left, y), (x + left, y), (x + right, y + high), (x - right, y + high)],
            Fade(p.warm, mix(p.warm, p.deep, 0.4), "across"),
        )
    c.rectangle((x - 24, top - 6, x + 24, top + 2), p.deep)
    c.glow((x, top - 22), 120, p.paper, strength=0.75)
    c.rectangle((x - 12, top - 34, x + 12, top - 6), mix(p.gold, p.paper, 0.5))
    c.pie((x - 17, top - 54, x + 17, top - 16), 180, 360, p.deep)
    c.line([(x, top - 54), (x, top - 68)], p.deep, 2)
    for _ in range(3):
        wave = x - 190 + dice.uniform(0, 60)
        c.line([(wave, horizon + 50), (wave + 150, horizon + 60)], p.paper, 2, opacity=0.5)


def sunrise(c: Canvas) -> None:
    """A great sun in bands over a bay, birds going out."""
    p, dice = c.palette, c.dice
    horizon = 452.0
    sky(c, horizon=horizon, high=mix(p.gold, p.light, 0.5), low=mix(p.paper, p.light, 0.25))
    x = dice.uniform(480, 720)
    for ring, share in enumerate((0.18, 0.3, 0.45)):
        c.disc((x, horizon - 20), 430 - ring * 105, mix(p.light, p.paper, 0.55), opacity=share)
    c.disc((x, horizon - 20), 176, Fade(p.warm, mix(p.gold, p.warm, 0.15), grain=0.8))
    streaks(c, 150, 410, mix(p.paper, p.light, 0.2), count=9, opacity=0.75)
    for layer in range(2):
        ink = mix(mix(p.warm, p.cool, 0.6), p.deep, 0.2 + 0.35 * layer)
        left = ridge(dice, horizon - 60 + 26 * layer, 100, rough=0.45, start=-20, end=440 - 70 * layer)
        right = ridge(dice, horizon - 66 + 30 * layer, 100, rough=0.45, start=800 + 60 * layer, end=WIDTH + 20)
        for line, edge in ((left, (left[-1][0] + 60, horizon)), (right, (right[0][0] - 60, horizon))):
            side = [*line, edge] if line is left else [edge, *line]
            c.polygon(below(side, horizon), Fade(ink, mix(ink, p.light, 0.35)))
    water(c, horizon, near=mix(p.cool, p.deep, 0.5), far=mix(p.gold, p.light, 0.45))
    glitter(c, x, horizon, HEIGHT, 150, mix(p.paper, p.light, 0.3), count=44)
    birds(c, x - 140, 190, 9, p.deep, size=13)
    reeds(c, HEIGHT + 14, mix(p.deep, (0, 0, 0), 0.1), count=70, height=190, end=430)
    reeds(c, HEIGHT + 14, mix(p.deep, (0, 0, 0), 0.1), count=26, height=120, start=980)


def river(c: Canvas) -> None:
    """A river winding out of the hills, with a path and people on it."""
    p, dice = c.palette, c.dice
    sky(c, horizon=330)
    at = (dice.uniform(560, 700), 212)
    sun(c, at, 56)
    for x, y, width in ((210, 150, 260), (980, 120, 320), (830, 205, 180)):
        cloud(c, x + dice.uniform(-60, 60), y, width, mix(p.paper, p.light, 0.15), opacity=0.85)
    for layer in range(3):
        ink = mix(mix(p.air, p.cool, 0.2 + 0.3 * layer), p.deep, 0.04 + 0.13 * layer)
        c.polygon(below(ridge(dice, 262 + 26 * layer, 90 - 16 * layer, rough=0.45), 400), Fade(ink, mix(ink, p.light, 0.4)))
    meadow = mix(mix(p.cool, p.gold, 0.45), p.light, 0.12)
    c.rectangle((0, 330, WIDTH, HEIGHT), Fade(mix(meadow, p.light, 0.45), mix(meadow, p.deep, 0.42), grain=0.8))
    course: list[tuple[float, float, float]] = [
        (640, 332, 8),
        (560, 356, 20),
        (700, 388, 42),
        (610, 436, 80),
        (500, 510, 150),
        (560, 600, 260),
        (640, 690, 400),
    ]
    left = smooth([(x - half, y) for x, y, half in course])
    right = smooth([(x + half, y) for x, y, half in course])
    c.polygon([*left, *reversed(right)], Fade(mix(p.paper, p.light, 0.4), mix(p.cool, p.deep, 0.25), grain=0.7))
    c.line(left, mix(p.paper, p.light, 0.5), 2.4, opacity=0.6)
    for _ in range(26):
        depth = dice.random()
        middle, row = 590 + dice.uniform(-1, 1) * 200 * depth, 400 + 260 * depth
        c.line(
            [(middle - 40 * depth - 6, row), (middle + 40 * depth + 6, row)],
            mix(p.paper, p.light, 0.3),
            1 + 1.8 * depth,
            opacity=0.6,
        )
    for x, y, size in (
        (70, 470, 200),
        (170, 420, 120),
        (245, 396, 84),
        (1120, 480, 215),
        (1020, 424, 126),
        (950, 396, 82),
        (890, 380, 54),
    ):
        leaf = dice.choice((p.gold, p.warm, mix(p.gold, p.warm, 0.5), mix(p.cool, p.deep, 0.25)))
        c.soft(
            [(x - size * 0.25, y - 6), (x + size * 0.6, y - 2), (x + size * 0.7, y + 10), (x - size * 0.2, y + 8)],
            p.deep,
            blur=5,
            opacity=0.3,
        )
        tree(c, x, y, size, Fade(mix(leaf, p.paper, 0.25), mix(leaf, p.deep, 0.3), "slant", 0.8), mix(p.deep, p.warm, 0.2))
    reeds(c, HEIGHT + 14, mix(p.deep, p.gold, 0.18), count=54, height=165, start=-20, end=250)
    reeds(c, HEIGHT + 14, mix(p.deep, p.gold, 0.1), count=34, height=130, start=960, end=WIDTH + 10)
