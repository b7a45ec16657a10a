"""A whole HTTP response, made once and sent many times."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from starlette.types import Message


@dataclass(frozen=True, slots=True)
class Answer:
    """Its two ASGI messages. ``is_feed``: whoever asked has read a feed."""

    status: int
    start: Message
    body: Message
    is_feed: bool


def answer(status: int, headers: Iterable[tuple[str, str]], body: bytes = b"", *, is_feed: bool = False) -> Answer:
    """A response with these headers; its length is told, but for a 304, where it would be that of what is not sent.

    To HEAD the server sends it without the body (RFC 9110 §9.3.2).
    """
    fields = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers]
    if status != 304:
        fields.append((b"content-length", str(len(body)).encode()))
    return Answer(
        status=status,
        start={"type": "http.response.start", "status": status, "headers": fields},
        body={"type": "http.response.body", "body": body},
        is_feed=is_feed,
    )
