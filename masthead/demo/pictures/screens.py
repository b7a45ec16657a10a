"""Machines that glow: servers, a desk, a game."""

from __future__ import annotations

import math

from .canvas import HEIGHT, WIDTH, Canvas, Fade, Point
from .palette import Colour, mix
from .parts import (
    points,
    ridge,
    smooth,
)
from .people import STAND, person


def server(c: Canvas) -> None:
    """An aisle of a data centre, racks of small lights running to a door."""
    p, dark, dice = c.palette, c.palette.night(), c.dice
    eye = (600 + dice.uniform(-60, 60), 318.0)
    c.backdrop(Fade(dark.deep, mix(dark.deep, p.cool, 0.2)))
    c.glow(eye, 430, p.gold, strength=0.75)

    def at(side: float, high: float, depth: float) -> Point:
        """A point of the aisle: ``side`` and ``high`` in its cross-section, ``depth`` 1 at the viewer, 0.1 far away."""
        return eye[0] + side * 640 * depth, eye[1] + high * 400 * depth

    c.polygon(
        [at(-1, 1, 1.3), at(1, 1, 1.3), at(1, 1, 0.12), at(-1, 1, 0.12)], Fade(mix(p.gold, p.cool, 0.3), dark.deep, grain=0.7)
    )
    c.polygon(
        [at(-1, -1, 1.3), at(1, -1, 1.3), at(1, -1, 0.12), at(-1, -1, 0.12)], Fade(dark.deep, mix(p.cool, p.deep, 0.3), grain=0.7)
    )
    depths = [0.12 * 1.245**step for step in range(12)]
    for near in reversed(depths[1:]):
        far = near / 1.245
        light = min(1.0, 0.12 / far)
        for side in (-1, 1):
            ink = mix(mix(p.cool, p.deep, 0.72), p.gold, 0.3 * light)
            panel = [at(side, -0.92, far), at(side, -0.92, near), at(side, 1, near), at(side, 1, far)]
            c.polygon(panel, Fade(mix(ink, p.cool, 0.18), mix(ink, dark.deep, 0.5), grain=0.5))
            c.line([panel[1], panel[2]], dark.deep, max(1.5, 9 * near))
            edge = far * 1.03
            for shelf in range(17):
                high = -0.84 + shelf * 0.108
                c.line([at(side, high, edge), at(side, high, near * 0.985)], dark.deep, max(0.8, 2.6 * near), opacity=0.7)
                for lamp in range(4):
                    if dice.random() < 0.6:
                        spot = edge + (near * 0.96 - edge) * (0.15 + lamp * 0.2)
                        size = max(0.7, 3.1 * near)
                        colour = dice.choice((p.gold, p.gold, p.paper, p.warm, mix(p.cool, p.paper, 0.5)))
                        c.disc(at(side, high + 0.05, spot), size, colour)
        strip = [at(-0.16, -0.99, near), at(0.16, -0.99, near), at(0.16, -0.99, far * 1.06), at(-0.16, -0.99, far * 1.06)]
        c.polygon(strip, mix(p.paper, p.gold, 0.2))
        tile = [at(-1, 1, near), at(1, 1, near)]
        c.line(tile, dark.deep, max(0.8, 2 * near), opacity=0.5)
    door = [at(-0.5, -0.55, 0.12), at(0.5, -0.55, 0.12), at(0.5, 1, 0.12), at(-0.5, 1, 0.12)]
    c.glow(eye, 130, p.paper, strength=0.85)
    c.polygon(door, p.paper)
    x, foot = at(0.06, 1, 0.42)
    c.soft(points("-16 0, 16 0, 44 210, -56 210", x, foot), dark.deep, blur=7, opacity=0.6)
    person(c, x, foot + 4, 236, STAND, shade=mix(dark.deep, (0, 0, 0), 0.2), long=True)


def screen(c: Canvas) -> None:
    """A desk at the window, something being written on the screen."""
    p, dice = c.palette, c.dice
    wall = mix(p.air, p.light, 0.35)
    c.backdrop(Fade(mix(wall, p.paper, 0.25), mix(wall, p.deep, 0.12), "slant", 0.6))
    c.rectangle((70, 50, 420, 400), mix(p.deep, p.cool, 0.3))
    c.rectangle((80, 60, 410, 390), Fade(mix(p.air, p.paper, 0.3), mix(p.gold, p.light, 0.4)))
    c.disc((dice.uniform(170, 320), 280), 56, Fade(p.gold, p.warm, grain=0.8))
    c.polygon(
        [(80, 390), (80, 320), *((x, y) for x, y in ridge(dice, 320, 50, start=80, end=410)), (410, 390)],
        mix(p.cool, p.deep, 0.2),
    )
    c.line([(245, 60), (245, 390)], mix(p.deep, p.cool, 0.3), 8)
    c.line([(80, 200), (410, 200)], mix(p.deep, p.cool, 0.3), 8)
    c.soft(points("440 90, 760 250, 760 560, 440 400"), p.paper, blur=14, opacity=0.28)
    desk = 540.0
    c.soft(points("380 -8, 900 -8, 960 26, 380 26", 0, desk), p.deep, blur=8, opacity=0.5)
    c.rectangle((0, desk, WIDTH, HEIGHT), Fade(mix(p.warm, p.gold, 0.35), mix(p.warm, p.deep, 0.5), grain=0.8))
    c.rectangle((0, desk, WIDTH, desk + 10), mix(p.gold, p.light, 0.4))
    left, top, right, bottom = 452.0, 96.0, 992.0, 434.0
    c.polygon(
        [(690, bottom), (754, bottom), (770, desk + 2), (674, desk + 2)],
        Fade(mix(p.cool, p.paper, 0.4), mix(p.cool, p.deep, 0.2)),
    )
    c.rectangle((612, desk - 6, 832, desk + 8), mix(p.cool, p.paper, 0.3), radius=6)
    c.rectangle((left - 14, top - 14, right + 14, bottom + 16), Fade(mix(p.deep, p.cool, 0.12), p.deep), radius=16)
    c.rectangle((left, top, right, bottom), Fade(mix(p.paper, (255, 255, 255), 0.3), mix(p.paper, p.light, 0.45), "slant"))
    c.rectangle((left, top, right, top + 30), mix(p.deep, p.cool, 0.35))
    for dot, ink in enumerate((p.warm, p.gold, p.cool)):
        c.disc((left + 22 + dot * 22, top + 15), 6, ink)
    c.rectangle((left + 26, top + 56, left + 300, top + 82), p.deep, radius=3)
    for line in range(9):
        c.rectangle(
            (left + 26, top + 104 + line * 24, left + 26 + dice.uniform(200, 280), top + 113 + line * 24),
            mix(p.air, p.deep, 0.25),
            radius=4,
            opacity=0.75,
        )
    c.rectangle((left + 330, top + 56, right - 26, top + 196), Fade(p.gold, p.warm, "slant", 0.8))
    c.disc((left + 390, top + 116), 26, p.paper)
    c.polygon(
        [(left + 330, top + 196), *ridge(dice, top + 160, 40, start=left + 330, end=right - 26), (right - 26, top + 196)],
        mix(p.deep, p.cool, 0.2),
    )
    for bar in range(5):
        high = dice.uniform(24, 96)
        c.rectangle(
            (left + 336 + bar * 36, bottom - 24 - high, left + 360 + bar * 36, bottom - 24), mix(p.cool, p.deep, 0.15 * bar)
        )
    _desk_things(c, desk)


def _desk_things(c: Canvas, desk: float) -> None:
    p = c.palette
    c.polygon(points("560 590, 900 590, 926 632, 534 632"), Fade(mix(p.paper, p.light, 0.2), mix(p.light, p.air, 0.4)))
    for row in range(3):
        for key in range(15):
            x = 566 - row * 7 + key * (22 + row * 0.7)
            c.rectangle((x, 596 + row * 12, x + 16, 604 + row * 12), mix(p.deep, p.paper, 0.5), radius=2)
    c.rectangle((318, desk - 62, 384, desk + 14), Fade(p.warm, mix(p.warm, p.deep, 0.4), "across"), radius=9)
    c.line(smooth(points("384 -44, 408 -34, 402 -10, 382 -8", 0, desk)), mix(p.warm, p.deep, 0.3), 9)
    for wave in (0, 22):
        steam = smooth([(336 + wave, desk - 74), (328 + wave, desk - 100), (342 + wave, desk - 122), (334 + wave, desk - 150)])
        c.line(steam, p.paper, 5, opacity=0.5)
    c.polygon(
        points("1052 -66, 1142 -66, 1128 16, 1066 16", 0, desk),
        Fade(mix(p.light, p.paper, 0.4), mix(p.gold, p.deep, 0.35), "across"),
    )
    green = mix(p.cool, p.deep, 0.3)
    for angle, size in ((-1.0, 190), (-0.55, 220), (-0.2, 250), (0.2, 238), (0.6, 210), (1.0, 170)):
        tip = (1097 + math.sin(angle) * size * 0.8, desk - 66 - math.cos(angle) * size)
        bend = (1097 + math.sin(angle) * size * 0.2, desk - 66 - math.cos(angle) * size * 0.6)
        wide = 17.0
        leaf = smooth([(1097, desk - 62), (bend[0] - wide, bend[1]), tip, (bend[0] + wide, bend[1])], closed=True, steps=7)
        c.polygon(leaf, Fade(mix(green, p.gold, 0.35), mix(green, p.deep, 0.3), "slant"))


def game(c: Canvas) -> None:
    """A world of large pixels on a television, somebody playing in the dark."""
    p, dark, dice = c.palette, c.palette.night(), c.dice
    c.backdrop(Fade(mix(dark.deep, p.warm, 0.14), dark.deep, grain=0.6))
    c.glow((600, 290), 560, mix(p.warm, p.gold, 0.4), strength=0.55)
    c.rectangle((0, 520, WIDTH, HEIGHT), Fade(mix(dark.deep, p.warm, 0.22), dark.deep, grain=0.8))
    c.rectangle((330, 486, 870, 534), Fade(mix(p.warm, p.deep, 0.5), mix(dark.deep, p.warm, 0.2)))
    left, top, right, bottom = 264.0, 46.0, 936.0, 466.0
    c.rectangle((left - 26, top - 26, right + 26, bottom + 26), Fade(mix(p.deep, p.cool, 0.35), dark.deep), radius=34)
    c.rectangle((left, top, right, bottom), Fade(mix(p.cool, p.paper, 0.1), mix(p.light, p.gold, 0.2), grain=0))
    block = 21.0
    columns, rows = 32, 20
    sun_column = dice.randint(4, 9)
    for column in range(columns):
        for row in range(rows):
            if math.hypot(column - sun_column, row - 6) < 3.1:
                _pixel(c, left, top, block, column, row, mix(p.paper, p.gold, 0.3))
    far, near = 12.0, 15.0
    pit = dice.randint(12, 15)
    for column in range(columns):
        far = min(max(far + dice.choice((-1, -1, 0, 1, 1)), 8), 14)
        near = min(max(near + dice.choice((-1, 0, 0, 0, 1)), 14), 17)
        for row in range(int(far), rows):
            _pixel(c, left, top, block, column, row, mix(p.cool, p.deep, 0.12))
        if not pit <= column < pit + 3:
            for row in range(int(near), rows):
                _pixel(
                    c,
                    left,
                    top,
                    block,
                    column,
                    row,
                    p.gold if row == int(near) else mix(p.warm, p.deep, 0.25 + 0.12 * ((column + row) % 2)),
                )
        if column in (6, 7, 8, 19, 20, 21, 22):
            _pixel(c, left, top, block, column, 10 if column < 10 else 8, p.warm)
            if column in (7, 20, 21):
                _pixel(c, left, top, block, column, 8 if column < 10 else 6, mix(p.gold, p.paper, 0.4))
    hero = pit - 2
    for row, cells in enumerate(("1001", "1001", "1111", "1212", "1131", "0111", "0101")):
        for cell, kind in enumerate(cells):
            if kind != "0":
                half = block / 2
                x, y = left + hero * block + cell * half, top + 9 * block + row * half
                c.rectangle((x, y, x + half, y + half), {"1": p.paper, "2": p.deep, "3": p.warm}[kind])
    for line in range(int(top), int(bottom), 6):
        c.line([(left, line), (right, line)], dark.deep, 1, opacity=0.12)
    c.polygon([(left, top), (left + 260, top), (left + 60, bottom), (left, bottom)], p.paper, opacity=0.07)
    back = mix(dark.deep, (0, 0, 0), 0.35)
    for x, size in ((470, 250), (742, 226)):
        at = x + dice.uniform(-20, 20)
        body = smooth(
            [
                (at - size * 0.62, HEIGHT + 40),
                (at - size * 0.46, HEIGHT - size * 0.42),
                (at - size * 0.12, HEIGHT - size * 0.58),
                (at + size * 0.12, HEIGHT - size * 0.58),
                (at + size * 0.46, HEIGHT - size * 0.42),
                (at + size * 0.62, HEIGHT + 40),
            ],
            steps=6,
        )
        c.polygon(body, Fade(mix(back, p.warm, 0.22), back, "down", 0.6))
        c.disc((at, HEIGHT - size * 0.76), size * 0.225, Fade(mix(back, p.warm, 0.3), back, "down", 0.6))


def _pixel(c: Canvas, left: float, top: float, block: float, column: int, row: int, ink: Colour) -> None:
    c.rectangle((left + column * block, top + row * block, left + (column + 1) * block - 0.5, top + (row + 1) * block - 0.5), ink)
