"""What is scheduled: the tasks of one configuration, and what they will do in the next days."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

import structlog

from feeds.publish import Published
from masthead.app import App
from masthead.jobs import Pulled, deliver, overdue, plan_edition, publish, pull, tell_hubs
from masthead.runs import recorded
from masthead.schedule import Every, Task, Times, parse_times
from masthead.store import RunState
from newsletter.edition import Edition, EditionState, Tally, due_at, is_publication_day, latest_at
from newsletter.errors import SendingElsewhereError
from newsletter.settings import NewsletterSettings
from newsroom.errors import NewsroomError
from newsroom.sources import AnySource

PUBLISH_EVERY = timedelta(minutes=1)
TELL_EVERY = timedelta(seconds=5)
"""How often hubs and subscribers that are owed news are looked for."""
LOOK_EVERY = timedelta(seconds=30)
"""How often a newsletter is looked after. It divides a minute, so that an edition is opened on its own minute."""
MAX_JITTER = timedelta(seconds=30)
TOO_LATE_TO_BEGIN = timedelta(hours=1)
"""A newsletter set up at noon does not begin with the morning's edition."""
LONGEST_WAIT = timedelta(minutes=2)
"""How long an edition waits for the pulls that are due with it, or that a program started late has to make up for."""
_log = structlog.get_logger(__name__)


class UnpublishedError(NewsroomError):
    """Feeds could not be written; ``published`` says which, and what was."""

    def __init__(self, published: Published) -> None:
        super().__init__("; ".join(f"{path}: {reason}" for path, reason in published.failed))
        self.published = published


def tasks(app: App, stopping: Callable[[], bool] = lambda: False) -> Iterator[Task]:
    """Everything that the configuration asks to be done at a time. ``stopping`` ends a delivery between two readers."""
    since = app.clock()
    for source in app.config.sources:
        if source.enabled:
            times = pull_times(app, source)
            jitter = min(MAX_JITTER, times.span / 10) if isinstance(times, Every) else MAX_JITTER
            yield Task(f"pull {source.name}", times, partial(_pull, app, source), jitter)
    yield Task("publish", Every(PUBLISH_EVERY), partial(publish_changes, app))
    if app.hubs:
        yield Task("websub", Every(TELL_EVERY), lambda _due: tell_hubs(app, stopping))
    for newsletter in app.config.newsletters:
        work = partial(_look_after, app, newsletter, since, stopping)
        yield Task(f"newsletter {newsletter.slug}", Every(LOOK_EVERY), work)


def pull_times(app: App, source: AnySource) -> Times:
    """When a source is pulled."""
    return parse_times(source.every, source.timezone or app.zone)


def publish_changes(app: App, at: datetime, *, everything: bool = False) -> Published | None:
    """Publish, recorded for the moment ``at``; None where that was done already. Raises UnpublishedError."""

    def work() -> Published:
        published = publish(app, everything=everything)
        if published.failed:
            raise UnpublishedError(published)
        return published

    return recorded(app, "publish", at, work, _of_publish)


def open_due_edition(app: App, newsletter: NewsletterSettings, at: datetime) -> Edition | None:
    """Open the newest edition whose time has come, unless it was: the editions' table says so, not the clock's memory.

    ``at`` is the moment for which this is recorded.
    """
    now = app.clock()
    missing = overdue(app, newsletter, now)
    if missing is None:
        return None
    day, due = missing
    if due < now - TOO_LATE_TO_BEGIN and not app.newsletters.editions(newsletter.slug, 1):
        return None
    return recorded(app, f"edition {newsletter.slug}", at, lambda: plan_edition(app, newsletter, day), _of_edition)


def deliver_unfinished(
    app: App, newsletter: NewsletterSettings, at: datetime, stopping: Callable[[], bool] = lambda: False
) -> None:
    """Go on with each edition that was opened and is not finished. One that fails does not stop the others.

    ``at`` is the moment for which this is recorded.
    """
    for edition in app.newsletters.unfinished():
        if edition.newsletter != newsletter.slug or not app.newsletters.is_due(edition.id, app.clock()):
            continue
        work = partial(_deliver, app, newsletter, edition, stopping)
        try:
            recorded(app, delivery_job(newsletter.slug, edition.date), at, work, _of_tally)
        except NewsroomError as error:
            _log.error("delivery stopped", newsletter=newsletter.slug, edition=str(edition.date), reason=str(error))


def delivery_job(newsletter: str, day: date) -> str:
    """Under which name the delivery of an edition is recorded."""
    return f"deliver {newsletter} {day}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedEdition:
    """An edition to come. ``state`` is that of the edition, "due" before its time, "not opened" where its time has passed."""

    newsletter: str
    title: str
    date: date
    due: datetime
    latest: datetime
    readers: int
    state: str


def editions_ahead(app: App, days: int) -> list[PlannedEdition]:
    """The editions of today and the days after, by due time."""
    today = app.clock().astimezone(app.zone).date()
    calendar = [today + timedelta(days=offset) for offset in range(days)]
    found = [
        _planned(app, newsletter, day, readers)
        for newsletter in app.config.newsletters
        for readers in [app.newsletters.subscribers(newsletter.slug)]
        for day in calendar
        if is_publication_day(newsletter, day)
    ]
    return sorted(found, key=lambda edition: (edition.due, edition.newsletter))


def runs_within(times: Times, start: datetime, end: datetime) -> int:
    """How many due moments lie in (start, end]."""
    if isinstance(times, Every):
        return int((times.last(end) - times.last(start)) / times.span)
    count, moment = 0, times.after(start)
    while moment <= end:
        count, moment = count + 1, times.after(moment)
    return count


def _planned(app: App, newsletter: NewsletterSettings, day: date, readers: int) -> PlannedEdition:
    edition = app.newsletters.edition(newsletter.slug, day)
    due = edition.due if edition else due_at(newsletter, day, app.zone)
    return PlannedEdition(
        newsletter=newsletter.slug,
        title=newsletter.title,
        date=day,
        due=due,
        latest=latest_at(newsletter, day, app.zone),
        readers=app.newsletters.tally(edition.id).planned if edition else readers,
        state=edition.state.value if edition else "due" if due > app.clock() else "not opened",
    )


def _pull(app: App, source: AnySource, due: datetime) -> None:
    before = app.articles.last_change()
    recorded(app, f"pull {source.name}", due, partial(pull, app, source), _of_pull)
    if app.articles.last_change() != before:
        publish_changes(app, app.clock())  # readers need not wait for the minute


def _look_after(app: App, newsletter: NewsletterSettings, since: datetime, stopping: Callable[[], bool], at: datetime) -> None:
    try:
        if not _waits_for_news(app, newsletter, since):
            open_due_edition(app, newsletter, at)
    finally:  # an edition that cannot be opened does not hold back one that was
        deliver_unfinished(app, newsletter, at, stopping)


def _waits_for_news(app: App, newsletter: NewsletterSettings, since: datetime) -> bool:
    """Whether an edition is due, and a source has yet to be pulled for it: not for long, whatever becomes of the source."""
    missing = overdue(app, newsletter, app.clock())
    if missing is None or app.clock() >= max(missing[1], since) + LONGEST_WAIT:
        return False
    return not all(_was_pulled(app, source, missing[1]) for source in app.config.sources if source.enabled)


def _was_pulled(app: App, source: AnySource, moment: datetime) -> bool:
    """Whether the source was pulled, or tried, when it was last due by then."""
    last = app.runs.last(f"pull {source.name}")
    return last is not None and last.state is not RunState.RUNNING and last.due >= pull_times(app, source).last(moment)


def _deliver(app: App, newsletter: NewsletterSettings, edition: Edition, stopping: Callable[[], bool]) -> Tally | None:
    if edition.state is EditionState.OPEN:  # a process ended between opening it and planning its deliveries
        edition = plan_edition(app, newsletter, edition.date)
    try:
        return deliver(app, newsletter, edition, stopping=stopping)
    except SendingElsewhereError as error:
        _log.info("sending elsewhere", reason=str(error))
        return None


def _of_pull(pulled: Pulled) -> dict[str, object]:
    return dict(pulled.counts)


def _of_publish(published: Published) -> dict[str, object]:
    return {"written": len(published.written), "unchanged": published.unchanged}


def _of_edition(edition: Edition) -> dict[str, object]:
    return {"edition": edition.date.isoformat(), "state": edition.state.value, "reason": edition.reason}


def _of_tally(tally: Tally) -> dict[str, object]:
    return {"planned": tally.planned, "sent": tally.sent, "skipped": tally.skipped, "failed": tally.failed}
