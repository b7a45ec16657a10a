"""Still lifes: tea, and books."""

from __future__ import annotations

import math

from .canvas import HEIGHT, WIDTH, Box, Canvas, Fade, Point
from .palette import Colour, mix
from .parts import (
    points,
    smooth,
)


def tea(c: Canvas) -> None:
    """A teapot and two cups on a tray, the shadow of a window, plum blossom."""
    p, dice = c.palette, c.dice
    wall = mix(p.light, p.paper, 0.3)
    c.backdrop(Fade(mix(wall, p.air, 0.2), mix(wall, p.gold, 0.12), "slant", 0.6))
    sunlit = mix(p.paper, p.light, 0.15)
    for column in range(3):
        for row in range(2):
            x, y = 500 + column * 150 + row * 30, 60 + row * 172 + column * 22
            c.soft(points("0 0, 128 19, 156 172, 28 153", x, y), sunlit, blur=5, opacity=0.75)
    table = 470.0
    c.rectangle((0, table, WIDTH, HEIGHT), Fade(mix(p.warm, p.gold, 0.25), mix(p.deep, p.warm, 0.3), grain=0.85))
    c.rectangle((0, table, WIDTH, table + 7), mix(p.gold, p.light, 0.5))
    c.soft(points("240 600, 1030 600, 1120 648, 300 648"), p.deep, blur=12, opacity=0.55)
    c.ellipse((170, 520, 1030, 640), Fade(mix(p.deep, p.warm, 0.3), mix(p.deep, (0, 0, 0), 0.15)))
    c.ellipse((190, 522, 1010, 622), Fade(mix(p.deep, p.warm, 0.5), mix(p.deep, p.warm, 0.22), "slant", 0.8))
    _teapot(c, 520, 590)
    _cup(c, 800, 610, 76, p.paper)
    _cup(c, 300, 612, 68, mix(p.cool, p.paper, 0.25))
    _vase(c, 1010, 512)
    for wave in (-16, 18):
        rise = smooth([(800 + wave, 512), (782 + wave, 460), (814 + wave, 410), (796 + wave, 340)])
        c.soft([*((a - 9, b) for a, b in rise), *((a + 9, b) for a, b in reversed(rise))], p.paper, blur=6, opacity=0.75)
    for _ in range(5):
        left, top = dice.uniform(860, 1160), dice.uniform(560, 650)
        c.ellipse((left, top, left + 18, top + 9), mix(p.warm, p.paper, 0.45))


def _teapot(c: Canvas, x: float, bottom: float) -> None:
    p = c.palette
    clay = mix(p.cool, p.deep, 0.25)
    c.soft(points("-120 -14, 150 -14, 250 20, -60 20", x, bottom), (0, 0, 0), blur=12, opacity=0.4)
    c.line(
        smooth(points("108 -196, 196 -210, 212 -130, 128 -74", x, bottom)),
        Fade(mix(clay, p.paper, 0.1), mix(clay, p.deep, 0.4)),
        21,
    )
    outer = smooth(points("-112 -60, -176 -104, -200 -176, -236 -216", x, bottom))
    inner = smooth(points("-216 -226, -174 -188, -152 -140, -104 -130", x, bottom))
    c.polygon([*outer, *inner], Fade(mix(clay, p.paper, 0.2), mix(clay, p.deep, 0.2), "down", 0.8))
    belly = smooth(points("-84 -222, -146 -150, -138 -62, -74 -4, 74 -4, 138 -62, 146 -150, 84 -222", x, bottom), closed=True)
    c.polygon(belly, Fade(mix(clay, p.paper, 0.38), mix(clay, p.deep, 0.45), "slant", 0.9))
    c.ellipse((x - 90, bottom - 238, x + 90, bottom - 204), mix(clay, p.deep, 0.4))
    c.pie(
        (x - 84, bottom - 268, x + 84, bottom - 190), 180, 360, Fade(mix(clay, p.paper, 0.35), mix(clay, p.deep, 0.25), "slant")
    )
    c.disc((x, bottom - 278), 17, Fade(mix(p.gold, p.paper, 0.2), mix(p.gold, p.deep, 0.4), "slant"))
    band = smooth(points("-144 -118, -70 -100, 70 -100, 144 -118", x, bottom))
    c.line(band, mix(p.gold, p.paper, 0.2), 4, opacity=0.8)


def _cup(c: Canvas, x: float, bottom: float, half: float, ink: Colour) -> None:
    p = c.palette
    high = half * 1.12
    c.soft(
        [(x - half, bottom - 10), (x + half * 1.2, bottom - 10), (x + half * 1.9, bottom + 14), (x - half * 0.5, bottom + 14)],
        (0, 0, 0),
        blur=9,
        opacity=0.4,
    )
    c.rectangle((x - half * 0.46, bottom - 12, x + half * 0.46, bottom), mix(ink, p.deep, 0.4), radius=3)
    body = smooth(
        [
            (x - half, bottom - high),
            (x - half * 0.92, bottom - high * 0.45),
            (x - half * 0.5, bottom - 8),
            (x + half * 0.5, bottom - 8),
            (x + half * 0.92, bottom - high * 0.45),
            (x + half, bottom - high),
        ],
        steps=8,
    )
    c.polygon(body, Fade(mix(ink, (255, 255, 255), 0.25), mix(ink, p.deep, 0.32), "slant", 0.85))
    lip = half * 0.22
    c.ellipse((x - half, bottom - high - lip, x + half, bottom - high + lip), mix(ink, p.paper, 0.5))
    c.ellipse(
        (x - half * 0.87, bottom - high - lip * 0.7, x + half * 0.87, bottom - high + lip * 0.8),
        Fade(mix(p.gold, p.warm, 0.4), mix(p.gold, p.deep, 0.2), "across"),
    )


def _vase(c: Canvas, x: float, bottom: float) -> None:
    p, dice = c.palette, c.dice
    branch = smooth(points("0 -130, -20 -240, 30 -330, 10 -430", x, bottom))
    bark = mix(p.deep, p.warm, 0.25)
    c.line(branch, bark, 7)
    twigs: list[list[Point]] = [
        [(x - 14, bottom - 250), (x - 90, bottom - 310), (x - 130, bottom - 390)],
        [(x + 24, bottom - 310), (x + 90, bottom - 350), (x + 120, bottom - 420)],
        [(x - 2, bottom - 200), (x + 60, bottom - 250), (x + 110, bottom - 270)],
    ]
    for twig in twigs:
        c.line(smooth(twig), bark, 4.5)
    for spot in [*branch[8::4], *(point for twig in twigs for point in smooth(twig)[5::4])]:
        at = (spot[0] + dice.uniform(-13, 13), spot[1] + dice.uniform(-13, 13))
        ink = dice.choice((mix(p.warm, p.paper, 0.5), mix(p.warm, p.paper, 0.25), p.paper))
        size = dice.uniform(6, 10)
        for petal in range(5):
            turn = petal / 5 * math.tau
            c.disc((at[0] + math.cos(turn) * size * 0.75, at[1] + math.sin(turn) * size * 0.75), size * 0.62, ink)
        c.disc(at, size * 0.34, p.gold)
    body = smooth(points("-20 -140, -22 -118, -58 -70, -44 -4, 44 -4, 58 -70, 22 -118, 20 -140", x, bottom), steps=8)
    c.polygon(body, Fade(mix(p.paper, (255, 255, 255), 0.3), mix(p.air, p.deep, 0.3), "slant", 0.85))


def books(c: Canvas) -> None:
    """A pile of books, one open under the lamp."""
    p, dice = c.palette, c.dice
    wall = mix(p.cool, p.deep, 0.45)
    c.backdrop(Fade(mix(wall, p.cool, 0.3), mix(wall, p.deep, 0.35), "slant", 0.7))
    for row in range(2):
        board = 168 + row * 200
        c.rectangle((0, board, WIDTH, board + 15), mix(p.deep, p.warm, 0.25))
        shelf_of_books(c, (-10, board - 148, WIDTH + 10, board))
    c.rectangle((0, 0, WIDTH, 384), mix(wall, p.deep, 0.4), opacity=0.62)
    lamp = (880.0 + dice.uniform(-20, 20), 190.0)
    table = 520.0
    c.rectangle((0, table, WIDTH, HEIGHT), Fade(mix(p.warm, p.gold, 0.35), mix(p.deep, p.warm, 0.35), grain=0.85))
    c.glow((lamp[0], 430), 470, p.gold, strength=0.6)
    c.soft(
        [(lamp[0] - 60, lamp[1] + 10), (lamp[0] + 60, lamp[1] + 10), (lamp[0] + 260, 600), (lamp[0] - 300, 600)],
        mix(p.paper, p.gold, 0.3),
        blur=18,
        opacity=0.45,
    )
    c.line([(1090, 560), (1090, 250), (lamp[0] + 20, 140)], mix(p.deep, (0, 0, 0), 0.2), 9)
    c.ellipse((1030, 548, 1150, 580), mix(p.deep, (0, 0, 0), 0.2))
    c.polygon(
        [(lamp[0] - 34, lamp[1] - 66), (lamp[0] + 34, lamp[1] - 66), (lamp[0] + 88, lamp[1] + 14), (lamp[0] - 88, lamp[1] + 14)],
        Fade(mix(p.warm, p.gold, 0.2), mix(p.warm, p.deep, 0.4), "across"),
    )
    c.ellipse((lamp[0] - 88, lamp[1] + 2, lamp[0] + 88, lamp[1] + 26), mix(p.paper, p.gold, 0.35))
    c.soft(points("150 592, 560 592, 640 622, 170 622"), p.deep, blur=10, opacity=0.55)
    bottom = 604.0
    inks = [
        p.warm,
        mix(p.deep, p.cool, 0.3),
        p.gold,
        mix(p.cool, p.paper, 0.2),
        mix(p.warm, p.deep, 0.4),
        mix(p.paper, p.light, 0.4),
    ]
    dice.shuffle(inks)
    for ink in inks:
        high, wide = dice.uniform(40, 62), dice.uniform(150, 190)
        _lying(c, 340 + dice.uniform(-24, 24), bottom, wide, high, ink)
        bottom -= high
    c.disc((318, bottom - 32), 34, Fade(mix(p.warm, p.paper, 0.2), mix(p.warm, p.deep, 0.35), "slant", 0.85))
    c.line(smooth([(318, bottom - 60), (322, bottom - 74), (332, bottom - 84)]), p.deep, 4)
    _open_book(c, lamp[0] - 60, 612)


def _lying(c: Canvas, x: float, bottom: float, half: float, high: float, ink: Colour) -> None:
    p = c.palette
    c.rectangle(
        (x - half, bottom - high, x + half, bottom - 1),
        Fade(mix(ink, p.paper, 0.2), mix(ink, p.deep, 0.35), "slant", 0.8),
        radius=9,
    )
    c.rectangle((x + half * 0.2, bottom - high + 7, x + half - 5, bottom - 8), Fade(p.paper, mix(p.paper, p.air, 0.5)), radius=3)
    for leaf in range(1, 4):
        y = bottom - high + 7 + leaf * (high - 15) / 4
        c.line([(x + half * 0.22, y), (x + half - 8, y)], mix(p.air, p.deep, 0.2), 1.2, opacity=0.6)
    for band in (-0.8, -0.1):
        c.rectangle((x + half * band, bottom - high, x + half * band + 9, bottom - 1), mix(p.gold, p.paper, 0.25), opacity=0.85)


def _open_book(c: Canvas, x: float, bottom: float) -> None:
    p = c.palette
    c.soft(points("-220 -16, 230 -16, 240 18, -210 18", x, bottom), p.deep, blur=9, opacity=0.55)
    c.polygon(points("-232 -4, -200 -74, 200 -74, 232 -4, 0 12", x, bottom), p.warm)
    for way in (-1, 1):
        page = [
            *smooth([(x, bottom - 2), (x + way * 80, bottom - 34), (x + way * 220, bottom - 12)]),
            *reversed(smooth([(x, bottom - 78), (x + way * 80, bottom - 104), (x + way * 188, bottom - 84)])),
        ]
        c.polygon(page, Fade(mix(p.paper, (255, 255, 255), 0.5), mix(p.light, p.paper, 0.4), "slant" if way > 0 else "down", 0.7))
        for line in range(6):
            y = bottom - 76 + line * 11.5
            c.line(
                smooth([(x + way * (18 + line), y - 8), (x + way * 84, y - 18), (x + way * (176 + line * 4), y - 4)], steps=6),
                mix(p.deep, p.paper, 0.45),
                2.4,
                opacity=0.8,
            )
    c.line([(x, bottom), (x, bottom - 78)], mix(p.air, p.deep, 0.4), 3, opacity=0.7)


def shelf_of_books(c: Canvas, box: Box, *, lean: float = 0.08) -> None:
    """Fill ``box`` with spines standing on its bottom edge, some of them leaning."""
    p, dice = c.palette, c.dice
    left, top, right, bottom = box
    high = bottom - top
    inks = (
        p.warm,
        mix(p.warm, p.deep, 0.35),
        p.gold,
        mix(p.gold, p.deep, 0.25),
        p.cool,
        mix(p.cool, p.deep, 0.35),
        mix(p.paper, p.light, 0.3),
        mix(p.deep, p.cool, 0.25),
    )
    x = left
    while x < right - 6:
        width = min(high * dice.uniform(0.1, 0.24), right - x)
        tall = high * dice.uniform(0.68, 0.97)
        ink = dice.choice(inks)
        if dice.random() < 0.05:
            x += width
            continue
        if dice.random() < lean and x + tall * 0.3 < right:
            slant = tall * 0.18
            c.polygon(
                [(x + slant, bottom - tall), (x + slant + width, bottom - tall + 2), (x + width, bottom), (x, bottom)],
                Fade(mix(ink, p.paper, 0.1), mix(ink, p.deep, 0.25), "across", 0.4),
            )
            x += width + slant
            continue
        c.rectangle(
            (x, bottom - tall, x + width - 0.6, bottom), Fade(mix(ink, p.paper, 0.12), mix(ink, p.deep, 0.28), "across", 0.4)
        )
        if width > 7 and dice.random() < 0.6:
            band = mix(p.gold, p.paper, 0.4) if ink != p.gold else p.deep
            for share in (0.16, 0.74):
                c.rectangle(
                    (x + 1, bottom - tall * (1 - share), x + width - 2, bottom - tall * (1 - share) + high * 0.035),
                    band,
                    opacity=0.85,
                )
        x += width
