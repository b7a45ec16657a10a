"""Peers that do what they must not: each costs little, and the others nothing."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import timedelta
from http.server import BaseHTTPRequestHandler

import pytest

from tests.feeds.websub.conftest import House
from tests.feeds.websub.peers import OTHER, TOPIC, Peer, answering, echo


def subscribed(house: House) -> int:
    return sum(house.store.subscribers(house.clock.now).values())


@pytest.mark.parametrize("status", [200, 202, 404])
def test_a_wrong_echo_is_no_subscription(house: House, peer: Peer, status: int) -> None:
    """Whoever names somebody else's address would make us bombard it."""
    peer.get["/callback"] = answering(status, b"welcome")
    house.subscribe(f"{peer.url}/callback")
    assert subscribed(house) == 0
    house.clock.pass_(timedelta(days=1))
    house.websub.work()
    assert len(peer.questions()) == 1  # the answer was final


def test_a_redirect_is_not_followed(house: House, peer: Peer) -> None:
    """A callback could send our requests, and a topic's secret signature, anywhere."""
    peer.get["/moved"] = answering(302, Location=f"{peer.url}/callback")
    house.subscribe(f"{peer.url}/moved")
    assert subscribed(house) == 0
    house.subscribe(f"{peer.url}/callback")
    peer.post["/callback"] = answering(307, Location=f"{peer.url}/elsewhere")
    house.publish("하나")
    assert house.websub.work().failed == 1
    assert peer.pushes("/elsewhere") == []


def test_a_callback_without_an_answer_is_asked_again_and_then_forgotten(house: House, peer: Peer) -> None:
    """A subscriber that restarts would have to ask again; one that is not there would be asked for ever."""
    peer.get["/callback"] = answering(503)
    house.subscribe(f"{peer.url}/callback")
    del peer.get["/callback"]
    house.clock.pass_(timedelta(minutes=1))
    assert house.websub.work().verified == 1
    peer.get["/gone"] = answering(503)
    house.subscribe(f"{peer.url}/gone")
    for _ in range(5):
        house.clock.pass_(timedelta(hours=1))
        house.websub.work()
    assert len([asked for asked in peer.questions() if asked.path.startswith("/gone")]) == 3


def test_gone_is_dropped_at_once(any_house: House, peer: Peer) -> None:
    """410 is how a subscriber says that it is no more; it would be tried for days."""
    any_house.subscribe(f"{peer.url}/gone", f"{peer.url}/callback")
    peer.post["/gone"] = answering(410)
    any_house.publish("하나")
    figures = any_house.websub.work()
    assert (figures.delivered, figures.dropped) == (1, 1)
    any_house.publish("둘")
    any_house.websub.work()
    assert len(peer.pushes("/gone")) == 1


def test_a_dead_callback_is_tried_ever_more_seldom_and_dropped(any_house: House, peer: Peer) -> None:
    """Dead subscribers would pile up; a subscriber that is ill for an afternoon would be lost."""
    any_house.subscribe(f"{peer.url}/dead", f"{peer.url}/ill")
    peer.post["/dead"] = peer.post["/ill"] = answering(500)
    newest = any_house.publish("하나")
    for hour in range(36):
        if hour == 6:
            del peer.post["/ill"]
            newest = any_house.publish("둘")
        any_house.websub.work()
        any_house.clock.pass_(timedelta(hours=1))
    assert peer.pushes("/ill")[-1].body == newest
    assert any_house.store.subscribers(any_house.clock.now) == {TOPIC: 1}
    assert 8 <= len(peer.pushes("/dead")) <= 12


def test_publishing_often_does_not_hurry_a_failing_callback(house: House, peer: Peer) -> None:
    """A busy paper would hammer a server that is down."""
    house.subscribe(f"{peer.url}/callback")
    peer.post["/callback"] = answering(500)
    for number in range(10):
        house.publish(str(number))
        house.websub.work()
    assert len(peer.pushes()) == 1


@pytest.mark.parametrize("drips", [False, True], ids=["silent", "dripping"])
def test_slow_callbacks_hold_up_nobody(house: House, peer: Peer, drips: bool) -> None:
    """A handful of hostile subscribers would delay the news for all."""
    house.settings |= {"connections": 10}
    slow, quick = [f"{peer.url}/slow/{n}" for n in range(8)], [f"{peer.url}/quick/{n}" for n in range(40)]
    house.subscribe(*slow, *quick)
    done: list[float] = []

    def drip(handler: BaseHTTPRequestHandler) -> None:
        while not peer.stopping.wait(0.05):
            if drips:
                handler.wfile.write(b"HTTP/1.1 200 OK\r\n"[:1])
                handler.wfile.flush()

    def note(handler: BaseHTTPRequestHandler) -> None:
        done.append(time.monotonic())
        answering(204)(handler)

    for callback in slow:
        peer.post[callback.removeprefix(peer.url)] = drip
    for callback in quick:
        peer.post[callback.removeprefix(peer.url)] = note
    house.publish("하나")
    began = time.monotonic()
    figures = house.websub.work()
    peer.stopping.set()
    assert (figures.delivered, figures.failed) == (40, 8)
    assert max(done) - began < 1.8, "the quick ones waited for the slow ones' time to run out"
    assert time.monotonic() - began < 6


def test_a_huge_answer_is_not_read(house: House, peer: Peer) -> None:
    """A callback could fill our memory or our line."""
    sent: list[int] = []

    def flood(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(10**10))
        handler.end_headers()
        while not peer.stopping.is_set():
            handler.wfile.write(bytes(65536))
            sent.append(65536)

    peer.get["/flood"] = flood
    house.subscribe(f"{peer.url}/flood")
    assert subscribed(house) == 0
    house.subscribe(f"{peer.url}/callback")
    peer.post["/callback"] = flood
    house.publish("하나")
    assert house.websub.work().delivered == 1  # its status said so
    assert sum(sent) < 50_000_000


def test_a_name_that_moves_to_a_private_address_is_not_followed(house: House, peer: Peer) -> None:
    """DNS rebinding: a callback that was public when it was checked would reach our own machines when it is served."""
    addresses = {"now": "127.0.0.1"}

    async def resolver(_host: str, _port: int) -> Sequence[str]:
        return [addresses["now"]]

    house.resolver = resolver
    port = peer.url.rpartition(":")[2]
    house.subscribe(f"http://reader.example:{port}/callback")
    assert subscribed(house) == 1
    for private in ("10.0.0.1", "169.254.169.254", "::1", "::ffff:192.168.0.1"):
        addresses["now"] = private
        house.publish("하나")
        assert house.websub.work().failed == 1
        house.clock.pass_(timedelta(hours=6))
    assert peer.pushes() == []


def test_a_private_callback_is_refused(house: House, peer: Peer) -> None:
    """Anybody could read what our network answers, or touch it."""
    house.settings |= {"allow_private": []}
    house.subscribe(f"{peer.url}/callback")
    house.subscribe(f"http://localhost:{peer.url.rpartition(':')[2]}/callback")
    assert peer.arrivals == []
    assert subscribed(house) == 0


def test_a_subscriber_that_forgets_itself_is_asked_before_it_is_pushed_to(house: House, peer: Peer) -> None:
    """A request alone would start pushes."""
    assert house.ask(f"{peer.url}/callback")[0] == 202
    house.publish("하나")
    peer.get["/callback"] = answering(404)
    house.websub.work()
    assert peer.pushes() == []


def test_a_flood_of_requests_is_bounded(any_house: House, peer: Peer) -> None:
    """Anybody could fill the database, or make us ask thousands of addresses."""
    any_house.settings |= {"max_pending": 5}
    answers = [any_house.ask(f"{peer.url}/{number}")[0] for number in range(20)]
    assert answers == [202] * 5 + [429] * 15
    assert any_house.ask(f"{peer.url}/0")[0] == 202, "the same again takes its own place"
    any_house.websub.work()
    assert len(peer.questions()) == 5
    assert any_house.ask(f"{peer.url}/9")[0] == 202


@pytest.mark.parametrize(
    ("bound", "callbacks"),
    [
        ("max_per_host", ["http://a.example/1", "http://a.example:81/2", "http://A.example./3"]),
        ("max_subscriptions", ["http://a.example/1", "http://b.example/1", "http://c.example/1"]),
    ],
)
def test_subscriptions_are_bounded(any_house: House, peer: Peer, bound: str, callbacks: list[str]) -> None:
    """One host could take the places of all."""
    any_house.settings |= {bound: 2}
    assert [any_house.ask(callback)[0] for callback in callbacks] == [202, 202, 429]


def test_a_renewal_is_never_one_too_many(any_house: House, peer: Peer) -> None:
    """A full hub would lose its subscribers one by one when their leases end."""
    any_house.settings |= {"max_subscriptions": 2, "max_per_callback": 1}
    any_house.subscribe(f"{peer.url}/a", f"{peer.url}/b")
    any_house.subscribe(f"{peer.url}/a")
    assert any_house.ask(f"{peer.url}/b", topic=OTHER)[0] == 429
    assert any_house.ask(f"{peer.url}/c")[0] == 429
    any_house.subscribe(f"{peer.url}/a", mode="unsubscribe")
    assert any_house.ask(f"{peer.url}/c")[0] == 202


def test_a_callback_echoing_late_is_bounded(house: House, peer: Peer) -> None:
    """A verification could be held open for ever."""

    def late(handler: BaseHTTPRequestHandler) -> None:
        peer.stopping.wait(10)
        echo(handler)

    peer.get["/late"] = late
    began = time.monotonic()
    house.subscribe(f"{peer.url}/late", f"{peer.url}/callback")
    peer.stopping.set()
    assert time.monotonic() - began < 5
    assert subscribed(house) == 1
