"""What every command shares: the configuration option, the opened paper, and how results and errors are shown."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import structlog
import typer
from rich.console import Console

from masthead.app import App
from masthead.config import config_path

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config",
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


DateOption = Annotated[
    date, typer.Option("--date", help="The edition's date, YYYY-MM-DD.", parser=parse_day, metavar="YYYY-MM-DD")
]


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


def print_json(value: Any) -> None:
    """One JSON document on standard output; Korean stays readable."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def configure_logs(*, verbose: bool, as_json: bool) -> None:
    """Structured lines on standard error: readable on a terminal, JSON for a collector."""
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            *([structlog.processors.dict_tracebacks] if as_json else []),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO if verbose else logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
