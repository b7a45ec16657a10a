"""A hub with its database, and somebody to subscribe."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from feeds.websub.settings import HubSettings
from feeds.websub.store import WebSubStore
from feeds.websub.websub import WebSub
from newsroom.database import Database, metadata
from newsroom.fetch.address import Resolver
from tests.feeds.websub.peers import HUB, TOPIC, Clock, Documents, Peer

AGENT = "Masthead/0.1 (+https://paper.example/about; for paper.example)"


class House:
    """A paper with a hub. ``websub`` makes one over the same database each time, as a restart does."""

    def __init__(self, database: Database) -> None:
        self.store = WebSubStore(database)
        self.documents = Documents()
        self.clock = Clock()
        self.hubs: tuple[str, ...] = ()
        self.resolver: Resolver | None = None
        self.settings: dict[str, Any] = {"allow_private": ["127.0.0.0/8"], "timeout": "2s"}

    @property
    def websub(self) -> WebSub:
        return WebSub(
            self.store,
            self.documents,
            hubs=self.hubs,
            settings=HubSettings.model_validate(self.settings),
            clock=self.clock,
            self_hub_url=HUB,
            user_agent=AGENT,
            resolver=self.resolver,
        )

    def ask(self, callback: str, mode: str = "subscribe", topic: str = TOPIC, **more: str) -> tuple[int, str]:
        """Send a form to the hub; the callback is not asked yet."""
        form = {"hub.mode": mode, "hub.topic": topic, "hub.callback": callback}
        return asyncio.run(self.websub.handle([*form.items(), *((f"hub.{name}", value) for name, value in more.items())]))

    def subscribe(self, *callbacks: str, **more: str) -> None:
        """Ask, and let the callbacks confirm."""
        for callback in callbacks:
            assert self.ask(callback, **more)[0] == 202
        asyncio.run(self.websub.verify())

    def publish(self, text: str, topic: str = TOPIC) -> bytes:
        """Change a topic and say so."""
        body = f"<feed>{text}</feed>".encode()
        self.documents[topic] = (body, self.documents[topic][1])
        self.websub.changed([topic])
        return body


@pytest.fixture
def house(sqlite_url: str) -> Iterator[House]:
    yield from _house(sqlite_url)


@pytest.fixture
def any_house(database_url: str) -> Iterator[House]:
    """On each kind of database."""
    yield from _house(database_url)


@pytest.fixture
def peer() -> Iterator[Peer]:
    with Peer().running() as running:
        yield running


def _house(url: str) -> Iterator[House]:
    database = Database(url)
    with database.write() as connection:
        metadata.create_all(connection)
    yield House(database)
    database.close()
