"""What subscribers' forms say."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.websub.errors import RequestError
from feeds.websub.model import Mode
from feeds.websub.request import MAX_CALLBACK, parse_request
from feeds.websub.settings import LONGEST_LEASE, SHORTEST_LEASE
from tests.feeds.websub.conftest import House
from tests.feeds.websub.peers import TOPIC

LEASE = timedelta(days=10)
CALLBACK = "https://reader.example/api/pshb.php?k=1"
GOOD = {"hub.mode": "subscribe", "hub.topic": TOPIC, "hub.callback": CALLBACK}


def test_a_plain_request() -> None:
    """Nobody could subscribe."""
    request = parse_request([*GOOD.items(), ("hub.verify", "sync"), ("hub.verify", "async"), ("foo", "bar")], LEASE)
    assert (request.mode, request.topic, request.callback) == (Mode.SUBSCRIBE, TOPIC, CALLBACK)
    assert (request.host, request.lease, request.secret) == ("reader.example", LEASE, "")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"hub.mode": "publish"}, "hub.mode"),
        ({"hub.mode": ""}, "hub.mode"),
        ({"hub.topic": ""}, "hub.topic is missing"),
        ({"hub.callback": ""}, "hub.callback is missing"),
        ({"hub.callback": "ftp://reader.example/"}, "https://"),
        ({"hub.callback": "https://"}, "https://"),
        ({"hub.callback": "https://[::1/"}, "https://"),
        ({"hub.callback": "https://reader.example:99999/"}, "https://"),
        ({"hub.callback": "https://reader.example/\r\nX: y"}, "percent-encoded"),
        ({"hub.callback": "https://reader.example/구독"}, "percent-encoded"),
        ({"hub.callback": "https://me:word@reader.example/"}, "user name"),
        ({"hub.callback": "https://reader.example/#here"}, "fragment"),
        ({"hub.callback": "https://reader.example/" + "x" * MAX_CALLBACK}, "longer"),
        ({"hub.secret": "x" * 200}, "199 bytes"),
        ({"hub.secret": "가" * 67}, "199 bytes"),
        ({"hub.lease_seconds": "-1"}, "number of seconds"),
        ({"hub.lease_seconds": "soon"}, "number of seconds"),
    ],
)
def test_a_mistake_is_said_at_once(wrong: dict[str, str], said: str) -> None:
    """The author of a subscriber would not learn what is wrong."""
    with pytest.raises(RequestError, match=said) as caught:
        parse_request({**GOOD, **wrong}.items(), LEASE)
    assert caught.value.status == 400


def test_a_parameter_given_twice_is_refused() -> None:
    """Two programs that read the first and the last of them would disagree on who subscribed."""
    with pytest.raises(RequestError, match="twice"):
        parse_request([*GOOD.items(), ("hub.callback", "https://other.example/")], LEASE)


def test_a_foreign_topic_is_refused(house: House) -> None:
    """The hub would be an open relay."""
    status, text = house.ask(CALLBACK, topic="https://elsewhere.example/feed")
    assert (status, "not published here" in text) == (404, True)


def test_unsubscribing_what_is_not_there_is_refused(house: House) -> None:
    """Anybody could make us ask any address."""
    assert house.ask(CALLBACK, mode="unsubscribe")[0] == 404


@given(
    st.lists(
        st.tuples(st.sampled_from([*GOOD, "hub.secret", "hub.lease_seconds"]), st.text() | st.sampled_from([*GOOD.values()]))
    )
)
def test_any_form_is_understood_or_refused(form: list[tuple[str, str]]) -> None:
    """Garbage would be a server error."""
    try:
        request = parse_request([*GOOD.items(), *form], LEASE)
    except RequestError:
        return
    assert SHORTEST_LEASE <= request.lease <= LONGEST_LEASE
    assert request.callback.isascii()
