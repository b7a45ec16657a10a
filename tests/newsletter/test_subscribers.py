"""Subscribers from a file, as newsrooms have them."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import unicodedata
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, insert, select

from newsletter.store import NewsletterStore
from newsletter.subscribers import COLUMNS, ImportFileError, ImportReport, RefusedRow, import_subscribers
from newsletter.tables import subscriber, subscription, suppression
from newsroom.database import Database
from tests.newsletter.builders import DUE, SEOUL
from tests.newsletter.delivering import planned, rows

HEADING = ",".join(COLUMNS)


class Desk:
    """Imports what a test writes."""

    def __init__(self, store: NewsletterStore, folder: Path) -> None:
        self._store = store
        self._file = folder / "readers.csv"

    def take(self, *lines: str, heading: str = HEADING, encoding: str = "utf-8", now: datetime = DUE) -> ImportReport:
        return self.take_bytes("".join(f"{line}\n" for line in (heading, *lines)).encode(encoding), now=now)

    def take_bytes(self, content: bytes, *, now: datetime = DUE) -> ImportReport:
        self._file.write_bytes(content)
        return import_subscribers(self._file, "morning", self._store, zone=SEOUL, now=now)


@pytest.fixture
def desk(store: NewsletterStore, tmp_path: Path) -> Desk:
    return Desk(store, tmp_path)


def names(database: Database) -> dict[str, str]:
    with database.read() as connection:
        return {row.email: row.name for row in connection.execute(select(subscriber).order_by(subscriber.c.id))}


def test_readers_are_taken_with_the_proof_of_their_consent(desk: Desk, database: Database) -> None:
    report = desk.take(
        "kim@example.com,김하나,2026-01-05 14:30,구독 신청 페이지",
        'lee@example.com,"이둘, 편집국",2026-01-06T00:00:00+09:00,행사장 명부',
        "park@example.com,,2026.01.07,전화",
    )
    assert (report.rows, report.results, report.refused) == (3, {"new": 3}, [])
    assert names(database) == {"kim@example.com": "김하나", "lee@example.com": "이둘, 편집국", "park@example.com": ""}
    with database.read() as connection:
        kept = connection.execute(select(subscription).order_by(subscription.c.subscriber_id)).all()
    assert [(row.consent_time.astimezone(SEOUL).isoformat(), row.consent_source, row.state) for row in kept] == [
        ("2026-01-05T14:30:00+09:00", "구독 신청 페이지", "confirmed"),
        ("2026-01-06T00:00:00+09:00", "행사장 명부", "confirmed"),
        ("2026-01-07T00:00:00+09:00", "전화", "confirmed"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_files_of_korean_spreadsheets_are_read(desk: Desk, database: Database, encoding: str) -> None:
    """Excel writes CP949, or UTF-8 with a mark in front that would hide the first column."""
    report = desk.take("kim@example.com,김하나 똠방각하,2026-01-05,구독 신청", encoding=encoding)
    assert report.results == {"new": 1}
    assert names(database) == {"kim@example.com": "김하나 똠방각하"}


def test_a_file_in_neither_encoding_says_how_to_save_it(desk: Desk) -> None:
    with pytest.raises(ImportFileError, match=r"readers\.csv: it is neither UTF-8 nor CP949; save it as CSV"):
        desk.take("kim@example.com,김하나,2026-01-05,신청", encoding="utf-16")


def test_columns_may_stand_in_any_order_among_others(desk: Desk, database: Database) -> None:
    report = desk.take("신청,1,2026-01-05,김하나,kim@example.com", heading="consent_source,번호,consent_time,name,email")
    assert report.results == {"new": 1}
    assert names(database) == {"kim@example.com": "김하나"}


@pytest.mark.parametrize(
    ("heading", "missing"),
    [
        ("이메일,이름", ", ".join(COLUMNS)),
        ("email,name,consent_time", "consent_source"),
        ("email;name;consent_time;consent_source", "email"),
    ],
)
def test_wrong_columns_are_named(desk: Desk, heading: str, missing: str) -> None:
    with pytest.raises(ImportFileError, match=f"missing: {missing}"):
        desk.take("kim@example.com,김하나,2026-01-05,신청", heading=heading)


def test_an_empty_file_and_one_that_is_not_there_are_said(desk: Desk, store: NewsletterStore, tmp_path: Path) -> None:
    with pytest.raises(ImportFileError, match="the first line must name the columns"):
        desk.take_bytes(b"")
    with pytest.raises(ImportFileError, match="No such file"):
        import_subscribers(tmp_path / "gone.csv", "morning", store, zone=SEOUL, now=DUE)
    assert desk.take().rows == 0


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("kim@,김하나,2026-01-05,신청", "no mail address"),
        ("kim@example,김하나,2026-01-05,신청", "no mail address"),
        (",김하나,2026-01-05,신청", "no mail address"),
        ("kim@example.com\tlee@example.com,김하나,2026-01-05,신청", "no mail address"),
        ("kim@example.com,김하나,,신청", "when and how the reader agreed"),
        ("kim@example.com,김하나,  ,신청", "when and how the reader agreed"),
        ("kim@example.com,김하나,2026-01-05, ", "when and how the reader agreed"),
        ("kim@example.com,김하나,03/04/2026,신청", "not a date"),
        ("kim@example.com,김하나,yes,신청", "not a date"),
        ("kim@example.com,김하나,2026-03-02 07:01,신청", "in the future"),
        ("kim@example.com,김,하나,2026-01-05,신청", "as many fields"),
        ("kim@example.com,김하나", "as many fields"),
    ],
)
def test_a_row_that_cannot_be_taken_is_named_and_the_others_are(desk: Desk, line: str, reason: str) -> None:
    """Somebody without proof of consent would be mailed; or a whole list lost for one typing mistake."""
    report = desk.take("first@example.com,,2026-01-05,신청", line, "last@example.com,,2026-01-05,신청")
    assert (report.rows, report.results) == (3, {"new": 2})
    (refused,) = report.refused
    assert (refused.line, refused.email) == (3, line.partition(",")[0])
    assert reason in refused.reason


def test_lines_are_counted_as_an_editor_shows_them(desk: Desk) -> None:
    report = desk.take('kim@example.com,"김\n하나",2026-01-05,신청', "", "lee@,이둘,2026-01-05,신청")
    assert report.refused == [RefusedRow(5, "lee@", report.refused[0].reason)]
    assert report.results == {"new": 1}


def test_a_name_becomes_one_clean_line(desk: Desk, database: Database) -> None:
    """A line break in a name is a header of the attacker's choice; a Mac writes 각 as three letters."""
    decomposed = unicodedata.normalize("NFD", "각하나")
    desk.take(
        f'a@example.com,"{decomposed}\r\nBcc: x@example.com",2026-01-05,"신청\x00서"',
        f"b@example.com, {decomposed} ,2026-01-05,신청",
    )
    assert names(database) == {"a@example.com": "각하나 Bcc: x@example.com", "b@example.com": "각하나"}


def test_an_address_is_one_reader_however_it_is_written(desk: Desk, database: Database) -> None:
    report = desk.take(
        "Kim@Example.COM,김하나,2026-01-05,신청",
        "kim@example.com,김하나,2026-01-05,신청",
        " KIM@example.com ,김하나,2026-01-05,신청",
        "kim@한국.example,김하나,2026-01-05,신청",
        "kim@xn--3e0b707e.example,김하나,2026-01-05,신청",
    )
    assert (report.rows, report.results) == (5, {"new": 2, "known": 3})
    assert list(names(database)) == ["Kim@example.com", "kim@xn--3e0b707e.example"]


def test_the_same_file_again_changes_nothing(desk: Desk, store: NewsletterStore) -> None:
    line = "kim@example.com,김하나,2026-01-05,신청"
    desk.take(line)
    assert desk.take(line).results == {"known": 1}
    assert store.subscribers("morning") == 1


def test_whoever_left_comes_back_only_by_a_newer_consent(desk: Desk, store: NewsletterStore, database: Database) -> None:
    desk.take("kim@example.com,김하나,2026-01-05,신청")
    with database.read() as connection:
        uid = str(connection.scalar(select(subscriber.c.uid)))
    store.leave(uid, "morning", datetime(2026, 2, 1, 12, tzinfo=SEOUL))
    assert desk.take("kim@example.com,김하나,2026-01-05,신청").results == {"left": 1}
    assert desk.take("kim@example.com,김하나,2026-02-01,신청").results == {"left": 1}, "a day without a time is its midnight"
    assert desk.take("kim@example.com,김하나,2026-02-01 12:01,다시 신청").results == {"new": 1}
    planned(store, [])
    assert list(rows(database)) == ["kim@example.com"]


def test_a_suppressed_address_stays_away(desk: Desk, store: NewsletterStore, database: Database) -> None:
    with database.write() as connection:
        hashed = hashlib.sha256(b"kim@example.com").hexdigest()
        connection.execute(insert(suppression).values(email_hash=hashed, reason="complaint", at=DUE))
    assert desk.take("Kim@example.com,김하나,2026-03-01,신청", "lee@example.com,,2026-01-05,신청").results == {
        "suppressed": 1,
        "new": 1,
    }
    assert store.subscribers("morning") == 1


@given(content=st.binary(max_size=300))
def test_no_file_crashes_the_import(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "any.csv"
    file.write_bytes(HEADING.encode() + b"\n" + content)
    store = NoStore()
    try:
        report = import_subscribers(file, "morning", store, zone=SEOUL, now=DUE)  # type: ignore[arg-type]  # takes nothing in
    except ImportFileError:
        return
    assert report.rows == len(report.refused) + report.results.total()


class NoStore:
    """Takes everybody, keeps nobody."""

    def subscribe(self, _newsletter: str, consents: list[object], _now: datetime) -> list[str]:
        return ["new" for _ in consents]


def test_a_long_file_is_taken_in_pieces(desk: Desk, database: Database) -> None:
    lines = [f"reader{number}@example.com,독자 {number},2026-01-05,신청" for number in range(2500)]
    report = desk.take(*lines, lines[0])
    assert (report.rows, report.results) == (2501, {"new": 2500, "known": 1})
    with database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(subscription)) == 2500
        assert connection.scalar(select(func.max(subscriber.c.email)).where(subscriber.c.id == 1)) == "reader0@example.com"


PROGRAM = """
import resource, sys
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo
from newsletter.store import NewsletterStore
from newsletter.subscribers import import_subscribers
from newsroom.database import Database, metadata

database = Database(sys.argv[1])
with database.write() as connection:
    metadata.create_all(connection)
store, now, zone = NewsletterStore(database), datetime(2026, 3, 2, tzinfo=UTC), ZoneInfo("Asia/Seoul")
for file in sys.argv[2:]:
    report = import_subscribers(Path(file), "morning", store, zone=zone, now=now)
    print(report.results["new"], resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.long
def test_a_hundred_thousand_readers_take_no_more_memory_than_a_thousand(sqlite_url: str, tmp_path: Path) -> None:
    """A small server would be killed by its largest list."""
    files = [tmp_path / "small.csv", tmp_path / "large.csv"]
    for file, numbers in zip(files, (range(5_000), range(5_000, 105_000)), strict=True):
        lines = (f"reader{number}@example.com,독자 {number},2026-01-05,신청\n" for number in numbers)
        with file.open("w", encoding="utf-8") as out:
            out.write(f"{HEADING}\n")
            out.writelines(lines)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, sqlite_url, *map(str, files)], check=True, capture_output=True, text=True
    )
    (small, before), (large, after) = (map(int, line.split()) for line in done.stdout.splitlines())
    assert (small, large) == (5_000, 100_000)
    assert after - before < 10_000, "kilobytes"
