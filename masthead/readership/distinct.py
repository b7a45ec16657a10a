"""Counting how many different ones came, without keeping who: HyperLogLog (Flajolet and others, 2007)."""

from __future__ import annotations

import math
from collections import Counter

_BITS = 11
_REGISTERS = 1 << _BITS
_REST = 64 - _BITS


class Distinct:
    """How many different 64-bit hashes were added, within some 2.3 % (one standard error), in 2 KB whatever comes.

    A set of hashes would be exact, but grows with the visitors, and with whoever invents some to fill the memory. Of ten, two fall
    on one register in one count of fifty: there the estimate is one short.
    """

    def __init__(self, registers: bytes | bytearray = bytes(_REGISTERS)) -> None:
        self._registers = bytearray(registers)

    def add(self, hashed: int) -> bool:
        """Count a hash of 64 bits; returns whether the estimate may have changed."""
        register = hashed >> _REST
        rank = _REST + 1 - (hashed & ((1 << _REST) - 1)).bit_length()
        if rank <= self._registers[register]:
            return False
        self._registers[register] = rank
        return True

    def copy(self) -> Distinct:
        """The count as it is now."""
        return Distinct(self._registers)

    def estimate(self) -> int:
        """How many there were, by Ertl's estimator: "New cardinality estimation algorithms for HyperLogLog sketches" (2017), §4.

        It has no bias from nought up. His correction for full registers is left out: hashes of 64 bits fill none.
        """
        having = Counter(self._registers)
        total = 0.0
        for rank in range(_REST + 1, 0, -1):
            total = (total + having[rank]) / 2
        total += _REGISTERS * _sigma(having[0] / _REGISTERS)
        return round(_REGISTERS**2 / (2 * math.log(2) * total))


def _sigma(share: float) -> float:
    """σ(x) = x + Σ x^(2^k) 2^(k-1) of the share of registers that nothing fell on; without end for all of them."""
    if share == 1:
        return math.inf
    weight, total, before = 1.0, share, -1.0
    while total != before:
        share *= share
        before, total = total, total + share * weight
        weight *= 2
    return total
