"""Readers, editions and a clock, for tests to send mail with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from newsletter.delivery import LEASE, Envelope, Transport, deliver
from newsletter.edition import Delivery, Edition, EditionState, Result, Tally
from newsletter.smtp import SmtpConnection
from newsletter.store import Consent, KeptDigest, NewsletterStore
from newsletter.tables import delivery, subscriber
from newsletter.transport import Security, SmtpTransport
from newsroom.database import Database, metadata

DAY = date(2026, 3, 2)
DUE = datetime(2026, 3, 2, 7, tzinfo=ZoneInfo("Asia/Seoul"))
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


def open_and_plan(url: str) -> bool:
    """What each of several processes does at seven: whether this one planned the edition."""
    database = Database(url)
    store = NewsletterStore(database)
    won = store.plan(opened(store).id, [DIGEST], DUE)
    database.close()
    return won


def connection_to(
    port: int, *, security: Security = "none", username: str = "", password: str = "", timeout: float = 10
) -> SmtpConnection:
    """Our side of a conversation with a server on this machine."""
    server, waits = SmtpTransport(host="127.0.0.1", port=port, security=security), timedelta(seconds=timeout)
    return SmtpConnection(server, username=username, password=password, timeout=waits, helo="hangang.example")


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


def send(
    store: NewsletterStore,
    edition: Edition,
    transport: Transport,
    clock: Clock,
    *,
    compose: Callable[[Delivery], Envelope] = letter,
    resend: bool = True,
    stopping: Callable[[], bool] = lambda: False,
    progress: Callable[[Tally], None] = lambda _tally: None,
) -> Tally:
    """The delivery job."""
    return deliver(edition, store, transport, compose, resend=resend, clock=clock, stopping=stopping, progress=progress)


class Wire:
    """A transport that does to a message what a test says."""

    def __init__(self, take: Callable[[Envelope], object] = lambda _envelope: None) -> None:
        self._take = take
        self.closed = 0

    def send(self, envelope: Envelope) -> str:
        self._take(envelope)
        return "250 taken"

    def close(self) -> None:
        self.closed += 1


def state_of(store: NewsletterStore) -> EditionState:
    found = store.edition("morning", DAY)
    assert found is not None
    return found.state


def claimed(store: NewsletterStore, edition: Edition, sender: str = "me", result: Result | None = None) -> Delivery | None:
    """The next delivery, for whoever says so."""
    assert store.claim_sending(edition.id, sender, DUE, LEASE)
    return store.advance(edition.id, sender, result, now=DUE, lease=LEASE)


def first_claim(store: NewsletterStore, edition: Edition, sender: str = "me") -> Delivery:
    found = claimed(store, edition, sender)
    assert found is not None
    return found
