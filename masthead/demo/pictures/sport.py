"""The stadium, the pitch from above, runners."""

from __future__ import annotations

import math

from .canvas import HEIGHT, WIDTH, Canvas, Fade, Point
from .palette import Colour, mix
from .parts import below, birds, points, ridge, sky, smooth, stars, streaks, tree
from .people import RUN, STRIDE, person


def stadium(c: Canvas) -> None:
    """The bowl at dusk under its floodlights, full."""
    p, dark, dice = c.palette, c.palette.night(), c.dice
    c.backdrop(Fade(mix(dark.deep, p.cool, 0.25), mix(p.warm, p.light, 0.35), grain=0.6))
    stars(c, 50, bottom=150)
    streaks(c, 130, 280, mix(p.warm, p.light, 0.4), count=6, opacity=0.4)
    c.polygon(below(ridge(dice, 300, 60, rough=0.42)), Fade(mix(p.warm, p.cool, 0.6), mix(p.cool, p.deep, 0.3)))
    for x in (120, 1080):
        _floodlight(c, x, 96)
    stand = mix(p.deep, p.cool, 0.25)
    c.polygon(
        [*smooth(points("-60 330, 240 262, 600 240, 960 262, 1260 330")), (WIDTH + 60, HEIGHT), (-60, HEIGHT)],
        Fade(mix(stand, p.cool, 0.3), stand),
    )
    roof = [
        *smooth(points("-60 322, 240 250, 600 226, 960 250, 1260 322")),
        *reversed(smooth(points("-60 356, 240 278, 600 252, 960 278, 1260 356"))),
    ]
    c.polygon(roof, mix(p.paper, p.light, 0.3))
    _crowd(c)
    c.ellipse((-40, 396, 1240, 800), mix(p.deep, p.cool, 0.3))
    c.ellipse((-10, 408, 1210, 800), Fade(mix(p.warm, p.gold, 0.25), mix(p.warm, p.deep, 0.3), grain=0.7))
    for lane in range(3):
        inset = 24 + lane * 22
        c.line(
            [
                (600 + (610 - inset) * math.cos(t / 60 * math.tau), 604 + (196 - inset * 0.5) * math.sin(t / 60 * math.tau))
                for t in range(61)
            ],
            p.paper,
            1.6,
            opacity=0.6,
        )
    turf = mix(mix(p.cool, p.gold, 0.35), p.deep, 0.08)
    c.ellipse((90, 448, 1110, 780), turf)
    for stripe in range(9):
        if stripe % 2:
            left, right = 150 + stripe * 100, 150 + (stripe + 1) * 100
            c.polygon(
                [
                    (600 + (left - 600) * 0.72, 468),
                    (600 + (right - 600) * 0.72, 468),
                    (600 + (right - 600) * 1.12, HEIGHT),
                    (600 + (left - 600) * 1.12, HEIGHT),
                ],
                mix(turf, p.light, 0.3),
                opacity=0.5,
            )
    c.line([(250, 476), (950, 476)], p.paper, 3)
    c.line([(250, 476), (130, HEIGHT)], p.paper, 3)
    c.line([(950, 476), (1070, HEIGHT)], p.paper, 3)
    c.line([(600, 476), (600, HEIGHT)], p.paper, 3)
    c.line([(600 + 118 * math.cos(t / 40 * math.tau), 586 + 44 * math.sin(t / 40 * math.tau)) for t in range(41)], p.paper, 3)
    for x, way in ((120, 1), (1080, -1)):
        c.soft(
            [(x, 100), (x + way * 30, 96), (x + way * 760, 560), (x + way * 320, 660)],
            mix(p.paper, p.gold, 0.2),
            blur=30,
            opacity=0.22,
        )
    for index in range(16):
        spot, foot = dice.uniform(230, 970), dice.uniform(490, 640)
        person(c, spot, foot, 30 + (foot - 480) * 0.13, RUN, left=dice.random() < 0.5, coat=p.warm if index % 2 else p.paper)


def _crowd(c: Canvas) -> None:
    p, dice = c.palette, c.dice
    inks = (p.warm, p.gold, p.paper, p.light, p.cool, mix(p.deep, p.cool, 0.5))
    for row in range(13):
        y = 292 + row * 10.5
        for x in range(-10, WIDTH + 20, 15):
            bend = ((x - 600) / 600) ** 2 * (74 - row * 2)
            c.disc(
                (x + dice.uniform(-4, 4) + (row % 2) * 7, y + bend + dice.uniform(-2, 2)),
                4.1,
                dice.choice(inks),
                opacity=dice.uniform(0.5, 0.95),
            )


def _floodlight(c: Canvas, x: float, y: float) -> None:
    p = c.palette
    ink = mix(p.deep, (0, 0, 0), 0.2)
    c.polygon([(x - 14, 360), (x - 6, y), (x + 6, y), (x + 14, 360)], ink)
    c.glow((x, y), 210, mix(p.paper, p.gold, 0.15), strength=0.8)
    c.rectangle((x - 62, y - 40, x + 62, y + 30), ink, radius=4)
    for row in range(3):
        for lamp in range(5):
            c.disc((x - 48 + lamp * 24, y - 27 + row * 22), 9, mix(p.paper, (255, 255, 255), 0.6))


def pitch(c: Canvas) -> None:
    """Football from straight above, the players' shadows longer than they are."""
    p, dice = c.palette, c.dice
    turf = mix(mix(p.cool, p.gold, 0.35), p.deep, 0.05)
    c.backdrop(turf)
    for stripe in range(10):
        ink = mix(turf, p.light, 0.22) if stripe % 2 else turf
        c.rectangle(
            (stripe * 120, 0, (stripe + 1) * 120, HEIGHT), Fade(mix(ink, p.light, 0.14), mix(ink, p.deep, 0.16), "down", 0.7)
        )
    white = mix(p.paper, (255, 255, 255), 0.3)
    c.line([(40, 34), (1240, 34)], white, 5)
    c.line([(40, 641), (1240, 641)], white, 5)
    c.line([(40, 34), (40, 641)], white, 5)
    c.line([(840, 34), (840, 641)], white, 5)
    c.line([(840 + 118 * math.cos(t / 48 * math.tau), 337 + 118 * math.sin(t / 48 * math.tau)) for t in range(49)], white, 5)
    c.disc((840, 337), 7, white)
    for inset, high in ((210, 210), (92, 110)):
        c.line([(40, 337 - high), (40 + inset, 337 - high), (40 + inset, 337 + high), (40, 337 + high)], white, 5)
    c.line(
        [
            (250 + 62 * math.cos(t / 12 * math.pi - math.pi / 2), 337 + 92 * math.sin(t / 12 * math.pi - math.pi / 2))
            for t in range(13)
        ],
        white,
        5,
    )
    c.disc((172, 337), 6, white)
    spots = points("120 330, 300 180, 330 480, 430 320, 520 150, 560 430, 640 300, 700 540, 780 200, 960 380, 1010 160, 1090 500")
    home, away = p.warm, mix(p.paper, p.gold, 0.12)
    placed: list[tuple[Point, Colour]] = []
    for index, (x, y) in enumerate(spots):
        spot = (x + dice.uniform(-34, 34), y + dice.uniform(-30, 30))
        ink = mix(p.gold, p.warm, 0.3) if index == 0 else (home if index % 2 else away)
        placed.append((spot, ink))
    ball = (placed[5][0][0] - 66, placed[5][0][1] + 34)
    for (x, y), _ in placed:
        _long_shadow(c, x, y)
    c.soft(
        [(ball[0], ball[1]), (ball[0] + 6, ball[1] - 8), (ball[0] + 52, ball[1] + 22), (ball[0] + 44, ball[1] + 30)],
        p.deep,
        blur=3,
        opacity=0.5,
    )
    for (x, y), ink in placed:
        _from_above(c, x, y, ink, dice.uniform(0, math.tau))
    c.disc(ball, 9, white)
    c.disc((ball[0] - 2, ball[1] - 2), 3, p.deep)
    c.soft(points("-60 -60, 560 -60, 180 735, -60 735"), mix(p.gold, p.paper, 0.4), blur=60, opacity=0.18)


def _long_shadow(c: Canvas, x: float, y: float) -> None:
    ink = mix(c.palette.deep, (0, 0, 0), 0.1)
    length, side = 118.0, 68.0
    for leg in (-8, 8):
        c.polygon(
            [
                (x + leg - 4, y),
                (x + leg + 5, y + 2),
                (x + leg * 0.6 + length * 0.5, y + side * 0.5 + 4),
                (x + leg * 0.6 + length * 0.5 - 6, y + side * 0.5 + 8),
            ],
            ink,
            opacity=0.42,
        )
    c.polygon(
        smooth(
            [
                (x + length * 0.42, y + side * 0.36),
                (x + length * 0.62, y + side * 0.42),
                (x + length * 0.92, y + side * 0.76),
                (x + length * 0.78, y + side * 0.9),
                (x + length * 0.42, y + side * 0.62),
            ],
            closed=True,
            steps=6,
        ),
        ink,
        opacity=0.42,
    )
    c.disc((x + length, y + side), 10, ink, opacity=0.42)


def _from_above(c: Canvas, x: float, y: float, ink: Colour, turn: float) -> None:
    p = c.palette

    def at(a: float, b: float) -> Point:
        return x + a * math.cos(turn) - b * math.sin(turn), y + a * math.sin(turn) + b * math.cos(turn)

    c.line([at(-6, -7), at(17, -8)], mix(p.deep, ink, 0.2), 9)
    c.line([at(6, 7), at(-15, 9)], mix(p.deep, ink, 0.2), 9)
    c.line([at(0, -20), at(14, -26)], p.skins[1], 7)
    c.line([at(0, 20), at(-12, 27)], p.skins[1], 7)
    c.line([at(0, -17), at(0, 17)], ink, 20)
    c.disc(at(3, 0), 10.5, mix(p.deep, (14, 10, 10), 0.4))


def running(c: Canvas) -> None:
    """Runners on the river embankment, the sun behind them."""
    p, dice = c.palette, c.dice
    horizon = 420.0
    sky(c, horizon=horizon, high=mix(p.air, p.gold, 0.25), low=mix(p.paper, p.light, 0.4))
    at = (dice.uniform(420, 780), 300.0)
    for ring in range(3):
        c.disc(at, 300 - ring * 64, mix(p.paper, p.light, 0.3), opacity=0.28)
    c.disc(at, 118, Fade(mix(p.gold, p.paper, 0.1), mix(p.warm, p.gold, 0.25), grain=0.85))
    streaks(c, 70, 250, mix(p.paper, p.light, 0.2), count=7, opacity=0.65)
    for layer in range(2):
        ink = mix(mix(p.air, p.cool, 0.3 + 0.4 * layer), p.deep, 0.06 + 0.16 * layer)
        c.polygon(below(ridge(dice, 366 + 26 * layer, 70 - 24 * layer, rough=0.44), horizon), Fade(ink, mix(ink, p.light, 0.4)))
    x = 0.0
    while x < WIDTH:
        width, high = dice.uniform(26, 54), dice.uniform(20, 110) * (0.4 + abs(x - 600) / 700)
        c.rectangle((x, horizon - high, x + width, horizon), mix(mix(p.air, p.cool, 0.7), p.deep, 0.25))
        x += width + dice.uniform(0, 16)
    c.rectangle((0, horizon, WIDTH, 520), Fade(mix(p.light, p.gold, 0.3), mix(p.cool, p.light, 0.3), grain=0.7))
    for _ in range(34):
        gx, gy = dice.gauss(at[0], 130), dice.uniform(horizon + 4, 514)
        half = dice.uniform(14, 52)
        c.polygon([(gx - half, gy), (gx, gy - 2), (gx + half, gy), (gx, gy + 2)], p.paper, opacity=0.7)
    c.rectangle((0, 514, WIDTH, HEIGHT), Fade(mix(mix(p.cool, p.gold, 0.35), p.deep, 0.1), mix(p.cool, p.deep, 0.4), grain=0.8))
    c.polygon(
        [(0, 556), (WIDTH, 540), (WIDTH, 640), (0, 660)], Fade(mix(p.warm, p.light, 0.35), mix(p.warm, p.deep, 0.2), grain=0.8)
    )
    c.line([(0, 606), (WIDTH, 588)], p.paper, 3, opacity=0.8)
    for tx in (40, 1150):
        leaf = mix(p.gold, p.warm, dice.uniform(0, 0.6))
        tree(
            c,
            tx + dice.uniform(-20, 20),
            548,
            dice.uniform(300, 360),
            Fade(mix(leaf, p.paper, 0.2), mix(leaf, p.deep, 0.25), "slant", 0.85),
            mix(p.deep, p.warm, 0.2),
        )
    shirts = [p.warm, p.paper, p.cool, p.gold, mix(p.deep, p.cool, 0.35)]
    dice.shuffle(shirts)
    for index, (rx, tall) in enumerate(((230, 216), (400, 246), (590, 232), (770, 252), (960, 222))):
        here = rx + dice.uniform(-24, 24)
        foot = 612 + dice.uniform(-10, 16)
        c.soft(
            [(here - 34, foot), (here + 26, foot - 2), (here + 10, HEIGHT + 30), (here - 96, HEIGHT + 30)],
            p.deep,
            blur=6,
            opacity=0.4,
        )
        person(c, here, foot - (8 if index % 2 else 0), tall, (RUN, STRIDE)[index % 2], coat=shirts[index])
    birds(c, at[0] - 220, 140, 6, mix(p.deep, p.cool, 0.3))
