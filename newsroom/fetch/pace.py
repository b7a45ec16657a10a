"""Politeness: one request at a time to a host, and a pause between two."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

_HOSTS_KEPT = 1000


@dataclass(slots=True)
class _Turn:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    free_at: float = 0.0


class Pace:
    """Gives each host's turns, one after the other."""

    def __init__(self) -> None:
        self._turns: dict[str, _Turn] = {}

    @asynccontextmanager
    async def turn(self, host: str, delay: float) -> AsyncIterator[None]:
        """Hold the host's turn, ``delay`` seconds after the last one ended."""
        clock = asyncio.get_running_loop().time
        turn = self._turn(host, clock())
        async with turn.lock:
            await asyncio.sleep(max(0.0, turn.free_at + delay - clock()) if turn.free_at else 0.0)
            try:
                yield
            finally:
                turn.free_at = clock()

    def _turn(self, host: str, now: float) -> _Turn:
        if host not in self._turns and len(self._turns) >= _HOSTS_KEPT:
            self._turns = {name: turn for name, turn in self._turns.items() if turn.lock.locked() or now - turn.free_at < 60}
        return self._turns.setdefault(host, _Turn())
