"""The pages as browsers, feed readers, mail programs and attackers ask for them, and what is served when the database is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from masthead.agenda import open_due_edition
from masthead.app import App
from masthead.service import Service
from masthead.store import RunState
from tests.masthead.papers import SEVEN, add_article, add_readers, opened, write_config
from tests.masthead.web import Answer, ask, served

FEED = '<feed xmlns="http://www.w3.org/2005/Atom"><title>한강일보</title></feed>'.encode() * 50


@pytest.fixture
def public(app: App) -> Path:
    """The folder of published files, with a feed and a page in it, and something else beside it."""
    folder = app.config.feeds.directory
    assert isinstance(folder, Path)
    (folder / "sections").mkdir(parents=True)
    (folder / "front.atom").write_bytes(FEED)
    (folder / "sections" / "it.atom").write_bytes(FEED)
    (folder / "index.html").write_text("<!doctype html><title>한강일보</title>", encoding="utf-8")
    for name in (".masthead", "notes.txt", "front.atom.gz", "front.atom.br"):
        (folder / name).write_text("not for the public")
    (folder / ".front.atom").write_bytes(FEED)
    (folder.parent / "secret.atom").write_bytes(b"secret")
    return folder


@pytest.fixture
def site(app: App, public: Path) -> Iterator[str]:
    """The address of the paper's web server."""
    with served(Service(app)) as url:
        yield url


# --- files ---


def test_the_paper_is_served_with_what_its_configuration_says(site: str) -> None:
    """Readers would ask for what is not theirs to know: where a feed lives, and who pushes it."""
    answer = ask(site, "/front.atom")
    assert (answer.status, answer.body) == (200, FEED)
    assert answer.headers["Link"] == '<http://127.0.0.1:8000/front.atom>; rel="self"'
    assert ask(site, "/").text == "<!doctype html><title>한강일보</title>"


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.atom", "/%2e%2e/secret.atom", "/%2E%2E%2Fsecret.atom", "/sections/../../secret.atom", "/sections/%2e%2e/front.atom",
        "/..%5csecret.atom", "//etc/hosts", "/%2Fetc/hosts.html", "/{absolute}", "/%2F{absolute}",
        "/.masthead", "/.front.atom", "/sections/.it.atom", "/./front.atom", "/sections//it.atom", "/front.atom/", "/sections/",
        "/front.atom%00", "/front%00.atom", "/front.atom%00.html", "/notes.txt", "/front.atom.gz", "/front.atom.br", "/sections", "/%ff.atom", "/" + "x" * 3000 + ".atom",
    ],
)  # fmt: skip
def test_what_is_not_published_is_not_there(site: str, public: Path, path: str) -> None:
    """Whoever can ask for a page could read the configuration, the database, or any file of the machine."""
    answer = ask(site, path.format(absolute=str(public.parent / "secret.atom").lstrip("/")))
    assert answer.status == 404, answer.body
    assert "secret" not in answer.text
    assert "not for the public" not in answer.text
    assert "찾으시는 페이지가 없습니다" in answer.text


def test_a_feed_that_ended_is_gone_for_good(tmp_path: Path) -> None:
    """Readers would poll it for years; or somebody who follows an old link be shown nothing (D2)."""
    config = write_config(tmp_path)
    with config.open("a", encoding="utf-8") as file:
        file.write('[feeds]\nended = ["sections/gone"]\nmoved = { "sections/old" = "sections/it" }\n')
    with opened(config) as app, served(Service(app)) as site:
        for path in ("/sections/gone.atom", "/sections/gone/2026-01.atom"):
            answer = ask(site, path)
            assert answer.status == 410
            assert is_a_page(answer)
            assert "찾으시는 페이지가 없습니다" in answer.text
        assert ask(site, "/sections/old.atom").headers["Location"] == "http://127.0.0.1:8000/sections/it.atom"


def test_feeds_stay_up_while_the_database_is_down(app: App, site: str) -> None:
    """The database would be restored at nine in the morning, and every reader told that the paper is no more."""
    etag = ask(site, "/front.atom").headers["ETag"]
    app.database.close()
    for file in app.path.parent.glob("masthead.db*"):
        file.unlink()
    for path in ("/front.atom", "/sections/it.atom", "/"):  # one that was served before, and others
        assert ask(site, path).status == 200
    assert ask(site, "/front.atom", headers={"If-None-Match": etag}).status == 304
    health = ask(site, "/health")
    assert health.status == 503
    assert "no such table" in health.text


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
