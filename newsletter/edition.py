"""Editions: when one is due, which stretch of time it covers, and what becomes of it when it is late. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from newsletter.settings import NewsletterSettings

LATE_ARRIVALS = timedelta(hours=24)
"""A story that came in after its edition had gone is taken into the next one if it is no older than this."""


class EditionState(StrEnum):
    """The life of an edition."""

    OPEN = "open"
    """Claimed for its date; its digest is not composed yet."""
    HELD = "held"
    """Late, and ``if_late = "ask"``: waits for `masthead send`."""
    SENDING = "sending"
    SENT = "sent"
    SKIPPED = "skipped"


class DeliveryState(StrEnum):
    """The life of a delivery. Everything but planned and attempted is final."""

    PLANNED = "planned"
    ATTEMPTED = "attempted"
    """Said before the message goes out: what is still so after a crash may or may not have arrived."""
    SENT = "sent"
    SKIPPED = "skipped"
    FAILED = "failed"
    IN_DOUBT = "in doubt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One dated sending of a newsletter. ``id`` is the store's."""

    id: int
    newsletter: str
    date: date
    due: datetime
    window_start: datetime
    window_end: datetime
    state: EditionState
    reason: str = ""
    opened: datetime | None = None
    finished: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One edition to one subscriber, claimed for an attempt. ``attempts`` counts this one; ``first_attempt`` is when the first began."""

    id: int
    subscriber_uid: str
    email: str
    name: str
    choice: str
    attempts: int
    first_attempt: datetime
    confirmed: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of an attempt. ``again_at`` puts the delivery back among the planned ones."""

    delivery: Delivery
    state: DeliveryState
    reply: str = ""
    again_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The accounting of an edition's deliveries."""

    planned: int
    sent: int
    skipped: int
    failed: int
    in_doubt: int

    @property
    def open(self) -> int:
        """Deliveries that are not finished yet."""
        return self.planned - self.sent - self.skipped - self.failed - self.in_doubt

    @property
    def adds_up(self) -> bool:
        """Whether every reader is accounted for."""
        return self.open == 0


def due_at(newsletter: NewsletterSettings, day: date, zone: ZoneInfo) -> datetime:
    """When the edition of ``day`` goes out. A time that the clocks skip means the moment they jump to."""
    return _local(day, newsletter.send, zone)


def latest_at(newsletter: NewsletterSettings, day: date, zone: ZoneInfo) -> datetime:
    """After this moment the edition of ``day`` is late: ``latest``, else the end of the day."""
    return _local(day, newsletter.latest, zone) if newsletter.latest else _local(day + timedelta(days=1), time(), zone)


def is_publication_day(newsletter: NewsletterSettings, day: date) -> bool:
    """Whether the newsletter appears on this day of the week."""
    return day.isoweekday() in newsletter.days


def last_due(newsletter: NewsletterSettings, now: datetime, zone: ZoneInfo) -> tuple[date, datetime]:
    """The newest publication day whose time has come, and that time."""
    day = now.astimezone(zone).date()
    while not (is_publication_day(newsletter, day) and due_at(newsletter, day, zone) <= now):
        day -= timedelta(days=1)
    return day, due_at(newsletter, day, zone)


def next_due(newsletter: NewsletterSettings, now: datetime, zone: ZoneInfo) -> tuple[date, datetime]:
    """The next publication day after ``now``, and its time."""
    day = now.astimezone(zone).date()
    while not (is_publication_day(newsletter, day) and due_at(newsletter, day, zone) > now):
        day += timedelta(days=1)
    return day, due_at(newsletter, day, zone)


def window_start(newsletter: NewsletterSettings, due: datetime, zone: ZoneInfo, told_until: datetime | None) -> datetime:
    """Where the edition's stories begin: where those of earlier editions ended, else at the previous due time."""
    return told_until or last_due(newsletter, due - timedelta(microseconds=1), zone)[1]


def _local(day: date, at: time, zone: ZoneInfo) -> datetime:
    """A time of day; one that the clocks skip is the moment they jump, as in cron, and one that they repeat is the first."""
    read = datetime.combine(day, at, zone)
    moment = read.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == read.replace(tzinfo=None):
        return read
    moment = read.replace(fold=1).astimezone(UTC)  # with the offset after the jump, a skipped time is before it (PEP 495)
    before = moment.astimezone(zone).utcoffset()
    while moment.astimezone(zone).utcoffset() == before:
        moment += timedelta(minutes=1)
    return moment.astimezone(zone)
