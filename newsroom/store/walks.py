"""Walking the public articles of a feed, newest or oldest first: along one index for each part of it, and no further than asked."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, ColumnElement, Connection, Select, and_, false, literal, select, true, tuple_, union

from newsroom.database import Instant
from newsroom.model import Filing, Status
from newsroom.tables import article, article_reporter, article_section, article_term, reporter


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathering:
    """Articles of any of these sections, by this reporter, or with any of these terms; the whole paper where nothing is said."""

    sections: Collection[str] | None = None
    reporter: str | None = None
    terms: Collection[str] | None = None


def public() -> ColumnElement[bool]:
    """Whether an article may be shown: it is usable, and ``release`` has seen its date and its embargo pass."""
    return and_(article.c.released.is_not(None), article.c.status == Status.USABLE)


def newest(gathering: Gathering, limit: int) -> Select[int]:
    """Row ids of public articles, newest first: the newest of each part, and of those the newest."""
    parts = (
        _select(part).order_by(part.published.desc(), part.article_id.desc()).limit(limit).subquery()
        for part in _parts(gathering)
    )
    found = union(*map(select, parts), _NOTHING).subquery().c
    return select(found.article_id).order_by(found.published.desc(), found.article_id.desc()).limit(limit)


def oldest(gathering: Gathering, after: tuple[datetime, int] | None, limit: int) -> Select[int]:
    """Row ids of public articles, oldest first, from behind the one with this time of publication and this row id."""
    parts = (
        _select(part).where(_is_behind(part, after)).order_by(part.published, part.article_id).limit(limit).subquery()
        for part in _parts(gathering)
    )
    found = union(*map(select, parts), _NOTHING).subquery().c
    return select(found.article_id).order_by(found.published, found.article_id).limit(limit)


def place(connection: Connection, filing: Filing) -> tuple[datetime, int]:
    """Where an article stands on its walks."""
    row_id = connection.scalars(select(article.c.id).where(article.c.uri == filing.id)).one()
    return filing.published, row_id


@dataclass(frozen=True, slots=True)
class _Part:
    """One index, and what is looked for in it."""

    article_id: Column[int]
    published: Column[datetime]
    where: ColumnElement[bool]


_NOTHING = select(article.c.id.label("article_id"), article.c.published).where(false())


def _parts(gathering: Gathering) -> Iterator[_Part]:
    if gathering == Gathering():
        yield _Part(article.c.id, article.c.published, true())
    filed, signed, termed = article_section.c, article_reporter.c, article_term.c
    for slug in dict.fromkeys(gathering.sections or ()):
        yield _Part(filed.article_id, filed.published, filed.section == slug)
    if gathering.reporter is not None:
        person = select(reporter.c.id).where(reporter.c.slug == gathering.reporter).scalar_subquery()
        yield _Part(signed.article_id, signed.published, signed.reporter_id == person)
    for term in dict.fromkeys(gathering.terms or ()):
        yield _Part(termed.article_id, termed.published, termed.term == term)


def _select(part: _Part) -> Select[int, datetime]:
    columns = select(part.article_id.label("article_id"), part.published).where(part.where, public())
    return columns if part.article_id.table is article else columns.join(article)


def _is_behind(part: _Part, after: tuple[datetime, int] | None) -> ColumnElement[bool]:
    if after is None:
        return true()
    return tuple_(part.published, part.article_id) > tuple_(literal(after[0], Instant), literal(after[1]))
