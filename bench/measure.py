"""Timing two ways of doing the same work in turns, so that a machine that slows down slows both."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Way:
    """One way to do the work; ``units`` is how many pieces one call makes."""

    name: str
    work: Callable[[], object]
    units: int = 1


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came of it: rates in units a second, ours and the peer's, of each round."""

    title: str
    unit: str
    pairs: tuple[tuple[float, float], ...]


def compare(title: str, unit: str, ours: Way, peer: Way, *, rounds: int = 5) -> Comparison:
    """Run both in turns after a warm-up, and print each one's median rate and the median of the ratios pair by pair."""
    for way in (ours, peer):
        way.work()
    pairs = [(_rate(ours), _rate(peer)) for _ in range(rounds)]
    rates = [statistics.median(pair[side] for pair in pairs) for side in (0, 1)]
    ratios = sorted(first / second for first, second in pairs)
    print(title)
    for way, rate in zip((ours, peer), rates, strict=True):
        print(f"  {way.name:<44} {rate:>12,.1f} {unit}/s")
    print(f"  ratio {statistics.median(ratios):.2f} (from {ratios[0]:.2f} to {ratios[-1]:.2f} in {rounds} pairs)\n")
    return Comparison(title, f"{unit}/s", tuple(pairs))


def _rate(way: Way) -> float:
    began = time.perf_counter()
    way.work()
    return way.units / (time.perf_counter() - began)
