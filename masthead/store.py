"""What ran when, and the secret that signs links. All of the program's own SQL stands here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, and_, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from masthead.tables import run, setting
from newsroom.database import Database

KEPT_FOR = timedelta(days=30)


class RunState(StrEnum):
    """The life of a run."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of a job. ``detail`` holds its figures, or the error."""

    id: int
    job: str
    due: datetime
    started: datetime
    finished: datetime | None
    state: RunState
    detail: Mapping[str, Any]


class RunStore:
    """The record of runs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, job: str, due: datetime, owner: str, now: datetime) -> int | None:
        """Win the right to do what is due; None where somebody already did or does."""
        values = {"job": job, "due": due, "owner": owner, "started": now, "state": RunState.RUNNING, "detail": {}}
        with self._database.write() as connection:
            statement = self._insert(run).values(**values).on_conflict_do_nothing(index_elements=["job", "due"])
            found: int | None = connection.execute(statement.returning(run.c.id)).scalar()
            return found

    def end(self, run_id: int, state: RunState, detail: Mapping[str, Any], now: datetime) -> None:
        """Write how a run ended."""
        with self._database.write() as connection:
            connection.execute(update(run).where(run.c.id == run_id).values(state=state, detail=dict(detail), finished=now))

    def last(self, job: str, state: RunState | None = None) -> Run | None:
        """The newest run of a job, or the newest of those that are in this state."""
        where = and_(run.c.job == job, run.c.state == state) if state else run.c.job == job
        query = select(run).where(where).order_by(run.c.started.desc(), run.c.id.desc()).limit(1)
        with self._database.read() as connection:
            row = connection.execute(query).first()
            return _run(row) if row else None

    def newest(self, limit: int = 20) -> list[Run]:
        """The runs of all jobs that were begun last."""
        query = select(run).order_by(run.c.id.desc()).limit(limit)
        with self._database.read() as connection:
            return [_run(row) for row in connection.execute(query)]

    def later(self, job: str, than: int) -> list[Run]:
        """The runs of a job with a higher id, as they were begun; a thousand at most."""
        query = select(run).where(run.c.job == job, run.c.id > than).order_by(run.c.id).limit(1000)
        with self._database.read() as connection:
            return [_run(row) for row in connection.execute(query)]

    def abandoned(self) -> list[tuple[int, str]]:
        """Ids and owners of runs that were begun and never ended."""
        query = select(run.c.id, run.c.owner).where(run.c.state == RunState.RUNNING)
        with self._database.read() as connection:
            return [(row.id, row.owner) for row in connection.execute(query)]

    def forget(self, run_ids: list[int]) -> None:
        """Take back runs whose process died, so that they can be done again."""
        with self._database.write() as connection:
            connection.execute(delete(run).where(run.c.id.in_(run_ids)))

    def prune(self, now: datetime) -> None:
        """Drop old runs, the newest of each job excepted."""
        newest = select(func.max(run.c.id)).group_by(run.c.job)
        with self._database.write() as connection:
            connection.execute(delete(run).where(run.c.started < now - KEPT_FOR, run.c.id.not_in(newest)))

    def secret(self, fresh: str) -> str:
        """The secret kept in the store; ``fresh`` becomes it where there is none yet."""
        with self._database.write() as connection:
            statement = self._insert(setting).values(name="secret", value=fresh)
            connection.execute(statement.on_conflict_do_nothing(index_elements=["name"]))
            return str(connection.scalar(select(setting.c.value).where(setting.c.name == "secret")))

    @property
    def _insert(self) -> Any:  # both dialects have the same on_conflict_* methods, without a common type
        return sqlite.insert if self._database.is_sqlite else postgresql.insert


def _run(row: Row[Any]) -> Run:
    return Run(
        id=row.id,
        job=row.job,
        due=row.due,
        started=row.started,
        finished=row.finished,
        state=RunState(row.state),
        detail=row.detail,
    )
