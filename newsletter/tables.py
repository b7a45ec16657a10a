"""The newsletter's tables: who reads, what was sent, and one row for each reader of each edition."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, PrimaryKeyConstraint, Table, Text, UniqueConstraint

from newsroom.database import Instant, metadata

subscriber = Table(
    "subscriber",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("uid", Text, nullable=False, unique=True),
    Column("email", Text, nullable=False),
    Column("email_key", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("created", Instant, nullable=False),
)

subscription = Table(
    "subscription",
    metadata,
    Column("subscriber_id", ForeignKey("subscriber.id"), nullable=False),
    Column("newsletter", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("consent_time", Instant, nullable=False),
    Column("consent_source", Text, nullable=False),
    Column("left", Instant),
    PrimaryKeyConstraint("subscriber_id", "newsletter"),
    Index("ix_subscription_newsletter", "newsletter", "state", "subscriber_id"),
)

suppression = Table(
    "suppression",
    metadata,
    Column("email_hash", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

edition = Table(
    "edition",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("newsletter", Text, nullable=False),
    Column("date", Text, nullable=False),
    Column("due", Instant, nullable=False),
    Column("window_start", Instant, nullable=False),
    Column("window_end", Instant, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("opened", Instant, nullable=False),
    Column("finished", Instant),
    Column("sender", Text, nullable=False),
    Column("sender_until", Instant),
    UniqueConstraint("newsletter", "date"),
    Index("ix_edition_state", "state"),
)

digest = Table(
    "digest",
    metadata,
    Column("edition_id", ForeignKey("edition.id"), nullable=False),
    Column("choice", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("html", Text, nullable=False),
    Column("web", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("articles", JSON, nullable=False),
    PrimaryKeyConstraint("edition_id", "choice"),
)

delivery = Table(
    "delivery",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("edition_id", ForeignKey("edition.id"), nullable=False),
    Column("subscriber_id", ForeignKey("subscriber.id"), nullable=False),
    Column("choice", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("first_attempt", Instant),
    Column("not_before", Instant, nullable=False),
    Column("finished", Instant),
    Column("reply", Text, nullable=False),
    UniqueConstraint("edition_id", "subscriber_id"),
    Index("ix_delivery_next", "edition_id", "state", "not_before", "id"),
)
