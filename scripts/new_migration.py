"""Draft a migration from the tables as they are declared now: ``.venv/bin/python scripts/new_migration.py "what changes"``.

Read and tidy what it writes. tests/newsroom/test_migrations.py holds the migrations to the tables.
"""

from __future__ import annotations

import sys
import tempfile

import alembic.command

import masthead.app  # noqa: F401 (it knows every table of the program)
from newsroom import migrations
from newsroom.database import Database


def main(message: str) -> None:
    """Compare a database that has every migration with the tables, and write down the difference."""
    number = f"{len(list((migrations.FOLDER / 'versions').glob('[0-9]*.py'))) + 1:04}"
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/migrated.db")
        database.upgrade()
        with database.read() as connection:
            alembic.command.revision(migrations.config(connection), message, autogenerate=True, rev_id=number)
        database.close()


if __name__ == "__main__":
    main(sys.argv[1])
