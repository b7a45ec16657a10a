"""The hub's address, over HTTP as a subscriber reaches it: served by uvicorn, with everything behind it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode, urlsplit

import httpx2
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route

from masthead.web import hub
from masthead.web.hub import MAX_BODY, HubEndpoint
from tests.feeds.websub.conftest import House
from tests.feeds.websub.peers import TOPIC, Peer

FORM = {"hub.mode": "subscribe", "hub.topic": TOPIC, "hub.verify": "sync"}
METHODS = ["GET", "HEAD", "POST", "PUT"]


@contextmanager
def serving(house: House, *, per_minute: int = 100) -> Iterator[str]:
    """The address of the hub."""
    app = Starlette(routes=[Route("/hub", HubEndpoint(house.websub, per_minute=per_minute).respond, methods=METHODS)])
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/hub"
        finally:
            server.should_exit = True
            thread.join()


def test_a_subscriber_is_asked_right_after_its_202(house: House, peer: Peer) -> None:
    """Somebody who adds a feed in FreshRSS would wait for the next tick of the schedule."""
    with serving(house) as address:
        answer = httpx2.post(address, data={**FORM, "hub.callback": f"{peer.url}/callback?k=1"})
        assert answer.status_code == 202
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        until = time.monotonic() + 5
        while not house.store.subscribers(house.clock.now) and time.monotonic() < until:
            time.sleep(0.02)
    assert house.store.subscribers(house.clock.now) == {TOPIC: 1}
    house.publish("하나")
    assert house.websub.work().delivered == 1


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (urlencode({**FORM, "hub.callback": "nonsense"}).encode(), "application/x-www-form-urlencoded", 400),
        (b"hub.mode=\xff", "application/x-www-form-urlencoded", 400),
        (b"hub.mode=%FF", "application/x-www-form-urlencoded", 400),
        (b"a=1&" * 100, "application/x-www-form-urlencoded", 400),
        (b"x" * (MAX_BODY + 1), "application/x-www-form-urlencoded", 413),
        (b'{"hub.mode": "subscribe"}', "application/json", 415),
    ],
)
def test_what_is_no_request_is_refused_with_a_reason(house: House, body: bytes, content_type: str, status: int) -> None:
    """The author of a subscriber would look at an empty error, or we would read without end."""
    with serving(house) as address:
        answer = httpx2.post(address, content=body, headers={"Content-Type": content_type})
    assert answer.status_code == status
    assert len(answer.text) > 10


def test_a_person_who_looks_is_told_what_it_is(house: House) -> None:
    """The address stands in every feed, and people follow links."""
    with serving(house) as address:
        answer = httpx2.get(address)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert "WebSub" in answer.text


def test_a_flood_from_one_address_is_slowed(house: House, peer: Peer) -> None:
    """One program gone wild would keep the hub from all others."""
    with serving(house, per_minute=3) as address:
        answers = [httpx2.post(address, data={**FORM, "hub.callback": f"{peer.url}/1"}) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [202] * 3 + [429] * 2
    assert answers[-1].headers["retry-after"] == "60"


def test_a_body_that_drips_is_cut_off(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections could be held open without end."""
    monkeypatch.setattr(hub, "BODY_SECONDS", 0.2)
    with serving(house) as address, socket.create_connection(("127.0.0.1", urlsplit(address).port or 0), timeout=5) as line:
        line.sendall(
            b"POST /hub HTTP/1.1\r\nHost: hub\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 50\r\n\r\nhub."
        )
        assert line.recv(100).startswith(b"HTTP/1.1 408")
