"""What a site allows us (RFC 9309), read once for each host."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import httpx2
from protego import Protego

from newsroom.fetch.agent import PRODUCT
from newsroom.fetch.errors import FetchError, PrivateAddressError, RedirectError, RobotsError, UnreachableError

MAX_CRAWL_DELAY = 30.0
"""Seconds. A Crawl-delay beyond this is a way to say no; robots.txt has a plain one for that."""

_MAX_BYTES = 512 * 1024  # RFC 9309 §2.5 asks for 500 KiB at least
_MAX_AGE = 3600.0  # seconds; RFC 9309 §2.4 allows a day
_MAX_AGE_OF_FAILURE = 60.0
_HOSTS_KEPT = 1000
_AGENT_LINE = re.compile(r"\s*user[-\s]*agent[\s:]+(.*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rules:
    """What the robots.txt at ``url`` says to Masthead. After a ``failure`` to read it nothing may be read for now."""

    url: str
    parsed: Protego
    failure: FetchError | None = None

    def check(self, url: str) -> None:
        """Raises RobotsError unless the address may be read, or the failure itself if that tells more."""
        if isinstance(self.failure, UnreachableError | PrivateAddressError):
            raise type(self.failure)(str(self.failure), url=url)
        if self.failure:
            raise RobotsError(f"{url} is not read while {self.url} cannot be: {self.failure}", url=url)
        if not self.parsed.can_fetch(url, PRODUCT):
            raise RobotsError(
                f"{self.url} does not let Masthead read {url}; ask the site's operators to allow it", url=url, permanent=True
            )

    @property
    def crawl_delay(self) -> float:
        """The pause in seconds that the site asks for, up to MAX_CRAWL_DELAY; 0 where it asks for none."""
        return min(self.parsed.crawl_delay(PRODUCT) or 0.0, MAX_CRAWL_DELAY)


@dataclass(slots=True)
class _Kept:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    rules: Rules | None = None
    until: float = 0.0


class Robots:
    """Knows the rules of every site met, the last thousand of them. ``read`` fetches a robots.txt or raises FetchError."""

    def __init__(self, read: Callable[[str], Awaitable[bytes]]) -> None:
        self._read = read
        self._kept: dict[str, _Kept] = {}

    async def rules(self, url: httpx2.URL) -> Rules:
        """The rules for this address, whether or not they could be read."""
        address = str(url.copy_with(raw_path=b"/robots.txt", fragment=None))
        kept = self._kept.pop(address, None) or _Kept()
        self._kept[address] = kept  # last used, last to go
        if len(self._kept) > _HOSTS_KEPT:
            del self._kept[next(iter(self._kept))]
        clock = asyncio.get_running_loop().time
        async with kept.lock:
            if kept.rules is None or clock() >= kept.until:
                kept.rules = await self._fetch(address)
                kept.until = clock() + (_MAX_AGE_OF_FAILURE if kept.rules.failure else _MAX_AGE)
        return kept.rules

    async def _fetch(self, address: str) -> Rules:
        """A missing file allows everything, a failing server nothing (RFC 9309 §2.3.1.2 to .4); 429 is a failing one."""
        try:
            return Rules(address, _parsed(await self._read(address)))
        except FetchError as error:
            missing = error.status is not None and 400 <= error.status < 500 and error.status != 429
            return Rules(address, Protego(), None if missing or isinstance(error, RedirectError) else error)


def _parsed(body: bytes) -> Protego:
    """Protego's time grows with agents × rules of a group, so the names of all other robots become one."""
    lines = body[:_MAX_BYTES].decode("utf-8-sig", "replace").splitlines()
    for number, line in enumerate(lines):
        agent = _AGENT_LINE.match(line)
        if agent and "*" not in agent[1] and PRODUCT.lower() not in agent[1].lower():
            lines[number] = "User-agent: other"
    return Protego.parse("\n".join(lines))
