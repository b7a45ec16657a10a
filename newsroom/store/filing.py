"""Taking an article in: what is new about it, and what that changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from itertools import chain, count
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, insert, select, update

from newsroom.model import Article, Candidate, ChangeKind, Key, Outcome, Verdict
from newsroom.significance import is_same, is_significant
from newsroom.store import articles, people, showing, topics
from newsroom.store.changes import record
from newsroom.tables import article, article_key, article_reporter, article_section, credit, revision
from newsroom.terms import terms_of


def accept(connection: Connection, new: Candidate, now: datetime) -> Outcome:
    """Keep a candidate; see ``ArticleStore.accept``."""
    row_id = articles.match(connection, new.keys)
    return _add(connection, new, now) if row_id is None else _compare(connection, row_id, new, now)


def _add(connection: Connection, new: Candidate, now: datetime) -> Outcome:
    due = showing.due_at(new.published, new.embargo)
    held = showing.hindrance(new.status, due, now)
    uri = _free_uri(connection, new.id)
    values = {
        "uri": uri,
        "source": new.source,
        "url": new.url,
        "published": new.published,
        "status": new.status,
        "embargo": new.embargo,
        "release_at": due,
        "released": None if held else now,
        "language": new.language,
        **_about(new),
        "revision": 1,
        "correction": 0,
    }
    row_id = connection.execute(insert(article).values(**values).returning(article.c.id)).scalar_one()
    _add_keys(connection, row_id, new.keys)
    _add_sections(connection, row_id, new.published, new.sections)
    updated = max(new.published, min(new.modified, now)) if new.modified else new.published
    _add_revision(connection, row_id, 1, new, published=new.published, updated=updated, edited=updated)
    if not held:
        topics.see(connection, new.series)
        record(connection, row_id, 1, ChangeKind.NEW, now)
    verdict = Verdict.HELD if held else Verdict.NEW
    return Outcome(verdict=verdict, headline=new.headline, url=new.url, reason=held, article_id=uri)


def _compare(connection: Connection, row_id: int, new: Candidate, now: datetime) -> Outcome:
    stored = articles.load(connection, [row_id])[0]
    row = _row(connection, row_id)
    _add_keys(connection, row_id, new.keys)
    reasons = [_file(connection, row, stored, new, now), _resolve(connection, stored, new, now)]
    verdict = Verdict.UNCHANGED
    if row.source != new.source:
        reasons.append(f"kept as source {row.source} gave it")
    else:
        new = _remembering(connection, row.id, stored, new)
        same = is_same(stored, new)
        changes = [showing.reschedule(connection, row, new, now), "" if same else _revise(connection, row_id, new, now)]
        verdict = Verdict.REVISED if any(changes) else verdict
        reasons += changes
    reason = "; ".join(filter(None, reasons))
    return Outcome(verdict=verdict, headline=new.headline, url=stored.url, reason=reason, article_id=stored.id)


def _file(connection: Connection, row: Row[Any], stored: Article, new: Candidate, now: datetime) -> str:
    """File the article under the sections in which it was not yet seen; returns which. It never leaves one."""
    fresh = [slug for slug in new.sections if slug not in stored.sections]
    if not fresh:
        return ""
    _add_sections(connection, row.id, stored.published, fresh, after=len(stored.sections))
    record(connection, row.id, row.revision, ChangeKind.FILED, now)
    return "filed under " + ", ".join(fresh)


def _resolve(connection: Connection, stored: Article, new: Candidate, now: datetime) -> str:
    """Say who signed where only this version tells, by an address; returns whom."""
    unknown = {signed.name for signed in stored.revision.credits if signed.unresolved}
    known = [(signed.name, signed.reporter) for signed in new.credits if signed.reporter and signed.name in unknown]
    for name, slug in known:
        people.resolve(connection, stored.id, name, slug, now)
    return "signed by " + ", ".join(slug for _, slug in known) if known else ""


def _revise(connection: Connection, row_id: int, new: Candidate, now: datetime) -> str:
    """Add a revision; returns how much it matters."""
    stored = articles.load(connection, [row_id])[0]  # again, as it was filed, resolved and rescheduled
    row, old = _row(connection, row_id), stored.revision
    significant = is_significant(stored, new)
    edited = showing.edited_now(row, old.edited, now)
    updated = edited if significant or not showing.was_seen(row) else old.updated
    number = row.revision + 1
    _add_revision(connection, row_id, number, new, published=row.published, updated=updated, edited=edited)
    connection.execute(update(article).where(article.c.id == row_id).values(revision=number, **_about(new)))
    if showing.is_public(row):
        topics.see(connection, new.series)
    record(connection, row_id, number, ChangeKind.REVISED, now)
    return "significant" if significant else "slight"


def _remembering(connection: Connection, row_id: int, stored: Article, new: Candidate) -> Candidate:
    """The candidate with what is known better than its source knows it.

    Who signed is not forgotten when somebody else of that name joins the paper. Nor is a correction's note, where the source has none
    or still the one that an editor has replaced.
    """
    known = {signed.name: signed.reporter for signed in stored.revision.credits if signed.reporter}
    credits_ = (replace(c, reporter=known[c.name], unresolved="") if c.unresolved and c.name in known else c for c in new.credits)
    new = replace(new, credits=tuple(credits_))
    note = stored.revision.note
    if new.note not in {"", note}:
        said_before = select(revision.c.number).where(revision.c.article_id == row_id, revision.c.note == new.note)
        if connection.scalar(said_before.limit(1)) is None:
            return new
    return replace(new, note=note, serious=stored.revision.serious)


def _row(connection: Connection, row_id: int) -> Row[Any]:
    return connection.execute(select(article).where(article.c.id == row_id)).one()


def _about(new: Candidate) -> dict[str, Any]:
    """What a revision may change of its article."""
    return {
        "series": new.series,
        "keywords": list(new.keywords),
        "rights": new.rights,
        "agency": asdict(new.agency) if new.agency else None,
        "full_text_ok": new.full_text_ok,
    }


def _free_uri(connection: Connection, uri: str) -> str:
    """The id itself, or numbered where another article has it already: two hosts with one path, or one with a number used again."""
    numbered = chain([uri], (f"{uri}-{number}" for number in count(2)))
    return next(free for free in numbered if connection.scalar(select(article.c.id).where(article.c.uri == free)) is None)


def _add_keys(connection: Connection, row_id: int, keys: Sequence[Key]) -> None:
    for key in dict.fromkeys(keys):
        where = and_(article_key.c.kind == key.kind, article_key.c.value == key.value)
        if connection.scalar(select(article_key.c.article_id).where(where)) is None:
            connection.execute(insert(article_key).values(kind=key.kind, value=key.value, article_id=row_id))


def _add_sections(connection: Connection, row_id: int, published: datetime, slugs: Iterable[str], *, after: int = 0) -> None:
    for position, slug in enumerate(slugs, after):
        values = {"article_id": row_id, "section": slug, "position": position, "published": published}
        connection.execute(insert(article_section).values(**values))


def _add_revision(
    connection: Connection, row_id: int, number: int, new: Candidate, *, published: datetime, updated: datetime, edited: datetime
) -> None:
    values = {
        "headline": new.headline,
        "body": new.body,
        "summary": new.summary,
        "images": [asdict(image) for image in new.images],
        "updated": updated,
        "edited": edited,
        "content_hash": new.content_hash,
        "note": new.note,
        "serious": new.serious,
        "evidence": dict(new.evidence),
    }
    connection.execute(insert(revision).values(article_id=row_id, number=number, **values))
    reporters = {slug: people.id_of(connection, slug) for signed in new.credits if (slug := signed.reporter)}
    for position, signed in enumerate(new.credits):
        values = asdict(signed) | {"unresolved": signed.unresolved or None, "reporter_id": reporters.get(signed.reporter or "")}
        del values["reporter"]
        connection.execute(insert(credit).values(article_id=row_id, revision=number, position=position, **values))
    connection.execute(delete(article_reporter).where(article_reporter.c.article_id == row_id))
    people.link(connection, row_id, published, reporters.values())
    topics.file(connection, row_id, published, terms_of(new.series, new.keywords, new.headline))
