"""Rooms with light in them: library, classroom, ward."""

from __future__ import annotations

import math

from .canvas import HEIGHT, WIDTH, Box, Canvas, Fade
from .palette import Colour, mix
from .parts import (
    below,
    points,
    ridge,
    smooth,
)
from .people import SIT, STAND, WALK, person
from .table import shelf_of_books


def library(c: Canvas) -> None:
    """Shelves up to the ceiling, an arched window, readers at a lamp."""
    p, dice = c.palette, c.dice
    wood = mix(p.deep, p.warm, 0.3)
    c.backdrop(Fade(mix(wood, p.gold, 0.25), wood))
    for left, right in ((0.0, 420.0), (780.0, 1200.0)):
        c.rectangle((left, 0, right, 560), Fade(mix(wood, p.deep, 0.5), mix(p.deep, wood, 0.2)))
        for row in range(5):
            bottom = 96 + row * 108
            for half in range(2):
                start = left + 14 + half * 203
                shelf_of_books(c, (start, bottom - 88, start + 189, bottom))
            c.rectangle((left, bottom, right, bottom + 13), Fade(mix(wood, p.gold, 0.4), wood))
        for post in (left, (left + right) / 2 - 7, right - 14):
            c.rectangle((post, 0, post + 14, 560), Fade(mix(wood, p.gold, 0.3), mix(wood, p.deep, 0.2), "across"))
    _arched_window(c, (452, 50, 748, 470))
    c.soft([(452, 300), (748, 300), (860, HEIGHT), (340, HEIGHT)], mix(p.gold, p.paper, 0.5), blur=30, opacity=0.35)
    c.rectangle((0, 556, WIDTH, HEIGHT), Fade(mix(p.warm, p.deep, 0.35), mix(p.deep, p.warm, 0.18), grain=0.8))
    c.soft([(470, 560), (730, 560), (900, HEIGHT), (300, HEIGHT)], mix(p.gold, p.paper, 0.4), blur=16, opacity=0.5)
    ladder = dice.choice((238.0, 940.0))
    for side in (0, 46):
        c.line([(ladder + side, 590), (ladder + side + 46, 40)], mix(p.gold, p.deep, 0.4), 7)
    for rung in range(14):
        y = 562 - rung * 38
        c.line([(ladder + (590 - y) * 0.0836, y), (ladder + 46 + (590 - y) * 0.0836, y)], mix(p.gold, p.deep, 0.4), 5)
    person(c, ladder + 44, 424, 172, STAND, left=ladder > 600)
    for x in (520.0, 690.0):
        person(c, x + (-26 if x < 600 else 26), 628, 228, SIT, left=x > 600)
        seat = x - 30 if x < 600 else x + 30
        c.line([(seat, 640), (seat, 560), (seat + (-34 if x < 600 else 34), 560)], mix(p.deep, wood, 0.2), 7)
    c.rectangle((486, 532, 724, 546), Fade(mix(p.gold, p.warm, 0.4), mix(p.warm, p.deep, 0.4)))
    for leg in (596, 612):
        c.line([(leg, 546), (leg, 640)], mix(p.deep, wood, 0.3), 8)
    c.line([(604, 532), (604, 486)], p.deep, 4)
    c.glow((604, 486), 150, p.gold, strength=0.75)
    c.pie((574, 458, 634, 516), 180, 360, Fade(p.cool, mix(p.cool, p.deep, 0.35)))
    for at in (544, 664):
        c.polygon(points("-26 530, 0 525, 26 530, 22 519, 0 515, -22 519", at), p.paper)


def _arched_window(c: Canvas, box: Box) -> None:
    p, dice = c.palette, c.dice
    left, top, right, bottom = box
    middle, half = (left + right) / 2, (right - left) / 2
    frame = mix(p.light, p.paper, 0.3)
    c.glow((middle, top + half), half * 2.6, p.paper, strength=0.5)
    for grow, ink in ((16.0, mix(p.gold, p.deep, 0.35)), (8.0, frame)):
        c.pie((left - grow, top - grow, right + grow, top + half * 2 + grow), 180, 360, ink)
        c.rectangle((left - grow, top + half, right + grow, bottom + grow), ink)
    day = Fade(mix(p.air, p.light, 0.4), mix(p.paper, p.light, 0.2), grain=0.5)
    c.pie((left, top, right, top + half * 2), 180, 360, mix(p.air, p.light, 0.4))
    c.rectangle((left, top + half - 1, right, bottom), day)
    c.disc((middle + dice.uniform(-60, 60), top + half + 60), 44, Fade(p.gold, mix(p.warm, p.gold, 0.4), grain=0.8))
    line = ridge(dice, bottom - 90, 70, rough=0.42, start=left, end=right)
    c.polygon(below(line, bottom), Fade(mix(p.air, p.cool, 0.6), mix(p.air, p.light, 0.3)))
    for bar in range(1, 4):
        x = left + (right - left) * bar / 4
        rise = math.sqrt(max(0.0, 1 - ((x - middle) / half) ** 2)) * half
        c.line([(x, top + half - rise), (x, bottom)], frame, 7)
    for bar in range(3):
        c.line([(left, top + half + bar * 104), (right, top + half + bar * 104)], frame, 7)


def classroom(c: Canvas) -> None:
    """Desks in afternoon light, the blackboard, children and their teacher."""
    p, dice = c.palette, c.dice
    wall = mix(p.light, p.paper, 0.45)
    c.backdrop(Fade(mix(wall, p.paper, 0.3), mix(wall, p.gold, 0.18), grain=0.6))
    c.rectangle((0, 372, WIDTH, 440), mix(p.cool, p.paper, 0.4))
    board = mix(p.cool, p.deep, 0.62)
    c.rectangle((330, 74, 880, 336), mix(p.gold, p.deep, 0.4), radius=4)
    c.rectangle((344, 88, 866, 322), Fade(mix(board, p.cool, 0.16), board, "slant", 0.7))
    chalk = mix(p.paper, p.cool, 0.12)
    for line in range(4):
        c.line([(380, 130 + line * 30), (380 + dice.uniform(90, 190), 130 + line * 30)], chalk, 4, opacity=0.75)
    c.line([(640, 276), (640, 124)], chalk, 3.4, opacity=0.85)
    c.line([(630, 262), (836, 262)], chalk, 3.4, opacity=0.85)
    c.line(smooth(points("644 250, 690 214, 742 206, 780 160, 828 132")), mix(p.gold, p.paper, 0.3), 4.5)
    c.line([(620, 296), (840, 296)], chalk, 3, opacity=0.5)
    c.rectangle((330, 330, 880, 344), mix(p.gold, p.deep, 0.25))
    for left in (24, 160):
        c.rectangle((left - 8, 60, left + 124, 350), mix(p.paper, (255, 255, 255), 0.3))
        c.rectangle((left, 68, left + 116, 342), Fade(mix(p.air, p.paper, 0.15), mix(p.light, p.gold, 0.2)))
        c.pie((left + 2, 250, left + 114, 434), 180, 360, mix(p.cool, p.gold, dice.uniform(0.25, 0.5)), opacity=0.8)
        c.line([(left + 58, 68), (left + 58, 342)], mix(p.paper, (255, 255, 255), 0.3), 6)
    c.rectangle((960, 90, 1150, 250), mix(p.gold, p.deep, 0.35))
    for note in range(8):
        x, y = 974 + note % 4 * 43, 104 + note // 4 * 68
        c.rectangle((x, y, x + 35, y + dice.uniform(44, 56)), dice.choice((p.paper, p.warm, p.gold, mix(p.cool, p.paper, 0.4))))
    c.rectangle((0, 436, WIDTH, HEIGHT), Fade(mix(p.gold, p.light, 0.4), mix(p.warm, p.deep, 0.3), grain=0.8))
    for left in (60, 300):
        c.soft([(left, 440), (left + 130, 440), (left + 470, HEIGHT), (left + 250, HEIGHT)], p.paper, blur=12, opacity=0.5)
    person(c, 926, 452, 236, WALK, left=True, long=True)
    for row, (y, size) in enumerate(((470, 0.72), (548, 0.94), (650, 1.26))):
        for seat in range(4 - row // 2):
            place = 190 + row * 40 + seat * (236 + 52 * row) + dice.uniform(-10, 10)
            _pupil(c, place, y, size)


def _pupil(c: Canvas, x: float, y: float, size: float) -> None:
    p, dice = c.palette, c.dice
    top, hair, skin = dice.choice(p.cloths), mix(p.deep, (12, 10, 10), 0.4), dice.choice(p.skins)
    back = smooth(points("-34 20, -30 -42, -10 -58, 10 -58, 30 -42, 34 20", x, y, size), steps=5)
    wood = mix(p.gold, p.paper, 0.3)
    c.soft(points("-60 60, 60 60, 110 80, -30 80", x, y, size), p.deep, blur=6 * size, opacity=0.4)
    c.polygon(points("-62 -24, 62 -24, 74 -4, -74 -4", x, y, size), Fade(wood, mix(wood, p.warm, 0.3)))
    c.polygon(points("-6 -22, 30 -22, 34 -12, -8 -12", x, y, size), p.paper)
    c.rectangle((x - 7 * size, y - 66 * size, x + 7 * size, y - 50 * size), skin)
    c.polygon(back, Fade(mix(top, p.paper, 0.15), mix(top, p.deep, 0.3), "across", 0.7))
    c.disc((x, y - 82 * size), 23 * size, skin)
    c.disc((x, y - 86 * size), 25 * size, hair)
    if dice.random() < 0.45:
        c.line(smooth([(x, y - 84 * size), (x + 4 * size, y - 60 * size), (x - 2 * size, y - 34 * size)]), hair, 15 * size)
    steel = mix(p.deep, p.cool, 0.3)
    for leg in (-60, 60):
        c.line([(x + leg * size, y - 4 * size), (x + leg * 1.06 * size, y + 68 * size)], steel, 5 * size)
    c.rectangle(
        (x - 34 * size, y - 2 * size, x + 34 * size, y + 26 * size),
        Fade(mix(p.gold, p.warm, 0.3), mix(p.warm, p.deep, 0.3)),
        radius=6 * size,
    )
    for leg in (-26, 26):
        c.line([(x + leg * size, y + 26 * size), (x + leg * size, y + 78 * size)], steel, 5 * size)


def hospital(c: Canvas) -> None:
    """A quiet ward in the morning: a bed, flowers, somebody sitting by."""
    p, dice = c.palette, c.dice
    wall = mix(mix(p.cool, p.paper, 0.62), p.light, 0.2)
    c.backdrop(Fade(mix(wall, p.paper, 0.4), mix(wall, p.cool, 0.12), "slant", 0.6))
    c.rectangle((0, 560, WIDTH, HEIGHT), Fade(mix(wall, p.air, 0.6), mix(p.cool, p.deep, 0.25), grain=0.8))
    c.rectangle((0, 548, WIDTH, 562), mix(wall, p.deep, 0.2))
    frame = mix(p.paper, (255, 255, 255), 0.4)
    c.rectangle((118, 66, 532, 404), frame)
    c.rectangle((130, 78, 520, 392), Fade(mix(p.air, p.light, 0.5), mix(p.paper, p.light, 0.25)))
    c.disc((dice.uniform(230, 420), 240), 54, Fade(mix(p.gold, p.paper, 0.2), mix(p.gold, p.warm, 0.4), grain=0.8))
    c.polygon(
        below(ridge(dice, 330, 56, rough=0.42, start=130, end=520), 392), Fade(mix(p.air, p.cool, 0.6), mix(p.air, p.light, 0.35))
    )
    for bar in (260, 390):
        c.line([(bar, 78), (bar, 392)], frame, 8)
    for left, way in ((86, 1), (500, -1)):
        for fold in range(4):
            x = left + fold * 17
            cloth = mix(p.paper, p.light, 0.3)
            c.polygon(
                [(x, 54), (x + 17, 54), (x + 17 - way * 3, 430), (x - way * 3, 430)],
                Fade(mix(cloth, p.air, 0.3), cloth, "across", 0.5),
                opacity=0.94,
            )
    c.rectangle((70, 46, 582, 56), mix(p.deep, p.warm, 0.3))
    c.soft([(180, 430), (520, 430), (980, HEIGHT), (520, HEIGHT)], p.paper, blur=22, opacity=0.5)
    c.soft(points("420 600, 1130 600, 1150 640, 420 640"), p.deep, blur=12, opacity=0.45)
    steel = mix(p.cool, p.deep, 0.35)
    for x in (452, 1076):
        c.line([(x, 400 if x > 700 else 460), (x, 622)], steel, 10)
        c.disc((x, 626), 11, p.deep)
    c.rectangle((446, 540, 1082, 560), steel, radius=5)
    sheet = mix(p.paper, (255, 255, 255), 0.45)
    c.rectangle((440, 494, 1084, 548), Fade(sheet, mix(sheet, p.cool, 0.35)), radius=18)
    c.rectangle((1072, 356, 1092, 560), Fade(mix(p.gold, p.light, 0.3), mix(p.gold, p.deep, 0.35), "across"), radius=8)
    c.polygon(
        smooth(points("930 500, 938 446, 990 424, 1062 434, 1070 500"), closed=True),
        Fade(sheet, mix(sheet, p.cool, 0.3), "slant"),
    )
    c.disc((980, 440), 33, c.dice.choice(p.skins))
    c.pie((944, 402, 1018, 478), 190, 380, mix(p.deep, (12, 10, 10), 0.3))
    quilt = smooth(points("440 548, 446 486, 520 452, 660 446, 800 428, 900 440, 946 482, 940 548"))
    c.polygon(quilt, Fade(mix(p.warm, p.paper, 0.32), mix(p.warm, p.deep, 0.18), "slant", 0.8))
    c.polygon(smooth(points("884 440, 934 446, 954 486, 946 546, 912 546, 914 486"), closed=True), sheet)
    for crease in ("560 466, 592 505, 600 544", "690 452, 707 498, 700 544", "812 440, 833 492, 830 544"):
        c.line(smooth(points(crease)), mix(p.warm, p.deep, 0.3), 3, opacity=0.4)
    c.line([(1140, 626), (1140, 130)], steel, 6)
    c.line([(1112, 140), (1168, 140)], steel, 5)
    c.rectangle((1098, 150, 1132, 224), mix(p.paper, p.light, 0.2), radius=10, opacity=0.92)
    c.rectangle((1101, 184, 1129, 221), mix(p.gold, p.paper, 0.3), radius=8)
    c.line(smooth(points("1115 224, 1120 320, 1060 400, 1010 480")), mix(p.paper, p.cool, 0.2), 2.4)
    _bedside(c)
    person(c, 640, 648, 286, SIT, long=False)
    c.line([(606, 652), (606, 560), (688, 560)], mix(p.deep, p.warm, 0.25), 8)
    c.line([(684, 562), (684, 652)], mix(p.deep, p.warm, 0.25), 8)


def _bedside(c: Canvas) -> None:
    p, dice = c.palette, c.dice
    wood: Colour = mix(p.gold, p.light, 0.3)
    c.rectangle((276, 452, 408, 628), Fade(wood, mix(wood, p.deep, 0.35), "slant"), radius=4)
    for drawer in (470, 548):
        c.rectangle((288, drawer, 396, drawer + 66), mix(wood, p.paper, 0.25), radius=3)
        c.disc((342, drawer + 33), 5, mix(p.deep, p.warm, 0.3))
    c.polygon(
        smooth(points("320 452, 312 420, 328 388, 354 388, 370 420, 362 452"), steps=6),
        Fade(mix(p.cool, p.paper, 0.4), mix(p.cool, p.deep, 0.3), "across"),
    )
    for turn in range(7):
        angle = -1.1 + turn * 0.36
        tip = (341 + math.sin(angle) * 76, 388 - math.cos(angle) * dice.uniform(62, 98))
        c.line(smooth([(341, 392), ((341 + tip[0]) / 2, (380 + tip[1]) / 2 - 8), tip]), mix(p.cool, p.deep, 0.4), 3)
        ink = dice.choice((p.warm, p.gold, mix(p.warm, p.paper, 0.4)))
        for petal in range(5):
            at = petal / 5 * math.tau
            c.disc((tip[0] + math.cos(at) * 10, tip[1] + math.sin(at) * 10), 9, ink)
        c.disc(tip, 6, mix(p.gold, p.paper, 0.4))
