"""How the paper is doing: what ran, what came of it, what is overdue. For `masthead status` and ``/health``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from masthead.agenda import delivery_job, pull_times
from masthead.app import App
from masthead.jobs import overdue
from masthead.store import RunState
from newsletter.edition import Edition, EditionState, next_due
from newsletter.settings import NewsletterSettings
from newsroom.errors import NewsroomError
from newsroom.sources import AnySource

GRACE = timedelta(minutes=5)
"""How late something may begin before it is called overdue."""
PATIENCE = timedelta(minutes=15)
"""How long ago the last good pull may be before a failed one is a problem: other people's servers hiccup."""
LONGEST_PULL = timedelta(hours=1)
TOLERATED_FAILURES = 0.05
"""Share of an edition's deliveries that may fail without anybody being called: addresses die every day."""


def status(app: App) -> dict[str, Any]:
    """Everything an operator asks first, as plain data with ISO 8601 times."""
    now = app.clock()
    return {
        "paper": app.config.paper.name,
        "now": _iso(app, now),
        "database": app.database.version(),
        "articles": app.articles.count(),
        "changes": app.articles.last_change(),
        "unresolved_credits": len(app.articles.unresolved()),
        "refused_drafts": app.articles.refused(),
        "publishing": _publishing(app),
        "sources": [_source(app, source, now) for source in app.config.sources],
        "newsletters": [_newsletter(app, newsletter, now) for newsletter in app.config.newsletters],
        "runs": [
            {
                "job": run.job,
                "due": _iso(app, run.due),
                "started": _iso(app, run.started),
                "finished": _iso(app, run.finished),
                "state": run.state.value,
                "detail": dict(run.detail),
            }
            for run in app.runs.newest(10)
        ],
        "problems": list(problems(app, now, patience=timedelta(0))),
    }


def health(app: App, config_problem: str = "") -> tuple[bool, Mapping[str, Any]]:
    """Whether all is well, for a monitor. An unreachable database is a finding, not a crash."""
    found = [f"the configuration was refused: {config_problem}"] if config_problem else []
    try:
        found += problems(app, app.clock(), patience=PATIENCE)
    except NewsroomError as error:
        found.append(str(error))
    return not found, {"status": "failing" if found else "ok", "problems": found}


def problems(app: App, now: datetime, *, patience: timedelta) -> Iterator[str]:
    """What somebody should see to now, in words. A failed pull counts once the last good one is older than ``patience``."""
    for source in app.config.sources:
        if problem := _source_problem(app, source, now, patience):
            yield f"source {source.name}: {problem}"
    published = app.runs.last("publish")
    if published is not None and published.state is RunState.FAILED:
        yield f"publishing failed: {published.detail.get('error', '')}"
    for newsletter in app.config.newsletters:
        if problem := _newsletter_problem(app, newsletter, now):
            yield f"newsletter {newsletter.slug}: {problem}"


def _publishing(app: App) -> dict[str, Any]:
    last = app.runs.last("publish")
    return {
        "last": _iso(app, last.started) if last else None,
        "state": last.state.value if last else None,
        "detail": dict(last.detail) if last else {},
    }


def _source(app: App, source: AnySource, now: datetime) -> dict[str, Any]:
    last = app.runs.last(f"pull {source.name}")
    return {
        "name": source.name,
        "enabled": source.enabled,
        "last": _iso(app, last.started) if last else None,
        "state": last.state.value if last else None,
        "detail": dict(last.detail) if last else {},
        "next": _iso(app, pull_times(app, source).after(now)) if source.enabled else None,
        "problem": _source_problem(app, source, now, timedelta(0)),
    }


def _source_problem(app: App, source: AnySource, now: datetime, patience: timedelta) -> str:
    job = f"pull {source.name}"
    last = app.runs.last(job)
    if last is None or not source.enabled:
        return ""
    if last.state is RunState.RUNNING:
        return f"a pull has been running since {_iso(app, last.started)}" if last.started < now - LONGEST_PULL else ""
    expected = pull_times(app, source).after(last.due)
    if expected < now - GRACE:
        return f"overdue since {_iso(app, expected)}"
    if last.state is RunState.FAILED:
        good = app.runs.last(job, RunState.DONE)
        if good is None or good.started < now - patience:
            return f"the last pull failed: {last.detail.get('error', '')}"
    return ""


def _newsletter(app: App, newsletter: NewsletterSettings, now: datetime) -> dict[str, Any]:
    editions = app.newsletters.editions(newsletter.slug, 1)
    return {
        "slug": newsletter.slug,
        "title": newsletter.title,
        "readers": app.newsletters.subscribers(newsletter.slug),
        "next": _iso(app, next_due(newsletter, now, app.zone)[1]),
        "last": _edition(app, editions[0]) if editions else None,
        "problem": _newsletter_problem(app, newsletter, now),
    }


def _edition(app: App, edition: Edition) -> dict[str, Any]:
    tally = app.newsletters.tally(edition.id)
    return {
        "date": edition.date.isoformat(),
        "state": edition.state.value,
        "reason": edition.reason,
        "planned": tally.planned,
        "sent": tally.sent,
        "skipped": tally.skipped,
        "failed": tally.failed,
        "in_doubt": tally.in_doubt,
        "open": tally.open,
    }


def _newsletter_problem(app: App, newsletter: NewsletterSettings, now: datetime) -> str:
    last = next(iter(app.newsletters.editions(newsletter.slug, 1)), None)
    missing = overdue(app, newsletter, now - GRACE) if last else None
    if missing or last is None or last.state is EditionState.OPEN:
        tried = app.runs.last(f"edition {newsletter.slug}")
        if tried is not None and tried.state is RunState.FAILED:
            return f"the edition could not be opened: {tried.detail.get('error', '')}"
        return f"the edition of {missing[0]} was not opened" if missing else ""
    if last.state is EditionState.HELD:
        return f"the edition of {last.date} is held; send it with: masthead send {newsletter.slug} --date {last.date}"
    delivered = app.runs.last(delivery_job(newsletter.slug, last.date))
    # A failed run is over once the edition went out all the same, by hand for one.
    if last.state is EditionState.SENDING and delivered is not None and delivered.state is RunState.FAILED:
        return f"the edition of {last.date} is not going out: {delivered.detail.get('error', '')}"
    tally = app.newsletters.tally(last.id)
    if tally.failed > tally.planned * TOLERATED_FAILURES:
        return f"{tally.failed:,} of {tally.planned:,} deliveries of {last.date} failed"
    return ""


def _iso(app: App, moment: datetime | None) -> str | None:
    return moment.astimezone(app.zone).isoformat(timespec="seconds") if moment else None
