"""What the parts of the store share."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from newsroom.database import Database


class Store:
    """Tables in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def _insert(self) -> Any:  # both dialects have the same on_conflict_* methods, without a common type
        return sqlite.insert if self._database.is_sqlite else postgresql.insert
