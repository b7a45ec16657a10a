"""Counting different visitors without keeping them."""

from __future__ import annotations

import random
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from masthead.readership.distinct import Distinct


def counted(hashes: list[int]) -> Distinct:
    made = Distinct()
    for hashed in hashes:
        made.add(hashed)
    return made


@pytest.mark.parametrize(
    ("visitors", "counts"), [(1, 50), (10, 50), (100, 40), (1_000, 30), (5_000, 20), (20_000, 10), (100_000, 4)]
)
def test_the_error_is_what_is_promised(visitors: int, counts: int) -> None:
    """An editor would see readers come and go who never did."""
    chance = random.Random(visitors)
    errors = [counted([chance.getrandbits(64) for _ in range(visitors)]).estimate() / visitors - 1 for _ in range(counts)]
    assert abs(statistics.mean(errors)) < 4 * 0.023 / counts**0.5 + 0.002
    assert statistics.pstdev(errors) < 0.035


@given(st.lists(st.integers(0, 2**64 - 1), max_size=40))
def test_who_comes_again_is_not_counted_again(hashes: list[int]) -> None:
    """A reader that polls every five minutes would be two hundred and eighty-eight."""
    once = counted(hashes)
    again = counted(hashes + hashes[::-1])
    assert once.estimate() == again.estimate() <= len(set(hashes)) + 2
    assert not any(once.add(hashed) for hashed in hashes)


def test_nobody_is_none() -> None:
    """A feed without readers would have some."""
    assert Distinct().estimate() == 0


@given(st.integers(0, 2047), st.integers(0, 2**53 - 1))
def test_every_hash_has_a_register(register: int, rest: int) -> None:
    """One visitor's hash would end the count for all."""
    assert counted([register << 53 | rest]).estimate() >= 1


def test_a_copy_goes_its_own_way() -> None:
    """What is being stored would change under the hand of whoever stores it."""
    first = counted([1, 2 << 53])
    copy = first.copy()
    first.add(3 << 53)
    assert (first.estimate(), copy.estimate()) == (3, 2)


def test_all_registers_full_is_a_number_still() -> None:
    """Whoever could make hashes would bring the counting down."""
    assert Distinct(bytes([54]) * 2048).estimate() > 2**60
