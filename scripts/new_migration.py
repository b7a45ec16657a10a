"""Draft a migration from the tables as they are declared now: ``.venv/bin/python scripts/new_migration.py "what changes"``.

Read and tidy what it writes. tests/newsroom/test_migrations.py holds the migrations to the tables.
"""

from __future__ import annotations

import sys
import tempfile
from importlib import import_module

import alembic.command

from newsroom import migrations
from newsroom.database import Database

TABLES = ("newsroom.tables", "newsletter.tables", "feeds.store", "masthead.tables")


def main(message: str) -> None:
    """Compare a database that has every migration with the tables, and write the difference down."""
    for module in TABLES:
        import_module(module)
    number = f"{len(list((migrations.FOLDER / 'versions').glob('[0-9]*.py'))) + 1:04}"
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/migrated.db")
        database.upgrade()
        with database.read() as connection:
            alembic.command.revision(migrations.config(connection), message, autogenerate=True, rev_id=number)
        database.close()


if __name__ == "__main__":
    main(sys.argv[1])
