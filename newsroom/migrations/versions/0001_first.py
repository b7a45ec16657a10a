"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make every table in an empty database."""
    op.create_table(
        "article",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uri", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("published", MOMENT, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("embargo", MOMENT, nullable=True),
        sa.Column("release_at", MOMENT, nullable=False),
        sa.Column("released", MOMENT, nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("keywords", sa.JSON(), nullable=False),
        sa.Column("rights", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_article"),
        sa.UniqueConstraint("uri", name="uq_article_uri"),
    )
    op.create_index("ix_article_published", "article", ["published", "id"])
    op.create_index("ix_article_release", "article", ["released", "release_at"])
    op.create_table(
        "article_key",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "value", name="pk_article_key"),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_article_key_article_id_article"),
    )
    op.create_index("ix_article_key_article_id", "article_key", ["article_id"])
    op.create_table(
        "revision",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("images", sa.JSON(), nullable=False),
        sa.Column("updated", MOMENT, nullable=False),
        sa.Column("edited", MOMENT, nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("article_id", "number", name="pk_revision"),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_revision_article_id_article"),
    )
    op.create_table(
        "reporter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("section", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reporter"),
        sa.UniqueConstraint("slug", name="uq_reporter_slug"),
    )
    op.create_table(
        "reporter_key",
        sa.Column("reporter_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("reporter_id", "kind", "value", name="pk_reporter_key"),
        sa.ForeignKeyConstraint(["reporter_id"], ["reporter.id"], name="fk_reporter_key_reporter_id_reporter"),
    )
    op.create_index("ix_reporter_key_value", "reporter_key", ["kind", "value"])
    op.create_table(
        "credit",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_local", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("dateline", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("reporter_id", sa.Integer(), nullable=True),
        sa.Column("unresolved", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("article_id", "revision", "position", name="pk_credit"),
        sa.ForeignKeyConstraint(
            ["article_id", "revision"], ["revision.article_id", "revision.number"], name="fk_credit_article_id_revision"
        ),
        sa.ForeignKeyConstraint(["reporter_id"], ["reporter.id"], name="fk_credit_reporter_id_reporter"),
    )
    op.create_index(
        "ix_credit_unresolved",
        "credit",
        ["name"],
        sqlite_where=sa.text("unresolved IS NOT NULL"),
        postgresql_where=sa.text("unresolved IS NOT NULL"),
    )
    op.create_table(
        "article_section",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("section", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("published", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("article_id", "section", name="pk_article_section"),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_article_section_article_id_article"),
    )
    op.create_index("ix_article_section_newest", "article_section", ["section", "published", "article_id"])
    op.create_table(
        "article_reporter",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("reporter_id", sa.Integer(), nullable=False),
        sa.Column("published", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("article_id", "reporter_id", name="pk_article_reporter"),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_article_reporter_article_id_article"),
        sa.ForeignKeyConstraint(["reporter_id"], ["reporter.id"], name="fk_article_reporter_reporter_id_reporter"),
    )
    op.create_index("ix_article_reporter_newest", "article_reporter", ["reporter_id", "published", "article_id"])
    op.create_table(
        "change",
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_change"),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_change_article_id_article"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "refusal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("raw", sa.JSON(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_refusal"),
        sa.UniqueConstraint("source", "fingerprint", name="uq_refusal_source_fingerprint"),
    )
    op.create_index("ix_refusal_key", "refusal", ["source", "key"])
    op.create_table(
        "fetched",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("last_modified", sa.Text(), nullable=False),
        sa.Column("reading", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("source", "url", name="pk_fetched"),
    )
    op.create_table(
        "feed_cursor",
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("folder", name="pk_feed_cursor"),
    )
    op.create_table(
        "feed_state",
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("published", MOMENT, nullable=True),
        sa.Column("same_day", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("folder", "path", name="pk_feed_state"),
    )
    op.create_table(
        "subscriber",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_subscriber"),
        sa.UniqueConstraint("email_key", name="uq_subscriber_email_key"),
        sa.UniqueConstraint("uid", name="uq_subscriber_uid"),
    )
    op.create_table(
        "subscription",
        sa.Column("subscriber_id", sa.Integer(), nullable=False),
        sa.Column("newsletter", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("consent_time", MOMENT, nullable=False),
        sa.Column("consent_source", sa.Text(), nullable=False),
        sa.Column("left", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("subscriber_id", "newsletter", name="pk_subscription"),
        sa.ForeignKeyConstraint(["subscriber_id"], ["subscriber.id"], name="fk_subscription_subscriber_id_subscriber"),
    )
    op.create_index("ix_subscription_newsletter", "subscription", ["newsletter", "state", "subscriber_id"])
    op.create_table(
        "suppression",
        sa.Column("email_hash", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("email_hash", name="pk_suppression"),
    )
    op.create_table(
        "edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("newsletter", sa.Text(), nullable=False),
        sa.Column("date", sa.Text(), nullable=False),
        sa.Column("due", MOMENT, nullable=False),
        sa.Column("window_start", MOMENT, nullable=False),
        sa.Column("window_end", MOMENT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("opened", MOMENT, nullable=False),
        sa.Column("finished", MOMENT, nullable=True),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("sender_until", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_edition"),
        sa.UniqueConstraint("newsletter", "date", name="uq_edition_newsletter_date"),
    )
    op.create_index("ix_edition_state", "edition", ["state"])
    op.create_table(
        "digest",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("choice", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("web", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("articles", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("edition_id", "choice", name="pk_digest"),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name="fk_digest_edition_id_edition"),
    )
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("subscriber_id", sa.Integer(), nullable=False),
        sa.Column("choice", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("first_attempt", MOMENT, nullable=True),
        sa.Column("not_before", MOMENT, nullable=False),
        sa.Column("finished", MOMENT, nullable=True),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name="fk_delivery_edition_id_edition"),
        sa.ForeignKeyConstraint(["subscriber_id"], ["subscriber.id"], name="fk_delivery_subscriber_id_subscriber"),
        sa.UniqueConstraint("edition_id", "subscriber_id", name="uq_delivery_edition_id_subscriber_id"),
    )
    op.create_index("ix_delivery_next", "delivery", ["edition_id", "state", "not_before", "id"])
    op.create_table(
        "run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("due", MOMENT, nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("started", MOMENT, nullable=False),
        sa.Column("finished", MOMENT, nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_run"),
        sa.UniqueConstraint("job", "due", name="uq_run_job_due"),
    )
    op.create_index("ix_run_started", "run", ["job", "started"])
    op.create_table(
        "setting",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_setting"),
    )
