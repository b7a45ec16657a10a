"""The command line. Exit status: 0 done, 1 something failed, 2 wrong usage or configuration."""

from __future__ import annotations

import os
import sys
from importlib.metadata import version
from typing import Annotated

import typer

from masthead.commands import articles, demo, feeds, newsletters, operation, subscribers
from masthead.commands.console import ConfigOption, say, warn
from masthead.config import ConfigError
from masthead.logs import configure_logs
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
        say(f"masthead {version('masthead')}")
        raise typer.Exit


@app.callback()
def _program(
    context: typer.Context,
    config: ConfigOption = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log what is done, not only what goes wrong.")] = False,
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    context.obj = config
    always = context.invoked_subcommand == "run"
    configure_logs(verbose=verbose or always, as_json=os.environ.get("MASTHEAD_LOG") == "json")


for _module in (demo, operation, articles, feeds, newsletters):
    _module.register(app)
app.add_typer(subscribers.commands, name="subscribers")


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with its exit status."""
    try:
        app(args=arguments)
    except ConfigError as error:
        count = len(error.mistakes)
        warn(f"{error}\n{count} mistake{'s' if count > 1 else ''} in the configuration; nothing was done.")
        sys.exit(2)
    except NewsroomError as error:
        warn(f"masthead: {error}")
        sys.exit(1)
