"""The front door: published files are answered here and now, everything else goes on to the application that makes pages.

Nothing is made for a request that was made before: on one core a router and its request and response objects cost as much again
as the server below them.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send

from masthead.web.answer import Answer, answer
from masthead.web.clients import Allowance, Clients
from masthead.web.files import PublishedFiles
from masthead.web.negotiation import Fields, fields_of

Seen = Callable[[str, bytes, str], None]
"""Told of every feed that was read: its path, the User-Agent, the client's address."""
UNLIMITED = ("/health", "/unsubscribe/", "/hub")
"""What is asked by machines of others' on behalf of many: monitors, mail providers (RFC 8058), hubs' subscribers."""


class Front:
    """An ASGI application before another one."""

    def __init__(
        self, files: PublishedFiles, pages: ASGIApp, clients: Clients, *, allowance: Allowance | None, seen: Seen | None
    ) -> None:
        """Without an ``allowance`` anybody may ask without end."""
        self._files = files
        self._pages = pages
        self._clients = clients
        self._allowance = allowance
        self._seen = seen

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._pages(scope, receive, send)
            return
        fields, path, method = fields_of(scope["headers"]), scope["path"], scope["method"]
        client = self._client(scope, fields)
        allowance = None if self._is_unlimited(path, client) else self._allowance
        if allowance is not None and (wait := allowance.ask(client)):
            found: Answer | None = _refusal(wait)
        else:
            found = self._files.answer(path, fields) if method in {"GET", "HEAD"} else None
            if allowance is not None and (found is None or found.status != 304):
                allowance.charge(client, 1.0)
        if found is None:
            await self._pages(scope, receive, send)
            return
        await send(found.start)
        await send(found.body)
        if found.is_feed and self._seen is not None and method == "GET":
            self._seen(path, fields.get(b"user-agent", b""), client)

    def _is_unlimited(self, path: str, client: str) -> bool:
        """A proxy that does not say for whom it asks, asks for everybody."""
        return path.startswith(UNLIMITED) or self._clients.is_trusted(client)

    def _client(self, scope: Scope, fields: Fields) -> str:
        """The client's address, which the pages are told as well."""
        peer: str = scope["client"][0] if scope.get("client") else ""
        client = self._clients.address(peer, fields.get(b"x-forwarded-for"))
        if client != peer:
            scope["client"] = (client, 0)
        return client


def _refusal(wait: float) -> Answer:
    headers = [
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Cache-Control", "no-store"),
        ("Retry-After", str(math.ceil(wait))),
    ]
    return answer(429, headers, b"Too many requests. Come back later.\n")
