"""The database: what is committed stays, what fails leaves nothing, and every error is one of ours."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Column, Connection, Integer, MetaData, Table, Text, func, insert, select, text, update
from sqlalchemy.exc import SQLAlchemyError

import newsroom.database
from newsroom.database import Database, Instant
from newsroom.errors import StoreBusyError, StoreError, StoreUnreachableError

scratch = MetaData()
counter = Table("counter", scratch, Column("id", Integer, primary_key=True), Column("value", Integer, nullable=False))
note = Table("note", scratch, Column("id", Integer, primary_key=True), Column("text", Text), Column("at", Instant))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database with a counter at 0."""
    opened = _with_tables(database_url)
    yield opened
    opened.close()


@pytest.fixture
def sqlite(sqlite_url: str) -> Iterator[Database]:
    """The same as an SQLite file."""
    opened = _with_tables(sqlite_url)
    yield opened
    opened.close()


def test_updates_of_two_processes_are_never_lost(database: Database, database_url: str) -> None:
    """Deliveries counted twice or not at all: SQLAlchemy's defaults lost 7,714 of 8,850 such updates on SQLite."""
    program = "from tests.newsroom.test_database import count_up; import sys; count_up(sys.argv[1], 4, 75)"
    others = [subprocess.Popen([sys.executable, "-c", program, database_url], cwd=Path(__file__).parents[2]) for _ in range(2)]
    count_up(database_url, 4, 75)
    assert [other.wait(timeout=120) for other in others] == [0, 0]
    assert _count(database) == 3 * 4 * 75


def count_up(url: str, threads: int, times: int) -> None:
    """Add to the counter by reading it and writing it back, from several threads at once."""
    database = Database(url)

    def work(_thread: int) -> None:
        for _ in range(times):
            with database.write() as connection:
                before = connection.execute(select(counter.c.value).with_for_update()).scalar_one()
                connection.execute(update(counter).values(value=before + 1))

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, range(threads)))
    database.close()


def test_a_reader_sees_one_snapshot(database: Database) -> None:
    """An article shown with the headline of one revision and the body of the next."""
    with database.read() as reading:
        before = reading.execute(select(counter.c.value)).scalar_one()
        with database.write() as connection:
            connection.execute(update(counter).values(value=7))
        assert reading.execute(select(counter.c.value)).scalar_one() == before
    assert _count(database) == 7


def test_reading_cannot_write(database: Database) -> None:
    """A page view that changes the database, or waits for one that does."""
    with pytest.raises(StoreError), database.read() as connection:
        connection.execute(update(counter).values(value=7))
    assert _count(database) == 0
    with database.write() as connection:  # and a connection that was used for reading can be used for writing
        connection.execute(update(counter).values(value=8))
    assert _count(database) == 8


def test_an_exception_takes_everything_back(database: Database) -> None:
    """Half of an article in the store after a crash in the middle."""

    def write_and_fail() -> None:
        with database.write() as connection:
            connection.execute(update(counter).values(value=7))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and_fail()
    assert _count(database) == 0


def test_an_error_does_not_quote_the_row(database: Database) -> None:
    """A subscriber's address stands in the log, because it was to be kept twice."""
    with pytest.raises(StoreError) as caught, database.write() as connection:
        connection.execute(insert(counter), [{"id": 471_147, "value": 0}] * 2)
    assert "counter" in str(caught.value)
    assert "471147" not in str(caught.value)


def test_readers_are_not_kept_waiting_by_a_writer(database: Database) -> None:
    """The web stands still while an edition is being planned."""
    with database.write() as connection:
        connection.execute(update(counter).values(value=7))
        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(lambda _: _count(database), range(32))) == [0] * 32


def test_many_threads_share_one_database(database: Database) -> None:
    """Jobs, web and deliveries of one process take each other's connections."""

    def work(number: int) -> int:
        with database.write() as connection:
            connection.execute(insert(note).values(id=number, text="가" * 1000, at=datetime(2026, 3, 2, tzinfo=UTC)))
        with database.read() as connection:
            return len(connection.execute(select(note.c.text).where(note.c.id == number)).scalar_one())

    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(work, range(200))) == [1000] * 200


def test_sqlite_keeps_what_the_store_relies_on(sqlite: Database) -> None:
    """Readers block writers, orphans are kept, or a writer fails at once where it could have waited."""
    with sqlite.write() as connection:
        assert _pragma(connection, "journal_mode") == "wal"
        assert _pragma(connection, "foreign_keys") == "1"
        assert _pragma(connection, "busy_timeout") == str(newsroom.database.BUSY_TIMEOUT_MS)
        with closing(sqlite3.connect(str(sqlite.url.database), timeout=0)) as other, pytest.raises(sqlite3.OperationalError):
            other.execute("BEGIN IMMEDIATE")  # BEGIN has taken the lock, before anything was written


def test_a_durable_transaction_is_synced_and_no_other(sqlite: Database) -> None:
    """A power cut forgets that a mail went out, and it goes out again; or every article waits for the disk."""
    modes = []
    for durable in (False, True, False):
        with sqlite.write(durable=durable) as connection:
            modes.append(_pragma(connection, "synchronous"))
    assert modes == ["1", "2", "1"]  # NORMAL, FULL, NORMAL


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_locked_database_is_busy(kind: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """An operator reads a driver's words and cannot tell that trying again helps."""
    monkeypatch.setattr(newsroom.database, "BUSY_TIMEOUT_MS", 1000 if kind == "postgresql" else 100)
    url = request.getfixturevalue(f"{kind}_url")
    holder, waiting = _with_tables(url), Database(url)
    try:
        with holder.write() as connection:
            connection.execute(update(counter).values(value=1))
            with pytest.raises(StoreBusyError, match="Try again") as caught, waiting.write() as second:
                second.execute(update(counter).values(value=2))
        assert isinstance(caught.value.__cause__, SQLAlchemyError)
        with waiting.write() as second:
            second.execute(update(counter).values(value=3))
        assert _count(holder) == 3
    finally:
        holder.close()
        waiting.close()


def test_a_writer_of_the_same_process_that_never_ends_is_busy_too(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A job that hangs in a transaction hangs every other job for good."""
    monkeypatch.setattr(newsroom.database, "BUSY_TIMEOUT_MS", 100)
    database = _with_tables(sqlite_url)
    with database.write(), pytest.raises(StoreBusyError), database.write():
        pass
    database.close()


def test_a_writer_waits_for_another(sqlite: Database, sqlite_url: str) -> None:
    """Two jobs at the same moment: the second fails instead of waiting for a few milliseconds."""
    locked = threading.Event()

    def hold() -> None:
        other = Database(sqlite_url)
        with other.write() as connection:
            connection.execute(update(counter).values(value=1))
            locked.set()
            time.sleep(0.2)
        other.close()

    holder = threading.Thread(target=hold)
    holder.start()
    locked.wait()
    with sqlite.write() as connection:
        connection.execute(update(counter).values(value=counter.c.value + 1))
    holder.join()
    assert _count(sqlite) == 2


def test_a_full_disk_is_said_and_nothing_is_half_written(sqlite: Database) -> None:
    """An article without its body."""
    with sqlite.write() as connection:
        connection.exec_driver_sql(f"PRAGMA max_page_count={int(_pragma(connection, 'page_count')) + 4}")

    def write_too_much() -> None:
        with sqlite.write() as connection:
            connection.execute(update(counter).values(value=7))
            connection.execute(insert(note).values(id=1, text="가" * 50_000))

    with pytest.raises(StoreError, match=r"masthead\.db.*full") as caught:
        write_too_much()
    assert isinstance(caught.value.__cause__, SQLAlchemyError)
    assert not isinstance(caught.value, StoreUnreachableError | StoreBusyError)
    assert _count(sqlite) == 0
    with sqlite.read() as connection:
        assert connection.scalar(select(func.count()).select_from(note)) == 0


def test_a_file_that_may_not_grow_is_said_and_nothing_is_half_written(sqlite: Database, sqlite_url: str) -> None:
    """A quota is reached in the middle of a commit, and the store is damaged or the program dies with a traceback."""
    program = (
        "import resource; from newsroom.errors import StoreError; from tests.newsroom.test_database import *\n"
        f"database = Database({sqlite_url!r})\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))\n"
        "try:\n"
        "    with database.write() as connection:\n"
        "        connection.execute(update(counter).values(value=7))\n"
        "        connection.execute(insert(note).values(id=1, text='x' * 200_000))\n"
        "except StoreError as error:\n"
        "    print(type(error).__name__, error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.startswith("StoreError sqlite:///")
    assert _count(sqlite) == 0
    with sqlite.read() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"


def test_a_file_without_the_right_to_write_is_said(sqlite_url: str, tmp_path: Path) -> None:
    """A database restored by another user: the operator is not told which file it is."""
    _with_tables(sqlite_url).close()
    url = f"sqlite:///file:{tmp_path}/masthead.db?mode=ro&uri=true"  # as root, which may write anything, this is the way
    database = Database(url)
    assert _count(database) == 0
    with pytest.raises(StoreError, match=r"masthead\.db.*readonly"), database.write() as connection:
        connection.execute(update(counter).values(value=7))
    database.close()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql+psycopg://masthead:geheim@127.0.0.1:1/news", "127.0.0.1"),
        ("sqlite:////dev/null/news/masthead.db", "/dev/null/news/masthead.db: unable to open"),
        ("sqlite:///{folder}/mistyped/masthead.db", "mistyped/masthead.db: unable to open"),
        ("sqlite:////proc/masthead.db", "/proc/masthead.db: unable to open"),
        ("sqlite:///{folder}", "unable to open"),
        ("not a url", "store.url"),
    ],
)
def test_a_database_that_cannot_be_reached_is_said(url: str, said: str, tmp_path: Path) -> None:
    """A wrong address ends in a traceback, or in one that shows the password."""
    with pytest.raises(StoreUnreachableError) as caught:
        _count(Database(url.format(folder=tmp_path)))
    assert said in str(caught.value)
    assert "geheim" not in str(caught.value)
    assert caught.value.__cause__ is not None


def test_a_driver_that_is_not_installed_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever installed Masthead without PostgreSQL sees a traceback and not what to install."""
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreUnreachableError, match=r"psycopg is not installed; run: pip install 'masthead\[postgresql\]'"):
        Database("postgresql+psycopg://masthead@localhost/news")


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    """A path to another file, mistyped in the configuration, destroys that file."""
    file = tmp_path / "readers.csv"
    content = b"email,name\n" * 500
    file.write_bytes(content)
    with pytest.raises(StoreError, match="not a database"):
        _count(Database(f"sqlite:///{file}"))
    assert file.read_bytes() == content


def test_a_folder_with_any_name_can_hold_the_database(tmp_path: Path) -> None:
    """한글 names and blanks are common on the machines of Korean papers."""
    (tmp_path / "새 폴더" / "신문 100%").mkdir(parents=True)
    database = Database(f"sqlite:///{tmp_path}/새 폴더/신문 100%/masthead.db")
    with database.write() as connection:
        scratch.create_all(connection)
    database.close()
    assert (tmp_path / "새 폴더" / "신문 100%" / "masthead.db").is_file()


def test_a_lost_connection_is_replaced(postgresql_url: str) -> None:
    """After a restart of the database server every job fails until Masthead is restarted too."""
    database = _with_tables(postgresql_url)
    with database.read() as connection:
        process = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    other = Database(postgresql_url)
    with other.write() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:process)"), {"process": process})
    assert _count(database) == 0
    with database.write() as connection:
        own = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with pytest.raises(StoreUnreachableError), other.write() as second:
            second.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        assert connection.execute(text("SELECT pg_backend_pid()")).scalar_one() == own
    database.close()
    other.close()


def test_moments_come_back_as_they_were(database: Database) -> None:
    """News nine hours off."""
    seoul = timezone(timedelta(hours=9))
    at = datetime(2026, 3, 2, 0, 30, 15, 123456, tzinfo=seoul)
    with database.write() as connection:
        connection.execute(insert(note).values(id=1, at=at))
        connection.execute(insert(note).values(id=2, at=None))
    with database.read() as connection:
        first, second = connection.scalars(select(note.c.at).order_by(note.c.id))
        assert connection.scalar(select(note.c.id).where(note.c.at == at.astimezone(UTC))) == 1
    assert (first, first.tzinfo, second) == (at, UTC, None)


def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    """It would be kept as UTC, nine hours off, and nobody would notice."""
    with pytest.raises(StoreError, match="time zone"), database.write() as connection:
        connection.execute(insert(note).values(id=1, at=datetime(2026, 3, 2)))


def test_the_database_says_what_it_is(database: Database) -> None:
    """`status` cannot tell an operator which SQLite is in use; 3.7.0–3.51.2 have a known fault."""
    assert database.version().startswith("SQLite 3." if database.is_sqlite else "PostgreSQL ")


def _with_tables(url: str) -> Database:
    database = Database(url)
    with database.write() as connection:
        scratch.create_all(connection)
        connection.execute(insert(counter).values(id=1, value=0))
    return database


def _count(database: Database) -> int:
    with database.read() as connection:
        return int(connection.execute(select(counter.c.value)).scalar_one())


def _pragma(connection: Connection, name: str) -> str:
    return str(connection.exec_driver_sql(f"PRAGMA {name}").scalar_one())
