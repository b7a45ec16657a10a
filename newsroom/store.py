"""Where articles, their revisions and the people who wrote them are kept. All of the newsroom's SQL stands here.

An article, its revision and its line in the change record are written in one transaction; every output follows that record.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, delete, func, insert, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from newsroom.database import Database
from newsroom.model import (
    Article,
    Candidate,
    Change,
    ChangeKind,
    Credit,
    CreditKind,
    Image,
    Key,
    Outcome,
    Reporter,
    Revision,
    Status,
    Verdict,
)
from newsroom.significance import is_same, is_significant
from newsroom.tables import (
    article,
    article_key,
    article_reporter,
    article_section,
    change,
    credit,
    fetched,
    refusal,
    reporter,
    reporter_key,
    revision,
)

_CHANGE_LOCK = 0x4D41_5354  # PostgreSQL hands out sequence numbers before commit; a lock keeps the change record in order
_ISSUED_ELSEWHERE = ("native", "guid")


class ArticleStore:
    """The articles of one paper."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # --- taking in ---

    def find(self, keys: Sequence[Key]) -> Article | None:
        """The stored article that these keys name, public or not."""
        with self._database.read() as connection:
            found = _match(connection, keys)
            return _load(connection, [found])[0] if found is not None else None

    def accept(self, candidate: Candidate, now: datetime) -> Outcome:
        """Keep a candidate: a new article, a new revision, one more section, or nothing at all."""
        with self._database.write() as connection:
            found = _match(connection, candidate.keys)
            if found is None:
                return _add(connection, candidate, now)
            return _compare(connection, found, candidate, now)

    def release(self, now: datetime) -> int:
        """Let out the articles whose embargo or future date has passed; returns how many."""
        due = and_(article.c.released.is_(None), article.c.status == Status.USABLE, article.c.release_at <= now)
        with self._database.read() as connection:
            if connection.scalar(select(article.c.id).where(due).limit(1)) is None:
                return 0
        with self._database.write() as connection:
            rows = connection.execute(select(article.c.id, article.c.revision).where(due).order_by(article.c.release_at)).all()
            for row in rows:
                connection.execute(update(article).where(article.c.id == row.id).values(released=now))
                _record(connection, row.id, row.revision, ChangeKind.RELEASED, now)
            return len(rows)

    def refuse(self, source: str, fingerprint: str, outcome: Outcome, raw: Mapping[str, str], now: datetime) -> bool:
        """Keep a refused draft's raw strings with the reason, once; returns whether it was new."""
        values = {"source": source, "fingerprint": fingerprint, "url": outcome.url, "headline": outcome.headline}
        with self._database.write() as connection:
            statement = self._insert(refusal).values(**values, reason=outcome.reason, raw=dict(raw), at=now)
            written = connection.execute(statement.on_conflict_do_nothing(index_elements=["source", "fingerprint"]))
            return written.rowcount > 0

    def refusals(self, limit: int = 100) -> list[Row[Any]]:
        """The newest refused drafts: source, url, headline, reason, raw, at."""
        with self._database.read() as connection:
            return list(connection.execute(select(refusal).order_by(refusal.c.id.desc()).limit(limit)))

    # --- reading ---

    def article(self, id: str) -> Article | None:  # noqa: A002 (the model's word)
        """The public article with this id."""
        found = self.articles([id])
        return found[0] if found else None

    def articles(self, ids: Sequence[str]) -> list[Article]:
        """The public articles among these ids, in the order given."""
        with self._database.read() as connection:
            query = select(article.c.id).where(article.c.uri.in_(ids), _public())
            by_id = {found.id: found for found in _load(connection, _ids(connection, query))}
        return [by_id[id] for id in ids if id in by_id]  # noqa: A001

    def newest(self, *, sections: Collection[str] | None = None, reporter: str | None = None, limit: int) -> list[Article]:
        """Public articles, newest first: of these sections, of this reporter, or of the whole paper."""
        with self._database.read() as connection:
            return _load(connection, _ids(connection, _newest(sections, reporter, limit)))

    def window(self, start: datetime, end: datetime, *, late_from: datetime, entered_after: datetime | None) -> list[Article]:
        """Public articles published in (start, end], oldest first.

        With ``entered_after`` also those published since ``late_from`` that became known only after that moment, so that a story
        which came in late for the last edition is in this one.
        """
        fresh = article.c.published > start
        if entered_after is not None:
            fresh = or_(fresh, and_(article.c.published > late_from, article.c.released > entered_after))
        query = (
            select(article.c.id).where(_public(), article.c.published <= end, fresh).order_by(article.c.published, article.c.id)
        )
        with self._database.read() as connection:
            return _load(connection, _ids(connection, query))

    def changes_after(self, sequence: int, limit: int = 10_000) -> list[Change]:
        """The change record from there on, in order."""
        query = (
            select(change, article.c.uri)
            .join(article)
            .where(change.c.sequence > sequence)
            .order_by(change.c.sequence)
            .limit(limit)
        )
        with self._database.read() as connection:
            return [
                Change(sequence=row.sequence, article_id=row.uri, revision=row.revision, kind=ChangeKind(row.kind), at=row.at)
                for row in connection.execute(query)
            ]

    def last_change(self) -> int:
        """Number of the newest line of the change record, 0 when empty."""
        with self._database.read() as connection:
            return connection.scalar(select(func.max(change.c.sequence))) or 0

    def filed_under(self, id: str) -> tuple[frozenset[str], frozenset[str]]:  # noqa: A002
        """Section slugs and reporter slugs of every revision of an article, public or not: the feeds it is or was in."""
        sections = select(article_section.c.section).join(article).where(article.c.uri == id)
        signed = (
            select(reporter.c.slug)
            .join(credit, credit.c.reporter_id == reporter.c.id)
            .join(article, article.c.id == credit.c.article_id)
        )
        with self._database.read() as connection:
            return frozenset(connection.scalars(sections)), frozenset(connection.scalars(signed.where(article.c.uri == id)))

    def count(self) -> int:
        """How many articles are stored."""
        with self._database.read() as connection:
            return connection.scalar(select(func.count()).select_from(article)) or 0

    # --- reporters ---

    def reporters(self) -> list[Reporter]:
        """Every reporter ever known, by name and slug."""
        with self._database.read() as connection:
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
                    active=row.active,
                )
                for row in connection.execute(select(reporter).order_by(reporter.c.name, reporter.c.slug))
            ]

    def save_reporters(self, reporters: Iterable[Reporter]) -> None:
        """Add these reporters or bring their rows up to date; slugs already issued stay."""
        with self._database.write() as connection:
            for found in reporters:
                values = {"name": found.name, "role": found.role, "section": found.section, "active": found.active}
                statement = self._insert(reporter).values(slug=found.slug, **values)
                connection.execute(statement.on_conflict_do_update(index_elements=["slug"], set_=values))
                row_id = connection.scalar(select(reporter.c.id).where(reporter.c.slug == found.slug))
                connection.execute(delete(reporter_key).where(reporter_key.c.reporter_id == row_id))
                keys = [
                    {"reporter_id": row_id, "kind": kind, "value": value, "position": position}
                    for kind, values_of in (("name", found.names), ("email", found.emails), ("source_id", found.source_ids))
                    for position, value in enumerate(values_of)
                ]
                if keys:
                    connection.execute(insert(reporter_key), keys)

    def unresolved(self) -> list[tuple[str, Credit]]:
        """The review list: article ids and the persons' credits of current revisions that no reporter could be found for."""
        query = (
            select(credit, article.c.uri)
            .join(article, and_(article.c.id == credit.c.article_id, article.c.revision == credit.c.revision))
            .where(credit.c.unresolved != "")
            .order_by(article.c.published.desc(), credit.c.position)
        )
        with self._database.read() as connection:
            return [(row.uri, _credit(row, None)) for row in connection.execute(query)]

    def resolve(self, id: str, name: str, slug: str, now: datetime) -> None:  # noqa: A002
        """Say that this name in an article's credits is this reporter."""
        with self._database.write() as connection:
            found = connection.execute(select(article).where(article.c.uri == id)).one()
            person = connection.scalar(select(reporter.c.id).where(reporter.c.slug == slug))
            where = and_(
                credit.c.article_id == found.id,
                credit.c.revision == found.revision,
                credit.c.name == name,
                credit.c.unresolved != "",
            )
            connection.execute(update(credit).where(where).values(reporter_id=person, unresolved=""))
            _link_reporters(connection, found.id, found.published, [person])
            _record(connection, found.id, found.revision, ChangeKind.RESOLVED, now)

    # --- what was fetched ---

    def fetched(self, source: str, url: str, reading: str) -> tuple[str, str] | None:
        """ETag and Last-Modified of a page as last taken in whole under the same reading rules."""
        where = and_(fetched.c.source == source, fetched.c.url == url, fetched.c.reading == reading)
        with self._database.read() as connection:
            row = connection.execute(select(fetched.c.etag, fetched.c.last_modified).where(where)).first()
            return (row.etag, row.last_modified) if row else None

    def save_fetched(self, source: str, pages: Mapping[str, tuple[str, str]], reading: str) -> None:
        """Remember the validators of pages whose every item was taken in."""
        with self._database.write() as connection:
            for url, (etag, last_modified) in pages.items():
                values = {"etag": etag, "last_modified": last_modified, "reading": reading}
                statement = self._insert(fetched).values(source=source, url=url, **values)
                connection.execute(statement.on_conflict_do_update(index_elements=["source", "url"], set_=values))

    @property
    def _insert(self) -> Any:  # both dialects have the same on_conflict_* methods, without a common type
        return sqlite.insert if self._database.is_sqlite else postgresql.insert


def _match(connection: Connection, keys: Sequence[Key]) -> int | None:
    """The row id of the article these keys name.

    A weaker key never joins two articles to which the paper gave different numbers of its own.
    """
    if not keys:
        return None
    wanted = or_(*(and_(article_key.c.kind == key.kind, article_key.c.value == key.value) for key in keys))
    owners: dict[Key, int] = {
        Key(row.kind, row.value): row.article_id for row in connection.execute(select(article_key).where(wanted))
    }
    issued = {key.kind: key.value for key in keys if key.kind in _ISSUED_ELSEWHERE}
    for key in keys:
        owner = owners.get(key)
        if owner is None:
            continue
        if key.kind in _ISSUED_ELSEWHERE:
            return owner
        others = select(article_key.c.kind).where(article_key.c.article_id == owner, article_key.c.kind.in_(issued))
        if not connection.scalars(others).first():
            return owner
    return None


def _add(connection: Connection, new: Candidate, now: datetime) -> Outcome:
    release_at = max(new.published, new.embargo) if new.embargo else new.published
    public = new.status is Status.USABLE and release_at <= now
    uri = new.id
    if connection.scalar(select(article.c.id).where(article.c.uri == uri)) is not None:
        uri = f"{uri}-{new.content_hash[:8]}"  # two hosts with one path: ids never collide and are issued once
    row_id = connection.execute(
        insert(article)
        .values(
            uri=uri,
            source=new.source,
            url=new.url,
            published=new.published,
            status=new.status,
            embargo=new.embargo,
            release_at=release_at,
            released=now if public else None,
            language=new.language,
            series=new.series,
            keywords=list(new.keywords),
            rights=new.rights,
            revision=1,
        )
        .returning(article.c.id)
    ).scalar_one()
    _add_keys(connection, row_id, new.keys)
    _add_sections(connection, row_id, new.published, new.sections, 0)
    updated = max(new.published, min(new.modified, now)) if new.modified else new.published
    _add_revision(connection, row_id, 1, new, updated=updated, edited=updated, published=new.published)
    if public:
        _record(connection, row_id, 1, ChangeKind.NEW, now)
        return Outcome(verdict=Verdict.NEW, headline=new.headline, url=new.url, article_id=uri)
    reason = f"not to be shown before {release_at.isoformat()}" if new.status is Status.USABLE else f"status {new.status}"
    return Outcome(verdict=Verdict.HELD, headline=new.headline, url=new.url, reason=reason, article_id=uri)


def _compare(connection: Connection, row_id: int, new: Candidate, now: datetime) -> Outcome:
    row = connection.execute(select(article).where(article.c.id == row_id)).one()
    stored = _load(connection, [row_id])[0]
    _add_keys(connection, row_id, new.keys)
    fresh = [slug for slug in new.sections if slug not in stored.sections]
    if fresh:
        _add_sections(connection, row_id, stored.published, fresh, len(stored.sections))
        _record(connection, row_id, row.revision, ChangeKind.FILED, now)
    verdict, reason = Verdict.UNCHANGED, "filed under " + ", ".join(fresh) if fresh else ""
    if row.source != new.source:
        reason = reason or f"kept as source {row.source} gave it"
    elif not is_same(stored.revision, new):
        significant = is_significant(stored.revision, new)
        edited = max(now, stored.revision.edited)
        updated = edited if significant else stored.revision.updated
        _add_revision(connection, row_id, row.revision + 1, new, updated=updated, edited=edited, published=stored.published)
        changed = {"revision": row.revision + 1, "series": new.series, "keywords": list(new.keywords), "rights": new.rights}
        connection.execute(update(article).where(article.c.id == row_id).values(**changed))
        _record(connection, row_id, row.revision + 1, ChangeKind.REVISED, now)
        verdict, reason = Verdict.REVISED, "significant" if significant else "slight"
    if row.source == new.source and row.status != new.status:
        connection.execute(update(article).where(article.c.id == row_id).values(status=new.status))
        _record(connection, row_id, row.revision, ChangeKind.STATUS, now)
        verdict, reason = Verdict.REVISED, f"status {new.status}"
    return Outcome(verdict=verdict, headline=new.headline, url=stored.url, reason=reason, article_id=stored.id)


def _add_keys(connection: Connection, row_id: int, keys: Sequence[Key]) -> None:
    for key in keys:
        where = and_(article_key.c.kind == key.kind, article_key.c.value == key.value)
        if connection.scalar(select(article_key.c.article_id).where(where)) is None:
            connection.execute(insert(article_key).values(kind=key.kind, value=key.value, article_id=row_id))


def _add_sections(connection: Connection, row_id: int, published: datetime, slugs: Iterable[str], position: int) -> None:
    for offset, slug in enumerate(slugs):
        connection.execute(
            insert(article_section).values(article_id=row_id, section=slug, position=position + offset, published=published)
        )


def _add_revision(
    connection: Connection, row_id: int, number: int, new: Candidate, *, updated: datetime, edited: datetime, published: datetime
) -> None:
    connection.execute(
        insert(revision).values(
            article_id=row_id,
            number=number,
            headline=new.headline,
            body=new.body,
            summary=new.summary,
            images=[asdict(image) for image in new.images],
            updated=updated,
            edited=edited,
            content_hash=new.content_hash,
            note="",
            evidence=dict(new.evidence),
        )
    )
    slugs = [signed.reporter for signed in new.credits if signed.reporter]
    people = {
        row.slug: row.id for row in connection.execute(select(reporter.c.slug, reporter.c.id).where(reporter.c.slug.in_(slugs)))
    }
    for position, signed in enumerate(new.credits):
        values = asdict(replace(signed, reporter=None))
        del values["reporter"]
        values["reporter_id"] = people.get(signed.reporter or "")
        connection.execute(insert(credit).values(article_id=row_id, revision=number, position=position, **values))
    connection.execute(delete(article_reporter).where(article_reporter.c.article_id == row_id))
    _link_reporters(connection, row_id, published, people.values())


def _link_reporters(connection: Connection, row_id: int, published: datetime, people: Iterable[int | None]) -> None:
    have = set(connection.scalars(select(article_reporter.c.reporter_id).where(article_reporter.c.article_id == row_id)))
    for person in set(people) - have:
        connection.execute(insert(article_reporter).values(article_id=row_id, reporter_id=person, published=published))


def _record(connection: Connection, row_id: int, number: int, kind: ChangeKind, at: datetime) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CHANGE_LOCK})
    connection.execute(insert(change).values(article_id=row_id, revision=number, kind=kind, at=at))


def _public() -> Any:
    return and_(article.c.released.is_not(None), article.c.status == Status.USABLE)


def _newest(sections: Collection[str] | None, slug: str | None, limit: int) -> Select[tuple[int]]:
    if slug is not None:
        signed = article_reporter
        query = (
            select(article.c.id)
            .join(signed, signed.c.article_id == article.c.id)
            .join(reporter, reporter.c.id == signed.c.reporter_id)
        )
        return (
            query.where(reporter.c.slug == slug, _public())
            .order_by(signed.c.published.desc(), signed.c.article_id.desc())
            .limit(limit)
        )
    if sections is not None:
        filed = article_section
        newest = func.max(filed.c.published)
        query = (
            select(article.c.id).join(filed, filed.c.article_id == article.c.id).where(filed.c.section.in_(sections), _public())
        )
        return query.group_by(article.c.id).order_by(newest.desc(), article.c.id.desc()).limit(limit)
    return select(article.c.id).where(_public()).order_by(article.c.published.desc(), article.c.id.desc()).limit(limit)


def _ids(connection: Connection, query: Select[tuple[int]]) -> list[int]:
    return list(connection.scalars(query))


def _load(connection: Connection, row_ids: Sequence[int]) -> list[Article]:
    """Whole articles with their current revisions, in the order of the row ids."""
    current = and_(revision.c.article_id == article.c.id, revision.c.number == article.c.revision)
    rows = {
        row.id: row
        for row in connection.execute(select(article, revision).join(revision, current).where(article.c.id.in_(row_ids)))
    }
    sections: dict[int, list[str]] = {}
    filed = select(article_section).where(article_section.c.article_id.in_(row_ids)).order_by(article_section.c.position)
    for row in connection.execute(filed):
        sections.setdefault(row.article_id, []).append(row.section)
    signed: dict[tuple[int, int], list[Credit]] = {}
    query = select(credit, reporter.c.slug).outerjoin(reporter, reporter.c.id == credit.c.reporter_id)
    for row in connection.execute(query.where(credit.c.article_id.in_(row_ids)).order_by(credit.c.position)):
        signed.setdefault((row.article_id, row.revision), []).append(_credit(row, row.slug))
    return [
        _article(rows[row_id], tuple(sections.get(row_id, ())), tuple(signed.get((row_id, rows[row_id].number), ())))
        for row_id in row_ids
    ]


def _article(row: Row[Any], sections: tuple[str, ...], credits_: tuple[Credit, ...]) -> Article:
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
        sections=sections,
        revision=Revision(
            number=row.number,
            headline=row.headline,
            body=row.body,
            summary=row.summary,
            credits=credits_,
            images=tuple(Image(**image) for image in row.images),
            updated=row.updated,
            edited=row.edited,
            content_hash=row.content_hash,
            note=row.note,
        ),
    )


def _credit(row: Row[Any], slug: str | None) -> Credit:
    return Credit(
        name=row.name,
        role=row.role,
        kind=CreditKind(row.kind),
        email=row.email,
        email_local=row.email_local,
        organisation=row.organisation,
        dateline=row.dateline,
        source_id=row.source_id,
        reporter=slug,
        unresolved=row.unresolved,
    )
