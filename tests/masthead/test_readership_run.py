"""`masthead run` counts readers, keeps the numbers when it stops, and tells them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from masthead.readership.store import ReadershipStore
from tests.masthead.papers import SEOUL, opened, write_config
from tests.masthead.process import running, until
from tests.masthead.web import ask


def test_readers_are_counted_and_kept(tmp_path: Path) -> None:
    """The last minute's readers would be lost with each restart, and a monitor be told nothing."""
    config = write_config(tmp_path)
    with running(config) as program:
        until(lambda: ask(program.address, "/front.atom").status == 200, "nothing was published")
        for agent in ("Miniflux/2.2", "newsboat/2.30", "Feedly/1.0 (16 subscribers)", "curl/8.1"):
            assert ask(program.address, "/front.atom", headers={"User-Agent": agent}).status == 200
        figures = ask(program.address, "/metrics")
        assert (figures.status, "masthead_problems" in figures.text) == (200, True)
        assert ask(program.address, "/metrics", headers={"X-Forwarded-For": "192.0.2.1"}).status == 404
        assert program.end() == 0
    with opened(config) as app:
        store = ReadershipStore(app.database)
        today = datetime.now(SEOUL).date()
        assert [(count.feed, count.pollers) for count in store.pollers(today)] == [("front", 2)]
        assert [(told.reader, told.subscribers) for told in store.hosted(today)] == [("Feedly", 16)]
