"""From a due date to an edition that is ready to be delivered: what it tells, whom it goes to, and why it is not sent."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest

import newsroom.tables  # noqa: F401 (declares what create_all makes)
from newsletter.edition import Edition, EditionState, Tally
from newsletter.errors import RenderError
from newsletter.links import Links
from newsletter.planner import EVERYTHING, Planner, TooFewArticlesError
from newsletter.settings import NewsletterSettings
from newsletter.store import NewsletterStore
from newsroom.database import Database
from newsroom.model import Candidate, Key, Status
from newsroom.store import ArticleStore
from tests.newsletter.builders import BODY, DAY, DUE, MORNING, SEOUL, TREE, korean, renderer
from tests.newsletter.delivering import join, opened

MINUTE, HOUR, A_DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LINKS = Links(base="https://feeds.hangang.example", secret="secret")
DAILY = MORNING.model_copy(update={"days": frozenset(range(1, 8))})
"""Seven days a week, so that yesterday's edition is always the one before."""


@dataclass
class Newsroom:
    """A paper whose articles a test writes, and whose editions it plans."""

    articles: ArticleStore
    store: NewsletterStore
    planner: Planner

    def publish(
        self,
        key: str,
        published: datetime,
        *,
        entered: datetime | None = None,
        sections: tuple[str, ...] = ("society",),
        status: Status = Status.USABLE,
        embargo: datetime | None = None,
    ) -> str:
        """An article that became known when it was published, or later."""
        candidate = Candidate(
            source="site",
            id=f"tag:hangang.example,2025:{key}",
            keys=(Key("native", key),),
            url=f"https://hangang.example/{key}",
            published=published,
            headline=f"기사 {key}",
            body=BODY,
            summary="",
            content_hash=hashlib.sha256(key.encode()).hexdigest(),
            sections=sections,
            status=status,
            embargo=embargo,
        )
        self.articles.accept(candidate, entered or published)
        return candidate.id.rpartition(":")[2]

    def plan(self, day: date = DAY, newsletter: NewsletterSettings = DAILY, **how: Any) -> Edition:
        """The edition of a day, planned at seven sharp."""
        now = how.pop("now", DUE + (day - DAY))
        self.articles.release(now)
        return self.planner.plan(newsletter, day, now, **how)

    def told(self, day: date = DAY, newsletter: NewsletterSettings = DAILY) -> list[str]:
        """Keys of the articles in the edition of a day, in no order."""
        edition = self.store.edition(newsletter.slug, day)
        assert edition is not None
        return sorted(id_.rpartition(":")[2] for kept in self.store.digests(edition.id) for id_ in kept.articles)


@pytest.fixture
def paper(database: Database) -> Newsroom:
    articles, store = ArticleStore(database), NewsletterStore(database)
    return Newsroom(articles, store, Planner(articles, store, renderer(), TREE, korean(), LINKS, SEOUL))


# --- what it tells ---


def test_the_first_edition_reaches_back_to_the_previous_due_time(paper: Newsroom) -> None:
    """A new newsletter would begin with an empty mail, or with the whole archive."""
    for key, published in (("too old", DUE - A_DAY), ("old", DUE - A_DAY + MINUTE), ("new", DUE), ("too new", DUE + MINUTE)):
        paper.publish(key, published)
    edition = paper.plan()
    assert (edition.window_start, edition.window_end) == (DUE - A_DAY, DUE)
    assert paper.told() == ["new", "old"]


def test_the_first_edition_of_a_weekday_paper_reaches_back_over_the_weekend(paper: Newsroom) -> None:
    paper.publish("saturday", DUE - 2 * A_DAY + HOUR)
    assert paper.plan(newsletter=MORNING).window_start == DUE - 2 * A_DAY, "Monday's, after Saturday's"
    assert paper.told() == ["saturday"]


def test_each_edition_begins_where_the_last_one_sent_ended(paper: Newsroom) -> None:
    for day in range(3):
        paper.publish(f"day {day}", DUE + day * A_DAY - HOUR)
        edition = paper.plan(DAY + day * A_DAY)
        assert edition.window_end == DUE + day * A_DAY
        assert paper.told(DAY + day * A_DAY) == [f"day {day}"]
        paper.store.finish(edition.id, DUE)


def test_a_skipped_edition_leaves_its_stories_to_the_next(paper: Newsroom) -> None:
    """One story on a quiet Sunday would be in no mail at all."""
    three = DAILY.model_copy(update={"min_articles": 3})
    for key in "abc":
        paper.publish(key, DUE - HOUR)
    paper.plan(newsletter=three)
    paper.publish("quiet", DUE + HOUR)
    skipped = paper.plan(DAY + A_DAY, three)
    assert (skipped.state, skipped.reason) == (EditionState.SKIPPED, "1 articles, min_articles is 3")
    paper.publish("d", DUE + 25 * HOUR)
    paper.publish("e", DUE + 26 * HOUR)
    assert paper.plan(DAY + 2 * A_DAY, three).window_start == DUE
    assert paper.told(DAY + 2 * A_DAY) == ["d", "e", "quiet"]


def test_so_does_the_very_first_when_it_is_skipped(paper: Newsroom) -> None:
    two = DAILY.model_copy(update={"min_articles": 2})
    paper.publish("first", DUE - HOUR)
    assert paper.plan(newsletter=two).state is EditionState.SKIPPED
    paper.publish("second", DUE + HOUR)
    assert paper.plan(DAY + A_DAY, two).state is EditionState.SENDING
    assert paper.told(DAY + A_DAY) == ["first", "second"]


def test_an_edition_without_articles_is_recorded_and_mails_nobody(paper: Newsroom) -> None:
    join(paper.store, 3)
    edition = paper.plan()
    assert (edition.state, edition.reason) == (EditionState.SKIPPED, "no articles")
    assert paper.store.tally(edition.id) == Tally(planned=0, sent=0, skipped=0, failed=0, in_doubt=0)
    paper.publish("late", DUE - HOUR, entered=DUE + HOUR)
    assert paper.plan(now=DUE + 2 * HOUR) == edition, "it stays as it is"


def test_a_story_that_came_in_late_is_told_once(paper: Newsroom) -> None:
    """The desk files at 06:58, the site shows it at 07:03: it would fall between two editions."""
    paper.publish("in time", DUE - HOUR)
    paper.plan()
    paper.publish("late", DUE - 2 * MINUTE, entered=DUE + 3 * MINUTE)
    paper.publish("very late", DUE - 25 * HOUR, entered=DUE + 3 * MINUTE)
    paper.publish("next", DUE + HOUR)
    paper.plan(DAY + A_DAY)
    assert paper.told(DAY + A_DAY) == ["late", "next"]
    paper.publish("third", DUE + 25 * HOUR)
    paper.plan(DAY + 2 * A_DAY)
    assert paper.told(DAY + 2 * A_DAY) == ["third"]


def test_a_story_that_came_in_while_the_edition_was_made_is_told_once(paper: Newsroom) -> None:
    """Opened at 07:00, the program died and came back at 07:10: what came in between is in, and not again tomorrow."""
    paper.publish("in time", DUE - HOUR)
    opened(paper.store)
    paper.publish("between", DUE - MINUTE, entered=DUE + 5 * MINUTE)
    paper.plan(now=DUE + 10 * MINUTE)
    assert paper.told() == ["between", "in time"]
    paper.publish("next", DUE + HOUR)
    paper.plan(DAY + A_DAY)
    assert paper.told(DAY + A_DAY) == ["next"]


def test_an_embargoed_story_is_told_when_it_may_be(paper: Newsroom) -> None:
    paper.publish("free", DUE - HOUR)
    paper.publish("embargoed", DUE - HOUR, embargo=DUE + HOUR)
    paper.publish("withheld", DUE - HOUR, status=Status.WITHHELD)
    paper.plan()
    assert paper.told() == ["free"]
    paper.plan(DAY + A_DAY)
    assert paper.told(DAY + A_DAY) == ["embargoed"]


def test_no_order_of_sending_tells_a_story_twice(paper: Newsroom) -> None:
    """Monday's edition failed and is made on Tuesday, after Tuesday's took its stories in."""
    opened(paper.store)
    paper.publish("monday", DUE - HOUR)
    paper.publish("tuesday", DUE + HOUR)
    paper.plan(DAY + A_DAY)
    assert paper.told(DAY + A_DAY) == ["monday", "tuesday"]
    monday = paper.plan(now=DUE + A_DAY)
    assert (monday.state, monday.reason) == (EditionState.SKIPPED, "no articles")


def test_a_newsletter_of_some_sections_gathers_those_and_what_is_below(paper: Newsroom) -> None:
    it = NewsletterSettings(slug="it", title="IT", sections=("it",), days=frozenset(range(1, 8)))
    paper.publish("it", DUE - HOUR, sections=("it",))
    paper.publish("game", DUE - HOUR, sections=("game",))
    paper.publish("both", DUE - HOUR, sections=("society", "game"))
    paper.publish("society", DUE - HOUR, sections=("society",))
    paper.plan(newsletter=it)
    assert paper.told(newsletter=it) == ["both", "game", "it"]
    paper.plan(newsletter=DAILY)
    assert len(paper.told()) == 4, "another newsletter tells them all the same"


def test_the_year_ends_without_a_gap(paper: Newsroom) -> None:
    new_years_eve = date(2026, 12, 31)
    for day in range(3):
        due = datetime(2026, 12, 31, 7, tzinfo=SEOUL) + day * A_DAY
        paper.publish(f"day {day}", due - MINUTE)
        paper.publish(f"day {day} after", due + MINUTE)
        paper.plan(new_years_eve + day * A_DAY)
    assert paper.told(date(2027, 1, 1)) == ["day 0 after", "day 1"]
    assert paper.told(date(2027, 1, 2)) == ["day 1 after", "day 2"]


# --- late ---


@pytest.mark.parametrize(
    ("if_late", "state", "reason"),
    [
        ("send", EditionState.SENDING, ""),
        ("merge", EditionState.SKIPPED, "late: it was to start by 09:00"),
        ("ask", EditionState.HELD, "late: it was to start by 09:00"),
    ],
)
def test_after_latest_an_edition_does_what_if_late_says(paper: Newsroom, if_late: str, state: EditionState, reason: str) -> None:
    """Breakfast news in the evening, unasked."""
    late = NewsletterSettings.model_validate({**DAILY.model_dump(), "latest": "09:00", "if_late": if_late})
    paper.publish("story", DUE - HOUR)
    in_time = paper.plan(DAY - A_DAY, late, now=DUE - A_DAY + 2 * HOUR)
    assert in_time.state is EditionState.SKIPPED, "no articles then"
    found = paper.plan(newsletter=late, now=DUE + 2 * HOUR + timedelta(seconds=1))
    assert (found.state, found.reason) == (state, reason)


def test_at_latest_it_is_not_late_yet(paper: Newsroom) -> None:
    merge = NewsletterSettings.model_validate({**DAILY.model_dump(), "latest": "09:00", "if_late": "merge"})
    paper.publish("story", DUE - HOUR)
    assert paper.plan(newsletter=merge, now=DUE + 2 * HOUR).state is EditionState.SENDING


def test_without_latest_an_edition_is_late_when_its_day_is_over(paper: Newsroom) -> None:
    merge = NewsletterSettings.model_validate({**DAILY.model_dump(), "if_late": "merge"})
    paper.publish("story", DUE - HOUR)
    assert paper.plan(newsletter=merge, now=DUE + 17 * HOUR + MINUTE).state is EditionState.SKIPPED


def test_the_stories_of_a_merged_edition_are_in_the_next(paper: Newsroom) -> None:
    merge = NewsletterSettings.model_validate({**DAILY.model_dump(), "latest": "09:00", "if_late": "merge"})
    paper.publish("monday", DUE - HOUR)
    paper.plan(newsletter=merge, now=DUE + 5 * HOUR)
    paper.publish("tuesday", DUE + HOUR)
    paper.plan(DAY + A_DAY, merge)
    assert paper.told(DAY + A_DAY) == ["monday", "tuesday"]


def test_by_hand_an_edition_is_never_late_and_a_held_one_goes_out(paper: Newsroom) -> None:
    ask = NewsletterSettings.model_validate({**DAILY.model_dump(), "latest": "09:00", "if_late": "ask"})
    paper.publish("story", DUE - HOUR)
    assert paper.plan(newsletter=ask, now=DUE + 5 * HOUR).state is EditionState.HELD
    assert paper.plan(newsletter=ask, now=DUE + 6 * HOUR).state is EditionState.HELD, "the clock does not decide it"
    assert paper.plan(newsletter=ask, now=DUE + 300 * A_DAY, by_hand=True).state is EditionState.SENDING
    assert paper.told() == ["story"]


def test_a_merged_edition_stays_merged_even_by_hand(paper: Newsroom) -> None:
    """Its stories are the next one's now: they would be told twice."""
    merge = NewsletterSettings.model_validate({**DAILY.model_dump(), "latest": "09:00", "if_late": "merge"})
    paper.publish("story", DUE - HOUR)
    paper.plan(newsletter=merge, now=DUE + 5 * HOUR)
    assert paper.plan(newsletter=merge, now=DUE + 6 * HOUR, by_hand=True).state is EditionState.SKIPPED


def test_sending_too_early_does_not_use_the_edition_up(paper: Newsroom) -> None:
    """An editor who tries at six, before the news is in, would leave everybody without a mail at seven."""
    with pytest.raises(TooFewArticlesError):
        paper.plan(now=DUE - HOUR, by_hand=True)
    paper.publish("story", DUE - HOUR / 2)
    assert paper.plan(now=DUE).state is EditionState.SENDING


# --- once ---


def test_an_edition_is_planned_once_whoever_wants_it(paper: Newsroom) -> None:
    """The clock rings, the program restarts, an editor presses send: everybody would get three mails."""
    join(paper.store, 5)
    paper.publish("story", DUE - HOUR)
    with ThreadPoolExecutor(3) as machines:
        found = list(machines.map(lambda _machine: paper.plan(by_hand=True), range(3)))
    assert len({edition.id for edition in found}) == 1
    assert paper.store.tally(found[0].id).planned == 5
    assert paper.plan(now=DUE + HOUR).state is EditionState.SENDING
    assert paper.store.tally(found[0].id).planned == 5


def test_an_edition_is_planned_after_a_crash_between_opening_and_planning(paper: Newsroom) -> None:
    """It would stand there open for ever, and nobody gets a mail."""
    join(paper.store, 2)
    paper.publish("story", DUE - HOUR)
    before = opened(paper.store)
    edition = paper.plan(now=DUE + MINUTE)
    assert (edition.id, edition.state, edition.opened) == (before.id, EditionState.SENDING, before.opened)
    assert paper.store.tally(edition.id).planned == 2


def test_what_cannot_be_rendered_stays_open_and_is_tried_again(paper: Newsroom) -> None:
    """A template broken at seven and mended at eight."""
    paper.publish("story", DUE - HOUR)
    broken = DAILY.model_copy(update={"subject": "{{ digest.nothing }}"})
    with pytest.raises(RenderError):
        paper.plan(newsletter=broken)
    found = paper.store.edition("morning", DAY)
    assert found is not None
    assert found.state is EditionState.OPEN
    assert paper.plan(now=DUE + HOUR).state is EditionState.SENDING


# --- before it is sent ---


def test_a_withdrawn_story_is_taken_out_before_the_next_mail(paper: Newsroom) -> None:
    """A story killed at 07:05 would go out to the half of the readers that is left."""
    join(paper.store, 2)
    keys = ("kept", "killed")
    for key in keys:
        paper.publish(key, DUE - HOUR)
    edition = paper.plan()
    before = paper.store.digests(edition.id)
    paper.planner.refresh(DAILY, edition, DUE)
    assert paper.store.digests(edition.id) == before, "nothing was withdrawn: the same bytes for all"
    paper.publish("killed", DUE - HOUR, entered=DUE + MINUTE, status=Status.CANCELLED)
    paper.planner.refresh(DAILY, edition, DUE + MINUTE)
    (kept,) = paper.store.digests(edition.id)
    assert paper.told() == ["kept"]
    for text in (kept.html, kept.text, kept.web, kept.subject):
        assert "기사 killed" not in text
    assert paper.store.tally(edition.id).planned == 2


def test_where_every_story_was_withdrawn_nobody_more_is_mailed(paper: Newsroom) -> None:
    """A digest of nothing."""
    join(paper.store, 2)
    paper.publish("killed", DUE - HOUR)
    edition = paper.plan()
    paper.publish("killed", DUE - HOUR, entered=DUE + MINUTE, status=Status.CANCELLED)
    paper.planner.refresh(DAILY, edition, DUE + MINUTE)
    assert paper.store.tally(edition.id) == Tally(planned=2, sent=0, skipped=2, failed=0, in_doubt=0)
    assert paper.store.reasons(edition.id) == [("skipped", "every article in it was withdrawn", 2)]
    assert paper.store.finish(edition.id, DUE)


# --- a look at it ---


def test_a_draft_opens_nothing(paper: Newsroom) -> None:
    paper.publish("story", DUE - HOUR)
    _rendered, digest = paper.planner.draft(DAILY, DAY)
    assert [story.headline for story in digest.stories] == ["기사 story"]
    assert paper.store.edition("morning", DAY) is None


def test_a_draft_of_an_edition_that_went_out_shows_what_it_told(paper: Newsroom) -> None:
    """`masthead preview` of this morning is asked for most when something was wrong with it."""
    paper.publish("story", DUE - HOUR)
    paper.plan()
    paper.publish("next", DUE + HOUR)
    paper.plan(DAY + A_DAY)
    _rendered, digest = paper.planner.draft(DAILY, DAY)
    assert [story.headline for story in digest.stories] == ["기사 story"]


def test_a_draft_of_nothing_says_of_which_time(paper: Newsroom) -> None:
    with pytest.raises(TooFewArticlesError, match=r"from 2026-03-01 07:00 to 2026-03-02 07:00 KST"):
        paper.planner.draft(DAILY, DAY)


def test_the_page_of_an_edition_is_linked(paper: Newsroom) -> None:
    paper.publish("story", DUE - HOUR)
    edition = paper.plan()
    (kept,) = paper.store.digests(edition.id)
    assert kept.choice == EVERYTHING
    assert LINKS.view("morning", "2026-03-02", EVERYTHING) in kept.text
