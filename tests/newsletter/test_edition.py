"""When an edition is due, which stretch of time it covers, and when it is late."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.edition import Tally, due_at, is_publication_day, last_due, latest_at, next_due, window_start
from newsletter.settings import NewsletterSettings

SEOUL, NEW_YORK, HAVANA = ZoneInfo("Asia/Seoul"), ZoneInfo("America/New_York"), ZoneInfo("America/Havana")
MONDAY = date(2026, 3, 2)


def newsletter(send: time = time(7), days: str = "mon-sat", latest: time | None = None) -> NewsletterSettings:
    return NewsletterSettings.model_validate({"slug": "m", "title": "m", "send": send, "days": days, "latest": latest})


def test_an_edition_is_due_at_its_time_in_the_papers_zone() -> None:
    assert due_at(newsletter(), MONDAY, SEOUL).isoformat() == "2026-03-02T07:00:00+09:00"


@pytest.mark.parametrize(
    ("zone", "day", "send", "due"),
    [
        (NEW_YORK, date(2026, 3, 8), time(2, 0), "2026-03-08T03:00:00-04:00"),
        (NEW_YORK, date(2026, 3, 8), time(2, 30), "2026-03-08T03:00:00-04:00"),
        (NEW_YORK, date(2026, 3, 8), time(3, 0), "2026-03-08T03:00:00-04:00"),
        (HAVANA, date(2026, 3, 8), time(0, 0), "2026-03-08T01:00:00-04:00"),
        (HAVANA, date(2026, 3, 8), time(0, 30), "2026-03-08T01:00:00-04:00"),
        (ZoneInfo("Australia/Lord_Howe"), date(2026, 10, 4), time(2, 15), "2026-10-04T02:30:00+11:00"),
        (ZoneInfo("Pacific/Apia"), date(2011, 12, 30), time(7), "2011-12-31T00:00:00+14:00"),
    ],
)
def test_a_time_that_the_clocks_skip_is_the_moment_they_jump(zone: ZoneInfo, day: date, send: time, due: str) -> None:
    """The scheduler rings when the clocks jump: an edition due half an hour later would be looked for too early, and missed."""
    assert due_at(newsletter(send), day, zone).isoformat() == due


def test_a_time_that_the_clocks_repeat_is_the_first() -> None:
    """A reader in New York would get the Sunday edition twice, or an hour late."""
    due = due_at(newsletter(time(1, 30), "daily"), date(2026, 11, 1), NEW_YORK)
    assert due.isoformat() == "2026-11-01T01:30:00-04:00"
    an_hour_later = due.astimezone(UTC) + timedelta(hours=1)
    assert last_due(newsletter(time(1, 30), "daily"), an_hour_later, NEW_YORK)[0] == date(2026, 11, 1)
    assert next_due(newsletter(time(1, 30), "daily"), an_hour_later, NEW_YORK)[0] == date(2026, 11, 2)


@pytest.mark.parametrize(("zone", "send"), [(NEW_YORK, time(2, 30)), (NEW_YORK, time(0)), (SEOUL, time(0)), (HAVANA, time(0))])
def test_every_day_of_a_year_has_one_edition_whatever_the_clocks_do(zone: ZoneInfo, send: time) -> None:
    daily = newsletter(send, "daily")
    moment, days = datetime(2026, 1, 1, 12, tzinfo=zone).astimezone(UTC), []
    for _ in range(365):
        day, due = next_due(daily, moment, zone)
        assert last_due(daily, due, zone)[0] == day, "due at its own moment"
        days.append(day)
        moment = due.astimezone(UTC)
    assert days == [date(2026, 1, 2) + timedelta(days=passed) for passed in range(365)]


def test_the_day_begins_at_midnight_in_seoul() -> None:
    """At 23:59 in Seoul it is 14:59 in UTC: counted there, the midnight edition would carry the wrong date."""
    midnight = newsletter(time(0), "daily")
    before = datetime(2026, 3, 1, 14, 59, tzinfo=UTC)
    assert last_due(midnight, before, SEOUL)[0] == date(2026, 3, 1)
    assert last_due(midnight, before + timedelta(minutes=1), SEOUL)[0] == date(2026, 3, 2)


@pytest.mark.parametrize(
    ("days", "published"),
    [("mon-sat", "0111111"), ("sat-mon", "1100001"), ("mon,wed,fri", "0101010"), ("daily", "1111111"), ("sun", "1000000")],
)
def test_it_appears_on_the_days_it_says(days: str, published: str) -> None:
    week = [date(2026, 3, 1) + timedelta(days=passed) for passed in range(7)]  # from a Sunday
    assert "".join(str(int(is_publication_day(newsletter(days=days), day))) for day in week) == published


def test_the_newest_due_before_a_monday_edition_of_a_weekday_paper_is_saturdays() -> None:
    """The weekend's news would be in no mail."""
    early = datetime(2026, 3, 2, 6, 59, tzinfo=SEOUL)
    assert last_due(newsletter(), early, SEOUL) == (date(2026, 2, 28), datetime(2026, 2, 28, 7, tzinfo=SEOUL))
    assert last_due(newsletter(), early + timedelta(minutes=1), SEOUL)[0] == MONDAY
    assert next_due(newsletter(), early + timedelta(minutes=1), SEOUL)[0] == date(2026, 3, 3)


def test_the_year_ends_without_a_gap() -> None:
    weekly = newsletter(days="thu")
    assert next_due(weekly, datetime(2026, 12, 31, 7, tzinfo=SEOUL), SEOUL)[0] == date(2027, 1, 7)
    assert last_due(weekly, datetime(2027, 1, 1, tzinfo=SEOUL), SEOUL)[0] == date(2026, 12, 31)


def test_an_edition_is_late_after_latest_or_when_its_day_is_over() -> None:
    """Monday's digest must not arrive on Tuesday unasked."""
    assert latest_at(newsletter(latest=time(9)), MONDAY, SEOUL) == datetime(2026, 3, 2, 9, tzinfo=SEOUL)
    assert latest_at(newsletter(), MONDAY, SEOUL) == datetime(2026, 3, 3, tzinfo=SEOUL)
    assert latest_at(newsletter(), date(2026, 12, 31), SEOUL) == datetime(2027, 1, 1, tzinfo=SEOUL)


def test_a_window_begins_where_the_stories_told_ended_else_at_the_previous_due_time() -> None:
    due = datetime(2026, 3, 2, 7, tzinfo=SEOUL)
    told = datetime(2026, 2, 27, 7, tzinfo=SEOUL)
    assert window_start(newsletter(), due, SEOUL, told) == told
    assert window_start(newsletter(), due, SEOUL, None) == datetime(2026, 2, 28, 7, tzinfo=SEOUL)


@given(counts=st.lists(st.integers(0, 10_000), min_size=5, max_size=5))
def test_the_accounts_add_up_only_when_nothing_is_left(counts: list[int]) -> None:
    sent, skipped, failed, in_doubt, left = counts
    tally = Tally(planned=sum(counts), sent=sent, skipped=skipped, failed=failed, in_doubt=in_doubt)
    assert (tally.open, tally.adds_up) == (left, left == 0)
