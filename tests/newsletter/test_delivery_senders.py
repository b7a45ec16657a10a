"""Two senders of one edition, a busy database, and senders that are killed: still nobody twice and nobody forgotten."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest
from structlog.testing import capture_logs

import newsroom.database
from newsletter.delivery import LEASE, Envelope
from newsletter.edition import Delivery, EditionState, Tally
from newsletter.errors import SendingElsewhereError
from newsletter.store import NewsletterStore
from newsroom.database import Database
from newsroom.errors import StoreBusyError
from newsroom.process import this_process
from tests.newsletter.delivering import (
    DUE,
    Clock,
    Wire,
    address,
    planned,
    prepared,
    rows,
    send,
    state_of,
)
from tests.newsletter.postoffice import SAY_NOTHING, PostOffice

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
ROOT = Path(__file__).parents[2]


# --- two senders ---


def test_a_second_thread_does_not_send_what_the_first_is_sending(quick: NewsletterStore, office: PostOffice) -> None:
    """Two jobs of one process: the second would take the first one's message in flight for a dead man's, and send it again."""
    edition, clock, begun, second_tried = planned(quick, 5), Clock(), Event(), Event()
    connection = office.connection()

    def slowly(envelope: Envelope) -> None:
        begun.set()
        assert second_tried.wait(10)
        connection.send(envelope)

    with ThreadPoolExecutor(1) as other:
        first = other.submit(send, quick, edition, Wire(slowly), clock)
        assert begun.wait(10)
        with pytest.raises(SendingElsewhereError, match=f"is being sent already, by {this_process()}"):
            send(quick, edition, office.connection(), clock)
        second_tried.set()
        assert first.result().sent == 5
    connection.close()
    assert sorted(office.recipients) == [address(number) for number in range(5)]


def test_a_silent_sender_of_another_machine_is_followed_after_its_lease(quick: NewsletterStore, office: PostOffice) -> None:
    edition, clock = planned(quick, 3), Clock()
    assert quick.claim_sending(edition.id, "other-machine/77/1#0", DUE, LEASE)
    for _ in range(2):
        with pytest.raises(SendingElsewhereError, match="other-machine"):
            send(quick, edition, office.connection(), clock)
        clock.wait(LEASE / 2)
    clock.wait(MINUTE)
    assert send(quick, edition, office.connection(), clock).sent == 3


def test_a_sender_that_lost_its_edition_stops(store: NewsletterStore, database: Database, office: PostOffice) -> None:
    """A laptop that slept through its lease wakes up in the middle of the list."""
    edition, clock, connection = planned(store, 5), Clock(), office.connection()

    def sleeping(envelope: Envelope) -> None:
        connection.send(envelope)
        if envelope.recipient == address(1):
            clock.wait(LEASE + MINUTE)
            assert store.claim_sending(edition.id, "awake", clock.at, LEASE)

    with pytest.raises(SendingElsewhereError, match="took over"):
        send(store, edition, Wire(sleeping), clock)
    connection.close()
    assert store.sender(edition.id) == "awake", "not its own to give away"
    assert [row.state for row in rows(database).values()] == ["sent", "sent", "planned", "planned", "planned"]


# --- the database ---


class Watched(NewsletterStore):
    """A store that tells when it was busy."""

    def __init__(self, database: Database, busy: Callable[[], object]) -> None:
        super().__init__(database)
        self._busy = busy

    def advance(self, *arguments: object, **named: object) -> Delivery | None:
        try:
            return super().advance(*arguments, **named)  # type: ignore[arg-type]  # as it was called
        except StoreBusyError:
            self._busy()
            raise


@contextmanager
def another_writer(url: str) -> Iterator[Database]:
    other = Database(url)
    yield other
    other.close()


def test_a_busy_database_does_not_make_an_arrived_mail_doubtful(
    sqlite_url: str, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A backup at seven in the morning would have readers mailed twice."""
    monkeypatch.setattr(newsroom.database, "BUSY_TIMEOUT_MS", 30)
    database, connection = prepared(sqlite_url), office.connection()
    holding: list[AbstractContextManager[object]] = []
    store = Watched(database, lambda: holding.pop().__exit__(None, None, None))
    edition = planned(store, 3)
    with another_writer(sqlite_url) as other:

        def locking(envelope: Envelope) -> None:
            connection.send(envelope)
            if envelope.recipient == address(1):
                holding.append(other.write())
                holding[0].__enter__()

        with capture_logs() as logs:
            assert send(store, edition, Wire(locking), Clock()).sent == 3
    connection.close()
    assert [line["event"] for line in logs if line["log_level"] == "warning"] == ["the database is busy"]
    assert len(office.letters) == 3
    assert {row.attempts for row in rows(database).values()} == {1}
    database.close()


def test_a_database_that_stays_busy_ends_the_sending_with_its_own_error(
    sqlite_url: str, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not with the one of the cleaning up; and what was in flight is in doubt, as after a crash."""
    monkeypatch.setattr(newsroom.database, "BUSY_TIMEOUT_MS", 20)
    database, connection = prepared(sqlite_url), office.connection()
    store, clock = NewsletterStore(database), Clock()
    edition = planned(store, 3)
    with another_writer(sqlite_url) as other:
        lock = other.write()

        def locking(envelope: Envelope) -> None:
            connection.send(envelope)
            lock.__enter__()

        with capture_logs() as logs, pytest.raises(StoreBusyError) as busy:
            send(store, edition, Wire(locking), clock)
        lock.__exit__(None, None, None)
    connection.close()
    assert busy.value.__context__ is not None
    assert "not released, the lease runs out by itself" in [line["event"] for line in logs]
    assert store.tally(edition.id).open == 3
    clock.wait(LEASE + MINUTE)
    assert send(store, edition, office.connection(), clock).sent == 3
    assert Counter(office.recipients)[address(0)] == 2, "the one in flight"
    database.close()


# --- killed ---


@contextmanager
def a_sender(url: str, office: PostOffice) -> Iterator[subprocess.Popen[bytes]]:
    """The edition's delivery in a process of its own, which does not outlive the block."""
    command = [sys.executable, "-m", "tests.newsletter.sender", url, str(office.port)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_for_letters(office: PostOffice, count: int, process: subprocess.Popen[bytes]) -> None:
    while len(office.letters) < count and process.poll() is None:
        time.sleep(0.001)


def finished(url: str, office: PostOffice) -> None:
    with a_sender(url, office) as process:
        _, complaints = process.communicate(timeout=120)
        assert process.returncode == 0, complaints.decode()


def kill_and_finish(url: str, office: PostOffice, readers: int, kills: int) -> None:
    """Send to that many readers with the sender killed so often at any moment, and look at what came of it."""
    database = prepared(url)
    store = NewsletterStore(database)
    edition = planned(store, readers)
    killed = 0
    for _ in range(kills):
        left = readers - len(office.letters)
        with a_sender(url, office) as process:
            wait_for_letters(office, len(office.letters) + random.randint(1, max(1, left // 2)), process)
            time.sleep(random.uniform(0, 0.01))
            killed += process.poll() is None
            process.kill()
    finished(url, office)

    got = Counter(office.recipients)
    kept = rows(database)
    assert got.keys() == {address(number) for number in range(readers)}, "nobody is forgotten"
    assert got.total() - readers <= killed, "at most the one in flight each time"
    assert max(got.values()) <= 1 + killed
    assert store.tally(edition.id) == Tally(planned=readers, sent=readers, skipped=0, failed=0, in_doubt=0)
    assert state_of(store) is EditionState.SENT
    assert all(row.attempts >= got[email] for email, row in kept.items()), "each copy was announced before it went out"
    assert sum(row.attempts for row in kept.values()) - readers <= killed
    database.close()


def test_killed_in_the_middle_of_two_thousand_readers_nobody_gets_two_or_none(sqlite_url: str, office: PostOffice) -> None:
    kill_and_finish(sqlite_url, office, readers=2000, kills=2)


@pytest.mark.long
def test_killed_again_and_again_nobody_gets_two_or_none(database_url: str, office: PostOffice) -> None:
    kill_and_finish(database_url, office, readers=2000, kills=25)


def test_asked_to_end_it_finishes_what_is_in_flight_and_doubts_nothing(sqlite_url: str, office: PostOffice) -> None:
    """Every update of the program would leave a mail in doubt."""
    database = prepared(sqlite_url)
    store = NewsletterStore(database)
    edition = planned(store, 300)
    with a_sender(sqlite_url, office) as process:
        wait_for_letters(office, 40, process)
        process.send_signal(signal.SIGTERM)
        _, complaints = process.communicate(timeout=30)
        assert process.returncode == 0, complaints.decode()
    sent = len(office.letters)
    assert 40 <= sent < 300
    assert store.tally(edition.id) == Tally(planned=300, sent=sent, skipped=0, failed=0, in_doubt=0)
    assert (store.recover(edition.id, resend=True, now=DUE), store.sender(edition.id)) == (0, "")
    finished(sqlite_url, office)
    assert Counter(office.recipients) == {address(number): 1 for number in range(300)}
    assert {row.attempts for row in rows(database).values()} == {1}
    database.close()


def test_a_living_process_is_left_alone_and_a_dead_one_is_followed_at_once(sqlite_url: str, office: PostOffice) -> None:
    """An operator presses send while the service does: two mails for everybody. Or waits ten minutes after a crash at seven."""
    database = prepared(sqlite_url)
    store = NewsletterStore(database)
    edition, clock, third = planned(store, 5), Clock(datetime.now(UTC)), Event()

    def silent_at_the_third(happening: str, to: str) -> str | None:
        if (happening, to) != ("MESSAGE", address(2)):
            return None
        third.set()
        return SAY_NOTHING

    office.rule = silent_at_the_third
    with a_sender(sqlite_url, office) as process:
        assert third.wait(60)
        with pytest.raises(SendingElsewhereError):
            send(store, edition, office.connection(), clock)
        process.kill()
    office.rule = lambda _happening, _to: None
    assert send(store, edition, office.connection(), clock).sent == 5
    assert Counter(office.recipients) == {address(number): 1 for number in range(5)}
    database.close()
