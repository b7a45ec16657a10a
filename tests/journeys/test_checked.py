"""Everything that is published passes our own checker, as files and over HTTP."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2

from tests.journeys.conftest import Program


@contextmanager
def serving(program: Program) -> Iterator[str]:
    """The program at work, at an address that its feeds name."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    text = program.config.read_text("utf-8").replace("127.0.0.1:0", f"127.0.0.1:{port}")
    program.config.write_text(text.replace("https://feeds.metroseoul.co.kr", address) + "\n[feeds.hub]\n", "utf-8")
    program.run("pull")
    program.run("publish")
    process = program.start("run")
    try:
        for _ in range(300):
            try:
                httpx2.get(f"{address}/health", timeout=5)
                break
            except httpx2.TransportError:
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.communicate(timeout=60)


def faults(documents: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    """What is more than a note."""
    return [
        (document["document"], finding["rule"], finding["message"])
        for document in documents
        for finding in document["findings"]
        if finding["severity"] != "note"
    ]


def test_the_metro_pages_feeds_are_sound_as_served(metro: Program) -> None:
    """Readers, validators and portals would trip over a rule that nobody looked at, in a document or in how it is sent."""
    with serving(metro) as address:
        documents = metro.json("feeds", "check", f"{address}/.well-known/feeds", "--all", "--history")
        others = (f"{address}/sections/it.html", f"{address}/reporters/seoh.rss", f"{address}/front.json")
        documents += metro.json("feeds", "check", *others)
    assert len(documents) >= 9
    assert faults(documents) == []


def test_the_metro_pages_files_are_sound(metro: Program) -> None:
    """A folder that another server serves would hold a broken file."""
    metro.run("pull")
    metro.run("publish")
    assert faults(metro.json("feeds", "check")) == []


def test_the_demo_papers_feeds_are_sound(tmp_path: Path) -> None:
    """The first feeds that anybody sees of us would break a rule."""
    folder = tmp_path / "demo"
    subprocess.run(
        [sys.executable, "-m", "masthead", "demo", "--once", "--port", "0", "--keep", str(folder)],
        check=True,
        capture_output=True,
        timeout=300,
    )
    documents = Program(folder / "config.toml").json("feeds", "check")
    assert len(documents) > 200
    assert faults(documents) == []
