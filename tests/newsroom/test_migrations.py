"""The schema: made anew or migrated it is the same, and a database of another version is refused before it is touched."""

from __future__ import annotations

import runpy
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, text
from sqlalchemy.engine.interfaces import ReflectedIndex

import masthead.app  # noqa: F401 (it knows every table of the program)
from newsroom import migrations
from newsroom.database import Database, metadata
from newsroom.errors import SchemaError, StoreError

NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = {head!r}

def upgrade() -> None:
    with op.batch_alter_table("article") as batch:
        batch.alter_column("rights", new_column_name="terms")
        batch.add_column(sa.Column("desk", sa.Text(), nullable=False, server_default=""))
    op.execute({then!r})
"""


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty database."""
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def next_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of migrations of a program that is one version ahead; put ``then`` right to make the migration fail."""
    folder = tmp_path / "migrations"
    shutil.copytree(migrations.FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "9999_next.py").write_text(NEXT.format(head=_newest(), then="SELECT 1"), encoding="utf-8")
    monkeypatch.setattr(migrations, "FOLDER", folder)
    return folder


def test_a_fresh_schema_equals_the_migrated_one(database_url: str, tmp_path: Path) -> None:
    """What works in a new installation fails in one that was upgraded."""
    fresh = Database(database_url)
    fresh.prepare()
    with fresh.read() as connection:
        made, kind = _described(connection), connection.dialect.name
    fresh.close()
    migrated = Database(f"sqlite:///{tmp_path}/migrated.db" if kind == "sqlite" else database_url)
    if kind == "postgresql":
        with migrated.write() as connection:
            metadata.drop_all(connection)
            connection.execute(text("DROP TABLE alembic_version"))
    assert migrated.upgrade() == (None, _newest())
    with migrated.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts={"compare_server_default": True}), metadata) == []
        assert _described(connection) == made
        assert len(made) == len(metadata.tables) + 1
    migrated.prepare()
    migrated.close()


def test_preparing_twice_changes_nothing(database: Database) -> None:
    """A restart is refused by the database that the program itself has made."""
    database.prepare()
    database.prepare()
    assert database.upgrade() == (_newest(), _newest())


def test_programs_started_at_once_make_one_schema(database: Database, database_url: str) -> None:
    """The web and two workers start with a new installation, and all but one fail."""
    machines = [Database(database_url) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(Database.prepare, machines))
    database.prepare()
    for machine in machines:
        machine.close()


def test_the_script_drafts_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever changes a table cannot make its migration; or one was forgotten."""
    folder = tmp_path / "migrations"
    shutil.copytree(migrations.FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(migrations, "FOLDER", folder)
    runpy.run_path(str(Path(__file__).parents[2] / "scripts" / "new_migration.py"))["main"]("Nothing")
    drafted = max(folder.glob("versions/[0-9]*.py")).read_text(encoding="utf-8")
    assert f'down_revision = "{_newest_but_one(folder)}"' in drafted.replace("'", '"')
    assert "\n    pass\n" in drafted, "the tables have nothing that the migrations lack"


def test_an_older_schema_is_refused_and_the_command_named(database: Database, request: pytest.FixtureRequest) -> None:
    """A new program writes into old tables; or the operator is not told how to go on."""
    database.prepare()
    with database.write() as connection:
        _add_article(connection)
    old = _newest()
    request.getfixturevalue("next_version")
    with pytest.raises(SchemaError, match=rf"has schema {old}, this program needs 9999.*run: masthead upgrade"):
        database.prepare()
    assert database.upgrade() == (old, "9999")
    database.prepare()
    with database.read() as connection:
        article, keys = (
            connection.execute(text("SELECT uri, terms, desk FROM article")).one(),
            text("SELECT value FROM article_key"),
        )
        assert tuple(article) == ("tag:a", "ⓒ 새벽일보", "")
        assert connection.scalar(keys) == "1"  # SQLite drops a table to change it, and would take what refers to it along


def test_tables_without_a_version_are_refused(database: Database) -> None:
    """Masthead makes its tables among those of another program, whose database was named by mistake."""
    with database.write() as connection:
        connection.execute(text("CREATE TABLE wp_posts (id INTEGER)"))
    with pytest.raises(SchemaError, match=r"has schema unknown.*masthead upgrade"):
        database.prepare()
    with database.read() as connection:
        assert inspect(connection).get_table_names() == ["wp_posts"]


def test_a_newer_schema_is_refused_otherwise(database: Database, next_version: Path) -> None:
    """After a step back to the older program, `upgrade` is named, which cannot help, and the old program damages the data."""
    database.prepare()
    (next_version / "versions" / "9999_next.py").unlink()
    for use in (database.prepare, database.upgrade):
        with pytest.raises(SchemaError, match=r"newer Masthead \(schema 9999\); install that version") as caught:
            use()
        assert "masthead upgrade" not in str(caught.value)


@pytest.mark.parametrize("then", ["INSERT INTO nowhere VALUES (1)", "DELETE FROM article"])
def test_a_failing_migration_leaves_the_old_schema(database: Database, request: pytest.FixtureRequest, then: str) -> None:
    """A database between two versions, which neither program can read; or articles gone under what refers to them."""
    database.prepare()
    with database.write() as connection:
        _add_article(connection)
    with database.read() as connection:
        before = _described(connection)
    old = _newest()
    folder: Path = request.getfixturevalue("next_version")
    (folder / "versions" / "9999_next.py").write_text(NEXT.format(head=old, then=then), encoding="utf-8")
    with pytest.raises(StoreError):
        database.upgrade()
    with database.read() as connection:
        assert _described(connection) == before
        assert connection.scalar(text("SELECT rights FROM article")) == "ⓒ 새벽일보"


def test_an_unstamped_schema_of_ours_is_not_overwritten(database: Database) -> None:
    """A database whose version was lost is emptied or half migrated."""
    database.prepare()
    with database.write() as connection:
        _add_article(connection)
        connection.execute(text("DROP TABLE alembic_version"))
    with pytest.raises(SchemaError, match="schema unknown"):
        database.prepare()
    with pytest.raises(StoreError, match="already exists"):
        database.upgrade()
    with database.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM article")) == 1


def _newest() -> str:
    return max(path.name for path in (migrations.FOLDER / "versions").glob("[0-9]*.py")).partition("_")[0]


def _newest_but_one(folder: Path) -> str:
    return sorted(path.name for path in folder.glob("versions/[0-9]*.py"))[-2].partition("_")[0]


def _add_article(connection: Connection) -> None:
    connection.execute(
        text(
            "INSERT INTO article "
            "(id, uri, source, url, published, status, release_at, language, series, keywords, rights, revision, "
            "full_text_ok, correction) VALUES "
            "(1, 'tag:a', 'it', 'https://a.example/1', '2026-03-02', 'usable', '2026-03-02', 'ko', '', '[]', 'ⓒ 새벽일보', 1, "
            "true, 0)"
        )
    )
    connection.execute(text("INSERT INTO article_key (kind, value, article_id) VALUES ('native', '1', 1)"))


def _described(connection: Connection) -> dict[str, dict[str, Any]]:
    """Everything the database itself says of its tables, names of constraints included."""
    inspector = inspect(connection)
    return {
        table: {
            "columns": {
                column["name"]: (str(column["type"]), column["nullable"], column["default"], column.get("autoincrement"))
                for column in inspector.get_columns(table)
            },
            "primary key": inspector.get_pk_constraint(table),
            "foreign keys": sorted(inspector.get_foreign_keys(table), key=str),
            "unique": sorted(inspector.get_unique_constraints(table), key=str),
            "indexes": sorted(
                (str(index["name"]), index["column_names"], index["unique"], _options(index))
                for index in inspector.get_indexes(table)
            ),
            "checks": sorted(inspector.get_check_constraints(table), key=str),
            "options": inspector.get_table_options(table),
        }
        for table in inspector.get_table_names()
    }


def _options(index: ReflectedIndex) -> dict[str, str]:
    """For which rows a partial index is, as text: an SQL expression equals nothing."""
    return {name: str(value) for name, value in index.get("dialect_options", {}).items()}
