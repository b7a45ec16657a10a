"""Factories, figures and money."""

from __future__ import annotations

import math

from .canvas import HEIGHT, WIDTH, Canvas, Fade, Point
from .palette import mix
from .parts import (
    below,
    cloud,
    points,
    ridge,
    sky,
    smooth,
    streaks,
    sun,
    tree,
    windows,
)
from .people import POINT_UP, STAND, WALK, person


def factory(c: Canvas) -> None:
    """Saw-tooth roofs and chimneys before a large sun, the early shift walking in."""
    p, dice = c.palette, c.dice
    ground = 560.0
    sky(c, horizon=ground, low=mix(p.gold, p.light, 0.6))
    sun(c, (dice.uniform(330, 480), 250), 128, Fade(mix(p.paper, p.gold, 0.35), p.gold, grain=0.8))
    streaks(c, 60, 330, mix(p.paper, p.light, 0.3), count=6, opacity=0.5)
    c.polygon(below(ridge(dice, 440, 70, rough=0.4), ground), Fade(mix(p.air, p.cool, 0.3), mix(p.air, p.light, 0.35)))
    for x, top in ((760, 120), (850, 178), (1010, 148)):
        _chimney(c, x + dice.uniform(-14, 14), top + dice.uniform(-14, 14), ground)
    back = mix(mix(p.air, p.cool, 0.6), p.deep, 0.15)
    c.rectangle((560, 330, 740, ground), Fade(mix(back, p.light, 0.2), back, "slant"))
    windows(c, (576, 346, 726, 470), 4, 4, (mix(p.gold, p.paper, 0.3), mix(back, p.deep, 0.3)), fill=(0.6, 0.55))
    for tank in (940, 1080):
        c.rectangle((tank, 386, tank + 110, ground), Fade(mix(p.cool, p.paper, 0.5), mix(p.cool, p.deep, 0.35), "across", 0.7))
        c.ellipse((tank, 366, tank + 110, 406), mix(p.cool, p.paper, 0.35))
        for rung in range(9):
            c.line([(tank + 84, 410 + rung * 16), (tank + 98, 410 + rung * 16)], mix(p.cool, p.deep, 0.45), 2)
    wall = mix(p.warm, p.deep, 0.25)
    for hall in range(5):
        x = -40 + hall * 152
        c.polygon([(x, 430), (x, 344), (x + 152, 430)], Fade(mix(p.deep, p.cool, 0.35), mix(p.deep, p.warm, 0.2)))
        c.polygon(points("8 424, 8 360, 38 376, 38 424", x), mix(p.gold, p.paper, 0.45))
        c.rectangle((x, 428, x + 153, ground), Fade(mix(wall, p.gold, 0.16), mix(wall, p.deep, 0.25), grain=0.7))
        for pane in range(3):
            c.rectangle(
                (x + 18 + pane * 44, 452, x + 46 + pane * 44, 496),
                mix(p.gold, p.paper, 0.3) if dice.random() < 0.6 else mix(p.deep, p.cool, 0.3),
            )
    c.rectangle((722, 446, 930, ground), Fade(mix(p.deep, p.cool, 0.25), p.deep))
    c.rectangle((752, 476, 842, ground), mix(p.gold, p.paper, 0.25))
    c.rectangle((0, ground - 3, WIDTH, HEIGHT), Fade(mix(p.gold, p.air, 0.55), mix(p.deep, p.warm, 0.25), grain=0.8))
    c.soft([(752, ground), (842, ground), (930, HEIGHT), (690, HEIGHT)], mix(p.paper, p.gold, 0.3), blur=10, opacity=0.55)
    for at in (420, 500, 560, 650, 700, 790, 860):
        here = at + dice.uniform(-16, 16)
        foot = 606 + dice.uniform(-10, 22)
        c.soft(points("-6 0, 8 0, 70 36, 48 36", here, foot), p.deep, blur=3, opacity=0.35)
        person(c, here, foot, 92, WALK, shade=mix(p.deep, (0, 0, 0), 0.1))


def _chimney(c: Canvas, x: float, top: float, ground: float) -> None:
    p, dice = c.palette, c.dice
    for puff in range(9):
        size = 15 + puff * 7.5
        c.disc(
            (x + 10 + puff * 27 + dice.uniform(-5, 5), top - 16 - puff * 9 - dice.uniform(0, 14)),
            size,
            Fade(mix(p.paper, p.light, 0.1), mix(p.paper, p.air, 0.55)),
            opacity=0.7 - puff * 0.07,
        )
    c.polygon(
        [(x - 17, ground), (x - 12, top), (x + 12, top), (x + 17, ground)],
        Fade(mix(p.warm, p.paper, 0.1), mix(p.warm, p.deep, 0.5), "across", 0.7),
    )
    for band in (10, 46):
        c.rectangle((x - 13, top + band, x + 13, top + band + 15), p.paper)
    c.rectangle((x - 15, top - 6, x + 15, top + 4), mix(p.deep, p.warm, 0.2))


def chart(c: Canvas) -> None:
    """A landscape made of figures: columns as towers, the curve as a path, somebody walking on it."""
    p, dice = c.palette, c.dice
    ground = 566.0
    c.backdrop(Fade(mix(p.paper, p.light, 0.35), mix(p.light, p.paper, 0.25), grain=0.5))
    for line in range(8):
        c.line([(0, 96 + line * 67), (WIDTH, 96 + line * 67)], mix(p.air, p.light, 0.3), 1.3, opacity=0.8)
    c.disc((dice.uniform(170, 300), 170), 74, Fade(p.gold, mix(p.warm, p.gold, 0.4), grain=0.8))
    count = 9
    heights = [90.0]
    for index in range(count - 1):
        heights.append(min(max(heights[-1] + dice.uniform(-62, 108), 70), 340 + index * 4))
    heights[-1] = max(heights) + 36
    step = 1010 / count
    tops: list[Point] = []
    for index, height in enumerate(heights):
        x = 120 + index * step
        top = ground - height
        tops.append((x + 34, top))
        ink = p.warm if index == count - 1 else mix(p.cool, p.deep, 0.12 + 0.28 * (index % 2))
        c.soft(
            [(x + 70, ground), (x + 70, top + 30), (x + 118, top + 66), (x + 118, ground)],
            mix(p.air, p.deep, 0.3),
            blur=5,
            opacity=0.3,
        )
        c.rectangle((x, top, x + 68, ground), Fade(mix(ink, p.paper, 0.16), mix(ink, p.deep, 0.22), grain=0.7))
        c.polygon(
            [(x + 68, top), (x + 84, top - 10), (x + 84, ground - 10), (x + 68, ground)],
            Fade(mix(ink, p.deep, 0.3), mix(ink, p.deep, 0.55)),
        )
        c.polygon(points("0 0, 16 -10, 84 -10, 68 0", x, top), mix(ink, p.paper, 0.4))
    c.rectangle((0, ground, WIDTH, HEIGHT), Fade(mix(p.deep, p.cool, 0.3), p.deep))
    path = smooth([(20, ground - 120), *((x, y - 56) for x, y in tops)])
    c.line([(x, y + 6) for x, y in path], p.deep, 5, opacity=0.16)
    c.line(path, p.warm, 6)
    for x, y in tops:
        c.disc((x, y - 56), 9, p.paper)
        c.disc((x, y - 56), 5.5, p.warm)
    end = (tops[-1][0], tops[-1][1] - 56)
    c.line([(end[0] + 10, end[1] - 4), (end[0] + 10, end[1] - 92)], p.deep, 3.5)
    c.polygon(
        smooth(
            [
                (end[0] + 12, end[1] - 92),
                (end[0] + 40, end[1] - 96),
                (end[0] + 70, end[1] - 82),
                (end[0] + 66, end[1] - 62),
                (end[0] + 38, end[1] - 68),
                (end[0] + 12, end[1] - 58),
            ],
            steps=5,
        ),
        p.gold,
    )
    for index, pose in ((2, WALK), (5, POINT_UP)):
        x, y = tops[index]
        person(c, x + 4, y - 58, 92, pose)
    tree(c, 60, ground, 128, Fade(mix(p.cool, p.paper, 0.25), mix(p.cool, p.deep, 0.3), "slant"), p.deep)


def bank(c: Canvas) -> None:
    """A town of stacked coins, people climbing them."""
    p, dice = c.palette, c.dice
    ground = 580.0
    c.backdrop(Fade(mix(p.cool, p.paper, 0.25), mix(p.light, p.paper, 0.4), grain=0.6))
    sun(c, (dice.uniform(200, 420), 210), 92, Fade(mix(p.paper, p.light, 0.3), mix(p.light, p.gold, 0.35)))
    cloud(c, dice.uniform(700, 900), 120, 280, p.paper, opacity=0.75)
    c.polygon(below(ridge(dice, 470, 80, rough=0.4), ground), Fade(mix(p.cool, p.light, 0.4), mix(p.cool, p.light, 0.65)))
    c.rectangle((0, ground - 24, WIDTH, HEIGHT), Fade(mix(p.light, p.air, 0.6), mix(p.air, p.deep, 0.35), grain=0.8))
    stacks = [(170, 5, 74), (330, 9, 82), (500, 7, 76), (670, 13, 86), (850, 17, 84), (1035, 11, 90)]
    for x, coins, half in stacks:
        at = x + dice.uniform(-12, 12)
        coins += dice.randint(-1, 2)
        top = _stack(c, at, ground + dice.uniform(-4, 22), coins, half)
        if coins in range(6, 11):
            person(c, at, top + 6, 96, dice.choice((STAND, WALK, POINT_UP)))
        elif coins > 15:
            _sprout(c, at, top + 4)
    foot = ground + 26
    c.line([(756, foot), (790, foot - 246)], mix(p.deep, p.warm, 0.25), 5)
    c.line([(784, foot), (816, foot - 246)], mix(p.deep, p.warm, 0.25), 5)
    for rung in range(1, 13):
        y = foot - rung * 19
        c.line([(756 + rung * 2.62, y), (784 + rung * 2.48, y)], mix(p.deep, p.warm, 0.25), 3.4)
    person(c, 783, foot - 110, 94, POINT_UP)


def _stack(c: Canvas, x: float, ground: float, coins: int, half: float) -> float:
    """Draw a pile of coins and return where its top is."""
    p, dice = c.palette, c.dice
    c.soft(
        [(x - half, ground - 12), (x + half * 2.3, ground - 6), (x + half * 2.5, ground + 22), (x - half * 0.6, ground + 22)],
        p.deep,
        blur=9,
        opacity=0.45,
    )
    thick, flat = 19.0, 15.0
    y = ground
    for _ in range(coins):
        shift = dice.uniform(-5, 5)
        metal = dice.choice((p.gold, p.gold, mix(p.gold, p.warm, 0.22), mix(p.gold, p.paper, 0.2)))
        side = Fade(mix(metal, p.paper, 0.28), mix(metal, p.deep, 0.45), "across", 0.5)
        left, right = x + shift - half, x + shift + half
        c.ellipse((left, y - flat, right, y + flat), side)
        c.rectangle((left, y - thick, right, y), side)
        for ridge_at in range(1, 18):
            angle = ridge_at / 18 * math.pi
            at = x + shift - math.cos(angle) * half
            low = y + math.sin(angle) * flat
            c.line([(at, low - thick + 4), (at, low - 3)], mix(metal, p.deep, 0.5), 1.2, opacity=0.55)
        y -= thick
        c.ellipse((left, y - flat, right, y + flat), mix(metal, p.deep, 0.3))
        c.ellipse((left + 1, y - flat - 1, right - 1, y + flat - 2), Fade(mix(metal, p.paper, 0.42), metal, "slant", 0.6))
    c.ellipse((x - half * 0.72, y - flat * 0.72, x + half * 0.72, y + flat * 0.66), mix(p.gold, p.deep, 0.22), opacity=0.5)
    c.ellipse((x - half * 0.68, y - flat * 0.64, x + half * 0.68, y + flat * 0.66), mix(p.gold, p.paper, 0.32))
    return y


def _sprout(c: Canvas, x: float, ground: float) -> None:
    p = c.palette
    green = mix(p.cool, p.deep, 0.2)
    c.line(smooth([(x, ground), (x - 4, ground - 40), (x + 2, ground - 84)]), green, 5)
    for way, y, size in ((-1, 44, 44), (1, 62, 50), (-1, 88, 34)):
        leaf = [
            (x, ground - y),
            (x + way * size * 0.4, ground - y - size * 0.5),
            (x + way * size, ground - y - size * 0.5),
            (x + way * size * 0.7, ground - y - size * 0.04),
        ]
        c.polygon(smooth(leaf, closed=True, steps=6), Fade(mix(green, p.gold, 0.4), green, "slant"))
