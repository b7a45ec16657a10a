"""Cron lines mean what crontab(5) says, in the paper's zone, on every day of the year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from masthead.cron import Cron

SEOUL, NEW_YORK, LONDON = ZoneInfo("Asia/Seoul"), ZoneInfo("America/New_York"), ZoneInfo("Europe/London")
MINUTE = timedelta(minutes=1)


def due(line: str, zone: ZoneInfo, start: date, end: date) -> Iterator[datetime]:
    """Everything due from the beginning of ``start`` to that of ``end``, in the zone's time."""
    cron = Cron(line, zone)
    first, last = (datetime.combine(day, time(), zone) for day in (start, end))
    moment = cron.after(first - MINUTE / 60)
    while moment < last:
        yield moment.astimezone(zone)
        moment = cron.after(moment)


@pytest.mark.parametrize(
    ("field", "days"),
    [("0", [1, 8]), ("7", [1, 8]), ("1", [2, 9]), ("sun", [1, 8]), ("mon-wed", [2, 3, 4, 9, 10]), ("6,0", [1, 7, 8])],
)
def test_weekdays_are_numbered_from_sunday(field: str, days: list[int]) -> None:
    """A source for Mondays would be pulled on Tuesdays: APScheduler's own numbers begin on Monday."""
    found = due(f"0 9 * * {field}", SEOUL, date(2026, 3, 1), date(2026, 3, 11))  # the first is a Sunday
    assert [moment.day for moment in found] == days


def test_the_two_day_fields_are_alternatives() -> None:
    """ "On the 13th and on Fridays" would run only when the 13th is a Friday."""
    found = [moment.day for moment in due("0 9 13 * fri", SEOUL, date(2026, 4, 1), date(2026, 5, 1))]
    assert found == [3, 10, 13, 17, 24]


@pytest.mark.parametrize("zone", [NEW_YORK, LONDON, SEOUL, ZoneInfo("Australia/Lord_Howe"), ZoneInfo("America/Santiago")])
@pytest.mark.parametrize("at", ["00:00", "00:30", "01:00", "01:30", "01:45", "02:00", "02:30", "03:00", "07:00", "23:30"])
def test_a_daily_time_is_due_exactly_once_a_day(zone: ZoneInfo, at: str) -> None:
    """Twice a year an edition would be missing, or mailed twice."""
    hour, minute = at.split(":")
    start, end = date(2020, 1, 1), date(2027, 1, 1)
    found = list(due(f"{int(minute)} {int(hour)} * * *", zone, start, end))
    assert Counter(moment.date() for moment in found) == Counter(start + timedelta(days=day) for day in range((end - start).days))


def test_a_skipped_time_is_the_moment_the_clocks_jump() -> None:
    """02:30 in New York, on the night without one."""
    found = list(due("30 2 * * *", NEW_YORK, date(2026, 3, 7), date(2026, 3, 10)))
    assert [f"{moment:%d %H:%M %Z}" for moment in found] == ["07 02:30 EST", "08 03:00 EDT", "09 02:30 EDT"]


def test_a_repeated_time_is_due_the_first_time() -> None:
    """01:30 in New York, on the night with two of them."""
    found = list(due("30 1 * * *", NEW_YORK, date(2026, 10, 31), date(2026, 11, 3)))
    assert [f"{moment:%d %H:%M %Z}" for moment in found] == ["31 01:30 EDT", "01 01:30 EDT", "02 01:30 EST"]


def test_a_line_with_a_star_goes_on_through_a_repeated_hour() -> None:
    """A paper would be pulled by nobody for an hour, once a year."""
    found = list(due("*/30 * * * *", NEW_YORK, date(2026, 11, 1), date(2026, 11, 2)))
    assert [f"{moment:%H:%M %Z}" for moment in found[:7]] == [
        "00:00 EDT", "00:30 EDT", "01:00 EDT", "01:30 EDT", "01:00 EST", "01:30 EST", "02:00 EST",
    ]  # fmt: skip
    assert len(found) == 50


def test_what_is_due_after_a_moment_is_never_before_it() -> None:
    """In the second 01:00 hour the next 01:30 would lie in the first: the clock would fire without end."""
    cron = Cron("30 1 * * *", NEW_YORK)
    moment = datetime(2026, 11, 1, 1, 5, fold=1, tzinfo=NEW_YORK)
    assert cron.after(moment) == datetime(2026, 11, 2, 1, 30, tzinfo=NEW_YORK)
    assert cron.last(moment) == datetime(2026, 11, 1, 1, 30, tzinfo=NEW_YORK).astimezone(UTC)  # PEP 495: equal only in one zone


def test_the_moment_itself_was_due_and_is_not_due_next() -> None:
    """A run would be done twice, or be skipped."""
    cron, seven = Cron("0 7 * * *", SEOUL), datetime(2026, 3, 2, 7, tzinfo=SEOUL)
    assert cron.last(seven) == seven
    assert cron.last(seven - timedelta(microseconds=1)) == seven - timedelta(days=1)
    assert cron.after(seven) == seven + timedelta(days=1)
    assert cron.after(seven - timedelta(microseconds=1)) == seven


FIELDS = st.tuples(
    st.sampled_from(["*", "*/10", "0", "30", "5,35"]),
    st.sampled_from(["*", "*/2", "0", "1", "2", "0-3", "23"]),
    st.sampled_from(["*", "1", "8,29"]),
    st.just("*"),
    st.sampled_from(["*", "0", "sun", "mon-fri"]),
)
ZONES = st.sampled_from(["America/New_York", "Europe/London", "Australia/Lord_Howe", "America/Havana", "Asia/Seoul"])
CHANGES = [datetime(2026, 3, 8, 7), datetime(2026, 11, 1, 6), datetime(2026, 3, 29, 1), datetime(2026, 10, 25, 1)]
MOMENTS = st.builds(
    lambda change, minutes, seconds: change.replace(tzinfo=UTC) + timedelta(minutes=minutes, seconds=seconds),
    st.sampled_from([*CHANGES, datetime(2026, 4, 4, 15), datetime(2026, 10, 3, 16)]),
    st.integers(-300, 300),
    st.integers(0, 59),
)


@given(FIELDS, ZONES, MOMENTS)
def test_after_and_last_agree_with_a_look_at_every_minute(fields: tuple[str, ...], zone_name: str, moment: datetime) -> None:
    """Around a change of the clocks a run would be lost, doubled, or be done at another time."""
    line, zone = " ".join(fields), ZoneInfo(zone_name)
    cron = Cron(line, zone)
    hours = timedelta(hours=8)
    found = [minute for minute in _minutes(moment - hours, moment + hours) if _is_due(line, zone, minute)]
    following, newest = cron.after(moment), cron.last(moment)
    assert [minute for minute in found if minute > moment][:1] == [following] * (following < moment + hours)
    assert [minute for minute in found if minute <= moment][-1:] == [newest] * (newest >= moment - hours)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("0 7 * *", "it has five fields"),
        ("0 0 7 * * *", "it has five fields"),
        ("60 * * * *", "its minute is wrong"),
        ("0 24 * * *", "its hour is wrong"),
        ("0 7 * * 8", "its day-of-week is wrong"),
        ("0 7 * foo *", "its month is wrong"),
        ("0 0 31 2 *", "its day-of-month is wrong"),
        ("0 0 30 2 */2", "its day-of-month is wrong"),
    ],
)
def test_what_is_no_cron_line_is_refused_with_the_field(line: str, reason: str) -> None:
    """The schedule would be empty, or the program would end with somebody else's words."""
    with pytest.raises(ValueError, match=reason):
        Cron(line, SEOUL)


def _minutes(start: datetime, end: datetime) -> Iterator[datetime]:
    minute = start.replace(second=0) + (MINUTE if start.second else MINUTE * 0)
    while minute < end:
        yield minute
        minute += MINUTE


def _is_due(line: str, zone: ZoneInfo, minute: datetime) -> bool:
    """Straight from cron(8): a line with a star follows the wall clock; another one runs once, a skipped time at the jump."""
    local, before = minute.astimezone(zone), (minute - MINUTE).astimezone(zone)
    if line.startswith("*") or line.split()[1].startswith("*"):
        return _names(line, local)
    shown = before.replace(tzinfo=None)
    while (shown := shown + MINUTE) < local.replace(tzinfo=None):
        if _names(line, shown):
            return True
    return local.fold == 0 and _names(line, local)


def _names(line: str, wall: datetime) -> bool:
    minute, hour, day, _, weekday = line.split()
    right_day, right_weekday = _in(day, wall.day), _in(weekday, wall.isoweekday() % 7)
    either = (
        (right_day or right_weekday) if not (day.startswith("*") or weekday.startswith("*")) else (right_day and right_weekday)
    )
    return _in(minute, wall.minute) and _in(hour, wall.hour) and either


def _in(field: str, value: int) -> bool:
    if field.startswith("*"):
        return value % int(field.partition("/")[2] or 1) == 0
    spans = [part.replace("sun", "0").replace("mon-fri", "1-5").partition("-") for part in field.split(",")]
    return any(int(first) <= value <= int(last or first) for first, _, last in spans)
