"""The built-in hub with real subscribers on loopback, well-behaved ones."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from datetime import timedelta

import pytest

from feeds.websub.settings import HubSettings
from tests.feeds.websub.conftest import House
from tests.feeds.websub.peers import HUB, OTHER, TOPIC, Peer, answering


def test_subscribe_verify_publish_signed_push(any_house: House, peer: Peer) -> None:
    """Subscribers would not get the news, or could not trust it."""
    any_house.subscribe(f"{peer.url}/callback", secret="비밀", lease_seconds="86400")
    (asked,) = peer.questions()
    assert {name: asked.query[name] for name in ("hub.mode", "hub.topic", "hub.lease_seconds")} == {
        "hub.mode": ["subscribe"],
        "hub.topic": [TOPIC],
        "hub.lease_seconds": ["86400"],
    }
    body = any_house.publish("김서현 기자")
    assert any_house.websub.work().delivered == 1
    (push,) = peer.pushes()
    assert push.body == body
    assert push.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert push.headers["Link"] == f'<{HUB}>; rel="hub", <{TOPIC}>; rel="self"'
    assert push.headers["X-Hub-Signature"] == f"sha256={hmac.new('비밀'.encode(), body, hashlib.sha256).hexdigest()}"
    assert any_house.websub.work().delivered == 0
    assert len(peer.pushes()) == 1


def test_freshrss_subscribes(house: House, peer: Peer) -> None:
    """FreshRSS sends neither secret nor lease, and a word of an older protocol; its readers would wait a day for news."""
    callback = f"{peer.url}/api/pshb.php?k=0123abc"
    house.subscribe(callback, verify="sync")
    (asked,) = peer.questions()
    assert asked.path.startswith("/api/pshb.php?k=0123abc&hub.mode=subscribe&")
    assert asked.query["hub.lease_seconds"] == [str(10 * 24 * 3600)]
    house.publish("새 소식")
    house.websub.work()
    (push,) = peer.pushes()
    assert push.path == "/api/pshb.php?k=0123abc"
    assert "X-Hub-Signature" not in push.headers


@pytest.mark.parametrize(("asked", "given"), [("1", 3600), ("86400", 86400), ("99999999999999", 30 * 86400), ("", 10 * 86400)])
def test_leases_are_kept_within_bounds(house: House, peer: Peer, asked: str, given: int) -> None:
    """A lease of a second would be over at once, one of a century never."""
    house.subscribe(f"{peer.url}/callback", lease_seconds=asked)
    assert peer.questions()[0].query["hub.lease_seconds"] == [str(given)]


def test_a_lease_ends(any_house: House, peer: Peer) -> None:
    """Callbacks that nobody renews would be served for ever."""
    any_house.subscribe(f"{peer.url}/callback", lease_seconds="3600")
    any_house.publish("하나")
    any_house.clock.pass_(timedelta(hours=1))
    figures = any_house.websub.work()
    assert (figures.expired, figures.delivered) == (1, 0)
    assert any_house.store.subscribers(any_house.clock.now) == {}


def test_a_renewal_counts_once_it_is_confirmed(any_house: House, peer: Peer) -> None:
    """Anybody could take a subscription over by naming its callback with a secret of his own."""
    callback = f"{peer.url}/callback"
    any_house.subscribe(callback, secret="old", lease_seconds="7200")
    peer.get["/callback"] = answering(404)
    any_house.subscribe(callback, secret="stolen")
    any_house.publish("하나")
    any_house.websub.work()
    del peer.get["/callback"]
    any_house.subscribe(callback, secret="new", lease_seconds="7200")
    any_house.clock.pass_(timedelta(minutes=119))
    any_house.publish("둘")
    any_house.websub.work()
    keys = [b"old", b"new"]
    assert [push.headers["X-Hub-Signature"] for push in peer.pushes()] == [
        f"sha256={hmac.new(key, push.body, hashlib.sha256).hexdigest()}" for key, push in zip(keys, peer.pushes(), strict=True)
    ]
    assert any_house.store.subscribers(any_house.clock.now) == {TOPIC: 1}


def test_unsubscribing_is_confirmed_too(any_house: House, peer: Peer) -> None:
    """Anybody could silence a subscriber."""
    callback = f"{peer.url}/callback"
    any_house.subscribe(callback)
    peer.get["/callback"] = answering(404)
    any_house.subscribe(callback, mode="unsubscribe")
    assert any_house.store.subscribers(any_house.clock.now) == {TOPIC: 1}
    del peer.get["/callback"]
    any_house.subscribe(callback, mode="unsubscribe")
    assert "hub.lease_seconds" not in peer.questions()[-1].query
    any_house.publish("하나")
    any_house.websub.work()
    assert peer.pushes() == []


def test_a_killed_process_loses_nobody_and_the_newest_version_is_pushed_once(any_house: House, peer: Peer) -> None:
    """A restart in the middle of a distribution would leave subscribers without the news, or with old news."""
    callbacks = [f"{peer.url}/{number}" for number in range(7)]
    any_house.subscribe(*callbacks)
    any_house.publish("하나")
    now = any_house.clock.now
    killed = any_house.store.claim_pushes(3, now, now + timedelta(seconds=6))
    assert len(killed) == 3
    newest = any_house.publish("둘")
    assert any_house.websub.work().delivered == 4
    any_house.clock.pass_(timedelta(seconds=6))
    assert any_house.websub.work().delivered == 3
    assert [push.body for push in peer.pushes()] == [newest] * 7
    assert {push.path for push in peer.pushes()} == {f"/{number}" for number in range(7)}


def test_a_change_during_a_push_is_pushed_as_well(house: House, peer: Peer) -> None:
    """A subscriber that was being served would keep the old text until the next change."""
    house.subscribe(f"{peer.url}/callback")
    bodies = [house.publish("하나")]

    def change(handler: object) -> None:
        del peer.post["/callback"]
        bodies.append(house.publish("둘"))
        answering(200)(handler)  # type: ignore[arg-type]  # the handler is handed through

    peer.post["/callback"] = change
    assert house.websub.work().delivered == 2
    assert [push.body for push in peer.pushes()] == bodies


def test_a_stale_worker_does_not_settle_a_newer_debt(any_house: House, peer: Peer) -> None:
    """A machine that slept through its claim would wake up and strike out news that nobody sent."""
    any_house.subscribe(f"{peer.url}/callback")
    any_house.publish("하나")
    now = any_house.clock.now
    (asleep,) = any_house.store.claim_pushes(1, now, now + timedelta(seconds=6))
    any_house.clock.pass_(timedelta(seconds=6))
    assert any_house.websub.work().delivered == 1
    any_house.publish("둘")
    from feeds.websub.model import Outcome

    any_house.store.settle_pushes([(asleep, Outcome.DONE)], any_house.clock.now)
    assert any_house.websub.work().delivered == 1


def test_two_machines_share_the_work(any_house: House, peer: Peer) -> None:
    """Every subscriber would get everything twice."""
    any_house.subscribe(*(f"{peer.url}/{number}" for number in range(20)))
    any_house.publish("하나")

    async def both() -> int:
        runs = await asyncio.gather(*(asyncio.to_thread(any_house.websub.work) for _ in range(2)))
        return sum(run.delivered for run in runs)

    assert asyncio.run(both()) == 20
    assert len(peer.pushes()) == 20


def test_a_run_that_is_to_stop_leaves_the_rest_owed(house: House, peer: Peer) -> None:
    """Stopping the program would wait for every subscriber, or forget them."""
    house.subscribe(f"{peer.url}/callback")
    house.publish("하나")
    assert house.websub.work(stopping=lambda: True).delivered == 0
    assert house.websub.work().delivered == 1


def test_a_topic_that_ended_meanwhile_is_denied(house: House, peer: Peer) -> None:
    """A subscriber that was told "accepted" would wait for news of a feed that is no more (WebSub §5.2)."""
    house.ask(f"{peer.url}/callback?k=1")
    del house.documents[TOPIC]
    assert house.websub.work().refused == 1
    (told,) = peer.questions()
    assert told.query["hub.mode"] == ["denied"]
    assert told.query["hub.topic"] == [TOPIC]
    assert told.query["k"] == ["1"]


def test_an_unreadable_topic_holds_up_its_own_subscribers_only(house: House, peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    """One broken file would stop the news of all feeds."""
    from feeds.errors import FolderError

    house.subscribe(f"{peer.url}/it")
    house.subscribe(f"{peer.url}/front", topic=OTHER)
    house.publish("하나")
    house.publish("둘", OTHER)
    document = house.documents.pop(TOPIC)

    def read(topic: str) -> tuple[bytes, str] | None:
        if topic == TOPIC:
            raise FolderError
        return house.documents.get(topic)

    with monkeypatch.context() as patch:
        patch.setattr(house.documents, "read", read)
        assert house.websub.work().delivered == 1
    house.documents[TOPIC] = document
    house.clock.pass_(timedelta(seconds=6))
    assert house.websub.work().delivered == 1
    assert [push.path for push in peer.pushes()] == ["/front", "/it"]


@pytest.mark.parametrize("lease", ["30m", "31d"])
def test_a_lease_out_of_bounds_is_refused_in_the_configuration(lease: str) -> None:
    """Subscribers would be told a lease that the hub does not keep."""
    with pytest.raises(ValueError, match="1h"):
        HubSettings.model_validate({"lease": lease})
