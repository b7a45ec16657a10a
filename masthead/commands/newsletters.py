"""Commands for editions: preview, send and verify."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from masthead.app import App
from masthead.commands.console import ConfigOption, DateOption, JsonOption, NewsletterArgument, err, opened, print_json, say, warn
from masthead.jobs import deliver, mail_settings, plan_edition
from newsletter.copies import Copies, sample_delivery
from newsletter.edition import Edition, EditionState, Tally, due_at
from newsletter.errors import TransportError
from newsletter.mailbox import Mailbox
from newsletter.outgoing import open_transport
from newsletter.planner import EVERYTHING
from newsletter.settings import NewsletterSettings
from newsletter.store import KeptDigest
from newsroom.errors import NewsroomError


class PreviewError(NewsroomError):
    """A preview could not be written."""


def register(app: typer.Typer) -> None:
    """Add these commands."""
    for command in (preview, send, verify):
        app.command()(command)


def preview(
    context: typer.Context,
    newsletter: NewsletterArgument,
    day: DateOption,
    folder: Annotated[Path, typer.Option("--out", help="The folder to write into; made if it is not there.")],
    config: ConfigOption = None,
) -> None:
    """Write an edition as it would look now: digest.html, digest.txt and digest.eml. Nothing is opened or sent."""
    with opened(context, config) as app:
        kept, copies = _draft(app, app.newsletter(newsletter), day)
        sample = sample_delivery(EVERYTHING)
        text, html = copies.bodies(sample)
        mail = copies.envelope(sample).message
    say(kept.subject)
    for name, content in (("digest.html", html.encode()), ("digest.txt", text.encode()), ("digest.eml", mail)):
        _write(folder / name, content)
        say(f"  {folder / name}  {len(content):,} bytes")


def send(
    context: typer.Context,
    newsletter: NewsletterArgument,
    day: DateOption,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be sent to how many, and send nothing.")] = False,
    to: Annotated[
        str | None,
        typer.Option("--to", help="Send one test copy to this address only; the edition stays as it is.", metavar="ADDRESS"),
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Send an edition to its readers.

    Sending again goes on where it stopped; nobody gets it twice. Exits 1 if a mail failed for good or is in doubt.
    """
    with opened(context, config) as app:
        settings = app.newsletter(newsletter)
        mail_settings(app)
        if to is not None:
            _send_test(app, settings, day, to)
            return
        if dry_run:
            kept, _ = _draft(app, settings, day)
            readers = app.newsletters.subscribers(newsletter)
            say(f"{kept.subject}\n{len(kept.articles)} articles to {readers:,} readers. Nothing was sent.")
            return
        today = app.clock().astimezone(app.zone).date()
        if day > today:
            raise typer.BadParameter(
                f"{day} is still to come: today is {today}. Look at it with preview or --to, and send it on its day."
            )
        edition = plan_edition(app, settings, day, by_hand=True)
        if edition.state is EditionState.SKIPPED:
            say(f"The edition of {day} was skipped: {edition.reason}.")
            return
        try:
            tally = _deliver(app, settings, edition)
        except TransportError:
            _show_tally(app.newsletters.tally(edition.id))
            warn("Nobody is lost: `masthead run`, or sending again, goes on when the server can be reached.")
            raise
    _show_tally(tally)
    if tally.open:
        warn(f"{tally.open:,} could not be delivered yet; `masthead run`, or sending again, tries them when they are due.")
    if tally.failed or tally.in_doubt:
        raise typer.Exit(1)


def verify(
    context: typer.Context,
    newsletter: NewsletterArgument,
    day: DateOption,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Account for an edition: planned = sent + skipped + failed + in doubt. Exits 0 only if that adds up."""
    with opened(context, config) as app:
        app.newsletter(newsletter)
        edition = app.newsletters.edition(newsletter, day)
        if edition is None:
            warn(f"There is no edition of {newsletter} for {day}: it was never opened.")
            raise typer.Exit(1)
        tally = app.newsletters.tally(edition.id)
        reasons = app.newsletters.reasons(edition.id)
    adds_up = tally.adds_up and edition.state in (EditionState.SENT, EditionState.SKIPPED)
    if as_json:
        print_json(
            {
                "newsletter": newsletter,
                "date": day.isoformat(),
                "state": edition.state.value,
                "reason": edition.reason,
                **_figures(tally),
                "adds_up": adds_up,
            }
        )
    else:
        say(f"{newsletter} {day}: {edition.state.value}{f', {edition.reason}' if edition.reason else ''}")
        _show_tally(tally)
        for state, reply, count in reasons:
            say(f"  {count:,} {state}: {reply}")
        say(
            "It adds up."
            if adds_up
            else f"It is not done: {tally.open:,} deliveries are left, and the edition is {edition.state.value}."
        )
    if not adds_up:
        raise typer.Exit(1)


def _draft(app: App, newsletter: NewsletterSettings, day: date) -> tuple[KeptDigest, Copies]:
    """The digest as it would be sent now, and copies of it for readers. Nothing is opened or kept."""
    app.articles.release(app.clock())
    rendered, digest = app.planner.draft(newsletter, day)
    kept = KeptDigest(
        choice=EVERYTHING,
        subject=rendered.subject,
        html=rendered.html,
        web=rendered.web,
        text=rendered.text,
        articles=tuple(story.article_id for story in digest.stories),
    )
    due = due_at(newsletter, day, app.zone)
    edition = Edition(
        id=0, newsletter=newsletter.slug, date=day, due=due, window_start=due, window_end=due, state=EditionState.OPEN
    )  # fmt: skip
    return kept, Copies([kept], newsletter, edition, mail=mail_settings(app), links=app.links, language=app.language)


def _send_test(app: App, newsletter: NewsletterSettings, day: date, to: str) -> None:
    try:
        mailbox = Mailbox.of(to)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    _, copies = _draft(app, newsletter, day)
    transport = open_transport(mail_settings(app))
    try:
        reply = transport.send(copies.envelope(sample_delivery(EVERYTHING, mailbox.address)))
    finally:
        transport.close()
    say(f"One test copy to {mailbox.address}: {reply}")


def _deliver(app: App, newsletter: NewsletterSettings, edition: Edition) -> Tally:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.completed}/{task.total}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task(f"{newsletter.title} {edition.date}", total=app.newsletters.tally(edition.id).planned)
        return deliver(app, newsletter, edition, progress=lambda tally: bar.update(task, completed=tally.planned - tally.open))


def _figures(tally: Tally) -> dict[str, Any]:
    return {
        "planned": tally.planned,
        "sent": tally.sent,
        "skipped": tally.skipped,
        "failed": tally.failed,
        "in_doubt": tally.in_doubt,
    }


def _show_tally(tally: Tally) -> None:
    say("  ".join(f"{name.replace('_', ' ')} {count:,}" for name, count in _figures(tally).items()))


def _write(file: Path, content: bytes) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    except OSError as error:
        raise PreviewError(f"{file} cannot be written: {error.strerror}") from error
