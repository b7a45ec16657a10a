"""The tables of WebSub: who subscribed, who asked to, what is pushed to whom, and which hubs are to be told.

The rows of the last three are owed work: one is claimed by moving ``due`` on, so that a process that is killed loses none.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, PrimaryKeyConstraint, Table, Text, UniqueConstraint

from newsroom.database import Instant, metadata

hub_subscription = Table(
    "hub_subscription",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("topic", Text, nullable=False),
    Column("callback", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("secret", Text, nullable=False),
    Column("expires", Instant, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("failing_since", Instant),
    UniqueConstraint("topic", "callback"),
    Index("ix_hub_subscription_callback", "callback"),
    Index("ix_hub_subscription_host", "host"),
    Index("ix_hub_subscription_expires", "expires"),
)
"""Confirmed by its callback. ``failures`` counts those in a row. The secret is kept as given: it signs."""

hub_request = Table(
    "hub_request",
    metadata,
    Column("topic", Text, nullable=False),
    Column("callback", Text, nullable=False),
    Column("mode", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("secret", Text, nullable=False),
    Column("lease_seconds", Integer, nullable=False),
    Column("token", Text, nullable=False),
    Column("due", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    PrimaryKeyConstraint("topic", "callback", "mode"),
    Index("ix_hub_request_due", "due"),
    Index("ix_hub_request_host", "host"),
)
"""Not confirmed yet; the newest of a pair takes the place of an earlier one."""

hub_push = Table(
    "hub_push",
    metadata,
    Column("subscription_id", ForeignKey("hub_subscription.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("version", Text, nullable=False),
    Column("due", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    Index("ix_hub_push_due", "due"),
)
"""The newest document is owed to a subscriber, however often it changed meanwhile."""

hub_ping = Table(
    "hub_ping",
    metadata,
    Column("hub", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("due", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    PrimaryKeyConstraint("hub", "topic"),
    Index("ix_hub_ping_due", "due"),
)
