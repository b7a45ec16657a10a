"""Terms of articles, the series that readers have seen, and the version of the directory that lists those and the reporters."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from newsroom.tables import article_term, directory_version, series

_ROW = 1


def file(connection: Connection, row_id: int, published: datetime, terms: Collection[str]) -> None:
    """Make these the terms by which an article is found."""
    mine = article_term.c.article_id == row_id
    stored = set(connection.scalars(select(article_term.c.term).where(mine)))
    if gone := stored.difference(terms):
        connection.execute(delete(article_term).where(mine, article_term.c.term.in_(gone)))
    if fresh := [term for term in terms if term not in stored]:
        rows = [{"article_id": row_id, "term": term, "published": published} for term in fresh]
        connection.execute(insert(article_term), rows)


def see(connection: Connection, name: str) -> None:
    """Remember a series that readers see now."""
    if name and connection.scalar(select(series.c.name).where(series.c.name == name)) is None:
        connection.execute(insert(series).values(name=name))
        bump(connection)


def seen(connection: Connection) -> list[str]:
    """The names of all series that readers have ever seen, sorted."""
    return sorted(connection.scalars(select(series.c.name)))


def version(connection: Connection) -> int:
    """How often the reporters or the series have changed."""
    return connection.scalar(select(directory_version.c.version)) or 0


def bump(connection: Connection) -> None:
    """Say that the reporters or the series are others from now on."""
    following = update(directory_version).values(version=directory_version.c.version + 1)
    if connection.execute(following).rowcount == 0:
        connection.execute(insert(directory_version).values(id=_ROW, version=1))
