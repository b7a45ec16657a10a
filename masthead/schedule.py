"""The clock: when something is due. It only proposes; the run table decides who does the work, once.

APScheduler is used as nothing but a clock, in UTC and without its job store: it numbers weekdays from Monday, ANDs the two day
fields, skips days around midnight changes of the clock, and forgets missed runs.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

from masthead.cron import Cron
from newsroom.errors import NewsroomError
from newsroom.settings import parse_duration

WORKERS = 8
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


def parse_times(text: str, zone: ZoneInfo) -> Times:
    """``"5m"``, or a cron line in the zone. Raises ValueError saying what to write."""
    fields = text.split()
    if len(fields) == 5:
        return Cron(" ".join(fields), zone)
    try:
        return Every(parse_duration(text))
    except ValueError as error:
        raise ValueError(
            'write a time span such as "5m", or a cron line of five fields such as "*/10 6-23 * * mon-sat"'
        ) from error


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do when due. ``jitter`` delays the start, never the due moment, so that not everything starts at once."""

    name: str
    times: Times
    work: Callable[[datetime], object]
    jitter: timedelta = timedelta(0)

    @property
    def delay(self) -> timedelta:
        """This task's own share of the jitter: the same on every start, because it comes from the name."""
        share = int.from_bytes(hashlib.sha256(self.name.encode()).digest()[:4]) / 2**32
        return self.jitter * share


class Clock:
    """Calls each task's work with its due moment; one at a time for each task, late rather than never, and once for many missed.

    A task is proposed as soon as it is known, with the moment it was last due: what was missed is made up for at once, and what
    was done is not done again, because the work asks the database.
    """

    def __init__(self, scheduler: Callable[..., Any] = BackgroundScheduler) -> None:
        """``scheduler`` makes the APScheduler that ticks."""
        self._stopping = threading.Event()
        self._scheduler = scheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(WORKERS)},
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
        )
        self._tasks: frozenset[str] = frozenset()

    def replace(self, tasks: Iterable[Task]) -> None:
        """Make these the scheduled tasks. Work that is running goes on."""
        wanted = {task.name: task for task in tasks}
        for name in self._tasks - wanted.keys():
            self._scheduler.remove_job(name)
        now = datetime.now(UTC)
        for name, task in wanted.items():
            self._scheduler.add_job(self._run, _Trigger(task), [task], id=name, next_run_time=now, replace_existing=True)
        self._tasks = frozenset(wanted)

    def start(self) -> None:
        """Begin to tick, in threads of its own."""
        self._scheduler.start()

    def stop(self) -> None:
        """Stop ticking and wait for running work to end. What waits for a free thread is not begun."""
        self._stopping.set()
        self._scheduler.shutdown(wait=True)

    def _run(self, task: Task) -> None:
        if self._stopping.is_set():
            return
        due = task.times.last(datetime.now(UTC) - task.delay)
        try:
            task.work(due)
        except NewsroomError as error:
            _log.error("job failed", job=task.name, due=due.isoformat(), reason=str(error))
        except Exception:  # noqa: BLE001 (the clock must go on whatever a job does)
            _log.exception("job failed", job=task.name, due=due.isoformat())


class _Trigger(BaseTrigger):  # type: ignore[misc]  # APScheduler carries no types
    """APScheduler's view of a task: fires ``delay`` after each due moment, once however many were missed."""

    def __init__(self, task: Task) -> None:
        self._task = task

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:  # noqa: ARG002 (APScheduler's signature)
        return self._task.times.after(now - self._task.delay) + self._task.delay
