"""The colours of a mail, by day and by night, and whether the paper's own can be read on them."""

from __future__ import annotations

from dataclasses import dataclass

from newsroom.settings import PaperSettings

READABLE = 4.5
"""Contrast that text of any size needs (WCAG 2.2, 1.4.3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """Ink on paper. ``tint`` carries columns and the footer, ``line`` the hairlines, ``heavy`` the rules over sections."""

    page: str
    sheet: str
    tint: str
    ink: str
    text: str
    soft: str
    line: str
    heavy: str
    disc: str
    accent: str


def day(paper: PaperSettings) -> Palette:
    """Ink on warm white; near enough to black on white that a client which inverts colours makes a readable night of it."""
    return Palette(
        page="#eceae6",
        sheet="#fffdf9",
        tint="#f3efe7",
        ink="#16181a",
        text="#2f3236",
        soft="#5c6166",
        line="#e0dbd2",
        heavy="#16181a",
        disc="#16181a",
        accent=paper.accent,
    )


def night(paper: PaperSettings) -> Palette:
    """Light ink on a dark sheet."""
    return Palette(
        page="#101214",
        sheet="#181b1f",
        tint="#22272d",
        ink="#eceff1",
        text="#d3d8dc",
        soft="#a9b1b8",
        line="#343a41",
        heavy="#8d959d",
        disc="#3d454d",
        accent=paper.accent_dark,
    )


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black on white), for ``#rrggbb`` colours (WCAG 2.2, relative luminance)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def contrast_problems(paper: PaperSettings) -> list[str]:
    """What an operator should change about ``paper.accent`` and ``paper.accent_dark``; empty where both can be read."""
    problems = []
    for key, palette, change in (("accent", day(paper), "darker"), ("accent_dark", night(paper), "lighter")):
        weakest = min(contrast(palette.accent, ground) for ground in (palette.sheet, palette.tint))
        if weakest < READABLE:
            problems.append(
                f"paper.{key} {palette.accent} has a contrast of {weakest:.1f} on the mail's paper; "
                f"readers need {READABLE} or more: choose a {change} colour",
            )
    return problems


def _luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
