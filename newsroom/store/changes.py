"""The change record, which every output follows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, insert, select, text

from newsroom.model import Change, ChangeKind
from newsroom.tables import article, change

_TURN = 0x4D41_5354


def wait_for_turn(connection: Connection) -> None:
    """Let no other transaction file until this one ends, as SQLite has it anyway.

    PostgreSQL hands out numbers before commit: a reader who has seen change 8 would never look for a 7 that is committed later. And
    two machines that find an article new at one moment would both add it.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _TURN})


def record(connection: Connection, row_id: int, revision: int, kind: ChangeKind, at: datetime) -> None:
    """Add a line."""
    connection.execute(insert(change).values(article_id=row_id, revision=revision, kind=kind, at=at))


def after(connection: Connection, sequence: int, limit: int) -> list[Change]:
    """The lines behind this one, in order."""
    query = select(change, article.c.uri).join(article).where(change.c.sequence > sequence)
    return [
        Change(sequence=row.sequence, article_id=row.uri, revision=row.revision, kind=ChangeKind(row.kind), at=row.at)
        for row in connection.execute(query.order_by(change.c.sequence).limit(limit))
    ]


def last(connection: Connection) -> int:
    """Number of the newest line, 0 when there is none."""
    return connection.scalar(select(func.max(change.c.sequence))) or 0
