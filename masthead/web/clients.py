"""Who asks, and how much: the address behind trusted proxies, and an allowance for each."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Collection
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

import structlog

MOST_CLIENTS = 50_000
CHEAP = 0.1
"""What a request costs that is answered with 304."""
_LONGEST = 1000
"""Bytes of X-Forwarded-For, from its end, that are looked at."""
_PAUSE = 60.0
"""Seconds between two lines in the log about clients that were refused."""
_log = structlog.get_logger(__name__)


class Clients:
    """Tells whose request it is. What X-Forwarded-For says is believed of ``proxies`` only."""

    def __init__(self, proxies: Collection[IPv4Network | IPv6Network]) -> None:
        self._proxies = tuple(proxies)
        self.is_trusted: Callable[[str], bool] = lru_cache(maxsize=1024)(self._is_trusted)
        """Whether this address is a proxy of ours."""

    def address(self, peer: str, forwarded: bytes | None) -> str:
        """The client's address: that of the connection, or the last of X-Forwarded-For that is no proxy of ours.

        A proxy's own, where it does not say for whom it asks.
        """
        if forwarded is None or not self.is_trusted(peer):
            return peer
        for hop in reversed(forwarded[-_LONGEST:].decode("latin-1").split(",")):
            found = _parse(hop)
            if found is None:
                break
            peer = str(found)
            if not self.is_trusted(peer):
                break
        return peer

    def _is_trusted(self, address: str) -> bool:
        found = _parse(address)
        return found is not None and any(found in network for network in self._proxies)


class Allowance:
    """Keeps one client from taking what is there for all: ``rate`` requests a minute, which may also come at once.

    The generic cell rate algorithm (ITU-T I.371), one number a client: the moment until which what it took is used up. Of IPv6
    a whole /64 is one client: that is what a household gets. Not for use by several threads at once.
    """

    def __init__(self, rate: int, *, clock: Callable[[], float] = time.monotonic, clients: int = MOST_CLIENTS) -> None:
        """``clock`` tells seconds; of ``clients`` the numbers are kept, those that asked last."""
        self._each = 60.0 / rate
        self._clock = clock
        self._most = clients
        self._until: OrderedDict[str, float] = OrderedDict()
        self._refused = 0
        self._logged = -math.inf

    def ask(self, client: str) -> float:
        """Count a request, the cheapest that there is; returns the seconds after which the client may ask again, 0 if it may now."""
        now = self._clock()
        key = _household(client)
        until = self._until.get(key, now)
        if (excess := until - now - 60.0) > 0:
            self._report(key, now)
            return excess
        self._until[key] = max(until, now) + CHEAP * self._each
        self._until.move_to_end(key)
        if len(self._until) > self._most:
            self._until.popitem(last=False)
        return 0.0

    def charge(self, client: str, cost: float) -> None:
        """Count what a request that was let in has cost, 1 for a plain one."""
        self._until[_household(client)] += (cost - CHEAP) * self._each

    def _report(self, client: str, now: float) -> None:
        """Say it, but not for each request: whoever floods would fill the log as well."""
        self._refused += 1
        if now - self._logged >= _PAUSE:
            _log.warning("too many requests, web.rate", client=client, refused=self._refused)
            self._refused, self._logged = 0, now


@lru_cache(maxsize=4096)
def _household(client: str) -> str:
    found = _parse(client)
    return str(IPv6Network((int(found) >> 64 << 64, 64))) if isinstance(found, IPv6Address) else client


def _parse(address: str) -> IPv4Address | IPv6Address | None:
    """An address as sockets and proxies write it: also with a port, and IPv4 within IPv6."""
    text = address.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found
