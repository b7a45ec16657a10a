"""The words of WebSub: what a subscriber asks for, what is owed to whom, and how it came out. No I/O."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Protocol

_FIRST_DELAY = timedelta(minutes=1)
_LONGEST_DELAY = timedelta(hours=6)


class Topics(Protocol):
    """What may be subscribed to."""

    def read(self, topic: str) -> tuple[bytes, str] | None:
        """The bytes and the Content-Type that the topic's URL has now; None for a URL that is none of ours."""
        ...


class Mode(StrEnum):
    """``hub.mode`` of a subscriber."""

    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"


class Outcome(StrEnum):
    """What became of one attempt. ``DROPPED``: there will be no other."""

    DONE = "done"
    AGAIN = "again"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionRequest:
    """What a subscriber asks for. ``host`` is the callback's, for the bounds."""

    mode: Mode
    topic: str
    callback: str
    host: str
    lease: timedelta
    secret: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingRequest:
    """A request whose callback has not confirmed it yet. ``token`` tells it from a later one for the same pair."""

    request: SubscriptionRequest
    token: str
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """A subscriber to whom a topic's newest document is owed. ``version`` names the publication that it is owed since."""

    subscription: int
    topic: str
    callback: str
    secret: str
    version: str
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ping:
    """A hub of somebody else's that is to be told of a topic's change."""

    hub: str
    topic: str
    version: str
    attempts: int


@dataclass(slots=True)
class Figures:
    """What one run did. ``dropped`` counts subscriptions ended because their callback is gone or dead."""

    verified: int = 0
    refused: int = 0
    delivered: int = 0
    failed: int = 0
    dropped: int = 0
    expired: int = 0
    pinged: int = 0
    pings_failed: int = 0


def backoff(attempts: int) -> timedelta:
    """How long to wait after so many failures in a row: 1 minute, 4, 16, 64, … at most 6 hours."""
    return min(_FIRST_DELAY * (1 << 2 * min(attempts - 1, 10)), _LONGEST_DELAY)


def link_header(hubs: Iterable[str], topic: str) -> str:
    """The Link header of a topic and of what is pushed for it (WebSub §4 and §7; RFC 8288)."""
    return ", ".join([*(f'<{hub}>; rel="hub"' for hub in hubs), f'<{topic}>; rel="self"'])
