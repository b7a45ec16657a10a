"""The one table: what was measured, of ours and of the peer, their ratio, the goal, and whether it was reached."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

HEADINGS = ("what", "ours", "peer", "ratio: median (from–to)", "goal", "reached")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the table, in words."""

    what: str
    ours: str
    peer: str = ""
    ratio: str = ""
    goal: str = ""
    reached: str = ""


def ratio_line(
    what: str,
    pairs: Sequence[tuple[float, float]],
    *,
    unit: str,
    goal: float | None,
    at_most: bool = False,
    larger_is_better: bool = False,
) -> Line:
    """A line of pairs measured in turns, ours first. The ratio is how many times faster ours is; with ``at_most`` how many times slower."""
    straight = at_most or larger_is_better
    ratios = sorted(ours / peer if straight else peer / ours for ours, peer in pairs)
    ratio = statistics.median(ratios)
    reached = goal is not None and (ratio <= goal if at_most else ratio >= goal)
    ours, peer = (statistics.median(pair[side] for pair in pairs) for side in (0, 1))
    return Line(
        what=what,
        ours=f"{_number(ours)} {unit}",
        peer=f"{_number(peer)} {unit}",
        ratio=f"{ratio:.2f} ({ratios[0]:.2f}–{ratios[-1]:.2f})",
        goal="" if goal is None else f"{'≤' if at_most else '≥'} {goal:g}",
        reached="" if goal is None else "yes" if reached else "no",
    )


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.4g}"


def table(lines: Iterable[Line]) -> str:
    """As Markdown."""
    rows = [HEADINGS, tuple("---" for _ in HEADINGS)]
    rows += [(line.what, line.ours, line.peer, line.ratio, line.goal, line.reached) for line in lines]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
