"""The command line. Exit status: 0 done, 1 something failed, 2 wrong usage or configuration."""

from __future__ import annotations

import os
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from masthead.commands import articles, demo, newsletters, operation, subscribers
from masthead.commands.console import configure_logs, err, out
from masthead.config import ConfigError
from newsroom.errors import NewsroomError

app = typer.Typer(
    name="masthead",
    help="Publishes a newspaper to the people who follow it: feeds for every section and reporter, and a digest by mail.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        out.print(f"masthead {version('masthead')}")
        raise typer.Exit


@app.callback()
def _program(
    context: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option(
            help="The configuration file. Otherwise $MASTHEAD_CONFIG, else config.toml in this folder.", show_default=False
        ),
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log what is done, not only what goes wrong.")] = False,
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    context.obj = config
    configure_logs(
        verbose=verbose or context.invoked_subcommand in ("run", "demo"), as_json=os.environ.get("MASTHEAD_LOG") == "json"
    )


for _module in (demo, operation, articles, newsletters):
    _module.register(app)
app.add_typer(subscribers.app, name="subscribers")


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with its exit status."""
    try:
        app(args=arguments)
    except ConfigError as error:
        for mistake in error.mistakes:
            err.print(Text(str(mistake)))
        err.print(
            f"{len(error.mistakes)} mistake{'s' if len(error.mistakes) > 1 else ''} in the configuration; nothing was done."
        )
        sys.exit(2)
    except NewsroomError as error:
        err.print(Text(f"masthead: {error}"))
        sys.exit(1)
