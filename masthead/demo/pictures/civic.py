"""The chamber and the lectern."""

from __future__ import annotations

import math

from .canvas import HEIGHT, WIDTH, Canvas, Fade
from .palette import mix
from .parts import (
    birds,
    cloud,
    points,
    sky,
    smooth,
    streaks,
    sun,
    tree,
)
from .people import POINT_UP, STAND, WALK, bust, person


def parliament(c: Canvas) -> None:
    """A domed house on its lawn, the flag, people on the steps."""
    p, dice = c.palette, c.dice
    ground = 540.0
    sky(c, horizon=ground, high=mix(p.air, p.cool, 0.25), low=mix(p.light, p.paper, 0.4))
    sun(c, (dice.choice((210, 990)) + dice.uniform(-30, 30), 190), 60)
    cloud(c, dice.uniform(150, 350), 320, 300, p.paper, opacity=0.7)
    cloud(c, dice.uniform(880, 1050), 300, 260, p.paper, opacity=0.7)
    streaks(c, 60, 190, p.paper, count=5, opacity=0.5)
    stone = mix(p.paper, p.light, 0.25)
    dome = mix(p.cool, p.deep, 0.15)
    c.line([(600, 64), (600, 130)], mix(p.deep, p.cool, 0.3), 4)
    flag = smooth(points("602 66, 630 60, 654 72, 682 66, 682 98, 654 104, 630 92, 602 98"), closed=True, steps=5)
    c.polygon(flag, Fade(mix(p.gold, p.paper, 0.2), p.gold, "across"))
    c.rectangle((578, 128, 622, 170), Fade(stone, mix(stone, p.deep, 0.3), "across"))
    c.pie((430, 158, 770, 470), 180, 360, Fade(mix(dome, p.paper, 0.4), mix(dome, p.deep, 0.55), "across", 0.9))
    for rib in (-0.72, -0.4, 0.0, 0.4, 0.72):
        arc = [(600 + 170 * rib * math.cos(t / 12 * math.pi / 2), 314 - 156 * math.sin(t / 12 * math.pi / 2)) for t in range(13)]
        c.line(arc, mix(dome, p.deep, 0.35), 3, opacity=0.55)
    c.rectangle((412, 306, 788, 338), Fade(stone, mix(stone, p.air, 0.5), "across"))
    c.rectangle((250, 336, 950, 372), Fade(mix(stone, p.paper, 0.5), mix(stone, p.air, 0.6), "across"))
    for wing in (60, 930):
        c.rectangle((wing, 380, wing + 210, ground), Fade(mix(stone, p.air, 0.2), mix(stone, p.air, 0.7), "slant"))
        c.rectangle((wing - 8, 372, wing + 218, 390), mix(stone, p.paper, 0.4))
        for column in range(5):
            for row in range(2):
                x = wing + 16 + column * 38
                c.rectangle(
                    (x, 406 + row * 62, x + 22, 448 + row * 62),
                    mix(p.deep, p.cool, 0.4) if dice.random() < 0.6 else mix(p.gold, p.paper, 0.2),
                )
    c.rectangle((268, 372, 932, ground), Fade(mix(p.deep, p.warm, 0.32), mix(p.deep, p.warm, 0.15)))
    c.glow((600, 490), 190, p.gold, strength=0.45)
    c.rectangle((560, 436, 640, ground), mix(p.gold, p.paper, 0.3))
    for column in range(9):
        x = 282 + column * 76
        c.soft([(x + 26, 384), (x + 46, 384), (x + 46, ground), (x + 26, ground)], p.deep, blur=4, opacity=0.4)
        c.rectangle((x, 384, x + 27, ground), Fade(mix(stone, p.paper, 0.6), mix(stone, p.deep, 0.4), "across", 0.8))
        c.rectangle((x - 6, 372, x + 33, 386), stone)
        c.rectangle((x - 6, ground - 12, x + 33, ground), stone)
    c.rectangle(
        (0, ground - 6, WIDTH, HEIGHT), Fade(mix(mix(p.cool, p.gold, 0.4), p.light, 0.25), mix(p.cool, p.deep, 0.35), grain=0.85)
    )
    for step in range(5):
        y = ground - 4 + step * 11
        spread = step * 26
        c.rectangle(
            (250 - spread, y, 950 + spread, y + 11),
            Fade(mix(stone, p.paper, 0.5 - 0.08 * step), mix(stone, p.air, 0.4 + 0.1 * step)),
        )
    c.polygon(
        [(500, ground + 50), (700, ground + 50), (850, HEIGHT), (350, HEIGHT)],
        Fade(mix(p.light, p.paper, 0.5), mix(p.light, p.air, 0.5), grain=0.8),
    )
    for x in (40, 150, 1050, 1165):
        leaf = mix(p.cool, p.deep, dice.uniform(0.1, 0.35))
        tree(
            c,
            x,
            ground + 76,
            dice.uniform(150, 190),
            Fade(mix(leaf, p.gold, 0.3), mix(leaf, p.deep, 0.35), "slant", 0.85),
            mix(p.deep, p.warm, 0.2),
        )
    for x, foot, tall in ((480, 566, 62), (520, 572, 64), (690, 560, 60), (590, 632, 92), (636, 640, 96), (780, 596, 70)):
        at = x + dice.uniform(-14, 14)
        c.soft(points("-6 0, 6 0, 50 16, 36 16", at, foot), p.deep, blur=3, opacity=0.35)
        person(c, at, foot, tall, WALK, left=dice.random() < 0.5, coat=mix(p.deep, dice.choice(p.cloths), 0.35))
    birds(c, 420, 120, 6, mix(p.deep, p.cool, 0.3))


def podium(c: Canvas) -> None:
    """Somebody speaking at a lectern, seen over the heads of the press."""
    p, dice = c.palette, c.dice
    cloth = mix(p.cool, p.deep, 0.3)
    c.backdrop(mix(cloth, p.deep, 0.3))
    fold = 48
    for index in range(WIDTH // fold + 1):
        x = index * fold
        c.rectangle((x, 0, x + fold, 520), Fade(mix(cloth, p.cool, 0.35), mix(cloth, p.deep, 0.6), "across", 0.5))
    c.soft(points("520 -20, 680 -20, 900 560, 300 560"), mix(p.paper, p.gold, 0.2), blur=30, opacity=0.4)
    c.rectangle((0, 506, WIDTH, HEIGHT), Fade(mix(p.deep, p.warm, 0.4), mix(p.deep, p.warm, 0.1), grain=0.8))
    for x, ink in ((250, p.gold), (330, p.paper), (880, p.paper), (960, p.gold)):
        c.line([(x, 120), (x, 520)], mix(p.gold, p.deep, 0.2), 6)
        c.disc((x, 114), 9, p.gold)
        hang = smooth(points("2 132, 40 146, 62 210, 50 330, 24 380, 2 360", x), steps=6)
        c.polygon(hang, Fade(mix(ink, p.paper, 0.1), mix(ink, p.deep, 0.4), "across", 0.7))
    at = 600.0
    c.glow((at, 250), 260, mix(p.paper, p.gold, 0.3), strength=0.35)
    person(c, at, 610, 430, dice.choice((STAND, POINT_UP)), left=dice.random() < 0.5, coat=mix(p.deep, p.cool, 0.2))
    wood = mix(p.warm, p.deep, 0.3)
    c.polygon(
        points("-128 376, 128 376, 112 640, -112 640", at),
        Fade(mix(wood, p.gold, 0.35), mix(wood, p.deep, 0.4), "across", 0.8),
    )
    c.polygon(points("-148 352, 148 352, 138 382, -138 382", at), Fade(mix(wood, p.gold, 0.55), wood))
    c.disc((at, 482), 50, mix(p.gold, p.deep, 0.15))
    c.disc((at, 482), 40, mix(wood, p.deep, 0.3))
    for spoke in range(8):
        turn = spoke * math.pi / 4
        c.line([(at, 482), (at + math.cos(turn) * 30, 482 + math.sin(turn) * 30)], p.gold, 4)
    for mic, lean in ((-70, 26), (-30, 12), (24, -8), (66, -26)):
        head = (at + mic + lean, 286 + abs(lean))
        c.line(smooth([(at + mic, 354), (at + mic - lean * 0.2, 320), head]), mix(p.deep, (0, 0, 0), 0.3), 4.5)
        c.line([head, (head[0] + lean * 0.3, head[1] - 16)], mix(p.deep, (0, 0, 0), 0.4), 15)
    dark = mix(p.deep, (0, 0, 0), 0.3)
    for row, size in enumerate((120, 165)):
        for seat in range(9 - row * 2):
            place = 40 + row * 50 + seat * (144 + row * 52) + dice.uniform(-20, 20)
            if abs(place - at) < 100 - 60 * row:
                continue
            bust(
                c, place, HEIGHT + 6 + row * 26, size * dice.uniform(0.92, 1.08), Fade(mix(dark, p.warm, 0.16 - 0.1 * row), dark)
            )
            if dice.random() < 0.4:
                c.rectangle(
                    (place + size * 0.16, HEIGHT - size * 1.06, place + size * 0.62, HEIGHT - size * 0.78),
                    mix(dark, p.cool, 0.15),
                    radius=5,
                )
                c.rectangle(
                    (place + size * 0.2, HEIGHT - size * 1.02, place + size * 0.58, HEIGHT - size * 0.82),
                    mix(p.gold, p.paper, 0.35),
                )
