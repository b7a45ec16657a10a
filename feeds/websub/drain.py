"""Carrying out owed work, many pieces at a time in one event loop: nobody slow holds up the others."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, Protocol, TypeVar

import structlog

from feeds.websub.model import Outcome
from newsroom.errors import NewsroomError

GRACE = 2.0
"""Seconds that pieces in flight have to end in when the program stops."""
_GLANCE = 0.5
_log = structlog.get_logger(__name__)

Piece = TypeVar("Piece")


class Work(Protocol, Generic[Piece]):
    """A kind of owed work. ``claim`` and ``settle`` wait for the database and are called in a thread."""

    def claim(self, limit: int) -> Sequence[Piece]:
        """At most so many pieces that are due, for nobody else meanwhile."""
        ...

    async def carry_out(self, piece: Piece) -> Outcome:
        """One attempt."""
        ...

    def settle(self, results: Sequence[tuple[Piece, Outcome]]) -> None:
        """Write what came of pieces."""
        ...


async def drain(work: Work[Piece], *, connections: int, stopping: Callable[[], bool]) -> None:
    """Do all that is due, ``connections`` pieces at once. Pieces that were claimed and not done become due again by themselves."""
    waiting: deque[Piece] = deque()
    running: dict[asyncio.Task[Outcome], Piece] = {}
    more = True
    while not stopping():
        if not waiting and (more or not running):
            claimed = await asyncio.to_thread(work.claim, connections)
            waiting.extend(claimed)
            more = bool(claimed)
        while waiting and len(running) < connections:
            piece = waiting.popleft()
            running[asyncio.create_task(work.carry_out(piece))] = piece
        if not running:
            return
        done, _ = await asyncio.wait(running, timeout=_GLANCE, return_when=asyncio.FIRST_COMPLETED)
        await _settle(work, done, running)
    if running:
        done, late = await asyncio.wait(running, timeout=GRACE)
        await _settle(work, done, running)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)


async def _settle(work: Work[Piece], done: set[asyncio.Task[Outcome]], running: dict[asyncio.Task[Outcome], Piece]) -> None:
    results: list[tuple[Piece, Outcome]] = []
    for task in done:
        piece = running.pop(task)
        if (fault := task.exception()) is None:
            results.append((piece, task.result()))
        else:  # ours, not the peer's: the piece's claim runs out, and the others go on
            known = isinstance(fault, NewsroomError)
            _log.error("owed work not done", kind=type(work).__name__, reason=str(fault), exc_info=None if known else fault)
    if results:
        await asyncio.to_thread(work.settle, results)
