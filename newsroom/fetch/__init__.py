"""Reading other people's servers: politely, within limits, and never where Masthead must not go."""

from __future__ import annotations

from newsroom.fetch.address import Resolver, is_public
from newsroom.fetch.agent import user_agent_for
from newsroom.fetch.errors import (
    AddressError,
    BadAnswerError,
    FetchError,
    FetchTimeoutError,
    PrivateAddressError,
    RedirectError,
    RobotsError,
    StatusError,
    TooLargeError,
    UnreachableError,
)
from newsroom.fetch.fetcher import Fetcher
from newsroom.fetch.page import Page, Validators

__all__ = [
    "AddressError",
    "BadAnswerError",
    "FetchError",
    "FetchTimeoutError",
    "Fetcher",
    "Page",
    "PrivateAddressError",
    "RedirectError",
    "Resolver",
    "RobotsError",
    "StatusError",
    "TooLargeError",
    "UnreachableError",
    "Validators",
    "is_public",
    "user_agent_for",
]
