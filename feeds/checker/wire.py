"""Requests as readers make them, bounded in size and time. The operator names the addresses, so private ones are allowed."""

from __future__ import annotations

import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import httpx2

from feeds.errors import FeedsError

AGENT = "masthead-feeds-check/1.0"
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
MOST_BYTES = 60_000_000


class UnreachableError(FeedsError):
    """The address does not answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A response; the body is as it came, perhaps compressed."""

    status: int
    headers: httpx2.Headers
    body: bytes

    def header(self, name: str) -> str:
        """The header's value, several of them joined by commas; nothing if it is not there."""
        return self.headers.get(name, "")

    @property
    def coding(self) -> str:
        return self.header("content-encoding").lower().replace("identity", "").strip()

    def plain(self) -> bytes:
        """The body without gzip. Raises UnreachableError for what is no gzip, or grows beyond bounds."""
        return unzipped(self.body) if self.coding == "gzip" else self.body


class Wire:
    """Asks without following redirects, without cookies, and never with Accept-Encoding unless it is given."""

    def __init__(self, *, seconds: float = 30) -> None:
        self._seconds = seconds
        self._client = httpx2.Client(trust_env=False, follow_redirects=False, timeout=httpx2.Timeout(seconds, connect=10))
        self._client.headers["user-agent"] = AGENT
        del self._client.headers["accept-encoding"]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self._client.close()

    def ask(self, address: str, headers: Mapping[str, str] | None = None, *, method: str = "GET") -> Answer:
        """One exchange. Raises UnreachableError."""
        deadline = time.monotonic() + self._seconds
        body = bytearray()
        self._client.cookies.clear()
        try:
            with self._client.stream(method, address, headers=headers) as response:
                for chunk in response.iter_raw():
                    body += chunk
                    if len(body) > MOST_BYTES:
                        raise UnreachableError(f"{address} answers with more than {MOST_BYTES:,} bytes")
                    if time.monotonic() > deadline:
                        raise UnreachableError(f"{address} takes longer than {self._seconds:g} seconds")
                return Answer(response.status_code, response.headers, bytes(body))
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise UnreachableError(f"{address} cannot be read: {str(error) or type(error).__name__}") from error


def unzipped(data: bytes) -> bytes:
    """What gzip holds. Raises UnreachableError."""
    machine = zlib.decompressobj(wbits=31)
    try:
        plain = machine.decompress(data, MOST_BYTES)
    except zlib.error as error:
        raise UnreachableError(f"the gzip cannot be opened: {error}") from error
    if machine.unconsumed_tail or not machine.eof:
        raise UnreachableError(f"the gzip is cut off, or holds more than {MOST_BYTES:,} bytes")
    return plain
