"""WebSub as the program sees it: what changed, what is due, and what subscribers ask for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from feeds.websub.distribution import Distribution
from feeds.websub.drain import drain
from feeds.websub.errors import RequestError
from feeds.websub.model import Figures, Mode, SubscriptionRequest, Topics
from feeds.websub.outgoing import Outgoing
from feeds.websub.ping import Pings
from feeds.websub.request import parse_request
from feeds.websub.settings import HubSettings
from feeds.websub.store import WebSubStore
from feeds.websub.verification import Verifications
from newsroom.fetch.address import Resolver

PING_CONNECTIONS = 10
PROMPT_CONNECTIONS = 4
PROMPT_RUNS = 8
"""How many calls of ``verify`` do something at once; the rest is left to them and to ``work``."""


class WebSub:
    """Other people's ``hubs`` are told, and with ``settings`` there is a hub of our own at ``self_hub_url``.

    Everything owed is in the database: killed at any moment and run on any number of machines, all of it is done, most of it once.
    """

    def __init__(
        self,
        store: WebSubStore,
        topics: Topics,
        *,
        hubs: Sequence[str],
        settings: HubSettings | None,
        clock: Callable[[], datetime],
        self_hub_url: str,
        user_agent: str,
        resolver: Resolver | None = None,
    ) -> None:
        """``resolver`` asks the system where it is None."""
        self._store = store
        self._topics = topics
        self._hubs = tuple(dict.fromkeys(hubs))
        self._settings = settings or HubSettings()
        self._is_hub = settings is not None
        self._clock = clock
        self._self_hub_url = self_hub_url
        self._user_agent = user_agent
        self._resolver = resolver
        self._prompt_runs = 0

    def changed(self, topics: Iterable[str]) -> None:
        """Owe the news of these topics to whoever wants it. To be called when their new bytes can be read at their addresses."""
        if urls := list(dict.fromkeys(topics)):
            self._store.owe(urls, self._hubs, self._clock())

    def work(self, stopping: Callable[[], bool] = lambda: False) -> Figures:
        """Do all that is due, in an event loop of its own. Safe to run twice at once and on many machines."""
        figures = Figures(expired=self._store.forget(self._hubs, self._clock()))
        asyncio.run(self._work(figures, stopping))
        return figures

    async def handle(self, form: Iterable[tuple[str, str]]) -> tuple[int, str]:
        """Answer a subscriber's form: the status and a sentence. After 202, ``verify`` is to be called once the answer is sent."""
        if not self._is_hub:
            return 404, "there is no hub here"
        try:
            request = parse_request(form, self._settings.lease)
            await asyncio.to_thread(self._accept, request)
        except RequestError as error:
            return error.status, str(error)
        return 202, f"accepted; {request.host} will be asked to confirm it"

    async def verify(self) -> None:
        """Ask the callbacks of requests that were just accepted. A reader waits for it."""
        if self._prompt_runs >= PROMPT_RUNS:
            return
        self._prompt_runs += 1
        try:
            async with self._outgoing(PROMPT_CONNECTIONS) as outgoing:
                await drain(self._verifications(outgoing, Figures()), connections=PROMPT_CONNECTIONS, stopping=lambda: False)
        finally:
            self._prompt_runs -= 1

    def _accept(self, request: SubscriptionRequest) -> None:
        """Keep a request, or raise RequestError."""
        now = self._clock()
        if request.mode is Mode.UNSUBSCRIBE:
            if not self._store.subscribed(request.topic, request.callback, now):
                raise RequestError("this callback has no subscription to this topic", status=404)
        elif self._topics.read(request.topic) is None:
            raise RequestError("hub.topic is not published here; use the address in its rel=self link", status=404)
        if broken := self._store.admit(request, self._settings, now):
            raise RequestError(f"{broken}; try again later", status=429)

    async def _work(self, figures: Figures, stopping: Callable[[], bool]) -> None:
        connections = self._settings.connections
        async with self._outgoing(connections + PING_CONNECTIONS + PROMPT_CONNECTIONS) as outgoing:
            pings = Pings(self._store, outgoing, clock=self._clock, claim=self._claim, figures=figures)
            work = [drain(pings, connections=PING_CONNECTIONS, stopping=stopping)]
            if self._is_hub:
                distribution = Distribution(
                    self._store,
                    self._topics,
                    outgoing,
                    hub=self._self_hub_url,
                    clock=self._clock,
                    claim=self._claim,
                    figures=figures,
                )
                work.append(drain(distribution, connections=connections, stopping=stopping))
                verifications = self._verifications(outgoing, figures)
                work.append(drain(verifications, connections=PROMPT_CONNECTIONS, stopping=stopping))
            for result in await asyncio.gather(*work, return_exceptions=True):  # one kind that breaks lets the others end
                if isinstance(result, BaseException):
                    raise result

    def _verifications(self, outgoing: Outgoing, figures: Figures) -> Verifications:
        return Verifications(self._store, self._topics, outgoing, clock=self._clock, claim=self._claim, figures=figures)

    def _outgoing(self, connections: int) -> Outgoing:
        return Outgoing(
            user_agent=self._user_agent,
            allow_private=self._settings.allow_private,
            timeout=self._settings.timeout,
            connections=connections,
            resolver=self._resolver,
        )

    @property
    def _claim(self) -> timedelta:
        """How long a piece of work is one process's: it waits for a turn, takes one, and is written down."""
        return 3 * self._settings.timeout
