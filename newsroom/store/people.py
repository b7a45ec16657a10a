"""Reporters and the credits that name them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import Connection, and_, delete, insert, select, update

from newsroom.model import ChangeKind, Credit, Reporter
from newsroom.store import articles
from newsroom.store.changes import record
from newsroom.store.topics import bump
from newsroom.tables import article, article_reporter, credit, reporter, reporter_key


def reporters(connection: Connection) -> list[Reporter]:
    """Every reporter ever known, by name and slug."""
    keys: dict[int, dict[str, list[str]]] = {}
    for row in connection.execute(select(reporter_key).order_by(reporter_key.c.position)):
        keys.setdefault(row.reporter_id, {}).setdefault(row.kind, []).append(row.value)
    return [
        Reporter(
            slug=row.slug,
            name=row.name,
            names=tuple(keys.get(row.id, {}).get("name", ())),
            emails=tuple(keys.get(row.id, {}).get("email", ())),
            source_ids=tuple(keys.get(row.id, {}).get("source_id", ())),
            role=row.role,
            section=row.section,
            portrait=row.portrait,
            active=row.active,
        )
        for row in connection.execute(select(reporter).order_by(reporter.c.name, reporter.c.slug))
    ]


def save(connection: Connection, changed: Iterable[Reporter]) -> None:
    """Add these reporters or bring their rows up to date."""
    saved = list(changed)
    if saved:
        bump(connection)
    for found in saved:
        values = {name: getattr(found, name) for name in ("name", "role", "section", "portrait", "active")}
        if connection.execute(update(reporter).where(reporter.c.slug == found.slug).values(**values)).rowcount == 0:
            connection.execute(insert(reporter).values(slug=found.slug, **values))
        row_id = id_of(connection, found.slug)
        connection.execute(delete(reporter_key).where(reporter_key.c.reporter_id == row_id))
        keys = [
            {"reporter_id": row_id, "kind": kind, "value": value, "position": position}
            for kind, values_of in (("name", found.names), ("email", found.emails), ("source_id", found.source_ids))
            for position, value in enumerate(values_of)
        ]
        if keys:
            connection.execute(insert(reporter_key), keys)


def unresolved(connection: Connection, names: Collection[str] | None) -> list[tuple[str, Credit]]:
    """The review list, the newest articles first, of these names or of all."""
    query = articles.current_credits().where(credit.c.unresolved.is_not(None))
    if names is not None:
        query = query.where(credit.c.name.in_(names))
    newest_first = query.order_by(article.c.published.desc(), article.c.id.desc(), credit.c.position)
    return [(row.uri, articles.as_credit(row)) for row in connection.execute(newest_first)]


def resolve(connection: Connection, uri: str, name: str, slug: str, now: datetime) -> None:
    """Make this name in an article's credits that reporter's; a name that is somebody's already stays so."""
    found = connection.execute(select(article).where(article.c.uri == uri)).one()
    person = id_of(connection, slug)
    signed = and_(credit.c.article_id == found.id, credit.c.revision == found.revision, credit.c.name == name)
    nobodys = update(credit).where(signed, credit.c.unresolved.is_not(None))
    if connection.execute(nobodys.values(reporter_id=person, unresolved=None)).rowcount > 0:
        link(connection, found.id, found.published, [person])
        record(connection, found.id, found.revision, ChangeKind.RESOLVED, now)


def link(connection: Connection, row_id: int, published: datetime, people: Iterable[int]) -> None:
    """Put an article among those of these reporters."""
    have = set(connection.scalars(select(article_reporter.c.reporter_id).where(article_reporter.c.article_id == row_id)))
    for person in set(people) - have:
        connection.execute(insert(article_reporter).values(article_id=row_id, reporter_id=person, published=published))


def id_of(connection: Connection, slug: str) -> int:
    """The row id of the reporter with this slug."""
    return int(connection.execute(select(reporter.c.id).where(reporter.c.slug == slug)).scalar_one())
