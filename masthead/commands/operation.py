"""Commands for whoever keeps the paper running: init, check, run, plan, status and upgrade."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer
from rich.table import Table
from rich.text import Text

from masthead.agenda import editions_ahead, pull_times, runs_within
from masthead.app import App
from masthead.commands.console import ConfigOption, JsonOption, err, opened, out, print_json, resolved
from masthead.config import load_config
from masthead.report import status as status_report
from masthead.service import Service
from masthead.starter import write_starter
from newsletter.palette import contrast_problems
from newsroom.database import Database


def register(app: typer.Typer) -> None:
    """Add these commands."""
    for command in (init, check, run, plan, status, upgrade):
        app.command()(command)


def init(
    name: Annotated[str, typer.Option(prompt="Name of the paper", help="The paper's name.")],
    url: Annotated[str, typer.Option(prompt="Its web address", help="The paper's own site.")],
    language: Annotated[str, typer.Option(prompt="Language", help="ko, en, …")] = "ko",
    timezone: Annotated[str, typer.Option(prompt="Time zone", help="As in the IANA list.")] = "Asia/Seoul",
    file: Annotated[Path, typer.Option("--file", help="Where to write it; never over a file that is there.")] = Path(
        "config.toml"
    ),
) -> None:
    """Write a configuration for your own paper, commented, to fill in."""
    write_starter(file, name=name, url=url, language=language, timezone=timezone)
    out.print(
        f"Wrote {file}. Fill in its [[source]] blocks, then: masthead check && masthead pull && masthead publish", markup=False
    )


def check(context: typer.Context, config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Check the configuration: every mistake at once, with its line. Exits 2 if there is one."""
    path = resolved(context, config)
    found = load_config(path)
    app = App(path, found, prepare=False)  # templates and languages are tried as well; the database is left alone
    app.check()
    app.close()
    notes = [*contrast_problems(found.paper)]
    if found.feeds.unbuilt_formats:
        notes.append(f"feeds.formats: {', '.join(found.feeds.unbuilt_formats)} is not written by this version; atom is.")
    if found.mail is None:
        notes.append("there is no [mail]: nothing can be sent.")
    summary = {
        "file": str(path),
        "paper": found.paper.name,
        "sections": len(found.sections),
        "sources": len(found.sources),
        "newsletters": len(found.newsletters),
        "notes": notes,
    }
    if as_json:
        print_json(summary)
        return
    out.print(
        f"{path} is sound: {found.paper.name}, {len(found.sections)} sections, {len(found.sources)} sources, {len(found.newsletters)} newsletters.",
        markup=False,
    )
    for note in notes:
        err.print(f"note: {note}", markup=False)


def run(context: typer.Context, config: ConfigOption = None) -> None:
    """Run the paper: schedule, web and mail in one process, until SIGTERM. Editing config.toml takes effect at once."""
    app = App(resolved(context, config))
    app.check()
    Service(app).run(lambda address: out.print(f"{app.config.paper.name}: {address}", markup=False))


def plan(
    context: typer.Context,
    days: Annotated[int, typer.Option(min=1, max=366, help="How many days to show, today included.")] = 7,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what will run in the next days, and what will be mailed to how many."""
    with opened(context, config) as app:
        editions = editions_ahead(app, days)
        pulls = _pulls(app, days)
        zone = app.zone
        language = app.language
    if as_json:
        print_json(
            {
                "editions": [
                    {
                        "newsletter": edition.newsletter,
                        "date": edition.date.isoformat(),
                        "due": edition.due.astimezone(zone).isoformat(),
                        "latest": edition.latest.astimezone(zone).isoformat() if edition.latest else None,
                        "readers": edition.readers,
                        "state": edition.state,
                    }
                    for edition in editions
                ],
                "sources": pulls,
            }
        )
        return
    table = Table(box=None, pad_edge=False)
    for name, justify in (("date", "left"), ("at", "left"), ("newsletter", "left"), ("readers", "right"), ("state", "left")):
        table.add_column(name, justify="right" if justify == "right" else "left")
    for edition in editions:
        due = edition.due.astimezone(zone)
        table.add_row(language.date(edition.date), f"{due:%H:%M}", Text(edition.title), f"{edition.readers:,}", edition.state)
    out.print(table if editions else "No newsletter is due.")
    out.print()
    for source in pulls:
        out.print(f"pull {source['name']}: {source['every']}, {source['runs']:,} times, next {source['next']}", markup=False)


def status(context: typer.Context, config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Show the last runs, what came of them, and what is overdue."""
    with opened(context, config) as app:
        report = status_report(app)
    if as_json:
        print_json(report)
        return
    out.print(f"{report['paper']}: {report['articles']:,} articles, {report['database']}", markup=False)
    if report["unresolved_credits"] or report["refused_drafts"]:
        out.print(
            f"to look at: {report['unresolved_credits']} names without a reporter, {report['refused_drafts']} refused drafts"
        )
    table = Table(box=None, pad_edge=False)
    for name in ("source", "last pull", "state", "result", "next"):
        table.add_column(name)
    for source in report["sources"]:
        result = ", ".join(f"{count} {name}" for name, count in source["detail"].items() if count and name != "error")
        table.add_row(
            source["name"],
            _short(source["last"]),
            source["state"] or "",
            result,
            _short(source["next"]) if source["enabled"] else "off",
        )
    out.print(table)
    for newsletter in report["newsletters"]:
        last = newsletter["last"]
        went = f"{last['date']} {last['state']}, {last['sent']:,} of {last['planned']:,} sent" if last else "none yet"
        out.print(
            f"{newsletter['title']}: {newsletter['readers']:,} readers, last {went}, next {_short(newsletter['next'])}",
            markup=False,
        )
    for problem in report["problems"]:
        out.print(Text(f"! {problem}", style="bold red"))
    if not report["problems"]:
        out.print("Nothing is overdue.")


def upgrade(context: typer.Context, config: ConfigOption = None) -> None:
    """Bring the database of an older Masthead up to date. Make a backup first."""
    found = load_config(resolved(context, config))
    database = Database(found.store.url)
    try:
        before, after = database.upgrade()
    finally:
        database.close()
    out.print(
        f"The schema was {before or 'empty'} and is {after}." if before != after else f"The schema is up to date ({after})."
    )


def _pulls(app: App, days: int) -> list[dict[str, Any]]:
    now = app.clock()
    midnight = datetime.combine(now.astimezone(app.zone).date() + timedelta(days=days), datetime.min.time(), app.zone)
    found = []
    for source in (source for source in app.config.sources if source.enabled):
        times = pull_times(app, source)
        found.append(
            {
                "name": source.name,
                "host": urlsplit(source.url).hostname,
                "every": source.every,
                "runs": runs_within(times, now, midnight),
                "next": times.after(now).astimezone(app.zone).isoformat(timespec="seconds"),
            }
        )
    return found


def _short(iso: str | None) -> str:
    return datetime.fromisoformat(iso).strftime("%m-%d %H:%M") if iso else "never"
