"""Readers, editions and a clock, for tests to send mail with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from newsletter.delivery import Envelope
from newsletter.edition import Delivery, Edition
from newsletter.store import Consent, KeptDigest, NewsletterStore
from newsletter.tables import delivery, subscriber
from newsroom.database import Database, metadata
from tests.newsletter.builders import DAY, DUE

DIGEST = KeptDigest(choice="all", subject="한강 아침", html="<p>", web="<p>", text="한강", articles=("tag:1", "tag:2"))


@dataclass
class Clock:
    """Stands still until a test moves it."""

    at: datetime = DUE

    def __call__(self) -> datetime:
        return self.at

    def wait(self, span: timedelta) -> None:
        self.at += span


def prepared(url: str) -> Database:
    """A database with the tables made."""
    database = Database(url)
    with database.write() as connection:
        metadata.create_all(connection)
    return database


def consent(email: str, *, name: str = "", time: datetime = DUE - timedelta(days=30)) -> Consent:
    return Consent(email=email, email_key=email.casefold(), name=name, time=time, source="web form")


def address(number: int) -> str:
    return f"reader{number}@example.com"


def join(store: NewsletterStore, readers: int | Sequence[str], newsletter: str = "morning") -> list[str]:
    emails = [address(number) for number in range(readers)] if isinstance(readers, int) else list(readers)
    for start in range(0, len(emails), 1000):
        store.subscribe(newsletter, [consent(email) for email in emails[start : start + 1000]], DUE)
    return emails


def opened(store: NewsletterStore, day: date = DAY, *, due: datetime = DUE, newsletter: str = "morning") -> Edition:
    return store.open(newsletter, day, due=due, window_start=due - timedelta(days=1), now=due)


def planned(store: NewsletterStore, readers: int | Sequence[str] = 3, day: date = DAY, *, due: datetime = DUE) -> Edition:
    """An edition that is ready to be delivered to that many readers."""
    join(store, readers)
    edition = opened(store, day, due=due)
    assert store.plan(edition.id, [DIGEST], due)
    found = store.edition("morning", day)
    assert found is not None
    return found


def letter(found: Delivery) -> Envelope:
    """A mail without much in it."""
    message = f"To: {found.email}\r\nMessage-ID: <{found.subscriber_uid}@hangang.example>\r\n\r\n안녕하세요\r\n"
    return Envelope("news@hangang.example", found.email, message.encode())


def rows(database: Database) -> dict[str, Any]:
    """Every delivery by its reader's address."""
    query = select(delivery, subscriber.c.email).join(subscriber).order_by(delivery.c.id)
    with database.read() as connection:
        return {row.email: row for row in connection.execute(query)}


def uid_of(database: Database, email: str) -> str:
    with database.read() as connection:
        return str(connection.scalar(select(subscriber.c.uid).where(subscriber.c.email == email)))
