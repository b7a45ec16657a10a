"""Which process owns a piece of work, so that what a dead one left behind is taken over at once and a living one never is."""

from __future__ import annotations

import hashlib
import os
import socket
from pathlib import Path


def this_process() -> str:
    """Machine, process id and the moment the process began: unlike a bare process id, never used twice."""
    return f"{_machine()}/{os.getpid()}/{_began(os.getpid())}"


def is_dead(owner: str) -> bool:
    """Whether the owner certainly runs no more: it was on this machine and its process is gone.

    False where that cannot be known: for a process of another machine or container, and where there is no /proc.
    """
    machine, _, rest = owner.partition("/")
    pid, _, began = rest.partition("/")
    return machine == _machine() and pid.isdecimal() and began != "" and _began(int(pid)) != began


def _machine() -> str:
    """A name for where process ids mean the same: containers may share a host's name, and machines may all be "localhost"."""
    try:
        namespace = Path("/proc/self/ns/pid").stat().st_ino
    except OSError:
        namespace = 0
    place = hashlib.sha256(f"{_read(Path('/etc/machine-id'))} {namespace}".encode())
    return f"{socket.gethostname()}-{place.hexdigest()[:8]}"


def _began(pid: int) -> str:
    """Start time of a living process in clock ticks since boot (proc(5), fields 3 and 22), and which boot; empty for any other."""
    state, *fields = _read(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split() or ["Z"]
    return "" if state in "ZX" else f"{fields[18]}-{_read(Path('/proc/sys/kernel/random/boot_id'))[:8]}"


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except OSError:
        return ""
