"""Where articles, their revisions and the people who wrote them are kept. All of the newsroom's SQL stands in this package.

An article, its revision and its line in the change record are written in one transaction; every output follows that record.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, func, select, true
from sqlalchemy.dialects import postgresql, sqlite

from newsroom.database import Database
from newsroom.directory import Directory
from newsroom.identity import canonical
from newsroom.model import Article, Candidate, Change, Credit, Filing, Key, Outcome, Refusal, Reporter
from newsroom.store import articles, changes, correction, filing, filings, people, showing, topics, walks
from newsroom.store.walks import Gathering
from newsroom.tables import article, article_section, credit, fetched, refusal, reporter, revision


class ArticleStore:
    """The articles of one paper."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # --- taking in ---

    def find(self, keys: Sequence[Key]) -> Article | None:
        """The stored article that these keys name, public or not."""
        with self._database.read() as connection:
            found = articles.match(connection, keys)
            return None if found is None else articles.load(connection, [found])[0]

    def accept(self, candidate: Candidate, now: datetime) -> Outcome:
        """Keep a candidate: a new article, a new revision, one more section, or nothing at all. Its refusals are over."""
        addresses = [key.value for key in candidate.keys if key.kind == "url"]
        cured = and_(refusal.c.source == candidate.source, refusal.c.key.in_(addresses))
        with self._filing() as connection:
            connection.execute(delete(refusal).where(cured))
            return filing.accept(connection, candidate, now)

    def release(self, now: datetime) -> int:
        """Let out the articles whose embargo or future date has passed; returns how many."""
        with self._database.read() as connection:
            if not showing.is_release_due(connection, now):
                return 0
        with self._filing() as connection:
            return showing.release(connection, now)

    def correct(self, id: str, note: str, *, serious: bool, now: datetime) -> Article:  # noqa: A002 (the model's word)
        """Say what was wrong in an article: a new revision with this note, which readers are to be told of.

        ``note`` is plain text. What the source says later does not undo it, unless with a note that is new. To say the same again
        changes nothing. Raises UnknownArticleError, EmptyNoteError.
        """
        with self._filing() as connection:
            corrected = correction.correct(connection, id, note, now, serious=serious)
            return articles.load(connection, [corrected])[0]

    def refuse(self, source: str, fingerprint: str, outcome: Outcome, raw: Mapping[str, str], now: datetime) -> bool:
        """Keep a refused draft's raw strings with the reason, once; returns whether it was new."""
        values = {"url": outcome.url, "key": canonical(outcome.url), "headline": outcome.headline, "reason": outcome.reason}
        statement = self._insert(refusal).values(source=source, fingerprint=fingerprint, **values, raw=dict(raw), at=now)
        with self._database.write() as connection:
            once = statement.on_conflict_do_nothing(index_elements=["source", "fingerprint"]).returning(refusal.c.id)
            return connection.execute(once).scalar() is not None

    def refusals(self, limit: int = 100) -> list[Refusal]:
        """The newest refused drafts."""
        with self._database.read() as connection:
            return [
                Refusal(source=row.source, url=row.url, headline=row.headline, reason=row.reason, raw=row.raw, at=row.at)
                for row in connection.execute(select(refusal).order_by(refusal.c.id.desc()).limit(limit))
            ]

    def refused(self) -> int:
        """How many drafts were refused and have not been taken in since."""
        with self._database.read() as connection:
            return connection.scalar(select(func.count()).select_from(refusal)) or 0

    # --- reading ---

    def article(self, id: str) -> Article | None:  # noqa: A002 (the model's word)
        """The public article with this id."""
        found = self.articles([id])
        return found[0] if found else None

    def articles(self, ids: Sequence[str]) -> list[Article]:
        """The public articles among these ids, in the order given."""
        return self._articles(ids, walks.public())

    def articles_as_stored(self, ids: Sequence[str]) -> list[Article]:
        """The articles with these ids, public or not, in the order given."""
        return self._articles(ids, true())

    def note(self, id: str, number: int) -> str:  # noqa: A002
        """What the paper said of a correction in this revision of an article; empty where there is no such revision."""
        query = select(revision.c.note).join(article).where(article.c.uri == id, revision.c.number == number)
        with self._database.read() as connection:
            return connection.scalar(query) or ""

    def newest(
        self,
        *,
        sections: Collection[str] | None = None,
        reporter: str | None = None,
        terms: Collection[str] | None = None,
        limit: int,
    ) -> list[Article]:
        """Public articles, newest first: in any of these sections, by this reporter, with any of these terms; else all."""
        query = walks.newest(Gathering(sections=sections, reporter=reporter, terms=terms), limit)
        with self._database.read() as connection:
            return articles.load(connection, connection.scalars(query).all())

    def filed(
        self,
        *,
        sections: Collection[str] | None = None,
        reporter: str | None = None,
        terms: Collection[str] | None = None,
        after: Filing | None = None,
        limit: int,
    ) -> list[Filing]:
        """Public articles as for ``newest``, but oldest first and from behind ``after``: a page of the whole history."""
        gathering = Gathering(sections=sections, reporter=reporter, terms=terms)
        with self._database.read() as connection:
            place = walks.place(connection, after) if after else None
            return filings.load(connection, connection.scalars(walks.oldest(gathering, place, limit)).all())

    def filings(self, ids: Collection[str]) -> list[Filing]:
        """Where these articles stand now, public or not, in the order given."""
        with self._database.read() as connection:
            return filings.load(connection, articles.row_ids(connection, list(dict.fromkeys(ids)), true()))

    def window(self, start: datetime, end: datetime, *, late_from: datetime, entered_after: datetime | None) -> list[Article]:
        """Public articles published in (start, end], oldest first.

        With ``entered_after`` also those published since ``late_from`` that became known only after that moment, so that a story
        which came in late for the last edition is in this one.
        """
        query = articles.published_between(start, end, late_from, entered_after)
        with self._database.read() as connection:
            return articles.load(connection, connection.scalars(query).all())

    def changes_after(self, sequence: int, limit: int = 10_000) -> list[Change]:
        """The change record from there on, in order."""
        with self._database.read() as connection:
            return changes.after(connection, sequence, limit)

    def last_change(self) -> int:
        """Number of the newest line of the change record, 0 when empty."""
        with self._database.read() as connection:
            return changes.last(connection)

    def filed_under(self, id: str) -> tuple[frozenset[str], frozenset[str]]:  # noqa: A002
        """Section slugs and reporter slugs of every revision of an article, public or not: the feeds it is or was in."""
        filed = select(article_section.c.section).join(article).where(article.c.uri == id)
        ever = and_(article.c.id == credit.c.article_id, article.c.uri == id)
        signed = select(reporter.c.slug).join(credit, credit.c.reporter_id == reporter.c.id).join(article, ever)
        with self._database.read() as connection:
            return frozenset(connection.scalars(filed)), frozenset(connection.scalars(signed))

    def count(self) -> int:
        """How many articles are stored."""
        with self._database.read() as connection:
            return connection.scalar(select(func.count()).select_from(article)) or 0

    # --- reporters and series ---

    def reporters(self) -> list[Reporter]:
        """Every reporter ever known, by name and slug."""
        with self._database.read() as connection:
            return people.reporters(connection)

    def series(self) -> list[str]:
        """The names of all series that readers have ever seen, sorted."""
        with self._database.read() as connection:
            return topics.seen(connection)

    def directory_version(self) -> int:
        """A number that changes whenever ``reporters`` or ``series`` would answer otherwise."""
        with self._database.read() as connection:
            return topics.version(connection)

    @contextmanager
    def directory(self) -> Iterator[Directory]:
        """The directory of reporters, to be added to. What has changed in it is saved at the end, in the one transaction."""
        with self._filing() as connection:
            directory = Directory(people.reporters(connection))
            yield directory
            people.save(connection, directory.changed)

    def save_reporters(self, reporters: Iterable[Reporter]) -> None:
        """Add these reporters or bring their rows up to date; slugs already issued stay."""
        with self._filing() as connection:
            people.save(connection, reporters)

    def unresolved(self, names: Collection[str] | None = None) -> list[tuple[str, Credit]]:
        """The review list, the newest first: ids of articles, and the credits in them whose reporter is not known.

        Only current revisions count. ``names`` leaves those of other names out.
        """
        with self._database.read() as connection:
            return people.unresolved(connection, names)

    def resolve(self, id: str, name: str, slug: str, now: datetime) -> None:  # noqa: A002
        """Say that this name in an article's credits is this reporter, and record it unless it was known."""
        with self._filing() as connection:
            people.resolve(connection, id, name, slug, now)

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

    def _articles(self, ids: Sequence[str], which: ColumnElement[bool]) -> list[Article]:
        with self._database.read() as connection:
            return articles.load(connection, articles.row_ids(connection, ids, which))

    @contextmanager
    def _filing(self) -> Iterator[Connection]:
        """A transaction that looks before it writes: on PostgreSQL too, one at a time."""
        with self._database.write() as connection:
            changes.wait_for_turn(connection)
            yield connection

    @property
    def _insert(self) -> Any:  # both dialects have the same on_conflict_* methods, without a common type
        return sqlite.insert if self._database.is_sqlite else postgresql.insert
