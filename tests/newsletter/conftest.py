"""What the newsletter's tests may ask for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import newsletter.tables  # noqa: F401 (declares what create_all makes)
from newsletter.store import NewsletterStore
from newsroom.database import Database, metadata
from tests.newsletter.postoffice import PostOffice


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database with the tables made, of either kind."""
    database = Database(database_url)
    with database.write() as connection:
        metadata.create_all(connection)
    yield database
    database.close()


@pytest.fixture
def store(database: Database) -> NewsletterStore:
    return NewsletterStore(database)


@pytest.fixture
def office() -> Iterator[PostOffice]:
    """A mail server that takes everything, until told otherwise."""
    with PostOffice().open() as office:
        yield office
