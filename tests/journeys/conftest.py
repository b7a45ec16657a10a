"""A paper on loopback, and the program as an operator runs it."""

from __future__ import annotations

import asyncio
import contextlib
import http.server
import io
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from masthead.commands import main

METRO = Path(__file__).parents[2] / ".." / "shared" / "data" / "metro"

CONFIG = """
[paper]
name = "메트로신문"
url = "https://www.metroseoul.co.kr"
language = "ko"
timezone = "Asia/Seoul"

[store]
url = "sqlite:///masthead.db"

[fetch]
contact = "https://www.metroseoul.co.kr/about"
allow_private = ["127.0.0.0/8"]
delay = 0.0

[[section]]
slug = "it"
title = "IT·과학"
aliases = ["IT/과학"]

[[section]]
slug = "game"
title = "게임"
parent = "it"

[[reporter]]
slug = "seoh"
name = "김서현"
email = "seoh@metroseoul.co.kr"

[[source]]
name = "it"
kind = "html"
url = "{site}/newsList/14"
section = "it"
every = "5m"
select = {{ item = "ul.article-list > li", headline = "strong.tit a", url = "strong.tit a@href", body = "p.txt", byline = "span.info" }}

[feeds]
formats = ["atom", "rss", "json"]
directory = "public"
window = "48h"
at_least = 50

[[newsletter]]
slug = "morning"
title = "메트로 모닝"
send = "07:00"
days = "mon-sat"
latest = "09:00"
if_late = "send"
min_articles = 1

[mail]
from = "메트로신문 <news@metroseoul.co.kr>"
transport = "{transport}"

[web]
listen = "127.0.0.1:0"
url = "https://feeds.metroseoul.co.kr"
"""


@dataclass
class Mailbox:
    """A real SMTP server that keeps what it is sent: (recipient, message), in order."""

    port: int = 0
    mails: list[tuple[str, bytes]] = field(default_factory=list)
    on_mail: Callable[[int], None] = lambda _count: None

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 (aiosmtpd's name)
        """Take a message."""
        assert isinstance(envelope.content, bytes)
        self.mails.append((envelope.rcpt_tos[0], envelope.content))
        self.on_mail(len(self.mails))
        return "250 kept"


class _AnyPort(Controller):
    """aiosmtpd's controller looks for itself at the port it was given, also where that is 0."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]  # aiosmtpd types only part of itself


@dataclass(frozen=True)
class Program:
    """``masthead`` with one configuration."""

    config: Path

    def run(self, *arguments: str, status: int = 0) -> str:
        """Run a command to its end and give what it printed; fails unless it exits with this status.

        In this process: a fresh one spends seconds on imports, and `start` covers that.
        """
        printed, complaints = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(complaints), pytest.raises(SystemExit) as left:
            main(["--config", str(self.config), *arguments])
        assert left.value.code == status, f"{arguments} exited {left.value.code}\n{printed.getvalue()}\n{complaints.getvalue()}"
        return printed.getvalue()

    def json(self, *arguments: str) -> Any:
        """What a command says with --json."""
        return json.loads(self.run(*arguments, "--json"))

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a command and leave it running."""
        return subprocess.Popen(self._command(*arguments), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def _command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "masthead", "--config", str(self.config), *arguments]


class _MetroSite(http.server.SimpleHTTPRequestHandler):
    """``/newsList/14`` is listing.html, ``/article/ID`` is article/ID.html. No ETag and no Last-Modified: the body alone tells."""

    def do_GET(self) -> None:
        name = "listing.html" if self.path.startswith("/newsList/14") else f"{self.path.lstrip('/')}.html"
        file = Path(self.directory) / os.path.normpath(name)
        found = file.is_file()
        body = file.read_bytes() if found else b""
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class's name)
        """Say nothing."""


@pytest.fixture
def metro_site(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The address of the metro section page on loopback, and the folder it is served from: a copy that a test may edit."""
    if not METRO.is_dir():
        pytest.skip("../shared/data/metro is not here")
    folder = tmp_path / "site"
    (folder / "article").mkdir(parents=True)
    for file in [METRO / "listing.html", *(METRO / "article").glob("*.html")]:
        (folder / file.relative_to(METRO)).write_bytes(file.read_bytes())
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(_MetroSite, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", folder
    server.shutdown()
    server.server_close()


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """An SMTP server on loopback."""
    kept = Mailbox()
    controller = _AnyPort(kept, hostname="127.0.0.1", port=0)
    controller.start()
    kept.port = controller.port
    yield kept
    controller.stop()


@pytest.fixture
def metro(tmp_path: Path, metro_site: tuple[str, Path], mailbox: Mailbox) -> Program:
    """Masthead, configured for the metro page by the example of the design."""
    config = tmp_path / "config.toml"
    config.write_text(CONFIG.format(site=metro_site[0], transport=f"smtp://127.0.0.1:{mailbox.port}"), encoding="utf-8")
    return Program(config)
