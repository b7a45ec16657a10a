"""Commands for the articles and their feeds: pull, correct, publish and review."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import partial
from typing import Annotated, Any

import typer
from rich.table import Table

from feeds.publish import Published
from masthead.agenda import UnpublishedError, publish_changes
from masthead.app import App, UnknownNameError
from masthead.commands.console import ConfigOption, JsonOption, opened, print_json, say, warn
from masthead.jobs import Pulled
from masthead.jobs import publish as publish_articles
from masthead.jobs import pull as pull_source
from masthead.runs import recorded, take_over
from newsroom.errors import NewsroomError
from newsroom.identity import canonical
from newsroom.model import Key, Verdict
from newsroom.sources import AnySource


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(pull)
    app.command()(correct)
    app.command()(publish)
    app.command()(review)


def pull(
    context: typer.Context,
    names: Annotated[
        list[str] | None,
        typer.Argument(
            help="The sources to pull, by name. Without: all that are enabled.", metavar="[SOURCE]...", show_default=False
        ),
    ] = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take in the latest articles from the paper's sources.

    What is there already is left as it is. Exits 1 if a source could not be read.
    """
    report: list[dict[str, Any]] = []
    with opened(context, config) as app:
        chosen = _chosen(app, names)
        take_over(app)
        for source in chosen:
            try:
                pulled = recorded(app, f"pull {source.name}", app.clock(), partial(pull_source, app, source), _counts)
            except NewsroomError as error:
                report.append({"source": source.name, "error": str(error)})
            else:
                report += [_reported(pulled)] if pulled else []
    if as_json:
        print_json(report)
    else:
        _show(report)
    if any("error" in line for line in report):
        raise typer.Exit(1)


def correct(
    context: typer.Context,
    article: Annotated[str, typer.Argument(help="Its address, or its id as feeds show it.", metavar="ARTICLE")],
    note: Annotated[
        str, typer.Option("--note", help="What was wrong and what is right, as readers are to read it.", metavar="WORDS")
    ],
    serious: Annotated[
        bool, typer.Option("--serious", help="Tell readers in an entry of its own: most never look at an article again.")
    ] = False,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what was wrong in an article.

    The note stands with the article in every feed from the next publication on. What the paper's site says of the article later leaves
    it there, unless with a note of its own that is new. The article's text is corrected where it is written, in the paper's own system.
    """
    with opened(context, config) as app:
        corrected = app.articles.correct(_id(app, article), note, serious=serious, now=app.clock())
        public = app.articles.article(corrected.id) is not None
        at = _stamp(app, corrected.revision.updated)
    told = {"id": corrected.id, "url": corrected.url, "headline": corrected.printed_headline, "note": corrected.revision.note}
    if as_json:
        print_json(told | {"serious": corrected.revision.serious, "updated": at, "public": public})
        return
    say(f"{told['headline']}\n{told['url']}\n{at}  {told['note']}")
    if serious:
        say("Readers are told in an entry of its own.")
    say("A running Masthead publishes it soon; otherwise: masthead publish" if public else "The article may not be shown now.")


def publish(
    context: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="Make every feed again, not only those that changed.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; say which files differ from what they should be.")
    ] = False,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the feeds that have changed.

    Files whose bytes would stay the same are not touched. Exits 1 if one could not be written, and after --check if one differs.
    """
    with opened(context, config) as app:
        try:
            published = (
                publish_articles(app, check=True)
                if check
                else publish_changes(app, app.clock(), everything=everything) or Published((), 0, 0, ())
            )
        except UnpublishedError as error:
            published = error.published
        directory = app.config.feeds.directory
    if as_json:
        print_json(asdict(published) | {"directory": str(directory)})
    else:
        done = "differ" if check else "written"
        say(f"{published.feeds} feeds in {directory}: {len(published.written)} files {done}, {published.unchanged} unchanged.")
        for path in published.written:
            say(f"  {path}")
    for path, reason in published.failed:
        warn(f"{path}: {reason}")
    if published.failed or (check and published.written):
        raise typer.Exit(1)


def review(context: typer.Context, config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Show what a person should look at: drafts that were refused, with the reason, and names that are nobody's.

    A refused draft is tried again by each pull. A name becomes a reporter's when a byline or a [[reporter]] says whose it is.
    """
    with opened(context, config) as app:
        refused = [(_stamp(app, refusal.at), refusal) for refusal in app.articles.refusals()]
        unresolved = app.articles.unresolved()
    if as_json:
        print_json(
            {
                "refused": [asdict(refusal) | {"at": at} for at, refusal in refused],
                "unresolved": [
                    {"article": article, "name": credit.name, "role": credit.role, "reason": credit.unresolved}
                    for article, credit in unresolved
                ],
            }
        )
        return
    for at, refusal in refused:
        say(f"{at}  {refusal.source}: {refusal.headline or refusal.url}\n  refused: {refusal.reason}")
        for name, value in refusal.raw.items():
            say(f"    {name}: {' / '.join(value.splitlines())}")
    for article, credit in unresolved:
        say(f"{f'{credit.name} {credit.role}'.rstrip()}  {article}\n  in nobody's feed: {credit.unresolved}")
    if not refused and not unresolved:
        say("Nothing to look at.")


def _id(app: App, article: str) -> str:
    """The id of an article that is named by its address; what is no known address is taken for an id."""
    found = app.articles.find([Key("url", canonical(article))])
    return found.id if found else article


def _stamp(app: App, at: datetime) -> str:
    return at.astimezone(app.zone).isoformat(timespec="seconds")


def _chosen(app: App, names: Sequence[str] | None) -> list[AnySource]:
    if not names:
        return [source for source in app.config.sources if source.enabled]
    by_name = {source.name: source for source in app.config.sources}
    if unknown := [name for name in names if name not in by_name]:
        raise UnknownNameError(f'there is no source "{unknown[0]}" in {app.path}; there are: {", ".join(by_name) or "none"}')
    return [by_name[name] for name in dict.fromkeys(names)]


def _counts(pulled: Pulled) -> Mapping[str, object]:
    return pulled.counts


def _reported(pulled: Pulled) -> dict[str, Any]:
    refused = [
        {"url": outcome.url, "headline": outcome.headline, "reason": outcome.reason}
        for outcome in pulled.outcomes
        if outcome.verdict is Verdict.REFUSED
    ]
    return {"source": pulled.source, **pulled.counts, "problems": refused}


def _show(report: Sequence[Mapping[str, Any]]) -> None:
    table = Table(box=None, pad_edge=False)
    table.add_column("source")
    for verdict in Verdict:
        table.add_column(verdict.value, justify="right")
    for line in report:
        if "error" not in line:
            table.add_row(line["source"], *(f"{line[verdict.value]:,}" for verdict in Verdict))
    if table.row_count:
        say(table)
    for line in report:
        if "error" in line:
            warn(f"{line['source']}: {line['error']}")
        for problem in line.get("problems", ()):
            warn(f"{line['source']}: refused {problem['headline'] or problem['url']}: {problem['reason']}")
    if not report:
        say("There is no source to pull; add a [[source]] to the configuration.")
