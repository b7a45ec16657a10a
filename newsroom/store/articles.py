"""Finding articles and putting them together from their rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, or_, select

from newsroom.model import Agency, Article, Credit, CreditKind, Image, Key, Revision, Status
from newsroom.store.walks import public
from newsroom.tables import article, article_key, article_section, credit, reporter, revision

_T = TypeVar("_T")
_CHUNK = 1000
_ISSUED_BY_THE_PAPER = ("native", "guid")


def match(connection: Connection, keys: Sequence[Key]) -> int | None:
    """The row id of the article these keys name, the most trusted first.

    A weaker key never joins two articles to which the paper gave different numbers of its own.
    """
    wanted = or_(False, *(and_(article_key.c.kind == key.kind, article_key.c.value == key.value) for key in keys))
    owners = {Key(row.kind, row.value): row.article_id for row in connection.execute(select(article_key).where(wanted))}
    issued = [key.kind for key in keys if key.kind in _ISSUED_BY_THE_PAPER]
    for key in keys:
        owner: int | None = owners.get(key)
        if owner is not None and (key.kind in _ISSUED_BY_THE_PAPER or not _has_key(connection, owner, issued)):
            return owner
    return None


def _has_key(connection: Connection, row_id: int, kinds: Sequence[str]) -> bool:
    query = select(article_key.c.kind).where(article_key.c.article_id == row_id, article_key.c.kind.in_(kinds))
    return connection.scalars(query.limit(1)).first() is not None


def row_ids(connection: Connection, uris: Sequence[str], which: ColumnElement[bool]) -> list[int]:
    """The row ids of the articles with these ids that are as ``which`` says, in the order given."""
    found: dict[str, int] = {}
    for chunk in chunks(uris):
        rows = connection.execute(select(article.c.uri, article.c.id).where(article.c.uri.in_(chunk), which))
        found.update((row.uri, row.id) for row in rows)
    return [found[uri] for uri in uris if uri in found]


def published_between(start: datetime, end: datetime, late_from: datetime, entered_after: datetime | None) -> Select[int]:
    """Row ids of the public articles of ``ArticleStore.window``, oldest first."""
    published = article.c.published
    fresh = published > start
    if entered_after is not None:
        late = and_(published > late_from, article.c.released > entered_after)
        fresh = and_(published > min(start, late_from), or_(fresh, late))  # one range, or the index would not be used
    return select(article.c.id).where(public(), published <= end, fresh).order_by(published, article.c.id)


def load(connection: Connection, row_ids: Sequence[int]) -> list[Article]:
    """Whole articles with their current revisions, in the order of the row ids."""
    return [found for chunk in chunks(row_ids) for found in _load(connection, chunk)]


def current_credits() -> Select[Any]:
    """The credits of current revisions with ``uri`` of the article and ``slug`` of the reporter."""
    current = and_(article.c.id == credit.c.article_id, article.c.revision == credit.c.revision)
    query = select(credit, article.c.uri, reporter.c.slug).join(article, current)
    return query.outerjoin(reporter, reporter.c.id == credit.c.reporter_id)


def as_credit(row: Row[Any]) -> Credit:
    """A credit from its row and ``slug``."""
    return Credit(
        name=row.name,
        role=row.role,
        kind=CreditKind(row.kind),
        email=row.email,
        email_local=row.email_local,
        organisation=row.organisation,
        dateline=row.dateline,
        source_id=row.source_id,
        reporter=row.slug,
        unresolved=row.unresolved or "",
    )


def chunks(many: Sequence[_T]) -> Iterator[Sequence[_T]]:
    """As many at a time as one statement may name."""
    return (many[start : start + _CHUNK] for start in range(0, len(many), _CHUNK))


def _load(connection: Connection, row_ids: Sequence[int]) -> list[Article]:
    current = and_(revision.c.article_id == article.c.id, revision.c.number == article.c.revision)
    query = select(article, revision).join(revision, current).where(article.c.id.in_(row_ids))
    rows = {row.id: row for row in connection.execute(query)}
    sections: dict[int, list[str]] = {}
    filed = select(article_section).where(article_section.c.article_id.in_(row_ids)).order_by(article_section.c.position)
    for row in connection.execute(filed):
        sections.setdefault(row.article_id, []).append(row.section)
    signed: dict[int, list[Credit]] = {}
    for row in connection.execute(current_credits().where(article.c.id.in_(row_ids)).order_by(credit.c.position)):
        signed.setdefault(row.article_id, []).append(as_credit(row))
    return [_as_article(rows[row_id], sections.get(row_id, ()), signed.get(row_id, ())) for row_id in row_ids]


def _as_article(row: Row[Any], sections: Sequence[str], signed: Sequence[Credit]) -> Article:
    return Article(
        id=row.uri,
        url=row.url,
        published=row.published,
        status=Status(row.status),
        embargo=row.embargo,
        language=row.language,
        series=row.series,
        keywords=tuple(row.keywords),
        rights=row.rights,
        agency=Agency(**row.agency) if row.agency else None,
        full_text_ok=row.full_text_ok,
        sections=tuple(sections),
        revision=Revision(
            number=row.number,
            headline=row.headline,
            body=row.body,
            summary=row.summary,
            credits=tuple(signed),
            images=tuple(Image(**image) for image in row.images),
            updated=row.updated,
            edited=row.edited,
            content_hash=row.content_hash,
            note=row.note,
            serious=row.serious,
        ),
    )
