"""Feeds with their history; series, rights, corrections; readership; WebSub."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from newsroom.migrations import backfill

revision = "0002"
down_revision = "0001"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the tables, give articles their new columns, and fill what follows from what is there."""
    op.create_table(
        "directory_version",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_directory_version"),
    )
    op.create_table(
        "feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_feed"),
        sa.UniqueConstraint("path", name="uq_feed_path"),
    )
    op.create_index("ix_feed_change", "feed", ["change"])

    op.create_table(
        "feed_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uri", sa.Text(), nullable=False),
        sa.Column("article", sa.Text(), nullable=False),
        sa.Column("correction", sa.Integer(), nullable=False),
        sa.Column("published", MOMENT, nullable=False),
        sa.Column("updated", MOMENT, nullable=False),
        sa.Column("edited", MOMENT, nullable=False),
        sa.Column("gone", MOMENT, nullable=True),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_feed_item"),
        sa.UniqueConstraint("uri", name="uq_feed_item_uri"),
    )
    op.create_index("ix_feed_item_article", "feed_item", ["article"])
    op.create_index("ix_feed_item_change", "feed_item", ["change"])
    op.create_index("ix_feed_item_published", "feed_item", ["published"])

    op.create_table(
        "hub_ping",
        sa.Column("hub", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("due", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("hub", "topic", name="pk_hub_ping"),
    )
    op.create_index("ix_hub_ping_due", "hub_ping", ["due"])

    op.create_table(
        "hub_request",
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("callback", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("lease_seconds", sa.Integer(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("due", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("topic", "callback", "mode", name="pk_hub_request"),
    )
    op.create_index("ix_hub_request_due", "hub_request", ["due"])
    op.create_index("ix_hub_request_host", "hub_request", ["host"])

    op.create_table(
        "hub_subscription",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("callback", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("expires", MOMENT, nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_hub_subscription"),
        sa.UniqueConstraint("topic", "callback", name="uq_hub_subscription_topic_callback"),
    )
    op.create_index("ix_hub_subscription_callback", "hub_subscription", ["callback"])
    op.create_index("ix_hub_subscription_expires", "hub_subscription", ["expires"])
    op.create_index("ix_hub_subscription_host", "hub_subscription", ["host"])

    op.create_table(
        "readership_hosted",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("ending", sa.Text(), nullable=False),
        sa.Column("reader", sa.Text(), nullable=False),
        sa.Column("feed_id", sa.Text(), nullable=False),
        sa.Column("subscribers", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "feed", "ending", "reader", "feed_id", name="pk_readership_hosted"),
    )
    op.create_table(
        "readership_pollers",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("pollers", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "feed", name="pk_readership_pollers"),
    )
    op.create_table("series", sa.Column("name", sa.Text(), nullable=False), sa.PrimaryKeyConstraint("name", name="pk_series"))
    op.create_table(
        "article_term",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("term", sa.Text(), nullable=False),
        sa.Column("published", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_article_term_article_id_article"),
        sa.PrimaryKeyConstraint("article_id", "term", name="pk_article_term"),
    )
    op.create_index("ix_article_term_newest", "article_term", ["term", "published", "article_id"])

    op.create_table(
        "feed_archive",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("feed_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("issue", sa.Integer(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name="fk_feed_archive_feed_id_feed"),
        sa.PrimaryKeyConstraint("id", name="pk_feed_archive"),
        sa.UniqueConstraint("feed_id", "name", name="uq_feed_archive_feed_id_name"),
        sa.UniqueConstraint("feed_id", "number", name="uq_feed_archive_feed_id_number"),
    )
    op.create_index("ix_feed_archive_change", "feed_archive", ["change"])

    op.create_table(
        "feed_piece",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("variant", sa.Text(), nullable=False),
        sa.Column("context", sa.Text(), nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["feed_item.id"], name="fk_feed_piece_item_id_feed_item"),
        sa.PrimaryKeyConstraint("item_id", "variant", name="pk_feed_piece"),
    )
    op.create_table(
        "hub_push",
        sa.Column("subscription_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("due", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["hub_subscription.id"], name="fk_hub_push_subscription_id_hub_subscription", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("subscription_id", name="pk_hub_push"),
    )
    op.create_index("ix_hub_push_due", "hub_push", ["due"])

    op.create_table(
        "feed_entry",
        sa.Column("feed_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("archive_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["archive_id"], ["feed_archive.id"], name="fk_feed_entry_archive_id_feed_archive"),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name="fk_feed_entry_feed_id_feed"),
        sa.ForeignKeyConstraint(["item_id"], ["feed_item.id"], name="fk_feed_entry_item_id_feed_item"),
        sa.PrimaryKeyConstraint("feed_id", "item_id", name="pk_feed_entry"),
    )
    op.create_index("ix_feed_entry_archive", "feed_entry", ["archive_id"])
    op.create_index("ix_feed_entry_item", "feed_entry", ["item_id"])
    op.create_index("ix_feed_entry_place", "feed_entry", ["feed_id", "archive_id", "item_id"])

    with op.batch_alter_table("article") as batch_op:
        batch_op.add_column(sa.Column("withdrawn", MOMENT, nullable=True))
        batch_op.add_column(sa.Column("agency", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("full_text_ok", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.add_column(sa.Column("correction", sa.Integer(), nullable=False, server_default="0"))

    with op.batch_alter_table("reporter") as batch_op:
        batch_op.add_column(sa.Column("portrait", sa.Text(), nullable=False, server_default=""))

    with op.batch_alter_table("revision") as batch_op:
        batch_op.add_column(sa.Column("serious", sa.Boolean(), nullable=False, server_default=sa.false()))

    # The defaults were for the rows that were there.
    with op.batch_alter_table("article") as batch_op:
        batch_op.alter_column("full_text_ok", server_default=None)
        batch_op.alter_column("correction", server_default=None)
    with op.batch_alter_table("reporter") as batch_op:
        batch_op.alter_column("portrait", server_default=None)
    with op.batch_alter_table("revision") as batch_op:
        batch_op.alter_column("serious", server_default=None)

    backfill.fill(op.get_bind())
    # Feeds had paths with an ending; everything is looked at again.
    op.execute("DELETE FROM feed_state")
    op.execute("DELETE FROM feed_cursor")
