"""Times as feeds write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

CLOCKS_DIFFER = timedelta(minutes=1)
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(?P<zone>Z|[+-]\d\d:\d\d)?")
_RFC822 = re.compile(
    r"(?:(?P<weekday>Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (?P<year>\d{2,4})"
    r" \d\d:\d\d(?::\d\d)? (?P<zone>[+-]\d{4}|[A-Z]+)"
)
_W3C = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?)?)?")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def rfc3339(text: str) -> datetime:
    """A time of Atom and of JSON Feed. Raises ValueError that says what is wrong."""
    form = _RFC3339.fullmatch(text)
    if form is None:
        raise ValueError(f'"{text}" is no time as RFC 3339 writes it; write 2026-03-02T12:00:00+09:00')
    if not form["zone"]:
        raise ValueError(f'"{text}" has no zone; add one, as in {text}+09:00')
    try:
        return datetime.fromisoformat(text)
    except ValueError as fault:
        raise ValueError(f'"{text}" is no time: {fault}') from fault


def rfc822(text: str) -> datetime:
    """A time of RSS and OPML, with a four-digit year, a numeric zone and the right weekday. Raises ValueError."""
    form = _RFC822.fullmatch(text)
    if form is None:
        raise ValueError(f'"{text}" is no time as RFC 822 writes it; write Mon, 02 Mar 2026 12:00:00 +0900')
    if len(form["year"]) != 4:
        raise ValueError(f'the year of "{text}" needs four digits')
    if form["zone"].isalpha():
        raise ValueError(f'the zone of "{text}" is a name, which readers know few of; write it as +0900')
    try:
        moment = parsedate_to_datetime(text)
    except ValueError as fault:
        raise ValueError(f'"{text}" is no time: {fault}') from fault
    if form["weekday"] and form["weekday"] != _DAYS[moment.weekday()]:
        raise ValueError(f'the day of "{text}" was a {_DAYS[moment.weekday()]}')
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def w3c(text: str) -> datetime:
    """A W3C date and time, as sitemaps have them; a day counts from its first moment in UTC. Raises ValueError."""
    if not _W3C.fullmatch(text):
        raise ValueError(f'"{text}" is no W3C date; write 2026-03-02T12:00:00+09:00')
    whole = text + "-01-01"[len(text) - 4 :] if len(text) < 10 else text
    try:
        moment = datetime.fromisoformat(whole)
    except ValueError as fault:
        raise ValueError(f'"{text}" is no date: {fault}') from fault
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
