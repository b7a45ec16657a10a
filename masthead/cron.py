"""Cron lines in a time zone: CronSim names the wall times, here they become moments.

CronSim's own zone handling returns moments of the past inside an hour that the clocks repeat, so it is only given wall times.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EXAMPLE = '"*/10 6-23 * * mon-sat"'


@dataclass(frozen=True, slots=True)
class Cron:
    """A cron line of five fields (crontab(5): Sunday is 0 or 7, the two day fields are OR) in a time zone.

    When the clocks change it does as Debian's cron(8): a line with fixed minutes and hours is due exactly once for each of its wall
    times, a skipped one at the moment the clocks jump; a line with ``*`` for minute or hour follows the wall clock as it goes.
    """

    line: str
    zone: ZoneInfo

    def __post_init__(self) -> None:
        if len(self.line.split()) != 5:  # CronSim would take six, with seconds
            raise ValueError(
                f'"{self.line}" is no cron line: it has five fields, minute hour day month weekday, such as {_EXAMPLE}'
            )
        try:
            self._walls(_naive(_EPOCH), forward=True)
        except CronSimError as error:
            field = str(error).removeprefix("Bad ")
            raise ValueError(f'"{self.line}" is no cron line: its {field} is wrong; a right one is {_EXAMPLE}') from error

    def after(self, moment: datetime) -> datetime:
        """The first moment later than this one that the line names."""
        return self._find(moment, forward=True)

    def last(self, moment: datetime) -> datetime:
        """The newest moment not later than this one that the line names."""
        return self._find(moment, forward=False)

    def _find(self, moment: datetime, *, forward: bool) -> datetime:
        return self._followed(moment, forward=forward) if self._follows else self._once_each(moment, forward=forward)

    @property
    def _follows(self) -> bool:
        minute, hour, *_ = self.line.split()
        return minute.startswith("*") or hour.startswith("*")

    def _once_each(self, moment: datetime, *, forward: bool) -> datetime:
        local = moment.astimezone(self.zone)
        if (
            not forward
        ):  # in a repeated hour: each of its wall times was due the first time, whether or not it was shown again yet
            local = local.replace(fold=0)
        wall = _naive(moment) + _offset(local)
        return next(due for found in self._walls(wall, forward=forward) if ((due := self._first(found)) > moment) is forward)

    def _first(self, wall: datetime) -> datetime:
        """The first moment at which clocks on the wall show this time, or, if they skip it, the moment they jump past it."""
        while True:
            found = wall.replace(tzinfo=self.zone, fold=0).astimezone(UTC)
            if found.astimezone(self.zone).replace(tzinfo=None) == wall:
                return found
            wall += timedelta(minutes=1)

    def _followed(self, moment: datetime, *, forward: bool) -> datetime:
        # As long as the offset stays, wall times are moments. If it changes before the one found, what counts is the offset then.
        offset = _offset(moment.astimezone(self.zone))
        found = next(self._moments(moment, offset, forward=forward))
        then = _offset(found.astimezone(self.zone))
        if then == offset:
            return found
        return next(due for due in self._moments(moment, then, forward=forward) if _offset(due.astimezone(self.zone)) == then)

    def _moments(self, moment: datetime, offset: timedelta, *, forward: bool) -> Iterator[datetime]:
        walls = self._walls(_naive(moment) + offset, forward=forward)
        return ((wall - offset).replace(tzinfo=UTC) for wall in walls)

    def _walls(self, wall: datetime, *, forward: bool) -> Iterator[datetime]:
        """The line's wall times: those after this one, or backwards from this one, itself included."""
        if forward:
            return CronSim(self.line, wall)
        return CronSim(self.line, wall.replace(microsecond=0) + timedelta(seconds=1), reverse=True)


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)


def _offset(local: datetime) -> timedelta:
    return local.utcoffset() or timedelta(0)
