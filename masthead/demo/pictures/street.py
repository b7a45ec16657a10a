"""What happens in a street: shops, a market, the bus."""

from __future__ import annotations

from .canvas import HEIGHT, WIDTH, Canvas, Fade
from .palette import Colour, mix
from .parts import (
    cloud,
    points,
    sky,
    smooth,
    tree,
    windows,
)
from .people import STAND, WALK, person


def street(c: Canvas) -> None:
    """A row of small shops under ginkgo trees, people going by."""
    p, dice = c.palette, c.dice
    sky(c, horizon=430, high=mix(p.air, p.paper, 0.25), low=mix(p.light, p.paper, 0.6))
    cloud(c, dice.uniform(150, 450), 116, 260, p.paper, opacity=0.8)
    cloud(c, dice.uniform(760, 1060), 84, 200, p.paper, opacity=0.8)
    x = -40.0
    walls = [
        p.warm,
        mix(p.light, p.paper, 0.3),
        p.cool,
        mix(p.gold, p.light, 0.3),
        mix(p.warm, p.deep, 0.35),
        mix(p.air, p.paper, 0.3),
    ]
    dice.shuffle(walls)
    for wall in walls:
        width = dice.uniform(196, 232)
        _shop(c, x, 530, width, dice.uniform(270, 400), wall)
        x += width
    c.rectangle((0, 528, WIDTH, HEIGHT), Fade(mix(p.light, p.paper, 0.35), mix(p.air, p.light, 0.2), grain=0.8))
    c.rectangle((0, 600, WIDTH, 608), mix(p.paper, p.light, 0.2))
    c.rectangle((0, 608, WIDTH, HEIGHT), Fade(mix(p.deep, p.cool, 0.42), mix(p.deep, p.cool, 0.18)))
    for mark in range(-40, WIDTH, 190):
        c.polygon(points("0 640, 96 640, 90 649, -8 649", mark), p.paper, opacity=0.75)
    for index in range(4):
        at = 130 + index * 310 + dice.uniform(-30, 30)
        c.soft(points("-10 566, 150 570, 150 590, -10 578", at), p.deep, blur=7, opacity=0.3)
        leaf = mix(p.gold, p.warm, dice.uniform(0, 0.35))
        tree(
            c,
            at,
            572,
            dice.uniform(250, 290),
            Fade(mix(leaf, p.paper, 0.25), mix(leaf, p.warm, 0.45), "slant", 0.9),
            mix(p.deep, p.warm, 0.2),
        )
    for at in (250, 372, 604, 700, 1000, 1080):
        here = at + dice.uniform(-26, 26)
        c.soft(points("-8 592, 70 596, 70 604, -8 600", here), p.deep, blur=4, opacity=0.35)
        person(c, here, 598, dice.uniform(112, 126), WALK, left=dice.random() < 0.5, long=dice.random() < 0.4)


def _shop(c: Canvas, x: float, ground: float, width: float, height: float, wall: Colour) -> None:
    p, dice = c.palette, c.dice
    top = ground - height
    shade = mix(wall, p.deep, 0.35)
    c.rectangle((x, top, x + width, ground), Fade(mix(wall, p.paper, 0.12), mix(wall, p.deep, 0.16), "slant", 0.7))
    c.rectangle((x - 3, top - 9, x + width + 3, top + 5), shade)
    rows = 2 if height > 335 else 1
    panes = (mix(p.cool, p.paper, 0.25), mix(p.cool, p.deep, 0.3), mix(p.gold, p.paper, 0.5))
    windows(c, (x + 14, top + 22, x + width - 14, ground - 176), 3, rows, panes, fill=(0.55, 0.68))
    c.rectangle(
        (x + 12, ground - 128, x + width - 12, ground - 6), Fade(mix(p.gold, p.paper, 0.55), mix(p.gold, p.light, 0.2), grain=0.7)
    )
    door = x + width * dice.choice((0.22, 0.72))
    c.rectangle((door - 22, ground - 108, door + 22, ground), shade)
    c.rectangle((door - 15, ground - 100, door + 15, ground - 44), mix(p.gold, p.paper, 0.4))
    for line in range(1, 4):
        at = x + 12 + (width - 24) * line / 4
        c.line([(at, ground - 126), (at, ground - 6)], shade, 3)
    c.rectangle((x, ground - 30, x + width, ground), shade, opacity=0.85)
    c.rectangle((x + 22, ground - 170, x + width - 22, ground - 144), mix(p.deep, wall, 0.22), radius=3)
    c.rectangle((x + 40, ground - 161, x + width - 80, ground - 153), p.paper, radius=4, opacity=0.85)
    _awning(c, x + 2, ground - 140, width - 4, dice.choice((p.warm, p.cool, p.deep, p.gold)))


def market(c: Canvas) -> None:
    """An evening market: striped roofs, bulbs on a wire, heaps of fruit."""
    p, dice = c.palette, c.dice
    night = p.night()
    c.backdrop(Fade(mix(night.deep, p.cool, 0.35), mix(p.warm, p.deep, 0.45), grain=0.6))
    for layer in range(2):
        x = -20.0
        while x < WIDTH:
            width = dice.uniform(110, 190)
            ink = mix(mix(night.deep, p.cool, 0.3 - 0.2 * layer), p.warm, 0.12)
            top = dice.uniform(110, 190) + 60 * layer
            c.rectangle((x, top, x + width, 420), ink)
            windows(
                c,
                (x + 14, top + 18, x + width - 14, 330),
                3,
                3,
                (mix(p.gold, p.paper, 0.2), mix(p.gold, p.deep, 0.3)),
                fill=(0.36, 0.4),
                lit=0.45,
            )
            x += width
    c.rectangle((0, 420, WIDTH, HEIGHT), Fade(mix(p.warm, p.deep, 0.5), mix(night.deep, p.warm, 0.14), grain=0.8))
    for at, back in ((120, 0), (430, 0), (740, 0), (1050, 0)):
        c.glow((at, 380), 240, p.gold, strength=0.75)
        _stall(c, at + dice.uniform(-14, 14), 545, back)
    for at in (20, 275, 330, 596, 650, 890, 935, 1180):
        person(
            c,
            at + dice.uniform(-14, 14),
            628,
            dice.uniform(196, 222),
            dice.choice((WALK, STAND)),
            left=dice.random() < 0.5,
            long=dice.random() < 0.4,
        )
    for wire in range(2):
        sag = smooth(
            [(-20, 60 + wire * 66), (300, 128 + wire * 40), (620, 84 + wire * 58), (920, 140 + wire * 34), (1220, 66 + wire * 60)]
        )
        c.line(sag, night.deep, 2)
        for x, y in sag[1::3]:
            c.glow((x, y + 11), 44, p.gold, strength=0.8)
            c.disc((x, y + 11), 6, mix(p.paper, p.gold, 0.2))


def _stall(c: Canvas, x: float, ground: float, back: float) -> None:
    p, dice = c.palette, c.dice
    half = 132.0
    c.rectangle(
        (x - half, ground - 260 + back, x + half, ground - 90), Fade(mix(p.gold, p.warm, 0.25), mix(p.gold, p.paper, 0.35))
    )
    person(c, x + dice.uniform(-50, 50), ground - 6, 190, STAND)
    for post in (-half + 4, half - 4):
        c.line([(x + post, ground - 262), (x + post, ground + 10)], mix(p.deep, p.warm, 0.2), 7)
    _awning(c, x - half - 16, ground - 300, half * 2 + 32, dice.choice((p.warm, p.cool, mix(p.warm, p.deep, 0.3))), drop=58)
    for tray in range(3):
        left = x - half + tray * half * 0.67
        fruit = (p.warm, p.gold, mix(p.cool, p.gold, 0.35), mix(p.warm, p.deep, 0.25), mix(p.gold, p.paper, 0.3))[
            dice.randrange(5)
        ]
        for row in range(4):
            for column in range(5 - row):
                at = (left + 13 + column * 16 + row * 8, ground - 76 - row * 12)
                c.disc(at, 9.4, Fade(mix(fruit, p.paper, 0.3), mix(fruit, p.deep, 0.22), "slant", 0.3))
    c.polygon(
        [(x - half - 8, ground - 72), (x + half + 8, ground - 72), (x + half - 4, ground + 12), (x - half + 4, ground + 12)],
        Fade(mix(p.deep, p.warm, 0.45), mix(p.deep, p.warm, 0.15)),
    )
    for plank in (-44, -16):
        c.line([(x - half - 2, ground + plank), (x + half + 2, ground + plank)], p.deep, 2, opacity=0.5)


def _awning(c: Canvas, x: float, y: float, width: float, ink: Colour, *, drop: float = 40) -> None:
    p = c.palette
    stripes = 9
    step = width / stripes
    for index in range(stripes):
        colour = ink if index % 2 == 0 else p.paper
        left, right = x + index * step, x + (index + 1) * step
        c.polygon(
            [(left + 5, y), (right + 5 - step / stripes, y), (right, y + drop), (left, y + drop)],
            Fade(mix(colour, p.paper, 0.15), mix(colour, p.deep, 0.18)),
        )
        c.pie((left, y + drop - step / 2, right, y + drop + step / 2), 0, 180, mix(colour, p.deep, 0.18))
    c.soft(
        [(x, y + drop + 8), (x + width, y + drop + 8), (x + width, y + drop + 26), (x, y + drop + 26)],
        p.deep,
        blur=7,
        opacity=0.3,
    )


def bus(c: Canvas) -> None:
    """A city bus at its stop, evening light on the windows."""
    p, dice = c.palette, c.dice
    road = 540.0
    sky(c, horizon=road, high=mix(p.air, p.light, 0.3), low=mix(p.light, p.paper, 0.5))
    for layer in range(2):
        x = -40.0
        while x < WIDTH:
            width = dice.uniform(90, 180)
            ink = mix(mix(p.air, p.light, 0.25), p.cool, 0.24 + 0.34 * layer)
            top = dice.uniform(90, 240) + 80 * layer
            c.rectangle((x, top, x + width, road), Fade(mix(ink, p.light, 0.12), mix(ink, p.light, 0.4), "slant"))
            windows(
                c,
                (x + 12, top + 16, x + width - 12, road - 140),
                max(2, int(width / 30)),
                7,
                (mix(p.paper, ink, 0.35), mix(ink, p.deep, 0.16)),
                fill=(0.5, 0.45),
                lit=0.75,
            )
            x += width + dice.uniform(-4, 26)
    for x in (60, 1150, 1060):
        leaf = dice.choice((p.gold, mix(p.cool, p.deep, 0.2), mix(p.gold, p.warm, 0.4)))
        tree(
            c,
            x + dice.uniform(-16, 16),
            road - 6,
            dice.uniform(210, 270),
            Fade(mix(leaf, p.paper, 0.25), mix(leaf, p.deep, 0.28), "slant", 0.85),
            mix(p.deep, p.warm, 0.2),
        )
    c.rectangle((0, road - 22, WIDTH, road + 4), Fade(mix(p.light, p.paper, 0.5), mix(p.air, p.light, 0.3)))
    c.rectangle((0, road, WIDTH, HEIGHT), Fade(mix(p.deep, p.cool, 0.45), mix(p.deep, p.cool, 0.12)))
    for mark in range(-60, WIDTH, 210):
        c.polygon(points("0 634, 120 634, 112 645, -10 645", mark), p.paper, opacity=0.75)
    _shelter(c, 905, road - 8)
    x = dice.uniform(170, 220)
    c.soft(points("-20 590, 600 590, 640 616, -10 616", x), p.deep, blur=9, opacity=0.55)
    paint = dice.choice((p.warm, p.cool, mix(p.warm, p.gold, 0.4)))
    top = 282.0
    c.rectangle((x, top, x + 590, 584), Fade(mix(paint, p.paper, 0.18), mix(paint, p.deep, 0.25), grain=0.6), radius=30)
    c.rectangle((x, 470, x + 590, 492), mix(p.paper, p.light, 0.2))
    glass = Fade(mix(p.gold, p.paper, 0.5), mix(p.cool, p.deep, 0.3), "slant", 0.7)
    for pane in range(4):
        left = x + 30 + pane * 106
        c.rectangle((left, top + 44, left + 94, 452), glass, radius=10)
        if dice.random() < 0.85:
            ink = mix(p.deep, p.cool, 0.25)
            c.disc((left + 48, 404), 15, ink)
            c.pie((left + 20, 418, left + 76, 484), 180, 360, ink)
    c.rectangle((x + 20, 452, x + 450, 470), mix(paint, p.deep, 0.22))
    c.rectangle((x + 462, top + 44, x + 520, 566), Fade(mix(p.gold, p.paper, 0.5), mix(p.cool, p.deep, 0.25)), radius=6)
    c.line([(x + 491, top + 44), (x + 491, 566)], mix(paint, p.deep, 0.4), 4)
    c.polygon([(x + 532, top + 44), (x + 572, top + 44), (x + 590, top + 74), (x + 590, 448), (x + 532, 448)], glass)
    c.rectangle((x + 400, top + 12, x + 570, top + 36), mix(p.deep, (0, 0, 0), 0.3), radius=5)
    for dot in range(9):
        c.rectangle((x + 416 + dot * 16, top + 19, x + 425 + dot * 16, top + 29), p.gold, opacity=0.4 + 0.6 * (dot % 3 != 1))
    for wheel in (x + 112, x + 424):
        c.pie((wheel - 52, 530, wheel + 52, 634), 180, 360, mix(p.deep, (0, 0, 0), 0.3))
        c.disc((wheel, 588), 40, mix(p.deep, (0, 0, 0), 0.45))
        c.disc((wheel, 588), 20, Fade(mix(p.cool, p.paper, 0.6), p.cool))
    c.glow((x + 588, 530), 70, p.paper, strength=0.9)
    c.disc((x + 578, 530), 10, p.paper)


def _shelter(c: Canvas, x: float, ground: float) -> None:
    p = c.palette
    frame = mix(p.deep, p.cool, 0.2)
    c.rectangle((x, ground - 214, x + 222, ground - 30), mix(p.paper, p.light, 0.3), opacity=0.4)
    for post in (x, x + 218):
        c.line([(post, ground - 224), (post, ground)], frame, 6)
    c.polygon(points("-26 -236, 246 -236, 234 -220, -18 -220", x, ground), frame)
    c.rectangle((x + 20, ground - 44, x + 130, ground - 36), p.warm)
    person(c, x + 74, ground + 8, 176, STAND, left=True, long=True)
    person(c, x + 168, ground + 8, 162, STAND, left=True)
    c.line([(x - 60, ground), (x - 60, ground - 190)], frame, 5)
    c.disc((x - 60, ground - 206), 26, p.warm)
    c.disc((x - 60, ground - 206), 17, p.paper)
