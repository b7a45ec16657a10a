"""The project's own files agree with one another and with what they promise a newcomer."""

from __future__ import annotations

import re
import socket
import subprocess
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PACKAGES = ["newsroom", "feeds", "newsletter", "masthead"]


def test_the_installed_version_is_the_one_that_pyproject_names() -> None:
    """`masthead --version` in a bug report would name another release; run `make env`."""
    assert metadata.version("masthead") == PROJECT["project"]["version"]


def test_every_package_is_shipped_typed_linted_and_measured() -> None:
    """A package forgotten in one list is missing in the wheel, or its types, imports or coverage go unchecked."""
    found = sorted(path.parent.name for path in ROOT.glob("*/__init__.py") if path.parent.name not in {"tests", "bench"})
    assert found == sorted(PACKAGES)
    assert sorted(PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) == found
    assert sorted(PROJECT["tool"]["importlinter"]["root_packages"]) == found
    assert sorted(PROJECT["tool"]["coverage"]["run"]["source"]) == found
    assert [name for name in found if not (ROOT / name / "py.typed").is_file()] == []


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md"])
def test_every_make_command_of_the_documents_exists(document: str) -> None:
    """A newcomer's first command fails."""
    told = set(re.findall(r"\bmake ([a-z][a-z-]*)", "\n".join(_code(ROOT / document))))
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert {"demo", "test"} <= told
    assert told <= targets


def test_the_changelog_keeps_its_form() -> None:
    """An operator finds what changed where Keep a Changelog puts it."""
    headings = re.findall(r"^(##+) (.+)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    releases = [title for level, title in headings if level == "##"]
    assert releases[0] == "[Unreleased]"
    assert all(re.fullmatch(r"\[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d", title) for title in releases[1:])
    assert {title for level, title in headings if level == "###"} <= {
        "Added",
        "Changed",
        "Deprecated",
        "Removed",
        "Fixed",
        "Security",
    }


def test_no_file_names_a_place_on_the_machine_it_was_written_on() -> None:
    """A path that only its author has works nowhere else."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, check=False
    )
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    foreign = re.compile(rb"(?<![\w.])/(work|root|home/\w+|Users/\w+)/")
    paths = [ROOT / name.decode() for name in listed.stdout.split(b"\0") if name]
    assert [str(path) for path in paths if path.is_file() and foreign.search(path.read_bytes())] == []


def test_a_test_cannot_reach_another_machine() -> None:
    """The suite would pass or fail with the network, and could mail strangers."""
    with socket.socket() as outside, pytest.raises(pytest.fail.Exception, match=r"192\.0\.2\.1"):
        outside.connect(("192.0.2.1", 80))
    with pytest.raises(socket.gaierror, match=r"www\.example\.com"):
        socket.getaddrinfo("www.example.com", 80)


@pytest.mark.parametrize("time", ["first", "second"])
def test_a_test_has_a_database_of_its_own(database_url: str, time: str) -> None:
    """One test's rows would be seen by the next."""
    engine = create_engine(database_url)
    with engine.begin() as connection:
        assert inspect(connection).get_table_names() == []
        connection.execute(text("CREATE TABLE here (word TEXT)"))
        connection.execute(text("INSERT INTO here VALUES (:time)"), {"time": time})
    engine.dispose()


def _code(document: Path) -> list[str]:
    return re.findall(r"```.*?```|`[^`\n]+`", document.read_text("utf-8"), re.DOTALL)
