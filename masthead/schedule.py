"""The clock: when something is due. It only proposes; the run table decides who does the work, once.

APScheduler is used as nothing but a clock, in UTC and without its job store: it numbers weekdays from Monday, ANDs the two day
fields, skips days around midnight changes of the clock, and forgets missed runs. Cron lines are read by CronSim in the paper's
zone, and what was missed is told by the table.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from cronsim import CronSim, CronSimError

from newsroom.settings import parse_duration

MAX_JITTER = timedelta(seconds=30)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_log = structlog.get_logger(__name__)


class Times(Protocol):
    """When something is due: moments that depend on nothing but the definition."""

    def after(self, moment: datetime) -> datetime:
        """The first due moment later than this one."""

    def last(self, moment: datetime) -> datetime:
        """The newest due moment not later than this one."""


@dataclass(frozen=True, slots=True)
class Every:
    """At whole multiples of a span since 1970, so that two machines agree on every due moment."""

    span: timedelta

    def after(self, moment: datetime) -> datetime:
        """The next multiple."""
        return self.last(moment) + self.span

    def last(self, moment: datetime) -> datetime:
        """The multiple at or before the moment."""
        return moment.astimezone(UTC) - (moment - _EPOCH) % self.span


@dataclass(frozen=True, slots=True)
class Cron:
    """A cron line of five fields (crontab(5): Sunday is 0 or 7, the two day fields are OR) in a time zone."""

    line: str
    zone: ZoneInfo

    def __post_init__(self) -> None:
        if len(self.line.split()) != 5:  # noqa: PLR2004 (CronSim would take six, with seconds)
            raise ValueError(
                f'"{self.line}" is no cron line: write minute hour day month weekday, such as "*/10 6-23 * * mon-sat"'
            )
        try:
            CronSim(self.line, datetime.now(UTC))
        except CronSimError as error:
            raise ValueError(f'"{self.line}" is no cron line: {error}') from error

    def after(self, moment: datetime) -> datetime:
        """The next moment that the line names."""
        return next(CronSim(self.line, moment.astimezone(self.zone))).astimezone(UTC)

    def last(self, moment: datetime) -> datetime:
        """The newest moment that the line names."""
        just_after = (moment + timedelta(microseconds=1)).astimezone(self.zone)
        return next(CronSim(self.line, just_after, reverse=True)).astimezone(UTC)


def parse_times(text: str, zone: ZoneInfo) -> Times:
    """``"5m"`` or a cron line. Raises ValueError saying what to write."""
    if " " in text.strip():
        return Cron(" ".join(text.split()), zone)
    return Every(parse_duration(text))


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do when due. ``jitter`` delays the start, never the due moment, so that not everything starts at once."""

    name: str
    times: Times
    work: Callable[[datetime], None]
    jitter: timedelta = timedelta(0)

    @property
    def delay(self) -> timedelta:
        """This task's own share of the jitter: the same on every start, because it comes from the name."""
        share = int.from_bytes(hashlib.sha256(self.name.encode()).digest()[:4]) / 2**32
        return self.jitter * share


class Clock:
    """Calls each task's work with its due moment; one at a time for each task, late rather than never, and once for many missed."""

    def __init__(self, *, workers: int = 8) -> None:
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(workers)},
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
        )
        self._tasks: dict[str, Task] = {}

    @property
    def tasks(self) -> tuple[Task, ...]:
        """What is scheduled now."""
        return tuple(self._tasks.values())

    def replace(self, tasks: Iterable[Task]) -> None:
        """Make these the scheduled tasks. Work that is running goes on."""
        wanted = {task.name: task for task in tasks}
        for name in self._tasks.keys() - wanted.keys():
            self._scheduler.remove_job(name)
        for name, task in wanted.items():
            self._scheduler.add_job(_run, _Trigger(task), args=[task], id=name, name=name, replace_existing=True)
        self._tasks = wanted

    def start(self) -> None:
        """Begin to tick, in threads of its own."""
        self._scheduler.start()

    def stop(self) -> None:
        """Stop ticking and wait for running work to end."""
        self._scheduler.shutdown(wait=True)


class _Trigger(BaseTrigger):  # type: ignore[misc]  # APScheduler carries no types
    """APScheduler's view of a task: fires ``delay`` after each due moment."""

    def __init__(self, task: Task) -> None:
        self._task = task

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        since = max(previous_fire_time, now) if previous_fire_time else now
        return self._task.times.after(since - self._task.delay) + self._task.delay

    def __getstate__(self) -> dict[str, Any]:
        raise TypeError("the schedule is never stored")


def _run(task: Task) -> None:
    due = task.times.last(datetime.now(UTC) - task.delay)
    try:
        task.work(due)
    except Exception:  # the clock must go on whatever a job does; the job's own row says that it failed
        _log.exception("job failed", job=task.name, due=due.isoformat())
