"""What is recorded of a job, and what becomes of it when its process dies."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

import pytest

from masthead.app import App
from masthead.runs import recorded, take_over
from masthead.store import RunState
from newsroom.errors import NewsroomError
from newsroom.process import this_process
from tests.masthead.papers import SEVEN, SetClock


def counted(found: list[str]) -> dict[str, object]:
    return {"found": len(found)}


def test_what_is_due_is_done_once_and_recorded(app: App) -> None:
    """A job that two clocks propose would be done twice."""
    done: list[str] = []

    def work() -> list[str]:
        done.append("once")
        return done

    assert recorded(app, "count", SEVEN, work, counted) == ["once"]
    assert recorded(app, "count", SEVEN, work, counted) is None
    assert done == ["once"]
    [run] = app.runs.newest()
    assert (run.job, run.due, run.state, run.detail) == ("count", SEVEN, RunState.DONE, {"found": 1})


def test_work_that_finds_nothing_to_do_leaves_no_record(app: App) -> None:
    """The record would fill up with the looks of a machine while another one is sending."""
    assert recorded(app, "count", SEVEN, lambda: None, counted) is None
    assert app.runs.newest() == []


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (NewsroomError("the server says no."), "the server says no."),
        (KeyError("a"), "KeyError: 'a'"),
        (KeyboardInterrupt(), "KeyboardInterrupt: "),
    ],
)
def test_a_failure_is_recorded_and_goes_on_up(app: App, error: BaseException, reason: str) -> None:
    """`masthead status` would show a job that failed, or was broken off, as one that is still running."""

    def work() -> list[str]:
        raise error

    with pytest.raises(type(error)):
        recorded(app, "count", SEVEN, work, counted)
    [run] = app.runs.newest()
    assert (run.state, run.detail, run.finished) == (RunState.FAILED, {"error": reason}, SEVEN)


def test_the_runs_of_a_dead_process_are_due_again_and_those_of_a_living_one_are_not(app: App, clock: SetClock) -> None:
    """After a power cut a due moment would be lost; or a second process would do the first one's work over again."""
    owner = "from newsroom.process import this_process; print(this_process())"
    dead = subprocess.run([sys.executable, "-c", owner], capture_output=True, text=True, check=True, timeout=60).stdout.strip()
    assert app.runs.begin("pull dead", SEVEN, dead, SEVEN) is not None
    assert app.runs.begin("pull living", SEVEN, this_process(), SEVEN) is not None
    assert app.runs.begin("pull elsewhere", SEVEN, "another.example/1/1", SEVEN) is not None
    clock.now += timedelta(minutes=1)
    take_over(app)
    begun = [job for job in ("pull dead", "pull living", "pull elsewhere") if app.runs.begin(job, SEVEN, "me", clock.now)]
    assert begun == ["pull dead"]
