"""How a feed is served, against a server with one deliberate fault at a time."""

from __future__ import annotations

import socket
from datetime import UTC, datetime

import pytest

from feeds.checker.check import check_address
from feeds.checker.hubs import Hubs
from feeds.checker.wire import Wire
from tests.feeds.checker.server import serving

NOW = datetime(2026, 3, 3, tzinfo=UTC)


def _rules(fault: str) -> set[str]:
    with serving(fault) as address, Wire() as wire:
        return {finding.rule for finding in check_address(address, wire, NOW).findings}


@pytest.mark.parametrize("fault", ["", "226"])
def test_a_feed_served_right_has_no_findings(fault: str) -> None:
    """An operator with a good server hears nothing, whether it offers RFC 3229 or not."""
    assert _rules(fault) == set()


@pytest.mark.parametrize(
    ("fault", "rule"),
    [
        ("moved", "W1"),
        ("elsewhere", "D2"),
        ("missing", "W1"),
        ("html", "W1"),
        ("no etag", "W2"),
        ("bare etag", "W2"),
        ("changing etag", "W2"),
        ("same etag", "W2"),
        ("304 with another etag", "W2"),
        ("never 304", "W2"),
        ("always 304", "W2"),
        ("no lists", "W2"),
        ("no weak", "W2"),
        ("no star", "W2"),
        ("date wins", "W2"),
        ("future", "W2"),
        ("head differs", "W2"),
        ("random bytes", "W3"),
        ("a day", "W4"),
        ("no-store", "W4"),
        ("cookie", "W4"),
        ("expires", "W4"),
        ("no gzip", "W5"),
        ("always gzip", "W5"),
        ("no vary", "W5"),
        ("refuses", "W6"),
        ("226 cached", "W7"),
        ("226 unnamed", "W7"),
        ("delta for all", "W7"),
        ("no links", "P1"),
        ("two selves", "P1"),
    ],
)
def test_a_fault_in_serving_is_found(fault: str, rule: str) -> None:
    """Feeds are more often served wrong than written wrong, and no reader tells the paper."""
    assert rule in _rules(fault)


def test_an_address_without_server_is_an_error() -> None:
    """Nothing there is worse than anything wrong there."""
    with socket.socket() as unused, Wire() as wire:
        unused.bind(("127.0.0.1", 0))
        found = check_address(f"http://127.0.0.1:{unused.getsockname()[1]}/", wire, NOW)
    assert [finding.rule for finding in found.findings] == ["W1"]


def test_link_headers_are_read_as_rfc_8288_has_them() -> None:
    """A hub behind a comma in an address would be missed."""
    value = '<https://hub.example/?a=1,2>; rel=hub, </front.atom>; type="a,b"; rel="self canonical"'
    found = Hubs.of_header(value, "https://feeds.dumul.example/front.atom")
    assert found == Hubs(("https://hub.example/?a=1,2",), ("https://feeds.dumul.example/front.atom",))
