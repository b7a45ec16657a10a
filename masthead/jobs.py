"""The jobs, as plain functions that may run twice, late, or on two machines: the database decides what is left to do."""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime

import structlog

from feeds.publish import Published
from masthead.app import App
from newsletter.copies import Copies
from newsletter.delivery import deliver as deliver_edition
from newsletter.edition import Edition, EditionState, Tally, last_due
from newsletter.outgoing import open_transport
from newsletter.settings import MailSettings, NewsletterSettings
from newsroom.errors import NewsroomError
from newsroom.fetch import Fetcher, Validators, user_agent_for
from newsroom.intake import Intake
from newsroom.model import Draft, Outcome, Verdict
from newsroom.sources import AnySource, Known, KnownArticle, Unreadable, open_source

_log = structlog.get_logger(__name__)


class NoMailError(NewsroomError):
    """The configuration has no [mail] table, so nothing can be sent."""


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a pull of one source brought."""

    source: str
    outcomes: tuple[Outcome, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many drafts got which verdict; every verdict is named."""
        found = Counter(outcome.verdict for outcome in self.outcomes)
        return {verdict.value: found[verdict] for verdict in Verdict}


def pull(app: App, source: AnySource) -> Pulled:
    """Take in what a source has. Raises FetchError, SourceError, StoreError."""
    now = app.clock()
    # Pages read under other rules must be read again: their validators count only for the same settings.
    rules = (source, *app.config.agencies)
    reading = hashlib.sha256("\n".join(table.model_dump_json() for table in rules).encode()).hexdigest()[:16]
    intake = Intake(app.articles, app.config.paper, app.sections, source, app.config.agencies)

    def known(draft: Draft) -> KnownArticle | None:
        found = app.articles.find(intake.keys(draft))
        return KnownArticle(published=found.published, headline=found.printed_headline) if found else None

    def validators(url: str) -> Validators | None:
        found = app.articles.fetched(source.name, url, reading)
        return Validators(*found) if found else None

    drafts, read = asyncio.run(_read(app, source, known, validators))
    outcomes = intake.take(drafts, now)
    refused = {outcome.url for outcome in outcomes if outcome.verdict is Verdict.REFUSED}
    # A page with a refused item is read whole the next time; others are asked for only if they have changed.
    fresh = {
        url: (found.etag, found.last_modified)
        for url, found in read.items()
        if url not in refused and (not refused or url != source.url)
    }
    stale = {url: found for url, found in fresh.items() if app.articles.fetched(source.name, url, reading) != found}
    if stale:
        app.articles.save_fetched(source.name, stale, reading)
    return Pulled(source.name, tuple(outcomes))


async def _read(
    app: App,
    source: AnySource,
    known: Known,
    validators: Callable[[str], Validators | None],
) -> tuple[list[Draft | Unreadable], dict[str, Validators]]:
    agent = user_agent_for(app.config.paper, app.config.fetch)
    async with Fetcher(app.config.fetch, user_agent=agent, validators=validators) as fetch:
        found = [draft async for draft in open_source(source).drafts(fetch, known, app.clock())]
        return found, dict(fetch.read)


def publish(app: App, *, everything: bool = False, check: bool = False) -> Published:
    """Let out what is due, and write the feeds whose bytes have changed; ``check`` only says which would be.

    Raises FeedsError, StoreError.
    """
    if released := app.articles.release(app.clock()):
        _log.info("released", articles=released)
    return app.publisher.publish(everything=everything, check=check)


def tell_hubs(app: App, stopping: Callable[[], bool] = lambda: False) -> None:
    """Give hubs and subscribers the news that they are owed. Raises StoreError."""
    done = app.websub.work(stopping)
    if any(asdict(done).values()):
        _log.info("websub", **asdict(done))


def plan_edition(app: App, newsletter: NewsletterSettings, day: date, *, by_hand: bool = False) -> Edition:
    """Open the edition of ``day`` and plan its deliveries, if it is to be sent at all. Raises RenderError, StoreError."""
    app.articles.release(app.clock())
    return app.planner.plan(newsletter, day, app.clock(), by_hand=by_hand)


def deliver(
    app: App,
    newsletter: NewsletterSettings,
    edition: Edition,
    *,
    stopping: Callable[[], bool] = lambda: False,
    progress: Callable[[Tally], None] = lambda _tally: None,
) -> Tally:
    """Send an edition to every reader who is due. Raises TransportError, SendingElsewhereError, StoreError."""
    if edition.state is not EditionState.SENDING:
        return app.newsletters.tally(edition.id)
    mail = mail_settings(app)
    app.planner.refresh(newsletter, edition, app.clock())
    copies = Copies(app.newsletters.digests(edition.id), newsletter, edition, mail=mail, links=app.links, language=app.language)
    return deliver_edition(
        edition,
        app.newsletters,
        open_transport(mail),
        copies.envelope,
        resend=mail.in_doubt == "resend",
        clock=app.clock,
        stopping=stopping,
        progress=progress,
    )


def mail_settings(app: App) -> MailSettings:
    """The [mail] table. Raises NoMailError."""
    if app.config.mail is None:
        raise NoMailError
    return app.config.mail


def overdue(app: App, newsletter: NewsletterSettings, now: datetime) -> tuple[date, datetime] | None:
    """The newest edition that should have been opened by now and was not: found by its absence.

    Days before the newest edition that there is are over: what they missed was in that one.
    """
    day, due = last_due(newsletter, now, app.zone)
    newest = app.newsletters.editions(newsletter.slug, 1)
    return None if newest and newest[0].date >= day else (day, due)
