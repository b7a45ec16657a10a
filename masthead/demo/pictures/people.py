"""People: faceless, a few strokes each, dressed in the picture's inks."""

from __future__ import annotations

from dataclasses import dataclass

from .canvas import Canvas, Fade, Ink, Point
from .palette import Colour, mix
from .parts import smooth

_Limb = tuple[Point, Point]
"""Elbow and hand, or knee and foot."""


@dataclass(frozen=True, slots=True)
class Pose:
    """Where the joints are, in heights of a standing person: x forwards, y up from the ground. The far limb comes first."""

    neck: Point
    hip: Point
    arms: tuple[_Limb, _Limb]
    legs: tuple[_Limb, _Limb]


STAND = Pose(
    (0, 0.81),
    (0, 0.5),
    (((-0.1, 0.66), (-0.095, 0.49)), ((0.1, 0.66), (0.095, 0.49))),
    (((-0.04, 0.25), (-0.05, 0.02)), ((0.04, 0.25), (0.05, 0.02))),
)
WALK = Pose(
    (0.02, 0.81),
    (0, 0.5),
    (((0.1, 0.66), (0.17, 0.54)), ((-0.07, 0.65), (-0.11, 0.49))),
    (((-0.03, 0.26), (-0.15, 0.05)), ((0.08, 0.27), (0.12, 0.02))),
)
RUN = Pose(
    (0.1, 0.8),
    (0, 0.51),
    (((0.22, 0.63), (0.31, 0.74)), ((-0.05, 0.66), (-0.02, 0.52))),
    (((-0.1, 0.3), (-0.29, 0.22)), ((0.17, 0.4), (0.14, 0.14))),
)
STRIDE = Pose(
    (0.09, 0.8),
    (0, 0.51),
    (((-0.06, 0.68), (-0.13, 0.58)), ((0.16, 0.62), (0.27, 0.68))),
    (((0.15, 0.42), (0.09, 0.2)), ((-0.06, 0.27), (-0.2, 0.08))),
)
SIT = Pose(
    (0.02, 0.58),
    (0, 0.27),
    (((0.1, 0.42), (0.24, 0.4)), ((0.08, 0.42), (0.22, 0.38))),
    (((0.23, 0.27), (0.22, 0.02)), ((0.25, 0.26), (0.26, 0.02))),
)
HOLD = Pose(WALK.neck, WALK.hip, (((-0.07, 0.65), (-0.11, 0.49)), ((0.12, 0.62), (0.13, 0.73))), WALK.legs)
"""Walking with something upright in the hand."""
POINT_UP = Pose(
    (0, 0.81),
    (0, 0.5),
    (((0.13, 0.83), (0.25, 0.95)), ((-0.1, 0.66), (-0.085, 0.49))),
    (((-0.04, 0.25), (-0.05, 0.02)), ((0.04, 0.25), (0.05, 0.02))),
)


def person(
    c: Canvas,
    x: float,
    ground: float,
    height: float,
    pose: Pose = STAND,
    *,
    left: bool = False,
    shade: Colour | None = None,
    coat: Colour | None = None,
    long: bool = False,
) -> None:
    """Draw somebody ``height`` tall; ``left`` turns the pose round, ``shade`` makes a silhouette, ``long`` a coat to the knees."""
    p, dice = c.palette, c.dice
    top = shade or coat or dice.choice(p.cloths)
    trousers = shade or mix(p.deep, dice.choice(p.cloths), 0.22)
    skin, hair = shade or dice.choice(p.skins), shade or mix(p.deep, (10, 8, 8), dice.uniform(0.2, 0.6))

    def at(joint: Point) -> Point:
        return x + (-joint[0] if left else joint[0]) * height, ground - joint[1] * height

    def limb(start: Point, middle: Point, end: Point, ink: Ink, width: float) -> None:
        c.line([at(start), at(middle), at(end)], ink, width * height)

    shoulder_far, shoulder_near = (_towards(pose.neck, pose.arms[0][0], 0.07), _towards(pose.neck, pose.arms[1][0], 0.07))
    dark = mix(top, p.deep, 0.28) if shade is None else top
    limb(shoulder_far, *pose.arms[0], dark, 0.058)
    for (knee, foot), ink in zip(pose.legs, (mix(trousers, p.deep, 0.3), trousers), strict=True):
        limb(pose.hip, knee, foot, ink, 0.082)
        c.line([at(foot), at((foot[0] + 0.045, foot[1]))], mix(ink, (0, 0, 0), 0.25), 0.045 * height)
    (nx, ny), (hx, hy) = pose.neck, pose.hip
    hem, wide = (0.2, 0.125) if long else (0.0, 0.085)
    yoke = smooth(
        [
            (hx - wide * 0.9, hy + 0.1),
            (nx - 0.1, ny - 0.055),
            (nx - 0.04, ny + 0.012),
            (nx + 0.04, ny + 0.012),
            (nx + 0.1, ny - 0.055),
            (hx + wide * 0.9, hy + 0.1),
        ],
        steps=5,
    )
    body = [at(point) for point in [(hx - wide, hy - hem), *yoke, (hx + wide, hy - hem)]]
    c.polygon(body, Fade(mix(top, p.paper, 0.12), mix(top, p.deep, 0.32), "across") if shade is None and height > 70 else top)
    limb(shoulder_near, *pose.arms[1], mix(top, p.deep, 0.14) if shade is None else top, 0.06)
    if shade is None:
        for _, hand in pose.arms:
            c.disc(at(hand), 0.028 * height, skin)
    head = (nx + 0.018, ny + 0.105)
    c.line([at((nx, ny)), at(head)], skin, 0.05 * height)
    c.disc(at(head), 0.066 * height, skin)
    if shade is None:
        _hair(c, at(head), 0.066 * height, hair, left=left)


def bust(c: Canvas, x: float, bottom: float, size: float, ink: Ink) -> None:
    """Head and shoulders from behind: an audience."""
    c.disc((x, bottom - size * 0.78), size * 0.21, ink)
    c.rectangle((x - size * 0.08, bottom - size * 0.62, x + size * 0.08, bottom - size * 0.4), ink)
    shoulders = [
        (x - size * 0.5, bottom + size * 0.1),
        (x - size * 0.44, bottom - size * 0.3),
        (x - size * 0.14, bottom - size * 0.5),
        (x + size * 0.14, bottom - size * 0.5),
        (x + size * 0.44, bottom - size * 0.3),
        (x + size * 0.5, bottom + size * 0.1),
    ]
    c.polygon(smooth(shoulders, steps=6), ink)


def _hair(c: Canvas, head: Point, radius: float, ink: Colour, *, left: bool) -> None:
    x, y = head
    back = 1 if left else -1
    box = (x - radius * 1.1, y - radius * 1.16, x + radius * 1.1, y + radius * 1.04)
    start, end = (150, 320) if not left else (220, 390)
    c.pie(box, start, end, ink)
    style = c.dice.random()
    if style < 0.3:
        c.disc((x + back * radius * 0.95, y - radius * 0.5), radius * 0.45, ink)
    elif style < 0.6:
        c.line([(x + back * radius * 0.75, y - radius * 0.2), (x + back * radius * 0.85, y + radius * 1.1)], ink, radius * 0.7)


def _towards(start: Point, end: Point, reach: float) -> Point:
    """The point a little below the neck, ``reach`` to the side of the arm."""
    return start[0] + (reach if end[0] > start[0] else -reach), start[1] - 0.055
