"""Towers and roofs, by day, by night and in the rain."""

from __future__ import annotations

import math

from .canvas import HEIGHT, WIDTH, Canvas, Fade
from .palette import Colour, mix
from .parts import (
    below,
    cloud,
    ridge,
    ripples,
    sky,
    smooth,
    stars,
    streaks,
    sun,
    tree,
    windows,
)
from .people import HOLD, WALK, person


def skyline(c: Canvas) -> None:
    """Towers over a river at the end of the day, and their reflection."""
    p, dice = c.palette, c.dice
    shore = 500.0
    sky(c, horizon=shore, high=mix(p.air, p.cool, 0.25), low=mix(p.light, p.gold, 0.2))
    sun(c, (dice.choice((210, 985)) + dice.uniform(-40, 40), dice.uniform(170, 240)), dice.uniform(66, 88))
    streaks(c, 60, 260, mix(p.paper, p.light, 0.2), count=8, opacity=0.6)
    c.polygon(below(ridge(dice, 420, 120, rough=0.45), shore), Fade(mix(p.air, p.cool, 0.3), mix(p.air, p.light, 0.3)))
    for layer in range(3):
        ink = mix(mix(p.air, p.cool, 0.55), p.deep, 0.12 + 0.38 * layer)
        x = -30 + dice.uniform(-30, 10)
        while x < WIDTH:
            width = dice.uniform(46, 104) - layer * 6
            peak = math.exp(-(((x - WIDTH * (0.35, 0.6, 0.5)[layer]) / 420) ** 2))
            height = (70 + 330 * peak * dice.uniform(0.55, 1)) * (1, 0.78, 0.42)[layer] + dice.uniform(-16, 24)
            _tower(c, x, shore, width, height, ink, lit=0.16 + 0.22 * layer)
            x += width + dice.uniform(-4, (34, 30, 10)[layer])
    c.rectangle((0, shore - 10, WIDTH, shore), mix(p.deep, (0, 0, 0), 0.2))
    c.mirror(shore, depth=HEIGHT - shore, ink=mix(p.cool, p.deep, 0.3), opacity=0.45)
    ripples(c, shore, HEIGHT, mix(p.light, p.paper, 0.4), count=54, opacity=0.4)
    ripples(c, shore, HEIGHT, p.deep, count=40, opacity=0.3)


def _tower(c: Canvas, x: float, ground: float, width: float, height: float, ink: Colour, *, lit: float) -> None:
    p, dice = c.palette, c.dice
    top = ground - height
    c.rectangle((x, top, x + width, ground), Fade(mix(ink, p.light, 0.16), mix(ink, p.deep, 0.1), "across", 0.6))
    crown = dice.random()
    if crown < 0.25:
        c.polygon([(x, top + 1), (x + width * dice.choice((0.15, 0.85)), top - width * 0.4), (x + width, top + 1)], ink)
    elif crown < 0.5:
        c.rectangle((x + width * 0.2, top - width * 0.28, x + width * 0.8, top + 1), ink)
        c.line([(x + width / 2, top - width * 0.9), (x + width / 2, top)], ink, 2.4)
    elif crown < 0.7:
        c.rectangle((x + width * 0.15, top - 9, x + width * 0.5, top), ink)
    inks = (mix(mix(p.gold, p.paper, 0.4), ink, 0.5 - lit * 0.7), mix(ink, p.deep, 0.22))
    windows(
        c, (x + 6, top + 12, x + width - 6, ground - 16), max(2, int(width / 13)), max(3, int(height / 17)), inks, lit=lit + 0.2
    )


def apartment(c: Canvas) -> None:
    """Apartment blocks before a hill, washing and flowers on the balconies."""
    p, dice = c.palette, c.dice
    sky(c, horizon=560)
    sun(c, (dice.uniform(140, 320), 130), 50)
    cloud(c, dice.uniform(500, 700), 110, 280, p.paper, opacity=0.85)
    c.polygon(below(ridge(dice, 330, 150, rough=0.42)), Fade(mix(p.air, p.cool, 0.35), mix(p.air, p.light, 0.3)))
    blocks = [(40, 330, 190), (905, 350, 210), (330, 430, 250), (640, 500, 280)]
    for index, (x, height, width) in enumerate(blocks):
        _block(c, x + dice.uniform(-20, 20), 590, width, height + dice.uniform(-20, 20), index)
    c.rectangle((0, 586, WIDTH, HEIGHT), Fade(mix(p.cool, p.gold, 0.4), mix(p.cool, p.deep, 0.35), grain=0.8))
    c.polygon([(0, 628), (WIDTH, 612), (WIDTH, 640), (0, 656)], mix(p.light, p.paper, 0.5))
    for at in range(20, WIDTH, 104):
        size = dice.uniform(88, 140)
        leaf = dice.choice((p.gold, mix(p.cool, p.gold, 0.3), mix(p.cool, p.deep, 0.2), p.warm))
        tree(
            c,
            at + dice.uniform(-20, 20),
            614,
            size,
            Fade(mix(leaf, p.paper, 0.22), mix(leaf, p.deep, 0.3), "slant", 0.85),
            mix(p.deep, p.warm, 0.2),
        )
    for at in (260, 560, 610, 960):
        person(c, at + dice.uniform(-30, 30), 644, 64, WALK, left=dice.random() < 0.5)


def _block(c: Canvas, x: float, ground: float, width: float, height: float, number: int) -> None:
    p, dice = c.palette, c.dice
    wall = mix(p.paper, p.light, 0.3 + 0.12 * number)
    side = 34
    top = ground - height
    c.polygon(
        [(x + width, top), (x + width + side, top + 16), (x + width + side, ground), (x + width, ground)],
        Fade(mix(wall, p.cool, 0.5), mix(wall, p.deep, 0.55)),
    )
    c.rectangle((x, top, x + width, ground), Fade(mix(wall, p.paper, 0.3), mix(wall, p.air, 0.5), "slant", 0.6))
    band = (p.warm, p.cool, p.gold, mix(p.warm, p.gold, 0.4))[number % 4]
    c.rectangle((x, top, x + width, top + 22), band)
    c.rectangle((x + width * 0.44, top - 26, x + width * 0.56, top), mix(wall, p.deep, 0.3))
    floors = int((height - 60) / 33)
    columns = 4
    step = width / columns
    for floor in range(floors):
        y = top + 38 + floor * 33
        for column in range(columns):
            left = x + column * step + 7
            pane = dice.choice(
                (mix(p.cool, p.deep, 0.45), mix(p.cool, p.deep, 0.25), mix(p.cool, p.paper, 0.2), mix(p.gold, p.paper, 0.35))
            )
            c.rectangle((left, y, left + step - 14, y + 20), pane)
            if dice.random() < 0.22:
                for item in range(3):
                    c.rectangle((left + 5 + item * 9, y + 4, left + 11 + item * 9, y + 17), dice.choice(p.cloths))
            c.rectangle((left - 4, y + 16, left + step - 10, y + 24), Fade(mix(wall, p.paper, 0.4), mix(wall, p.deep, 0.22)))
    c.rectangle((x + width * 0.47, top + 24, x + width * 0.53, ground), mix(wall, p.deep, 0.14), opacity=0.8)


def night(c: Canvas) -> None:
    """Roofs on a hillside under the moon, stairs and lamps between them."""
    p, dark, dice = c.palette, c.palette.night(), c.dice
    c.backdrop(Fade(mix(dark.deep, p.cool, 0.16), mix(p.cool, p.deep, 0.3), grain=0.6))
    moon = (dice.uniform(860, 1020), 138)
    c.glow(moon, 260, p.paper, strength=0.5)
    c.disc(moon, 54, Fade(p.paper, mix(p.light, p.paper, 0.4), "slant"))
    stars(c, 110, bottom=330)
    for layer in range(5):
        base = 330 + 72 * layer
        x = -60 + dice.uniform(0, 50)
        ink = mix(mix(p.cool, p.deep, 0.42), dark.deep, 0.1 + 0.2 * layer)
        hill = smooth(
            [(at, base + dice.uniform(-16, 16) - 50 * math.sin(at / WIDTH * 3.1)) for at in range(-120, WIDTH + 240, 120)]
        )
        c.polygon(below(hill), Fade(mix(ink, p.cool, 0.12), ink))
        while x < WIDTH:
            width = dice.uniform(76, 120) * (0.8 + 0.11 * layer)
            _house(c, x, base + 24 - 50 * math.sin(x / WIDTH * 3.1) + dice.uniform(-8, 12), width, ink)
            x += width * dice.uniform(0.86, 1.15)
    for x, y in ((250, 452), (560, 540), (880, 480), (1090, 600)):
        at = x + dice.uniform(-30, 30)
        c.line([(at, y + 74), (at, y), (at + 16, y - 8)], dark.deep, 4)
        c.glow((at + 20, y), 120, p.gold, strength=0.6)
        c.disc((at + 20, y - 3), 6.5, mix(p.paper, p.gold, 0.2))


def _house(c: Canvas, x: float, ground: float, width: float, ink: Colour) -> None:
    p, dice = c.palette, c.dice
    high = width * dice.uniform(0.5, 0.72)
    wall = mix(ink, dice.choice((p.warm, p.cool, p.light)), 0.18)
    c.rectangle((x, ground - high, x + width, ground + 70), Fade(mix(wall, p.light, 0.1), mix(wall, ink, 0.8)))
    if dice.random() < 0.7:
        c.polygon(
            [
                (x - 8, ground - high + 2),
                (x + width * 0.16, ground - high - width * 0.26),
                (x + width * 0.84, ground - high - width * 0.26),
                (x + width + 8, ground - high + 2),
            ],
            Fade(mix(p.warm, ink, 0.5), mix(ink, (0, 0, 0), 0.25)),
        )
    else:
        c.rectangle((x - 4, ground - high - 7, x + width + 4, ground - high + 3), mix(ink, p.deep, 0.5))
        c.disc((x + width * 0.75, ground - high - 16), 11, mix(p.cool, ink, 0.45))
    for pane in range(2):
        if dice.random() < 0.62:
            left = x + width * (0.16 + 0.42 * pane)
            lamp = mix(p.gold, p.paper, dice.uniform(0.2, 0.5)) if dice.random() < 0.72 else mix(ink, p.cool, 0.35)
            c.rectangle((left, ground - high * 0.72, left + width * 0.24, ground - high * 0.32), lamp)
            c.line([(left + width * 0.12, ground - high * 0.72), (left + width * 0.12, ground - high * 0.32)], wall, 2)


def rain(c: Canvas) -> None:
    """Umbrellas on a wet crossing, lights running down into the asphalt."""
    p, dark, dice = c.palette, c.palette.night(), c.dice
    ground = 452.0
    c.backdrop(Fade(mix(p.cool, p.deep, 0.4), mix(p.cool, p.light, 0.3), grain=0.6))
    for layer in range(2):
        x = -30.0
        while x < WIDTH:
            width = dice.uniform(90, 170)
            ink = mix(mix(p.cool, p.light, 0.2), p.deep, 0.25 + 0.35 * layer)
            top = dice.uniform(70, 210) + layer * 50
            c.rectangle((x, top, x + width, ground), Fade(ink, mix(ink, p.light, 0.25)))
            windows(
                c,
                (x + 10, top + 14, x + width - 10, ground - 70),
                4,
                7,
                (mix(p.gold, p.paper, 0.3), mix(ink, p.deep, 0.3)),
                lit=0.5,
            )
            x += width + dice.uniform(0, 22)
    for _ in range(9):
        at, high = dice.uniform(0, WIDTH), dice.uniform(300, 410)
        c.glow((at, high), dice.uniform(50, 120), dice.choice((p.gold, p.warm, p.light)), strength=0.55)
    c.rectangle((0, ground - 22, WIDTH, ground), mix(dark.deep, p.cool, 0.2))
    c.mirror(ground, depth=HEIGHT - ground, ink=dark.deep, opacity=0.42)
    for stripe in range(7):
        x = 60 + stripe * 180
        c.polygon([(x, 520), (x + 84, 520), (x + 60, HEIGHT), (x - 60, HEIGHT)], p.paper, opacity=0.2)
    crowd = [
        (130, 512, 150),
        (470, 500, 140),
        (820, 508, 146),
        (1090, 516, 154),
        (290, 560, 214),
        (660, 580, 236),
        (980, 566, 220),
    ]
    for x, foot, tall in crowd:
        at = x + dice.uniform(-24, 24)
        c.soft(
            [(at - 22, foot), (at + 22, foot), (at + 34, foot + tall * 0.5), (at - 34, foot + tall * 0.5)],
            dark.deep,
            blur=8,
            opacity=0.5,
        )
        left = x > 600
        _umbrella(
            c,
            at + tall * (-0.13 if left else 0.13),
            foot - tall * 1.04,
            tall * 0.55,
            dice.choice((p.warm, p.gold, p.warm, p.paper)),
        )
        person(c, at, foot, tall, HOLD, long=True, left=left, coat=mix(p.deep, dice.choice(p.cloths), 0.35))
    for _ in range(190):
        x, y, size = dice.uniform(-40, WIDTH), dice.uniform(-40, HEIGHT), dice.uniform(16, 44)
        c.line([(x, y), (x - size * 0.2, y + size)], p.paper, 1.2, opacity=0.32)
    for _ in range(40):
        x, y, size = dice.uniform(0, WIDTH), dice.uniform(ground + 40, HEIGHT), dice.uniform(6, 15)
        c.line([(x - size, y), (x + size, y)], p.paper, 1.3, opacity=0.35)


def _umbrella(c: Canvas, x: float, y: float, size: float, ink: Colour) -> None:
    p = c.palette
    c.line([(x, y - size * 0.5), (x, y + size * 0.62)], p.deep, 3)
    c.pie(
        (x - size, y - size * 0.62, x + size, y + size * 0.62),
        180,
        360,
        Fade(mix(ink, p.paper, 0.2), mix(ink, p.deep, 0.2), "across", 0.8),
    )
    for share, width in ((0.2, 0.42), (0.62, 0.2)):
        c.pie(
            (x + size * (share - width), y - size * 0.6, x + size * (share + width), y + size * 0.6),
            180,
            360,
            mix(ink, p.deep, 0.3),
            opacity=0.28,
        )
    ribs = 4
    for rib in range(ribs):
        left = x - size + rib * size * 2 / ribs
        c.pie((left, y - size * 0.09, left + size * 2 / ribs, y + size * 0.09), 180, 360, mix(ink, p.deep, 0.42))
    c.line([(x, y - size * 0.62), (x, y - size * 0.74)], p.deep, 3)
