"""Commands for the articles and their feeds: pull and publish."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.table import Table

from masthead.app import UnknownNameError
from masthead.commands.console import ConfigOption, JsonOption, err, opened, out, print_json
from masthead.jobs import Pulled
from masthead.jobs import publish as publish_feeds
from masthead.jobs import pull as pull_source
from masthead.runs import recorded
from newsroom.errors import NewsroomError
from newsroom.model import Verdict


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(pull)
    app.command()(publish)


def pull(
    context: typer.Context,
    names: Annotated[
        list[str] | None, typer.Argument(help="Sources to pull; all of them without.", metavar="[SOURCE]...", show_default=False)
    ] = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take in the latest articles from the paper's sources."""
    report: list[dict[str, Any]] = []
    with opened(context, config) as app:
        by_name = {source.name: source for source in app.config.sources}
        if unknown := [name for name in names or () if name not in by_name]:
            raise UnknownNameError(f"there is no source {', '.join(unknown)}; there are: {', '.join(by_name) or 'none'}")
        for source in [by_name[name] for name in names] if names else [found for found in by_name.values() if found.enabled]:
            pulled: list[Pulled] = []

            def work(source: Any = source, pulled: list[Pulled] = pulled) -> Mapping[str, Any]:
                pulled.append(pull_source(app, source))
                return pulled[0].counts

            try:
                recorded(app, f"pull {source.name}", app.clock(), work)
            except NewsroomError as error:
                report.append({"source": source.name, "error": str(error)})
                continue
            refused = [outcome for outcome in pulled[0].outcomes if outcome.verdict is Verdict.REFUSED]
            problems = [{"url": outcome.url, "headline": outcome.headline, "reason": outcome.reason} for outcome in refused]
            report.append({"source": source.name, **pulled[0].counts, "problems": problems})
    if as_json:
        print_json(report)
    else:
        _show(report)
    if any("error" in line for line in report):
        raise typer.Exit(1)


def publish(
    context: typer.Context,
    everything: Annotated[
        bool, typer.Option("--all", help="Make every feed again, not only those whose articles have changed.")
    ] = False,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the feeds that have changed."""
    with opened(context, config) as app:
        published = publish_feeds(app, everything=everything)
        directory = app.config.feeds.directory
    if as_json:
        print_json(asdict(published) | {"directory": str(directory)})
    else:
        out.print(
            f"{published.feeds} feeds in {directory}: {len(published.written)} files written, {published.unchanged} unchanged."
        )
        for path in published.written:
            out.print(f"  {path}", markup=False)
    for path, reason in published.failed:
        err.print(f"{path}: {reason}", markup=False)
    if published.failed:
        raise typer.Exit(1)


def _show(report: list[dict[str, Any]]) -> None:
    table = Table(box=None, pad_edge=False)
    table.add_column("source")
    for verdict in Verdict:
        table.add_column(verdict.value, justify="right")
    for line in report:
        if "error" not in line:
            table.add_row(line["source"], *(str(line[verdict.value]) for verdict in Verdict))
    if table.row_count:
        out.print(table)
    for line in report:
        if "error" in line:
            err.print(f"{line['source']}: {line['error']}", markup=False)
        for problem in line.get("problems", ()):
            err.print(f"{line['source']}: refused {problem['headline'] or problem['url']}: {problem['reason']}", markup=False)
