"""Finding articles and putting them together from their rows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, or_, select, union

from newsroom.model import Article, Credit, CreditKind, Image, Key, Revision, Status
from newsroom.tables import article, article_key, article_reporter, article_section, credit, reporter, revision

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


def public() -> ColumnElement[bool]:
    """Whether an article may be shown: it is usable, and ``release`` has seen its date and its embargo pass."""
    return and_(article.c.released.is_not(None), article.c.status == Status.USABLE)


def newest(limit: int) -> Select[int]:
    """Row ids of the whole paper's public articles, newest first. This and the next two walk an index and stop at the limit."""
    return select(article.c.id).where(public()).order_by(article.c.published.desc(), article.c.id.desc()).limit(limit)


def newest_signed(slug: str, limit: int) -> Select[int]:
    """Row ids of a reporter's public articles, newest first."""
    person = select(reporter.c.id).where(reporter.c.slug == slug).scalar_subquery()
    signed = article_reporter.c
    query = select(signed.article_id).join(article).where(signed.reporter_id == person, public())
    return query.order_by(signed.published.desc(), signed.article_id.desc()).limit(limit)


def newest_filed(sections: Collection[str], limit: int) -> Select[int]:
    """Row ids of the public articles in any of these sections, newest first: the newest of each, and of those the newest."""
    filed = article_section.c
    each = (
        select(filed.article_id, filed.published)
        .join(article)
        .where(filed.section == slug, public())
        .order_by(filed.published.desc(), filed.article_id.desc())
        .limit(limit)
        .subquery()
        for slug in dict.fromkeys(sections)
    )
    none = select(filed.article_id, filed.published).where(filed.article_id.is_(None))
    found = union(*(select(one) for one in each), none).subquery().c
    return select(found.article_id).order_by(found.published.desc(), found.article_id.desc()).limit(limit)


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
        ),
    )
