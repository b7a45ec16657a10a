"""How the paper is doing: what ran, what came of it, what is overdue. For `masthead status` and ``/health``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from masthead.agenda import pull_times
from masthead.app import App
from masthead.jobs import overdue
from masthead.store import RunState
from newsletter.edition import next_due
from newsletter.settings import NewsletterSettings
from newsroom.errors import NewsroomError
from newsroom.settings import SourceSettings

GRACE = timedelta(minutes=2)
"""How late something may begin before it is called overdue."""


def status(app: App) -> dict[str, Any]:
    """Everything an operator asks first, as plain data with ISO 8601 times."""
    now = app.clock()
    sources = [_source(app, source, now) for source in app.config.sources]
    newsletters = [_newsletter(app, newsletter, now) for newsletter in app.config.newsletters]
    problems = [
        *(f"source {source['name']}: {source['problem']}" for source in sources if source["problem"]),
        *(f"newsletter {found['slug']}: {found['problem']}" for found in newsletters if found["problem"]),
    ]
    return {
        "paper": app.config.paper.name,
        "now": _iso(app, now),
        "database": app.database.version(),
        "articles": app.articles.count(),
        "changes": app.articles.last_change(),
        "unresolved_credits": len(app.articles.unresolved()),
        "refused_drafts": len(app.articles.refusals()),
        "sources": sources,
        "newsletters": newsletters,
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
        "problems": problems,
    }


def health(app: App, config_problem: str = "") -> tuple[bool, Mapping[str, Any]]:
    """Whether all is well, for a monitor. An unreachable database is a finding, not a crash."""
    try:
        problems = list(status(app)["problems"])
    except NewsroomError as error:
        problems = [str(error)]
    if config_problem:
        problems.append(f"the configuration was refused: {config_problem}")
    return not problems, {"status": "failing" if problems else "ok", "problems": problems}


def _source(app: App, source: SourceSettings, now: datetime) -> dict[str, Any]:
    last = app.runs.last(f"pull {source.name}")
    times = pull_times(app, source)
    problem = ""
    if source.enabled and last is not None:
        if last.state is RunState.FAILED:
            problem = f"the last pull failed: {last.detail.get('error', '')}"
        elif times.after(times.after(last.due)) + GRACE < now:
            problem = f"overdue since {_iso(app, times.after(last.due))}"
    return {
        "name": source.name,
        "enabled": source.enabled,
        "last": _iso(app, last.started) if last else None,
        "state": last.state.value if last else None,
        "detail": dict(last.detail) if last else {},
        "next": _iso(app, times.after(now)) if source.enabled else None,
        "problem": problem,
    }


def _newsletter(app: App, newsletter: NewsletterSettings, now: datetime) -> dict[str, Any]:
    editions = app.newsletters.editions(newsletter.slug, 1)
    last = editions[0] if editions else None
    tally = app.newsletters.tally(last.id) if last else None
    missing = overdue(app, newsletter, now - GRACE) if last else None
    problem = f"the edition of {missing[0]} was not opened" if missing else ""
    if tally and tally.failed:
        problem = problem or f"{tally.failed} deliveries of {last.date if last else ''} failed"
    return {
        "slug": newsletter.slug,
        "title": newsletter.title,
        "readers": app.newsletters.subscribers(newsletter.slug),
        "next": _iso(app, next_due(newsletter, now, app.zone)[1]),
        "last": None
        if last is None or tally is None
        else {
            "date": last.date.isoformat(),
            "state": last.state.value,
            "reason": last.reason,
            "planned": tally.planned,
            "sent": tally.sent,
            "skipped": tally.skipped,
            "failed": tally.failed,
            "in_doubt": tally.in_doubt,
            "open": tally.open,
        },
        "problem": problem,
    }


def _iso(app: App, moment: datetime | None) -> str | None:
    return moment.astimezone(app.zone).isoformat(timespec="seconds") if moment else None
