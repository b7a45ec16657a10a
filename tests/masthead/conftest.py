"""What the program's tests ask for: a paper of their own."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import structlog

from masthead.app import App
from masthead.commands import main
from tests.masthead.papers import SetClock, opened, write_config


@pytest.fixture
def clock() -> SetClock:
    """The time, until a test sets another: Monday morning at seven, in Seoul."""
    return SetClock()


@pytest.fixture
def app(tmp_path: Path, clock: SetClock) -> Iterator[App]:
    """A paper with an empty database, one source that is not there, and one newsletter without readers."""
    with opened(write_config(tmp_path), clock) as made:
        yield made


@dataclass(frozen=True)
class Said:
    """What a command said, and how it ended."""

    status: int
    out: str
    err: str

    def json(self) -> Any:
        """The one JSON document that it printed."""
        return json.loads(self.out)


Call = Callable[..., Said]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Call]:
    """Calls a command as the shell does, within this process; logging is as it was afterwards."""
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("MASTHEAD_CONFIG", raising=False)
    monkeypatch.delenv("MASTHEAD_LOG", raising=False)
    handlers, level = logging.getLogger().handlers[:], logging.getLogger().level
    for name in ("uvicorn", "uvicorn.error"):  # whatever a library that another test runs has made of it
        for state, usual in (("disabled", False), ("propagate", True), ("level", logging.NOTSET)):
            monkeypatch.setattr(logging.getLogger(name), state, usual)
    monkeypatch.setattr(logging.root.manager, "disable", logging.NOTSET)
    logging.getLogger().manager._clear_cache()  # type: ignore[attr-defined]  # as setLevel does

    def called(*arguments: str | Path) -> Said:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return Said(int(ended.value.code or 0), out, err)

    yield called
    structlog.reset_defaults()
    logging.getLogger().handlers[:] = handlers
    logging.getLogger().setLevel(level)
    logging.getLogger("apscheduler").setLevel(logging.NOTSET)
