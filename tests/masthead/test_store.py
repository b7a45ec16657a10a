"""The record of runs: one winner for each due moment, on either database."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from masthead.store import KEPT_FOR, RunState, RunStore
from newsroom.database import Database

DUE = datetime(2026, 3, 2, 7, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty database of either kind, with its schema."""
    made = Database(database_url)
    made.prepare()
    yield made
    made.close()


@pytest.fixture
def runs(database: Database) -> RunStore:
    return RunStore(database)


def begun(runs: RunStore, job: str, due: datetime = DUE, now: datetime = DUE) -> int:
    run = runs.begin(job, due, "here/1/1", now)
    assert run is not None
    return run


def test_a_due_moment_has_one_winner(runs: RunStore) -> None:
    """Every edition would be opened, and every source pulled, once for each machine."""
    first = runs.begin("pull it", DUE, "here/1/1", DUE)
    assert first is not None
    assert runs.begin("pull it", DUE, "there/1/1", DUE) is None
    assert runs.begin("pull it", DUE + HOUR, "there/1/1", DUE) is not None
    assert runs.begin("pull game", DUE, "there/1/1", DUE) is not None
    runs.end(first, RunState.DONE, {}, DUE)
    assert runs.begin("pull it", DUE, "there/1/1", DUE) is None


def test_of_many_at_the_same_moment_one_wins(runs: RunStore) -> None:
    """Two machines whose clocks agree would both do the work."""
    ready = threading.Barrier(8)

    def race(owner: int) -> int | None:
        ready.wait(10)
        return runs.begin("pull it", DUE, f"machine{owner}/1/1", DUE)

    with ThreadPoolExecutor(8) as pool:
        won = [run for run in pool.map(race, range(8)) if run is not None]
    assert len(won) == 1


def test_a_run_is_kept_with_what_came_of_it(runs: RunStore) -> None:
    """`masthead status` would know that something ran, and not what it did or why it failed."""
    run = begun(runs, "pull it")
    assert runs.last("pull it") == runs.newest()[0]
    going = runs.newest()[0]
    assert (going.state, going.finished, going.detail) == (RunState.RUNNING, None, {})
    runs.end(run, RunState.FAILED, {"error": "서버가 대답하지 않는다", "new": 3}, DUE + HOUR)
    [kept] = runs.newest()
    assert (kept.id, kept.job, kept.due, kept.started) == (run, "pull it", DUE, DUE)
    assert (kept.state, kept.finished, kept.detail) == (
        RunState.FAILED,
        DUE + HOUR,
        {"error": "서버가 대답하지 않는다", "new": 3},
    )


def test_the_last_run_is_the_one_begun_last_whatever_it_was_due_for(runs: RunStore) -> None:
    """A failure of now would be hidden behind a success that was due later."""
    runs.end(begun(runs, "pull it", DUE + HOUR, DUE), RunState.DONE, {}, DUE)
    runs.end(begun(runs, "pull it", DUE, DUE + HOUR), RunState.FAILED, {}, DUE)
    begun(runs, "pull game")
    last, good = runs.last("pull it"), runs.last("pull it", RunState.DONE)
    assert last is not None
    assert good is not None
    assert (last.state, good.due) == (RunState.FAILED, DUE + HOUR)
    assert runs.last("pull it", RunState.RUNNING) is None
    assert runs.last("pull nothing") is None
    assert [run.job for run in runs.newest(2)] == ["pull game", "pull it"]


def test_a_forgotten_run_can_be_done_again(runs: RunStore) -> None:
    """What a dead process had begun would never be done."""
    dead = begun(runs, "pull it")
    done = begun(runs, "pull game")
    runs.end(done, RunState.DONE, {}, DUE)
    assert runs.abandoned() == [(dead, "here/1/1")]
    runs.forget([dead])
    assert runs.abandoned() == []
    assert runs.begin("pull it", DUE, "here/2/2", DUE) is not None
    assert runs.begin("pull game", DUE, "here/2/2", DUE) is None


def test_old_runs_go_but_the_last_of_each_job_stays(runs: RunStore) -> None:
    """The table would grow for ever; or a weekly job would look as if it had never run."""
    old = DUE - KEPT_FOR - HOUR
    for number in range(3):
        runs.end(begun(runs, "pull it", old + number * HOUR / 10, old), RunState.DONE, {}, old)
    begun(runs, "weekly", old, old)
    young = begun(runs, "pull game")
    runs.prune(DUE)
    assert {(run.job, run.due) for run in runs.newest()} == {("pull it", old + HOUR / 5), ("weekly", old), ("pull game", DUE)}
    assert young in [run.id for run in runs.newest()]


def test_the_secret_is_made_once(runs: RunStore, database: Database) -> None:
    """Links in mails that were sent would stop working with the next start, or on the other machine."""
    assert runs.secret("first") == "first"
    assert runs.secret("second") == "first"
    assert RunStore(database).secret("third") == "first"
