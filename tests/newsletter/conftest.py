"""What the newsletter's tests may ask for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from newsletter.store import NewsletterStore
from newsroom.database import Database
from tests.newsletter.delivering import prepared
from tests.newsletter.postoffice import PostOffice


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database with the tables made, of either kind."""
    database = prepared(database_url)
    yield database
    database.close()


@pytest.fixture
def store(database: Database) -> NewsletterStore:
    return NewsletterStore(database)


@pytest.fixture
def quick(sqlite_url: str) -> Iterator[NewsletterStore]:
    """A store for what does not depend on the kind of database."""
    database = prepared(sqlite_url)
    yield NewsletterStore(database)
    database.close()


@pytest.fixture
def office() -> Iterator[PostOffice]:
    """A mail server that takes everything, until told otherwise."""
    with PostOffice().open() as office:
        yield office
