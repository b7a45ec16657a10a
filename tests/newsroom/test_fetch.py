from __future__ import annotations

import asyncio
import gzip
import time
import tracemalloc
import zlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from itertools import pairwise
from typing import Any

import pytest

from newsroom.fetch import (
    AddressError,
    BadAnswerError,
    Fetcher,
    FetchError,
    FetchTimeoutError,
    Page,
    RedirectError,
    StatusError,
    TooLargeError,
    UnreachableError,
    Validators,
    user_agent_for,
)
from newsroom.settings import FetchSettings, PaperSettings
from tests.servers import HttpServer

AGENT = "Masthead/0.1 (+https://paper.example/about; for paper.example)"


def settings(**changes: Any) -> FetchSettings:
    return FetchSettings.model_validate({"allow_private": ["127.0.0.0/8"], "delay": 0, "timeout": "5s", **changes})


def get(url: str, *, conditional: bool = False, **changes: Any) -> Page:
    async def read() -> Page:
        async with Fetcher(settings(**changes), user_agent=AGENT) as fetch:
            return await fetch.get(url, conditional=conditional)

    return asyncio.run(read())


def test_a_page_is_read_with_its_final_address(http_server: HttpServer) -> None:
    """Links in a page are resolved against where it was found, not where it was asked for."""
    http_server.redirect("/old", "/new/?page=1")
    http_server.serve("/new/", "<p>기사</p>")
    page = get(f"{http_server.url}/old#top")
    assert page == Page(
        url=f"{http_server.url}/new/?page=1", body="<p>기사</p>".encode(), content_type="text/html; charset=utf-8"
    )
    assert page.text() == "<p>기사</p>"


@pytest.mark.parametrize("label", ["euc-kr", "ks_c_5601-1987", "iso-8859-1", "utf-8", ""])
def test_korean_pages_are_read_whatever_their_label(http_server: HttpServer, label: str) -> None:
    """뷁 and 똠 are in CP949 only: a page labelled euc-kr that holds them must not be lost."""
    text = "<html><p>똠방각하 뷁 메트로신문</p></html>"
    http_server.serve("/", text.encode("cp949"), content_type=f"text/html; charset={label}" if label else "text/html")
    assert get(http_server.url).text() == text


def test_the_server_learns_who_reads_and_nothing_else(http_server: HttpServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """An honest User-Agent; no cookie comes back; a proxy of the environment would resolve names in our place."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    http_server.serve("/", "page", headers={"Set-Cookie": "track=1; Path=/"})

    async def read_twice() -> None:
        async with Fetcher(settings(), user_agent=AGENT) as fetch:
            await fetch.get(http_server.url)
            await fetch.get(http_server.url)

    asyncio.run(read_twice())
    for request in http_server.requests:
        assert request.headers["User-Agent"] == AGENT
        assert request.headers["Cookie"] is None
        assert request.headers["Host"] == http_server.url.removeprefix("http://")


def test_the_user_agent_names_the_paper_and_its_contact_in_ascii() -> None:
    """A header with Korean in it is refused by the HTTP library: nothing would be read at all."""
    paper = PaperSettings(name="메트로신문", url="https://www.metroseoul.co.kr")
    assert user_agent_for(paper, FetchSettings()).endswith("(+https://www.metroseoul.co.kr; for metroseoul.co.kr)")
    korean = user_agent_for(PaperSettings(name="가나", url="https://가나신문.kr"), FetchSettings(contact="편집국 (가나)\r\nX: y"))
    assert korean.isascii()
    assert korean.isprintable()
    assert korean.startswith("Masthead/0")
    assert korean.count("(") == korean.count(")") == 1


def test_an_unchanged_page_is_not_read_again(http_server: HttpServer) -> None:
    """Every pull would load every page anew, and a polite server would lock us out."""
    http_server.serve("/", "one", etag='"v1"', last_modified="Wed, 11 Jun 2025 06:13:08 GMT")
    kept: dict[str, Validators] = {}

    async def read(*, conditional: bool) -> Page:
        async with Fetcher(settings(), user_agent=AGENT, validators=kept.get) as fetch:
            page = await fetch.get(f"{http_server.url}/", conditional=conditional)
        kept.update(fetch.read)
        return page

    assert asyncio.run(read(conditional=True)).body == b"one"
    assert kept == {f"{http_server.url}/": Validators('"v1"', "Wed, 11 Jun 2025 06:13:08 GMT")}
    assert asyncio.run(read(conditional=True)) == Page(
        url=f"{http_server.url}/", content_type="text/html; charset=utf-8", not_modified=True
    )
    assert asyncio.run(read(conditional=False)).body == b"one"
    http_server.serve("/", "two", etag='"v2"')
    assert asyncio.run(read(conditional=True)).body == b"two"
    assert kept == {f"{http_server.url}/": Validators('"v2"')}


def test_validators_belong_to_the_page_behind_a_redirect(http_server: HttpServer) -> None:
    """When the redirect turns elsewhere, the old page's validators must not hide the new page."""
    last_modified = "Wed, 11 Jun 2025 06:13:08 GMT"
    http_server.serve("/a", "a", last_modified=last_modified)
    http_server.serve("/b", "b", last_modified=last_modified)
    http_server.redirect("/", "/a")
    kept: dict[str, Validators] = {}

    async def read() -> Page:
        async with Fetcher(settings(), user_agent=AGENT, validators=kept.get) as fetch:
            page = await fetch.get(f"{http_server.url}/", conditional=True)
        kept.update(fetch.read)
        return page

    assert asyncio.run(read()).body == b"a"
    assert asyncio.run(read()).not_modified
    http_server.redirect("/", "/b")
    assert asyncio.run(read()).body == b"b"


def test_a_broken_validator_is_not_sent_back(http_server: HttpServer) -> None:
    """A header that cannot be sent would end every later pull with a crash."""
    http_server.serve("/", "page", headers={"ETag": '"가"'.encode().decode("latin-1")})

    async def read() -> dict[str, Validators]:
        async with Fetcher(settings(), user_agent=AGENT) as fetch:
            await fetch.get(f"{http_server.url}/")
        return fetch.read

    assert asyncio.run(read()) == {f"{http_server.url}/": Validators()}


def test_endless_redirects_end(http_server: HttpServer) -> None:
    """A login page that redirects to itself would keep the pull going for ever."""
    for number in range(20):
        http_server.redirect(f"/{number}", f"/{number + 1}")
    http_server.redirect("/loop", "/loop", 301)
    for path in ("/0", "/loop"):
        with pytest.raises(RedirectError, match="more than 5 times"):
            get(http_server.url + path)
    http_server.serve("/20", "the end")
    assert get(f"{http_server.url}/15").body == b"the end"


@pytest.mark.parametrize(
    "location",
    ["file:///etc/passwd", "ftp://127.0.0.1/", "javascript:alert(1)", "http://user:secret@127.0.0.1/", "http://[::zz]/"],
)
def test_a_redirect_to_no_web_address_is_refused(http_server: HttpServer, location: str) -> None:
    """A server must not make us read local files or log in somewhere."""
    http_server.redirect("/", location)
    with pytest.raises(AddressError) as caught:
        get(http_server.url)
    assert caught.value.permanent
    assert "secret" not in str(caught.value)


def test_a_redirect_without_a_location_is_an_error(http_server: HttpServer) -> None:
    """It would be taken for an empty page, and every article for gone."""
    http_server.serve("/", "moved", status=302)
    with pytest.raises(RedirectError, match="without Location"):
        get(http_server.url)


@pytest.mark.parametrize(
    "url", ["", "news", "//news.example/", "file:///etc/passwd", "gopher://x/", "http:///x", "http://x:99999/", "http://가\n.kr/"]
)
def test_only_web_addresses_are_read(url: str) -> None:
    """The message must name the address, safely for a log."""
    with pytest.raises(AddressError) as caught:
        get(url)
    assert caught.value.url == url
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("path", ["/declared", "/chunked"])
def test_a_page_over_the_limit_is_refused(http_server: HttpServer, path: str) -> None:
    """A video behind an article's address would fill the memory."""

    def chunked(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        while not http_server.stopping.is_set():
            handler.wfile.write(b"1000\r\n" + bytes(0x1000) + b"\r\n")

    http_server.serve("/declared", bytes(100_001))
    http_server.behave("/chunked", chunked)
    with pytest.raises(TooLargeError, match=r"100,000 bytes; raise fetch\.max_bytes"):
        get(http_server.url + path, max_bytes=100_000)
    http_server.serve("/exact", bytes(100_000))
    assert len(get(f"{http_server.url}/exact", max_bytes=100_000).body) == 100_000


def deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("coding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress), ("deflate", deflated), ("x-none", bytes)]
)
def test_packed_pages_are_unpacked(http_server: HttpServer, coding: str, pack: Callable[[bytes], bytes]) -> None:
    """A coding we cannot read must be an error, never a page of rubbish."""
    http_server.serve("/", pack("메트로".encode() * 1000), headers={"Content-Encoding": coding})
    if coding == "x-none":
        with pytest.raises(BadAnswerError, match="x-none"):
            get(http_server.url)
    else:
        assert get(http_server.url).text() == "메트로" * 1000


def test_a_gzip_bomb_does_not_grow_the_memory(http_server: HttpServer) -> None:
    """300 MB unpacked from 300 kB would end the process, and with it every newsletter."""
    bomb = gzip.compress(bytes(300_000_000), 9)
    twice = gzip.compress(bomb)
    http_server.serve("/once", bomb, headers={"Content-Encoding": "gzip"})
    http_server.serve("/twice", twice, headers={"Content-Encoding": "gzip, gzip"})
    for path in ("/once", "/twice"):
        tracemalloc.start()
        with pytest.raises(TooLargeError):
            get(http_server.url + path, max_bytes=1_000_000)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 10_000_000


def test_rubbish_that_calls_itself_gzip_is_an_error(http_server: HttpServer) -> None:
    """The error must name the address, not zlib's complaint alone."""
    http_server.serve("/", b"plain text", headers={"Content-Encoding": "gzip"})
    with pytest.raises(BadAnswerError, match=http_server.url):
        get(http_server.url)


def test_a_server_that_drips_is_left(http_server: HttpServer) -> None:
    """A byte each moment satisfies every socket timeout and would hold the pull for hours."""

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        while not http_server.stopping.wait(0.05):
            handler.wfile.write(b"x")

    http_server.behave("/", drip)
    started = time.monotonic()
    with pytest.raises(FetchTimeoutError, match=r"within 1 s; .*fetch\.timeout"):
        get(http_server.url, timeout="1s")
    assert time.monotonic() - started < 60


def test_a_server_that_says_nothing_is_left(http_server: HttpServer) -> None:
    """The same, before the first byte."""

    def keep_quiet(_: BaseHTTPRequestHandler) -> None:
        http_server.stopping.wait(5)

    http_server.behave("/", keep_quiet)
    with pytest.raises(FetchTimeoutError):
        get(http_server.url, timeout="1s")


@pytest.mark.parametrize("answer", [b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", b""])
def test_broken_http_is_an_error(http_server: HttpServer, answer: bytes) -> None:
    """Half an article must not be published as the whole."""

    def write(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(answer)
        handler.close_connection = True

    http_server.behave("/", write)
    with pytest.raises(BadAnswerError, match="proper HTTP"):
        get(http_server.url)


def test_a_server_that_is_not_there_is_an_error() -> None:
    """A restart of the paper's server is no reason to give up for ever."""
    with pytest.raises(UnreachableError) as caught:
        get("http://127.0.0.1:9/")
    assert not caught.value.permanent
    with pytest.raises(UnreachableError, match=r"name news\.example is not known"):
        get("http://news.example/")


@pytest.mark.parametrize(
    ("status", "permanent"),
    [
        (204, False),
        (400, True),
        (401, True),
        (403, True),
        (404, True),
        (408, False),
        (410, True),
        (429, False),
        (500, False),
        (503, False),
        (599, False),
    ],
)
def test_every_other_status_says_whether_to_ask_again(http_server: HttpServer, status: int, permanent: bool) -> None:
    """An error page must never be taken for the article."""
    http_server.serve("/", "<h1>죄송합니다</h1>" if status != 204 else "", status=status)
    with pytest.raises(StatusError, match=f"answered {status}") as caught:
        get(http_server.url)
    assert caught.value.status == status
    assert caught.value.url == http_server.url
    assert caught.value.permanent is permanent


def test_304_to_an_unconditional_request_is_an_error(http_server: HttpServer) -> None:
    """A confused cache would make an empty page of an article that we do not have."""
    http_server.serve("/", status=304)
    with pytest.raises(StatusError):
        get(http_server.url)
    with pytest.raises(StatusError):
        get(http_server.url, conditional=True)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("120", 120),
        ("99999999999999999999", 86400),
        ("soon", None),
        ("-5", None),
        ("Wed, 99 Jun 2025 00:00:00 GMT", None),
        ("Wed, 11 Jun 2025 06:13:08 GMT", 0),
    ],
)
def test_retry_after_is_kept(http_server: HttpServer, value: str, expected: int | None) -> None:
    """A server under load asks for a pause; asking again at once makes it worse."""
    http_server.serve("/", status=503, headers={"Retry-After": value})
    with pytest.raises(StatusError) as caught:
        get(http_server.url)
    assert caught.value.retry_after == (None if expected is None else timedelta(seconds=expected))


def test_retry_after_may_be_a_date(http_server: HttpServer) -> None:
    """The other form that RFC 9110 allows."""
    http_server.serve(
        "/", status=429, headers={"Retry-After": format_datetime(datetime.now(UTC) + timedelta(minutes=10), usegmt=True)}
    )
    with pytest.raises(StatusError) as caught:
        get(http_server.url)
    assert caught.value.retry_after is not None
    assert timedelta(minutes=9) < caught.value.retry_after <= timedelta(minutes=10)


def test_one_host_is_asked_one_thing_at_a_time(http_server: HttpServer) -> None:
    """Ten articles at once look like an attack, and end in a ban."""

    def slow(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(0.02)
        handler.send_response(200)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    for number in range(4):
        http_server.behave(f"/{number}", slow)

    async def read() -> Sequence[Page | BaseException]:
        async with Fetcher(settings(delay=0.1), user_agent=AGENT) as fetch:
            return await asyncio.gather(*(fetch.get(f"{http_server.url}/{number}") for number in range(4)))

    asyncio.run(read())
    in_order = sorted(http_server.requests, key=lambda request: request.at)
    assert [request.path for request in in_order].count("/robots.txt") == 1
    assert len(in_order) == 5
    for earlier, later in pairwise(in_order):
        assert later.at - earlier.at > 0.1


def test_two_pulls_of_one_host_take_turns_too(http_server: HttpServer) -> None:
    """A paper with ten sources on one server is pulled by ten threads; the server must not notice."""
    for number in range(4):
        http_server.serve(f"/{number}", "page")

    def pull(*numbers: int) -> None:
        async def read() -> None:
            async with Fetcher(settings(delay=0.1), user_agent=AGENT) as fetch:
                for number in numbers:
                    await fetch.get(f"{http_server.url}/{number}")

        asyncio.run(read())

    with ThreadPoolExecutor(2) as pulls:
        list(pulls.map(lambda numbers: pull(*numbers), [(0, 1), (2, 3)]))
    arrived = sorted(request.at for request in http_server.requests)
    assert len(arrived) == 6
    assert all(later - earlier > 0.09 for earlier, later in pairwise(arrived))


def test_waiting_for_ones_turn_is_not_a_timeout(http_server: HttpServer) -> None:
    """With twenty articles to read, the last waits longer than any request may take."""
    for number in range(5):
        http_server.serve(f"/{number}", "page")

    async def read() -> None:
        async with Fetcher(settings(delay=0.4, timeout="1s"), user_agent=AGENT) as fetch:
            await asyncio.gather(*(fetch.get(f"{http_server.url}/{number}") for number in range(4)))

    asyncio.run(read())
    assert len(http_server.paths()) == 4


def test_every_error_is_a_fetch_error_of_the_newsroom(http_server: HttpServer) -> None:
    """Callers handle one root; another exception would end the pull of the whole source."""
    http_server.serve("/", status=404)
    with pytest.raises(FetchError) as caught:
        get(http_server.url)
    assert str(caught.value) == f"{http_server.url} answered 404 Not Found: there is no such page; check the address"
