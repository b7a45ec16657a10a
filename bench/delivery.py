"""Delivering an edition with its whole record, against a bare loop over smtplib to the same server that keeps no record at all."""

from __future__ import annotations

import smtplib
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.measure import Way, compare
from masthead import app as _app  # noqa: F401  (every package's tables)
from masthead.demo.inbox import Inbox
from newsletter.delivery import Envelope, deliver
from newsletter.edition import Delivery
from newsletter.smtp import SmtpConnection
from newsletter.store import Consent, KeptDigest, NewsletterStore
from newsletter.transport import SmtpTransport
from newsroom.database import Database

READERS = 500
MESSAGE = b"From: news@dumul.example\r\nSubject: bench\r\n\r\n" + b"x" * 74 + b"\r\n"
MESSAGE += (b"y" * 74 + b"\r\n") * 800


def run() -> None:
    """Compare."""
    with tempfile.TemporaryDirectory() as folder:
        inbox = Inbox(Path(folder) / "inbox")
        inbox.start()
        store = NewsletterStore(_database(Path(folder)))
        now = datetime.now(UTC)
        consents = [
            Consent(email=f"r{n}@example.com", email_key=f"r{n}@example.com", name="", time=now, source="bench") for n in range(READERS)
        ]  # fmt: skip
        store.subscribe("bench", consents, now)
        days = iter(range(10_000))

        def ours() -> None:
            day = now.date() + timedelta(days=next(days))
            edition = store.open("bench", day, due=now, window_start=now, now=now)
            store.plan(edition.id, [KeptDigest(choice="all", subject="", html="", web="", text="", articles=())], now)

            def copy(found: Delivery) -> Envelope:
                return Envelope(sender="news@dumul.example", recipient=found.email, message=MESSAGE)

            server = SmtpTransport(host="127.0.0.1", port=inbox.port)
            connection = SmtpConnection(server, username="", password="", timeout=timedelta(seconds=30), helo="bench.example")
            tally = deliver(edition, store, connection, copy, resend=True, clock=lambda: datetime.now(UTC))
            assert tally.sent == READERS

        def bare() -> None:
            with smtplib.SMTP("127.0.0.1", inbox.port) as smtp:
                for consent in consents:
                    smtp.sendmail("news@dumul.example", consent.email, MESSAGE)

        compare(
            f"Delivering to {READERS} readers over one connection, {len(MESSAGE) / 1000:.0f} KB each",
            "messages",
            Way("Masthead: two states a reader on disk, fsynced", ours, READERS),
            Way("smtplib in a loop: no record", bare, READERS),
        )
        inbox.stop()


def _database(folder: Path) -> Database:
    database = Database(f"sqlite:///{folder / 'bench.db'}")
    database.prepare()
    return database
