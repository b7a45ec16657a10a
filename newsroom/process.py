"""Which process owns a piece of work, so that what a dead one left behind is taken over at once and a living one never is."""

from __future__ import annotations

import os
import socket
from pathlib import Path


def this_process() -> str:
    """Host, process id and the moment the process began: unlike a bare process id, never used twice."""
    return f"{socket.gethostname()}/{os.getpid()}/{_began(os.getpid())}"


def is_dead(owner: str) -> bool:
    """Whether the owner certainly runs no more: it was on this machine and its process is gone."""
    host, _, rest = owner.partition("/")
    pid, _, began = rest.partition("/")
    return host == socket.gethostname() and pid.isdigit() and _began(int(pid)) != began


def _began(pid: int) -> str:
    """Start time of a process in clock ticks since boot (proc(5), field 22); empty where there is none."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return ""
    return stat.rpartition(")")[2].split()[19]
