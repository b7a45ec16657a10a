"""The address of the built-in hub: POST from subscribers (WebSub §5.1), bounded in size, time and number."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Protocol
from urllib.parse import parse_qsl

from starlette.background import BackgroundTask
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

MAX_BODY = 8192
MAX_FIELDS = 50
BODY_SECONDS = 10.0
PER_MINUTE = 120
"""Requests from one address. A reader that follows every feed of a paper asks again after 429, as all do."""
_FORM = "application/x-www-form-urlencoded"
_CLIENTS = 10_000


class Hub(Protocol):
    """What understands subscribers."""

    async def handle(self, form: Iterable[tuple[str, str]]) -> tuple[int, str]:
        """The status and a sentence."""
        ...

    async def verify(self) -> None:
        """Ask the callbacks of accepted requests."""
        ...


class HubEndpoint:
    """Answers in plain text, as subscribers log it. The callback is asked after the 202 was sent."""

    def __init__(self, hub: Hub, *, per_minute: int = PER_MINUTE, clock: Callable[[], float] = time.monotonic) -> None:
        """``clock`` counts seconds."""
        self._hub = hub
        self._per_minute = per_minute
        self._clock = clock
        self._minute = 0
        self._asked: OrderedDict[str, int] = OrderedDict()

    async def respond(self, request: Request) -> Response:
        """The answer to any request at the hub's address."""
        if request.method != "POST":
            return _text(405, "this is a WebSub hub; subscribers POST to it", {"Allow": "POST"})
        if not self._may_ask(request.client.host if request.client else ""):
            return _text(429, f"more than {self._per_minute} requests a minute", {"Retry-After": "60"})
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
            return _text(415, f"send {_FORM}")
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await _body(request)
        except TimeoutError:
            return _text(408, f"the form did not arrive within {BODY_SECONDS:g} s", {"Connection": "close"})
        except ClientDisconnect:
            return _text(400, "the form did not arrive")
        if body is None:
            return _text(413, f"the form is larger than {MAX_BODY} bytes", {"Connection": "close"})
        try:
            form = parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
        except ValueError:
            return _text(400, f"the form is not UTF-8, or has more than {MAX_FIELDS} fields")
        status, sentence = await self._hub.handle(form)
        then = BackgroundTask(self._hub.verify) if status == 202 else None
        return _text(status, sentence, {"Retry-After": "60"} if status == 429 else {}, then)

    def _may_ask(self, client: str) -> bool:
        """Counted by the minute; of very many clients those that asked first are forgotten."""
        minute = int(self._clock() // 60)
        if minute != self._minute:
            self._minute = minute
            self._asked.clear()
        self._asked[client] = self._asked.get(client, 0) + 1
        if len(self._asked) > _CLIENTS:
            self._asked.popitem(last=False)
        return self._asked[client] <= self._per_minute


async def _body(request: Request) -> bytes | None:
    """The body; None where it is too large, as soon as that is known."""
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared[:12]) > MAX_BODY:
        return None
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MAX_BODY:
            return None
    return body


def _text(status: int, sentence: str, headers: dict[str, str] | None = None, then: BackgroundTask | None = None) -> Response:
    return PlainTextResponse(f"{sentence}\n", status, {"Cache-Control": "no-store", **(headers or {})}, background=then)
