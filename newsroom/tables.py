"""The newsroom's tables.

``published`` stands again beside sections, reporters and terms: a feed's articles are one walk along one index, however many
articles are stored.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from newsroom.database import Instant, metadata

article = Table(
    "article",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("uri", Text, nullable=False, unique=True),
    Column("source", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("published", Instant, nullable=False),
    Column("status", Text, nullable=False),
    Column("embargo", Instant),
    Column("release_at", Instant, nullable=False),
    Column("released", Instant),
    Column("withdrawn", Instant),
    Column("language", Text, nullable=False),
    Column("series", Text, nullable=False),
    Column("keywords", JSON, nullable=False),
    Column("rights", Text, nullable=False),
    Column("agency", JSON(none_as_null=True)),
    Column("full_text_ok", Boolean, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("correction", Integer, nullable=False),
    Index("ix_article_published", "published", "id"),
    Index("ix_article_release", "released", "release_at"),
)

article_key = Table(
    "article_key",
    metadata,
    Column("kind", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("article_id", ForeignKey("article.id"), nullable=False, index=True),
    PrimaryKeyConstraint("kind", "value"),
)

revision = Table(
    "revision",
    metadata,
    Column("article_id", ForeignKey("article.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("headline", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("images", JSON, nullable=False),
    Column("updated", Instant, nullable=False),
    Column("edited", Instant, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("serious", Boolean, nullable=False),
    Column("evidence", JSON, nullable=False),
    PrimaryKeyConstraint("article_id", "number"),
)

reporter = Table(
    "reporter",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("slug", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("section", Text, nullable=False),
    Column("portrait", Text, nullable=False),
    Column("active", Boolean, nullable=False),
)

reporter_key = Table(
    "reporter_key",
    metadata,
    Column("reporter_id", ForeignKey("reporter.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("position", Integer, nullable=False),
    PrimaryKeyConstraint("reporter_id", "kind", "value"),
    Index("ix_reporter_key_value", "kind", "value"),
)

_UNRESOLVED = text("unresolved IS NOT NULL")

credit = Table(
    "credit",
    metadata,
    Column("article_id", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("position", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("email_local", Text, nullable=False),
    Column("organisation", Text, nullable=False),
    Column("dateline", Text, nullable=False),
    Column("source_id", Text, nullable=False),
    Column("reporter_id", ForeignKey("reporter.id")),
    Column("unresolved", Text),
    PrimaryKeyConstraint("article_id", "revision", "position"),
    ForeignKeyConstraint(["article_id", "revision"], ["revision.article_id", "revision.number"]),
    # The review list, a small part of all credits.
    Index("ix_credit_unresolved", "name", sqlite_where=_UNRESOLVED, postgresql_where=_UNRESOLVED),
)

article_section = Table(
    "article_section",
    metadata,
    Column("article_id", ForeignKey("article.id"), nullable=False),
    Column("section", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("published", Instant, nullable=False),
    PrimaryKeyConstraint("article_id", "section"),
    Index("ix_article_section_newest", "section", "published", "article_id"),
)

article_reporter = Table(
    "article_reporter",
    metadata,
    Column("article_id", ForeignKey("article.id"), nullable=False),
    Column("reporter_id", ForeignKey("reporter.id"), nullable=False),
    Column("published", Instant, nullable=False),
    PrimaryKeyConstraint("article_id", "reporter_id"),
    Index("ix_article_reporter_newest", "reporter_id", "published", "article_id"),
)

article_term = Table(
    "article_term",
    metadata,
    Column("article_id", ForeignKey("article.id"), nullable=False),
    Column("term", Text, nullable=False),
    Column("published", Instant, nullable=False),
    PrimaryKeyConstraint("article_id", "term"),
    Index("ix_article_term_newest", "term", "published", "article_id"),
)

# Every series that readers have seen. The name of one that is under embargo still is news.
series = Table("series", metadata, Column("name", Text, primary_key=True))

# One row, which counts the changes of ``reporter`` and ``series``.
directory_version = Table(
    "directory_version",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
)

change = Table(
    "change",
    metadata,
    Column("sequence", Integer, primary_key=True),
    Column("article_id", ForeignKey("article.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", Instant, nullable=False),
    sqlite_autoincrement=True,
)

refusal = Table(
    "refusal",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("headline", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("raw", JSON, nullable=False),
    Column("at", Instant, nullable=False),
    UniqueConstraint("source", "fingerprint"),
    Index("ix_refusal_key", "source", "key"),
)

fetched = Table(
    "fetched",
    metadata,
    Column("source", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("etag", Text, nullable=False),
    Column("last_modified", Text, nullable=False),
    Column("reading", Text, nullable=False),
    PrimaryKeyConstraint("source", "url"),
)
