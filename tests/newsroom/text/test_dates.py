from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsroom.text.dates import Moment, Precision, UnknownDateError, find_date, parse_date

SEOUL = ZoneInfo("Asia/Seoul")
NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2025, 6, 11, 18, 0, tzinfo=SEOUL)
DATES = Path(__file__).parents[3] / "../shared/data/bylines/dates.tsv"


def _seoul(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SEOUL)  # type: ignore[misc, arg-type]  # year, month, day, … in order


def test_every_row_of_the_shared_dates_holds() -> None:
    """A printed date of a real paper would be refused or land on another day."""
    if not DATES.exists():
        pytest.skip(f"the shared data is not beside this checkout: {DATES}")
    rows = [line.split("\t") for line in DATES.read_text("utf-8").splitlines()[1:]]
    assert len(rows) >= 13
    for raw, expected, reference in rows:
        now = datetime.fromisoformat(reference) if reference else NOW
        now = now if now.tzinfo else now.replace(tzinfo=SEOUL)
        moment = parse_date(raw, SEOUL, now)
        if expected == "now-10min":
            assert (moment.at, moment.precision) == (now - timedelta(minutes=10), Precision.MINUTE), raw
        elif expected.startswith("date only"):
            assert (moment.at, moment.precision) == (_seoul(2025, 6, 10), Precision.DAY), raw
        elif expected.startswith("12:05"):
            assert (moment.at, moment.precision) == (_seoul(2025, 6, 11, 12, 5), Precision.MINUTE), raw
        else:
            at, *both = expected.split()
            assert moment.at == datetime.fromisoformat(at), raw
            assert moment.modified == (moment.at if both else None), raw


@pytest.mark.parametrize(
    ("raw", "at", "precision"),
    [
        ("2025-06-11T15:13:08.123456+09:00", _seoul(2025, 6, 11, 15, 13, 8), Precision.SECOND),
        ("2025-06-11T06:13Z", _seoul(2025, 6, 11, 15, 13), Precision.MINUTE),
        ("20250611T151308+0900", _seoul(2025, 6, 11, 15, 13, 8), Precision.SECOND),
        ("2025-06-11 15:13:08 KST", _seoul(2025, 6, 11, 15, 13, 8), Precision.SECOND),
        ("2025-06-11 15:13:08.0", _seoul(2025, 6, 11, 15, 13, 8), Precision.SECOND),
        ("20250611", _seoul(2025, 6, 11), Precision.DAY),
        ("202506111513", _seoul(2025, 6, 11, 15, 13), Precision.MINUTE),
        ("Wed, 11 Jun 2025 06:13:08 GMT", _seoul(2025, 6, 11, 15, 13, 8), Precision.SECOND),
        ("Wed, 11 Jun 25 02:13 EDT", _seoul(2025, 6, 11, 15, 13), Precision.MINUTE),
        ("11 Jun 2025 01:13:08 EST", _seoul(2025, 6, 11, 15, 13, 8), Precision.SECOND),
        ("Wed, 11 Jun 2025 15:13:08 GMT+9", _seoul(2025, 6, 11, 15, 13, 8), Precision.SECOND),
        ("Posted: June 11, 2025 3:13 p.m.", _seoul(2025, 6, 11, 15, 13), Precision.MINUTE),
        ("2025. 6. 11. (수) 15:13", _seoul(2025, 6, 11, 15, 13), Precision.MINUTE),
        ("2025.06.11(수요일) 오전 12:05", _seoul(2025, 6, 11, 0, 5), Precision.MINUTE),
        ("2025/06/11 03:13 PM", _seoul(2025, 6, 11, 15, 13), Precision.MINUTE),
        ("2025-06-11 오후 15:13", _seoul(2025, 6, 11, 15, 13), Precision.MINUTE),
        ("2025년 6월 11일 오후 3시", _seoul(2025, 6, 11, 15), Precision.HOUR),
        ("2025년06월11일 15시 13분 8초", _seoul(2025, 6, 11, 15, 13, 8), Precision.SECOND),
        ("2025년 6월 11일 수요일 오후 12시", _seoul(2025, 6, 11, 12), Precision.HOUR),
        ("기사입력 2025-06-11 15:13", _seoul(2025, 6, 11, 15, 13), Precision.MINUTE),
        ("승인 2025.06.11 15:13", _seoul(2025, 6, 11, 15, 13), Precision.MINUTE),
        ("발행일 : 2025.06.11", _seoul(2025, 6, 11), Precision.DAY),
        ("２０２５．０６．１１　１５：１３", _seoul(2025, 6, 11, 15, 13), Precision.MINUTE),
        ("6월 11일 15:13", _seoul(2025, 6, 11, 15, 13), Precision.MINUTE),
        ("06.12 09:00", _seoul(2025, 6, 12, 9, 0), Precision.MINUTE),
        ("06.13 09:00", _seoul(2024, 6, 13, 9, 0), Precision.MINUTE),
        ("02-29", _seoul(2024, 2, 29), Precision.DAY),
        ("어제 오후 3:13", _seoul(2025, 6, 10, 15, 13), Precision.MINUTE),
        ("방금 전", NOW, Precision.MINUTE),
        ("30초 전", NOW - timedelta(seconds=30), Precision.SECOND),
        ("3시간 전", NOW - timedelta(hours=3), Precision.HOUR),
        ("2일 전", _seoul(2025, 6, 9), Precision.DAY),
        ("1주일 전", _seoul(2025, 6, 4), Precision.DAY),
        ("an hour ago", NOW - timedelta(hours=1), Precision.HOUR),
        ("23:55", _seoul(2025, 6, 10, 23, 55), Precision.MINUTE),
    ],
)
def test_one_member_of_each_family_is_read(raw: str, at: datetime, precision: Precision) -> None:
    """A paper that prints its dates this way would have all of its articles refused, or all at a wrong time."""
    assert parse_date(raw, SEOUL, NOW) == Moment(at, precision)


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "기자",
        "03/04/2025",
        "25.06.11 15:13",
        "2025-02-30",
        "02-30",
        "2025-13-01 10:00",
        "2025-06-11 24:00",
        "2025-06-11 15:60",
        "2025-06-11 15:13:60",
        "2025-06-11 오전 15:13",
        "2025-06-11T15:13:08+19:00",
        "Tue, 11 Jun 2025 15:13:08 KST",
        "2025.06.11(목)",
        "2025-06-11 15:13 JST",
        "2025-06.11",
        "2025-06-11 15:13 2025-06-11 16:00",
        "입력 2025-06-11 입력 2025-06-12",
        "수정 2025-06-11 수정 2025-06-12",
        "2025-06-11 ~ 2025-06-12",
        "2025-06-11 김서현",
        "2025년 6월",
        "1749622388",
        "버전 3.5",
        "Tomorrow",
    ],
)
def test_anything_else_is_refused_with_the_raw_string(raw: str) -> None:
    """A guessed date would publish an article at a time that nobody printed."""
    with pytest.raises(UnknownDateError) as caught:
        parse_date(raw, SEOUL, NOW)
    assert caught.value.raw == raw


@pytest.mark.parametrize("raw", ["10분 전", "어제", "12-30 10:00", "6월 11일", "오후 12:05", "방금"])
def test_an_incomplete_date_needs_the_time_of_its_page(raw: str) -> None:
    """A re-read page of last week would date its articles by today's clock."""
    with pytest.raises(UnknownDateError, match="page"):
        parse_date(raw, SEOUL)


def test_a_moment_has_a_zone() -> None:
    """An article's time would be compared with others' nine hours off."""
    with pytest.raises(ValueError, match="no time zone"):
        Moment(NOW.replace(tzinfo=None), Precision.DAY)


def test_the_time_of_the_page_has_a_zone() -> None:
    """Every relative date would be off by the server's own zone."""
    with pytest.raises(ValueError, match="time zone"):
        parse_date("10분 전", SEOUL, NOW.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("raw", "at", "modified"),
    [
        ("입력 2025.06.11 15:13 | 수정 2025.06.12 09:00", (2025, 6, 11, 15, 13), (2025, 6, 12, 9, 0)),
        ("수정 2025.06.12 09:00 입력 2025.06.11 15:13", (2025, 6, 11, 15, 13), (2025, 6, 12, 9, 0)),
        ("2025.06.11 15:13 (최종수정 2025.06.12 09:00)", (2025, 6, 11, 15, 13), (2025, 6, 12, 9, 0)),
        ("최종수정 2025.06.12 09:00", (2025, 6, 12, 9, 0), (2025, 6, 12, 9, 0)),
        ("입력 2025.06.11 15:13 승인 2025.06.11 15:20", (2025, 6, 11, 15, 13), None),
        ("Posted 2025-06-11 15:13 Updated 2025-06-12 09:00", (2025, 6, 11, 15, 13), (2025, 6, 12, 9, 0)),
    ],
)
def test_glued_dates_are_told_apart_by_their_labels(raw: str, at: tuple[int, ...], modified: tuple[int, ...] | None) -> None:
    """The time of a correction would become the time of publication."""
    moment = parse_date(raw, SEOUL)
    assert (moment.at, moment.modified) == (_seoul(*at), modified and _seoul(*modified))


def test_a_local_time_that_the_clock_change_skips_exists_afterwards() -> None:
    """A paper in New York would publish an entry at 02:30 on a night that had no 02:30."""
    assert parse_date("2025-03-09 02:30", NEW_YORK).at.isoformat() == "2025-03-09T03:30:00-04:00"
    assert parse_date("2025-11-02 01:30", NEW_YORK).at.isoformat() == "2025-11-02T01:30:00-04:00"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2025-06-11 15:13:08 김서현 기자", "2025-06-11 15:13:08"),
        ("김서현 기자 입력 2025.06.11. 오후 3:13", "입력 2025.06.11. 오후 3:13"),
        ("등록 2017.09.13 15:09수정 2017.09.13 15:09 김서현 기자", "등록 2017.09.13 15:09수정 2017.09.13 15:09"),
        ("[2025.06.11 15:13] 김서현 기자", "2025.06.11 15:13"),
        ("10분 전 김서현 기자", "10분 전"),
        ("2025.06.11 15:13김서현 기자", "2025.06.11 15:13"),
        ("김서현 기자 seoh0611@metroseoul.co.kr", ""),
        ("20250611@m.kr 김서현 기자", ""),
        ("03/04/2025 김서현", ""),
        ("오후 3시에 열린다", ""),
        ("어제 김서현 기자", ""),
        ("3.5%와 12-30", ""),
    ],
)
def test_a_date_is_found_in_a_mixed_string(text: str, found: str) -> None:
    """A listing that prints date and byline in one line would lose both."""
    assert find_date(text) == found


@given(st.text(st.sampled_from("0123456789-./: 년월일시분초전오후입력수정TZ+GMKS()어제")))
@example("1일 전")
@example("9999주 전")
def test_no_string_crashes_and_every_result_is_in_the_zone(raw: str) -> None:
    """One odd string of one item would end the pull of a whole page."""
    assert find_date(raw) in raw
    with contextlib.suppress(UnknownDateError):
        assert parse_date(raw, SEOUL, NOW).at.tzinfo is SEOUL


@given(st.datetimes(datetime(1900, 1, 1), datetime(2099, 12, 31)), st.sampled_from([SEOUL, NEW_YORK, ZoneInfo("Europe/London")]))
def test_what_a_program_writes_is_read_back(naive: datetime, zone: ZoneInfo) -> None:
    """A feed's or an export's own timestamps would come out shifted."""
    at = naive.replace(microsecond=0, tzinfo=UTC).astimezone(zone)
    for form in (at.isoformat(), f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", f"{at.astimezone(UTC):%a, %d %b %Y %H:%M:%S} GMT"):
        if at.utcoffset() == timedelta(minutes=round((at.utcoffset() or timedelta()).total_seconds() / 60)):
            assert parse_date(form, zone).at == at
