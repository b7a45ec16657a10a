"""Web services and apps that take a feed by a link: one press subscribes.

Left out are readers that run on a server of one's own (Miniflux, FreshRSS): their address is known to nobody else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

_SERVICES = (
    (
        "Feedly",
        "https://feedly.com/i/subscription/feed%2F",
    ),  # what Feedly itself links to: the feed's id, "feed/" and its address
    ("Inoreader", "https://www.inoreader.com/?add_feed="),
    ("NewsBlur", "https://www.newsblur.com/?url="),  # newsblur.com, "Goodies & Apps"
    ("The Old Reader", "https://theoldreader.com/feeds/subscribe?url="),  # given in its own settings for browsers
    ("Feedbin", "https://feedbin.com/?subscribe="),
)


@dataclass(frozen=True, slots=True)
class Subscription:
    """A link that subscribes. ``service`` is its name, empty for whatever app the device has."""

    service: str
    url: str


def subscriptions(address: str) -> Sequence[Subscription]:
    """The links for the feed at this absolute address, that for an app first.

    ``feed:`` before the whole address is understood by NetNewsWire, Reeder, Unread and others.
    """
    services = (Subscription(name, f"{prefix}{quote(address, safe='')}") for name, prefix in _SERVICES)
    return (Subscription("", f"feed:{address}"), *services)
