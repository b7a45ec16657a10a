"""What is scheduled: the tasks of one configuration, and what they will do in the next days."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import structlog

from masthead.app import App
from masthead.jobs import deliver, overdue, plan_edition, publish, pull
from masthead.runs import recorded
from masthead.schedule import MAX_JITTER, Cron, Every, Task, Times, parse_times
from newsletter.delivery import SendingElsewhereError
from newsletter.edition import EditionState, due_at, is_publication_day, latest_at
from newsletter.settings import NewsletterSettings
from newsroom.errors import NewsroomError
from newsroom.settings import SourceSettings

PUBLISH_EVERY = timedelta(minutes=1)
DELIVER_EVERY = timedelta(seconds=30)
_log = structlog.get_logger(__name__)


class UnpublishedError(NewsroomError):
    """Feeds could not be written."""


def tasks(app: App, stopping: Callable[[], bool] = lambda: False) -> Iterator[Task]:
    """Everything that the configuration asks to be done at a time."""
    for source in app.config.sources:
        if source.enabled:
            times = pull_times(app, source)
            jitter = min(MAX_JITTER, times.span / 10) if isinstance(times, Every) else MAX_JITTER
            yield _task(app, f"pull {source.name}", times, _pulling(app, source), jitter)
    yield _task(app, "publish", Every(PUBLISH_EVERY), partial(_publishing, app))
    for newsletter in app.config.newsletters:
        yield Task(f"edition {newsletter.slug}", edition_times(app, newsletter), _opening(app, newsletter))
    if app.config.newsletters:
        yield Task("deliver", Every(DELIVER_EVERY), lambda _due: deliver_unfinished(app, stopping))


def pull_times(app: App, source: SourceSettings) -> Times:
    """When a source is pulled."""
    return parse_times(source.every, source.timezone or app.zone)


def edition_times(app: App, newsletter: NewsletterSettings) -> Cron:
    """When an edition of a newsletter is opened."""
    weekdays = ",".join(str(day % 7) for day in sorted(newsletter.days))
    return Cron(f"{newsletter.send.minute} {newsletter.send.hour} * * {weekdays}", app.zone)


def open_due_edition(app: App, newsletter: NewsletterSettings) -> None:
    """Open the newest edition whose time has come, unless it was: the editions' table says so, not the clock's memory."""
    missing = overdue(app, newsletter, app.clock())
    if missing is None:
        return
    day, due = missing
    if not app.newsletters.editions(newsletter.slug, 1) and due < app.clock() - timedelta(hours=1):
        return  # a newsletter set up at noon does not begin with this morning's edition

    def work() -> Mapping[str, Any]:
        edition = plan_edition(app, newsletter, day)
        return {"edition": day.isoformat(), "state": edition.state.value, "reason": edition.reason}

    recorded(app, f"edition {newsletter.slug}", due, work)
    deliver_unfinished(app)


def deliver_unfinished(app: App, stopping: Callable[[], bool] = lambda: False) -> None:
    """Go on with every edition that was opened and is not finished. One that fails does not stop the others."""
    by_slug = {newsletter.slug: newsletter for newsletter in app.config.newsletters}
    for edition in app.newsletters.unfinished():
        newsletter = by_slug.get(edition.newsletter)
        if newsletter is None or not app.newsletters.is_due(edition.id, app.clock()):
            continue
        try:
            if edition.state is EditionState.OPEN:
                edition = plan_edition(app, newsletter, edition.date)  # noqa: PLW2901 (the same edition, further on)

            def work(newsletter: NewsletterSettings = newsletter, edition: Any = edition) -> Mapping[str, Any]:
                tally = deliver(app, newsletter, edition, stopping=stopping)
                return {"edition": edition.date.isoformat(), "planned": tally.planned, "sent": tally.sent, "failed": tally.failed}

            recorded(app, f"deliver {newsletter.slug}", app.clock(), work)
        except SendingElsewhereError as error:
            _log.info("sending elsewhere", reason=str(error))
        except NewsroomError as error:
            _log.error("delivery stopped", newsletter=edition.newsletter, edition=str(edition.date), reason=str(error))


@dataclass(frozen=True, slots=True)
class PlannedEdition:
    """An edition to come."""

    newsletter: str
    title: str
    date: date
    due: datetime
    latest: datetime | None
    readers: int
    state: str


def editions_ahead(app: App, days: int) -> list[PlannedEdition]:
    """The editions of today and the days after, by due time."""
    today = app.clock().astimezone(app.zone).date()
    found = []
    for newsletter in app.config.newsletters:
        readers = app.newsletters.subscribers(newsletter.slug)
        for day in (today + timedelta(days=offset) for offset in range(days)):
            if is_publication_day(newsletter, day):
                edition = app.newsletters.edition(newsletter.slug, day)
                due = due_at(newsletter, day, app.zone)
                state = edition.state.value if edition else ("due" if due > app.clock() else "not opened")
                found.append(
                    PlannedEdition(
                        newsletter.slug, newsletter.title, day, due, latest_at(newsletter, day, app.zone), readers, state
                    )
                )
    return sorted(found, key=lambda edition: (edition.due, edition.newsletter))


def runs_within(times: Times, start: datetime, end: datetime) -> int:
    """How many due moments lie in (start, end]."""
    if isinstance(times, Every):
        return int((times.last(end) - times.last(start)) / times.span)
    count, moment = 0, times.after(start)
    while moment <= end:
        count, moment = count + 1, times.after(moment)
    return count


def _task(app: App, name: str, times: Times, work: Callable[[], Mapping[str, Any]], jitter: timedelta = timedelta(0)) -> Task:
    def run(due: datetime) -> None:
        try:
            recorded(app, name, due, work)
        except NewsroomError as error:
            _log.error("job failed", job=name, due=due.isoformat(), reason=str(error))

    return Task(name, times, run, jitter)


def _opening(app: App, newsletter: NewsletterSettings) -> Callable[[datetime], None]:
    return lambda _due: open_due_edition(app, newsletter)


def _publishing(app: App) -> Mapping[str, Any]:
    published = publish(app)
    if published.failed:
        raise UnpublishedError("; ".join(f"{path}: {reason}" for path, reason in published.failed))
    return {"written": len(published.written), "unchanged": published.unchanged}


def _pulling(app: App, source: SourceSettings) -> Callable[[], Mapping[str, Any]]:
    def work() -> Mapping[str, Any]:
        pulled = pull(app, source)
        if pulled.changed:
            _publishing(app)
        return pulled.counts

    return work
