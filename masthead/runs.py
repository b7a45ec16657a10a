"""A job under record: begun once for each due moment, its figures or its error kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import structlog

from masthead.app import App
from masthead.store import RunState
from newsroom.errors import NewsroomError
from newsroom.process import is_dead, this_process

_log = structlog.get_logger(__name__)


def recorded(app: App, job: str, due: datetime, work: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """Do what is due unless somebody did, and record it; None where it was done already. Raises what the work raises, recorded."""
    run = app.runs.begin(job, due, this_process(), app.clock())
    if run is None:
        return None
    try:
        detail = work()
    except NewsroomError as error:
        app.runs.end(run, RunState.FAILED, {"error": str(error)}, app.clock())
        raise
    except Exception as error:
        app.runs.end(run, RunState.FAILED, {"error": f"{type(error).__name__}: {error}"}, app.clock())
        raise
    app.runs.end(run, RunState.DONE, detail, app.clock())
    return detail


def take_over(app: App) -> None:
    """Forget the runs that a dead process began and never ended, so that what they were to do is due again."""
    abandoned = [run for run, owner in app.runs.abandoned() if is_dead(owner)]
    if abandoned:
        app.runs.forget(abandoned)
        _log.warning("taking over from a process that died", runs=len(abandoned))
    app.runs.prune(app.clock())
