"""Drafts and candidates of an invented paper, as short as a test needs them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from newsroom.database import Database, metadata
from newsroom.model import Candidate, Credit, Draft, Key, Reporter
from newsroom.text.fold import content_hash

SEOUL = ZoneInfo("Asia/Seoul")
PUBLISHED = datetime(2026, 3, 2, 9, 30, tzinfo=SEOUL)
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # half an hour later
LATER = NOW + timedelta(minutes=10)

BODY = (
    "<p>새벽시가 2일 버스 요금을 1,500원에서 1,600원으로 올린다고 밝혔다.</p>"
    "<p>시는 승객이 줄어 적자가 커졌고 기사를 구하기도 어렵다고 설명했다. 청소년과 어린이 요금은 그대로 둔다. "
    "환승 할인도 지금과 같다. 시의회는 이달 안에 이 안을 다룬다. 시민 단체는 서민의 부담이 커진다며 반대했다.</p>"
)


def candidate(number: int = 1, **changes: Any) -> Candidate:
    """Article ``number`` of source "list", filed under "society"; native id and URL are its keys."""
    plain = Candidate(
        source="list",
        id=f"tag:news.example,2026-03-02:article/{number}",
        keys=(Key("native", f"news.example:{number}"), Key("url", f"news.example/{number}")),
        url=f"https://news.example/{number}",
        published=PUBLISHED,
        headline=f"버스 요금 오른다 {number}",
        body=BODY,
        summary="새벽시가 2일 버스 요금을 올린다고 밝혔다.",
        content_hash="",
        sections=("society",),
        language="ko",
    )
    made = replace(plain, **changes)
    return made if made.content_hash else replace(made, content_hash=content_hash(made.headline, made.body, made.summary))


def draft(number: int = 1, **changes: Any) -> Draft:
    """Article ``number`` as the source "list" returns it."""
    plain = Draft(
        source="list",
        url=f"https://news.example/article/{number}",
        headline=f"버스 요금 오른다 {number}",
        body=BODY,
        bylines=("김서현 기자",),
        published="2026-03-02 09:30:15",
        native_id=str(number),
    )
    return replace(plain, **changes)


def signed(name: str, slug: str | None = None, **changes: Any) -> Credit:
    """A person's credit, resolved to ``slug`` or not."""
    return replace(
        Credit(name=name, role="기자", reporter=slug, unresolved="" if slug else "no reporter has this name"), **changes
    )


def reporter(slug: str, name: str, *emails: str, **changes: Any) -> Reporter:
    """A reporter with these addresses."""
    return replace(Reporter(slug=slug, name=name, names=(name,), emails=emails), **changes)


def rows(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    with database.read() as connection:
        return {
            name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))]
            for name, table in metadata.tables.items()
            if connection.dialect.has_table(connection, name)
        }
