"""The program's own tables: what ran when, settings that must outlive a process, and how many read each feed."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Date, Index, Integer, PrimaryKeyConstraint, Table, Text, UniqueConstraint

from newsroom.database import Instant, metadata

run = Table(
    "run",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("job", Text, nullable=False),
    Column("due", Instant, nullable=False),
    Column("owner", Text, nullable=False),
    Column("started", Instant, nullable=False),
    Column("finished", Instant),
    Column("state", Text, nullable=False),
    Column("detail", JSON, nullable=False),
    UniqueConstraint("job", "due"),
    Index("ix_run_started", "job", "started"),
)

setting = Table(
    "setting",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

readership_hosted = Table(
    "readership_hosted",
    metadata,
    Column("day", Date, nullable=False),
    Column("feed", Text, nullable=False),
    Column("ending", Text, nullable=False),
    Column("reader", Text, nullable=False),
    Column("feed_id", Text, nullable=False),
    Column("subscribers", Integer, nullable=False),
    PrimaryKeyConstraint("day", "feed", "ending", "reader", "feed_id"),
)
"""What hosted readers told last on a day. ``feed_id`` is the reader's own name for a feed, empty where it gives none."""

readership_pollers = Table(
    "readership_pollers",
    metadata,
    Column("day", Date, nullable=False),
    Column("feed", Text, nullable=False),
    Column("pollers", Integer, nullable=False),
    PrimaryKeyConstraint("day", "feed"),
)
