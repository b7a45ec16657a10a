"""What the newsroom's tests may ask for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.servers import HttpServer


@pytest.fixture
def http_server() -> Iterator[HttpServer]:
    """Somebody's website, empty."""
    with HttpServer().running() as server:
        yield server
