"""WebSub: pushing one changed topic to 1,000 subscribers, from the publication to the last delivery, against a plain loop of posts.

Both send a signed document of 200 KB over kept connections. Ours reads and writes what is owed in the database beside it, checks every
address, and has the subscribers' time pass side by side: with subscribers that answer at once, and with such as take 20 ms, as far
ones do.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import http.client
import multiprocessing
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import urlsplit

from bench.measure import Comparison, Way, compare
from feeds.websub.model import Mode, Outcome, SubscriptionRequest
from feeds.websub.settings import HubSettings
from feeds.websub.store import WebSubStore
from feeds.websub.websub import WebSub
from newsroom.database import Database, metadata

SUBSCRIBERS = 1000
TOPIC = "https://feeds.dumul.example/front.atom"
ATOM = "application/atom+xml; charset=utf-8"
SECRET = "between us"
DOCUMENT = ("<entry>" + "막차 놓쳐도 집에 간다 " * 6000 + "</entry>").encode()[:200_000]
_TAKEN = b"HTTP/1.1 204 No Content\r\n\r\n"


def run() -> list[Comparison]:
    """Compare."""
    compared = []
    for delay in (0.0, 0.02):
        with tempfile.TemporaryDirectory() as folder, _subscribers(delay) as port:
            callbacks = [f"http://127.0.0.1:{port}/{number}" for number in range(SUBSCRIBERS)]
            websub = _hub(Path(folder), callbacks)

            def ours(websub: WebSub = websub) -> None:
                websub.changed([TOPIC])
                assert websub.work().delivered == SUBSCRIBERS

            def plain(port: int = port, callbacks: list[str] = callbacks) -> None:
                line = http.client.HTTPConnection("127.0.0.1", port)
                for callback in callbacks:
                    signature = hmac.new(SECRET.encode(), DOCUMENT, hashlib.sha256).hexdigest()
                    headers = {"Content-Type": ATOM, "X-Hub-Signature": f"sha256={signature}"}
                    line.request("POST", urlsplit(callback).path, DOCUMENT, headers)
                    answer = line.getresponse()
                    answer.read()
                    assert answer.status == 204
                line.close()

            found = compare(
                f"Pushing {len(DOCUMENT) / 1000:.0f} KB to {SUBSCRIBERS} subscribers that answer after {delay * 1000:.0f} ms",
                "pushes",
                Way("Masthead: owed, claimed, checked, settled", ours, SUBSCRIBERS),
                Way("http.client in a loop: no record", plain, SUBSCRIBERS),
                rounds=5 if delay == 0 else 3,
            )
            compared.append(found)
    return compared


class _Document:
    def read(self, topic: str) -> tuple[bytes, str] | None:
        return (DOCUMENT, ATOM) if topic == TOPIC else None


def _hub(folder: Path, callbacks: list[str]) -> WebSub:
    """A hub whose subscribers have all confirmed."""
    database = Database(f"sqlite:///{folder / 'bench.db'}")
    with database.write() as connection:
        metadata.create_all(connection)
    store = WebSubStore(database)
    settings = HubSettings.model_validate({"allow_private": ["127.0.0.0/8"], "max_pending": SUBSCRIBERS})
    now = datetime.now(UTC)
    for callback in callbacks:
        request = SubscriptionRequest(
            mode=Mode.SUBSCRIBE, topic=TOPIC, callback=callback, host="127.0.0.1", lease=settings.lease, secret=SECRET
        )
        store.admit(request, settings, now)
    pending = store.claim_requests(SUBSCRIBERS, now, now + timedelta(hours=1))
    store.settle_requests([(each, Outcome.DONE) for each in pending], now)
    return WebSub(
        store,
        _Document(),
        hubs=(),
        settings=settings,
        clock=lambda: datetime.now(UTC),
        self_hub_url="https://feeds.dumul.example/hub",
        user_agent="Masthead (bench)",
    )


@contextmanager
def _subscribers(delay: float) -> Iterator[int]:
    """All subscribers in a process of their own; gives their port."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there, delay), daemon=True)
    process.start()
    try:
        yield here.recv()
    finally:
        process.terminate()
        process.join()


def _serve(told: Connection, delay: float) -> None:
    async def subscriber(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
                await reader.readexactly(int(length))
                await asyncio.sleep(delay)
                writer.write(_TAKEN)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def serve() -> None:
        server = await asyncio.start_server(subscriber, "127.0.0.1", 0, limit=1 << 20)
        told.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(serve())
