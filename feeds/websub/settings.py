"""``[feeds.hub]`` of ``config.toml``: whom the built-in hub serves, and how much of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import Field, field_validator

from newsroom.settings import Duration, Network, Table

SHORTEST_LEASE = timedelta(hours=1)
LONGEST_LEASE = timedelta(days=30)


class HubSettings(Table):
    """``[feeds.hub]``. Where the table is absent, there is no built-in hub."""

    lease: Duration = timedelta(days=10)
    """How long a subscription holds where the subscriber does not say."""
    max_subscriptions: Annotated[int, Field(ge=1)] = 50_000
    max_per_host: Annotated[int, Field(ge=1)] = 5_000
    """Subscriptions whose callbacks are on one host: a hosted reader has one for each feed."""
    max_per_callback: Annotated[int, Field(ge=1)] = 100
    max_pending: Annotated[int, Field(ge=1)] = 1_000
    """Requests that wait until the callback has confirmed them."""
    connections: Annotated[int, Field(ge=1, le=1000)] = 50
    timeout: Duration = timedelta(seconds=15)
    """For a whole request to a callback, from the look-up of its name to the end of the answer."""
    allow_private: tuple[Network, ...] = ()

    @field_validator("lease")
    @classmethod
    def _within_bounds(cls, lease: timedelta) -> timedelta:
        if not SHORTEST_LEASE <= lease <= LONGEST_LEASE:
            raise ValueError('write a time span from "1h" to "30d"')
        return lease
