"""From a due date to an edition ready to be delivered: opened once, its window filled, its digest rendered, its readers planned.

Everything here may run twice, late, or on two machines at the same time: the edition's row decides who was first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

import structlog

from newsletter.digest import Digest, compose
from newsletter.edition import LATE_ARRIVALS, Edition, EditionState, due_at, latest_at, window_start
from newsletter.errors import NewsletterError
from newsletter.links import Links
from newsletter.render import RenderedDigest, Renderer
from newsletter.settings import NewsletterSettings
from newsletter.slots import Slot
from newsletter.store import KeptDigest, NewsletterStore
from newsroom.language import Language
from newsroom.model import Article, Reporter
from newsroom.sections import SectionTree
from newsroom.text.clean import html_text

EVERYTHING = "all"
"""The choice of readers who take the newsletter as it is."""
_log = structlog.get_logger(__name__)


class TooFewArticlesError(NewsletterError):
    """The edition's window holds fewer articles than the newsletter asks for."""


class Articles(Protocol):
    """What the planner asks of the newsroom."""

    def window(self, start: datetime, end: datetime, *, late_from: datetime, entered_after: datetime | None) -> list[Article]:
        """Public articles of a stretch of time."""

    def articles(self, ids: Sequence[str]) -> list[Article]:
        """Those of these articles that are public now."""

    def reporters(self) -> list[Reporter]:
        """Every reporter."""


@dataclass(frozen=True, slots=True)
class Planner:
    """Plans the editions of one paper."""

    articles: Articles
    store: NewsletterStore
    renderer: Renderer
    sections: SectionTree
    language: Language
    links: Links
    zone: ZoneInfo

    def plan(self, newsletter: NewsletterSettings, day: date, now: datetime, *, by_hand: bool = False) -> Edition:
        """Bring the edition of ``day`` to where it can be delivered, or record why it is not sent.

        An edition that was sent, skipped or is being sent stays as it is. One sent by hand is never late, and takes up an edition
        that is held. Raises TooFewArticlesError by hand before its time: the news may still come, so nothing is opened.
        """
        due = due_at(newsletter, day, self.zone)
        before = self.store.last_before(newsletter.slug, due)
        is_early = by_hand and now < due and self.store.edition(newsletter.slug, day) is None
        if is_early and not self._has_enough(newsletter, day, due, before):
            raise TooFewArticlesError("there are too few articles yet for an edition before its time; it stays due.")
        start = self._start(newsletter, due, before)
        edition = self.store.open(newsletter.slug, day, due=due, window_start=start, now=now)
        if edition.state is EditionState.OPEN or (edition.state is EditionState.HELD and by_hand):
            latest = latest_at(newsletter, day, self.zone)
            if by_hand or now <= latest or newsletter.if_late == "send":
                self._prepare(newsletter, edition, before, now)
            else:
                state = EditionState.HELD if newsletter.if_late == "ask" else EditionState.SKIPPED
                self._settle(edition, state, f"late: it was to start by {latest:%H:%M}", now)
        return self.store.edition(newsletter.slug, day) or edition

    def draft(self, newsletter: NewsletterSettings, day: date) -> tuple[RenderedDigest, Digest]:
        """The digest of ``day`` as it stands now, without opening an edition. Raises TooFewArticlesError."""
        due = due_at(newsletter, day, self.zone)
        edition = self.store.edition(newsletter.slug, day)
        before = self.store.last_before(newsletter.slug, due)
        start, end = (edition.window_start, edition.window_end) if edition else (self._start(newsletter, due, before), due)
        articles = self._window(newsletter, day, start, end, before)
        if not articles:
            first, last = start.astimezone(self.zone), end.astimezone(self.zone)
            raise TooFewArticlesError(f"no article was published from {first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M %Z}.")
        return self._render(newsletter, day, articles)

    def refresh(self, newsletter: NewsletterSettings, edition: Edition, now: datetime) -> None:
        """Render again without what has been withdrawn since: checked before every delivery, also after a restart.

        Where nothing is left to tell, the readers who have not been mailed are skipped.
        """
        for kept in self.store.digests(edition.id):
            public = self.articles.articles(kept.articles)
            if len(public) == len(kept.articles):
                continue
            _log.warning("withdrawn before it was sent", edition=str(edition.date), articles=len(kept.articles) - len(public))
            if public:
                rendered, digest = self._render(newsletter, edition.date, public)
                self.store.replace_digest(edition.id, _kept(kept.choice, rendered, digest))
            else:
                self.store.skip_rest(edition.id, "every article in it was withdrawn", now)

    def _has_enough(self, newsletter: NewsletterSettings, day: date, due: datetime, before: Edition | None) -> bool:
        articles = self._window(newsletter, day, self._start(newsletter, due, before), due, before)
        return len(articles) >= newsletter.min_articles

    def _start(self, newsletter: NewsletterSettings, due: datetime, before: Edition | None) -> datetime:
        """Where the window begins: editions that were skipped, be they the first of all, leave their stories to this one."""
        if before is not None:
            return window_start(newsletter, due, self.zone, before.window_end)
        first = self.store.first_before(newsletter.slug, due)
        return window_start(newsletter, due, self.zone, first.window_start if first else None)

    def _prepare(self, newsletter: NewsletterSettings, edition: Edition, before: Edition | None, now: datetime) -> None:
        articles = self._window(newsletter, edition.date, edition.window_start, edition.window_end, before)
        if len(articles) < newsletter.min_articles:
            found = f"{len(articles)} articles, min_articles is {newsletter.min_articles}"
            self._settle(edition, EditionState.SKIPPED, found if articles else "no articles", now)
            return
        rendered, digest = self._render(newsletter, edition.date, articles)
        if self.store.plan(edition.id, [_kept(EVERYTHING, rendered, digest)], now):
            _log.info("edition planned", newsletter=newsletter.slug, edition=str(edition.date), articles=len(articles))

    def _settle(self, edition: Edition, state: EditionState, reason: str, now: datetime) -> None:
        self.store.settle(edition.id, state, reason, now)
        _log.info("edition not sent", newsletter=edition.newsletter, edition=str(edition.date), state=state.value, reason=reason)

    def _window(
        self, newsletter: NewsletterSettings, day: date, start: datetime, end: datetime, before: Edition | None
    ) -> list[Article]:
        """What the edition may tell: published in its window, or come in late for the last one, and in no other edition."""
        late_from = start - LATE_ARRIVALS
        entered_after = before.opened if before else None
        found = self.articles.window(start, end, late_from=late_from, entered_after=entered_after)
        carried = self.store.carried(newsletter.slug, late_from, besides=day)
        branches = {slug for section in newsletter.sections if section in self.sections for slug in self.sections.branch(section)}
        return [
            article
            for article in found
            if article.id not in carried
            and (not newsletter.sections or not branches.isdisjoint(article.sections))
            and not _forges_a_slot(article)
        ]

    def _render(self, newsletter: NewsletterSettings, day: date, articles: Sequence[Article]) -> tuple[RenderedDigest, Digest]:
        digest = compose(
            articles,
            newsletter=newsletter,
            date=day,
            sections=self.sections,
            reporters={reporter.slug: reporter for reporter in self.articles.reporters()},
            language=self.language,
        )
        web_url = self.links.view(newsletter.slug, day.isoformat(), EVERYTHING)
        return self.renderer.render(digest, newsletter, web_url=web_url), digest


def _forges_a_slot(article: Article) -> bool:
    """Whether a source wrote what stands for a reader's own links: filled in, it would hand the reader's token to a stranger."""
    revision = article.revision
    shown = repr(
        (article.url, article.series, revision.headline, revision.summary, revision.note, revision.credits, revision.images)
    )
    if not any(slot in text for slot in Slot for text in (shown, revision.body, html_text(revision.body))):
        return False
    _log.warning("left out: it holds a placeholder of our mails", article=article.id)
    return True


def _kept(choice: str, rendered: RenderedDigest, digest: Digest) -> KeptDigest:
    ids = tuple(story.article_id for story in digest.stories)
    return KeptDigest(
        choice=choice, subject=rendered.subject, html=rendered.html, web=rendered.web, text=rendered.text, articles=ids
    )
