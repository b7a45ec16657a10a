"""Commands for subscribers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from masthead.app import UnknownNameError
from masthead.commands.console import ConfigOption, JsonOption, err, opened, out, print_json
from newsletter.subscribers import COLUMNS, import_subscribers

app = typer.Typer(help="The readers of the newsletters.", no_args_is_help=True)


@app.callback()
def _subscribers() -> None:
    """The readers of the newsletters."""


@app.command("import")
def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help=f"A CSV file with the columns {', '.join(COLUMNS)}.", metavar="FILE.csv")],
    newsletter: Annotated[
        str | None, typer.Option(help="The newsletter they read; needed where there are several.", show_default=False)
    ] = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take in confirmed subscribers. Whoever left or is suppressed stays away; every refused row is named."""
    with opened(context, config) as opened_app:
        slugs = [found.slug for found in opened_app.config.newsletters]
        if newsletter is None and len(slugs) != 1:
            raise UnknownNameError(
                f"say which newsletter they read: --newsletter {'|'.join(slugs) or '(the configuration has none)'}"
            )
        chosen = opened_app.newsletter(newsletter or slugs[0]).slug
        report = import_subscribers(file, chosen, opened_app.newsletters, zone=opened_app.zone, now=opened_app.clock())
    if as_json:
        refused = [{"line": row.line, "email": row.email, "reason": row.reason} for row in report.refused]
        print_json({"newsletter": chosen, "rows": report.rows, **report.results, "refused": refused})
    else:
        counts = ", ".join(f"{count} {result}" for result, count in report.results.items())
        out.print(f"{chosen}: {report.rows} rows: {counts or 'none taken'}, {len(report.refused)} refused.", markup=False)
        for row in report.refused:
            err.print(f"{file}:{row.line}: {row.email}: {row.reason}", markup=False)
    if report.refused:
        raise typer.Exit(1)
