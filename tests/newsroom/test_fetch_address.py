from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import threading
from collections.abc import Sequence
from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.fetch import Fetcher, Page, PrivateAddressError, UnreachableError, is_public
from newsroom.fetch.address import CheckedBackend, ForbiddenError, resolve
from newsroom.settings import FetchSettings
from tests.servers import HttpServer

SPECIAL = [
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.0.192",
    "192.0.2.1",
    "192.168.0.1",
    "198.18.0.1",
    "224.0.0.251",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:10.0.0.1",
    "::127.0.0.1",
    "64:ff9b::a00:1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
]


class Names:
    """A name server of our own: the outside world, which tests may not ask. Each question takes the next answer, the last stays."""

    def __init__(self, **answers: Sequence[str]) -> None:
        self.answers = {host.replace("_", "."): list(addresses) for host, addresses in answers.items()}
        self.asked: list[str] = []

    async def __call__(self, host: str, _port: int) -> list[str]:
        self.asked.append(host)
        answers = self.answers[host]
        return (answers.pop(0) if len(answers) > 1 else answers[0]).split()


def get(url: str, names: Names, *allowed: str) -> Page:
    settings = FetchSettings.model_validate({"allow_private": allowed, "delay": 0, "timeout": "5s"})

    async def read() -> Page:
        async with Fetcher(settings, user_agent="Masthead/0.1", resolver=names) as fetch:
            return await fetch.get(url)

    return asyncio.run(read())


@pytest.mark.parametrize("address", SPECIAL)
def test_special_addresses_are_not_public(address: str) -> None:
    """A link in an article must not read the cloud's metadata server or the newsroom's printers."""
    found = ip_address(address)
    if "ffff:" not in address and not address.startswith(("64:ff9b::", "2002:")):
        assert not is_public(found)
    with pytest.raises(PrivateAddressError, match=r"add its network to fetch\.allow_private") as caught:
        get("http://news.example/", Names(news_example=[address]))
    assert address in str(caught.value)
    assert caught.value.permanent


@pytest.mark.parametrize("address", ["1.1.1.1", "121.254.133.1", "2606:4700::1111", "2400:cb00::1"])
def test_public_addresses_are(address: str) -> None:
    """Papers stand there."""
    assert is_public(ip_address(address))


@given(st.ip_addresses())
def test_nothing_private_is_public(address: object) -> None:
    """The rule is stricter than the standard library's, never laxer."""
    found = ip_address(str(address))
    if is_public(found):
        assert found.is_global
        assert not found.is_multicast


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "0x7f000001",
        "0x7f.1",
        "2130706433",
        "017700000001",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
    ],
)
def test_every_spelling_of_an_address_is_seen_through(host: str) -> None:
    """Decimal, octal and mapped spellings are how such checks are usually got round."""
    names = Names()
    with pytest.raises(PrivateAddressError):
        get(f"http://{host}/", names)
    assert names.asked == []


def test_the_demo_paper_on_loopback_is_read_when_allowed(http_server: HttpServer) -> None:
    """The repository's own configuration allows it; a mapped address counts as the IPv4 address it is."""
    http_server.serve("/", "page")
    port = http_server.url.rpartition(":")[2]
    for host in ("127.0.0.1", "localhost.example"):
        assert get(f"http://{host}:{port}/", Names(localhost_example=["127.0.0.1"]), "127.0.0.0/8").body == b"page"
    with pytest.raises(PrivateAddressError):
        get(http_server.url, Names(), "10.0.0.0/8")


def test_a_redirect_into_the_private_network_is_refused(http_server: HttpServer) -> None:
    """The public page is harmless, the hop is not."""
    names = Names(public_example=["127.0.0.1"], metadata_example=["169.254.169.254"])
    port = http_server.url.rpartition(":")[2]
    for location in (
        "http://169.254.169.254/latest/meta-data/",
        "http://metadata.example/",
        "http://[fd00:ec2::254]/",
        "//10.0.0.1/",
    ):
        http_server.redirect("/", location)
        with pytest.raises(PrivateAddressError):
            get(f"http://public.example:{port}/", names, "127.0.0.0/8")


def test_robots_txt_is_no_way_into_the_private_network(http_server: HttpServer) -> None:
    """It is fetched under the same rules as any page."""
    http_server.redirect("/robots.txt", "http://10.0.0.1/robots.txt")
    http_server.serve("/", "page")
    with pytest.raises(PrivateAddressError):
        get(http_server.url, Names(), "127.0.0.0/8")


def test_a_name_that_changes_after_the_check_does_not_help(http_server: HttpServer) -> None:
    """DNS rebinding: public when judged, private when connected to. There is one question for each connection, and its answer is used."""
    port = http_server.url.rpartition(":")[2]
    http_server.serve("/", "secret", headers={"Connection": "close"})
    names = Names(rebind_example=["10.0.0.1", "127.0.0.1"])
    with pytest.raises(PrivateAddressError):
        get(f"http://rebind.example:{port}/", names, "127.0.0.0/8")
    assert names.asked == ["rebind.example"]
    names = Names(rebind_example=["127.0.0.1", "127.0.0.1", "10.0.0.1"])
    assert get(f"http://rebind.example:{port}/", names, "127.0.0.0/8").body == b"secret"
    assert names.asked == ["rebind.example"] * 2
    assert http_server.requests[-1].headers["Host"] == f"rebind.example:{port}"


def test_the_public_address_of_a_host_with_both_is_used(http_server: HttpServer) -> None:
    """Split name servers answer with both; the other address is not even tried (tests/conftest.py fails on that)."""
    port = http_server.url.rpartition(":")[2]
    http_server.serve("/", "page")
    assert get(f"http://both.example:{port}/", Names(both_example=["10.0.0.1 127.0.0.1"]), "127.0.0.0/8").body == b"page"


def test_the_next_address_is_tried_when_one_is_dead(http_server: HttpServer) -> None:
    """One of two servers is down for maintenance: the paper is still there."""
    port = http_server.url.rpartition(":")[2]
    http_server.serve("/", "page")
    assert get(f"http://two.example:{port}/", Names(two_example=["127.0.0.99 127.0.0.1"]), "127.0.0.0/8").body == b"page"


def test_tls_is_asked_for_the_name_and_not_for_the_checked_address() -> None:
    """Connecting to an address that was resolved before must not lose SNI: shared servers would show another paper's certificate."""
    asked: list[str | None] = []

    def remember(_connection: ssl.SSLObject, name: str | None, _context: ssl.SSLContext) -> None:
        asked.append(name)

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)  # without a certificate the handshake fails, but the name has been said
    context.sni_callback = remember
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection, contextlib.suppress(ssl.SSLError):
                context.wrap_socket(connection, server_side=True)

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(UnreachableError, match="SSL"):
            get(f"https://news.example:{server.getsockname()[1]}/", Names(news_example=["127.0.0.1"]), "127.0.0.0/8")
        thread.join()
    assert asked == ["news.example"]


def test_a_name_without_addresses_is_unreachable() -> None:
    """Neither forbidden nor found."""
    with pytest.raises(UnreachableError, match="has no address"):
        get("http://empty.example/", Names(empty_example=[""]))


def test_a_name_that_cannot_be_spelt_is_unreachable() -> None:
    """Python's resolver raises UnicodeError for an empty or overlong label, which is no OSError."""

    async def connect() -> None:
        await CheckedBackend([ip_network("127.0.0.0/8")], resolve).connect_tcp("a..b", 80)

    with pytest.raises(Exception, match=r"a\.\.b") as caught:
        asyncio.run(connect())
    assert not isinstance(caught.value, ForbiddenError | UnicodeError)
