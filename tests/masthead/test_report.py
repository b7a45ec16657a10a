"""What an operator is told, and when a monitor wakes somebody: when, and only when, something is broken."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from masthead.agenda import delivery_job, open_due_edition
from masthead.app import App
from masthead.report import health, status
from masthead.store import RunState
from newsletter.edition import EditionState
from tests.masthead.papers import SEVEN, SetClock, add_article, add_readers, opened, write_config

MINUTE = timedelta(minutes=1)


def run(app: App, job: str, state: RunState, due: datetime, **detail: object) -> None:
    """A run in the record, begun when it was due."""
    begun = app.runs.begin(job, due, "here/1/1", due)
    assert begun is not None
    if state is not RunState.RUNNING:
        app.runs.end(begun, state, detail, due)


def problems(app: App) -> list[str]:
    well, report = health(app)
    assert well == (not report["problems"])
    assert report["status"] == ("ok" if well else "failing")
    return list(report["problems"])


def test_a_new_paper_is_well(app: App) -> None:
    """The monitor would ring before anything could have gone wrong."""
    assert problems(app) == []


def test_status_tells_it_all_as_plain_data(app: App, clock: SetClock) -> None:
    """A script could not read what a person can."""
    add_article(app)
    add_readers(app, 3)
    run(app, "pull wire", RunState.DONE, SEVEN, new=1)
    open_due_edition(app, app.newsletter("morning"), SEVEN)
    found = json.loads(json.dumps(status(app)))
    assert (found["paper"], found["articles"], found["now"]) == ("한강일보", 1, "2026-03-02T07:00:00+09:00")
    assert found["sources"] == [
        {
            "name": "wire",
            "enabled": True,
            "last": "2026-03-02T07:00:00+09:00",
            "state": "done",
            "detail": {"new": 1},
            "next": "2026-03-02T07:05:00+09:00",
            "problem": "",
        }
    ]
    [newsletter] = found["newsletters"]
    assert (newsletter["slug"], newsletter["readers"], newsletter["next"]) == ("morning", 3, "2026-03-03T07:00:00+09:00")
    assert newsletter["last"]["date"] == "2026-03-02"
    assert (newsletter["last"]["state"], newsletter["last"]["planned"], newsletter["last"]["open"]) == ("sending", 3, 3)
    assert [entry["job"] for entry in found["runs"]] == ["edition morning", "pull wire"]


# --- sources ---


def test_a_source_that_is_not_pulled_any_more_is_overdue(app: App, clock: SetClock) -> None:
    """A schedule that stands still would look like a quiet day."""
    run(app, "pull wire", RunState.DONE, SEVEN)
    clock.now = SEVEN + 10 * MINUTE
    assert problems(app) == []
    clock.now = SEVEN + 10 * MINUTE + timedelta(seconds=1)
    assert problems(app) == ["source wire: overdue since 2026-03-02T07:05:00+09:00"]


def test_one_failed_pull_wakes_nobody_and_a_quarter_of_an_hour_of_them_does(app: App, clock: SetClock) -> None:
    """Every hiccup of somebody's server would wake an operator; or a source would be down for days."""
    run(app, "pull wire", RunState.DONE, SEVEN)
    for count in (1, 2, 3):
        clock.now = SEVEN + count * 5 * MINUTE
        run(app, "pull wire", RunState.FAILED, clock.now, error="the server says 503")
        assert problems(app) == []
    clock.now = SEVEN + 20 * MINUTE
    run(app, "pull wire", RunState.FAILED, clock.now, error="the server says 503")
    assert problems(app) == ["source wire: the last pull failed: the server says 503"]
    clock.now = SEVEN + 25 * MINUTE
    run(app, "pull wire", RunState.DONE, clock.now)
    assert problems(app) == []


def test_a_source_that_never_worked_is_a_problem_at_once(app: App) -> None:
    """A mistyped address would be found when somebody misses the news."""
    run(app, "pull wire", RunState.FAILED, SEVEN, error="there is no such page")
    assert problems(app) == ["source wire: the last pull failed: there is no such page"]


def test_a_pull_that_does_not_end_is_a_problem_and_a_slow_one_is_not(app: App, clock: SetClock) -> None:
    """A pull that hangs would keep its source silent, since one runs at a time."""
    run(app, "pull wire", RunState.RUNNING, SEVEN)
    clock.now = SEVEN + 59 * MINUTE
    assert problems(app) == []
    clock.now = SEVEN + 61 * MINUTE
    assert problems(app) == ["source wire: a pull has been running since 2026-03-02T07:00:00+09:00"]


def test_a_source_that_is_switched_off_is_no_problem(tmp_path: Path, clock: SetClock) -> None:
    """Switching a broken source off would not silence the monitor."""
    config = write_config(tmp_path)
    config.write_text(config.read_text(encoding="utf-8").replace('every = "5m"', "enabled = false"), encoding="utf-8")
    with opened(config, clock) as app:
        run(app, "pull wire", RunState.FAILED, SEVEN - timedelta(days=2))
        assert problems(app) == []
        assert status(app)["sources"][0]["next"] is None


def test_feeds_that_cannot_be_written_are_a_problem(app: App) -> None:
    """The disk would be full, and every feed be of yesterday."""
    run(app, "publish", RunState.FAILED, SEVEN, error="no space left on device")
    assert problems(app) == ["publishing failed: no space left on device"]


# --- newsletters ---


def opened_edition(app: App) -> None:
    add_article(app)
    add_readers(app, 20)
    assert open_due_edition(app, app.newsletter("morning"), app.clock()) is not None


def test_an_edition_that_was_not_opened_is_a_problem(app: App, clock: SetClock) -> None:
    """The readers would be the first to notice."""
    opened_edition(app)
    clock.now = SEVEN + timedelta(days=1, minutes=4)
    assert problems(app) == []
    clock.now += 2 * MINUTE
    assert problems(app) == ["newsletter morning: the edition of 2026-03-03 was not opened"]


def test_an_edition_that_cannot_be_opened_says_why(app: App, clock: SetClock) -> None:
    """A broken template would be looked for in the mail server."""
    run(app, "edition morning", RunState.FAILED, SEVEN, error="templates/mail/digest/body.html: unexpected end")
    assert problems(app) == [
        "newsletter morning: the edition could not be opened: templates/mail/digest/body.html: unexpected end"
    ]


def test_an_edition_that_does_not_go_out_is_a_problem_until_it_does(app: App, clock: SetClock) -> None:
    """The mail server would be down all morning without anybody knowing."""
    opened_edition(app)
    job = delivery_job("morning", SEVEN.date())
    run(app, job, RunState.FAILED, SEVEN, error="mail.hangang.example does not answer")
    assert problems(app) == [
        "newsletter morning: the edition of 2026-03-02 is not going out: mail.hangang.example does not answer"
    ]
    clock.now = SEVEN + MINUTE
    run(app, job, RunState.DONE, clock.now)
    assert problems(app) == []


def test_an_edition_that_waits_for_the_operator_names_the_command(app: App, clock: SetClock) -> None:
    """An edition would be held until somebody happens to look."""
    edition = app.newsletters.open("morning", SEVEN.date(), due=SEVEN, window_start=SEVEN - timedelta(days=1), now=SEVEN)
    app.newsletters.settle(edition.id, EditionState.HELD, "late: it was to start by 09:00", SEVEN)
    assert problems(app) == [
        "newsletter morning: the edition of 2026-03-02 is held; send it with: masthead send morning --date 2026-03-02"
    ]


# --- the monitor itself ---


def test_a_database_that_is_gone_is_a_finding(app: App) -> None:
    """The monitor would get an error page in place of the reason."""
    with app.database.write() as connection:
        connection.exec_driver_sql("DROP TABLE run")
    [problem] = problems(app)
    assert "no such table: run" in problem


def test_a_refused_configuration_is_a_problem(app: App) -> None:
    """An operator would believe that an edit is in effect."""
    well, report = health(app, "config.toml:3: paper.name: this must not be empty")
    assert not well
    assert report["problems"] == ["the configuration was refused: config.toml:3: paper.name: this must not be empty"]


@pytest.mark.parametrize(("failed", "expected"), [(1, []), (2, ["newsletter morning: 2 of 20 deliveries of 2026-03-02 failed"])])
def test_a_few_dead_addresses_wake_nobody(app: App, clock: SetClock, failed: int, expected: list[str]) -> None:
    """Every edition has an address that is no more; one in ten means that the mail is blocked."""
    opened_edition(app)
    with app.database.write() as connection:
        connection.exec_driver_sql("UPDATE delivery SET state = 'sent'")
        connection.exec_driver_sql(f"UPDATE delivery SET state = 'failed' WHERE id <= {failed}")
    assert problems(app) == expected
