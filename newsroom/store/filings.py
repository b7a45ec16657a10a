"""Where articles stand, without their texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, select

from newsroom.model import Filing
from newsroom.store.articles import chunks
from newsroom.store.showing import is_public
from newsroom.tables import article, article_reporter, article_section, article_term, reporter, revision


def load(connection: Connection, row_ids: Sequence[int]) -> list[Filing]:
    """The filings of these articles, in the order of the row ids."""
    return [filing for chunk in chunks(row_ids) for filing in _load(connection, chunk)]


def _load(connection: Connection, row_ids: Sequence[int]) -> list[Filing]:
    rows = {row.id: row for row in connection.execute(_rows().where(article.c.id.in_(row_ids)))}
    filed, signed, termed = article_section.c, article_reporter.c, article_term.c
    sections = select(filed.article_id, filed.section).order_by(filed.position).where(filed.article_id.in_(row_ids))
    reporters = select(signed.article_id, reporter.c.slug).join(reporter).where(signed.article_id.in_(row_ids))
    terms = select(termed.article_id, termed.term).where(termed.article_id.in_(row_ids))
    names = [_names(connection, query) for query in (sections, reporters, terms)]
    return [_as_filing(rows[row_id], *(found.get(row_id, ()) for found in names)) for row_id in row_ids]


def _rows() -> Select[Any]:
    """Articles with the times of their current revisions, and of the newest that was a serious correction."""
    serious = revision.alias()
    current = and_(revision.c.article_id == article.c.id, revision.c.number == article.c.revision)
    correction = and_(serious.c.article_id == article.c.id, serious.c.number == article.c.correction)
    times = (revision.c.updated, revision.c.edited, serious.c.edited.label("corrected"))
    return select(article, *times).join(revision, current).outerjoin(serious, correction)


def _names(connection: Connection, query: Select[int, str]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for row_id, name in connection.execute(query):
        found.setdefault(row_id, []).append(name)
    return found


def _as_filing(row: Row[Any], sections: Sequence[str], reporters: Sequence[str], terms: Sequence[str]) -> Filing:
    return Filing(
        id=row.uri,
        published=row.published,
        updated=row.updated,
        edited=row.edited,
        public=is_public(row),
        withdrawn=row.withdrawn,
        sections=tuple(sections),
        reporters=tuple(sorted(reporters)),  # here, as databases do not agree on the order of texts
        terms=tuple(sorted(terms)),
        correction=row.correction,
        corrected=row.corrected,
    )
