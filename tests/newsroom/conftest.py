"""What the newsroom's tests may ask for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from newsroom.database import Database
from newsroom.store import ArticleStore
from tests.servers import HttpServer


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database with every table and no rows, of each kind."""
    opened = Database(database_url)
    opened.prepare()
    yield opened
    opened.close()


@pytest.fixture
def store(database: Database) -> ArticleStore:
    """A store without articles."""
    return ArticleStore(database)


@pytest.fixture
def http_server() -> Iterator[HttpServer]:
    """Somebody's website, empty."""
    with HttpServer().running() as server:
        yield server
