"""Where Masthead may connect to. The check stands at the connection itself.

A name is resolved once, every address it has is judged, and the connection goes to one that passed. Resolving, judging and then
letting the HTTP library resolve again would let a name change in between (DNS rebinding).
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

import httpcore2

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
"""From a host and a port to IP addresses, the preferred first. Raises OSError."""

_NAT64 = IPv6Network("64:ff9b::/96")
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NOT_QUITE_PUBLIC = (
    IPv4Network("192.0.0.0/24"),  # RFC 6890; Python before 3.11.10 knows it in parts only, and Oracle's metadata server is in it
    IPv4Network("168.63.129.16/32"),  # Azure's, seen from inside
)


class ForbiddenError(Exception):
    """A host has only addresses that may not be connected to."""

    def __init__(self, host: str, address: str) -> None:
        super().__init__(f"{host} is {address}")
        self.address = address


async def resolve(host: str, port: int) -> list[str]:
    """Ask the system."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(sockaddr[0]) for *_, sockaddr in found]


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address belongs to the public internet (IANA special-purpose registries, RFC 6890)."""
    if isinstance(address, IPv6Address) and address not in _GLOBAL_UNICAST:
        return False
    if any(address in network for network in _NOT_QUITE_PUBLIC):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


class CheckedBackend(httpcore2.AsyncNetworkBackend):
    """Opens TCP connections to public addresses and to ``allowed`` networks only."""

    def __init__(self, allowed: Iterable[IPv4Network | IPv6Network], resolver: Resolver) -> None:
        self._allowed = tuple(allowed)
        self._resolver = resolver
        self._network = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore2's signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        try:
            addresses = _literal(host) or list(dict.fromkeys(await self._resolver(host, port)))
        except (OSError, UnicodeError) as error:  # UnicodeError: a label too long for IDNA
            raise httpcore2.ConnectError(f"the name {host} is not known: {error}") from error
        open_to_us = [address for address in addresses if self._may_connect(address)]
        if addresses and not open_to_us:
            raise ForbiddenError(host, addresses[0])
        failure: Exception = httpcore2.ConnectError(f"the name {host} has no address")
        for address in open_to_us:
            try:
                return await self._network.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        raise failure

    async def sleep(self, seconds: float) -> None:
        await self._network.sleep(seconds)

    def _may_connect(self, text: str) -> bool:
        address = _embedded(ip_address(text))
        return is_public(address) or any(address in network for network in self._allowed)


def _literal(host: str) -> list[str]:
    """The one address of a host that is an address, in any spelling: 127.1, 0x7f000001 and 2130706433 are 127.0.0.1."""
    try:
        return [str(ip_address(host))]
    except ValueError:
        pass
    try:
        return [socket.inet_ntoa(socket.inet_aton(host))]
    except OSError:
        return []


def _embedded(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that an IPv6 address stands for: ::ffff:127.0.0.1 is 127.0.0.1, and so behind a NAT64 gateway."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
