"""Printed dates: read strictly, in the paper's zone, or refused with the raw string kept.

A form is read only if it has one reading. ``03/04/2025`` has two and is unknown; ``12-30 10:00`` and ``10분 전`` have one, but
only beside a reference time. A weekday that contradicts its date makes the date unknown.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from enum import StrEnum
from zoneinfo import ZoneInfo

from newsroom.errors import NewsroomError


class UnknownDateError(NewsroomError):
    """The date is in no known form, impossible, or has more than one reading."""

    def __init__(self, raw: str, reason: str) -> None:
        super().__init__(f"{raw!r} is not a date that can be read: {reason}")
        self.raw = raw
        self.reason = reason


class Precision(StrEnum):
    """The smallest unit that was printed."""

    SECOND = "second"
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Moment:
    """A date that was read: ``at`` in the asked zone, whole seconds; a day without time is its midnight.

    ``modified`` is the second date of a string such as "등록 … 수정 …". Where only 수정 is printed, it is both.
    """

    at: datetime
    precision: Precision
    modified: datetime | None = None

    def __post_init__(self) -> None:
        for value in (self.at, self.modified):
            if value is not None and value.utcoffset() is None:
                raise ValueError(f"Moment has no time zone: {value!r}")


def parse_date(raw: str, zone: ZoneInfo, now: datetime | None = None) -> Moment:
    """Read ``raw``; a date without zone is in ``zone``, and the result always is.

    ``now`` (aware) resolves what leaves something out: relative forms, dates without year (the latest that is at most a day
    ahead), times without date (the latest that is at most an hour ahead). Local times that a clock change skips or repeats are
    read with the offset in force before it (PEP 495, fold=0). Fractions of a second are dropped.

    Raises UnknownDateError for everything else, and where ``now`` is needed and absent; ValueError for a naive ``now``.
    """
    if now is not None and now.utcoffset() is None:
        raise ValueError(f"the time of the page has no time zone: {now!r}")
    reading = _Reading(raw, zone, None if now is None else now.astimezone(zone))
    published: dict[str, tuple[datetime, Precision]] = {}
    modified: tuple[datetime, Precision] | None = None
    for label, match in _pieces(raw):
        moment = reading.resolve(match)
        if not _MODIFIED.search(label):
            if label in published:
                raise UnknownDateError(raw, "it names the same date twice")
            published[label] = moment
        elif modified is None:
            modified = moment
        else:
            raise UnknownDateError(raw, "it names two modifications")
    first = next(iter(published.values()), modified)
    if first is None:
        raise UnknownDateError(raw, "it is empty")
    return Moment(*first, modified[0] if modified else None)


def find_date(text: str) -> str:
    """The first part of ``text`` that has the form of a date, with its labels and a glued second date; "" if there is none.

    Words such as 어제 and day numbers without time (06-11) are dates only when they stand alone, so they are not found.
    """
    if not _DIGIT.search(text):
        return ""
    for start in (match.start() for match in _START.finditer(text)):
        end = position = start
        while found := _labelled(text, position, whole=False):
            end = found[1].end()
            position = end + len(_gap(text, end))
            if not _LABEL.match(text, position):
                break
        if end > start and not _INSIDE_WORD.match(text, end):
            return text[start:end]
    return ""


_YEAR = r"(?P<year>(?:19|20)\d\d)"
_MONTH_NAME = (
    r"(?P<month_name>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_WEEKDAY_NAME = r"(?:(?P<weekday>(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day),? )?"
_DAYS = (
    _YEAR + r"(?P<mark> ?[-./] ?)(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})(?!\d)\.?",
    _YEAR + r"년 ?(?P<month>\d{1,2})월 ?(?P<day>\d{1,2})일",
    _WEEKDAY_NAME + r"(?P<day>\d{1,2}) " + _MONTH_NAME + r",? (?P<year>(?:19|20)?\d\d)(?!\d)",
    _WEEKDAY_NAME + _MONTH_NAME + r" (?P<day>\d{1,2})(?:st|nd|rd|th)?, ?" + _YEAR,
    r"(?P<month>\d{1,2})월 ?(?P<day>\d{1,2})일",
)
_KOREAN_WEEKDAY = r"(?: ?\((?P<weekday_ko>[월화수목금토일])(?:요일)?\)| (?P<weekday_long>[월화수목금토일])요일)?"
_HALF = r"(?:(?P<half>오전|오후|AM|PM) ?)?"
_ZONE = r"(?: ?\(?(?P<zone>Z|(?:GMT|UTC)?[+-]\d\d(?::?\d\d)?|(?:GMT|UTC)[+-]\d|UTC|GMT|UT|KST|[ECMP][SD]T)\)?(?![A-Za-z\d]))?"
_CLOCK = (
    _HALF
    + r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d{1,9})?)?(?: ?(?P<half_after>AM|PM|[ap]\.m\.))?"
    + _ZONE
)
_HOURS = _HALF + r"(?P<hour>\d{1,2})시(?: ?(?P<minute>\d{1,2})분(?: ?(?P<second>\d{1,2})초)?)?" + _ZONE
_SEPARATOR = r"(?:T|,? (?:at )?|(?<=[.일)]))"
_AGO = r"(?P<count>\d{1,4}|an?) ?(?P<unit>초|분|시간|일|주일?|seconds?|minutes?|mins?|hours?|days?|weeks?) ?(?:전|ago)"
_DAY_WORD = r"(?P<day_word>오늘|어제|그제|그저께|today|yesterday)"
_END = r"(?![\dA-Za-z:@]|[-./]\d)"


def _compiled(*forms: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(form + _END, re.ASCII | re.IGNORECASE) for form in forms)


_FORMS = _compiled(
    *(day + _KOREAN_WEEKDAY + tail for day in _DAYS for tail in ("", _SEPARATOR + _CLOCK, _SEPARATOR + _HOURS)),
    _YEAR + r"(?P<month>\d\d)(?P<day>\d\d)(?:[T ]?(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?(?:\.\d{1,9})?" + _ZONE + ")?",
    r"(?P<month>\d\d)[-.](?P<day>\d\d)" + _KOREAN_WEEKDAY + " " + _CLOCK,
    _DAY_WORD + " " + _CLOCK,
    _DAY_WORD + " " + _HOURS,
    _CLOCK,
    _HOURS,
    _AGO,
)
_WHOLE_FORMS = _compiled(_DAY_WORD, r"(?P<now>방금(?: 전)?|just now)", r"(?P<month>\d\d)[-.](?P<day>\d\d)")

_LABEL = re.compile(
    r"(?:(?:기사|최초|최종|마지막) ?)?(?:입력|등록|승인|발행|송고|게재|작성|출고|수정|갱신|업데이트)(?:일시|일자|시간|시각|날짜|일)? ?:? ?"
    r"|(?:Last )?(?:Posted|Published|Updated|Modified)(?: on| at)?:? ",
    re.ASCII | re.IGNORECASE,
)
_MODIFIED = re.compile(r"수정|갱신|업데이트|Updated|Modified", re.IGNORECASE)
_GAP = re.compile(r"[ |·/,()\[\]]*")
_DIGIT = re.compile(r"\d", re.ASCII)
_START = re.compile(
    rf"(?<![\w.:/@-])(?=\d|오[전후늘]|어제|그[제저]|today|yesterday|[AP]M|{_LABEL.pattern}|{_MONTH_NAME}|[A-Z][a-z]{{2,8}},? \d)",
    re.ASCII | re.IGNORECASE,
)
_INSIDE_WORD = re.compile(r"(?<=[가-힣])[가-힣]")


def _pieces(raw: str) -> Iterator[tuple[str, re.Match[str]]]:
    """Every date of ``raw`` with its label; nothing else may stand between them."""
    text = " ".join(unicodedata.normalize("NFKC", raw).split())
    position = 0
    while (position := position + len(_gap(text, position))) < len(text):
        found = _labelled(text, position, whole=True)
        if found is None:
            raise UnknownDateError(raw, f"{text[position:]!r} is in no known form")
        yield found
        position = found[1].end()


def _gap(text: str, position: int) -> str:
    """What may stand between two dates: blanks, bars, brackets."""
    gap = _GAP.match(text, position)
    return gap.group() if gap else ""


def _labelled(text: str, position: int, *, whole: bool) -> tuple[str, re.Match[str]] | None:
    label = _LABEL.match(text, position)
    start = label.end() if label else position
    forms = _FORMS + _WHOLE_FORMS if whole else _FORMS
    matches = [match for form in forms if (match := form.match(text, start))]
    if not matches:
        return None
    return (label.group().strip(" :").casefold() if label else "", max(matches, key=lambda match: match.end()))


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAYS_BACK = {"오늘": 0, "today": 0, "어제": 1, "yesterday": 1, "그제": 2, "그저께": 2}
# RFC 822 §5.1, and KST, which Korean feeds write though no RFC defines it.
_ZONE_HOURS = {"edt": -4, "est": -5, "cdt": -5, "cst": -6, "mdt": -6, "mst": -7, "pdt": -7, "pst": -8, "kst": 9}
_UNITS: tuple[tuple[str, timedelta, Precision], ...] = (
    ("초s", timedelta(seconds=1), Precision.SECOND),
    ("분m", timedelta(minutes=1), Precision.MINUTE),
    ("시h", timedelta(hours=1), Precision.HOUR),
    ("일d", timedelta(days=1), Precision.DAY),
    ("주w", timedelta(weeks=1), Precision.DAY),
)


@dataclass(frozen=True, slots=True)
class _Reading:
    """Turns one match into an instant; knows what it was asked with, for the errors and for what the print leaves out."""

    raw: str
    zone: ZoneInfo
    now: datetime | None

    def resolve(self, match: re.Match[str]) -> tuple[datetime, Precision]:
        part = {name: value.casefold() for name, value in match.groupdict().items() if value is not None}
        if "now" in part:
            return self._reference().replace(microsecond=0), Precision.MINUTE
        if "unit" in part:
            return self._ago(part)
        clock, precision = self._clock(part)
        zone = self._zone(part)
        day = self._day(part, lambda day: datetime.combine(day, clock, zone))
        # By way of UTC, so that a time which the clock change skips becomes one that exists.
        return datetime.combine(day, clock, zone).astimezone(UTC).astimezone(self.zone), precision

    def _reference(self) -> datetime:
        if self.now is None:
            raise UnknownDateError(self.raw, "it is complete only beside the time of the page that prints it")
        return self.now

    def _ago(self, part: dict[str, str]) -> tuple[datetime, Precision]:
        now = self._reference()
        count = int(part["count"]) if part["count"].isdecimal() else 1
        unit, precision = next((unit, precision) for names, unit, precision in _UNITS if part["unit"][0] in names)
        if precision is Precision.DAY:
            return datetime.combine(now.date() - count * unit, time(), self.zone), precision
        return (now.astimezone(UTC) - count * unit).astimezone(self.zone).replace(microsecond=0), precision

    def _clock(self, part: dict[str, str]) -> tuple[time, Precision]:
        if "hour" not in part:
            return time(), Precision.DAY
        hour, half = int(part["hour"]), part.get("half") or part.get("half_after", "")[:1]
        if half in ("오전", "am", "a") and hour > 12:
            raise UnknownDateError(self.raw, f"there is no hour {hour} before noon")
        if half and hour <= 12:
            hour = hour % 12 + (12 if half in ("오후", "pm", "p") else 0)
        try:
            clock = time(hour, int(part.get("minute", 0)), int(part.get("second", 0)))
        except ValueError as error:
            raise UnknownDateError(self.raw, str(error)) from error
        return clock, Precision.SECOND if "second" in part else Precision.MINUTE if "minute" in part else Precision.HOUR

    def _zone(self, part: dict[str, str]) -> tzinfo:
        name = part.get("zone", "")
        if not name:
            return self.zone
        if offset := re.fullmatch(r"(?:gmt|utc)?([+-])(\d{1,2}):?(\d\d)?", name):
            hours, minutes = int(offset[2]), int(offset[3] or 0)
            if hours > 14 or minutes > 59:
                raise UnknownDateError(self.raw, f"there is no zone {name}")
            delta = timedelta(hours=hours, minutes=minutes)
            return timezone(-delta if offset[1] == "-" else delta)
        return timezone(timedelta(hours=_ZONE_HOURS.get(name, 0)))

    def _day(self, part: dict[str, str], at: Callable[[date], datetime]) -> date:
        if "day_word" in part:
            return self._reference().date() - timedelta(days=_DAYS_BACK[part["day_word"]])
        if "day" not in part:
            now = self._reference()
            today = now.date()
            return today if at(today) <= now + timedelta(hours=1) else today - timedelta(days=1)
        month = int(part["month"]) if "month" in part else _MONTHS.index(part["month_name"][:3]) + 1
        day = self._year_and_day(part, month, int(part["day"]), at)
        self._check_weekday(part, day)
        return day

    def _year_and_day(self, part: dict[str, str], month: int, day: int, at: Callable[[date], datetime]) -> date:
        if "year" in part:
            year = int(part["year"])
            if year < 100:  # RFC 5322 §4.3
                year += 2000 if year < 50 else 1900
            try:
                return date(year, month, day)
            except ValueError as error:
                raise UnknownDateError(self.raw, str(error)) from error
        latest = self._reference() + timedelta(days=1)
        for year in range(latest.year, latest.year - 9, -1):  # a 29 February may be eight years back
            try:
                candidate = date(year, month, day)
            except ValueError:
                continue
            if at(candidate) <= latest:
                return candidate
        raise UnknownDateError(self.raw, "there is no such day")

    def _check_weekday(self, part: dict[str, str], day: date) -> None:
        korean = part.get("weekday_ko") or part.get("weekday_long")
        printed = "월화수목금토일".index(korean) if korean else None
        if "weekday" in part:
            printed = _WEEKDAYS.index(part["weekday"][:3])
        if printed is not None and printed != day.weekday():
            raise UnknownDateError(self.raw, f"{day} is not the weekday that is printed")
