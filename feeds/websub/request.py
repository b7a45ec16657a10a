"""What a subscriber sends to the hub, understood (WebSub §5.1).

Parameters that are not known are ignored: FreshRSS sends ``hub.verify=sync``, a word of PubSubHubbub 0.3.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import urlsplit

from feeds.websub.errors import RequestError
from feeds.websub.model import Mode, SubscriptionRequest
from feeds.websub.settings import LONGEST_LEASE, SHORTEST_LEASE

MAX_CALLBACK = 2000
MAX_SECRET = 199
"""Bytes: WebSub §5.1 wants "less than 200"."""

_KNOWN = frozenset({"hub.mode", "hub.topic", "hub.callback", "hub.lease_seconds", "hub.secret"})
_URL = re.compile(r"[!-~]+")


def parse_request(form: Iterable[tuple[str, str]], lease: timedelta) -> SubscriptionRequest:
    """The request in a form; ``lease`` is for those that do not say how long. Raises RequestError."""
    given: dict[str, str] = {}
    for name, value in form:
        if name in _KNOWN and given.setdefault(name, value) != value:
            raise RequestError(f"{name} is given twice")
    try:
        mode = Mode(given.get("hub.mode", ""))
    except ValueError:
        raise RequestError("hub.mode must be subscribe or unsubscribe") from None
    if not (topic := given.get("hub.topic", "")):
        raise RequestError("hub.topic is missing")
    callback = given.get("hub.callback", "")
    secret = given.get("hub.secret", "")
    if len(secret.encode()) > MAX_SECRET:
        raise RequestError(f"hub.secret must not be longer than {MAX_SECRET} bytes")
    return SubscriptionRequest(
        mode=mode,
        topic=topic,
        callback=callback,
        host=_host(callback),
        lease=_lease(given.get("hub.lease_seconds", ""), lease),
        secret=secret,
    )


def _host(callback: str) -> str:
    """The host of a callback that may be called."""
    if not callback:
        raise RequestError("hub.callback is missing")
    if len(callback) > MAX_CALLBACK:
        raise RequestError(f"hub.callback must not be longer than {MAX_CALLBACK} characters")
    fault = RequestError("hub.callback must be a web address that starts with https:// or http://, percent-encoded")
    try:
        parts = urlsplit(callback)
        port = parts.port
    except ValueError:  # a bracket or a port that does not fit
        raise fault from None
    if not parts.hostname or port == 0 or parts.scheme not in {"http", "https"} or not _URL.fullmatch(callback):
        raise fault
    if "@" in parts.netloc or "#" in callback:
        raise RequestError("hub.callback must have neither a user name nor a fragment")
    return parts.hostname.rstrip(".")


def _lease(text: str, default: timedelta) -> timedelta:
    if not text:
        return default
    if not (text.isascii() and text.isdecimal()):
        raise RequestError("hub.lease_seconds must be a number of seconds")
    longest = int(LONGEST_LEASE.total_seconds())
    return max(SHORTEST_LEASE, timedelta(seconds=min(int(text[:12]), longest)))
