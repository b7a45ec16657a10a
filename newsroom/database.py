"""The database: connections, transactions and errors. The only door to SQL beside the packages' ``store.py`` and ``tables.py``.

SQLite runs in WAL with one writing connection a process and ``BEGIN IMMEDIATE`` for writers: a deferred BEGIN that turns into a
write fails at once with SQLITE_BUSY whatever the busy timeout is. PostgreSQL runs through psycopg 3.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy import (
    URL,
    Connection,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    TypeDecorator,
    create_engine,
    event,
    make_url,
    text,
)
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError, TimeoutError  # noqa: A004 (the pool's)
from sqlalchemy.pool import ConnectionPoolEntry

from newsroom import migrations
from newsroom.errors import StoreBusyError, StoreError, StoreUnreachableError

BUSY_TIMEOUT_MS = 10_000

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""Every package declares its tables here, so that one schema holds them all."""


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
        """Nothing is opened yet. Raises StoreUnreachableError for what is no URL, or where the driver is not installed."""
        try:
            self.url = make_url(url)
            self.is_sqlite = self.url.get_backend_name() == "sqlite"
            self._reader, self._writer = _sqlite(self.url) if self.is_sqlite else _postgresql(self.url)
        except ArgumentError as error:
            raise StoreUnreachableError("store.url is not the URL of a database") from error
        except ModuleNotFoundError as error:
            raise StoreUnreachableError(f"{error.name} is not installed; run: pip install 'masthead[postgresql]'") from error

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one snapshot and cannot write."""
        with self._errors(), self._reader.connect() as connection, connection.begin():
            yield connection

    @contextlib.contextmanager
    def write(self, *, durable: bool = False) -> Iterator[Connection]:
        """A transaction that commits at the end of the block and rolls back on an exception. One in another never gets its turn.

        ``durable`` also survives a power cut: on SQLite the commit is fsynced (``synchronous=FULL``), as PostgreSQL does anyway.
        """
        with self._errors(), self._writer.connect() as connection:
            connection.execution_options(masthead_durable=durable)
            with connection.begin():
                yield connection

    def prepare(self) -> None:
        """Make the schema in an empty database; refuse one that another version of the program made.

        Raises SchemaError naming the command that upgrades it. Every package's tables must have been imported.
        """
        with self.read() as connection:
            if migrations.is_current(connection):
                return
        with self._schema_change() as connection:
            migrations.create(connection, metadata, self._place)

    def upgrade(self) -> tuple[str | None, str]:
        """Migrate to the newest schema in one transaction; returns the revisions before and after."""
        with self._schema_change() as connection:
            return migrations.upgrade(connection, self._place)

    def version(self) -> str:
        """Name and version of the database, for ``status``."""
        if self.is_sqlite:
            return f"SQLite {sqlite3.sqlite_version}"
        with self.read() as connection:
            return "PostgreSQL " + str(connection.scalar(text("SHOW server_version")))

    def close(self) -> None:
        """Close every connection."""
        self._reader.dispose()
        self._writer.dispose()

    @contextlib.contextmanager
    def _schema_change(self) -> Iterator[Connection]:
        """A durable transaction without foreign keys: SQLite changes a table by dropping it, and with them its rows would go first."""
        with self._errors(), self._writer.connect() as connection:
            connection.execution_options(masthead_durable=True, masthead_foreign_keys=False)
            with connection.begin():
                yield connection
                if self.is_sqlite and (lost := connection.exec_driver_sql("PRAGMA foreign_key_check").first()):
                    raise StoreError(f"{self._place}: a row of {lost[0]} refers to one of {lost[2]} that does not exist")

    @contextlib.contextmanager
    def _errors(self) -> Iterator[None]:
        """Turn a driver's error into ours, once, with the cause chained."""
        try:
            yield
        except TimeoutError as error:
            raise StoreBusyError from error
        except DBAPIError as error:
            if _is_busy(error.orig):
                raise StoreBusyError from error
            reason = f"{self._place}: {error.orig}".partition("\n")[0]  # PostgreSQL's second line quotes the row
            if error.connection_invalidated or _is_unreachable(error.orig):
                raise StoreUnreachableError(f"{reason}. Check store.url, the server, the folder and its rights.") from error
            raise StoreError(reason) from error
        except SQLAlchemyError as error:
            raise StoreError(f"{self._place}: {error}") from error

    @property
    def _place(self) -> str:
        return self.url.render_as_string(hide_password=True)


def _sqlite(url: URL) -> tuple[Engine, Engine]:
    """Engines that read and write. The file is made when it is first opened; its folder must be there."""
    seconds = BUSY_TIMEOUT_MS / 1000
    connect = {"timeout": seconds, "check_same_thread": False}
    # Parameters are hidden because errors are logged, and subscribers' addresses must not be.
    reader = create_engine(url, connect_args=connect, hide_parameters=True)
    writer = create_engine(url, connect_args=connect, pool_size=1, max_overflow=0, pool_timeout=seconds, hide_parameters=True)

    def on_connect(connection: sqlite3.Connection, _record: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # the events below say BEGIN; sqlite3's own would be deferred
        connection.execute("PRAGMA journal_mode=WAL")

    def on_reader_connect(connection: sqlite3.Connection, _record: ConnectionPoolEntry) -> None:
        connection.execute("PRAGMA query_only=ON")

    def on_read(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    def on_write(connection: Connection) -> None:
        options = connection.get_execution_options()
        # Both are ignored inside a transaction, so they are said before each.
        connection.exec_driver_sql(f"PRAGMA synchronous={'FULL' if options.get('masthead_durable') else 'NORMAL'}")
        connection.exec_driver_sql(f"PRAGMA foreign_keys={'ON' if options.get('masthead_foreign_keys', True) else 'OFF'}")
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    for engine, on_begin in ((reader, on_read), (writer, on_write)):
        event.listen(engine, "connect", on_connect)
        event.listen(engine, "begin", on_begin)
    event.listen(reader, "connect", on_reader_connect)
    return reader, writer


def _postgresql(url: URL) -> tuple[Engine, Engine]:
    """Engines that read and write, over one pool."""
    arguments = {"connect_timeout": BUSY_TIMEOUT_MS // 1000, "application_name": "masthead"}
    writer = create_engine(url, pool_pre_ping=True, connect_args=arguments, hide_parameters=True)

    def on_connect(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
        connection.cursor().execute(f"SET lock_timeout = {BUSY_TIMEOUT_MS}")
        connection.commit()  # or a rollback would take it back

    event.listen(writer, "connect", on_connect)
    return writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True), writer


def _is_busy(error: BaseException | None) -> bool:
    """Whether waiting longer could have helped: a lock, a deadlock."""
    if isinstance(error, sqlite3.Error):
        return _sqlite_code(error) in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
    return getattr(error, "sqlstate", None) in {"55P03", "40P01", "40001"}


def _is_unreachable(error: BaseException | None) -> bool:
    if isinstance(error, sqlite3.Error):
        return _sqlite_code(error) == sqlite3.SQLITE_CANTOPEN
    # psycopg names no SQLSTATE where the server could not be asked; 08 is a lost connection, 57P a server that is shut down.
    return (getattr(error, "sqlstate", None) or "08").startswith(("08", "57P"))


def _sqlite_code(error: sqlite3.Error) -> int:
    """The primary result code, https://sqlite.org/rescode.html; 0 where the error is not SQLite's own."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF
