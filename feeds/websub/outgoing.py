"""Requests to servers that anybody may have named: no private address, no redirect, no endless answer."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network
from types import TracebackType
from typing import Self

import httpcore2
import httpx2

from feeds.websub.errors import PeerError
from newsroom.fetch.address import CheckedBackend, ForbiddenError, Resolver
from newsroom.fetch.transport import CheckedTransport

MAX_ANSWER = 4096
"""Bytes of an answer that are read. One that is longer is cut off, and its connection closed."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A server's answer, at most the first MAX_ANSWER bytes of it and some."""

    status: int
    body: bytes = b""

    @property
    def accepted(self) -> bool:
        """Whether the status is 2xx. A redirect is not followed and is none."""
        return 200 <= self.status < 300


class Outgoing:
    """``async with Outgoing(…) as outgoing``. Not to be shared between event loops."""

    def __init__(
        self,
        *,
        user_agent: str,
        allow_private: Iterable[IPv4Network | IPv6Network],
        timeout: timedelta,
        connections: int,
        resolver: Resolver | None = None,
    ) -> None:
        """``timeout`` is for a whole exchange; ``resolver`` asks the system where it is None."""
        self._seconds = timeout.total_seconds()
        # A dead address must leave time for the host's next one.
        self._extensions = {"timeout": {"connect": self._seconds / 3}}
        self._headers = {"user-agent": user_agent, "accept": "*/*", "accept-encoding": "identity"}
        # Names of their own: in the event loop's few threads, a handful of names without an answer would hold up everything.
        self._lookups = ThreadPoolExecutor(max_workers=connections, thread_name_prefix="websub-names")
        backend = CheckedBackend(allow_private, resolver or self._resolve)
        self._transport = CheckedTransport(backend, max_connections=connections)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc_value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._transport.aclose()
        self._lookups.shutdown(wait=False, cancel_futures=True)

    async def send(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, content: bytes | None = None
    ) -> Answer:
        """One request. Raises PeerError where no status came in time; once it came, the rest of the answer may fail to."""
        status = 0
        try:
            request = httpx2.Request(
                method, url, headers={**self._headers, **(headers or {})}, content=content, extensions=self._extensions
            )
            async with asyncio.timeout(self._seconds):
                response = await self._transport.handle_async_request(request)
                status = response.status_code
                try:
                    return Answer(status, await _beginning(response))
                finally:
                    await response.aclose()
        except ForbiddenError as error:
            raise PeerError(f"the name leads to {error.address}, which is not on the public internet") from error
        except httpx2.InvalidURL as error:
            raise PeerError(f"not a web address: {error}") from error
        except (TimeoutError, httpcore2.TimeoutException, httpcore2.NetworkError, httpcore2.ProtocolError) as error:
            if status:
                return Answer(status)
            if isinstance(error, TimeoutError | httpcore2.TimeoutException):
                raise PeerError(f"no answer within {self._seconds:g} s") from error
            raise PeerError(f"cannot be reached: {error}") from error

    async def _resolve(self, host: str, port: int) -> Sequence[str]:
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._lookups, _addresses, host, port)
        return [str(sockaddr[0]) for *_, sockaddr in found]


def _addresses(host: str, port: int) -> list[tuple[object, object, object, str, tuple[object, ...]]]:
    return [*socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


async def _beginning(response: httpx2.Response) -> bytes:
    body = b""
    async with aclosing(response.aiter_raw()) as parts:
        async for part in parts:
            body += part
            if len(body) > MAX_ANSWER:
                break
    return body
