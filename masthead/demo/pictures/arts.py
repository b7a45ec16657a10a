"""The stage, the gallery, a face."""

from __future__ import annotations

import math

from .canvas import HEIGHT, WIDTH, Box, Canvas, Fade, Point
from .palette import Colour, mix
from .parts import (
    below,
    points,
    ridge,
    smooth,
)
from .people import SIT, STAND, WALK, bust, person


def stage(c: Canvas) -> None:
    """A concert: curtains, one cone of light, the audience in the dark."""
    p, dark, dice = c.palette, c.palette.night(), c.dice
    c.backdrop(Fade(mix(dark.deep, p.cool, 0.2), dark.deep, grain=0.7))
    middle = 600 + dice.uniform(-50, 50)
    floor = 500.0
    c.soft(
        [(middle - 50, -60), (middle + 50, -60), (middle + 270, floor + 20), (middle - 270, floor + 20)],
        mix(p.gold, p.paper, 0.4),
        blur=12,
        opacity=0.42,
    )
    for side in (-1, 1):
        c.soft(
            [(middle + side * 340, -60), (middle + side * 400, -60), (middle + side * 130, floor), (middle - side * 60, floor)],
            p.warm,
            blur=16,
            opacity=0.34,
        )
    c.polygon(
        [(60, floor - 14), (1140, floor - 14), (1260, 592), (-60, 592)],
        Fade(mix(p.warm, p.gold, 0.3), mix(p.deep, p.warm, 0.35), grain=0.8),
    )
    c.ellipse((middle - 280, floor - 26, middle + 280, floor + 74), mix(p.paper, p.gold, 0.35), opacity=0.62)
    kind = dice.choice((_pianist, _cellist, _dancer))
    kind(c, middle, floor + 34)
    red = mix(p.warm, p.deep, 0.25)
    for side in (0, 1):
        for fold in range(6):
            wide = 46 - fold * 1.5
            x = fold * 43 if side == 0 else WIDTH - fold * 43 - wide
            swing = fold * 5
            bottom = 596 - fold * 9
            edge = [
                (x, -4),
                (x + wide, -4),
                (x + wide + (swing if side == 0 else -swing) * 0.2, bottom),
                (x - (0 if side == 0 else swing * 0.2), bottom),
            ]
            c.polygon(edge, Fade(mix(red, p.warm, 0.35), mix(red, dark.deep, 0.72), "across", 0.6))
    for swag in range(6):
        left = swag * 200
        c.pie((left - 6, -96, left + 206, 96), 0, 180, Fade(mix(red, dark.deep, 0.3), mix(red, p.warm, 0.4), grain=0.7))
        c.pie((left + 20, -66, left + 180, 56), 0, 180, mix(red, dark.deep, 0.4), opacity=0.5)
    c.rectangle((0, 588, WIDTH, HEIGHT), mix(dark.deep, (0, 0, 0), 0.3))
    for row, (size, y) in enumerate(((70, 618), (92, 648), (118, 690))):
        step = size * 1.12
        for seat in range(int(WIDTH / step) + 2):
            ink = mix(mix(dark.deep, (0, 0, 0), 0.35), p.warm, 0.24 - 0.1 * row)
            bust(
                c,
                seat * step - (row % 2) * step / 2 + dice.uniform(-6, 6),
                y + dice.uniform(-4, 4),
                size,
                Fade(mix(ink, p.gold, 0.12), ink),
            )


def _pianist(c: Canvas, x: float, floor: float) -> None:
    ink = mix(c.palette.night().deep, (0, 0, 0), 0.2)
    lid = points("-40 -120, 190 -260, 206 -250, 30 -112", x, floor)
    c.polygon(lid, ink)
    c.polygon(smooth(points("-60 -122, 120 -122, 214 -112, 216 -76, -60 -74", x, floor), closed=True, steps=4), ink)
    c.rectangle((x - 84, floor - 104, x + 10, floor - 84), ink)
    c.rectangle((x - 82, floor - 106, x - 46, floor - 100), c.palette.paper)
    for leg in (-40, 60, 190):
        c.line([(x + leg, floor - 76), (x + leg, floor)], ink, 9)
    c.line([(x + 60, floor - 120), (x + 100, floor - 196)], ink, 4)
    _sitting(c, x - 156, floor, ink, [(x - 128, floor - 120), (x - 106, floor - 96), (x - 70, floor - 108)])


def _cellist(c: Canvas, x: float, floor: float) -> None:
    p = c.palette
    ink = mix(p.night().deep, (0, 0, 0), 0.2)
    _sitting(c, x - 30, floor, ink, [(x - 4, floor - 128), (x + 34, floor - 108), (x + 78, floor - 92)])
    wood = mix(p.warm, p.deep, 0.3)
    body = smooth(points("44 -150, 84 -138, 72 -104, 94 -48, 46 -14, 2 -40, 22 -94, 12 -134", x, floor), closed=True)
    c.polygon(body, Fade(mix(wood, p.gold, 0.5), mix(wood, p.deep, 0.4), "slant", 0.8))
    c.line([(x + 46, floor - 60), (x + 20, floor - 252)], ink, 7)
    c.line([(x + 46, floor - 14), (x + 50, floor)], ink, 3)
    c.line([(x - 30, floor - 74), (x + 150, floor - 104)], p.paper, 2.6)


def _sitting(c: Canvas, x: float, floor: float, ink: Colour, arm: list[Point]) -> None:
    """A musician on a stool in black, playing with ``arm``."""
    skin = c.palette.skins[0]
    c.rectangle((x - 34, floor - 72, x + 34, floor - 62), ink)
    for leg in (-26, 26):
        c.line([(x + leg, floor - 62), (x + leg, floor)], ink, 6)
    c.line(smooth([(x, floor - 80), (x + 60, floor - 80), (x + 66, floor - 8)], steps=4), ink, 22)
    c.polygon(
        smooth(points("-26 -66, -24 -140, 0 -172, 26 -150, 26 -66", x, floor), steps=6), Fade(mix(ink, c.palette.cool, 0.4), ink)
    )
    c.line([(x + 4, floor - 150), *arm], mix(ink, c.palette.cool, 0.22), 15)
    c.disc(arm[-1], 7, skin)
    c.line([(x + 4, floor - 168), (x + 6, floor - 186)], skin, 13)
    c.disc((x + 9, floor - 198), 21, skin)
    c.pie((x - 16, floor - 223, x + 31, floor - 176), 150, 330, ink)


def _dancer(c: Canvas, x: float, floor: float) -> None:
    p = c.palette
    skin = p.skins[0]
    c.line(smooth([(x + 6, floor - 150), (x + 80, floor - 158), (x + 158, floor - 196)]), skin, 17)
    c.line([(x, floor - 146), (x - 4, floor - 74), (x + 2, floor - 4)], skin, 17)
    c.line([(x + 2, floor - 10), (x + 4, floor + 2)], p.warm, 11)
    skirt = smooth(points("-16 -176, -104 -118, -40 -112, 20 -122, 108 -148, 20 -180", x, floor), closed=True)
    c.polygon(skirt, Fade(mix(p.paper, p.light, 0.1), mix(p.warm, p.paper, 0.35), "across", 0.8))
    c.line(smooth([(x - 8, floor - 230), (x - 70, floor - 256), (x - 124, floor - 312)]), skin, 11)
    c.line(smooth([(x + 8, floor - 230), (x + 66, floor - 250), (x + 128, floor - 262)]), skin, 11)
    c.polygon(
        smooth(points("-18 -170, -20 -226, 0 -240, 20 -226, 18 -170", x, floor), steps=6),
        Fade(p.warm, mix(p.warm, p.deep, 0.25), "across"),
    )
    c.line([(x, floor - 238), (x - 2, floor - 262)], skin, 11)
    c.disc((x - 4, floor - 276), 19, skin)
    c.pie((x - 26, floor - 299, x + 18, floor - 255), 180, 380, mix(p.deep, (0, 0, 0), 0.3))
    c.disc((x + 12, floor - 296), 10, mix(p.deep, (0, 0, 0), 0.3))


def museum(c: Canvas) -> None:
    """A gallery under a skylight, large canvases, visitors looking."""
    p, dice = c.palette, c.dice
    wall = mix(p.paper, p.light, 0.3)
    floor = 512.0
    c.backdrop(Fade(mix(wall, p.paper, 0.5), mix(wall, p.air, 0.3), grain=0.6))
    c.polygon([(0, 0), (WIDTH, 0), (1010, 66), (190, 66)], mix(wall, p.deep, 0.1))
    for pane in range(6):
        start, end = 60 + pane * 182, 60 + (pane + 1) * 182 - 14
        c.polygon(
            [(start, 4), (end, 4), (600 + (end - 600) * 0.76, 60), (600 + (start - 600) * 0.76, 60)],
            mix(p.paper, (255, 255, 255), 0.5),
        )
    for lit in (60, 470, 850):
        c.soft(points(f"0 70, 170 70, 330 {floor}, -20 {floor}", lit), (255, 255, 255), blur=26, opacity=0.25)
    c.rectangle((0, floor, WIDTH, HEIGHT), Fade(mix(p.gold, p.light, 0.35), mix(p.warm, p.deep, 0.25), grain=0.8))
    c.rectangle((0, floor - 12, WIDTH, floor), mix(wall, p.deep, 0.3))
    frames = [(96.0, 140.0, 330.0, 420.0), (410.0, 116.0, 790.0, 440.0), (872.0, 150.0, 1096.0, 408.0)]
    styles = [_circles, _landscape, _bands]
    dice.shuffle(styles)
    for box, style in zip(frames, styles, strict=True):
        left, top, right, bottom = box
        shadow = [(left + 4, top + 14), (right + 16, top + 14), (right + 16, bottom + 18), (left + 4, bottom + 18)]
        c.soft(shadow, p.deep, blur=8, opacity=0.4)
        c.rectangle((left - 10, top - 10, right + 10, bottom + 10), mix(p.deep, p.warm, 0.2))
        c.rectangle((left - 5, top - 5, right + 5, bottom + 5), p.paper)
        style(c, box)
        c.rectangle((right + 22, bottom - 30, right + 44, bottom - 8), p.paper)
    c.soft(points("560 600, 860 600, 880 622, 540 622"), p.deep, blur=7, opacity=0.5)
    c.rectangle((546, 556, 846, 578), Fade(mix(p.deep, p.warm, 0.35), p.deep), radius=4)
    for leg in (568, 812):
        c.rectangle((leg, 576, leg + 12, 610), p.deep)
    person(c, 700 + dice.uniform(-16, 16), 612, 236, SIT, left=True)
    for x, foot, tall, pose in ((230, 600, 236, STAND), (300, 606, 196, STAND), (980, 612, 244, WALK)):
        at = x + dice.uniform(-16, 16)
        c.soft(points("-10 0, 14 0, -60 66, -96 66", at, foot), p.deep, blur=6, opacity=0.4)
        person(c, at, foot, tall, pose, long=dice.random() < 0.6, left=x > 600)


def _circles(c: Canvas, box: Box) -> None:
    p, dice = c.palette, c.dice
    left, top, right, bottom = box
    c.rectangle(box, Fade(mix(p.cool, p.paper, 0.3), mix(p.cool, p.deep, 0.2)))
    size = (right - left) * 0.3
    for shift, ink in ((0.4, p.warm), (0.62, p.gold), (0.5, p.deep)):
        c.pie(
            (
                left + (right - left) * shift - size,
                (top + bottom) / 2 - size,
                left + (right - left) * shift + size,
                (top + bottom) / 2 + size,
            ),
            *dice.choice(((0, 180), (90, 270), (180, 360), (0, 360))),
            Fade(mix(ink, p.paper, 0.15), ink),
            opacity=0.93,
        )


def _landscape(c: Canvas, box: Box) -> None:
    p, dice = c.palette, c.dice
    left, top, right, bottom = box
    c.rectangle(box, Fade(mix(p.gold, p.light, 0.3), mix(p.warm, p.light, 0.4), grain=0.8))
    c.disc((left + (right - left) * dice.uniform(0.3, 0.7), top + (bottom - top) * 0.4), (bottom - top) * 0.2, p.paper)
    for layer in range(3):
        line = ridge(dice, top + (bottom - top) * (0.6 + 0.13 * layer), 34, rough=0.42, start=left, end=right)
        ink = mix(mix(p.warm, p.cool, 0.5), p.deep, 0.2 + 0.3 * layer)
        c.polygon(below(line, bottom), Fade(ink, mix(ink, p.light, 0.25)))


def _bands(c: Canvas, box: Box) -> None:
    p, dice = c.palette, c.dice
    left, top, right, bottom = box
    inks = [p.warm, p.deep, p.gold, mix(p.paper, p.light, 0.3), p.cool]
    dice.shuffle(inks)
    y = top
    for ink in inks:
        high = (bottom - top) * dice.uniform(0.1, 0.28) if ink != inks[-1] else bottom - y
        c.rectangle((left, y, right, min(y + high, bottom)), Fade(mix(ink, p.paper, 0.12), mix(ink, p.deep, 0.12), "across", 0.8))
        y += high


def portrait(c: Canvas) -> None:
    """A face without features against a large disc, as on a culture page."""
    p, dice = c.palette, c.dice
    ground = dice.choice((p.cool, mix(p.warm, p.paper, 0.15), mix(p.gold, p.light, 0.2), mix(p.air, p.light, 0.2)))
    c.backdrop(Fade(mix(ground, p.paper, 0.25), mix(ground, p.deep, 0.16), "slant", 0.75))
    x = 600 + dice.choice((-150, 0, 150))
    c.disc((x + 30, 300), 262, Fade(mix(p.paper, p.light, 0.35), mix(p.light, p.gold, 0.35), grain=0.9))
    for leaf in range(7):
        turn = -1.2 + leaf * 0.28
        base: Point = (150.0, 690.0) if x >= 600 else (1050.0, 690.0)
        way = 1 if x >= 600 else -1
        tip = (base[0] + math.sin(turn) * 150 * way, base[1] - math.cos(turn) * (300 + 30 * (leaf % 3)))
        middle = ((base[0] + tip[0]) / 2, (base[1] + tip[1]) / 2)
        c.polygon(
            smooth([base, (middle[0] - 30, middle[1]), tip, (middle[0] + 30, middle[1])], closed=True),
            Fade(mix(p.cool, p.deep, 0.25), mix(p.deep, p.cool, 0.2), "slant", 0.8),
        )
    skin, hair = dice.choice(p.skins), mix(p.deep, (14, 10, 10), dice.uniform(0.1, 0.5))
    if dice.random() < 0.25:
        hair = mix(p.paper, p.cool, 0.35)
    top = dice.choice((p.warm, mix(p.deep, p.cool, 0.3), p.gold, mix(p.paper, p.light, 0.3), p.cool))
    long = dice.random() < 0.5
    if long:
        c.polygon(
            smooth(points("-120 240, -132 380, -156 520, -60 560, 60 560, 150 520, 130 380, 118 240, 0 120", x), closed=True),
            Fade(hair, mix(hair, (0, 0, 0), 0.25)),
        )
    body = smooth(points("-330 720, -276 590, -150 520, -60 490, 60 490, 150 520, 276 590, 330 720", x))
    c.polygon(body, Fade(mix(top, p.paper, 0.16), mix(top, p.deep, 0.38), "across", 0.85))
    c.polygon(
        smooth(points("-58 400, -60 490, 0 556, 60 490, 58 400", x), steps=7),
        Fade(mix(skin, p.deep, 0.2), mix(skin, p.warm, 0.12)),
    )
    face = smooth(points("-100 250, -98 330, -66 412, 0 446, 66 412, 98 330, 100 250, 60 168, -60 168", x), closed=True)
    c.polygon(face, Fade(mix(skin, p.paper, 0.22), mix(skin, p.warm, 0.3), "across", 0.85))
    for side in (-1, 1):
        c.ellipse((x + side * 102 - 15, 276, x + side * 102 + 15, 334), mix(skin, p.warm, 0.2))
        c.ellipse((x + side * 56 - 30, 330, x + side * 56 + 30, 362), p.warm, opacity=0.16)
    _hairstyle(c, x, hair, long=long)
    c.line(smooth([(x - 6, 292), (x + 12, 336), (x - 10, 346)], steps=6), mix(skin, p.deep, 0.35), 4, opacity=0.7)
    if dice.random() < 0.45:
        for side in (-1, 1):
            c.line(
                [(x + side * 48 + math.cos(t / 20 * math.tau) * 35, 298 + math.sin(t / 20 * math.tau) * 30) for t in range(21)],
                mix(p.deep, (0, 0, 0), 0.2),
                5,
            )
        c.line([(x - 14, 294), (x + 14, 294)], mix(p.deep, (0, 0, 0), 0.2), 5)
    for side in (-1, 1):
        c.polygon(
            [(x + side * 62, 482), (x, 560), (x + side * 26, 610), (x + side * 112, 520)],
            Fade(mix(top, p.paper, 0.55), mix(top, p.deep, 0.1), "across"),
        )


def _hairstyle(c: Canvas, x: float, hair: Colour, *, long: bool) -> None:
    p = c.palette
    shine = Fade(mix(hair, p.light, 0.16), hair, "slant", 0.8)
    if long:
        left = smooth(points("10 148, -84 168, -124 260, -118 380, -94 300, -40 226, 26 192", x), closed=True)
        right = smooth(points("4 148, 84 162, 122 260, 116 380, 96 290, 66 220, 10 190", x), closed=True)
        c.polygon(left, shine)
        c.polygon(right, shine)
    else:
        c.polygon(
            smooth(
                points("-106 290, -120 214, -80 140, 10 112, 96 146, 118 226, 104 290, 88 236, 30 208, -40 222, -88 230", x),
                closed=True,
            ),
            shine,
        )
