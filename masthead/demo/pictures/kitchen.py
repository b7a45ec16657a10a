"""A kitchen with something on the stove."""

from __future__ import annotations

from .canvas import HEIGHT, WIDTH, Canvas, Fade
from .palette import Colour, mix
from .parts import (
    points,
    smooth,
)


def kitchen(c: Canvas) -> None:
    """A pot on the stove, bowls on the shelf, vegetables on the counter."""
    p, dice = c.palette, c.dice
    tile = mix(p.paper, p.light, 0.4)
    c.backdrop(Fade(mix(tile, p.paper, 0.4), mix(tile, p.air, 0.35), "slant", 0.6))
    for line in range(1, 12):
        c.line([(0, 250 + line * 44), (WIDTH, 250 + line * 44)], p.paper, 2, opacity=0.55)
    for row in range(7):
        for column in range(20):
            x = column * 66 + (33 if row % 2 else 0)
            c.line([(x, 250 + row * 44), (x, 294 + row * 44)], p.paper, 2, opacity=0.55)
    _kitchen_window(c)
    board = 250.0
    c.rectangle((516, board, 836, board + 16), Fade(mix(p.gold, p.deep, 0.3), mix(p.deep, p.warm, 0.35)))
    c.soft(points("516 16, 836 16, 836 42, 516 42", 0, board), p.deep, blur=8, opacity=0.35)
    for x, half, deepness in ((580, 54, 48), (690, 46, 40)):
        ink = dice.choice((p.cool, p.warm, p.paper, mix(p.deep, p.cool, 0.3)))
        for stack in range(dice.randint(1, 3)):
            _bowl(c, x, board - stack * 20, half, deepness, ink)
    _jar(c, 786, board, 38, 100, p.gold)
    for hook, kind in enumerate((0, 1, 2, 0)):
        x = 560 + hook * 76
        steel = mix(p.deep, p.cool, 0.35)
        c.line([(x, board + 22), (x, board + 112)], steel, 6)
        if kind == 0:
            c.pie((x - 24, board + 84, x + 24, board + 140), 0, 180, steel)
        elif kind == 1:
            c.rectangle((x - 17, board + 108, x + 17, board + 156), steel, radius=6)
            for slot in (-8, 0, 8):
                c.line([(x + slot, board + 118), (x + slot, board + 146)], tile, 2.6)
        else:
            c.ellipse((x - 17, board + 104, x + 17, board + 152), mix(p.gold, p.deep, 0.35))
    counter = 540.0
    c.rectangle((0, counter, WIDTH, HEIGHT), Fade(mix(p.gold, p.light, 0.25), mix(p.warm, p.deep, 0.35), grain=0.8))
    c.rectangle((0, counter, WIDTH, counter + 12), mix(p.light, p.paper, 0.3))
    _stove_pot(c, 1000, counter)
    _vegetables(c, counter)


def _kitchen_window(c: Canvas) -> None:
    p, dice = c.palette, c.dice
    frame = mix(p.paper, (255, 255, 255), 0.4)
    c.rectangle((84, 60, 470, 360), frame)
    c.rectangle((98, 74, 456, 346), Fade(mix(p.air, p.light, 0.4), mix(p.paper, p.light, 0.3)))
    c.disc((dice.uniform(190, 370), 206), 46, Fade(p.gold, mix(p.gold, p.warm, 0.6), grain=0.8))
    hill = smooth(points("98 300, 180 262, 270 290, 360 250, 456 286"))
    c.polygon([*hill, (456, 346), (98, 346)], Fade(mix(p.cool, p.light, 0.2), mix(p.cool, p.deep, 0.2)))
    c.line([(277, 74), (277, 346)], frame, 9)
    c.rectangle((70, 352, 484, 372), frame)
    for pot in (150, 236, 392):
        c.polygon(points("-24 312, 24 312, 18 353, -18 353", pot), Fade(p.warm, mix(p.warm, p.deep, 0.4), "across"))
        for blade in range(9):
            lean = (blade - 4) * 9 + dice.uniform(-3, 3)
            c.line(
                smooth([(pot + lean * 0.2, 314), (pot + lean * 0.6, 280), (pot + lean, 258 + abs(lean) * 0.5)], steps=5),
                mix(p.cool, p.deep, dice.uniform(0.25, 0.5)),
                5,
            )
    c.soft([(100, 380), (470, 380), (700, HEIGHT), (260, HEIGHT)], p.paper, blur=20, opacity=0.35)


def _bowl(c: Canvas, x: float, bottom: float, half: float, deepness: float, ink: Colour) -> None:
    p = c.palette
    c.rectangle((x - half * 0.4, bottom - 9, x + half * 0.4, bottom), mix(ink, p.deep, 0.35))
    c.pie(
        (x - half, bottom - 8 - deepness * 2, x + half, bottom - 6),
        0,
        180,
        Fade(mix(ink, p.paper, 0.35), mix(ink, p.deep, 0.35), "across", 0.7),
    )
    c.rectangle((x - half, bottom - 10 - deepness, x + half, bottom - 3 - deepness), mix(ink, p.paper, 0.5))


def _jar(c: Canvas, x: float, bottom: float, half: float, high: float, ink: Colour) -> None:
    p = c.palette
    c.rectangle((x - half, bottom - high, x + half, bottom), mix(p.paper, (255, 255, 255), 0.3), radius=9, opacity=0.75)
    c.rectangle(
        (x - half + 5, bottom - high * 0.68, x + half - 5, bottom - 5),
        Fade(mix(ink, p.paper, 0.2), mix(ink, p.deep, 0.25)),
        radius=6,
    )
    c.rectangle((x - half - 4, bottom - high - 13, x + half + 4, bottom - high + 4), mix(p.deep, p.warm, 0.4), radius=4)
    c.line([(x - half + 9, bottom - high + 14), (x - half + 9, bottom - 14)], p.paper, 5, opacity=0.7)


def _stove_pot(c: Canvas, x: float, counter: float) -> None:
    p = c.palette
    dark = mix(p.deep, (0, 0, 0), 0.2)
    c.rectangle((x - 190, counter - 26, x + 190, counter + 8), Fade(mix(p.deep, p.cool, 0.3), dark), radius=8)
    c.glow((x, counter - 26), 110, mix(p.warm, p.gold, 0.5), strength=0.6)
    for flame in range(9):
        at = x - 64 + flame * 16
        c.polygon(smooth([(at - 6, counter - 26), (at, counter - 50), (at + 6, counter - 26)], steps=4), mix(p.warm, p.gold, 0.5))
    body = mix(p.deep, p.warm, 0.25)
    for way in (-1, 1):
        c.line(
            smooth(
                [
                    (x + way * 120, counter - 128),
                    (x + way * 158, counter - 134),
                    (x + way * 150, counter - 104),
                    (x + way * 120, counter - 104),
                ]
            ),
            dark,
            11,
        )
    pot = smooth(points("-126 -150, -122 -76, -84 -42, 84 -42, 122 -76, 126 -150", x, counter), steps=7)
    c.polygon(pot, Fade(mix(body, p.gold, 0.35), dark, "across", 0.8))
    c.rectangle((x - 134, counter - 160, x + 134, counter - 144), mix(body, p.gold, 0.28), radius=7)
    c.pie(
        (x - 122, counter - 218, x + 122, counter - 94),
        180,
        360,
        Fade(mix(body, p.gold, 0.4), mix(body, dark, 0.5), "across", 0.8),
    )
    c.rectangle((x - 16, counter - 236, x + 16, counter - 214), dark, radius=8)
    for wave in (-66, 4, 70):
        rise = smooth(
            [
                (x + wave, counter - 230),
                (x + wave - 24, counter - 300),
                (x + wave + 18, counter - 370),
                (x + wave - 6, counter - 450),
            ]
        )
        c.soft([*((a - 13, b) for a, b in rise), *((a + 13, b) for a, b in reversed(rise))], p.paper, blur=7, opacity=0.6)


def _vegetables(c: Canvas, counter: float) -> None:
    p, dice = c.palette, c.dice
    c.soft(points("110 52, 640 52, 676 84, 130 84", 0, counter), p.deep, blur=8, opacity=0.45)
    c.polygon(
        points("140 22, 620 22, 656 70, 104 70", 0, counter), Fade(mix(p.gold, p.paper, 0.4), mix(p.gold, p.deep, 0.2), grain=0.8)
    )
    c.rectangle((104, counter + 70, 656, counter + 82), mix(p.gold, p.deep, 0.4))
    green = mix(p.cool, p.deep, 0.25)
    for stalk in range(5):
        y = counter + 40 - stalk * 7
        c.line(smooth([(190, y), (330, y - 8), (430, y - 2)]), mix(p.paper, green, 0.15), 11)
        c.line(
            smooth([(330, y - 8), (450, y - 6), (560, y - 34 + stalk * 8)]), Fade(mix(green, p.gold, 0.25), green, "across"), 9
        )
    for x, size in ((236, 40), (316, 34)):
        c.disc((x, counter + 22 - size * 0.4), size, Fade(mix(p.warm, p.paper, 0.25), mix(p.warm, p.deep, 0.25), "slant", 0.8))
        c.line([(x, counter + 22 - size * 1.3), (x + 5, counter + 22 - size * 1.65)], green, 6)
    tip, y = 470 + dice.uniform(-12, 12), counter + 34
    c.polygon(
        smooth(points("-96 -4, -20 -26, 68 -24, 92 -4, 66 15, -20 14", tip, y), closed=True),
        Fade(mix(p.gold, p.warm, 0.35), mix(p.warm, p.deep, 0.15)),
    )
    for leaf in (-26, -6, 16):
        c.line(smooth([(tip + 86, y - 4), (tip + 120, y - 6 + leaf), (tip + 152, y - 8 + leaf * 1.5)]), green, 7)
