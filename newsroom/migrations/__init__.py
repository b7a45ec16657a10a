"""The schema's versions: which one a database has, making the newest, and migrating to it.

A change to a table needs a migration in ``versions/``; ``scripts/new_migration.py`` drafts it. There is no way down: a backup is.
"""

from __future__ import annotations

from pathlib import Path

import alembic.command
import alembic.config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, inspect, text

from newsroom.errors import SchemaError

FOLDER = Path(__file__).parent
UPGRADE_COMMAND = "masthead upgrade"
_LOCK = 0x4D41_5343  # so that two machines never change one schema at once


def is_current(connection: Connection) -> bool:
    """Whether the database has the schema of this program."""
    return _revision(connection) == _newest()


def create(connection: Connection, metadata: MetaData, place: str) -> None:
    """Make every table of ``metadata`` in an empty database; leave a current one alone.

    Raises SchemaError for any other; ``place`` names the database in its message.
    """
    _lock(connection)
    found, newest = _revision(connection), _newest()
    if found == newest:
        return
    _refuse_newer(found, place)
    if found is not None or inspect(connection).get_table_names():
        raise SchemaError(
            f"{place} has schema {found or 'unknown'}, this program needs {newest}. Back it up, then run: {UPGRADE_COMMAND}"
        )
    metadata.create_all(connection)
    MigrationContext.configure(connection).stamp(_scripts(), newest)


def upgrade(connection: Connection, place: str) -> tuple[str | None, str]:
    """Migrate to the newest schema; returns the revisions before and after. Raises SchemaError for a newer one."""
    _lock(connection)
    found = _revision(connection)
    _refuse_newer(found, place)
    alembic.command.upgrade(config(connection), "head")
    return found, _newest()


def config(connection: Connection) -> alembic.config.Config:
    """Alembic's configuration for working over a connection, in its transaction."""
    made = alembic.config.Config()
    made.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    made.attributes["connection"] = connection
    return made


def _lock(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _refuse_newer(found: str | None, place: str) -> None:
    if found is not None and found not in {script.revision for script in _scripts().walk_revisions()}:
        raise SchemaError(f"{place} was made by a newer Masthead (schema {found}); install that version or restore a backup.")


def _newest() -> str:
    newest = _scripts().get_current_head()
    if newest is None:
        raise SchemaError("the program holds no migrations; reinstall it.")
    return newest


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(FOLDER))
