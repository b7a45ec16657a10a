"""Counting while requests come in, and what of it reaches the database: numbers."""

from __future__ import annotations

import dataclasses
import gc
import random
import re
import secrets
import sqlite3
import threading
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
from starlette.applications import Starlette

from masthead.demo.servers import WebServer, listen
from masthead.readership.meter import MOST_FEEDS, MOST_HOSTED, Readership
from masthead.readership.store import KEPT_FOR, HostedCount, PollerCount, ReadershipStore
from masthead.web.clients import Clients
from masthead.web.files import PublishedFiles
from masthead.web.front import Front
from newsroom.database import Database
from newsroom.errors import StoreBusyError
from tests.masthead.papers import SEOUL, SEVEN, SetClock
from tests.masthead.web import ask

TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)
FEEDS = {"front", "sections/it", "sections/society"}
FEEDLY = "Feedly/1.0 (+http://www.feedly.com/fetcher.html; {} subscribers; like FeedFetcher-Google)"
MINIFLUX = "Miniflux/2.2.4 (+https://miniflux.app)"


@pytest.fixture(autouse=True)
def _repeatable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Estimates come from hashes, and hashes from the key of the day: here the same ones each time."""
    monkeypatch.setattr(secrets, "token_bytes", random.Random(2).randbytes)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty database of either kind, with its schema."""
    made = Database(database_url)
    made.prepare()
    yield made
    made.close()


@pytest.fixture
def store(database: Database) -> ReadershipStore:
    return ReadershipStore(database)


def meter(now: datetime = SEVEN) -> tuple[Readership, SetClock]:
    clock = SetClock(now)
    return Readership(clock, SEOUL), clock


def pollers(store: ReadershipStore, day: date = TODAY) -> dict[str, int]:
    return {count.feed: count.pollers for count in store.pollers(day)}


def subscribers(store: ReadershipStore, day: date = TODAY) -> dict[tuple[str, str, str, str], int]:
    return {(told.feed, told.ending, told.reader, told.feed_id): told.subscribers for told in store.hosted(day)}


def test_each_poller_counts_once_a_day_whatever_format_it_takes(store: ReadershipStore) -> None:
    """The more often a reader polls, the more popular the reporter would be."""
    readers, _ = meter()
    for _ in range(3):
        for client in ("192.0.2.1", "192.0.2.2", "2001:db8::1"):
            readers.seen("/sections/it.atom", MINIFLUX, client)
            readers.seen("sections/it.rss", MINIFLUX.encode(), client)
    readers.seen("/sections/it.atom", "NetNewsWire (RSS Reader)", "192.0.2.1")
    readers.seen("/front.json", MINIFLUX, "192.0.2.1")
    readers.seen("/front.atom", "curl/8.1", "192.0.2.1")
    readers.seen("/index.html", MINIFLUX, "192.0.2.1")
    readers.seen("/front.atom", b"\xff\xfe \xb3\xaa\xb7\xe7", "192.0.2.9")
    readers.flush(store, FEEDS)
    assert pollers(store) == {"sections/it": 4, "front": 2}
    assert subscribers(store) == {}


def test_a_hosted_reader_counts_by_its_last_number(store: ReadershipStore) -> None:
    """A thousand subscribers would count as one, or those who left would count for the rest of the day."""
    readers, _ = meter()
    for number in (16, 18, 17):
        readers.seen("/front.atom", FEEDLY.format(number), f"192.0.2.{number}")
    readers.seen("/front.rss", FEEDLY.format(5), "192.0.2.1")
    readers.seen("/front.atom", "Feedbin feed-id:1 - 4 subscribers", "192.0.2.1")
    readers.seen("/front.atom", "Feedbin feed-id:2 - 3 subscribers", "192.0.2.1")
    readers.flush(store, FEEDS)
    readers.seen("/front.atom", FEEDLY.format(15), "192.0.2.1")
    readers.flush(store, FEEDS)
    assert subscribers(store) == {
        ("front", "atom", "Feedly", ""): 15,
        ("front", "rss", "Feedly", ""): 5,
        ("front", "atom", "Feedbin", "1"): 4,
        ("front", "atom", "Feedbin", "2"): 3,
    }
    assert pollers(store) == {}


def test_what_the_web_server_answers_is_counted(sqlite_url: str, tmp_path: Path) -> None:
    """Readers who have the newest feed already, or come through the paper's own proxy, would not count."""
    (tmp_path / "front.atom").write_text("<feed/>")
    (tmp_path / "index.html").write_text("<!doctype html>")
    readers, _ = meter()
    proxies = Clients([ip_network("127.0.0.0/8")])
    files = PublishedFiles(tmp_path, base="https://feeds.hangang.example")
    server = WebServer(Front(files, Starlette(), proxies, allowance=None, seen=readers.seen), listen(0))
    server.start()
    for client, agent in (("192.0.2.1", MINIFLUX), ("192.0.2.2", MINIFLUX), ("192.0.2.3", FEEDLY.format(7))):
        headers = {"User-Agent": agent, "X-Forwarded-For": client}
        etag = ask(server.url, "/front.atom", headers=headers).headers["ETag"]
        assert ask(server.url, "/front.atom", headers=headers | {"If-None-Match": etag}).status == 304
    later = {"User-Agent": MINIFLUX, "X-Forwarded-For": "192.0.2.4", "If-None-Match": "*"}
    assert ask(server.url, "/front.atom", headers=later).status == 304
    for path, method in (("/front.atom", "HEAD"), ("/index.html", "GET"), ("/nothing.atom", "GET")):
        ask(server.url, path, method, headers={"User-Agent": MINIFLUX, "X-Forwarded-For": "192.0.2.5"})
    server.stop()
    database = Database(sqlite_url)
    database.prepare()
    store = ReadershipStore(database)
    readers.flush(store, FEEDS)
    assert (pollers(store), subscribers(store)) == ({"front": 3}, {("front", "atom", "Feedly", ""): 7})
    database.close()


def test_a_day_ends_at_the_papers_midnight(store: ReadershipStore) -> None:
    """Readers in Seoul would be counted in two halves, before nine in the morning and after."""
    readers, clock = meter()
    clock.now = datetime(2026, 3, 2, 23, 59, tzinfo=SEOUL)
    readers.seen("/front.atom", MINIFLUX, "192.0.2.1")
    clock.now += timedelta(minutes=2)
    readers.seen("/front.atom", MINIFLUX, "192.0.2.1")
    readers.seen("/front.atom", MINIFLUX, "192.0.2.2")
    readers.flush(store, FEEDS)
    assert (pollers(store), pollers(store, TODAY + DAY)) == ({"front": 1}, {"front": 2})


def test_no_address_and_no_hash_outlives_its_day(sqlite_url: str, tmp_path: Path) -> None:
    """Whoever takes the database, or the memory a day later, could tell who reads what."""
    database = Database(sqlite_url)
    database.prepare()
    readers, clock = meter()
    salt = readers._day.salt
    for number in range(50):
        readers.seen("/front.atom", MINIFLUX, f"198.51.100.{number}")
    assert "198.51.100." not in everything_in(readers), "the address itself is not kept for a moment"
    readers.flush(ReadershipStore(database), FEEDS)
    database.close()
    with sqlite3.connect(tmp_path / "masthead.db") as connection:
        dump = "\n".join(connection.iterdump())
    assert "198.51.100" not in dump
    assert salt.hex() not in dump.lower()
    [row] = [line for line in dump.splitlines() if line.startswith('INSERT INTO "readership_pollers"')]
    assert re.fullmatch(r"""INSERT INTO "readership_pollers" VALUES\('2026-03-02','front',(49|50|51)\);""", row)
    clock.now += DAY
    readers.seen("/front.atom", MINIFLUX, "198.51.100.1")
    assert readers._day.salt != salt
    assert repr(salt) not in everything_in(readers)


def everything_in(readers: Readership) -> str:
    """All that the counts hold, written out."""
    found, seen = [], set()
    waiting: list[object] = [readers]
    while waiting:
        thing = waiting.pop()
        if id(thing) in seen or isinstance(thing, type | SetClock):
            continue
        seen.add(id(thing))
        found.append(repr(thing))
        waiting += gc.get_referents(thing) if dataclasses.is_dataclass(thing) or isinstance(thing, dict | list) else []
        waiting += vars(thing).values() if hasattr(thing, "__dict__") and not callable(thing) else []
    return "\n".join(found)


def test_a_second_process_does_not_make_readers_twice_as_many(store: ReadershipStore) -> None:
    """Every restart would bring the paper a wave of new readers."""
    first, _ = meter()
    for number in range(10):
        first.seen("/front.atom", MINIFLUX, f"192.0.2.{number}")
    first.seen("/front.atom", FEEDLY.format(16), "192.0.2.1")
    first.flush(store, FEEDS)
    second, _ = meter()
    for number in range(5):
        second.seen("/front.atom", MINIFLUX, f"192.0.2.{number}")
    second.seen("/front.atom", FEEDLY.format(15), "192.0.2.1")
    second.flush(store, FEEDS)
    assert (pollers(store), list(subscribers(store).values())) == ({"front": 10}, [15])


def test_what_is_no_feed_of_the_paper_is_forgotten(store: ReadershipStore) -> None:
    """A partner's secret address would stand in the database, and archives in the list of feeds."""
    readers, _ = meter()
    for path in ("/portals/8f2c9a.rss", "/sections/it/2025-06.atom", "/sections/it.atom"):
        readers.seen(path, MINIFLUX, "192.0.2.1")
        readers.seen(path, FEEDLY.format(3), "192.0.2.1")
    readers.flush(store, FEEDS)
    assert (pollers(store), len(subscribers(store))) == ({"sections/it": 1}, 1)
    assert list(readers._day.feeds) == ["sections/it"]


def test_an_attacker_cannot_fill_the_memory(store: ReadershipStore) -> None:
    """Somebody who invents readers and addresses would bring the paper's feeds down."""
    readers, _ = meter()
    for number in range(MOST_FEEDS + 10):
        readers.seen(f"/invented/{number}.atom", f"reader{number} (9 subscribers)", "192.0.2.1")
        readers.seen("/front.atom", f"reader{number} (9 subscribers)", "192.0.2.1")
        readers.seen("/front.atom", f"{'x' * 1000}{number}", str(number))
    assert len(readers._day.feeds) == MOST_FEEDS
    assert len(readers._day.feeds.get("front", readers._day.feeds["invented/1"]).hosted) <= MOST_HOSTED
    readers.flush(store, FEEDS)
    assert len(subscribers(store)) <= MOST_HOSTED


def test_what_could_not_be_stored_is_stored_later(tmp_path: Path) -> None:
    """A busy minute of the database would cost a day's numbers, also of the day that just ended."""
    database = Database(f"sqlite:///{tmp_path / 'masthead.db'}?timeout=0.05")
    database.prepare()
    store = ReadershipStore(database)
    readers, clock = meter()
    readers.seen("/front.atom", MINIFLUX, "192.0.2.1")
    clock.now += DAY
    readers.seen("/front.atom", MINIFLUX, "192.0.2.1")
    readers.seen("/front.atom", FEEDLY.format(3), "192.0.2.1")
    with sqlite3.connect(tmp_path / "masthead.db", isolation_level=None) as blocker:
        blocker.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreBusyError):
            readers.flush(store, FEEDS)
        blocker.execute("ROLLBACK")
    blocker.close()
    readers.flush(store, FEEDS)
    assert (pollers(store), pollers(store, TODAY + DAY), len(subscribers(store, TODAY + DAY))) == ({"front": 1}, {"front": 1}, 1)
    database.close()


def test_requests_do_not_wait_for_the_database(store: ReadershipStore) -> None:
    """A slow disk would be felt by every reader of every feed; and what comes meanwhile would be lost."""
    readers, _ = meter()
    stop = threading.Event()

    def flush() -> None:
        while not stop.is_set():
            readers.flush(store, FEEDS)

    flusher = threading.Thread(target=flush)
    flusher.start()
    slowest = 0.0
    for number in range(2000):
        before = time.thread_time()
        readers.seen("/front.atom", MINIFLUX, f"198.51.100.{number}")
        slowest = max(slowest, time.thread_time() - before)
    stop.set()
    flusher.join()
    readers.flush(store, FEEDS)
    assert pollers(store)["front"] == pytest.approx(2000, rel=0.1)
    assert slowest < 0.05


def test_numbers_are_kept_for_400_days(store: ReadershipStore) -> None:
    """The table would grow for ever, or last year's numbers be gone when they are wanted."""
    told = HostedCount(feed="front", ending="atom", reader="Feedly", feed_id="", subscribers=3)
    polled = PollerCount(feed="front", pollers=2)
    for age in (KEPT_FOR + DAY, KEPT_FOR):
        store.save(TODAY - age, [told], [polled])
    store.save(TODAY, [told], [polled])
    assert (store.hosted(TODAY - KEPT_FOR - DAY), store.pollers(TODAY - KEPT_FOR - DAY)) == ([], [])
    assert (store.hosted(TODAY - KEPT_FOR), store.pollers(TODAY - KEPT_FOR)) == ([told], [polled])
