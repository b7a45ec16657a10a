"""Published files over HTTP, as feed readers, caches, link checkers and attackers ask for them: rules W1 to W5 and P1."""

from __future__ import annotations

import gzip
import os
import time
from collections.abc import Iterator
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette

from feeds.media_types import CACHE_CONTROL, MEDIA_TYPES
from masthead.web.clients import Clients
from masthead.web.files import PublishedFiles
from masthead.web.front import Front
from masthead.web.published import LOOK_AGAIN
from tests.masthead.web import ask, served

FEED = '<feed xmlns="http://www.w3.org/2005/Atom"><title>한강일보</title></feed>'.encode() * 50
BASE = "https://feeds.hangang.example"


@pytest.fixture
def public(tmp_path: Path) -> Path:
    """The folder of published files: a feed in every format and two places, pages, the list of feeds."""
    folder = tmp_path / "public"
    (folder / "sections").mkdir(parents=True)
    for name in ("front.atom", "front.rss", "front.json", "sections/it.atom", "sections/it.html", "news.xml", "logo.png"):
        (folder / name).write_bytes(FEED)
    (folder / "index.html").write_text("<!doctype html><title>한강일보</title>", encoding="utf-8")
    (folder / "feeds.opml").write_text('<opml version="2.0"/>', encoding="utf-8")
    return folder


@pytest.fixture
def site(public: Path) -> Iterator[str]:
    """The address of a server with these files, and two feeds that moved."""
    moved = {"sections/old": "sections/it", "sections/it.games": "sections/games"}
    files = PublishedFiles(public, base=BASE, hubs=("https://hub.example/?a=b",), moved=moved)
    with served(front(files)) as url:
        yield url


def front(files: PublishedFiles) -> Front:
    return Front(files, Starlette(), Clients(()), allowance=None, seen=None)


def replace(file: Path, body: bytes) -> None:
    """Publish it as the publisher does."""
    fresh = file.with_name(f".{file.name}.part")
    fresh.write_bytes(body)
    fresh.replace(file)
    time.sleep(LOOK_AGAIN * 2)


# --- what a file is served as ---


@pytest.mark.parametrize("ending", [".atom", ".rss", ".json", ".html", ".xml", ".png"])
def test_a_file_is_served_under_its_path(site: str, ending: str) -> None:
    """A feed's address would lead nowhere, or a browser would offer to save it (W1, W4)."""
    name = {".html": "sections/it", ".xml": "news", ".png": "logo"}.get(ending, "front")
    answer = ask(site, f"/{name}{ending}?from=mail")
    assert (answer.status, answer.body) == (200, FEED)
    assert answer.headers["Content-Type"] == MEDIA_TYPES[ending]
    assert int(answer.headers["Content-Length"]) == len(FEED)
    assert answer.headers["Cache-Control"] == CACHE_CONTROL
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Accept-Ranges"] == "none"
    assert answer.headers["Date"] is not None
    assert answer.headers["Set-Cookie"] is None
    assert answer.headers["Server"] is None
    assert (answer.headers["Content-Security-Policy"] is not None) == (ending == ".html")


def test_a_feed_names_itself_and_its_hubs(site: str) -> None:
    """Hubs and readers that look at headers only would never learn that there is a push (P1)."""
    links = '<https://feeds.hangang.example/sections/it.atom>; rel="self", <https://hub.example/?a=b>; rel="hub"'
    for method, headers in (("GET", {}), ("HEAD", {}), ("GET", {"If-None-Match": "*"})):
        answer = ask(site, "/sections/it.atom", method, headers=headers)
        assert answer.headers.get_all("Link") == [links]
        assert answer.headers["Access-Control-Allow-Origin"] == "*", "a reader that is a web page may read it"
    for page in ("/sections/it.html", "/news.xml", "/"):
        assert ask(site, page).headers["Link"] is None
        assert ask(site, page).headers["Access-Control-Allow-Origin"] is None


def test_the_index_and_the_list_of_feeds_have_an_address_of_their_own(site: str) -> None:
    """Whoever knows only the paper's host would find nothing (O2)."""
    assert ask(site, "/").text.startswith("<!doctype")
    listed = ask(site, "/.well-known/feeds")
    assert (listed.status, listed.headers["Content-Type"]) == (200, "text/x-opml; charset=utf-8")
    assert listed.headers["ETag"] == ask(site, "/feeds.opml").headers["ETag"]
    assert ask(site, "/.well-known/feeds", headers={"If-None-Match": listed.headers["ETag"]}).status == 304


def test_a_feed_that_moved_says_where_to(site: str, public: Path) -> None:
    """Its subscribers would be lost; or the old copy that is still there be read for ever."""
    (public / "sections" / "old.atom").write_bytes(FEED)
    for old, new in {
        "/sections/old.atom": "/sections/it.atom",
        "/sections/old.rss": "/sections/it.rss",
        "/sections/old/2026-01.atom": "/sections/it/2026-01.atom",
        "/sections/it.games.json": "/sections/games.json",
    }.items():
        answer = ask(site, old)
        assert (answer.status, answer.headers["Location"]) == (308, BASE + new)
    for other in ("/sections/older.atom", "/sections/old.more.atom", "/sections/old"):
        assert ask(site, other).status == 404


def test_a_feed_has_ended_only_where_it_is_no_more(public: Path) -> None:
    """Readers would poll a dead feed for years; or drop one that came back."""
    files = PublishedFiles(public, base=BASE, ended=("sections/gone", "sections/it"))
    assert files.answer("/sections/it.atom", {}) is not None
    assert files.answer("/sections/gone.atom", {}) is None
    for path, ended in {
        "/sections/gone.atom": True, "/sections/gone.json": True, "/sections/gone/2026-01.rss": True,
        "/sections/gone": False, "/sections/goner.atom": False, "/other/sections/gone.atom": False,
    }.items():  # fmt: skip
        assert files.is_ended(path) is ended, path


# --- validators ---


def test_the_etag_is_of_the_bytes(site: str, public: Path) -> None:
    """Two machines behind one address would tell every reader that the feed has changed, each time (W2, W3)."""
    first = ask(site, "/front.atom").headers["ETag"]
    assert first == ask(site, "/sections/it.atom").headers["ETag"]
    os.utime(public / "front.atom", (1, 1))
    time.sleep(LOOK_AGAIN * 2)
    again = ask(site, "/front.atom")
    assert (again.headers["ETag"], again.headers["Last-Modified"]) == (first, "Thu, 01 Jan 1970 00:00:01 GMT")
    replace(public / "front.atom", FEED[:-1])
    assert ask(site, "/front.atom").headers["ETag"] not in (None, first)
    assert first.startswith('"'), "a strong validator"


@pytest.mark.parametrize(
    ("template", "status"),
    [
        ("{}", 304), ("W/{}", 304), ('"other", {}', 304), ('W/"other",W/{}', 304), ("*", 304), (" * ", 304),
        ('"other"', 200), ("", 200), ("garbage", 200),
    ],
)  # fmt: skip
def test_an_unchanged_feed_is_not_sent_again(site: str, template: str, status: int) -> None:
    """Every reader would fetch every feed whole, every quarter of an hour (W2)."""
    whole = ask(site, "/front.atom")
    for method in ("GET", "HEAD"):
        answer = ask(site, "/front.atom", method, headers={"If-None-Match": template.format(whole.headers["ETag"])})
        assert answer.status == status
        if status == 304:
            assert answer.body == b""
            for name in ("ETag", "Cache-Control", "Vary", "Link"):
                assert answer.headers[name] == whole.headers[name], "RFC 9110 §15.4.5: what a 200 would have said to caches"


def test_tags_in_two_lines_are_one_list(public: Path) -> None:
    """A proxy that splits a long header would make every answer a whole one (RFC 9110 §5.3)."""
    with served(front(PublishedFiles(public, base=BASE))) as site:
        etag = ask(site, "/front.atom").headers["ETag"]
        lines = {"If-None-Match": '"a"', "if-none-match": etag, "IF-NONE-MATCH": '"b"'}
        assert ask(site, "/front.atom", headers=lines).status == 304


def test_a_date_decides_where_there_is_no_etag(site: str) -> None:
    """Old readers, which send only the date, would fetch everything each time."""
    modified = ask(site, "/front.atom").headers["Last-Modified"]
    moment = parsedate_to_datetime(modified)
    earlier = format_datetime(moment.replace(year=moment.year - 1), usegmt=True)
    for since, status in ((modified, 304), (earlier, 200), ("yesterday", 200), ("Wed, 99 Foo 2026 00:00:00", 200), ("", 200)):
        assert ask(site, "/front.atom", headers={"If-Modified-Since": since}).status == status, since
    both = {"If-Modified-Since": modified, "If-None-Match": '"other"'}
    assert ask(site, "/front.atom", headers=both).status == 200, "RFC 9110 §13.1.3: the ETag wins"


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_head_says_what_get_would(site: str, encoding: str) -> None:
    """A link checker would report every feed as broken."""
    get, head = (ask(site, "/front.atom", method, headers={"Accept-Encoding": encoding}) for method in ("GET", "HEAD"))
    assert (head.status, head.body) == (200, b"")
    assert {*head.headers.items()} - {("date", head.headers["Date"])} == {*get.headers.items()} - {("date", get.headers["Date"])}


# --- codings ---


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        ("gzip", "gzip"), ("GZIP;q=0.5", "gzip"), ("deflate, gzip ; q=1.0", "gzip"), ("gzip, identity", "gzip"),
        ("br", "br"), ("gzip, deflate, br, zstd", "br"), ("*", "br"), ("gzip;q=0.9, br;q=0.8", "gzip"), ("br;q=0, *", "gzip"),
        ("", None), ("gzip;q=0", None), ("gzip;q=0.000, br;q=0, *", None), ("*;q=0", None), ("identity", None), ("gzip;q=x", None),
        ("identity, gzip;q=0.5", None), ("zstd", None), (", ;q=1,;", None), ("gzip" + " " * 600, None),
    ],
)  # fmt: skip
def test_what_is_sent_is_what_is_liked_best(site: str, public: Path, header: str, coding: str | None) -> None:
    """A reader would get bytes that it refused, or five times what it needs (W5)."""
    (public / "front.atom.br").write_bytes(brotli.compress(FEED))
    answer = ask(site, "/front.atom", headers={"Accept-Encoding": header})
    assert answer.headers["Content-Encoding"] == coding
    decoded = {"gzip": gzip.decompress, "br": brotli.decompress, None: bytes}[coding](answer.body)
    assert decoded == FEED


def test_each_coding_is_another_representation_with_its_own_etag(site: str, public: Path) -> None:
    """A cache would hand compressed bytes to a reader that cannot read them (W2)."""
    (public / "front.atom.br").write_bytes(brotli.compress(FEED))
    shown = {coding: ask(site, "/front.atom", headers={"Accept-Encoding": coding}) for coding in ("identity", "gzip", "br")}
    assert len({answer.headers["ETag"] for answer in shown.values()}) == 3
    assert {answer.headers["Vary"] for answer in shown.values()} == {"Accept-Encoding"}
    for coding, answer in shown.items():
        for asked in shown:
            headers = {"Accept-Encoding": asked, "If-None-Match": answer.headers["ETag"]}
            assert ask(site, "/front.atom", headers=headers).status == (304 if asked == coding else 200)


def test_what_was_compressed_beforehand_is_sent_if_it_is_the_same(site: str, public: Path) -> None:
    """A reader that takes gzip would read the news of the hour before, or half of a feed, for as long as it stands there."""
    ready = gzip.compress(FEED, compresslevel=1)
    (public / "front.atom.gz").write_bytes(ready)
    assert ask(site, "/front.atom", headers={"Accept-Encoding": "gzip"}).body == ready
    other = FEED.replace("한강일보".encode(), "새벽일보".encode())
    for wrong in (ready, ready[:-9], b"", b"no gzip", gzip.compress(FEED)[:30] + b"\xff" * 30):
        (public / "front.atom.gz").write_bytes(wrong)
        (public / "front.atom.br").write_bytes(brotli.compress(FEED)[: len(wrong)])
        replace(public / "front.atom", other)
        sent = ask(site, "/front.atom", headers={"Accept-Encoding": "gzip, br"})
        assert (sent.headers["Content-Encoding"], gzip.decompress(sent.body)) == ("gzip", other)


# --- the folder ---


def test_a_replaced_file_is_served_at_once(site: str, public: Path) -> None:
    """A correction would be published, and readers go on getting the mistake."""
    assert ask(site, "/front.atom").body == FEED
    replace(public / "front.atom", FEED.replace("한강일보".encode(), "새벽일보".encode()))
    assert "새벽일보" in ask(site, "/front.atom").text
    (public / "front.atom").unlink()
    time.sleep(LOOK_AGAIN * 2)
    assert ask(site, "/front.atom").status == 404
    (public / "front.atom").write_bytes(FEED)
    assert ask(site, "/front.atom").body == FEED


@given(st.text(st.characters(codec="utf-8"), max_size=40), st.sampled_from(["", ".atom", ".html"]))
def test_no_path_leads_out_of_the_folder(empty: PublishedFiles, path: str, suffix: str) -> None:
    """One spelling of "the folder above" that nobody thought of would be enough."""
    assert empty.answer(path + suffix, {}) is None


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> PublishedFiles:
    """An empty published folder, with files all around it."""
    above = tmp_path_factory.mktemp("above")
    for name in (".atom", "a.atom", "a.html", ".html"):
        (above / name).write_text("secret")
    (above / "public").mkdir()
    return PublishedFiles(above / "public", base=BASE)


def test_a_file_is_read_once(public: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten thousand readers at nine o'clock would wait for the disk."""
    files = PublishedFiles(public, base=BASE)
    first = files.answer("/front.atom", {b"accept-encoding": b"gzip"})
    looks: list[object] = []
    real = os.stat

    def counted(path: str) -> os.stat_result:
        looks.append(path)
        return real(path)

    monkeypatch.setattr(os, "stat", counted)
    monkeypatch.setattr(Path, "open", None)
    began = time.monotonic()
    answers = [files.answer("/front.atom", {b"accept-encoding": b"gzip"}) for _ in range(2000)]
    assert all(answer is first for answer in answers)
    assert len(looks) <= (time.monotonic() - began) / LOOK_AGAIN + 1


def test_the_files_in_memory_have_a_limit(tmp_path: Path) -> None:
    """A paper with five thousand reporters would fill the machine's memory with their feeds."""
    names = [f"{number}.atom" for number in range(20)]
    for name in names:
        (tmp_path / name).write_bytes(os.urandom(1000))
    files = PublishedFiles(tmp_path, base=BASE, memory=10_000)
    for name in [*names, names[0], *names]:
        answer = files.answer(name, {})
        assert answer is not None
        assert answer.body["body"] == (tmp_path / name).read_bytes()
    assert sum(kept.size for kept in files._held.values()) <= 10_000
    assert list(files._held) == names[-4:]


def test_where_nothing_is_published_nothing_is_there(tmp_path: Path) -> None:
    """Feeds that live in a bucket would be looked for on this machine's disk; what has moved is known all the same."""
    (tmp_path / "front.atom").write_bytes(FEED)
    files = PublishedFiles(None, base=BASE, moved={"old": "front"})
    assert files.answer("/front.atom", {}) is None
    moved = files.answer("/old.atom", {})
    assert moved is not None
    assert moved.status == 308
