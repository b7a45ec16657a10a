"""Trains and bridges."""

from __future__ import annotations

import math

from .canvas import HEIGHT, WIDTH, Canvas, Fade, Point
from .palette import mix
from .parts import (
    below,
    cloud,
    haze,
    points,
    ridge,
    ripples,
    sky,
    smooth,
    stars,
    streaks,
    sun,
    tree,
)


def train(c: Canvas) -> None:
    """An express on a viaduct between autumn hills."""
    p, dice = c.palette, c.dice
    sky(c)
    sun(c, (dice.uniform(180, 380), 150), 58)
    cloud(c, dice.uniform(640, 780), 130, 300, p.paper, opacity=0.85)
    cloud(c, dice.uniform(960, 1120), 200, 190, p.paper, opacity=0.7)
    for layer in range(3):
        ink = mix(mix(p.air, p.cool, 0.15 + 0.3 * layer), p.deep, 0.1 * layer)
        c.polygon(
            below(ridge(dice, 250 + 62 * layer, 170 - 34 * layer, rough=0.44)), Fade(ink, mix(ink, p.light, 0.5), grain=0.7)
        )
        haze(c, 390 + 50 * layer, 470 + 50 * layer, mix(p.paper, p.light, 0.4), opacity=0.3)
    deck = 398.0
    stone = mix(p.light, p.paper, 0.2)
    c.rectangle((0, deck + 14, WIDTH, HEIGHT), Fade(mix(stone, p.paper, 0.2), mix(stone, p.air, 0.75), grain=0.7))
    for arch in range(-1, 6):
        left = arch * 232 + 60
        hill = mix(mix(p.air, p.cool, 0.5), p.deep, 0.18)
        shade = mix(stone, p.deep, 0.45)
        c.polygon(_arch(left, left + 176, deck + 52), shade)
        beyond = Fade(mix(hill, p.light, 0.5), mix(hill, p.deep, 0.1), grain=0.7)
        c.polygon(_arch(left + 15, left + 176, deck + 52), beyond)
    c.rectangle((0, deck + 8, WIDTH, deck + 22), mix(stone, p.deep, 0.3))
    c.rectangle((0, deck, WIDTH, deck + 9), mix(stone, p.paper, 0.5))
    for post in range(-20, WIDTH, 232):
        c.line([(post + 46, deck), (post + 46, deck - 158), (post + 104, deck - 158)], mix(p.deep, p.cool, 0.35), 4)
    for wire in (-150, -128):
        c.line([(0, deck + wire), (WIDTH, deck + wire)], mix(p.deep, p.cool, 0.35), 1.6)
    _express(c, dice.uniform(880, 1010), deck - 2)
    ground = smooth([(x, 636 + dice.uniform(-16, 16)) for x in range(-100, WIDTH + 200, 140)])
    c.polygon(below(ground), Fade(mix(mix(p.cool, p.gold, 0.4), p.deep, 0.1), mix(p.cool, p.deep, 0.5), grain=0.8))
    for _ in range(13):
        leaf = dice.choice((p.gold, p.warm, mix(p.gold, p.warm, 0.5), mix(p.cool, p.deep, 0.2)))
        tree(
            c,
            dice.uniform(0, WIDTH),
            660,
            dice.uniform(70, 128),
            Fade(mix(leaf, p.paper, 0.2), mix(leaf, p.deep, 0.3), "slant", 0.85),
            p.deep,
        )


def _arch(left: float, right: float, top: float) -> list[Point]:
    """The opening of a round arch that stands on the sheet's edge."""
    radius = (right - left) / 2
    vault = [
        (left + radius - radius * math.cos(step / 24 * math.pi), top + 88 - 88 * math.sin(step / 24 * math.pi))
        for step in range(25)
    ]
    return [(left, HEIGHT), *vault, (right, HEIGHT)]


def _express(c: Canvas, nose: float, rail: float) -> None:
    p = c.palette
    body, belt = mix(p.paper, (255, 255, 255), 0.25), p.warm
    high = 92.0
    c.rectangle((-10, rail - 14, nose - 90, rail), mix(p.deep, (0, 0, 0), 0.2))
    shape = [
        (-20, rail - 10),
        (-20, rail - high),
        (nose - 210, rail - high),
        *smooth(
            [
                (nose - 210, rail - high),
                (nose - 110, rail - high + 10),
                (nose - 26, rail - 44),
                (nose, rail - 16),
                (nose - 30, rail - 10),
            ]
        ),
    ]
    c.polygon(shape, Fade(body, mix(body, p.cool, 0.4)))
    c.polygon(
        [(-20, rail - 36), (nose - 20, rail - 36), (nose - 4, rail - 22), (-20, rail - 22)],
        Fade(belt, mix(belt, p.deep, 0.25), "across"),
    )
    glass = mix(p.deep, p.cool, 0.25)
    c.polygon(smooth(points("-150 -84, -104 -78, -62 -54, -118 -54", nose, rail), steps=5), glass)
    at = nose - 268
    while at > -60:
        for pane in range(5):
            c.rectangle((at - pane * 40, rail - 76, at - pane * 40 + 28, rail - 50), glass, radius=5)
            c.rectangle(
                (at - pane * 40 + 3, rail - 73, at - pane * 40 + 14, rail - 53), mix(p.gold, p.paper, 0.4), radius=3, opacity=0.5
            )
        c.line([(at - 194, rail - high), (at - 194, rail - 10)], mix(body, p.deep, 0.45), 3)
        at -= 232
    c.glow((nose - 10, rail - 24), 46, p.paper, strength=0.9)


def bridge(c: Canvas) -> None:
    """A cable-stayed bridge at dusk, its lights in the river."""
    p, dice = c.palette, c.dice
    horizon = 470.0
    sky(c, horizon=horizon, high=mix(p.cool, p.deep, 0.3), low=mix(p.gold, p.light, 0.6))
    sun(c, (dice.uniform(500, 700), horizon - 34), 62, halo=0.8)
    streaks(c, 120, 400, mix(p.warm, p.light, 0.45), count=8, opacity=0.5)
    stars(c, 36, bottom=170)
    for layer in range(2):
        ink = mix(mix(p.air, p.cool, 0.4), p.deep, 0.25 + 0.3 * layer)
        c.polygon(below(ridge(dice, 412 + 30 * layer, 80, rough=0.42), horizon), Fade(ink, mix(ink, p.light, 0.3)))
    for x in range(0, WIDTH, 34):
        if dice.random() < 0.7:
            high = dice.uniform(14, 62)
            c.rectangle((x, horizon - high, x + dice.uniform(16, 34), horizon), mix(p.deep, p.cool, 0.3))
    ink = mix(p.deep, (0, 0, 0), 0.1)
    deck: list[Point] = [(x, 446 - 30 * math.sin(x / WIDTH * math.pi)) for x in range(-20, WIDTH + 40, 40)]
    for tower in (330.0, 870.0):
        top = 108.0
        foot = 446 - 30 * math.sin(tower / WIDTH * math.pi)
        for cable in range(1, 12):
            for way in (-1, 1):
                end = tower + way * cable * 29
                low = 446 - 30 * math.sin(max(0.0, min(1.0, end / WIDTH)) * math.pi)
                c.line([(tower, top + 14 + cable * 5), (end, low)], mix(p.light, p.paper, 0.3), 1.5, opacity=0.75)
        for way in (-1, 1):
            c.polygon(
                [(tower - 5, top), (tower + 5, top), (tower + way * 34 + 8, foot + 40), (tower + way * 26 - 8, foot + 40)],
                Fade(mix(ink, p.warm, 0.25), ink),
            )
            c.polygon(
                [
                    (tower + way * 26 - 8, foot + 40),
                    (tower + way * 34 + 8, foot + 40),
                    (tower + way * 16 + 9, horizon + 34),
                    (tower + way * 16 - 9, horizon + 34),
                ],
                ink,
            )
        c.glow((tower, top), 50, p.warm, strength=0.9)
        c.disc((tower, top - 3), 4, p.warm)
    c.polygon([*deck, *[(x, y + 17) for x, y in reversed(deck)]], Fade(mix(p.warm, p.deep, 0.35), ink))
    for lamp, foot in deck:
        c.glow((lamp, foot - 12), 24, mix(p.gold, p.paper, 0.3), strength=0.9)
        c.line([(lamp, foot), (lamp, foot - 12)], ink, 1.5)
        c.disc((lamp, foot - 13), 2.4, p.paper)
    c.mirror(horizon, depth=HEIGHT - horizon, ink=mix(p.cool, p.deep, 0.55), opacity=0.42)
    ripples(c, horizon, HEIGHT, mix(p.deep, p.cool, 0.2), count=80, opacity=0.5)
    ripples(c, horizon, HEIGHT, mix(p.gold, p.paper, 0.4), count=40, opacity=0.45)
