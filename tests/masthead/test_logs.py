"""The log: one form for everything that is said, and nothing in it that is nobody's business."""

from __future__ import annotations

import json
import logging

import pytest
import structlog

from masthead.logs import configure_logs, printable
from tests.masthead.conftest import Call


@pytest.mark.parametrize("as_json", [False, True])
def test_a_traceback_shows_no_values(capsys: pytest.CaptureFixture[str], call: Call, as_json: bool) -> None:
    """The password of the mail server would be in the log with the first error."""
    configure_logs(verbose=False, as_json=as_json)
    password = "hunter" + "2"
    try:
        raise ZeroDivisionError(len(password) / 6)
    except ZeroDivisionError:
        structlog.get_logger().exception("job failed", job="send")
    log = capsys.readouterr().err
    assert "ZeroDivisionError" in log
    assert "job failed" in log
    assert "hunter2" not in log


def test_what_libraries_log_goes_the_same_way(capsys: pytest.CaptureFixture[str], call: Call) -> None:
    """Half of the log would be in another form, and a collector refuse it."""
    configure_logs(verbose=False, as_json=True)
    logging.getLogger("uvicorn.error").error("broken: %s", "파이프")
    logging.getLogger("uvicorn.error").info("Started server process")
    logging.getLogger("apscheduler.scheduler").warning("maximum number of running instances reached")
    [line] = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert (line["event"], line["level"], line["logger"]) == ("broken: 파이프", "error", "uvicorn.error")


def test_nothing_from_a_source_moves_the_cursor(capsys: pytest.CaptureFixture[str], call: Call) -> None:
    """A headline could clear an operator's screen, or write a line into the log that looks like the program's own."""
    configure_logs(verbose=True, as_json=False)
    structlog.get_logger().info("refused", headline="속보\x1b[2J\r\n2026-03-02 [info] all is well\x9b")
    log = capsys.readouterr().err
    assert log.count("\n") == 1
    assert not set(log) & {"\x1b", "\r", "\x9b"}
    assert printable("한글\x1b[2J") == "한글\\x1b[2J"
