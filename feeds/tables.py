"""The tables of the feeds: what each feed holds and has held, the entries as they were rendered, and what lies in which place."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, PrimaryKeyConstraint, Table, Text, UniqueConstraint

from newsroom.database import Instant, metadata

feed = Table(
    "feed",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("path", Text, nullable=False, unique=True),
    Column("question", Text, nullable=False),
    Column("change", Integer, nullable=False),
    Index("ix_feed_change", "change"),
)
"""``change`` is the line of the change record with which the feed's documents changed last."""

feed_item = Table(
    "feed_item",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("uri", Text, nullable=False, unique=True),
    Column("article", Text, nullable=False),
    Column("correction", Integer, nullable=False),
    Column("published", Instant, nullable=False),
    Column("updated", Instant, nullable=False),
    Column("edited", Instant, nullable=False),
    Column("gone", Instant),
    Column("change", Integer, nullable=False),
    Index("ix_feed_item_article", "article"),
    Index("ix_feed_item_published", "published"),
    Index("ix_feed_item_change", "change"),
)
"""What entries are made of: an article, or a correction of one. ``gone`` is when it was withdrawn."""

feed_archive = Table(
    "feed_archive",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("feed_id", ForeignKey("feed.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("issue", Integer, nullable=False),
    Column("entries", Integer, nullable=False),
    Column("change", Integer, nullable=False),
    UniqueConstraint("feed_id", "number"),
    UniqueConstraint("feed_id", "name"),
    Index("ix_feed_archive_change", "change"),
)
"""``number`` counts from the oldest; the one with the highest is still filled, the others are frozen. ``issue`` counts those that were
taken back because an entry in them was."""

feed_entry = Table(
    "feed_entry",
    metadata,
    Column("feed_id", ForeignKey("feed.id"), nullable=False),
    Column("item_id", ForeignKey("feed_item.id"), nullable=False),
    Column("archive_id", ForeignKey("feed_archive.id")),
    PrimaryKeyConstraint("feed_id", "item_id"),
    Index("ix_feed_entry_place", "feed_id", "archive_id", "item_id"),
    Index("ix_feed_entry_item", "item_id"),
    Index("ix_feed_entry_archive", "archive_id"),
)
"""Which entries a feed has: in an archive, or, without one, in the subscription document."""

feed_piece = Table(
    "feed_piece",
    metadata,
    Column("item_id", ForeignKey("feed_item.id"), nullable=False),
    Column("variant", Text, nullable=False),
    Column("context", Text, nullable=False),
    Column("change", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),
    PrimaryKeyConstraint("item_id", "variant"),
)
"""An entry as it was rendered. It holds good while ``change`` is its item's, and ``context`` that of the program."""

feed_cursor = Table(
    "feed_cursor",
    metadata,
    Column("folder", Text, primary_key=True),
    Column("change", Integer, nullable=False),
)

feed_state = Table(
    "feed_state",
    metadata,
    Column("folder", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("definition", Text, nullable=False),
    Column("headline", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("published", Instant),
    Column("same_day", Integer, nullable=False),
    PrimaryKeyConstraint("folder", "path"),
)
