"""An answer that is not the page, put into words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import httpx2

from newsroom.fetch.errors import StatusError

_DAY = timedelta(days=1)
_PHRASES = {status.value: status.phrase for status in HTTPStatus}
_TRANSIENT = {408, 425, 429}  # the client errors that time may heal
_ADVICE = {
    401: "the page wants a password",
    403: "the server refuses us; ask the site's operators to let Masthead in",
    404: "there is no such page; check the address",
    410: "the page is gone for good",
    429: "the server wants fewer requests; raise fetch.delay or the source's `every`",
}


def refusal(response: httpx2.Response, url: str) -> StatusError:
    """What the status says and what can be done about it."""
    status = response.status_code
    answer = f"{status} {_PHRASES.get(status, '')}".strip()
    permanent = 400 <= status < 500 and status not in _TRANSIENT
    advice = _ADVICE.get(status, "check the address" if permanent else "try again later")
    return StatusError(
        f"{url} answered {answer}: {advice}",
        url=url,
        status=status,
        permanent=permanent,
        retry_after=_retry_after(response.headers.get("retry-after", "").strip()),
    )


def _retry_after(value: str) -> timedelta | None:
    """Retry-After in seconds or as a date (RFC 9110 §10.2.3); an unreadable one counts as none."""
    if value.isascii() and value.isdigit():
        return min(timedelta(seconds=int(value[:9])), _DAY)
    try:
        wait = parsedate_to_datetime(value).astimezone(UTC) - datetime.now(UTC)
    except (ValueError, OverflowError):
        return None
    return min(max(wait, timedelta(0)), _DAY)
