"""What is asked of the store at each pull, publication and page costs the same after years as on the first day."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import URL, Connection, Select, event, insert, text

from newsroom.database import Database
from newsroom.model import Candidate, Filing, Key
from newsroom.store import ArticleStore, articles, walks
from newsroom.store.walks import Gathering
from newsroom.tables import (
    article,
    article_key,
    article_reporter,
    article_section,
    article_term,
    change,
    credit,
    reporter,
    revision,
)
from tests import postgresql
from tests.newsroom.builders import NOW, PUBLISHED, candidate, signed

MANY = 10_000
SECTIONS = [f"section-{number}" for number in range(20)]
SHOWN = 50
MIDDLE = (PUBLISHED - timedelta(minutes=MANY // 2), MANY // 2)
EDITION = (PUBLISHED - timedelta(minutes=40), PUBLISHED, PUBLISHED - timedelta(minutes=80), PUBLISHED)

CALLS: dict[str, Callable[[ArticleStore], object]] = {
    "a known article": lambda store: store.accept(_article(7), NOW),
    "looking for a known article": lambda store: store.find(_article(7).keys),
    "looking for a new article": lambda store: store.find((Key("native", "news.example:none"), Key("url", "news.example/none"))),
    "release": lambda store: store.release(NOW),
    "one article": lambda store: store.article(_article(7).id),
    "the front page": lambda store: store.newest(limit=SHOWN),
    "a section": lambda store: store.newest(sections=["section-3"], limit=SHOWN),
    "a section with many below it": lambda store: store.newest(sections=SECTIONS, limit=SHOWN),
    "a section without articles": lambda store: store.newest(sections=["empty"], limit=SHOWN),
    "a reporter": lambda store: store.newest(reporter="reporter-7", limit=SHOWN),
    "a keyword": lambda store: store.newest(terms=["keyword:rare"], limit=SHOWN),
    "a page of history": lambda store: store.filed(after=_half_way(store), limit=SHOWN),
    "a page of a section's history": lambda store: store.filed(sections=["section-3"], after=_half_way(store), limit=SHOWN),
    "a page of a common keyword's history": lambda store: store.filed(
        terms=["keyword:common"], after=_half_way(store), limit=SHOWN
    ),
    "where some articles stand": lambda store: store.filings([_article(number).id for number in range(SHOWN)]),
    "an edition": lambda store: store.window(EDITION[0], EDITION[1], late_from=EDITION[2], entered_after=EDITION[3]),
    "the latest changes": lambda store: store.changes_after(MANY - SHOWN),
    "the last change": lambda store: store.last_change(),
    "the feeds of an article": lambda store: store.filed_under(_article(7).id),
    "the review list": lambda store: store.unresolved(["박낯선"]),
}


@pytest.mark.parametrize("name", CALLS)
def test_nothing_is_looked_at_in_vain(years: tuple[Database, list[int]], name: str) -> None:
    """After some years publishing takes a minute, and the web stands still meanwhile."""
    database, steps = years
    steps.clear()
    CALLS[name](ArticleStore(database))
    assert 100 * len(steps) < 5 * MANY, "in steps of SQLite's machine; to look at every article takes more"


QUERIES: dict[str, Select[Any]] = {
    "front page": walks.newest(Gathering(), SHOWN),
    "a section": walks.newest(Gathering(sections=["section-3"]), SHOWN),
    "a section with many below it": walks.newest(Gathering(sections=SECTIONS), SHOWN),
    "a reporter": walks.newest(Gathering(reporter="reporter-7"), SHOWN),
    "a keyword": walks.newest(Gathering(terms=["keyword:rare"]), SHOWN),
    "a page of history": walks.oldest(Gathering(), MIDDLE, SHOWN),
    "a page of a section's history": walks.oldest(Gathering(sections=["section-3"]), MIDDLE, SHOWN),
    "a page of a reporter's history": walks.oldest(Gathering(reporter="reporter-7"), MIDDLE, SHOWN),
    "a page of a common keyword's history": walks.oldest(Gathering(terms=["keyword:common"]), MIDDLE, SHOWN),
    "an edition": articles.published_between(*EDITION),
}


def test_nor_on_postgresql(postgresql_server: URL) -> None:
    """The same where the paper runs on PostgreSQL."""
    with postgresql.fresh_database(postgresql_server) as url:
        database = _filled(url.render_as_string(hide_password=False))
        with database.write() as connection:
            connection.execute(text("ANALYZE"))
        with database.read() as connection:
            visited = {name: _rows_visited(connection, query) for name, query in QUERIES.items()}
        database.close()
    assert {name for name, rows in visited.items() if rows > MANY / 3} == set(), visited


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, list[int]]]:
    """The articles of some years in SQLite, and a list that grows by one for each hundred steps of its machine."""
    database = _filled(f"sqlite:///{tmp_path_factory.mktemp('years')}/masthead.db")
    steps: list[int] = []

    def count(connection: sqlite3.Connection, *_others: object) -> None:
        connection.set_progress_handler(lambda: steps.append(1), 100)

    for engine in (database._reader, database._writer):
        event.listen(engine, "checkout", count)
    yield database, steps
    database.close()


def _article(number: int) -> Candidate:
    slug = f"reporter-{number % 100}"
    sections = (SECTIONS[number % 20], SECTIONS[(number + 1) % 20])
    published = PUBLISHED - timedelta(minutes=number)
    return candidate(number, published=published, sections=sections, credits=(signed(slug, slug),), body="<p>몸글</p>")


def _half_way(store: ArticleStore) -> Filing:
    return store.filings([_article(MANY // 2).id])[0]


def _filled(url: str) -> Database:
    """A store of many articles, each in two of 20 sections and signed by one of 100 reporters. Article 0 is the newest."""
    database = Database(url)
    database.prepare()
    rows: dict[Any, list[dict[str, Any]]] = {
        table: []
        for table in (article, article_key, article_section, article_term, revision, reporter, credit, article_reporter, change)
    }
    for number in range(100):
        slug = f"reporter-{number}"
        rows[reporter].append(
            {"id": number + 1, "slug": slug, "name": slug, "role": "", "section": "", "portrait": "", "active": True}
        )
    for number in range(MANY):
        new = _article(number)
        row_id = MANY - number
        times = {"published": new.published, "release_at": new.published, "released": new.published}
        texts = {"url": new.url, "language": "ko", "series": "", "rights": "", "status": "usable", "source": new.source}
        numbers = {"revision": 1, "correction": 0, "full_text_ok": True}
        rows[article].append({"id": row_id, "uri": new.id, **times, **texts, "keywords": [], **numbers})
        words = ["keyword:common", "keyword:rare"] if number % 1000 == 0 else ["keyword:common"]
        rows[article_term] += [{"article_id": row_id, "term": term, "published": new.published} for term in words]
        rows[article_key] += [{"kind": key.kind, "value": key.value, "article_id": row_id} for key in new.keys]
        rows[article_section] += [
            {"article_id": row_id, "section": slug, "position": place, "published": new.published}
            for place, slug in enumerate(new.sections)
        ]
        content = {"headline": new.headline, "body": new.body, "summary": new.summary, "content_hash": new.content_hash}
        edited = {"updated": new.published, "edited": new.published, "note": "", "serious": False, "images": [], "evidence": {}}
        rows[revision].append({"article_id": row_id, "number": 1, **content, **edited})
        names = {"name": new.credits[0].name, "role": "기자", "kind": "person", "email": "", "email_local": ""}
        blank = {"organisation": "", "dateline": "", "source_id": "", "unresolved": None}
        person = {"article_id": row_id, "reporter_id": number % 100 + 1}
        rows[credit].append({**person, "revision": 1, "position": 0, **names, **blank})
        rows[article_reporter].append({**person, "published": new.published})
        rows[change].append({"article_id": row_id, "revision": 1, "kind": "new", "at": new.published})
    with database.write() as connection:
        for table, values in rows.items():
            connection.execute(insert(table), values)
    return database


def _rows_visited(connection: Connection, query: Select[Any]) -> int:
    """How many rows PostgreSQL read from tables and indexes to answer."""
    compiled = query.compile(connection, compile_kwargs={"literal_binds": True})
    plan = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {compiled}".replace("%", "%%")).scalar_one()
    return _scanned(plan[0]["Plan"])


def _scanned(node: dict[str, Any]) -> int:
    below = sum(_scanned(child) for child in node.get("Plans", ()))
    own = node["Actual Rows"] + node.get("Rows Removed by Filter", 0) if "Relation Name" in node else 0
    return int(below + own * node["Actual Loops"])
