"""`masthead run`: one process that serves, pulls, publishes and mails, follows its configuration, and stops when told to."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from newsletter.links import Links
from tests.masthead.papers import add_readers, opened, rss, write_config
from tests.masthead.process import running, until
from tests.masthead.web import ask
from tests.servers import HttpServer


@pytest.fixture
def wire() -> Iterator[HttpServer]:
    """A news agency's feed with two stories."""
    server = HttpServer()
    server.serve("/rss", rss({1: "나룻배가 다시 뜬다", 2: "다리가 놓인다"}), content_type="application/rss+xml")
    with server.running():
        yield server


@pytest.fixture
def config(tmp_path: Path, wire: HttpServer) -> Path:
    """A paper that pulls the wire."""
    return write_config(tmp_path, source=f"{wire.url}/rss")


def edit(config: Path, old: str, new: str) -> None:
    """Save the configuration as editors do: a new file, renamed over the old one."""
    text = config.read_text(encoding="utf-8")
    assert old in text
    fresh = config.with_name(".config.toml.swp")
    fresh.write_text(text.replace(old, new), encoding="utf-8")
    fresh.replace(config)


def test_it_pulls_publishes_and_serves(config: Path) -> None:
    """The paper's own machine would need three programs, or the first feeds be there after five minutes."""
    with running(config) as program:
        answer = ask(program.address, "/health")
        assert answer.status == 200
        until(lambda: ask(program.address, "/sections/society.atom").status == 200, "the feed was never published")
        feed = ask(program.address, "/sections/society.atom")
        until(lambda: "다리가 놓인다" in ask(program.address, "/sections/society.atom").text, feed.text)
        feed = ask(program.address, "/sections/society.atom")
        assert ask(program.address, "/sections/society.atom", headers={"If-None-Match": feed.headers["ETag"]}).status == 304
        assert "한강일보" in ask(program.address, "/").text
        assert program.said == [f"한강일보: {program.address}/"]
        assert program.end() == 0
        assert [line["event"] for line in program.logged if line["event"] in ("running", "stopping", "stopped")] == [
            "running",
            "stopping",
            "stopped",
        ]
        assert not [line for line in program.logged if line["event"] == "not JSON"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_when_what_is_in_flight_has_finished(
    config: Path, wire: HttpServer, tmp_path: Path, number: signal.Signals
) -> None:
    """A restart would cut a pull in half, and the half be lost or taken twice."""
    asked = threading.Event()

    def slow(handler: BaseHTTPRequestHandler) -> None:
        asked.set()
        time.sleep(1.5)
        body = rss({3: "다리를 건넌다"}).encode()
        handler.send_response(200)
        handler.send_header("Content-Type", "application/rss+xml")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    wire.behave("/rss", slow)
    with running(config) as program:
        assert program.address
        assert asked.wait(30)
        assert program.end(number) == 0
        assert program.wait_for("stopped")
    with closing(sqlite3.connect(tmp_path / "masthead.db")) as database:
        assert database.execute("SELECT state FROM run WHERE job = 'pull wire'").fetchall() == [("done",)]
        assert database.execute("SELECT count(*) FROM article").fetchone() == (1,)


def test_a_click_at_the_moment_of_a_restart_is_not_lost(config: Path, tmp_path: Path) -> None:
    """A reader would press the button, see an error, and go on getting the mail."""
    with opened(config) as app:
        add_readers(app, 1)
        with app.database.read() as connection:
            uid = str(connection.exec_driver_sql("SELECT uid FROM subscriber").scalar())
        link = app.links.unsubscribe(uid, "morning").removeprefix(app.config.web.url)
    with running(config) as program, ThreadPoolExecutor(1) as pool:
        until(lambda: ask(program.address, "/front.atom").status == 200, "the paper was never published")
        with closing(sqlite3.connect(tmp_path / "masthead.db", isolation_level=None)) as database:
            database.execute("BEGIN IMMEDIATE")  # whoever writes now has to wait
            click = pool.submit(ask, program.address, link, "POST", body=b"List-Unsubscribe=One-Click")
            until(click.running, "the button was never pressed")
            time.sleep(1)
            program.process.send_signal(signal.SIGTERM)
            time.sleep(1)
            database.execute("ROLLBACK")
        assert click.result(30).status == 200
        assert program.process.wait(60) == 0
    with opened(config) as app:
        assert app.newsletters.subscribers("morning") == 0


def test_a_second_signal_does_not_wait(config: Path, wire: HttpServer) -> None:
    """A program that hangs could only be ended by somebody who knows kill -9."""
    asked = threading.Event()

    def hanging(_handler: BaseHTTPRequestHandler) -> None:
        asked.set()
        wire.stopping.wait(30)

    wire.behave("/rss", hanging)
    with running(config) as program:
        assert program.address
        assert asked.wait(30)
        program.process.send_signal(signal.SIGTERM)
        program.wait_for("stopping")
        assert program.end() == -signal.SIGTERM


def test_a_port_that_is_taken_is_said_plainly(config: Path) -> None:
    """An operator would read a traceback, or the program would run without its pages."""
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        edit(config, "127.0.0.1:0", f"127.0.0.1:{port}")
        with running(config) as program:
            assert program.process.wait(60) == 1
            until(lambda: program.logged, "nothing was said")
            assert [line["line"] for line in program.logged] == [
                f"masthead: cannot listen on 127.0.0.1:{port}: Address already in use; change web.listen or stop the other program."
            ]


# --- the configuration, while it runs ---


def test_saving_the_configuration_changes_what_runs(config: Path, wire: HttpServer) -> None:
    """An operator would have to restart the paper for each source, and forget to."""
    with running(config) as program:
        until(lambda: wire.paths() == ["/rss"], "the source was never pulled")
        wire.serve("/second", rss({7: "둘째 소식"}), content_type="application/rss+xml")
        more = f'name = "second"\nkind = "feed"\nurl = "{wire.url}/second"\nsection = "society"\n\n[[newsletter]]'
        edit(config, "[[newsletter]]", f"[[source]]\n{more}")
        program.wait_for("configuration taken up")
        until(lambda: "둘째 소식" in ask(program.address, "/front.atom").text, "the new source was never pulled")
        edit(config, 'name = "한강일보"', 'name = "새벽일보"')
        until(lambda: "새벽일보" in ask(program.address, "/nowhere").text, "pages are still in the old name")
        assert program.end() == 0


def test_a_broken_save_is_refused_reported_and_changes_nothing(config: Path, wire: HttpServer) -> None:
    """A slip of the finger would stop the paper; or the paper would go on and nobody know that the edit is not in effect."""
    with running(config) as program:
        until(lambda: ask(program.address, "/front.atom").status == 200, "the paper was never published")
        edit(config, 'every = "5m"', 'every = "5 parsecs"\nslection = "x"')
        refused = program.wait_for("configuration refused, the old one stays", level="error")
        assert refused["mistake"].startswith(f"{config}:")
        assert len([line for line in program.logged if line["event"].startswith("configuration refused")]) == 2
        answer = ask(program.address, "/health")
        assert answer.status == 503
        assert "source[1].every: write a time span" in answer.text
        assert "source[1].slection: there is no such key" in answer.text
        assert ask(program.address, "/front.atom").status == 200
        edit(config, 'every = "5 parsecs"\nslection = "x"', 'every = "10m"')
        program.wait_for("configuration taken up")
        until(lambda: ask(program.address, "/health").status == 200, "the mistake is still reported")
        assert program.end() == 0


def test_a_template_that_breaks_is_refused_like_a_broken_configuration(config: Path) -> None:
    """The edition would fail at seven in the morning for an edit of the evening before."""
    templates = config.parent / "templates" / "mail" / "digest"
    with running(config) as program:
        assert program.address
        templates.mkdir(parents=True)
        (templates / "subject.txt").write_text("{% if %}", encoding="utf-8")
        edit(config, 'every = "5m"', 'every = "10m"')
        assert "subject.txt" in program.wait_for("configuration refused, the old one stays")["mistake"]
        assert ask(program.address, "/health").status == 503


def test_a_swapped_link_is_noticed(tmp_path: Path, wire: HttpServer) -> None:
    """A configuration mounted by Kubernetes, which swaps a link to a folder, would never change."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write_config(tmp_path / name, source=f"{wire.url}/rss")
    edit(tmp_path / "two" / "config.toml", 'every = "5m"', 'every = "10m"')
    mounted = tmp_path / "mounted"
    mounted.mkdir()
    (mounted / "data").symlink_to(tmp_path / "one")
    (mounted / "config.toml").symlink_to(Path("data") / "config.toml")
    with running(mounted / "config.toml") as program:
        assert program.address
        (mounted / "fresh").symlink_to(tmp_path / "two")
        (mounted / "fresh").replace(mounted / "data")
        program.wait_for("configuration taken up")


def test_a_comment_changes_nothing(config: Path) -> None:
    """Every saved comment would pull every source."""
    with running(config) as program:
        assert program.address
        edit(config, "[[newsletter]]", "# every morning\n[[newsletter]]")
        edit(config, 'name = "한강일보"', 'name = "새벽일보"')
        program.wait_for("configuration taken up")
        assert len([line for line in program.logged if line["event"] == "configuration taken up"]) == 1


# --- what it leaves in the log ---


def test_the_log_is_json_without_secrets_and_speaks_for_the_libraries_too(config: Path, tmp_path: Path) -> None:
    """A collector would choke on half of the lines; a reader's token or a password would be in somebody's log store."""
    secret = "s" * 40
    link = Links(base="", secret=secret).unsubscribe("reader-of-the-morning", "morning")
    template = config.parent / "templates" / "web" / "error.html"
    template.parent.mkdir(parents=True)
    template.write_text("{{ status }}", encoding="utf-8")
    with running(config, environment={"MASTHEAD_SECRET": secret}) as program:
        assert ask(program.address, link, "POST", body=b"").status == 404
        until(lambda: ask(program.address, "/front.atom").status == 200, "the paper was never published")
        with closing(sqlite3.connect(tmp_path / "masthead.db")) as database:
            database.execute("ALTER TABLE subscription RENAME TO gone")
        assert ask(program.address, link, "POST", body=b"").status == 503
        assert "no such table: subscription" in program.wait_for("page not made")["reason"]
        template.write_text("{% broken", encoding="utf-8")
        assert ask(program.address, link, "POST", body=b"").status == 500
        program.wait_for("Exception in ASGI application\n", logger="uvicorn.error", level="error")
        assert program.end() == 0
    lines = list(program.logged)
    assert not [line for line in lines if line["event"] == "not JSON"]
    assert all({"event", "level", "timestamp"} <= set(line) for line in lines)
    for private in (secret, link.rpartition("/")[2], "reader-of-the-morning"):
        assert private not in json.dumps(lines, ensure_ascii=False)
    assert any(line["event"] == "intake" and line["headline"] == "다리가 놓인다" for line in lines)


def test_on_a_terminal_the_log_is_for_people(config: Path) -> None:
    """An operator would have to read JSON."""
    command = [sys.executable, "-m", "masthead", "run", "--config", str(config)]
    environment = {name: value for name, value in os.environ.items() if name != "MASTHEAD_LOG"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None
    assert process.stdout.readline().startswith("한강일보: http://127.0.0.1:")
    process.terminate()
    _, log = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "[info     ] running" in log
    assert log.rstrip().endswith("stopped")
