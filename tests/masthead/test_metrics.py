"""/metrics as Prometheus reads it, and as others may not; and `masthead status feeds`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import pytest
import time_machine
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from masthead.app import App
from masthead.demo.servers import WebServer, listen
from masthead.readership.store import HostedCount, PollerCount, ReadershipStore
from masthead.store import RunState
from masthead.web.metrics import Metrics
from newsroom.errors import StoreUnreachableError
from tests.masthead.conftest import Call
from tests.masthead.papers import SEVEN, add_article
from tests.masthead.web import ask

TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)


def told(feed: str, subscribers: int, reader: str = "Feedly", ending: str = "atom") -> HostedCount:
    return HostedCount(feed=feed, ending=ending, reader=reader, feed_id="", subscribers=subscribers)


def polled(feed: str, pollers: int) -> PollerCount:
    return PollerCount(feed=feed, pollers=pollers)


@pytest.fixture
def readership(app: App) -> ReadershipStore:
    """A week of readers, yesterday's last."""
    store = ReadershipStore(app.database)
    store.save(TODAY - 8 * DAY, [told("front", 10)], [polled("front", 5)])
    store.save(
        TODAY - DAY,
        [told("front", 16), told("front", 4, "Inoreader"), told("front", 2, ending="rss"), told("sections/society", 1)],
        [polled("front", 3), polled("sections/society", 30)],
    )
    store.save(TODAY, [], [polled("front", 1)])
    return store


@pytest.fixture
def site(app: App) -> Iterator[str]:
    """The address of a server with the paper's metrics."""
    yield from served(app)


def served(app: App, client: str = "") -> Iterator[str]:
    """A server with the paper's metrics, asked from the machine of that address."""
    web = Starlette(routes=[Route("/metrics", Metrics(app, lambda: (False, {"problems": ["late", "broken"]})).respond)])

    async def from_elsewhere(scope: Scope, receive: Receive, send: Send) -> None:
        await web({**scope, "client": (client, 1)} if client else scope, receive, send)

    asgi: ASGIApp = from_elsewhere
    server = WebServer(asgi, listen(0))
    server.start()
    yield server.url
    server.stop()


def figures(site: str) -> dict[str, float]:
    """What a scrape brings, each figure by its name and feed."""
    answer = ask(site, "/metrics")
    assert answer.status == 200
    return {
        sample.name + sample.labels.get("feed", "").join("{}" if sample.labels else ("", "")): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_a_scrape_tells_how_the_paper_is_doing(app: App, site: str, readership: ReadershipStore) -> None:
    """A chart of readers would be empty, or fall to nothing each midnight."""
    add_article(app)
    assert figures(site) == {
        "masthead_problems": 2,
        "masthead_articles": 1,
        "masthead_publish_files_written_total": 0,
        "masthead_feed_subscribers{front}": 22,
        "masthead_feed_subscribers{sections/society}": 1,
        "masthead_feed_pollers{front}": 3,
        "masthead_feed_pollers{sections/society}": 30,
    }


def test_written_files_are_counted_run_by_run(app: App, site: str) -> None:
    """An alarm on feeds that stand still would ring always, or never."""

    def publish(minute: int, written: int | None) -> None:
        run = app.runs.begin("publish", SEVEN + timedelta(minutes=minute), "here/1/1", SEVEN)
        if run and written is not None:
            app.runs.end(run, RunState.DONE, {"written": written, "unchanged": 9}, SEVEN + timedelta(minutes=minute))

    publish(0, 100)
    assert figures(site)["masthead_publish_files_written_total"] == 0
    publish(1, 3)
    publish(2, 4)
    for _ in range(2):
        found = figures(site)
        assert found["masthead_publish_files_written_total"] == 7
        assert found["masthead_publish_last_success_timestamp_seconds"] == SEVEN.timestamp() + 120
    publish(3, None)
    assert figures(site)["masthead_publish_files_written_total"] == 7


def test_while_the_database_is_down_there_are_figures_still(app: App, site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Just when something is wrong, the monitor would be told nothing but that."""

    def down() -> int:
        raise StoreUnreachableError("the disk is gone")

    monkeypatch.setattr(app.articles, "count", down)
    assert figures(site) == {"masthead_problems": 2}


@pytest.mark.parametrize(
    ("client", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("::ffff:127.0.0.1", {}, 200),
        ("192.0.2.1", {}, 404),
        ("10.0.0.1", {}, 404),
        ("2001:db8::1", {}, 404),
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, 404),
        ("127.0.0.1", {"Forwarded": "for=192.0.2.1"}, 404),
        ("127.0.0.1", {"Via": "1.1 Caddy"}, 404),
    ],
)
def test_the_figures_are_the_papers_own(app: App, client: str, headers: Mapping[str, str], status: int) -> None:
    """A competitor would read each day how many follow which reporter."""
    for site in served(app, client):
        assert ask(site, "/metrics", headers=headers).status == status


def test_a_scrape_may_ask_for_openmetrics(site: str) -> None:
    """Prometheus asks for it first; it would drop every figure."""
    answer = ask(site, "/metrics", headers={"Accept": "application/openmetrics-text; version=1.0.0"})
    assert answer.headers["Content-Type"].startswith("application/openmetrics-text")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.text.endswith("# EOF\n")


@time_machine.travel(SEVEN, tick=False)
def test_status_feeds_shows_the_readers_of_each_feed(app: App, readership: ReadershipStore, call: Call) -> None:
    """An editor could not see which section wins readers and which loses them."""
    found = call("--config", app.path, "status", "feeds", "--json").json()
    assert (found["day"], found["complete"]) == ("2026-03-01", True)
    assert found["feeds"] == [
        {
            "feed": "sections/society",
            "title": "한강일보 – 사회",
            "subscribers": 1,
            "pollers": 30,
            "total": 31,
            "week_before": None,
            "hosted": {"Feedly": 1},
        },
        {
            "feed": "front",
            "title": "한강일보",
            "subscribers": 22,
            "pollers": 3,
            "total": 25,
            "week_before": 15,
            "hosted": {"Feedly": 18, "Inoreader": 4},
        },
    ]
    said = call("--config", app.path, "status", "feeds")
    assert [line.split() for line in said.out.splitlines()] == [
        ["Readers", "on", "2026-03-01"],
        ["feed", "title", "hosted", "pollers", "readers", "a", "week", "before"],
        ["sections/society", "한강일보", "–", "사회", "1", "30", "31"],
        ["front", "한강일보", "22", "3", "25", "15", "(+10)"],
    ]


def test_status_feeds_says_where_to_look_when_nobody_was_counted(app: App, call: Call) -> None:
    """An operator whose nginx serves the files would think that nobody reads the paper."""
    said = call("--config", app.path, "status", "feeds")
    assert (said.status, said.out.split(".")[0]) == (0, "No reader was counted yet")
    assert call("--config", app.path, "status", "readers").status == 2
