"""The pages and files as browsers, feed readers, mail programs and attackers ask for them."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterator
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp

from masthead.agenda import open_due_edition
from masthead.app import App
from masthead.demo.servers import WebServer, listen
from masthead.service import Service
from masthead.store import RunState
from masthead.web.files import PublishedFiles
from tests.masthead.papers import SEVEN, add_article, add_readers
from tests.masthead.web import Answer, ask

FEED = '<feed xmlns="http://www.w3.org/2005/Atom"><title>한강일보</title></feed>'.encode() * 50


@pytest.fixture
def public(app: App) -> Path:
    """The folder of published files, with a feed and a page in it, and something else beside it."""
    folder = app.config.feeds.directory
    (folder / "sections").mkdir(parents=True)
    (folder / "front.atom").write_bytes(FEED)
    (folder / "sections" / "it.atom").write_bytes(FEED)
    (folder / "index.html").write_text("<!doctype html><title>한강일보</title>", encoding="utf-8")
    (folder / ".masthead").write_text("identity")
    (folder / ".front.atom").write_bytes(FEED)
    (folder / "notes.txt").write_text("notes")
    (folder.parent / "secret.atom").write_bytes(b"secret")
    return folder


@pytest.fixture
def site(app: App, public: Path) -> Iterator[str]:
    """The address of the paper's web server."""
    yield from served(Service(app))


def served(asgi: ASGIApp) -> Iterator[str]:
    server = WebServer(asgi, listen(0))
    server.start()
    yield server.url
    server.stop()


# --- files ---


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/front.atom", "application/atom+xml; charset=utf-8"),
        ("/sections/it.atom", "application/atom+xml; charset=utf-8"),
        ("/index.html", "text/html; charset=utf-8"),
        ("/", "text/html; charset=utf-8"),
        ("/front.atom?from=mail", "application/atom+xml; charset=utf-8"),
    ],
)
def test_a_file_is_served_under_its_path(site: str, path: str, media_type: str) -> None:
    """A feed's address would lead nowhere, or a browser would offer to save it."""
    answer = ask(site, path)
    assert (answer.status, answer.headers["Content-Type"]) == (200, media_type)
    assert answer.body.startswith((b"<feed", b"<!doctype"))
    assert int(answer.headers["Content-Length"]) == len(answer.body)
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["Cache-Control"] == "public, max-age=300, stale-if-error=86400"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Set-Cookie"] is None
    assert (answer.headers["Content-Security-Policy"] is not None) == media_type.startswith("text/html")


def test_the_etag_is_of_the_bytes(site: str, public: Path) -> None:
    """Two machines behind one address would tell every reader that the feed has changed, each time."""
    first = ask(site, "/front.atom").headers["ETag"]
    assert first == ask(site, "/sections/it.atom").headers["ETag"]
    os.utime(public / "front.atom", (1, 1))
    assert ask(site, "/front.atom").headers["ETag"] == first
    (public / "front.atom").write_bytes(FEED[:-1])
    assert ask(site, "/front.atom").headers["ETag"] not in (None, first)
    assert first.startswith('"'), "a strong validator"


def test_gzip_is_another_representation_with_its_own_etag(site: str) -> None:
    """A cache would hand compressed bytes to a reader that cannot read them."""
    plain, zipped = ask(site, "/front.atom"), ask(site, "/front.atom", headers={"Accept-Encoding": "br, gzip"})
    assert plain.headers["Content-Encoding"] is None
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.body) == plain.body == FEED
    assert len(zipped.body) < len(plain.body) / 4
    assert zipped.headers["ETag"] != plain.headers["ETag"]
    assert zipped.headers["Vary"] == "Accept-Encoding"
    again = {"Accept-Encoding": "gzip", "If-None-Match": zipped.headers["ETag"]}
    assert ask(site, "/front.atom", headers=again).status == 304
    assert ask(site, "/front.atom", headers=again | {"Accept-Encoding": "identity"}).status == 200


@pytest.mark.parametrize(
    ("header", "zipped"),
    [
        ("gzip", True), ("GZIP;q=0.5", True), ("*", True), ("deflate, gzip ; q=1.0", True),
        ("", False), ("br", False), ("gzip;q=0", False), ("gzip;q=0.000, *", False), ("*;q=0", False), ("identity", False), ("gzip;q=x", False),
    ],
)  # fmt: skip
def test_gzip_is_sent_to_whoever_takes_it(site: str, header: str, zipped: bool) -> None:
    """A reader would get bytes that it refused, or five times what it needs."""
    answer = ask(site, "/front.atom", headers={"Accept-Encoding": header})
    assert (answer.headers["Content-Encoding"] == "gzip") is zipped


@pytest.mark.parametrize(
    ("template", "status"),
    [
        ("{}", 304),
        ("W/{}", 304),
        ('"other", {}', 304),
        ('W/"other",W/{}', 304),
        ("*", 304),
        ('"other"', 200),
        ("", 200),
        ("garbage", 200),
    ],
)
def test_an_unchanged_feed_is_not_sent_again(site: str, template: str, status: int) -> None:
    """Every reader would fetch every feed whole, every quarter of an hour."""
    etag = ask(site, "/front.atom").headers["ETag"]
    answer = ask(site, "/front.atom", headers={"If-None-Match": template.format(etag)})
    assert answer.status == status
    assert answer.headers["ETag"] == etag
    if status == 304:
        assert answer.body == b""
        for name in ("Cache-Control", "Vary", "Last-Modified"):
            assert answer.headers[name], "RFC 9110 §15.4.5: what a 200 would have said to caches"


def test_a_date_decides_where_there_is_no_etag(site: str) -> None:
    """Old readers, which send only the date, would fetch everything each time."""
    modified = ask(site, "/front.atom").headers["Last-Modified"]
    moment = parsedate_to_datetime(modified)
    earlier = format_datetime(moment.replace(year=moment.year - 1), usegmt=True)
    for since, status in ((modified, 304), (earlier, 200), ("yesterday", 200), ("Wed, 99 Foo 2026 00:00:00", 200), ("", 200)):
        assert ask(site, "/front.atom", headers={"If-Modified-Since": since}).status == status, since
    both = {"If-Modified-Since": modified, "If-None-Match": '"other"'}
    assert ask(site, "/front.atom", headers=both).status == 200, "RFC 9110 §13.1.3: the ETag wins"


def test_head_says_what_get_would(site: str) -> None:
    """A link checker would report every feed as broken."""
    get, head = ask(site, "/front.atom"), ask(site, "/front.atom", "HEAD")
    assert (head.status, head.body) == (200, b"")
    for name in ("Content-Length", "Content-Type", "ETag", "Last-Modified", "Cache-Control", "Vary"):
        assert head.headers[name] == get.headers[name]


def test_a_replaced_file_is_served_with_the_next_request(site: str, public: Path) -> None:
    """A correction would be published, and readers go on getting the mistake."""
    ask(site, "/front.atom")
    fresh = public / ".front.atom.part"
    fresh.write_bytes(FEED.replace("한강일보".encode(), "새벽일보".encode()))
    fresh.replace(public / "front.atom")
    assert "새벽일보" in ask(site, "/front.atom").text
    (public / "front.atom").unlink()
    assert ask(site, "/front.atom").status == 404


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.atom", "/%2e%2e/secret.atom", "/%2E%2E%2Fsecret.atom", "/sections/../../secret.atom", "/sections/%2e%2e/front.atom",
        "/..%5csecret.atom", "//etc/hosts", "/%2Fetc/hosts.html", "/{absolute}", "/%2F{absolute}",
        "/.masthead", "/.front.atom", "/sections/.it.atom", "/./front.atom", "/sections//it.atom", "/front.atom/", "/sections/",
        "/front.atom%00", "/front%00.atom", "/front.atom%00.html", "/notes.txt", "/sections", "/%ff.atom", "/" + "x" * 3000 + ".atom",
    ],
)  # fmt: skip
def test_what_is_not_published_is_not_there(site: str, public: Path, path: str) -> None:
    """Whoever can ask for a page could read the configuration, the database, or any file of the machine."""
    answer = ask(site, path.format(absolute=str(public.parent / "secret.atom").lstrip("/")))
    assert answer.status == 404, answer.body
    assert "secret" not in answer.text
    assert "찾으시는 페이지가 없습니다" in answer.text


@given(st.text(st.characters(codec="utf-8"), max_size=40), st.sampled_from(["", ".atom", ".html"]))
def test_no_path_leads_out_of_the_folder(folder: PublishedFiles, path: str, suffix: str) -> None:
    """One spelling of "the folder above" that nobody thought of would be enough."""
    request = Request({"type": "http", "method": "GET", "headers": []})
    with pytest.raises(HTTPException):
        folder.respond(path + suffix, request)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> PublishedFiles:
    """An empty published folder, with files all around it."""
    above = tmp_path_factory.mktemp("above")
    for name in (".atom", "a.atom", "a.html", ".html"):
        (above / name).write_text("secret")
    (above / "public").mkdir()
    return PublishedFiles(above / "public")


def test_a_request_costs_one_look_at_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten thousand readers at nine o'clock would wait for the disk."""
    (tmp_path / "front.atom").write_bytes(FEED)
    files = PublishedFiles(tmp_path)
    request = Request({"type": "http", "method": "GET", "headers": [(b"accept-encoding", b"gzip")]})
    body = files.respond("front.atom", request).body
    looks: list[Path] = []
    real = Path.stat

    def counted(path: Path, *, follow_symlinks: bool = True) -> os.stat_result:
        looks.append(path)
        return real(path, follow_symlinks=follow_symlinks)

    monkeypatch.setattr(Path, "stat", counted)
    monkeypatch.setattr(Path, "open", None)
    assert files.respond("front.atom", request).body == body
    assert looks == [tmp_path / "front.atom"]


def test_the_files_in_memory_have_a_limit(tmp_path: Path) -> None:
    """A paper with five thousand reporters would fill the machine's memory with their feeds."""
    names = [f"{number}.atom" for number in range(20)]
    for name in names:
        (tmp_path / name).write_bytes(os.urandom(1000))
    request = Request({"type": "http", "method": "GET", "headers": []})
    files = PublishedFiles(tmp_path, memory=10_000)
    for name in [*names, names[0], *names]:
        assert files.respond(name, request).body == (tmp_path / name).read_bytes()
    assert sum(kept.size for kept in files._held.values()) <= 10_000
    assert list(files._held) == names[-4:]


# --- pages ---


@pytest.fixture
def leave(app: App, site: str) -> str:
    """Where the first of two readers leaves: the path of the address that is in his or her mail."""
    add_article(app)
    add_readers(app, 2)
    assert open_due_edition(app, app.newsletter("morning"), SEVEN) is not None
    with app.database.read() as connection:
        uid = str(connection.exec_driver_sql("SELECT uid FROM subscriber WHERE email = 'reader0@example.com'").scalar())
    return app.links.unsubscribe(uid, "morning").removeprefix("http://127.0.0.1:8000")


def is_a_page(answer: Answer) -> bool:
    """A page that is private, runs nothing, and gives its address to nobody: the address holds the reader's token."""
    policy = answer.headers["Content-Security-Policy"]
    return (
        answer.headers["Content-Type"] == "text/html; charset=utf-8"
        and "default-src 'none'" in policy
        and "frame-ancestors 'none'" in policy
        and answer.headers["Referrer-Policy"] == "no-referrer"
        and answer.headers["Cache-Control"] == "private, no-store"
        and answer.headers["X-Robots-Tag"] == "noindex"
        and answer.headers["Set-Cookie"] is None
        and answer.headers["Location"] is None
    )


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_following_the_link_changes_nothing(app: App, site: str, leave: str, method: str) -> None:
    """A mail scanner that opens every link would unsubscribe the readers of a whole company."""
    for _ in range(2):
        answer = ask(site, leave, method)
        assert answer.status == 200
        assert is_a_page(answer)
        assert ("‘한강 아침’ 구독을 끊으시겠습니까?" in answer.text) == (method == "GET")
    assert app.newsletters.subscribers("morning") == 2


MULTIPART = b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        ("application/x-www-form-urlencoded", b"List-Unsubscribe=One-Click"),
        ("multipart/form-data; boundary=x", MULTIPART),
        ("application/x-www-form-urlencoded", b""),
        ("text/plain", b"x" * 100_000),
    ],
)
def test_one_click_leaves(app: App, site: str, leave: str, media_type: str, body: bytes) -> None:
    """Gmail's own button would fail, and the reader press "spam" instead (RFC 8058)."""
    for _ in range(2):
        answer = ask(site, leave, "POST", body=body, headers={"Content-Type": media_type})
        assert answer.status == 200, "repeating it is no error"
        assert is_a_page(answer)
        assert "수신거부를 마쳤습니다" in answer.text
        assert app.newsletters.subscribers("morning") == 1
    assert "수신거부를 마쳤습니다" in ask(site, leave).text


def test_a_token_that_is_not_genuine_leads_nowhere(app: App, site: str, leave: str) -> None:
    """Whoever can count could unsubscribe everybody."""
    token = leave.rpartition("/")[2]
    other = app.links.unsubscribe("nobody", "morning").rpartition("/")[2]
    gone = app.links.unsubscribe("nobody", "gone").rpartition("/")[2]
    view = app.links.view("morning", "2026-03-02", "all").rpartition("/")[2]
    for wrong in (
        token[:-1],
        token + "x",
        token.swapcase(),
        "x",
        other,
        gone,
        view,
        "%00",
        "%F0%9F%98%80",
        token.replace(".", ".x", 1),
    ):
        for method in ("GET", "POST"):
            answer = ask(site, f"/unsubscribe/{wrong}", method, body=b"")
            assert answer.status == 404, wrong
            assert "example.com" not in answer.text
    assert app.newsletters.subscribers("morning") == 2


def test_an_edition_can_be_read_in_the_browser(app: App, site: str, leave: str) -> None:
    """Whoever cannot read the mail could not read the paper; or would read another reader's name in it."""
    path = app.links.view("morning", "2026-03-02", "all").removeprefix("http://127.0.0.1:8000")
    answer = ask(site, path)
    assert answer.status == 200
    assert is_a_page(answer)
    assert "나룻배가" in answer.text
    assert "slot" not in answer.text
    assert "/unsubscribe/" not in answer.text
    for newsletter, day, choice in (
        ("morning", "2026-03-03", "all"),
        ("morning", "2026-03-02", "other"),
        ("evening", "2026-03-02", "all"),
    ):
        assert ask(site, app.links.view(newsletter, day, choice).removeprefix("http://127.0.0.1:8000")).status == 404
    assert ask(site, f"/view/{leave.rpartition('/')[2]}").status == 404


def test_other_methods_are_refused_with_those_that_are_not(site: str, leave: str) -> None:
    """A client would try again and again with the same method (RFC 9110 §15.5.6)."""
    for path, allowed in (("/front.atom", {"GET", "HEAD"}), (leave, {"GET", "HEAD", "POST"}), ("/health", {"GET", "HEAD"})):
        answer = ask(site, path, "DELETE")
        assert answer.status == 405
        assert set(answer.headers["Allow"].split(", ")) == allowed
        assert is_a_page(answer)


def test_the_health_of_the_paper_is_a_status_code(app: App, site: str) -> None:
    """A monitor would see 200 whatever happens."""
    answer = ask(site, "/health")
    assert (answer.status, answer.text) == (200, '{"status":"ok","problems":[]}')
    assert answer.headers["Cache-Control"] == "no-store"
    run = app.runs.begin("publish", SEVEN, "here/1/1", SEVEN)
    assert run is not None
    app.runs.end(run, RunState.FAILED, {"error": "디스크가 찼다"}, SEVEN)
    answer = ask(site, "/health")
    assert (answer.status, answer.text) == (503, '{"status":"failing","problems":["publishing failed: 디스크가 찼다"]}')


def test_a_page_that_cannot_be_made_says_so_in_the_papers_language(app: App, site: str, leave: str) -> None:
    """A reader would see a traceback, or nothing at all."""
    with app.database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE subscription RENAME TO gone")
    answer = ask(site, leave)
    assert answer.status == 503
    assert is_a_page(answer)
    assert "문제가 생겼습니다" in answer.text
    assert "subscription" not in answer.text
