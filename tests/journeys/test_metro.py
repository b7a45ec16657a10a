"""A real section page of a Korean daily, from its listing to its feeds and its digest."""

from __future__ import annotations

import csv
import email
import re
import sqlite3
import threading
from collections import Counter
from email.header import decode_header, make_header
from pathlib import Path
from typing import Any

import feedparser
import pytest

from tests.journeys.conftest import Mailbox, Program

KAKAO = [
    "카카오 노조, 첫 집단행동 돌입…네이버 노조와 연대 움직임까지",
    "카카오 노조, 카카오모빌리티 임단협 결렬로 파업 돌입",
]


def subscribers(program: Program, count: int) -> list[str]:
    """Give the newsletter so many confirmed readers."""
    addresses = [f"reader{number}@example.com" for number in range(count)]
    file = program.config.parent / "readers.csv"
    with file.open("w", encoding="utf-8", newline="") as opened:
        rows = csv.writer(opened)
        rows.writerow(["email", "name", "consent_time", "consent_source"])
        rows.writerows([address, "독자 여러분", "2025-01-05 09:00:00", "구독 신청서"] for address in addresses)
    program.run("subscribers", "import", str(file))
    return addresses


def feed(program: Program, path: str) -> Any:
    """A published feed as a reader sees it."""
    parsed = feedparser.parse((program.config.parent / "public" / path).read_bytes())
    assert not parsed.bozo, parsed.get("bozo_exception")
    return parsed


def state(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Every published file with its time of change and its bytes."""
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file()
    }


def rows(program: Program) -> dict[str, int]:
    """How many rows each table of the newsroom has."""
    with sqlite3.connect(program.config.parent / "masthead.db") as connection:
        names = [
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if name not in ("run", "sqlite_sequence")
        ]
        return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}


def test_the_page_becomes_feeds_and_a_second_run_touches_nothing(metro: Program) -> None:
    """A section page's seven stories are in the feeds of their section and reporters, exactly, and stay as they are."""
    assert metro.json("pull") == [
        {"source": "it", "new": 7, "revised": 0, "unchanged": 0, "held": 0, "refused": 0, "problems": []}
    ]  # fmt: skip
    metro.run("publish")
    public = metro.config.parent / "public"

    section = feed(metro, "sections/it.atom")
    assert [entry.title for entry in section.entries][::6] == KAKAO
    assert len(section.entries) == 7
    assert len(feed(metro, "reporters/seoh.atom").entries) == 4
    assert len(feed(metro, "reporters/hjk1.atom").entries) == 3
    assert {entry.published[-6:] for entry in section.entries} == {"+09:00"}
    assert section.entries[0].published == "2025-06-11T15:13:08+09:00"
    assert len({entry.id for entry in section.entries}) == 7
    assert all(entry.id.startswith("tag:metroseoul.co.kr,2025-06-") for entry in section.entries)
    texts = [entry.content[0].value for entry in section.entries]
    assert sum("&lt;메트로경제신문&gt;" in text for text in texts) == 2
    for file in public.rglob("*.*"):
        if file.suffix in {".gz", ".br"}:  # the same, packed
            continue
        content = file.read_text(encoding="utf-8")
        assert "@metroseoul" not in content, f"an address is published in {file}"
        assert not re.search(r"/\s*김(서현|현정)\s*기자", content), f"a byline is left in {file}"

    before, before_rows = state(public), rows(metro)
    assert metro.json("pull")[0]["unchanged"] == 7
    metro.run("publish")
    assert state(public) == before
    assert rows(metro) == before_rows


def test_a_new_headline_is_a_revision_of_the_same_entry(metro: Program, metro_site: tuple[str, Path]) -> None:
    """A corrected headline replaces the old one in readers; it does not appear as a second story."""
    metro.run("pull")
    metro.run("publish")
    before = feed(metro, "front.atom").entries[0]
    listing = metro_site[1] / "listing.html"
    page = listing.read_text(encoding="utf-8")
    listing.write_text(page.replace("첫 집단행동 돌입…네이버", "11일 첫 파업…네이버"), encoding="utf-8")

    assert metro.json("pull")[0]["revised"] == 1
    metro.run("publish")
    after = feed(metro, "front.atom").entries[0]
    assert after.title == "카카오 노조, 11일 첫 파업…네이버 노조와 연대 움직임까지"
    assert (after.id, after.published) == (before.id, before.published)
    assert after.updated_parsed > before.updated_parsed
    assert len(feed(metro, "front.atom").entries) == 7


def test_an_edition_is_previewed_sent_once_and_accounted_for(metro: Program, mailbox: Mailbox, tmp_path: Path) -> None:
    """Three readers get one mail each with a way out of their own; sending again mails nobody."""
    metro.run("pull")
    addresses = subscribers(metro, 3)
    metro.run("preview", "morning", "--date", "2025-06-11", "--out", str(tmp_path / "preview"))
    assert {path.name for path in (tmp_path / "preview").iterdir()} == {"digest.html", "digest.txt", "digest.eml"}
    assert "예스24" in (tmp_path / "preview" / "digest.txt").read_text(encoding="utf-8")

    metro.run("send", "morning", "--date", "2025-06-11", "--dry-run")
    assert mailbox.mails == []
    metro.run("send", "morning", "--date", "2025-06-11")
    assert sorted(recipient for recipient, _ in mailbox.mails) == addresses
    messages = [email.message_from_bytes(message) for _, message in mailbox.mails]
    for header in ("List-Unsubscribe", "Message-ID"):
        assert len({message[header] for message in messages}) == 3
    assert {message["List-Unsubscribe-Post"] for message in messages} == {"List-Unsubscribe=One-Click"}
    assert "2025" in str(make_header(decode_header(messages[0]["Subject"]))) or messages[0]["Subject"]
    assert not any(address.encode() in body for address in addresses for recipient, body in mailbox.mails if recipient != address)

    metro.run("send", "morning", "--date", "2025-06-11")
    assert len(mailbox.mails) == 3
    report = metro.json("verify", "morning", "--date", "2025-06-11")
    assert (report["planned"], report["sent"], report["failed"], report["in_doubt"], report["adds_up"]) == (3, 3, 0, 0, True)


def test_a_story_is_in_one_edition_only_and_none_falls_between(metro: Program, mailbox: Mailbox) -> None:
    """What came after the deadline is in the next edition, and what was in the last is not."""
    metro.run("pull")
    subscribers(metro, 1)
    for day in ("2025-06-11", "2025-06-12"):
        metro.run("send", "morning", "--date", day)
    bodies = [_text(message) for _, message in mailbox.mails]
    headlines = [entry.title for entry in feedparser.parse(_published(metro)).entries]
    found = Counter(
        index for headline in headlines for index, body in enumerate(bodies) if _squeezed(headline) in _squeezed(body)
    )
    assert found == {0: 5, 1: 2}


def _text(message: bytes) -> str:
    """The plain-text part of a mail."""
    part = next(part for part in email.message_from_bytes(message).walk() if part.get_content_type() == "text/plain")
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode()


def _published(program: Program) -> bytes:
    program.run("publish")
    return (program.config.parent / "public" / "front.atom").read_bytes()


def _squeezed(text: str) -> str:
    return re.sub(r"\s|\[.*?\]", "", text)


def test_an_edition_without_articles_is_skipped_and_verified(metro: Program, mailbox: Mailbox) -> None:
    """A day without news mails nobody, and says so."""
    metro.run("pull")
    subscribers(metro, 2)
    metro.run("send", "morning", "--date", "2025-06-20")
    assert mailbox.mails == []
    report = metro.json("verify", "morning", "--date", "2025-06-20")
    assert (report["state"], report["planned"], report["adds_up"]) == ("skipped", 0, True)


def test_a_send_killed_in_the_middle_goes_on_without_losing_or_doubling_anybody(metro: Program, mailbox: Mailbox) -> None:
    """`kill -9` half-way through 2,000 readers: everybody has exactly one mail, but for at most the one in flight."""
    metro.run("pull")
    addresses = subscribers(metro, 2000)
    reached = threading.Event()
    mailbox.on_mail = lambda count: reached.set() if count == 700 else None
    sending = metro.start("send", "morning", "--date", "2025-06-11")
    assert reached.wait(90), "the send never got to 700 readers"
    sending.kill()
    sending.communicate()
    metro.run("send", "morning", "--date", "2025-06-11")
    copies = Counter(recipient for recipient, _ in mailbox.mails)
    assert sorted(copies) == sorted(addresses)
    assert sum(count - 1 for count in copies.values()) <= 1
    report = metro.json("verify", "morning", "--date", "2025-06-11")
    assert (report["planned"], report["sent"], report["adds_up"]) == (2000, 2000, True)


@pytest.mark.parametrize("day", ["2025-06-31", "gestern"])
def test_a_date_that_is_none_is_refused(metro: Program, day: str) -> None:
    """A mistyped date is wrong usage, not a traceback."""
    metro.run("verify", "morning", "--date", day, status=2)


def test_what_a_person_should_look_at_is_listed_with_its_raw_strings(metro: Program, metro_site: tuple[str, Path]) -> None:
    """A refused story is found, with what was printed where its date should be; the other six came in."""
    listing = metro_site[1] / "listing.html"
    page = listing.read_text(encoding="utf-8")
    listing.write_text(page.replace("2025-06-10 17:04:38 김현정 기자", "그저께쯤 김현정 기자"), encoding="utf-8")
    assert metro.json("pull")[0]["new"] == 6
    report = metro.json("review")
    assert [refusal["headline"][:4] for refusal in report["refused"]] == ["예스24"]
    assert report["refused"][0]["raw"]["bylines"] == "그저께쯤 김현정 기자"
    assert "그저께쯤" in metro.run("review")
