"""`masthead run` as an operator runs it: in a process of its own, watched through what it says."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PATIENCE = 60.0


@dataclass
class Running:
    """The running program. ``said`` is its standard output, ``logged`` each line of its log as JSON."""

    process: subprocess.Popen[str]
    said: list[str] = field(default_factory=list)
    logged: list[Mapping[str, Any]] = field(default_factory=list)

    @property
    def address(self) -> str:
        """The web address that it named; waits until it has."""
        until(lambda: self.said or self.process.poll() is not None, "the program never said where it is")
        assert self.said, f"the program ended: {self.logged}"
        return self.said[0].rstrip("/").partition(": ")[2]

    def wait_for(self, event: str, **values: object) -> Mapping[str, Any]:
        """The first line of the log with this event and these values."""

        def found() -> list[Mapping[str, Any]]:
            return [line for line in self.logged if line["event"] == event and values.items() <= line.items()]

        until(found, f"{event} {values} was never logged; {self.logged}")
        return found()[0]

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal, and give the exit status."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


@contextmanager
def running(config: Path, *, environment: Mapping[str, str] | None = None) -> Iterator[Running]:
    """`masthead run`, killed at the end of the block if it still runs."""
    process = subprocess.Popen(
        [sys.executable, "-m", "masthead", "run", "--config", str(config)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "MASTHEAD_LOG": "json", **(environment or {})},
    )
    program = Running(process)
    readers = [
        threading.Thread(target=_read, args=(process.stdout, program.said.append)),
        threading.Thread(target=_read, args=(process.stderr, lambda line: program.logged.append(_parsed(line)))),
    ]
    for reader in readers:
        reader.start()
    try:
        yield program
    finally:
        process.kill()
        process.wait()
        for reader in readers:
            reader.join()


def until(true: Callable[[], object], complaint: str) -> None:
    """Wait until something is true, for as long as a busy machine may need."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, complaint
        time.sleep(0.02)


def _read(stream: Any, keep: Callable[[str], None]) -> None:
    with stream:
        for line in stream:
            keep(line.rstrip("\n"))


def _parsed(line: str) -> Mapping[str, Any]:
    """A line of the log; one that is not JSON is kept as what a library said past it."""
    try:
        found = json.loads(line)
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {"event": "not JSON", "line": line}
