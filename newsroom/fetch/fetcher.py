"""The fetcher: one GET at a time to a host, every hop checked, every answer bounded.

It keeps no cookies, takes no proxy and no netrc from the environment, and never sends what one server said to another.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import TracebackType
from typing import Self

import httpcore2
import httpx2

from newsroom.fetch.address import CheckedBackend, ForbiddenError, Resolver, resolve
from newsroom.fetch.errors import (
    AddressError,
    BadAnswerError,
    FetchError,
    FetchTimeoutError,
    PrivateAddressError,
    RedirectError,
    TooLargeError,
    UnreachableError,
)
from newsroom.fetch.pace import Pace
from newsroom.fetch.page import Page, Validators
from newsroom.fetch.refusal import refusal
from newsroom.fetch.robots import Robots
from newsroom.fetch.transport import CheckedTransport
from newsroom.settings import FetchSettings

MAX_REDIRECTS = 5
_REDIRECTS = {301, 302, 303, 307, 308}


def _no_validators(url: str) -> Validators | None:  # noqa: ARG001 - the shape of Fetcher's ``validators``
    return None


class Fetcher:
    """Reads pages; ``async with Fetcher(…) as fetch``.

    ``validators`` gives what an earlier reading of an address left; ``read`` collects what this one leaves, by final address,
    for the caller to keep once the pages were taken in. Not to be shared between event loops.
    """

    def __init__(
        self,
        settings: FetchSettings,
        *,
        user_agent: str,
        validators: Callable[[str], Validators | None] = _no_validators,
        resolver: Resolver = resolve,
    ) -> None:
        self.read: dict[str, Validators] = {}
        self._settings = settings
        self._seconds = settings.timeout.total_seconds()
        self._validators = validators
        self._pace = Pace()
        self._robots = Robots(self._read_robots)
        self._client = httpx2.AsyncClient(
            transport=CheckedTransport(CheckedBackend(settings.allow_private, resolver)),
            headers={"user-agent": user_agent, "accept": "*/*"},
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            # A dead address must leave time for the host's next one.
            timeout=httpx2.Timeout(self._seconds, connect=min(10.0, self._seconds / 3), pool=None),
            trust_env=False,
        )

    async def __aenter__(self) -> Self:
        await self._client.__aenter__()
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc_value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._client.__aexit__(exc_type, exc_value, traceback)

    async def get(self, url: str, *, conditional: bool = False) -> Page:
        """Read a page, following at most MAX_REDIRECTS redirects. Raises FetchError.

        A ``conditional`` reading asks whether the page changed since it was last read; if not, the page is ``not_modified``.
        ``fetch.timeout`` bounds each request from the connection to the last byte, waiting for one's turn aside.
        """
        target = _parsed(url)
        for _ in range(MAX_REDIRECTS + 1):
            rules = await self._robots.rules(target)
            rules.check(str(target))
            known = self._validators(str(target)) if conditional else None
            answer = await self._ask(target, max(self._settings.delay, rules.crawl_delay), known)
            if answer.status == 304 and known:
                return Page(url=str(target), content_type=answer.content_type, not_modified=True)
            if answer.location is None:
                self.read[str(target)] = answer.validators
                return Page(url=str(target), body=answer.body, content_type=answer.content_type)
            target = answer.location
        raise RedirectError(f"{url} redirected more than {MAX_REDIRECTS} times; check the address", url=url)

    async def _read_robots(self, url: str) -> bytes:
        target = _parsed(url)
        for _ in range(MAX_REDIRECTS + 1):
            answer = await self._ask(target, self._settings.delay)
            if answer.location is None:
                return answer.body
            target = answer.location
        raise RedirectError(f"{url} redirected more than {MAX_REDIRECTS} times", url=url)

    async def _ask(self, url: httpx2.URL, delay: float, known: Validators | None = None) -> _Answer:
        """One request in the host's turn. Raises FetchError unless the answer is a page, a redirect, or 304 where asked for."""
        async with self._pace.turn(url.host, delay):
            try:
                async with asyncio.timeout(self._seconds):
                    return await self._exchange(url, known or Validators())
            except (
                TimeoutError,
                ForbiddenError,
                httpcore2.TimeoutException,
                httpcore2.NetworkError,
                httpcore2.ProtocolError,
                httpx2.DecodingError,
            ) as error:
                raise self._translated(error, str(url)) from error

    async def _exchange(self, url: httpx2.URL, known: Validators) -> _Answer:
        asked = {"if-none-match": known.etag, "if-modified-since": known.last_modified}
        request = self._client.build_request("GET", url, headers={name: value for name, value in asked.items() if value})
        response = await self._client.send(request, stream=True, follow_redirects=False)
        try:
            status = response.status_code
            content_type = response.headers.get("content-type", "")
            if status == 200:
                return _Answer(status, content_type, await self._body(response, str(url)), _validators(response))
            if status == 304 and known != Validators():
                return _Answer(status, content_type)
            if status in _REDIRECTS:
                return _Answer(status, content_type, location=_location(response, url))
            raise refusal(response, str(url))
        finally:
            await response.aclose()

    async def _body(self, response: httpx2.Response, url: str) -> bytes:
        """The unpacked body. The library unpacks in pieces of a mebibyte, so a bomb is stopped at the limit, not after it."""
        accepted = {coding.strip() for coding in self._client.headers["accept-encoding"].split(",")} | {"identity"}
        packed = {coding.lower() for coding in response.headers.get_list("content-encoding", split_commas=True)} - accepted
        if packed:
            names = ", ".join(sorted(packed))
            raise BadAnswerError(f"{url} is packed in a way that was not asked for: {names!a}", url=url, status=200)
        limit = self._settings.max_bytes
        too_large = TooLargeError(
            f"{url} is larger than {limit:,} bytes; raise fetch.max_bytes if that is right", url=url, status=200
        )
        declared = response.headers.get("content-length", "")
        if declared.isdecimal() and int(declared) > limit:
            raise too_large
        body = bytearray()
        async with aclosing(response.aiter_bytes()) as parts:
            async for part in parts:
                body += part
                if len(body) > limit:
                    raise too_large
        return bytes(body)

    def _translated(self, error: Exception, url: str) -> FetchError:
        match error:
            case ForbiddenError():
                return PrivateAddressError(
                    f"{url} leads to {error.address}, which is not on the public internet; if the paper's server stands there, "
                    "add its network to fetch.allow_private",
                    url=url,
                )
            case TimeoutError() | httpcore2.TimeoutException():
                return FetchTimeoutError(
                    f"{url} was not answered completely within {self._seconds:g} s; try again, or raise fetch.timeout", url=url
                )
            case httpcore2.NetworkError():
                return UnreachableError(
                    f"{url} cannot be reached ({error}); check the address, the network and the server", url=url
                )
            case _:
                return BadAnswerError(f"{url} was not answered in proper HTTP ({error})", url=url)


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    content_type: str = ""
    body: bytes = b""
    validators: Validators = field(default_factory=Validators)
    location: httpx2.URL | None = None


def _parsed(url: str, base: httpx2.URL | None = None) -> httpx2.URL:
    try:
        parsed = base.join(url) if base else httpx2.URL(url)
    except httpx2.InvalidURL as error:
        raise AddressError(f"{url[:200]!a} is not an address: {error}", url=url) from error
    if parsed.scheme not in ("http", "https") or not parsed.host or not 0 < (parsed.port or 80) < 65536:
        raise AddressError(f"{url[:200]!a} is not an address that starts with http:// or https://", url=url)
    if parsed.userinfo:
        raise AddressError(f"the address at {parsed.host} has a user name in it; take that out", url=url)
    return parsed.copy_with(fragment=None)


def _location(response: httpx2.Response, url: httpx2.URL) -> httpx2.URL:
    location = response.headers.get("location", "")
    if not location:
        raise RedirectError(f"{url} redirected to nowhere ({response.status_code} without Location)", url=str(url))
    return _parsed(location, url)


def _validators(response: httpx2.Response) -> Validators:
    """What can be sent back as it came; a server's broken header must not break the next request."""
    etag, last_modified = (
        value if len(value) <= 500 and value.isascii() and value.isprintable() else ""
        for value in (response.headers.get("etag", ""), response.headers.get("last-modified", ""))
    )
    return Validators(etag, last_modified)
