"""The walk through a feed's history: what is lost on it, a subscriber never sees."""

from __future__ import annotations

import pytest

from feeds.checker.archive import check_history
from feeds.errors import FeedsError
from tests.feeds.checker.documents import ADDRESS, ARCHIVE, ATOM, NOW

BASE = "https://feeds.dumul.example/archive/it/"


def _history() -> dict[str, str]:
    """A subscription document and two archives, each with entries of its own."""
    current = ATOM.replace("<icon>", f'<link rel="prev-archive" href="{BASE}2.atom"/><icon>')
    second = _archive(2).replace("<icon>", f'<link rel="prev-archive" href="{BASE}1.atom"/><icon>')
    first = _archive(1).replace("<icon>", f'<link rel="next-archive" href="{BASE}2.atom"/><icon>')
    return {ADDRESS: current, f"{BASE}2.atom": second, f"{BASE}1.atom": first}


def _archive(number: int) -> str:
    document = ARCHIVE.replace("archive/it/1.atom", f"archive/it/{number}.atom")
    return document.replace("03-02:article/", f"03-0{number}:archived/")


def _rules(history: dict[str, str]) -> set[str]:
    def read(address: str) -> bytes:
        if address not in history:
            raise FeedsError(f"{address} is not there")
        return history[address].encode()

    walked = check_history(history[ADDRESS].encode(), read, NOW)
    return {finding.rule for _, findings in walked for finding in findings}


def test_a_whole_history_has_no_findings() -> None:
    """A right archive is walked to its end."""
    assert _rules(_history()) == set()


@pytest.mark.parametrize(
    ("place", "old", "new", "rule"),
    [
        (f"{BASE}1.atom", "<fh:archive/>", "", "H1"),
        (f"{BASE}1.atom", "03-01:archived/1", "03-02:archived/1", "H1"),
        (f"{BASE}1.atom", f'href="{BASE}2.atom"', f'href="{BASE}3.atom"', "H1"),
        (f"{BASE}1.atom", "<icon>", f'<link rel="prev-archive" href="{BASE}2.atom"/><icon>', "H1"),
        (f"{BASE}1.atom", 'sections/it.atom" rel="current"', 'sections/game.atom" rel="current"', "H1"),
        (f"{BASE}1.atom", "2025:feeds/sections/it", "2025:feeds/archive/1", "H1"),
        (f"{BASE}1.atom", "03-01:archived/1<", "03-01:archived/1 <", "A4"),
        (f"{BASE}2.atom", "it/1.atom", "it/0.atom", "H1"),
        (f"{BASE}1.atom", 'it/1.atom" rel="self"', 'it/9.atom" rel="self"', "A2"),
        (ADDRESS, '03-01:article/7" when="2026-03-02T09', '03-01:archived/1" when="2026-03-02T11', "A20"),
    ],
)
def test_a_broken_history_is_found(place: str, old: str, new: str, rule: str) -> None:
    """Missing, doubled, looping or changing archives lose articles without a word."""
    history = _history()
    assert old in history[place]
    history[place] = history[place].replace(old, new)
    assert rule in _rules(history)
