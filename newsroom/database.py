"""The database: engine, transactions, metadata and migrations. The only door to SQL beside the packages' ``store.py`` files.

SQLite runs in WAL with one writer connection a process and ``BEGIN IMMEDIATE`` for writers: a deferred BEGIN that turns into a
write fails at once with SQLITE_BUSY whatever the busy timeout is. PostgreSQL runs through psycopg 3.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import alembic.command
import alembic.config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import (
    Connection,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    TypeDecorator,
    create_engine,
    event,
    inspect,
    make_url,
    text,
)
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from newsroom.errors import SchemaError, StoreBusyError, StoreError, StoreUnreachableError

BUSY_TIMEOUT_MS = 10_000
UPGRADE_COMMAND = "masthead upgrade"
_MIGRATIONS = Path(__file__).parent / "migrations"

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""Every package's ``store.py`` declares its tables here, so that one schema holds them all."""


class Instant(TypeDecorator[datetime]):
    """An aware moment, kept in UTC to the microsecond and read back as UTC. A naive datetime is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 (SQLAlchemy's signature)
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError(f"a moment without a time zone cannot be stored: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Database:
    """One database, opened by URL (``sqlite:///path`` or ``postgresql+psycopg://…``). Safe to share between threads."""

    def __init__(self, url: str) -> None:
        """Raises StoreUnreachableError where the folder of an SQLite file cannot be made."""
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._write_lock = threading.Lock()
        if self.is_sqlite and self.url.database:
            try:
                Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise StoreUnreachableError(f"{self.url.database}: {error.strerror}") from error
        self.engine = _sqlite_engine(url) if self.is_sqlite else create_engine(self.url, pool_pre_ping=True)

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one snapshot and writes nothing."""
        with self._errors(), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextlib.contextmanager
    def write(self, *, durable: bool = False) -> Iterator[Connection]:
        """A transaction that commits at the end of the block and rolls back on an exception.

        ``durable`` also survives a power cut: on SQLite the commit is fsynced (``synchronous=FULL``), as PostgreSQL does anyway.
        """
        lock = self._write_lock if self.is_sqlite else contextlib.nullcontext()
        with self._errors(), lock, self.engine.connect() as connection:
            connection.execution_options(masthead_writes=True)
            if self.is_sqlite:
                _pragma(connection, f"synchronous={'FULL' if durable else 'NORMAL'}")
            with connection.begin():
                yield connection

    def close(self) -> None:
        """Close every connection of the pool."""
        self.engine.dispose()

    def version(self) -> str:
        """Name and version of the database, for ``status``."""
        if self.is_sqlite:
            return f"SQLite {sqlite3.sqlite_version}"
        with self.read() as connection:
            return "PostgreSQL " + str(connection.scalar(text("SHOW server_version")))

    @contextlib.contextmanager
    def _errors(self) -> Iterator[None]:
        """Turn a driver's error into ours, once, with the cause chained."""
        try:
            yield
        except OperationalError as error:
            reason = str(error.orig)
            if "locked" in reason or "lock timeout" in reason:
                raise StoreBusyError from error
            if "unable to open" in reason or "connection" in reason.lower():
                raise StoreUnreachableError(f"{self._place}: {reason}") from error
            raise StoreError(f"{self._place}: {reason}") from error
        except DBAPIError as error:
            raise StoreError(f"{self._place}: {error.orig}") from error
        except SQLAlchemyError as error:
            raise StoreError(f"{self._place}: {error}") from error

    @property
    def _place(self) -> str:
        return self.url.render_as_string(hide_password=True)

    # --- schema ---

    def prepare(self) -> None:
        """Make the schema in an empty database; refuse one that another version of the program made.

        Raises SchemaError naming the command that upgrades it. Every package's tables must have been imported.
        """
        with self._errors(), self.write() as connection:
            found, head = self._revision(connection), _head()
            if found == head:
                return
            if found is None and not inspect(connection).get_table_names():
                metadata.create_all(connection)
                _stamp(connection, head)
                return
        if found is not None and found not in _known_revisions():
            raise SchemaError(
                f"{self._place} was made by a newer Masthead (schema {found}); install that version or restore a backup."
            )
        raise SchemaError(
            f"{self._place} has schema {found or 'unknown'}, this program needs {head}. Back it up, then run: {UPGRADE_COMMAND}"
        )

    def upgrade(self) -> tuple[str | None, str]:
        """Migrate to the newest schema in one transaction; returns the revisions before and after."""
        with self._errors(), self.write() as connection:
            before = self._revision(connection)
            config = alembic.config.Config()
            config.set_main_option("script_location", str(_MIGRATIONS))
            config.attributes["connection"] = connection
            alembic.command.upgrade(config, "head")
        return before, _head()

    def _revision(self, connection: Connection) -> str | None:
        return MigrationContext.configure(connection).get_current_revision()


def _sqlite_engine(url: str) -> Engine:
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False})

    def on_connect(connection: sqlite3.Connection, _record: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # SQLAlchemy's events below say BEGIN; sqlite3's own would be deferred
        for pragma in ("journal_mode=WAL", f"busy_timeout={BUSY_TIMEOUT_MS}", "foreign_keys=ON", "synchronous=NORMAL"):
            connection.execute(f"PRAGMA {pragma}")

    def on_begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("masthead_writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", on_begin)
    return engine


def _pragma(connection: Connection, pragma: str) -> None:
    """Run a PRAGMA outside any transaction, where SQLite ignores some."""
    raw: Any = connection.connection.driver_connection
    raw.execute(f"PRAGMA {pragma}")


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(_MIGRATIONS))


def _head() -> str:
    head = _scripts().get_current_head()
    if head is None:
        raise SchemaError("the program holds no migrations; reinstall it.")
    return head


def _known_revisions() -> set[str]:
    return {script.revision for script in _scripts().walk_revisions()}


def _stamp(connection: Connection, revision: str) -> None:
    MigrationContext.configure(connection).stamp(_scripts(), revision)
