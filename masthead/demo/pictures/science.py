"""The laboratory, the observatory, the launch."""

from __future__ import annotations

from .canvas import HEIGHT, WIDTH, Canvas, Fade, Point
from .palette import Colour, mix
from .parts import below, pine, points, ridge, smooth, stars


def lab(c: Canvas) -> None:
    """Glassware and a microscope on a bench, the window behind."""
    p, dice = c.palette, c.dice
    wall = mix(p.air, p.paper, 0.25)
    c.backdrop(Fade(mix(wall, p.paper, 0.35), mix(wall, p.cool, 0.25), "slant", 0.6))
    for pane in range(3):
        left = 90 + pane * 152
        c.rectangle((left, 60, left + 136, 330), Fade(mix(p.paper, p.light, 0.1), mix(p.light, p.gold, 0.25)))
    c.soft([(90, 350), (560, 350), (860, HEIGHT), (330, HEIGHT)], p.paper, blur=22, opacity=0.3)
    for shelf in (170, 318):
        c.rectangle((650, shelf, 1130, shelf + 13), mix(p.deep, p.warm, 0.35))
        c.soft(points("650 13, 1130 13, 1130 32, 650 32", 0, shelf), p.deep, blur=6, opacity=0.3)
        x = 672.0
        while x < 1080:
            width, high = dice.uniform(28, 46), dice.uniform(50, 92)
            ink = dice.choice((p.warm, p.gold, p.cool, mix(p.deep, p.cool, 0.4), mix(p.warm, p.deep, 0.3)))
            c.rectangle(
                (x, shelf - high, x + width, shelf), Fade(mix(ink, p.paper, 0.3), mix(ink, p.deep, 0.3), "across"), radius=5
            )
            c.rectangle((x + width * 0.28, shelf - high - 16, x + width * 0.72, shelf - high + 2), mix(p.deep, ink, 0.25))
            c.rectangle((x + 4, shelf - high * 0.62, x + width - 4, shelf - high * 0.28), p.paper, opacity=0.9)
            x += width + dice.uniform(8, 24)
    bench = 548.0
    c.rectangle((0, bench, WIDTH, HEIGHT), Fade(mix(p.deep, p.cool, 0.42), p.deep, grain=0.7))
    c.rectangle((0, bench, WIDTH, bench + 12), mix(p.cool, p.paper, 0.3))
    for x in (210, 470, 760, 960):
        c.soft(points("-70 6, 170 6, 210 28, -20 28", x, bench), (0, 0, 0), blur=7, opacity=0.35)
    _microscope(c, 190, bench + 4)
    inks = [p.warm, p.gold, mix(p.cool, p.deep, 0.15), mix(p.warm, p.gold, 0.5)]
    dice.shuffle(inks)
    _flask(c, 470, bench + 8, 118, 226, inks[0])
    _beaker(c, 640, bench + 12, 116, 138, inks[1])
    _tubes(c, 830, bench + 6, inks)
    _flask(c, 1060, bench + 12, 96, 172, inks[2])


def _flask(c: Canvas, x: float, bottom: float, half: float, high: float, ink: Colour) -> None:
    p, dice = c.palette, c.dice
    neck = half * 0.24
    throat = bottom - high * 0.64
    glass = [
        (x - neck, bottom - high),
        (x - neck, throat),
        (x - half, bottom - 18),
        (x - half + 14, bottom),
        (x + half - 14, bottom),
        (x + half, bottom - 18),
        (x + neck, throat),
        (x + neck, bottom - high),
    ]
    c.polygon(glass, p.paper, opacity=0.42)
    level = throat + (bottom - throat) * dice.uniform(0.28, 0.42)
    wide = neck + (half - neck) * (level - throat) / (bottom - 18 - throat)
    c.polygon(
        [
            (x - wide + 5, level),
            (x + wide - 5, level),
            (x + half - 8, bottom - 20),
            (x + half - 18, bottom - 6),
            (x - half + 18, bottom - 6),
            (x - half + 8, bottom - 20),
        ],
        Fade(mix(ink, p.paper, 0.35), mix(ink, p.deep, 0.18), "slant", 0.7),
        opacity=0.93,
    )
    c.ellipse((x - wide + 5, level - 9, x + wide - 5, level + 9), mix(ink, p.paper, 0.5))
    for _ in range(8):
        c.disc(
            (x + dice.uniform(-wide, wide) * 0.7, dice.uniform(level + 16, bottom - 18)),
            dice.uniform(2.5, 6),
            p.paper,
            opacity=0.4,
        )
    c.line([(x - neck - 5, bottom - high), (x + neck + 5, bottom - high)], mix(p.paper, p.cool, 0.25), 8)
    c.line([(x - neck + 7, bottom - high + 12), (x - neck + 7, throat), (x - half * 0.7, bottom - 34)], p.paper, 5, opacity=0.75)


def _beaker(c: Canvas, x: float, bottom: float, width: float, high: float, ink: Colour) -> None:
    p = c.palette
    half = width / 2
    c.rectangle((x - half, bottom - high, x + half, bottom), p.paper, radius=10, opacity=0.42)
    c.rectangle(
        (x - half + 6, bottom - high * 0.58, x + half - 6, bottom - 6),
        Fade(mix(ink, p.paper, 0.3), mix(ink, p.deep, 0.2), "slant", 0.7),
        radius=6,
        opacity=0.93,
    )
    c.ellipse((x - half + 6, bottom - high * 0.58 - 8, x + half - 6, bottom - high * 0.58 + 8), mix(ink, p.paper, 0.5))
    for mark in range(5):
        c.line([(x + half - 30, bottom - 24 - mark * 20), (x + half - 12, bottom - 24 - mark * 20)], p.paper, 2.4, opacity=0.85)
    c.line([(x + half * 0.1, bottom - 14), (x + half * 0.95, bottom - high - 66)], mix(p.paper, p.cool, 0.2), 6, opacity=0.85)
    c.line([(x - half - 8, bottom - high), (x + half + 4, bottom - high)], mix(p.paper, p.cool, 0.25), 5)


def _tubes(c: Canvas, x: float, bottom: float, inks: list[Colour]) -> None:
    p, dice = c.palette, c.dice
    wood = mix(p.deep, p.warm, 0.45)
    for tube in range(4):
        at = x - 66 + tube * 44
        c.rectangle((at - 13, bottom - 178, at + 13, bottom - 18), p.paper, radius=13, opacity=0.45)
        top = bottom - dice.uniform(76, 140)
        c.rectangle((at - 9, top, at + 9, bottom - 22), Fade(mix(inks[tube], p.paper, 0.35), inks[tube], "across"), radius=9)
        c.line([(at - 15, bottom - 178), (at + 15, bottom - 178)], mix(p.paper, p.cool, 0.2), 5)
    for bar in (-120, -60):
        c.rectangle((x - 98, bottom + bar, x + 98, bottom + bar + 16), Fade(mix(wood, p.gold, 0.35), wood))
    c.rectangle((x - 106, bottom - 16, x + 106, bottom + 2), mix(wood, p.deep, 0.2))
    for post in (-98, 88):
        c.rectangle((x + post, bottom - 132, x + post + 11, bottom), wood)


def _microscope(c: Canvas, x: float, bottom: float) -> None:
    p = c.palette
    body, dark = mix(p.deep, p.cool, 0.22), mix(p.deep, (0, 0, 0), 0.2)
    c.rectangle((x - 84, bottom - 30, x + 96, bottom), Fade(mix(body, p.cool, 0.35), dark), radius=10)
    arm = smooth(points("60 -26, 96 -120, 72 -232, 6 -286", x, bottom))
    c.line(arm, body, 34)
    c.rectangle((x - 74, bottom - 112, x + 62, bottom - 94), dark, radius=4)
    c.rectangle((x - 40, bottom - 120, x + 10, bottom - 111), mix(p.paper, p.cool, 0.2))
    c.line([(x - 12, bottom - 136), (x - 12, bottom - 168)], mix(p.gold, p.paper, 0.2), 16)
    c.line(
        [(x - 12, bottom - 180), (x - 12, bottom - 268)], Fade(mix(p.paper, p.cool, 0.1), mix(p.cool, p.deep, 0.3), "across"), 46
    )
    c.line([(x - 12, bottom - 290), (x - 12, bottom - 336)], Fade(mix(p.cool, p.paper, 0.4), dark, "across"), 30)
    c.line([(x - 12, bottom - 344), (x - 12, bottom - 350)], dark, 38)
    c.disc((x + 82, bottom - 118), 22, Fade(mix(p.gold, p.paper, 0.3), mix(p.gold, p.deep, 0.4), "slant"))
    c.disc((x + 82, bottom - 118), 9, dark)
    c.glow((x - 14, bottom - 60), 60, p.gold, strength=0.7)
    c.disc((x - 14, bottom - 58), 12, mix(p.paper, p.gold, 0.3))


def telescope(c: Canvas) -> None:
    """An observatory with its dome open under the Milky Way."""
    p, dark, dice = c.palette, c.palette.night(), c.dice
    c.backdrop(Fade(dark.deep, mix(p.cool, p.deep, 0.25), grain=0.6))
    c.soft(points("0 560, 0 470, 760 -40, 1080 -40, 240 560"), mix(p.cool, p.light, 0.35), blur=60, opacity=0.34)
    c.soft(points("60 520, 820 -40, 930 -40, 180 540"), p.light, blur=34, opacity=0.22)
    stars(c, 330, bottom=600)
    for _ in range(150):
        along, off = dice.random(), dice.gauss(0, 46)
        c.disc((120 + 760 * along + off, 500 - 520 * along + off * 0.7), dice.uniform(0.8, 1.5), p.paper, opacity=0.75)
    for _ in range(7):
        x, y = dice.uniform(40, WIDTH - 40), dice.uniform(30, 280)
        c.glow((x, y), 16, p.paper, strength=0.85)
        c.disc((x, y), 2.5, p.paper)
    x, y = dice.uniform(180, 380), dice.uniform(70, 130)
    c.polygon([(x, y), (x + 210, y + 92), (x + 206, y + 97)], p.paper, opacity=0.6)
    c.disc((x + 208, y + 95), 3.4, p.paper)
    c.rectangle((0, 470, WIDTH, HEIGHT), dark.deep, opacity=0)
    c.soft(
        [(-100, 500), (WIDTH + 100, 500), (WIDTH + 100, HEIGHT), (-100, HEIGHT)], mix(p.warm, p.gold, 0.4), blur=50, opacity=0.4
    )
    for layer in range(2):
        ink = mix(mix(p.cool, p.deep, 0.55), dark.deep, 0.25 + 0.5 * layer)
        line = ridge(dice, 548 + 40 * layer, 60, rough=0.42)
        c.polygon(below(line), Fade(mix(ink, p.cool, 0.2), ink))
        if layer:
            for px, py in line[::5]:
                if not 640 < px < 1010:
                    pine(c, px, py + 10, dice.uniform(34, 74), mix(dark.deep, (0, 0, 0), 0.2))
    hill = smooth([(480, HEIGHT), (600, 610), (720, 566), (930, 562), (1060, 606), (1230, HEIGHT)])
    c.polygon(hill, mix(dark.deep, (0, 0, 0), 0.15))
    at, ground = 824.0, 572.0
    wall = mix(p.light, p.cool, 0.3)
    c.rectangle((at - 116, ground - 112, at + 116, ground), Fade(mix(wall, p.paper, 0.25), mix(wall, p.deep, 0.7), "across", 0.8))
    c.rectangle((at - 126, ground - 124, at + 126, ground - 108), mix(wall, p.deep, 0.35))
    c.pie(
        (at - 116, ground - 240, at + 116, ground - 6),
        180,
        360,
        Fade(mix(p.paper, wall, 0.3), mix(wall, p.deep, 0.75), "across", 0.8),
    )
    slit = points("-70 -212, -18 -241, 2 -122, -34 -122", at, ground)
    c.polygon(slit, mix(p.gold, p.warm, 0.25))
    c.glow((at - 36, ground - 190), 130, p.gold, strength=0.65)
    c.line([(at - 18, ground - 128), (at - 92, ground - 270)], mix(dark.deep, p.cool, 0.25), 28)
    c.line([(at - 84, ground - 254), (at - 94, ground - 274)], mix(p.gold, p.paper, 0.2), 32)
    c.rectangle((at + 24, ground - 64, at + 62, ground), mix(p.gold, p.paper, 0.3))
    c.soft(points("24 0, 62 0, 110 70, 10 70", at, ground), p.gold, blur=8, opacity=0.6)
    for window in (-88, -46):
        c.rectangle((at + window, ground - 76, at + window + 22, ground - 40), mix(p.gold, p.paper, 0.2))


def rocket(c: Canvas) -> None:
    """A launch: the column of light, the cloud rolling over the pad."""
    p, dark, dice = c.palette, c.palette.night(), c.dice
    c.backdrop(Fade(dark.deep, mix(p.warm, p.cool, 0.45), grain=0.6))
    stars(c, 130, bottom=340)
    x = dice.uniform(540, 680)
    c.glow((x, 470), 560, p.gold, strength=0.85)
    c.polygon(below(ridge(dice, 570, 40, rough=0.42)), Fade(mix(p.warm, p.deep, 0.5), mix(p.deep, p.warm, 0.2)))
    _tower(c, x + 190, 610)
    top = dice.uniform(56, 92)
    base = top + 262
    flame = points("-26 0, -46 110, -34 320, 34 320, 46 110, 26 0", x, base)
    c.soft(flame, p.gold, blur=18, opacity=0.9)
    c.polygon(smooth(flame), Fade(mix(p.gold, p.paper, 0.5), mix(p.warm, p.gold, 0.45), grain=0.7))
    c.polygon(smooth(points("-14 0, -22 84, 0 244, 22 84, 14 0", x, base)), mix(p.paper, (255, 255, 255), 0.4))
    _smoke(c, x)
    body = mix(p.paper, (255, 255, 255), 0.25)
    for side in (-1, 1):
        c.polygon(
            [(x + side * 26, base - 70), (x + side * 66, base - 4), (x + side * 60, base + 14), (x + side * 24, base - 14)],
            Fade(p.warm, mix(p.warm, p.deep, 0.45), "across"),
        )
        c.polygon(
            smooth(
                [
                    (x + side * 46 - 14, base + 2),
                    (x + side * 46 - 13, base - 110),
                    (x + side * 46, base - 146),
                    (x + side * 46 + 13, base - 110),
                    (x + side * 46 + 14, base + 2),
                ],
                steps=5,
            ),
            Fade(mix(body, p.light, 0.3), mix(p.cool, p.deep, 0.25), "across", 0.7),
        )
    hull = smooth(
        [
            (x - 34, base),
            (x - 34, top + 96),
            (x - 22, top + 38),
            (x, top),
            (x + 22, top + 38),
            (x + 34, top + 96),
            (x + 34, base),
        ],
        steps=8,
    )
    c.polygon(hull, Fade(body, mix(p.cool, p.deep, 0.25), "across", 0.75))
    c.polygon(
        smooth(points("-27 58, -22 38, 0 0, 22 38, 27 58", x, top), steps=8), Fade(p.warm, mix(p.warm, p.deep, 0.45), "across")
    )
    for band in (118, 196):
        c.rectangle((x - 34, top + band, x + 34, top + band + 12), Fade(p.warm, mix(p.warm, p.deep, 0.5), "across"))
    c.disc((x, top + 156), 13, mix(p.deep, p.cool, 0.2))
    c.disc((x - 3, top + 153), 6, mix(p.gold, p.paper, 0.3))
    c.rectangle((x - 22, base - 2, x + 22, base + 12), mix(p.deep, (0, 0, 0), 0.2))


def _smoke(c: Canvas, x: float) -> None:
    p, dice = c.palette, c.dice
    for layer in range(3):
        for _ in range(20):
            away = dice.gauss(0, 230 + 70 * layer)
            size = dice.uniform(34, 82) * (1 + 0.16 * layer)
            near = max(0.0, 1 - abs(away) / 420)
            lit = mix(mix(p.light, p.warm, 0.35), p.paper, near)
            shade = mix(mix(p.warm, p.cool, 0.4), p.deep, 0.18 + 0.18 * layer)
            middle: Point = (x + away, 606 + 30 * layer + dice.uniform(-26, 20) - 40 * near)
            c.disc(middle, size, Fade(mix(lit, shade, 0.14 * layer), mix(shade, lit, 0.25 * near), "down", 0.8))


def _tower(c: Canvas, x: float, ground: float) -> None:
    p = c.palette
    ink = mix(p.deep, p.warm, 0.16)
    top = ground - 430
    for side in (-26, 26):
        c.line([(x + side, ground), (x + side, top)], ink, 6)
    for step in range(12):
        y = ground - step * 36
        way = 1 if step % 2 else -1
        c.line([(x - 26, y - 36), (x + 26, y - 36)], ink, 3)
        c.line([(x - 26 * way, y), (x + 26 * way, y - 36)], ink, 2.4)
    for arm in (70, 170):
        c.rectangle((x - 96, top + arm, x - 26, top + arm + 9), ink)
    c.line([(x, top), (x, top - 52)], ink, 3)
    c.glow((x, top - 54), 26, p.warm, strength=0.95)
    c.disc((x, top - 54), 3.2, p.warm)
