"""The inbox in a real browser: what its headers promise about hostile mail, seen."""

from __future__ import annotations

import shutil
import smtplib
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from masthead.demo.inbox import Inbox, create_inbox
from masthead.demo.servers import WebServer, listen

pytestmark = pytest.mark.browser

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
TRAP = """Subject: Trap\r
Content-Type: text/html; charset=utf-8\r
\r
<html><head><meta http-equiv=refresh content="0;url=http://tracker.example/refresh">
<link rel=stylesheet href=http://tracker.example/style.css><style>@import url(http://tracker.example/import.css);</style></head>
<body background=http://tracker.example/ground.gif><script>top.document.title = "hacked"</script>
<img src=http://tracker.example/pixel.gif><img src=x onerror="top.document.title = 'hacked'">
<iframe src=http://tracker.example/frame></iframe><video src=http://tracker.example/film autoplay></video>
<form action=http://tracker.example/form><button autofocus>go</button></form><p>body</p></body></html>\r
"""


@pytest.fixture
def tracker() -> Iterator[socket.socket]:
    """Where every request to tracker.example would arrive."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.5)
        yield listener


@pytest.fixture
def browser(tracker: socket.socket) -> Iterator[Browser]:
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not program:
        pytest.skip("no Chromium is installed")
    rule = f"--host-resolver-rules=MAP tracker.example 127.0.0.1:{tracker.getsockname()[1]}"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=[*FLAGS, rule])
        yield running
        running.close()


def test_a_hostile_mail_neither_runs_nor_calls_home(browser: Browser, tracker: socket.socket, tmp_path: Path) -> None:
    """A mail that could run script or fetch a pixel would be a hole in everybody's machine who tries the demo."""
    inbox = Inbox(tmp_path / "inbox")
    inbox.start()
    server = WebServer(create_inbox(inbox), listen(0))
    server.start()
    try:
        with smtplib.SMTP("127.0.0.1", inbox.port) as connection:
            connection.sendmail("a@b.example", ["r@example.com"], TRAP.encode())
        page = browser.new_page()
        page.goto(f"{server.url}/mail/{inbox.mails()[0].id}")
        page.wait_for_timeout(1000)
        assert page.frame_locator("iframe").locator("p").inner_text() == "body"
        assert page.title() == "Trap"
        page.close()
    finally:
        server.stop()
        inbox.stop()
    with pytest.raises(TimeoutError):
        tracker.accept()


def test_the_trap_would_be_noticed(browser: Browser, tracker: socket.socket) -> None:
    """The same pixel without the inbox around it does arrive: the silence above is the inbox's doing."""
    page = browser.new_page()
    page.set_content("<img src=http://tracker.example/pixel.gif>", wait_until="commit")
    page.wait_for_timeout(200)
    connection, _ = tracker.accept()
    connection.close()
    page.close()
