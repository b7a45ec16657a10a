"""Published feeds in real readers: newsboat, rss2email and sfeed of Debian. Run by `make test-readers`."""

from __future__ import annotations

import contextlib
import email
import http.server
import json
import os
import shutil
import sqlite3
import subprocess
import threading
from collections.abc import Iterator, Mapping
from email.header import decode_header, make_header
from email.policy import default
from functools import partial
from pathlib import Path

import pytest

from feeds.media_types import MEDIA_TYPES
from tests.journeys.conftest import Program

pytestmark = pytest.mark.readers

FEEDS = ("sections/it.atom", "reporters/ideun.atom")
CONFIG = """
[paper]
name = "두물일보"
url = "{site}"
tag = "dumul.example,2025"
language = "ko"
timezone = "Asia/Seoul"

[store]
url = "sqlite:///masthead.db"

[fetch]
contact = "https://dumul.example/about"
allow_private = ["127.0.0.0/8"]
delay = 0.0

[[section]]
slug = "it"
title = "IT·과학"

[[reporter]]
slug = "ideun"
name = "강이든"
email = "ideun@dumul.example"

[[source]]
name = "it"
kind = "feed"
url = "{site}/source.json"
section = "it"
every = "5m"

[feeds]
directory = "public"

[mail]
from = "두물일보 <news@dumul.example>"

[web]
url = "{site}"
"""
STORIES = {
    3: ("막차 놓쳐도 집에 간다… 두물 ‘달빛버스’ 다음 주부터", "두물시는 심야버스 3개 노선을 운행한다고 밝혔다."),
    2: ("“값 <내린> 쌀” & 밥상 물가, 석 달째 뚝", "쌀값이 석 달째 내렸다. 햅쌀이 나온 뒤의 일이다."),
    1: ("과학관, 새 단장 마치고 문 연다 🔭", "별을 보는 방이 새로 생겼다. 어린이는 그냥 들어간다."),
}
HEADLINES = [headline for headline, _ in STORIES.values()]
CORRECTED = "막차 놓쳐도 집에 간다… 두물 ‘달빛버스’ 이번 주부터"


class _Paper(http.server.SimpleHTTPRequestHandler):
    """The folder of a paper: its source, and the feeds as a web server serves them."""

    def do_GET(self) -> None:
        del self.headers["If-Modified-Since"]  # http.server knows whole seconds only, and a correction comes sooner here
        super().do_GET()

    def guess_type(self, path: str | os.PathLike[str]) -> str:
        return MEDIA_TYPES.get(Path(path).suffix, "application/octet-stream")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class's name)
        """Say nothing."""


class Paper:
    """두물일보 with three stories, its feeds published and served on loopback."""

    def __init__(self, folder: Path, url: str) -> None:
        self.url = url
        self._folder = folder
        self._program = Program(folder / "config.toml")
        self._program.config.write_text(CONFIG.format(site=url), encoding="utf-8")
        self.publish(STORIES)

    def address(self, path: str) -> str:
        """The address of a feed."""
        return f"{self.url}/{path}"

    def correct(self) -> None:
        """Publish a new headline and a new text of the newest story."""
        self.publish(STORIES | {3: (CORRECTED, "두물시는 심야버스를 이번 주부터 운행한다고 바로잡았다.")})

    def publish(self, stories: Mapping[int, tuple[str, str]]) -> None:
        """Take these stories in and publish the feeds."""
        items = [
            {
                "id": f"{number}",
                "url": f"{self.url}/article/{number}",
                "title": headline,
                "content_html": f"<p>{text}</p>",
                "date_published": f"2026-03-02T1{number}:00:00+09:00",
                "authors": [{"name": "강이든"}],
            }
            for number, (headline, text) in stories.items()
        ]
        source = {"version": "https://jsonfeed.org/version/1.1", "title": "두물일보", "items": items}
        (self._folder / "public").mkdir(exist_ok=True)
        (self._folder / "public/source.json").write_text(json.dumps(source), encoding="utf-8")
        self._program.run("pull")
        self._program.run("publish")


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[Paper]:
    """The paper before its correction."""
    (tmp_path / "public").mkdir()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(_Paper, directory=str(tmp_path / "public")))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield Paper(tmp_path, f"http://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A reader's own folder."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


def _run(home: Path, *command: str, given: bytes = b"") -> bytes:
    """Run a reader as a user in Seoul would; fails where it is not installed on this machine."""
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed; make test-readers tells the packages")
    surroundings = {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8", "TZ": "Asia/Seoul"}
    done = subprocess.run(command, input=given, env=surroundings, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr).decode()
    return done.stdout


class Newsboat:
    """newsboat with one subscription, without its screen. It keeps an id once, whatever feeds it is in."""

    def __init__(self, home: Path, address: str) -> None:
        self._home = home
        (home / "urls").write_text(f"{address}\n", encoding="utf-8")
        (home / "config").touch()

    def reload(self) -> None:
        """Fetch the feed."""
        files = ("-u", self._home / "urls", "-c", self._home / "cache.db", "-C", self._home / "config")
        _run(self._home, "newsboat", *map(str, files), "-x", "reload")

    def articles(self) -> list[tuple[str, str, str]]:
        """GUID, title and content, as it lists them: newest first."""
        with contextlib.closing(sqlite3.connect(self._home / "cache.db")) as connection:
            return connection.execute("SELECT guid, title, content FROM rss_item ORDER BY pubDate DESC, id DESC").fetchall()


@pytest.mark.parametrize("path", FEEDS)
def test_newsboat_shows_the_stories_and_their_correction(paper: Paper, home: Path, path: str) -> None:
    """Subscribers of a section or a reporter see Korean headlines newest first, and later the corrected one in its place."""
    reader = Newsboat(home, paper.address(path))
    reader.reload()
    before = reader.articles()
    assert [title for _, title, _ in before] == HEADLINES
    assert "심야버스 3개 노선" in before[0][2]

    paper.correct()
    reader.reload()
    after = reader.articles()
    assert [title for _, title, _ in after] == [CORRECTED, *HEADLINES[1:]]
    assert "이번 주부터 운행한다고 바로잡았다" in after[0][2]
    assert [guid for guid, *_ in after] == [guid for guid, *_ in before]


def test_rss2email_mails_each_story_once(paper: Paper, home: Path) -> None:
    """Readers who take feeds by mail get every story as a mail of its own, readable, from the paper, and no second one of a correction."""
    maildir = home / "Maildir"
    for folder in ("cur", "new", "tmp"):
        (maildir / folder).mkdir(parents=True)
    settings = ("-c", str(home / "rss2email.cfg"), "-d", str(home / "rss2email.json"))
    _run(home, "r2e", *settings, "new", "reader@example.com")
    config = home / "rss2email.cfg"
    changed = config.read_text(encoding="utf-8").replace("email-protocol = sendmail", "email-protocol = maildir")
    config.write_text(changed.replace("maildir-path = ~/Maildir", f"maildir-path = {maildir}"), encoding="utf-8")
    _run(home, "r2e", *settings, "add", "it", paper.address(FEEDS[0]))

    _run(home, "r2e", *settings, "run")
    mails = [email.message_from_bytes(file.read_bytes(), policy=default) for file in maildir.rglob("*") if file.is_file()]
    assert sorted(str(make_header(decode_header(mail["Subject"]))) for mail in mails) == sorted(HEADLINES)
    assert any(
        "심야버스 3개 노선" in part.get_content()
        for mail in mails
        for part in mail.walk()
        if part.get_content_maintype() == "text"
    )
    assert not any("dumul.example" in str(mail["From"]) for mail in mails)

    paper.correct()
    _run(home, "r2e", *settings, "run")
    assert len([file for file in maildir.rglob("*") if file.is_file()]) == len(HEADLINES)


def test_sfeed_reads_the_document(paper: Paper, home: Path) -> None:
    """The strictest small reader there is takes titles, order, addresses and text as they are meant."""
    document = (home.parent / "public" / FEEDS[0]).read_bytes()
    rows = [line.split("\t") for line in _run(home, "sfeed", given=document).decode().splitlines()]
    assert [row[1] for row in rows] == HEADLINES
    assert [row[2] for row in rows] == [f"{paper.url}/article/{number}" for number in STORIES]
    assert "심야버스 3개 노선" in rows[0][3]
    assert {row[6] for row in rows} == {"강이든"}
