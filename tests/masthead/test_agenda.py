"""What runs when: the clock proposes, the database decides, and nobody is mailed twice."""

from __future__ import annotations

import mailbox
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from masthead.agenda import deliver_unfinished, delivery_job, editions_ahead, open_due_edition, runs_within, tasks
from masthead.app import App
from masthead.cron import Cron
from masthead.schedule import Clock, Every, Task
from masthead.store import RunState
from newsletter.edition import EditionState
from newsroom.errors import NewsroomError
from tests.masthead.papers import SEOUL, SEVEN, SetClock, add_article, add_readers, opened, rss, write_config
from tests.servers import HttpServer

MONDAY = SEVEN.date()
HOUR = timedelta(hours=1)


def mails(app: App) -> list[str]:
    """Whom the outbox holds mails for."""
    folder = app.path.parent / "outbox"
    return sorted(str(message["To"]) for message in mailbox.Maildir(folder)) if folder.is_dir() else []


def task(app: App, name: str) -> Task:
    [found] = [task for task in tasks(app) if task.name == name]
    return found


def look(app: App, moment: datetime) -> None:
    """Look after the newsletter at this moment, the source just pulled."""
    if (run := app.runs.begin("pull wire", moment, "here/1/1", moment)) is not None:
        app.runs.end(run, RunState.DONE, {}, moment)
    task(app, "newsletter morning").work(moment)


# --- editions ---


def test_an_edition_is_opened_at_its_time_and_mailed(app: App, clock: SetClock) -> None:
    """The paper would not come."""
    add_article(app)
    add_readers(app, 2)
    clock.now = SEVEN - timedelta(seconds=30)
    look(app, clock.now)
    assert app.newsletters.editions("morning") == []
    clock.now = SEVEN
    look(app, clock.now)
    assert len(mails(app)) == 2
    [edition] = app.newsletters.editions("morning")
    assert (edition.date, edition.state) == (MONDAY, EditionState.SENT)
    clock.now += timedelta(seconds=30)
    look(app, clock.now)
    assert len(mails(app)) == 2
    assert {run.job: run.detail for run in app.runs.newest() if run.job != "pull wire"} == {
        "edition morning": {"edition": "2026-03-02", "state": "sending", "reason": ""},
        delivery_job("morning", MONDAY): {"planned": 2, "sent": 2, "skipped": 0, "failed": 0},
    }


def test_the_clock_looks_at_a_newsletter_on_the_minute_it_is_due(app: App) -> None:
    """A paper promised for 07:00 would go out up to half a minute later."""
    times = task(app, "newsletter morning").times
    assert times.last(SEVEN) == SEVEN


def test_an_edition_missed_in_sleep_is_found_by_its_absence(app: App, clock: SetClock) -> None:
    """A machine that was off at seven would wait for tomorrow's edition, and what happened since would be in none."""
    clock.now = SEVEN - timedelta(days=2)
    add_article(app, 1)
    add_readers(app)
    look(app, clock.now)  # Saturday's
    clock.now = SEVEN + 4 * HOUR
    add_article(app, 2, age=30 * HOUR)  # from Sunday, on which there is no edition
    look(app, clock.now)
    editions = app.newsletters.editions("morning")
    assert [(edition.date, edition.state) for edition in editions] == [
        (MONDAY, EditionState.SENT),
        (MONDAY - timedelta(days=2), EditionState.SENT),
    ]
    assert [digest.articles for digest in app.newsletters.digests(editions[0].id)] == [("tag:hangang.example,2026:2",)]


def test_an_edition_waits_for_the_pulls_that_are_due_with_it(app: App, clock: SetClock) -> None:
    """A machine switched on at eight would mail an empty paper, a minute before it pulls the news of the night."""
    add_readers(app)
    newsletter = task(app, "newsletter morning")
    clock.now = SEVEN + timedelta(seconds=30)
    newsletter.work(clock.now)
    assert app.newsletters.editions("morning") == []
    run = app.runs.begin("pull wire", SEVEN, "here/1/1", SEVEN)
    assert run is not None
    newsletter.work(clock.now)
    assert app.newsletters.editions("morning") == [], "the pull is still running"
    add_article(app)
    app.runs.end(run, RunState.DONE, {}, clock.now)
    newsletter.work(clock.now)
    assert len(mails(app)) == 2


@pytest.mark.parametrize("start", [SEVEN - HOUR, SEVEN + HOUR / 2])
def test_an_edition_does_not_wait_long_for_a_source(app: App, clock: SetClock, start: datetime) -> None:
    """One source that hangs would keep the whole paper from its readers."""
    clock.now = start
    add_article(app, age=HOUR * 5)
    add_readers(app)
    newsletter = task(app, "newsletter morning")
    clock.now = max(start, SEVEN) + timedelta(seconds=119)
    newsletter.work(clock.now)
    assert app.newsletters.editions("morning") == []
    clock.now += timedelta(seconds=1)
    newsletter.work(clock.now)
    assert len(mails(app)) == 2


def test_only_the_newest_missed_edition_is_opened(app: App, clock: SetClock) -> None:
    """After a week's holiday, readers would get six mails in one minute."""
    clock.now = SEVEN - timedelta(days=7)
    add_readers(app)
    add_article(app, 1)
    look(app, clock.now)
    clock.now = SEVEN
    add_article(app, 2)
    for _ in range(5):
        look(app, clock.now)
        clock.now += timedelta(seconds=30)
    assert [edition.date for edition in app.newsletters.editions("morning")] == [MONDAY, MONDAY - timedelta(days=7)]


def test_a_newsletter_set_up_at_noon_begins_with_tomorrows_edition(app: App, clock: SetClock) -> None:
    """The first readers would get the morning's paper at noon, before anybody has looked at it."""
    add_article(app)
    add_readers(app)
    clock.now = SEVEN + 5 * HOUR
    look(app, clock.now)
    assert app.newsletters.editions("morning") == []
    clock.now = SEVEN + timedelta(days=1)
    look(app, clock.now)
    assert [edition.date for edition in app.newsletters.editions("morning")] == [MONDAY + timedelta(days=1)]


def test_a_late_edition_waits_for_the_operator_who_wants_to_be_asked(tmp_path: Path, clock: SetClock) -> None:
    """Yesterday's news would be mailed at night, or an edition be lost without a word."""
    with opened(write_config(tmp_path, newsletter='latest = "09:00"\nif_late = "ask"'), clock) as app:
        clock.now = SEVEN - timedelta(days=2)
        add_article(app, 1)
        add_readers(app)
        look(app, clock.now)
        clock.now = SEVEN + 3 * HOUR
        add_article(app, 2)
        look(app, clock.now)
        assert app.newsletters.editions("morning", 1)[0].state is EditionState.HELD
        assert len(mails(app)) == 2


def test_two_machines_mail_one_edition(tmp_path: Path, database_url: str) -> None:
    """Every reader would get the paper twice."""
    config = write_config(tmp_path, store=database_url)
    with opened(config) as one, opened(config) as other:
        add_article(one)
        add_readers(one, 5)
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda machine: look(machine, SEVEN), (one, other)))
        for machine in (one, other):
            look(machine, SEVEN + timedelta(seconds=30))
        assert len(mails(one)) == len(set(mails(one))) == 5
        [edition] = one.newsletters.editions("morning")
        assert one.newsletters.tally(edition.id).sent == 5


# --- deliveries ---


def test_what_a_dead_process_opened_is_planned_and_mailed(app: App, clock: SetClock) -> None:
    """An edition would stay open for ever if the power went while its digest was rendered."""
    add_article(app)
    add_readers(app)
    app.newsletters.open("morning", MONDAY, due=SEVEN, window_start=SEVEN - timedelta(days=1), now=SEVEN)
    deliver_unfinished(app, app.newsletter("morning"), clock.now)
    assert len(mails(app)) == 2
    assert app.newsletters.editions("morning")[0].state is EditionState.SENT


def test_a_delivery_that_cannot_go_on_is_recorded_and_tried_again(app: App, clock: SetClock) -> None:
    """While the mail server is down nobody would know, and when it is up again nobody would be mailed."""
    add_article(app)
    add_readers(app)
    outbox = app.path.parent / "outbox"
    outbox.write_text("in the way")
    look(app, clock.now)
    failed = app.runs.last(delivery_job("morning", MONDAY))
    assert failed is not None
    assert failed.state is RunState.FAILED
    assert "outbox" in failed.detail["error"]
    outbox.unlink()
    clock.now += timedelta(seconds=30)
    look(app, clock.now)
    assert len(mails(app)) == 2


def test_an_edition_that_fails_does_not_hold_back_another(app: App, clock: SetClock) -> None:
    """One edition with a broken template would stop all those after it."""
    clock.now = SEVEN - timedelta(days=2)
    add_readers(app)
    add_article(app, 1)
    broken = open_due_edition(app, app.newsletter("morning"), clock.now)
    assert broken is not None
    clock.now = SEVEN
    add_article(app, 2)
    good = open_due_edition(app, app.newsletter("morning"), clock.now)
    assert good is not None
    [digest] = app.newsletters.digests(broken.id)
    app.newsletters.replace_digest(broken.id, replace(digest, subject="두 줄\n제목"))
    deliver_unfinished(app, app.newsletter("morning"), clock.now)
    failed = app.runs.last(delivery_job("morning", broken.date))
    assert failed is not None
    assert failed.state is RunState.FAILED
    assert app.newsletters.tally(good.id).sent == 2


def test_stopping_ends_a_delivery_between_two_readers(app: App, clock: SetClock) -> None:
    """A restart at seven would wait for fifty thousand mails, or mail somebody twice."""
    add_article(app)
    add_readers(app, 5)
    newsletter = app.newsletter("morning")
    edition = open_due_edition(app, newsletter, clock.now)
    assert edition is not None
    looks = iter([False, False, True])
    deliver_unfinished(app, newsletter, clock.now, lambda: next(looks, True))
    assert len(mails(app)) == 2
    clock.now += timedelta(seconds=30)
    deliver_unfinished(app, newsletter, clock.now)
    assert len(mails(app)) == len(set(mails(app))) == 5


# --- sources and feeds ---


@pytest.fixture
def wire() -> Iterator[HttpServer]:
    """A news agency's feed with two stories."""
    server = HttpServer()
    server.serve("/rss", rss({1: "나룻배가 다시 뜬다", 2: "다리가 놓인다"}), content_type="application/rss+xml")
    with server.running():
        yield server


def test_what_a_pull_brings_is_published_at_once(tmp_path: Path, wire: HttpServer) -> None:
    """News would wait for the minute, in a paper that calls itself fast."""
    with opened(write_config(tmp_path, source=f"{wire.url}/rss")) as app:
        task(app, "pull wire").work(SEVEN)
        assert (tmp_path / "public" / "sections" / "society.atom").read_text(encoding="utf-8").count("<entry>") == 2
        assert {run.job for run in app.runs.newest()} == {"pull wire", "publish"}
        pulled = app.runs.last("pull wire")
        assert pulled is not None
        assert (pulled.due, pulled.detail["new"]) == (SEVEN, 2)
        task(app, "pull wire").work(SEVEN + timedelta(minutes=5))
        assert len([run for run in app.runs.newest() if run.job == "publish"]) == 1, "an unchanged pull published"


def test_two_clocks_on_one_database_do_the_work_once(tmp_path: Path, database_url: str, wire: HttpServer) -> None:
    """A second machine would double the load on the paper's own site."""
    config = write_config(tmp_path, store=database_url, source=f"{wire.url}/rss")
    noted = threading.Semaphore(0)

    def noting(found: Task) -> Task:
        def work(due: datetime) -> None:
            found.work(due)
            noted.release()

        return Task(found.name, found.times, work)

    with opened(config) as one, opened(config) as other:
        clocks = [Clock(), Clock()]
        for clock, app in zip(clocks, (one, other), strict=True):
            clock.replace([noting(task(app, "pull wire"))])
        for clock in clocks:
            clock.start()
        for _ in clocks:
            assert noted.acquire(timeout=30)
        for clock in clocks:
            clock.stop()
        assert wire.paths() == ["/rss"]
        assert [run.job for run in one.runs.newest()].count("pull wire") == 1


def test_a_source_that_fails_says_so_in_its_run(tmp_path: Path) -> None:
    """An operator would see an empty section and no reason."""
    with opened(write_config(tmp_path)) as app:
        with pytest.raises(NewsroomError):
            task(app, "pull wire").work(SEVEN)
        failed = app.runs.last("pull wire")
        assert failed is not None
        assert failed.state is RunState.FAILED
        assert "127.0.0.1" in failed.detail["error"]


def test_feeds_that_cannot_be_written_are_a_failed_run(app: App) -> None:
    """Feeds would stand still, and everything look well."""
    public = app.path.parent / "public"
    public.write_text("in the way")
    with pytest.raises(NewsroomError):
        task(app, "publish").work(SEVEN)
    failed = app.runs.last("publish")
    assert failed is not None
    assert (failed.state, "public" in failed.detail["error"]) == (RunState.FAILED, True)


def test_what_is_scheduled_is_what_is_configured(tmp_path: Path) -> None:
    """A source that was switched off would still be pulled."""
    config = write_config(tmp_path)
    with opened(config) as app:
        assert [found.name for found in tasks(app)] == ["pull wire", "publish", "newsletter morning"]
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace('every = "5m"', 'every = "5m"\nenabled = false'), encoding="utf-8")
    with opened(config) as app:
        assert [found.name for found in tasks(app)] == ["publish", "newsletter morning"]


# --- the days to come ---


def test_the_editions_to_come(app: App, clock: SetClock) -> None:
    """`masthead plan` would promise an edition on a Sunday, or hide one that was not opened."""
    add_readers(app, 3)
    add_article(app)
    clock.now = SEVEN - 2 * HOUR
    ahead = editions_ahead(app, 7)
    assert [edition.date for edition in ahead] == [MONDAY + timedelta(days=day) for day in range(6)]
    assert {edition.readers for edition in ahead} == {3}
    assert {edition.state for edition in ahead} == {"due"}
    assert (ahead[0].due, ahead[0].latest) == (SEVEN, datetime(2026, 3, 3, tzinfo=SEOUL))
    clock.now = SEVEN + HOUR
    assert editions_ahead(app, 1)[0].state == "not opened"
    look(app, clock.now)
    assert editions_ahead(app, 1)[0].state == "sent"


@pytest.mark.parametrize(
    ("times", "count"),
    [
        (Every(timedelta(minutes=5)), 288),
        (Cron("*/10 6-23 * * *", SEOUL), 108),
        (Cron("0 7 * * mon", SEOUL), 0),
        (Cron("0 7 * * 2", SEOUL), 1),
        (Cron("0 12 * * *", SEOUL), 1),
    ],
)
def test_how_often_something_will_run(times: Every | Cron, count: int) -> None:
    """`masthead plan` would show a load that is not the real one."""
    start = datetime(2026, 3, 2, 12, tzinfo=SEOUL)  # a Monday
    assert runs_within(times, start, start + timedelta(days=1)) == count
    assert runs_within(times, start, start) == 0


def test_a_day_with_a_change_of_the_clocks_is_counted_as_it_is() -> None:
    """Once a year an hour of pulls would be promised twice."""
    new_york = ZoneInfo("America/New_York")
    day = [datetime.combine(day, datetime.min.time(), new_york).astimezone(UTC) for day in (date(2026, 11, 1), date(2026, 11, 2))]
    assert runs_within(Cron("*/30 * * * *", new_york), *day) == 50
