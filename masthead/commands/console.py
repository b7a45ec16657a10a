"""What every command shares: the configuration option, the opened paper, and how results are shown."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from masthead.app import App
from masthead.config import config_path
from masthead.logs import printable

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="FILE",
        help="The configuration file. Otherwise $MASTHEAD_CONFIG, else config.toml in this folder.",
        show_default=False,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the result as JSON, for scripts.")]
NewsletterArgument = Annotated[str, typer.Argument(help="The newsletter's slug, as in config.toml.", metavar="NEWSLETTER")]


def parse_day(text: str) -> date:
    """A date as ISO 8601 writes it. Raises typer.BadParameter."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f'"{text}" is no date; write it as 2025-06-11') from error


DateOption = Annotated[date, typer.Option("--date", help="The edition's date.", parser=parse_day, metavar="YYYY-MM-DD")]


@contextmanager
def opened(context: typer.Context, option: Path | None) -> Iterator[App]:
    """The paper of the configuration that the command, or the program before it, was given."""
    app = App(resolved(context, option))
    try:
        yield app
    finally:
        app.close()


def resolved(context: typer.Context, option: Path | None) -> Path:
    """The configuration file to use."""
    return config_path(option or context.find_root().obj)


def say(result: str | Text | Table = "") -> None:
    """Print a result."""
    out.print(_plain(result))


def warn(message: str | Text) -> None:
    """Print on standard error what is wrong or worth knowing."""
    err.print(_plain(message))


def print_json(value: Any) -> None:
    """One JSON document on standard output; Korean stays readable."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def _plain(result: str | Text | Table) -> Text | Table:
    return Text(printable(result)) if isinstance(result, str) else result
