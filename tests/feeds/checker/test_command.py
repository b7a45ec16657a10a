"""``masthead feeds check`` as an operator and a script use it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from feeds.checker import RULES
from masthead.commands import feeds
from tests.feeds.checker.documents import ATOM, OPML
from tests.feeds.checker.server import serving

app = typer.Typer()
feeds.register(app)


@app.callback()
def _program() -> None:
    """A program around the commands."""


def _run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["feeds", "check", *map(str, arguments)])
    return result.exit_code, result.output


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of feeds, all of them right."""
    (tmp_path / "sections").mkdir()
    (tmp_path / "sections/it.atom").write_text(ATOM)
    (tmp_path / "sections/it.atom.gz").write_bytes(b"not looked at")
    (tmp_path / "feeds.opml").write_text(OPML)
    return tmp_path


def test_a_right_folder_passes(folder: Path) -> None:
    """A script takes the exit status for whether the feeds are good."""
    assert _run(folder) == (0, "2 documents: 0 errors, 0 warnings, 0 notes.\n")


def test_an_error_fails_and_names_its_rule(folder: Path) -> None:
    """The operator reads which document, which rule, and what to do."""
    (folder / "sections/it.atom").write_text(ATOM.replace("<name>강이든", "<name>ideun@dumul.example"))
    status, output = _run(folder)
    assert status == 1
    assert "sections/it.atom\n  error A13 " in output
    assert "tag:dumul.example,2026-03-02:article/2: An author's e-mail" in output


def test_a_warning_fails_only_when_strict(folder: Path) -> None:
    """A paper that wants none can say so."""
    (folder / "sections/it.atom").write_text(ATOM.replace(' xml:lang="ko"', ""))
    assert _run(folder)[0] == 0
    assert _run(folder, "--strict")[0] == 1


def test_findings_come_as_json(folder: Path) -> None:
    """A script reads every finding."""
    (folder / "feeds.opml").write_text(OPML.replace('version="2.0"', 'version="1.0"'))
    status, output = _run(folder, "--json")
    first = json.loads(output)[0]
    assert (status, first["document"]) == (1, str(folder / "feeds.opml"))
    assert [(found["rule"], found["severity"], found["where"]) for found in first["findings"]] == [("O1", "error", "opml")]


def test_all_follows_what_an_opml_names(folder: Path) -> None:
    """One command looks at every feed of a paper, and finds the one that is gone."""
    with serving("missing") as address:
        (folder / "feeds.opml").write_text(OPML.replace("https://feeds.dumul.example/sections/it.atom", address))
        status, output = _run(folder / "feeds.opml", "--all")
    assert (status, output.splitlines()[0]) == (1, address)
    assert "answers with 404" in output


def test_history_is_walked_in_a_folder(folder: Path) -> None:
    """The archives of the published folder are checked without a server."""
    link = '<link rel="prev-archive" href="https://feeds.dumul.example/archive/it/1.atom"/><icon>'
    (folder / "sections/it.atom").write_text(ATOM.replace("<icon>", link))
    status, output = _run(folder, "--history")
    assert status == 1
    assert "archive/it/1.atom cannot be read" in output


def test_a_place_that_is_not_there_is_wrong_usage() -> None:
    """A misspelt file is not a good feed."""
    status, _ = _run("no/such.atom")
    assert status == 2


def test_rules_are_listed() -> None:
    """A rule's short name is looked up without leaving the terminal."""
    status, output = _run("--rules")
    assert status == 0
    assert len(output.splitlines()) == len(RULES)
