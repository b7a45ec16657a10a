"""The program's own tables: what ran when, and settings that must outlive a process."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Index, Integer, Table, Text, UniqueConstraint

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
