"""The upgrade to schema 0002: what was stored before is found as what is stored now."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, update

from newsroom.database import Database
from newsroom.migrations import backfill
from newsroom.model import Status
from newsroom.store import ArticleStore
from newsroom.tables import article, article_term, directory_version, series
from tests.newsroom.builders import LATER, NOW, candidate, rows


def test_what_was_stored_before_is_found_like_what_is_stored_now(
    store: ArticleStore, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the upgrade the feeds of all columns are empty, or a story withdrawn last year has no tombstone any more."""
    monkeypatch.setattr(backfill, "BATCH", 2)
    for number in range(1, 6):
        store.accept(candidate(number, headline=f"[르포] 버스 {number}", series="창밖", keywords=("버스", "요금")), NOW)
    store.accept(candidate(6), NOW)
    store.accept(candidate(7, series="물가에서", embargo=LATER), NOW)
    store.accept(candidate(8, series="숨은 손", status=Status.WITHHELD), NOW)
    for number, gone in ((1, {"status": Status.CANCELLED}), (2, {"embargo": LATER}), (3, {"status": Status.WITHHELD})):
        store.accept(candidate(number, headline=f"[르포] 버스 {number}", series="창밖", keywords=("버스", "요금"), **gone), LATER)
    store.accept(candidate(3, headline="[르포] 버스 3", series="창밖", keywords=("버스", "요금")), LATER)
    store.accept(candidate(8, series="숨은 손", status=Status.CANCELLED), LATER)
    before = rows(database)
    with database.write() as connection:
        for table in (article_term, series, directory_version):
            connection.execute(delete(table))
        connection.execute(update(article).values(withdrawn=None))
        backfill.fill(connection)
    assert rows(database) == before
    assert store.series() == ["창밖"]
