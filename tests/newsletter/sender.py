"""A program that sends Monday's edition, to be killed: ``python -m tests.newsletter.sender DATABASE_URL SMTP_PORT``.

Ends with status 0 when nothing is left to do, or after SIGTERM when what was in flight has finished.
"""

from __future__ import annotations

import signal
import sys
import threading
from datetime import UTC, datetime

from newsletter.delivery import deliver
from newsletter.store import NewsletterStore
from newsroom.database import Database
from tests.newsletter.delivering import DAY, connection_to, letter


def main(url: str, port: str) -> None:
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda _signal, _frame: stopping.set())
    database = Database(url)
    store = NewsletterStore(database)
    edition = store.edition("morning", DAY)
    assert edition is not None
    deliver(
        edition,
        store,
        connection_to(int(port), timeout=60),
        letter,
        resend=True,
        clock=lambda: datetime.now(UTC),
        stopping=stopping.is_set,
    )
    database.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
