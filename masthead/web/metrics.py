"""``/metrics`` for Prometheus: how many read each feed, and how the paper is doing. No address and no name of a reader."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from ipaddress import ip_address
from typing import Any

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from masthead.app import App
from masthead.readership.report import last_day
from masthead.readership.store import ReadershipStore
from masthead.store import RunState
from newsroom.errors import NewsroomError

_FORWARDED = ("forwarded", "x-forwarded-for", "via")


class Metrics:
    """Figures of one paper, asked of its store with each scrape. While the database is down there are those that need none."""

    def __init__(self, app: App, health: Callable[[], tuple[bool, Mapping[str, Any]]]) -> None:
        """``health`` is what ``/health`` answers."""
        self._app = app
        self._health = health
        self._readership = ReadershipStore(app.database)
        self._written = _Written(app)
        self._registry = CollectorRegistry()
        self._registry.register(self)

    def respond(self, request: Request) -> Response:
        """The figures in the form that is asked for. Raises a 404 for whoever is not of ``web.metrics``."""
        if not self._may_ask(request):
            raise HTTPException(404)
        encode, media_type = choose_encoder(request.headers.get("accept", ""))
        return Response(encode(self._registry), headers={"Content-Type": media_type, "Cache-Control": "no-store"})

    def collect(self) -> Iterator[Metric]:
        """All metrics as they are now (prometheus_client's interface)."""
        problems = self._health()[1]["problems"]
        yield GaugeMetricFamily("masthead_problems", "What somebody should see to, as in /health", len(problems))
        try:
            yield from [*self._of_publishing(), *self._of_readers()]
        except NewsroomError:  # the database is down: that is one of the problems counted above
            return

    def describe(self) -> Iterator[Metric]:
        """Nothing beforehand, or registering would ask the database (prometheus_client's interface)."""
        return iter(())

    def _may_ask(self, request: Request) -> bool:
        """What came through a proxy came from elsewhere, although the proxy is near."""
        if request.client is None or any(name in request.headers for name in _FORWARDED):
            return False
        client = ip_address(request.client.host)
        client = getattr(client, "ipv4_mapped", None) or client  # a socket of both families tells IPv4 so
        return any(client in network for network in self._app.config.web.metrics)

    def _of_publishing(self) -> Iterator[Metric]:
        yield GaugeMetricFamily("masthead_articles", "Articles in the store", self._app.articles.count())
        good = self._app.runs.last("publish", RunState.DONE)
        if good is not None and good.finished is not None:
            name, said = "masthead_publish_last_success_timestamp_seconds", "When the feeds were last published without a failure"
            yield GaugeMetricFamily(name, said, good.finished.timestamp())
        name, said = "masthead_publish_files_written", "Files that publishing wrote, on any machine, since this process began"
        yield CounterMetricFamily(name, said, self._written.total())

    def _of_readers(self) -> Iterator[Metric]:
        told = "Readers of a feed through hosted readers, by their own word, on the last full day"
        subscribers = GaugeMetricFamily("masthead_feed_subscribers", told, labels=["feed"])
        polled = "Different readers that polled a feed for themselves on the last full day"
        pollers = GaugeMetricFamily("masthead_feed_pollers", polled, labels=["feed"])
        _, feeds = last_day(self._readership, self._app.clock().astimezone(self._app.zone).date())
        for path, readers in sorted(feeds.items()):
            subscribers.add_metric([path], readers.subscribers)
            pollers.add_metric([path], readers.pollers)
        yield subscribers
        yield pollers


class _Written:
    """Sums up what publishing wrote, run by run: the record of runs is pruned, and a counter may only rise."""

    def __init__(self, app: App) -> None:
        self._runs = app.runs
        self._lock = threading.Lock()  # two scrapes at once would count a run twice
        self._last: int | None = None
        self._total = 0

    def total(self) -> int:
        """Files written in the runs that were begun since the first call."""
        with self._lock:
            if self._last is None:
                newest = self._runs.last("publish")
                self._last = newest.id if newest else 0
            for run in self._runs.later("publish", self._last):
                if run.state is RunState.RUNNING:
                    break
                self._last = run.id
                self._total += int(run.detail.get("written", 0))
            return self._total
