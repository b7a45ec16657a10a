"""Commands for subscribers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from masthead.app import App
from masthead.commands.console import ConfigOption, JsonOption, opened, print_json, say, warn
from newsletter.subscribers import COLUMNS, import_subscribers

RESULTS = ("new", "known", "left", "suppressed")

commands = typer.Typer(no_args_is_help=True)


@commands.callback()
def _subscribers() -> None:
    """The readers of the newsletters: import."""


@commands.command("import")
def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help=f"A CSV file with the columns {', '.join(COLUMNS)}.", metavar="FILE.csv")],
    newsletter: Annotated[
        str | None,
        typer.Option(metavar="NEWSLETTER", help="The newsletter they read; needed where there are several.", show_default=False),
    ] = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take in subscribers who have agreed to get a newsletter.

    Whoever left since, or is suppressed, stays away. Every refused row is named with its reason; the exit status is then 1.
    """
    with opened(context, config) as app:
        chosen = _chosen(app, newsletter)
        report = import_subscribers(file, chosen, app.newsletters, zone=app.zone, now=app.clock())
    if as_json:
        refused = [{"line": row.line, "email": row.email, "reason": row.reason} for row in report.refused]
        taken = {result: report.results[result] for result in RESULTS}
        print_json({"newsletter": chosen, "rows": report.rows, **taken, "refused": refused})
    else:
        counts = ", ".join(f"{report.results[result]:,} {result}" for result in RESULTS)
        say(f"{chosen}: {report.rows:,} rows: {counts}, {len(report.refused):,} refused.")
        for row in report.refused:
            warn(f"{file}:{row.line}: {row.email}: {row.reason}")
    if report.refused:
        raise typer.Exit(1)


def _chosen(app: App, newsletter: str | None) -> str:
    slugs = [found.slug for found in app.config.newsletters]
    if newsletter is None and len(slugs) > 1:
        raise typer.BadParameter(f"say which newsletter they read: {', '.join(slugs)}", param_hint="--newsletter")
    return app.newsletter(newsletter or next(iter(slugs), "")).slug
