"""Telling other people's hubs that a topic changed (WebSub §6 leaves it open how; all use PubSubHubbub's form).

One topic a request: not every hub takes several. ``hub.url`` is what pubsubhubbub.appspot.com and Superfeedr read, ``hub.topic``
what newer hubs do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlencode

import structlog

from feeds.websub.errors import PeerError
from feeds.websub.model import Figures, Outcome, Ping
from feeds.websub.outgoing import Outgoing
from feeds.websub.store import WebSubStore

_log = structlog.get_logger(__name__)


class Pings:
    """Pings that are owed to hubs. A hub is never given up while the configuration names it."""

    def __init__(
        self, store: WebSubStore, outgoing: Outgoing, *, clock: Callable[[], datetime], claim: timedelta, figures: Figures
    ) -> None:
        self._store = store
        self._outgoing = outgoing
        self._clock = clock
        self._claim = claim
        self._figures = figures

    def claim(self, limit: int) -> Sequence[Ping]:
        now = self._clock()
        return self._store.claim_pings(limit, now, now + self._claim)

    async def carry_out(self, piece: Ping) -> Outcome:
        form = urlencode({"hub.mode": "publish", "hub.url": piece.topic, "hub.topic": piece.topic}).encode()
        headers = {"content-type": "application/x-www-form-urlencoded"}
        try:
            answer = await self._outgoing.send("POST", piece.hub, headers=headers, content=form)
        except PeerError as error:
            reason = str(error)
        else:
            if answer.accepted:
                return Outcome.DONE
            reason = f"status {answer.status}: {answer.body[:200].decode(errors='replace')}"
        _log.warning("hub not told", hub=piece.hub, topic=piece.topic, attempts=piece.attempts, reason=reason)
        return Outcome.AGAIN

    def settle(self, results: Sequence[tuple[Ping, Outcome]]) -> None:
        self._store.settle_pings(results, self._clock())
        done = sum(outcome is Outcome.DONE for _, outcome in results)
        self._figures.pinged += done
        self._figures.pings_failed += len(results) - done
