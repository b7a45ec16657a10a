"""Other people's hubs are told."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs

from tests.feeds.websub.conftest import House
from tests.feeds.websub.peers import OTHER, TOPIC, Peer, answering


def test_a_hub_is_told_once_for_two_changes_in_a_row(any_house: House, peer: Peer) -> None:
    """A hub would be told for every keystroke, or never: readers flag a feed whose hub stays silent."""
    any_house.hubs = (f"{peer.url}/hub",)
    any_house.publish("하나")
    any_house.publish("둘")
    any_house.publish("셋", OTHER)
    assert any_house.websub.work().pinged == 2
    forms = [parse_qs(push.body.decode()) for push in peer.pushes()]
    assert sorted(forms, key=lambda form: form["hub.url"]) == [
        {"hub.mode": ["publish"], "hub.url": [topic], "hub.topic": [topic]} for topic in sorted((TOPIC, OTHER))
    ]
    assert {push.headers["Content-Type"] for push in peer.pushes()} == {"application/x-www-form-urlencoded"}
    assert any_house.websub.work().pinged == 0


def test_a_hub_that_is_down_is_told_later_even_after_a_restart(any_house: House, peer: Peer) -> None:
    """What changed while a hub was down would reach nobody through it."""
    any_house.hubs = (f"{peer.url}/hub", f"{peer.url}/other")
    peer.post["/hub"] = answering(503)
    any_house.publish("하나")
    figures = any_house.websub.work()
    assert (figures.pinged, figures.pings_failed) == (1, 1)
    del peer.post["/hub"]
    assert any_house.websub.work().pinged == 0, "it waits a little"
    any_house.clock.pass_(timedelta(minutes=1))
    assert any_house.websub.work().pinged == 1
    assert len(peer.pushes("/other")) == 1


def test_a_change_while_a_hub_is_told_is_told_again(any_house: House, peer: Peer) -> None:
    """The hub may have read the old document already."""
    any_house.hubs = (f"{peer.url}/hub",)
    any_house.publish("하나")
    now = any_house.clock.now
    (ping,) = any_house.store.claim_pings(1, now, now + timedelta(seconds=6))
    any_house.publish("둘")
    from feeds.websub.model import Outcome

    any_house.store.settle_pings([(ping, Outcome.DONE)], now)
    assert any_house.websub.work().pinged == 1


def test_a_hub_that_is_not_configured_any_more_is_forgotten(any_house: House, peer: Peer) -> None:
    """A hub that was closed would be rung at for ever."""
    any_house.hubs = (f"{peer.url}/hub",)
    any_house.publish("하나")
    any_house.hubs = ()
    any_house.websub.work()
    any_house.hubs = (f"{peer.url}/hub",)
    any_house.websub.work()
    assert peer.pushes() == []
