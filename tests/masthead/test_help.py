"""What a newcomer reads first."""

from __future__ import annotations

import re

import pytest

from tests.masthead.conftest import Call

COMMANDS = [
    "demo",
    "init",
    "check",
    "run",
    "plan",
    "status",
    "upgrade",
    "pull",
    "correct",
    "publish",
    "review",
    "preview",
    "send",
    "verify",
    "feeds",
    "subscribers",
]


@pytest.mark.parametrize("command", [*([name] for name in COMMANDS), ["subscribers", "import"], ["feeds", "check"], []])
def test_every_command_explains_itself(call: Call, command: list[str]) -> None:
    """A newcomer would read the source."""
    said = call(*command, "--help")
    assert said.status == 0
    about = re.sub(r"\s+", " ", said.out)
    assert "Usage:" in about
    assert re.search(r"[A-Z][^│]{20,}[.:]", about), "a sentence on what it does"
    assert "TEXT" not in about
    if command and command not in (["demo"], ["init"], ["subscribers"], ["feeds"]):
        assert "--config" in about


def test_the_list_of_commands_is_complete(call: Call) -> None:
    """A command would be there without anybody finding it."""
    said = call("--help")
    assert re.findall(r"^│ (\w+)  ", said.out, re.MULTILINE)[-len(COMMANDS) :] == COMMANDS
    assert call().out.strip() == said.out.strip(), "without a command it shows the list"


def test_the_version_is_printed(call: Call) -> None:
    """A report of a fault would not say of which program."""
    assert re.fullmatch(r"masthead \d+\.\d+\.\d+\n", call("--version").out)
