"""Politeness: one request at a time to a host in a pull, and a pause between two in the whole process."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_HOSTS_KEPT = 1000

# Pulls run in threads of their own, each with its own event loop: what they must agree on is when a host may be asked again.
_guard = threading.Lock()
_free_at: dict[str, float] = {}


class Pace:
    """Gives each host's turns, one after the other."""

    def __init__(self) -> None:
        self._turns: dict[str, asyncio.Lock] = {}

    @asynccontextmanager
    async def turn(self, host: str, delay: float) -> AsyncIterator[None]:
        """Hold the host's turn, ``delay`` seconds after the last one of any pull."""
        if host not in self._turns and len(self._turns) >= _HOSTS_KEPT:
            self._turns = {name: lock for name, lock in self._turns.items() if lock.locked()}
        async with self._turns.setdefault(host, asyncio.Lock()):
            await asyncio.sleep(_reserve(host, delay))
            try:
                yield
            finally:
                _keep_free(host, delay)


def _reserve(host: str, delay: float) -> float:
    """Take the host's next free moment; returns the seconds until then."""
    now = time.monotonic()
    with _guard:
        begin = max(now, _free_at.get(host, now))
        _free_at[host] = begin + delay
    return begin - now


def _keep_free(host: str, delay: float) -> None:
    """The pause begins when the answer is there. Hosts whose pause is over are forgotten."""
    now = time.monotonic()
    with _guard:
        _free_at[host] = max(_free_at.get(host, now), now + delay)
        if len(_free_at) >= _HOSTS_KEPT:
            for name in [name for name, free in _free_at.items() if free <= now]:
                del _free_at[name]
