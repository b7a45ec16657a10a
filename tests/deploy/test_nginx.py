"""The shipped nginx and Caddy configurations, in real servers, beside the built-in one: the same answers to the same questions."""

from __future__ import annotations

import gzip
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from email.message import Message
from email.utils import format_datetime, parsedate_to_datetime
from ipaddress import ip_network
from pathlib import Path

import brotli
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from feeds.media_types import MEDIA_TYPES, is_compressed
from masthead.demo.servers import WebServer, listen
from masthead.web.clients import Clients
from masthead.web.files import PublishedFiles
from masthead.web.front import Front
from tests.deploy import servers
from tests.masthead.web import Answer, ask

pytestmark = pytest.mark.nginx

PUBLIC = "https://feeds.hangang.example"
FEED = '<feed xmlns="http://www.w3.org/2005/Atom"><title>한강일보</title></feed>'.encode() * 50
COMPARED = (
    "Content-Type",
    "Content-Encoding",
    "Cache-Control",
    "Vary",
    "X-Content-Type-Options",
    "Content-Security-Policy",
    "Access-Control-Allow-Origin",
    "Link",
    "Last-Modified",
    "Location",
    "Set-Cookie",
)


@dataclass
class Servers:
    """The built-in server, and another one in front of it. ``seen`` is what the built-in one counted: path, agent, client."""

    name: str
    own: str
    other: str
    public: Path
    seen: list[tuple[str, bytes, str]]

    def both(self, path: str, **request: object) -> tuple[Answer, Answer]:
        return ask(self.own, path, **request), ask(self.other, path, **request)  # type: ignore[arg-type]  # passed on as given


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path, list[tuple[str, bytes, str]]]]:
    """The built-in server, over files of every kind, each with its siblings. What it does not know it tells back, as JSON."""
    public = tmp_path_factory.mktemp("public")
    paths = ["index.html", "feeds.opml", "front.atom", "front.rss", "front.json", "sections/it.atom", "sections/it.html"]
    paths += ["sections/it/2025-06.atom", "portals/google.xml", "index.css", "search.js", "icon.svg", "icon.png", "icon.jpg"]
    assert {Path(path).suffix for path in paths} == set(MEDIA_TYPES)
    written = time.time() - 3600
    for path in paths:
        file = public / path
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(FEED + path.encode())
        siblings = [(".gz", gzip.compress(FEED + path.encode(), mtime=0)), (".br", brotli.compress(FEED + path.encode()))]
        for ending, data in siblings if is_compressed(path) else []:
            file.with_name(file.name + ending).write_bytes(data)
        for made in public.rglob("*.*"):
            os.utime(made, (written, written))
    (public / ".masthead").write_text("identity")
    (public / ".front.atom").write_bytes(FEED)
    (public / "sections" / ".it.atom.part").write_bytes(FEED)
    (public / "notes.txt").write_text("notes")
    seen: list[tuple[str, bytes, str]] = []

    async def elsewhere(request: Request) -> Response:
        if request.url.path.startswith(("/hub", "/unsubscribe/", "/view/", "/feeds/")):
            forwarded = {name: request.headers.get(name) for name in ("x-forwarded-for", "x-forwarded-proto", "host")}
            body = (await request.body()).decode()
            return JSONResponse({"path": str(request.url)[str(request.url).index("/", 8) :], "body": body, **forwarded})
        return Response(status_code=404 if request.url.path != "/sections/gone.atom" else 410)

    pages = Starlette(routes=[Route("/{path:path}", elsewhere, methods=["GET", "POST"])])
    files = PublishedFiles(public, base=PUBLIC, hubs=[f"{PUBLIC}/hub"], moved={"sections/old": "sections/it"})
    clients = Clients([ip_network("127.0.0.0/8")])
    asgi = Front(files, pages, clients, allowance=None, seen=lambda *found: seen.append(found))
    server = WebServer(asgi, listen(0))
    server.start()
    yield server.url, public, seen
    server.stop()


@pytest.fixture(scope="module", params=["nginx", "caddy"])
def both(
    request: pytest.FixtureRequest,
    own: tuple[str, Path, list[tuple[str, bytes, str]]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Servers]:
    """The built-in server, and nginx or Caddy as shipped."""
    url, public, seen = own
    start = servers.nginx if request.param == "nginx" else servers.caddy
    with start(tmp_path_factory.mktemp(request.param), public, url) as other:
        yield Servers(request.param, url, other, public, seen)


def values(headers: Message, name: str) -> list[str]:
    """What a header says, however many lines it is spread over."""
    return sorted(
        part.strip() for line in headers.get_all(name) or [] for part in line.split(", " if name != "Last-Modified" else "\n")
    )


def assert_alike(own: Answer, other: Answer) -> None:
    assert other.status == own.status
    assert other.body == own.body
    for name in COMPARED if own.status != 304 else ("Cache-Control", "Vary", "Link", "Access-Control-Allow-Origin", "Set-Cookie"):
        assert values(other.headers, name) == values(own.headers, name), name
    assert bool(other.headers["ETag"]) == bool(own.headers["ETag"])


PATHS = [
    "/", "/index.html", "/feeds.opml", "/.well-known/feeds", "/front.atom", "/front.rss", "/front.json", "/sections/it.atom",
    "/sections/it/2025-06.atom", "/sections/it.html", "/portals/google.xml", "/index.css", "/search.js", "/icon.svg", "/icon.png",
    "/icon.jpg", "/front.atom?from=mail",
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("accepted", ["", "gzip", "gzip, br", "identity"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_published_file_is_served_alike(both: Servers, path: str, accepted: str, method: str) -> None:
    """Moving to nginx would change what readers, caches and browsers do with the feeds."""
    if "br" in accepted and both.name == "nginx" and not servers.BROTLI.exists():
        pytest.skip("the brotli module of nginx is not installed")
    own, other = both.both(path, method=method, headers={"Accept-Encoding": accepted} if accepted else {})
    assert own.status == 200
    assert_alike(own, other)
    length = other.headers["Content-Length"]
    assert length == own.headers["Content-Length"] or (both.name == "caddy" and length is None), (
        "Go leaves it out of a coded HEAD"
    )


def test_each_representation_has_its_own_strong_etag(both: Servers) -> None:
    """A cache would hand compressed bytes to a reader that cannot read them."""
    tags = [
        ask(both.other, "/front.atom", headers={"Accept-Encoding": coding}).headers["ETag"] for coding in ("identity", "gzip")
    ]
    assert len(set(tags)) == 2
    assert all(tag.startswith('"') for tag in tags)


@pytest.mark.parametrize("template", ["{}", "W/{}", '"other", {}', "*", '"other"'])
@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_what_a_reader_has_is_not_sent_again(both: Servers, template: str, coding: str) -> None:
    """Every reader would fetch every feed whole, every quarter of an hour."""
    answers = []
    for server in (both.own, both.other):
        headers = {"Accept-Encoding": coding}
        tag = ask(server, "/front.atom", headers=headers).headers["ETag"]
        answers.append(ask(server, "/front.atom", headers=headers | {"If-None-Match": template.format(tag)}))
    assert_alike(*answers)
    assert answers[1].status == (200 if template == '"other"' else 304)


@pytest.mark.parametrize(("later", "status"), [(-1, 200), (0, 304), (90, 304)])
def test_a_date_decides_where_there_is_no_etag(both: Servers, later: int, status: int) -> None:
    """Old readers, which send only the date, would fetch everything each time."""
    modified = parsedate_to_datetime(ask(both.own, "/front.atom").headers["Last-Modified"])
    since = format_datetime(modified + timedelta(seconds=later), usegmt=True)
    own, other = both.both("/front.atom", headers={"If-Modified-Since": since})
    assert own.status == status
    assert_alike(own, other)


@pytest.mark.parametrize(
    "path",
    [
        "/.masthead", "/.front.atom", "/sections/.it.atom.part", "/front.atom.gz", "/front.atom.br", "/notes.txt", "/nothing.atom",
        "/sections/", "/sections", "/../public/front.atom", "/%2e%2e/front.atom", "/sections/%2e%2e%2f%2emasthead", "/.well-known/",
    ],
)  # fmt: skip
def test_what_is_not_published_is_not_there(both: Servers, path: str) -> None:
    """Whoever guesses a name would read what is not out yet, or whose folder it is."""
    answer = ask(both.other, path)
    assert answer.status in ((404,) if "%2e" not in path and ".." not in path else (400, 404, 200))
    assert b"identity" not in answer.body
    assert answer.headers["Cache-Control"] is None or "public" not in answer.headers["Cache-Control"] or answer.status == 200


@pytest.mark.parametrize("path", ["/metrics", "/health"])
def test_figures_are_not_for_the_public(both: Servers, path: str) -> None:
    """Anybody would read what is broken, and who is read."""
    assert ask(both.other, path).status == 404


@pytest.mark.parametrize("path", ["/unsubscribe/abc.def", "/view/abc", "/feeds/union.atom?section=it&section=society", "/hub"])
def test_what_is_made_on_request_is_masthead_s(both: Servers, path: str) -> None:
    """Nobody could leave the newsletter; union feeds and the hub would be gone."""
    headers = {"X-Forwarded-For": "203.0.113.9", "Content-Type": "application/x-www-form-urlencoded"}
    for method, body in (("GET", None), ("POST", b"hub.mode=subscribe")):
        own, other = both.both(path, method=method, body=body, headers=headers)
        assert (other.status, other.headers["Content-Type"]) == (200, own.headers["Content-Type"])
        assert f'"path":"{path}","body":"{(body or b"").decode()}","x-forwarded-for":"127.0.0.1"' in other.text
        assert '"x-forwarded-proto":"http"' in other.text


def test_moved_and_ended_feeds_are_told_so(both: Servers) -> None:
    """Readers of a renamed section would lose it; those of one that ended would ask for ever."""
    own, other = both.both("/sections/old.atom")
    assert (own.status, other.status) == (308, 308)
    assert other.headers["Location"] == own.headers["Location"] == f"{PUBLIC}/sections/it.atom"
    assert ask(both.other, "/sections/gone.atom").status == 410


def test_a_new_file_is_served_at_once(both: Servers) -> None:
    """The hub would be told of a feed, and fetch the old one."""
    file = both.public / "sections" / "new.atom"
    for text in (b"<feed/>", b"<feed>news</feed>"):
        unfinished = file.with_name(".new.atom.part")
        unfinished.write_bytes(text)
        unfinished.replace(file)
        assert ask(both.other, "/sections/new.atom").body == text
    file.unlink()


def test_nginx_can_tell_masthead_of_each_poll(own: tuple[str, Path, list[tuple[str, bytes, str]]], tmp_path: Path) -> None:
    """`masthead status feeds` would stay empty for a paper whose files nginx serves."""
    url, public, seen = own
    parts = ("mirror /masthead-counts;", "location = /masthead-counts {")
    with servers.nginx(tmp_path, public, url, uncommented=parts) as other:
        seen.clear()
        first = ask(other, "/sections/it.atom", headers={"User-Agent": "Miniflux/2.2"})
        ask(other, "/sections/it.atom", headers={"User-Agent": "Miniflux/2.2", "If-None-Match": first.headers["ETag"]})
        ask(other, "/sections/it.html", headers={"User-Agent": "Firefox"})
        ask(other, "/sections/it.atom", "HEAD", headers={"User-Agent": "Miniflux/2.2"})
        deadline = time.monotonic() + 10
        while len(seen) < 2 and time.monotonic() < deadline:
            time.sleep(0.02)
        assert first.body.startswith(FEED)
        assert seen == [("/sections/it.atom", b"Miniflux/2.2", "127.0.0.1")] * 2


def test_caddy_can_leave_feeds_to_masthead(own: tuple[str, Path, list[tuple[str, bytes, str]]], tmp_path: Path) -> None:
    """The same for a paper that uses Caddy."""
    url, public, seen = own
    parts = ("@feeds path", "handle @feeds {")
    with servers.caddy(tmp_path, public, url, uncommented=parts) as other:
        seen.clear()
        assert_alike(ask(url, "/sections/it.html"), ask(other, "/sections/it.html"))
        assert ask(other, "/sections/it.atom", headers={"User-Agent": "Miniflux/2.2"}).status == 200
        assert seen == [("/sections/it.atom", b"Miniflux/2.2", "127.0.0.1")]


def test_nginx_can_slow_down_whoever_asks_without_end(
    own: tuple[str, Path, list[tuple[str, bytes, str]]], tmp_path: Path
) -> None:
    """One client could take the line from all; and readers that are told 403 in place of 429 give up the feed."""
    url, public, _ = own
    parts = ("limit_req_zone", "limit_req_status", "limit_req zone", "error_page 429", "location @busy {")
    with servers.nginx(tmp_path, public, url, uncommented=parts) as other:
        answers = [ask(other, "/front.atom") for _ in range(120)]
    refused = [answer for answer in answers if answer.status == 429]
    assert (answers[0].status, answers[50].status, bool(refused)) == (200, 200, True)
    assert refused[0].headers["Retry-After"] == "60"
