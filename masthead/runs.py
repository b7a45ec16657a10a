"""A job under record: begun once for each due moment, its figures or its error kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeVar

import structlog

from masthead.app import App
from masthead.store import RunState
from newsroom.errors import NewsroomError
from newsroom.process import is_dead, this_process

Result = TypeVar("Result")
_log = structlog.get_logger(__name__)


def recorded(
    app: App, job: str, due: datetime, work: Callable[[], Result | None], figures: Callable[[Result], Mapping[str, object]]
) -> Result | None:
    """Do what is due unless somebody did or does it, record ``figures`` of its result, and return that.

    None where it was done already, and where ``work`` returns None because there turned out to be nothing to do: that leaves no
    record. Raises what the work raises, recorded.
    """
    run = app.runs.begin(job, due, this_process(), app.clock())
    if run is None:
        return None
    try:
        result = work()
    except BaseException as error:
        reason = str(error) if isinstance(error, NewsroomError) else f"{type(error).__name__}: {error}"
        app.runs.end(run, RunState.FAILED, {"error": reason}, app.clock())
        raise
    if result is None:
        app.runs.forget([run])
    else:
        app.runs.end(run, RunState.DONE, figures(result), app.clock())
    return result


def take_over(app: App) -> None:
    """Forget the runs that a dead process began and never ended, so that what they were to do is due again."""
    abandoned = [run for run, owner in app.runs.abandoned() if is_dead(owner)]
    if abandoned:
        app.runs.forget(abandoned)
        _log.warning("taking over from a process that died", runs=len(abandoned))
    app.runs.prune(app.clock())
