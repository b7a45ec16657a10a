"""What schema 0002 keeps of articles and derives from what 0001 has: terms, series, and when an article was withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from newsroom.terms import terms_of

BATCH = 1000
_MOMENT = sa.DateTime(timezone=True)
_article = sa.table(
    "article",
    sa.column("id", sa.Integer),
    sa.column("published", _MOMENT),
    sa.column("status", sa.Text),
    sa.column("released", _MOMENT),
    sa.column("withdrawn", _MOMENT),
    sa.column("series", sa.Text),
    sa.column("keywords", sa.JSON),
    sa.column("revision", sa.Integer),
)
_revision = sa.table("revision", sa.column("article_id"), sa.column("number"), sa.column("headline", sa.Text))
_article_term = sa.table("article_term", sa.column("article_id"), sa.column("term", sa.Text), sa.column("published", _MOMENT))
_change = sa.table("change", sa.column("article_id", sa.Integer), sa.column("kind", sa.Text), sa.column("at", _MOMENT))
_series = sa.table("series", sa.column("name", sa.Text))
_directory_version = sa.table("directory_version", sa.column("id"), sa.column("version"))


def fill(connection: sa.Connection) -> None:
    """Fill ``article_term``, ``series``, ``directory_version`` and ``article.withdrawn``, which are empty."""
    last = 0
    while articles := _articles_behind(connection, last):
        last = articles[-1].id
        terms = [
            {"article_id": row.id, "term": term, "published": row.published}
            for row in articles
            for term in terms_of(row.series, row.keywords, row.headline)
        ]
        if terms:
            connection.execute(sa.insert(_article_term), terms)
    seen = sa.select(_article.c.series).where(_article.c.series != "", _article.c.released.is_not(None)).distinct()
    connection.execute(sa.insert(_series).from_select(["name"], seen))
    connection.execute(sa.insert(_directory_version).values(id=1, version=1))
    for row in connection.execute(_withdrawn()).all():
        connection.execute(sa.update(_article).where(_article.c.id == row.article_id).values(withdrawn=row.at))


def _articles_behind(connection: sa.Connection, row_id: int) -> Sequence[Any]:
    current = sa.and_(_revision.c.article_id == _article.c.id, _revision.c.number == _article.c.revision)
    columns = (_article.c.id, _article.c.published, _article.c.series, _article.c.keywords, _revision.c.headline)
    query = sa.select(*columns).join_from(_article, _revision, current).where(_article.c.id > row_id)
    return connection.execute(query.order_by(_article.c.id).limit(BATCH)).all()


def _withdrawn() -> sa.Select[Any]:
    """The articles that readers have seen and may see no longer, each with its last change of status."""
    away = sa.select(_article.c.id).where(sa.or_(_article.c.released.is_(None), _article.c.status != "usable"))
    seen = sa.select(_change.c.article_id).where(_change.c.kind.in_(["new", "released"]))
    status = sa.select(_change.c.article_id, sa.func.max(_change.c.at).label("at")).where(_change.c.kind == "status")
    return status.where(_change.c.article_id.in_(away), _change.c.article_id.in_(seen)).group_by(_change.c.article_id)
