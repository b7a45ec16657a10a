from __future__ import annotations

import asyncio
import time
from http.server import BaseHTTPRequestHandler

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.fetch import Fetcher, Page, RobotsError
from newsroom.fetch.robots import MAX_CRAWL_DELAY, Robots, Rules
from newsroom.settings import FetchSettings
from tests.servers import HttpServer

SETTINGS = FetchSettings.model_validate({"allow_private": ["127.0.0.0/8"], "delay": 0, "timeout": "5s"})


def get(*urls: str) -> list[Page]:
    async def read() -> list[Page]:
        async with Fetcher(SETTINGS, user_agent="Masthead/0.1 (+https://paper.example; for paper.example)") as fetch:
            return [await fetch.get(url) for url in urls]

    return asyncio.run(read())


def allows(found: Rules, url: str) -> bool:
    try:
        found.check(url)
    except RobotsError:
        return False
    return True


def rules(robots: bytes) -> Rules:
    async def read(url: str) -> bytes:
        assert url == "http://paper.example/robots.txt"
        return robots

    return asyncio.run(Robots(read).rules(httpx2.URL("http://paper.example/article/1?page=2#top")))


def test_what_a_site_disallows_is_not_read(http_server: HttpServer) -> None:
    """A paper that says no must be able to rely on it."""
    http_server.serve(
        "/robots.txt",
        "User-agent: *\nDisallow: /member\n\nUser-agent: Masthead\nDisallow: /archive/\n",
        content_type="text/plain",
    )
    http_server.serve("/member", "for others")
    http_server.serve("/archive/1", "not for us")
    assert get(f"{http_server.url}/member")[0].body == b"for others"
    with pytest.raises(RobotsError, match=r"/robots\.txt does not let Masthead read .*/archive/1") as caught:
        get(f"{http_server.url}/archive/1")
    assert caught.value.permanent
    assert http_server.paths() == ["/member"]


def test_a_redirect_to_a_disallowed_page_is_not_followed(http_server: HttpServer) -> None:
    """Each hop is a request of its own."""
    http_server.serve("/robots.txt", "User-agent: *\nDisallow: /hidden")
    http_server.serve("/hidden", "no")
    http_server.redirect("/", "/hidden")
    with pytest.raises(RobotsError):
        get(http_server.url)
    assert http_server.paths() == ["/"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_no_robots_txt_allows_everything(http_server: HttpServer, status: int) -> None:
    """RFC 9309 §2.3.1.3; most papers have none."""
    http_server.serve("/robots.txt", "User-agent: *\nDisallow: /", status=status)
    http_server.serve("/", "page")
    assert get(http_server.url)[0].body == b"page"


@pytest.mark.parametrize("status", [429, 500, 503])
def test_while_robots_txt_fails_nothing_is_read(http_server: HttpServer, status: int) -> None:
    """RFC 9309 §2.3.1.4: a server in trouble must not be read as if it had agreed. It is asked again later."""
    http_server.serve("/robots.txt", status=status)
    http_server.serve("/", "page")
    with pytest.raises(RobotsError, match=f"answered {status}") as caught:
        get(http_server.url)
    assert not caught.value.permanent
    assert http_server.paths() == []


def test_robots_txt_is_asked_for_once(http_server: HttpServer) -> None:
    """Twice the requests for nothing."""
    http_server.redirect("/robots.txt", "/moved/robots.txt", 301)
    http_server.serve("/moved/robots.txt", "User-agent: *\nDisallow: /no")
    http_server.serve("/", "page")
    get(*[http_server.url] * 3)
    assert [request.path for request in http_server.requests] == ["/robots.txt", "/moved/robots.txt", "/", "/", "/"]


def test_a_robots_txt_that_goes_in_circles_counts_as_missing(http_server: HttpServer) -> None:
    """RFC 9309 §2.3.1.2; sites that redirect every unknown address to a login are common."""
    http_server.redirect("/robots.txt", "/robots.txt")
    http_server.serve("/", "page")
    assert get(http_server.url)[0].body == b"page"


def test_an_endless_robots_txt_is_a_failing_one(http_server: HttpServer) -> None:
    """It is read under the same limits as a page."""

    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while not http_server.stopping.is_set():
            handler.wfile.write(b"Disallow: /\n" * 1000)

    http_server.behave("/robots.txt", endless)
    with pytest.raises(RobotsError, match="larger than"):
        get(http_server.url)


def test_the_sites_crawl_delay_is_kept(http_server: HttpServer) -> None:
    """Not an RFC's, but what busy papers write; up to a bound, or one line would stop us for ever."""
    http_server.serve("/robots.txt", "User-agent: *\nCrawl-delay: 0.3")
    http_server.serve("/", "page")
    get(http_server.url, http_server.url)
    _, first, second = http_server.requests
    assert second.at - first.done >= 0.29
    assert rules(b"User-agent: masthead\nCrawl-delay: 86400").crawl_delay == MAX_CRAWL_DELAY
    assert rules(b"User-agent: *\nCrawl-delay: -1").crawl_delay == 0
    assert rules(b"User-agent: other\nCrawl-delay: 9").crawl_delay == 0


@pytest.mark.parametrize(
    ("robots", "allowed"),
    [
        (b"", True),
        ("\ufeffUser-agent: *\nDisallow: /article".encode(), False),
        (b"User-agent: Masthead/2.0\nDisallow: /", True),
        (b"User-agent: GPTBot\nUser-agent: masthead\nDisallow: /article", False),
        (b"User-agent: GPTBot\nDisallow: /\n\nUser-agent: *\nAllow: /", True),
        (b"user agent : masthead\r\nDisallow: /*?page=", False),
        (b"User-agent: *\nDisallow: /article/1$", True),
        (b"<html>not found</html>", True),
    ],
)
def test_the_group_for_us_counts(robots: bytes, allowed: bool) -> None:
    """Another robot's rules must neither stop us nor let us in."""
    assert allows(rules(robots), "http://paper.example/article/1?page=2") is allowed


def test_a_robots_txt_made_to_take_long_does_not() -> None:
    """Protego takes agents × rules: half a megabyte of both would take minutes."""
    hostile = b"".join(b"User-agent: x%d\n" % number for number in range(15_000)) + b"Disallow: /a\n" * 20_000
    started = time.monotonic()
    assert allows(rules(hostile), "http://paper.example/a")
    assert time.monotonic() - started < 60


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_no_robots_txt_can_crash_the_reading(robots: bytes) -> None:
    """Any bytes give an answer."""
    found = rules(robots)
    allows(found, "http://paper.example/")
    assert 0 <= found.crawl_delay <= MAX_CRAWL_DELAY


def test_only_so_many_sites_are_remembered() -> None:
    """Links lead to ever more hosts; a long life must not fill the memory."""
    asked: list[str] = []

    async def read(url: str) -> bytes:
        asked.append(url)
        return b""

    async def visit() -> None:
        robots = Robots(read)
        for number in range(1500):
            await robots.rules(httpx2.URL(f"http://h{number}.example/"))
        await robots.rules(httpx2.URL("http://h1499.example/"))
        await robots.rules(httpx2.URL("http://h0.example/"))

    asyncio.run(visit())
    assert len(asked) == 1501
