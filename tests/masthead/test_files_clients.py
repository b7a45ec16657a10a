"""Who asks, and how much of it: nobody can take the server from the others, and nobody is challenged (rule W6)."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from structlog.testing import capture_logs

from masthead.web.clients import Allowance, Clients
from masthead.web.files import PublishedFiles
from masthead.web.front import Front
from tests.masthead.web import ask, served

PROXIES = (ip_network("127.0.0.0/8"), ip_network("10.1.0.0/16"))
RATE = 10


class SetTime:
    """Seconds that a test sets."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> SetTime:
    return SetTime()


@pytest.fixture
def seen() -> list[tuple[str, bytes, str]]:
    """Feeds that were read."""
    return []


@pytest.fixture
def site(tmp_path: Path, clock: SetTime, seen: list[tuple[str, bytes, str]]) -> Iterator[str]:
    """The address of a server behind a proxy, with an allowance of ten requests a minute."""
    for name in ("front.atom", "front.json", "index.html", "feeds.opml"):
        (tmp_path / name).write_bytes(b"<feed/>")

    def who(request: Request) -> PlainTextResponse:
        return PlainTextResponse(request.client.host if request.client else "")

    pages = Starlette(routes=[Route("/{path:path}", who, methods=["GET", "POST"])])
    files = PublishedFiles(tmp_path, base="https://feeds.hangang.example")
    allowance = Allowance(RATE, clock=clock)
    with served(Front(files, pages, Clients(PROXIES), allowance=allowance, seen=lambda *reader: seen.append(reader))) as url:
        yield url


def behind(client: str) -> dict[str, str]:
    return {"X-Forwarded-For": client}


def test_whoever_asks_without_end_is_told_when_to_come_back(site: str, clock: SetTime) -> None:
    """One broken script would keep everybody else from the news; or be answered 403 and never come back."""
    answers = [ask(site, "/front.atom", headers=behind("192.0.2.1")) for _ in range(RATE + 3)]
    assert [answer.status for answer in answers] == [200] * (RATE + 1) + [429] * 2
    refused = answers[-1]
    assert refused.headers["Retry-After"] == "6"
    assert refused.headers["Cache-Control"] == "no-store"
    assert ask(site, "/front.atom", headers=behind("192.0.2.2")).status == 200, "another client"
    clock.now += 6
    assert ask(site, "/front.atom", headers=behind("192.0.2.1")).status == 200
    assert ask(site, "/front.atom", headers=behind("192.0.2.1")).status == 429
    clock.now += 120
    assert [ask(site, "/nowhere", headers=behind("192.0.2.1")).status for _ in range(RATE + 2)] == [200] * (RATE + 1) + [429]


def test_a_polite_reader_may_ask_ten_times_as_often(site: str) -> None:
    """A hosted reader that polls five hundred feeds would be refused for doing everything right."""
    polite = {**behind("192.0.2.1"), "If-None-Match": "*"}
    assert {ask(site, "/front.atom", headers=polite).status for _ in range(RATE * 10)} == {304}
    assert {ask(site, "/front.atom", headers=polite).status for _ in range(3)} >= {429}


def test_machines_that_ask_for_many_are_not_refused(site: str) -> None:
    """Readers who press "unsubscribe" in a big company's mail would go on getting it, and monitors raise an alarm."""
    for path, method in (("/health", "GET"), ("/unsubscribe/token", "POST"), ("/hub", "POST")):
        body = b"" if method == "POST" else None
        answers = [ask(site, path, method, body=body, headers=behind("192.0.2.1")) for _ in range(RATE + 3)]
        assert {answer.status for answer in answers} == {200}


def test_a_proxy_that_does_not_say_for_whom_is_not_refused(site: str) -> None:
    """All readers of a paper would share one allowance."""
    assert {ask(site, "/front.atom").status for _ in range(RATE + 3)} == {200}


def test_pages_know_who_asks(site: str) -> None:
    """The hub would count all its subscribers as one."""
    assert ask(site, "/who", headers=behind("192.0.2.9")).text == "192.0.2.9"
    assert ask(site, "/who").text == "127.0.0.1"


def test_reading_a_feed_is_seen_once(site: str, seen: list[tuple[str, bytes, str]]) -> None:
    """The paper would count its monitors and its pages as readers, or count nobody."""
    reader = {**behind("192.0.2.1"), "User-Agent": "Feedly/1.0 (3 subscribers)"}
    ask(site, "/front.atom", headers=reader)
    ask(site, "/front.json", headers={**reader, "If-None-Match": "*"})
    for path, method in (("/front.atom", "HEAD"), ("/", "GET"), ("/feeds.opml", "GET"), ("/who", "GET"), ("/front.atom", "POST")):
        ask(site, path, method, headers=reader)
    for _ in range(RATE + 3):
        ask(site, "/", headers=reader)
    assert ask(site, "/front.atom", headers=reader).status == 429
    agent = b"Feedly/1.0 (3 subscribers)"
    assert seen == [("/front.atom", agent, "192.0.2.1"), ("/front.json", agent, "192.0.2.1")]


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("198.51.100.7", None, "198.51.100.7"),
        ("198.51.100.7", "192.0.2.1", "198.51.100.7"),  # anybody can say that
        ("127.0.0.1", None, "127.0.0.1"),
        ("127.0.0.1", "192.0.2.1", "192.0.2.1"),
        ("127.0.0.1", "203.0.113.5, 192.0.2.1", "192.0.2.1"),  # what comes before was said by the client itself
        ("127.0.0.1", "203.0.113.5, 192.0.2.1, 10.1.2.3", "192.0.2.1"),
        ("127.0.0.1", "10.1.0.1, 10.1.2.3", "10.1.0.1"),
        ("127.0.0.1", "192.0.2.1:4711", "192.0.2.1"),
        ("127.0.0.1", "[2001:db8::1]:4711", "2001:db8::1"),
        ("127.0.0.1", "2001:db8::1", "2001:db8::1"),
        ("::ffff:127.0.0.1", "::ffff:192.0.2.1", "192.0.2.1"),
        ("127.0.0.1", "192.0.2.1, unknown", "127.0.0.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("", "192.0.2.1", ""),
    ],
)
def test_the_client_is_who_our_own_proxy_saw(peer: str, forwarded: str | None, client: str) -> None:
    """An abuser would invent an address for each request, or give somebody else's."""
    assert Clients(PROXIES).address(peer, None if forwarded is None else forwarded.encode()) == client


@given(st.binary(max_size=80))
def test_no_header_breaks_it(forwarded: bytes) -> None:
    """One request with a header that nobody thought of would be answered with an error."""
    assert Clients(PROXIES).address("127.0.0.1", forwarded)


def test_a_household_of_ipv6_is_one_client(clock: SetTime) -> None:
    """An abuser has 18,446,744,073,709,551,616 addresses, each with an allowance."""
    allowance = Allowance(RATE, clock=clock)
    waits = [allowance.ask(f"2001:db8::{number:x}") for number in range(200)]
    assert waits[0] == 0.0
    assert waits[-1] > 0.0
    assert allowance.ask("2001:db8:0:1::1") == 0.0


def test_the_clients_that_are_known_have_a_limit(clock: SetTime) -> None:
    """An attack from a million addresses would fill the machine's memory."""
    allowance = Allowance(RATE, clock=clock, clients=100)
    for number in range(1000):
        allowance.ask(f"client {number}")
        allowance.charge(f"client {number}", 1.0)
    assert list(allowance._until) == [f"client {number}" for number in range(900, 1000)]


def test_a_refusal_is_logged_but_not_each(clock: SetTime) -> None:
    """An operator would not learn that a proxy of his own is refused; or the log fill the disk."""
    allowance = Allowance(RATE, clock=clock)
    with capture_logs() as logged:
        for _ in range(500):
            allowance.ask("192.0.2.1")
        clock.now += 61
        for _ in range(500):
            allowance.ask("192.0.2.1")
    assert [(line["client"], line["log_level"]) for line in logged] == [("192.0.2.1", "warning")] * 2
    assert logged[1]["refused"] > 300
