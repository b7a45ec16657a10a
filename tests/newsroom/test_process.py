"""Who owns a piece of work: the dead are succeeded at once, the living never."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsroom.process import is_dead, this_process

ROOT = Path(__file__).parents[2]
WAITING = "from newsroom.process import this_process; print(this_process(), flush=True); input()"


@pytest.fixture
def other() -> Iterator[subprocess.Popen[str]]:
    """Another process of this program, which waits for a line."""
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", WAITING], stdin=pipe, stdout=pipe, text=True, cwd=ROOT) as process:
        yield process
        process.kill()


def test_the_living_are_not_succeeded() -> None:
    """Two processes send one edition, and every reader has it twice."""
    assert this_process() == this_process()
    assert not is_dead(this_process())


def test_a_killed_process_is_dead_at_once(other: subprocess.Popen[str]) -> None:
    """After a crash the edition waits for a lease to run out, though anybody could see that its sender is gone."""
    assert other.stdout
    owner = other.stdout.readline().strip()
    assert not is_dead(owner)
    os.kill(other.pid, signal.SIGKILL)
    os.waitid(os.P_PID, other.pid, os.WEXITED | os.WNOWAIT)
    assert is_dead(owner), "though its parent has not asked for it yet"
    other.wait()
    assert is_dead(owner)


def test_a_process_id_that_is_used_again_is_another_process() -> None:
    """A restarted container gives the same number to another program, and the work is never taken over."""
    machine, pid, began = this_process().split("/")
    assert is_dead(f"{machine}/{pid}/1{began}")


@pytest.mark.parametrize(
    "owner", ["", "elsewhere/1/1", "elsewhere", "{machine}", "{machine}/x/1", "{machine}/²/1", "{machine}/4194305/"]
)
def test_who_is_not_known_to_be_dead_may_live(owner: str) -> None:
    """A sender on another machine loses its edition in the middle of the sending."""
    assert not is_dead(owner.format(machine=this_process().partition("/")[0]))
