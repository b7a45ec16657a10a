"""Where journeys begin: the airport and the harbour."""

from __future__ import annotations

from .canvas import HEIGHT, WIDTH, Canvas, Fade, Point
from .palette import Colour, mix
from .parts import (
    below,
    birds,
    glitter,
    points,
    ridge,
    ripples,
    sky,
    smooth,
    streaks,
    sun,
    water,
)
from .people import STAND, WALK, person


def airport(c: Canvas) -> None:
    """Travellers before the great window of a departure hall."""
    p, dice = c.palette, c.dice
    sky(c, horizon=520, high=mix(p.air, p.cool, 0.15), low=mix(p.light, p.paper, 0.4))
    sun(c, (dice.uniform(840, 980), 190), 60)
    streaks(c, 80, 330, p.paper, count=8, opacity=0.6)
    c.polygon(below(ridge(dice, 440, 60, rough=0.4), 500), Fade(mix(p.air, p.cool, 0.4), mix(p.air, p.light, 0.3)))
    c.rectangle((0, 476, WIDTH, 560), Fade(mix(p.cool, p.light, 0.5), mix(p.cool, p.light, 0.25)))
    for mark in range(-20, WIDTH, 150):
        c.rectangle((mark, 520, mark + 80, 525), p.paper, opacity=0.8)
    _airliner(c, 470 + dice.uniform(-30, 30), 430)
    ink = mix(p.deep, p.cool, 0.1)
    climb = dice.uniform(150, 260)
    c.polygon([(climb - 190, 236), (climb, 140), (climb + 2, 146)], p.paper, opacity=0.7)
    c.line([(climb - 8, 148), (climb + 22, 132)], ink, 5)
    c.line([(climb - 6, 158), (climb + 12, 137), (climb - 4, 130)], ink, 2.6)
    for frame in range(5):
        x = 40 + frame * 280
        c.line([(x, 0), (x, 560)], ink, 13)
    c.rectangle((0, 0, WIDTH, 22), ink)
    c.rectangle((0, 92, WIDTH, 99), ink)
    c.rectangle((0, 548, WIDTH, HEIGHT), Fade(mix(p.deep, p.cool, 0.35), ink, grain=0.7))
    for frame in range(5):
        x = 50 + frame * 280
        c.soft([(x, 562), (x + 258, 562), (x + 180, HEIGHT), (x - 110, HEIGHT)], mix(p.light, p.paper, 0.2), blur=9, opacity=0.4)
    for x, tall, left in ((180, 224, False), (316, 196, False), (760, 216, True), (930, 236, False), (1040, 150, False)):
        at = x + dice.uniform(-20, 20)
        c.soft([(at - 12, 640), (at + 12, 640), (at - 60, HEIGHT + 20), (at - 110, HEIGHT + 20)], ink, blur=6, opacity=0.5)
        _suitcase(c, at + (54 if left else -54), 640, tall * 0.34)
        person(c, at, 640, tall, WALK if tall > 200 else STAND, left=left, long=dice.random() < 0.5)


def _airliner(c: Canvas, x: float, y: float) -> None:
    p = c.palette
    body = mix(p.paper, (255, 255, 255), 0.3)
    c.soft(points("-330 78, 350 78, 330 94, -300 94", x, y), p.deep, blur=8, opacity=0.45)
    c.polygon(smooth(points("-372 -176, -316 -176, -222 -34, -322 -10", x, y), steps=4), Fade(p.warm, mix(p.warm, p.deep, 0.3)))
    hull = smooth(
        points("-388 -28, -300 -52, -100 -60, 210 -60, 310 -48, 376 -4, 330 26, 200 40, -120 38, -300 2", x, y), closed=True
    )
    c.polygon(hull, Fade(body, mix(body, p.cool, 0.5), grain=0.7))
    for pane in range(19):
        c.rectangle((x - 226 + pane * 26, y - 28, x - 215 + pane * 26, y - 13), mix(p.deep, p.cool, 0.3), radius=4)
    c.polygon(points("296 -36, 334 -30, 348 -14, 302 -16", x, y), mix(p.deep, p.cool, 0.2))
    c.polygon(points("-20 12, 96 14, -120 74, -168 74", x, y), Fade(mix(body, p.cool, 0.3), mix(p.cool, p.deep, 0.3), "slant"))
    c.rectangle((x - 34, y + 44, x + 62, y + 80), Fade(mix(p.cool, p.paper, 0.4), mix(p.cool, p.deep, 0.35)), radius=17)
    for wheel in (x - 80, x + 250):
        c.line([(wheel, y + 34), (wheel, y + 84)], mix(p.deep, p.cool, 0.3), 5)
        c.disc((wheel, y + 86), 11, p.deep)


def _suitcase(c: Canvas, x: float, ground: float, size: float) -> None:
    p, dice = c.palette, c.dice
    ink = dice.choice((p.warm, p.gold, p.cool))
    c.line(points("-0.15 -1, -0.15 -1.42, 0.15 -1.42, 0.15 -1", x, ground, size), p.deep, 3)
    c.rectangle(
        (x - size * 0.36, ground - size, x + size * 0.36, ground - 5),
        Fade(mix(ink, p.paper, 0.2), mix(ink, p.deep, 0.35), "across"),
        radius=7,
    )
    for wheel in (-0.24, 0.24):
        c.disc((x + size * wheel, ground - 4), 4, p.deep)


def port(c: Canvas) -> None:
    """Gantry cranes loading a ship, containers on the quay."""
    p, dice = c.palette, c.dice
    quay = 500.0
    sky(c, horizon=quay, low=mix(p.light, p.gold, 0.2))
    sun(c, (dice.uniform(160, 360), 250), 76)
    streaks(c, 80, 320, mix(p.paper, p.light, 0.2), count=7, opacity=0.6)
    c.polygon(below(ridge(dice, 424, 60, rough=0.42), quay), Fade(mix(p.air, p.cool, 0.35), mix(p.air, p.light, 0.4)))
    water(c, quay - 20, near=mix(p.cool, p.deep, 0.6), far=mix(p.light, p.cool, 0.45))
    glitter(c, 260, quay - 20, HEIGHT, 100, mix(p.paper, p.light, 0.4), count=36)
    birds(c, 560, 130, 8, mix(p.deep, p.cool, 0.3))
    _gantry(c, 660 + dice.uniform(-20, 20), quay + 66, 0.82, mix(p.air, p.cool, 0.7))
    _ship(c, 150 + dice.uniform(-40, 40), quay + 84)
    c.rectangle((640, quay + 66, WIDTH, HEIGHT), Fade(mix(p.deep, p.cool, 0.3), p.deep))
    c.rectangle((640, quay + 60, WIDTH, quay + 72), mix(p.light, p.air, 0.4))
    for column in range(6):
        for row in range(dice.randint(1, 3)):
            left, bottom = 800 + column * 70, quay + 62 - row * 32
            _container(c, left, bottom, 66, 30, dice.choice(p.cloths))
    _gantry(c, 870 + dice.uniform(-20, 20), quay + 66, 1.06, mix(p.warm, p.deep, 0.12))
    ripples(c, quay + 60, HEIGHT, mix(p.deep, p.cool, 0.25), count=40, opacity=0.35)
    c.rectangle((640, quay + 74, WIDTH, HEIGHT), Fade(mix(p.deep, p.cool, 0.3), p.deep))


def _gantry(c: Canvas, x: float, ground: float, size: float, ink: Colour) -> None:
    p = c.palette
    high = ground - 330 * size

    def beam(points: list[Point], width: float) -> None:
        c.line([(x + a * size, ground - b * size) for a, b in points], ink, width * size)

    for leg in (0, 128):
        beam([(leg, 0), (leg, 250)], 14)
    beam([(-10, 4), (20, 4)], 14)
    beam([(116, 4), (146, 4)], 14)
    beam([(0, 90), (128, 90)], 8)
    beam([(0, 90), (128, 220)], 5)
    beam([(-300, 250), (250, 250)], 15)
    beam([(64, 250), (40, 392)], 9)
    beam([(100, 250), (40, 392)], 7)
    for end in (-290, -150, 240):
        beam([(40, 392), (end, 256)], 3)
    drop = c.dice.uniform(90, 150) * size
    reach = -190 * size
    for side in (-14, 14):
        c.line([(x + reach + side, high + 86 * size), (x + reach + side, high + 80 * size + drop)], ink, 2)
    _container(c, x + reach - 36, high + 112 * size + drop, 72, 31, p.gold)
    c.rectangle((x + reach - 26, high + 76 * size, x + reach + 26, high + 96 * size), mix(ink, p.deep, 0.4))
    c.rectangle((x + 20 * size, ground - 292 * size, x + 96 * size, ground - 254 * size), mix(ink, p.deep, 0.3))


def _ship(c: Canvas, x: float, line: float) -> None:
    p, dice = c.palette, c.dice
    for column in range(6):
        for row in range(dice.randint(2, 4)):
            _container(c, x + 150 + column * 62, line - 72 - row * 28, 59, 27, dice.choice(p.cloths))
    white = mix(p.paper, (255, 255, 255), 0.2)
    c.rectangle((x + 44, line - 206, x + 128, line - 70), Fade(white, mix(white, p.cool, 0.4), "across"))
    c.rectangle((x + 30, line - 220, x + 142, line - 196), white)
    for deck in range(4):
        c.rectangle((x + 52, line - 212 + deck * 34, x + 122, line - 201 + deck * 34), mix(p.deep, p.cool, 0.2))
    c.rectangle((x + 66, line - 262, x + 98, line - 220), Fade(p.warm, mix(p.warm, p.deep, 0.3)))
    hull = points("0 -78, 560 -78, 610 -108, 648 -108, 590 14, 26 14", x, line)
    c.polygon(hull, Fade(mix(p.deep, p.cool, 0.3), p.deep))
    c.polygon(points("21 -6, 599 -6, 590 14, 26 14", x, line), mix(p.warm, p.deep, 0.25))
    c.soft(points("10 14, 600 14, 570 60, 40 60", x, line), p.deep, blur=10, opacity=0.45)


def _container(c: Canvas, left: float, bottom: float, width: float, height: float, ink: Colour) -> None:
    p = c.palette
    c.rectangle((left, bottom - height, left + width, bottom), Fade(mix(ink, p.paper, 0.15), mix(ink, p.deep, 0.3), grain=0.5))
    for rib in range(1, 8):
        at = left + rib * width / 8
        c.line([(at, bottom - height + 3), (at, bottom - 3)], mix(ink, p.deep, 0.4), 1.4, opacity=0.7)
    c.rectangle((left, bottom - height, left + width, bottom - height + 2), mix(ink, p.paper, 0.4))
