"""What the program's tests ask for: a paper of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from masthead.app import App
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
