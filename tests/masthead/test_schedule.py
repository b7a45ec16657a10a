"""The clock proposes each due moment once, late rather than never, and nothing that a job does stops it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import structlog
import time_machine
from apscheduler.executors.debug import DebugExecutor
from apscheduler.schedulers.base import BaseScheduler
from hypothesis import given
from hypothesis import strategies as st

from masthead.cron import Cron
from masthead.schedule import Clock, Every, Task, parse_times
from newsroom.errors import NewsroomError

SEOUL = ZoneInfo("Asia/Seoul")
NOON = datetime(2026, 3, 2, 12, tzinfo=SEOUL)
MINUTE = timedelta(minutes=1)


class ByHand(BaseScheduler):  # type: ignore[misc]  # APScheduler carries no types
    """APScheduler without a thread: it looks for what is due when the test says so, and works in the test's own thread."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options | {"executors": {"default": DebugExecutor()}})

    def wakeup(self) -> None:
        """Nobody sleeps."""

    def shutdown(self, wait: bool = True) -> None:
        super().shutdown(wait)


class Turned:
    """A clock, and the time it thinks it is."""

    def __init__(self, traveller: time_machine.Traveller) -> None:
        self.clock = Clock(self._made)
        self._traveller = traveller

    def _made(self, **options: Any) -> ByHand:
        self._scheduler = ByHand(**options)
        return self._scheduler

    def to(self, moment: datetime) -> None:
        """Let it be this moment, and let the clock look once."""
        self._traveller.move_to(moment, tick=False)
        self._scheduler._process_jobs()

    def through(self, start: datetime, end: datetime, step: timedelta) -> None:
        """Let time pass, the clock looking at every step."""
        while start <= end:
            self.to(start)
            start += step


@pytest.fixture
def turned() -> Iterator[Turned]:
    """A clock turned by hand; it is noon in Seoul."""
    with time_machine.travel(NOON, tick=False) as traveller:
        made = Turned(traveller)
        made.clock.start()
        yield made
        made.clock.stop()


def seoul(moments: list[datetime]) -> list[str]:
    return [f"{moment.astimezone(SEOUL):%d %H:%M}" for moment in moments]


# --- when ---


@given(
    st.timedeltas(timedelta(seconds=1), timedelta(days=40)).map(lambda span: timedelta(seconds=int(span.total_seconds()))),
    st.datetimes(
        datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.sampled_from([UTC, SEOUL, ZoneInfo("America/New_York")])
    ),
)
def test_two_machines_agree_on_every_interval(span: timedelta, moment: datetime) -> None:
    """Two machines would pull a source twice: their due moments must depend on nothing but the span."""
    every = Every(span)
    last, following = every.last(moment), every.after(moment)
    assert last <= moment < following == last + span
    assert every.last(following - timedelta(microseconds=1)) == last
    assert every.last(last) == last


def test_times_are_read_from_the_configuration() -> None:
    """``every`` would mean something else than what it says."""
    assert parse_times("90s", SEOUL) == Every(timedelta(seconds=90))
    assert parse_times(" */10  6-23 * *  mon-sat ", SEOUL) == Cron("*/10 6-23 * * mon-sat", SEOUL)
    for text in ("", "5 parsecs", "@daily", "0m", "5", "0 7 * *", "0 0 7 * * *", "0 7 * * foo"):
        with pytest.raises(ValueError, match=r"write a time span|no cron line"):
            parse_times(text, SEOUL)


def test_jitter_delays_the_start_and_never_the_due_moment(turned: Turned) -> None:
    """Two hundred sources would start in one second; or one due at 23:59:50 would be booked on the next day."""
    done: list[datetime] = []
    task = Task("pull it", Every(5 * MINUTE), done.append, jitter=timedelta(seconds=30))
    assert timedelta(0) < task.delay < timedelta(seconds=30)
    assert task.delay == Task("pull it", Every(5 * MINUTE), done.append, jitter=timedelta(seconds=30)).delay
    assert len({Task(f"pull {n}", Every(MINUTE), done.append, jitter=timedelta(seconds=30)).delay for n in range(50)}) == 50
    turned.clock.replace([task])
    turned.to(NOON)
    turned.to(NOON + task.delay)
    turned.to(NOON + 5 * MINUTE)
    assert done == [NOON - 5 * MINUTE, NOON]
    turned.to(NOON + 5 * MINUTE + task.delay)
    assert done == [NOON - 5 * MINUTE, NOON, NOON + 5 * MINUTE]


# --- how often ---


def test_each_due_moment_is_proposed_once(turned: Turned) -> None:
    """An interval would drift, or run twice."""
    done: list[datetime] = []
    turned.clock.replace([Task("pull it", Every(5 * MINUTE), done.append)])
    turned.through(NOON, NOON + 21 * MINUTE, timedelta(seconds=20))
    assert seoul(done) == ["02 12:00", "02 12:05", "02 12:10", "02 12:15", "02 12:20"]


def test_a_cron_line_fires_on_its_weekdays(turned: Turned) -> None:
    """Monday's source would be pulled on Tuesday."""
    done: list[datetime] = []
    turned.clock.replace([Task("pull it", Cron("30 6 * * mon,wed", SEOUL), done.append)])
    turned.through(NOON, NOON + timedelta(days=9), timedelta(minutes=30))
    assert seoul(done) == ["02 06:30", "04 06:30", "09 06:30", "11 06:30"]  # the second of March is a Monday


def test_a_task_is_proposed_at_once_with_what_was_last_due(turned: Turned) -> None:
    """After a night switched off, a paper would wait for its next hour to be pulled."""
    done: list[datetime] = []
    turned.clock.replace([Task("pull it", Cron("0 6 * * *", SEOUL), done.append)])
    turned.to(NOON)
    turned.to(NOON + MINUTE)
    assert seoul(done) == ["02 06:00"]


def test_what_was_missed_in_sleep_is_made_up_for_once(turned: Turned) -> None:
    """A laptop woken after a weekend would pull each source six hundred times, or not until the next interval."""
    done: list[datetime] = []
    turned.clock.replace([Task("pull it", Every(5 * MINUTE), done.append)])
    turned.to(NOON)
    turned.to(NOON + timedelta(days=2, minutes=7))
    turned.to(NOON + timedelta(days=2, minutes=8))
    assert seoul(done) == ["02 12:00", "04 12:05"]


def test_across_a_change_of_the_clocks_a_daily_task_runs_daily(turned: Turned) -> None:
    """Twice a year New York's paper would go without its morning, or get it twice."""
    done: list[datetime] = []
    new_york = ZoneInfo("America/New_York")
    turned.clock.replace([Task("half past one", Cron("30 1 * * *", new_york), done.append)])
    start = datetime(2026, 10, 30, 12, tzinfo=new_york).astimezone(UTC)
    turned.through(start, start + timedelta(days=4), timedelta(minutes=15))
    assert [f"{moment.astimezone(new_york):%d %H:%M %Z}" for moment in done] == [
        "30 01:30 EDT", "31 01:30 EDT", "01 01:30 EDT", "02 01:30 EST", "03 01:30 EST",
    ]  # fmt: skip


# --- whatever happens ---


def raising(error: BaseException) -> Callable[[datetime], None]:
    def work(_due: datetime) -> None:
        raise error

    return work


def test_a_job_that_fails_stops_neither_the_clock_nor_itself(turned: Turned) -> None:
    """One broken source would silence all others until somebody restarts the program."""
    done: list[datetime] = []
    tries: list[datetime] = []

    def fails(due: datetime) -> None:
        tries.append(due)
        raise ZeroDivisionError

    with structlog.testing.capture_logs() as logs:
        turned.clock.replace(
            [
                Task("broken", Every(MINUTE), fails),
                Task("refused", Every(MINUTE), raising(NewsroomError("the server says no."))),
                Task("good", Every(MINUTE), done.append),
            ]
        )
        turned.through(NOON, NOON + 2 * MINUTE, MINUTE)
    assert len(done) == len(tries) == 3
    assert [log["reason"] for log in logs if log["job"] == "refused"] == ["the server says no."] * 3
    assert all(log["exc_info"] for log in logs if log["job"] == "broken")
    assert {log["log_level"] for log in logs} == {"error"}


def test_replaced_tasks_take_effect_at_once(turned: Turned) -> None:
    """A source taken out of the configuration would still be pulled; a changed interval would wait for a restart."""
    gone: list[datetime] = []
    changed: list[datetime] = []
    turned.clock.replace([Task("gone", Every(MINUTE), gone.append), Task("changed", Every(timedelta(hours=1)), changed.append)])
    turned.to(NOON)
    turned.clock.replace([Task("changed", Every(10 * MINUTE), changed.append)])
    turned.through(NOON + MINUTE, NOON + 21 * MINUTE, MINUTE)
    assert len(gone) == 1
    assert seoul(changed) == ["02 12:00", "02 12:00", "02 12:10", "02 12:20"]  # the second is the new task's proposal


def test_one_task_never_runs_twice_at_a_time() -> None:
    """A slow site would be pulled by more and more threads at once."""
    begun, go_on, running, most = threading.Semaphore(0), threading.Event(), [0], [0]

    def slow(_due: datetime) -> None:
        running[0] += 1
        most[0] = max(most[0], running[0])
        begun.release()
        go_on.wait(10)
        running[0] -= 1

    clock = Clock()
    clock.replace([Task("slow", Every(timedelta(seconds=1)), slow)])
    clock.start()
    assert begun.acquire(timeout=10)
    assert not begun.acquire(timeout=2.5)
    go_on.set()
    assert begun.acquire(timeout=10), "the clock has stopped proposing the task"
    clock.stop()
    assert most[0] == 1


def test_stopping_waits_for_what_runs_and_begins_nothing_new() -> None:
    """A restart would cut a pull in half, or take as long as everything that happened to be waiting."""
    begun, go_on, ended = threading.Event(), threading.Event(), []

    def slow(_due: datetime) -> None:
        begun.set()
        go_on.wait(10)
        ended.append("slow")

    clock = Clock()
    names = [f"task {number}" for number in range(40)]  # more than there are threads
    clock.replace([Task(name, Every(timedelta(hours=1)), slow) for name in names])
    clock.start()
    assert begun.wait(10)
    threading.Timer(0.3, go_on.set).start()
    clock.stop()
    assert 0 < len(ended) < len(names)
