"""Commands for whoever keeps the paper running: init, check, run, plan, status and upgrade."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import typer
from rich.table import Column, Table
from rich.text import Text

from masthead.agenda import editions_ahead, pull_times, runs_within
from masthead.app import App, now
from masthead.commands.console import ConfigOption, JsonOption, opened, print_json, resolved, say, warn
from masthead.config import DEFAULT_FILE, Config, ConfigError, load_config
from masthead.logs import printable
from masthead.readership.report import readership
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
    language: Annotated[str, typer.Option(prompt="Language", help="Of pages and mails: ko, en, …")] = "ko",
    timezone: Annotated[str, typer.Option(prompt="Time zone", help="As in the IANA list.")] = "Asia/Seoul",
    file: Annotated[Path, typer.Option("--file", help="Where to write it; never over a file that is there.")] = Path(
        DEFAULT_FILE
    ),
) -> None:
    """Write a configuration for your own paper, commented, to fill in.

    What is not given as an option is asked for.
    """
    write_starter(file, name=name, url=url, language=language, timezone=timezone, today=now().date())
    option = "" if file == Path(DEFAULT_FILE) else f" --config {file}"
    say(f"Wrote {file}. Fill in its [[source]] blocks, then: masthead{option} check, masthead{option} run")


def check(context: typer.Context, config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Check the configuration: every mistake at once, with its line. Exits 2 if there is one."""
    path = resolved(context, config)
    try:
        found = load_config(path)
    except ConfigError as error:
        if not as_json:
            raise
        print_json({"file": str(path), "mistakes": [asdict(mistake) | {"file": str(path)} for mistake in error.mistakes]})
        raise typer.Exit(2) from error
    app = App(path, found, prepare=False)  # templates and secrets are tried as well; the database is left alone
    app.check()
    app.close()
    notes = _notes(found)
    counts = {"sections": len(found.sections), "sources": len(found.sources), "newsletters": len(found.newsletters)}
    if as_json:
        print_json({"file": str(path), "mistakes": [], "paper": found.paper.name, **counts, "notes": notes})
        return
    counted = ", ".join(f"{count} {name if count != 1 else name[:-1]}" for name, count in counts.items())
    say(f"{path} is sound: {found.paper.name}, {counted}.")
    for note in notes:
        warn(f"note: {note}")


def run(context: typer.Context, config: ConfigOption = None) -> None:
    """Run the paper: schedule, web and mail in one process, until SIGTERM or Ctrl-C.

    Saving the configuration takes effect at once; one with a mistake is refused, and the old one stays.
    """
    app = App(resolved(context, config))
    app.check()
    Service(app).run(lambda address: say(f"{app.config.paper.name}: {address}"))


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
        zone, language = app.zone, app.language
    if as_json:
        print_json(
            {
                "editions": [
                    {
                        "newsletter": edition.newsletter,
                        "date": edition.date.isoformat(),
                        "due": edition.due.astimezone(zone).isoformat(),
                        "latest": edition.latest.astimezone(zone).isoformat(),
                        "readers": edition.readers,
                        "state": edition.state,
                    }
                    for edition in editions
                ],
                "sources": pulls,
            }
        )
        return
    table = Table("date", "at", "newsletter", Column("readers", justify="right"), "state", box=None, pad_edge=False)
    for edition in editions:
        at = f"{edition.due.astimezone(zone):%H:%M}"
        table.add_row(language.date(edition.date), at, Text(edition.title), f"{edition.readers:,}", edition.state)
    say(table if editions else "No edition is due.")
    say()
    for source in pulls:
        say(f"pull {source['name']}: {source['every']}, {source['runs']:,} times, next {_short(source['next'])}")


def status(
    context: typer.Context,
    of: Annotated[
        Literal["feeds"] | None,
        typer.Argument(help='"feeds" shows how many read each feed.', metavar="[feeds]", show_default=False),
    ] = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the last runs, what came of them, and what is overdue."""
    with opened(context, config) as app:
        report = readership(app) if of else status_report(app)
    if as_json:
        print_json(report)
    elif of:
        _show_readership(report)
    else:
        _show_status(report)


def upgrade(context: typer.Context, config: ConfigOption = None) -> None:
    """Bring the database of an older Masthead up to date. Make a backup first."""
    found = load_config(resolved(context, config))
    database = Database(found.store.url)
    try:
        before, after = database.upgrade()
    finally:
        database.close()
    say(f"The schema was {before or 'empty'} and is {after}." if before != after else f"The schema is up to date ({after}).")


def _notes(config: Config) -> list[str]:
    """What is allowed and yet worth a second look."""
    notes = contrast_problems(config.paper)
    if config.mail is None:
        notes.append("there is no [mail]: nothing can be sent.")
    return notes


def _show_status(report: Mapping[str, Any]) -> None:
    say(f"{report['paper']}: {report['articles']:,} articles, {report['database']}")
    if report["unresolved_credits"] or report["refused_drafts"]:
        say(f"to look at: {report['unresolved_credits']} names without a reporter, {report['refused_drafts']} refused drafts")
    table = Table("source", "last pull", "state", "result", "next", box=None, pad_edge=False)
    for source in report["sources"]:
        result = ", ".join(f"{count} {name}" for name, count in source["detail"].items() if count and name != "error")
        upcoming = _short(source["next"]) if source["enabled"] else "off"
        table.add_row(source["name"], _short(source["last"]), source["state"] or "", result, upcoming)
    say(table)
    say(f"feeds: last published {_short(report['publishing']['last'])} {report['publishing']['state'] or ''}".rstrip())
    for newsletter in report["newsletters"]:
        last = newsletter["last"]
        went = f"{last['date']} {last['state']}, {last['sent']:,} of {last['planned']:,} sent" if last else "none yet"
        readers = f"{newsletter['readers']:,} readers"
        say(f"{newsletter['title']}: {readers}, last edition {went}, next {_short(newsletter['next'])}")
    for problem in report["problems"]:
        say(Text(printable(f"! {problem}"), style="bold red"))
    if not report["problems"]:
        say("Nothing is overdue.")


def _show_readership(report: Mapping[str, Any]) -> None:
    feeds = report["feeds"]
    if not feeds:
        say("No reader was counted yet. Where nginx or Caddy serves the files: see Readership in docs/operating.md.")
        return
    say(f"Readers on {report['day']}{'' if report['complete'] else ', so far'}")
    counts = ("hosted", "pollers", "readers", "a week before")
    table = Table("feed", "title", *(Column(name, justify="right") for name in counts), box=None, pad_edge=False)
    for feed in feeds:
        before = feed["week_before"]
        change = "" if before is None else f"{before:,} ({feed['total'] - before:+,})"
        row = (f"{feed['subscribers']:,}", f"{feed['pollers']:,}", f"{feed['total']:,}", change)
        table.add_row(feed["feed"], Text(printable(feed["title"])), *row)
    say(table)


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
