"""Fields, woods and winter, and a bird on a branch."""

from __future__ import annotations

import math

from .canvas import HEIGHT, WIDTH, Canvas, Fade, Point
from .palette import mix
from .parts import (
    below,
    birds,
    cloud,
    pine,
    points,
    ridge,
    sky,
    smooth,
    stars,
    sun,
    tree,
)


def field(c: Canvas) -> None:
    """Furrows running to a farmhouse under a wide sky."""
    p, dice = c.palette, c.dice
    horizon = 318.0
    sky(c, horizon=horizon)
    sun(c, (dice.uniform(820, 1000), 150), 46)
    for x, y, width in ((300, 120, 380), (720, 205, 260), (1080, 240, 220), (90, 235, 210)):
        cloud(c, x + dice.uniform(-50, 50), y, width, Fade(p.paper, mix(p.light, p.paper, 0.35)), opacity=0.95)
    c.polygon(
        below(ridge(dice, horizon - 34, 60, rough=0.4), horizon + 4), Fade(mix(p.cool, p.light, 0.4), mix(p.cool, p.light, 0.6))
    )
    vanish = (dice.uniform(430, 560), horizon)
    stripes = 26
    one, other = mix(p.gold, p.light, 0.25), mix(mix(p.cool, p.gold, 0.4), p.deep, 0.12)
    c.rectangle((0, horizon, WIDTH, HEIGHT), Fade(mix(one, p.light, 0.4), one))
    for index in range(stripes):
        foot = -1500 + index * 4200 / stripes
        c.polygon(
            [vanish, (foot, HEIGHT + 60), (foot + 84, HEIGHT + 60)],
            Fade(mix(other, p.light, 0.42), mix(other, p.deep, 0.28), grain=0.7),
        )
    house = vanish[0] + 190
    c.polygon(points("-52 6, -52 -34, 40 -34, 40 6", house, horizon), Fade(p.paper, mix(p.light, p.gold, 0.2), "across"))
    c.polygon(points("-64 -30, -30 -66, 22 -66, 54 -30", house, horizon), Fade(p.warm, mix(p.warm, p.deep, 0.35)))
    c.rectangle((house - 14, horizon - 20, house + 2, horizon + 6), mix(p.deep, p.warm, 0.25))
    for root, size in ((house - 96, 96), (house + 84, 130), (house + 130, 88), (60, 120), (112, 84)):
        leaf = mix(p.cool, p.deep, dice.uniform(0.15, 0.4))
        tree(c, root, horizon + 8, size, Fade(mix(leaf, p.light, 0.25), mix(leaf, p.deep, 0.3), "slant", 0.8), p.deep)
    for x, y, size in ((960, 470, 62), (300, 560, 88), (760, 398, 34)):
        _bale(c, x + dice.uniform(-40, 40), y, size)
    birds(c, 640, 150, 6, mix(p.deep, p.cool, 0.3))


def _bale(c: Canvas, x: float, y: float, size: float) -> None:
    p = c.palette
    c.soft(
        [(x - size, y), (x + size * 1.9, y - 4), (x + size * 2, y + size * 0.16), (x - size * 0.7, y + size * 0.14)],
        p.deep,
        blur=6,
        opacity=0.4,
    )
    c.rectangle((x, y - size, x + size * 0.9, y), Fade(mix(p.gold, p.light, 0.4), mix(p.gold, p.deep, 0.4)), radius=size * 0.45)
    c.ellipse((x - size * 0.42, y - size, x + size * 0.42, y), Fade(mix(p.gold, p.paper, 0.45), p.gold, "slant", 0.8))
    for ring in (0.3, 0.18, 0.07):
        c.ellipse(
            (x - size * ring, y - size * (0.5 + ring * 1.2), x + size * ring, y - size * (0.5 - ring * 1.2)),
            mix(p.gold, p.deep, 0.35),
            opacity=0.22,
        )


def forest(c: Canvas) -> None:
    """Tall trunks, light falling between them, somebody walking."""
    p, dice = c.palette, c.dice
    c.backdrop(Fade(mix(p.light, p.paper, 0.5), mix(mix(p.gold, p.light, 0.5), p.cool, 0.2), grain=0.7))
    c.glow((dice.uniform(480, 720), 200), 470, p.paper, strength=0.8)
    for layer in range(4):
        depth = layer / 3
        ink = mix(mix(p.light, p.cool, 0.5), p.deep, 0.1 + 0.85 * depth)
        ground = 452 + 62 * layer
        count = (15, 11, 8, 5)[layer]
        for index in range(count):
            x = (index + dice.uniform(0.1, 0.9)) * WIDTH / count
            if layer > 1 and 400 < x < 760:
                continue
            _trunk(
                c,
                x,
                ground + dice.uniform(4, 26),
                8 + 46 * depth**1.4 * dice.uniform(0.8, 1.2),
                Fade(mix(ink, p.light, 0.28 * (1 - depth) + 0.14), ink, "across", 0.8),
            )
        floor = smooth([(x, ground + dice.uniform(-12, 12)) for x in range(-60, WIDTH + 120, 110)])
        c.polygon(below(floor), Fade(mix(ink, mix(p.gold, p.light, 0.4), 0.6 - 0.4 * depth), mix(ink, p.deep, 0.3), grain=0.8))
        if layer == 1:
            for x in (210, 430, 700):
                shift = dice.uniform(-40, 40)
                c.soft(
                    [(x + shift, -20), (x + shift + 110, -20), (x + shift + 330, 600), (x + shift + 110, 600)],
                    mix(p.paper, p.light, 0.2),
                    blur=16,
                    opacity=0.34,
                )
    path = points("540 470, 600 470, 640 540, 760 690, 380 690, 500 540")
    c.polygon(smooth(path, closed=True), Fade(mix(p.light, p.paper, 0.4), mix(p.gold, p.light, 0.3), grain=0.8), opacity=0.75)
    x = 575.0
    c.soft(points("-10 566, 10 566, 60 640, 26 640", x), p.deep, blur=4, opacity=0.35)
    c.polygon(
        smooth(points("-14 566, -12 520, 0 510, 12 520, 14 566", x), steps=6),
        Fade(p.warm, mix(p.warm, p.deep, 0.35), "across"),
    )
    c.disc((x, 502), 9, p.deep)
    for _ in range(46):
        fx, fy = dice.uniform(0, WIDTH), dice.uniform(500, HEIGHT)
        c.ellipse((fx, fy, fx + 9, fy + 5), dice.choice((p.gold, p.warm)), opacity=0.8)


def _trunk(c: Canvas, x: float, ground: float, width: float, ink: Fade) -> None:
    lean = c.dice.uniform(-14, 14)
    half = width / 2
    c.polygon(
        [
            (x + lean - half * 0.75, -10),
            (x + lean + half * 0.75, -10),
            (x + half * 0.9, ground - 60),
            (x + half * 1.5, ground),
            (x - half * 1.5, ground),
            (x - half * 0.9, ground - 60),
        ],
        ink,
    )


def snow(c: Canvas) -> None:
    """A house with its lamp on, deep in a snowy valley."""
    p, dice = c.palette.night(), c.dice
    day = c.palette
    c.backdrop(Fade(mix(p.cool, p.deep, 0.3), mix(day.cool, day.light, 0.42), grain=0.6))
    moon = (dice.uniform(820, 1010), 128)
    c.glow(moon, 210, day.paper, strength=0.5)
    c.disc(moon, 42, mix(day.paper, day.light, 0.2))
    stars(c, 60, bottom=260)
    white = mix(day.paper, day.cool, 0.06)
    for layer in range(4):
        depth = layer / 3
        line = smooth(
            [(x, 330 + 84 * layer + dice.uniform(-40, 40) * (1.1 - 0.4 * depth)) for x in range(-100, WIDTH + 300, 200)]
        )
        shade = mix(day.cool, p.deep, 0.28 - 0.1 * depth)
        c.polygon(below(line), Fade(mix(white, shade, 0.42 - 0.36 * depth), mix(white, shade, 0.85 - 0.4 * depth), grain=0.85))
        for _ in range((9, 7, 0, 3)[layer]):
            x, y = dice.choice(line)
            if layer == 3 and 300 < x < 960:
                continue
            size = (46, 84, 0, 215)[layer] * dice.uniform(0.75, 1.15)
            pine(c, x, y + 12, size, Fade(mix(p.deep, day.cool, 0.55 - 0.4 * depth), mix(p.deep, day.cool, 0.15)))
        if layer == 2:
            _snow_house(c, dice.uniform(470, 640), 505)
    for _ in range(170):
        r = dice.choice((1.2, 1.6, 2.2, 3.2))
        c.disc((dice.uniform(0, WIDTH), dice.uniform(0, HEIGHT)), r, day.paper, opacity=dice.uniform(0.5, 0.95))


def _snow_house(c: Canvas, x: float, ground: float) -> None:
    p = c.palette
    wall = mix(p.deep, p.warm, 0.28)
    c.glow((x, ground - 20), 230, p.gold, strength=0.5)
    c.rectangle((x + 42, ground - 128, x + 62, ground - 70), mix(wall, p.deep, 0.3))
    c.rectangle((x + 39, ground - 134, x + 65, ground - 124), p.paper)
    for index in range(6):
        puff = 9 + index * 4.0
        c.disc((x + 54 + index * 12, ground - 148 - index * 19), puff, p.paper, opacity=0.3 - index * 0.035)
    c.rectangle((x - 78, ground - 66, x + 78, ground + 8), Fade(wall, mix(wall, p.deep, 0.5), "across"))
    c.polygon(
        smooth(points("-104 -58, -60 -116, 0 -128, 60 -116, 104 -58", x, ground), steps=8),
        Fade(p.paper, mix(p.paper, p.cool, 0.35)),
    )
    for left in (-52, 14):
        c.rectangle((x + left, ground - 44, x + left + 40, ground - 10), mix(p.gold, p.paper, 0.4), radius=2)
        c.line([(x + left + 20, ground - 44), (x + left + 20, ground - 10)], wall, 3)
        c.line([(x + left, ground - 27), (x + left + 40, ground - 27)], wall, 3)
    c.soft(points("-60 6, 60 6, 120 60, -100 60", x, ground), mix(p.gold, p.paper, 0.4), blur=10, opacity=0.55)


def bird(c: Canvas) -> None:
    """A magpie on a persimmon branch."""
    p, dice = c.palette, c.dice
    c.backdrop(Fade(mix(p.light, p.paper, 0.55), mix(p.light, p.gold, 0.22), grain=0.6))
    c.disc((dice.uniform(740, 860), 270), 205, Fade(mix(p.paper, p.light, 0.25), mix(p.light, p.gold, 0.35), grain=0.8))
    c.polygon(below(ridge(dice, 600, 70, rough=0.42)), Fade(mix(p.light, p.cool, 0.3), mix(p.light, p.cool, 0.5)))
    bark = mix(p.deep, p.warm, 0.18)
    bough = smooth(points("-20 470, 180 452, 390 468, 610 436, 820 448, 1010 404, 1230 396"))
    c.line(bough[:30], bark, 25)
    c.line(bough[26:44], bark, 19)
    c.line(bough[40:], bark, 13)
    for start, end, bend in (
        ((250, 458), (330, 210), -46),
        ((700, 440), (880, 610), 30),
        ((940, 424), (1080, 190), 40),
        ((120, 455), (60, 250), 20),
        ((430, 466), (500, 610), 20),
    ):
        middle = ((start[0] + end[0]) / 2 + bend, (start[1] + end[1]) / 2)
        twig = smooth([start, middle, end], steps=8)
        c.line(twig, bark, 7)
        _persimmon(c, end[0], end[1] + 26, dice.uniform(34, 44))
    for x, y in ((188, 520), (1010, 474), (620, 500)):
        c.line([(x, y - 60), (x, y - 30)], bark, 3.4)
        _persimmon(c, x, y, dice.uniform(30, 42))
    _magpie(c, 560, 318)
    for x, y, turn in ((205, 300, 0.4), (1000, 300, 1.0), (820, 560, 0.2), (470, 560, 1.2)):
        leaf: list[Point] = points("-34 0, 0 -14, 36 0, 0 14")
        turned = [(x + a * math.cos(turn) - b * math.sin(turn), y + a * math.sin(turn) + b * math.cos(turn)) for a, b in leaf]
        c.polygon(smooth(turned, closed=True, steps=6), Fade(mix(p.warm, p.gold, 0.4), mix(p.warm, p.deep, 0.35), "slant"))


def _persimmon(c: Canvas, x: float, y: float, size: float) -> None:
    p = c.palette
    body = smooth(points("-1 0, -0.7 -0.74, 0 -0.8, 0.7 -0.74, 1 0, 0.6 0.8, 0 0.96, -0.6 0.8", x, y, size), closed=True, steps=6)
    c.polygon(body, Fade(mix(p.gold, p.paper, 0.12), mix(p.warm, p.gold, 0.12), "slant", 0.85))
    for turn in range(4):
        a = turn * math.pi / 2 + 0.5
        top = (x + math.cos(a) * size * 0.5, y - size * 0.72 + math.sin(a) * size * 0.2)
        c.polygon([(x - size * 0.1, y - size * 0.76), top, (x + size * 0.1, y - size * 0.7)], mix(p.deep, p.cool, 0.35))


def _magpie(c: Canvas, x: float, y: float) -> None:
    p = c.palette
    black, white = mix(p.deep, (0, 0, 0), 0.25), mix(p.paper, (255, 255, 255), 0.3)
    sheen = mix(p.cool, p.deep, 0.3)
    for side in (-9, 16):
        c.line([(x + side, y + 96), (x + side - 4, y + 136)], black, 4)
    c.polygon(
        smooth(points("-52 66, -150 148, -262 258, -240 268, -120 190, -26 104", x, y), closed=True, steps=8),
        Fade(sheen, black, "slant", 0.7),
    )
    c.polygon(
        smooth(points("62 -62, 82 -10, 66 62, 14 104, -50 100, -74 62, -40 6, 8 -44", x, y), closed=True),
        Fade(white, mix(white, p.cool, 0.25), "slant", 0.8),
    )
    c.polygon(
        smooth(points("50 -84, 92 -58, 92 -14, 60 12, 20 -6, -26 30, -92 92, -70 36, -26 -26, 14 -66", x, y), closed=True),
        Fade(mix(black, sheen, 0.25), black, "slant"),
    )
    c.polygon(
        smooth(points("16 -14, 30 20, -6 62, -96 112, -150 140, -86 62, -34 6", x, y), closed=True),
        Fade(sheen, black, "slant", 0.8),
    )
    c.polygon(smooth(points("4 -6, 18 14, -8 36, -50 52, -26 14", x, y), closed=True, steps=8), white)
    c.polygon([(x + 88, y - 64), (x + 136, y - 46), (x + 90, y - 40)], mix(black, p.deep, 0.5))
    c.disc((x + 72, y - 58), 5, white)
    c.disc((x + 73, y - 58), 2.6, black)
