"""Verification of intent (WebSub §5.3): whoever owns the callback has to want the subscription."""

from __future__ import annotations

import asyncio
import hmac
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlencode

import structlog

from feeds.websub.errors import PeerError
from feeds.websub.model import Figures, Mode, Outcome, PendingRequest, SubscriptionRequest, Topics
from feeds.websub.outgoing import Outgoing
from feeds.websub.store import MAX_VERIFICATIONS, WebSubStore

_log = structlog.get_logger(__name__)


class Verifications:
    """Requests that wait for their callbacks' word. One that cannot be reached is asked again, a refusal is final."""

    def __init__(
        self,
        store: WebSubStore,
        topics: Topics,
        outgoing: Outgoing,
        *,
        clock: Callable[[], datetime],
        claim: timedelta,
        figures: Figures,
    ) -> None:
        self._store = store
        self._topics = topics
        self._outgoing = outgoing
        self._clock = clock
        self._claim = claim
        self._figures = figures

    def claim(self, limit: int) -> Sequence[PendingRequest]:
        now = self._clock()
        return self._store.claim_requests(limit, now, now + self._claim)

    async def carry_out(self, piece: PendingRequest) -> Outcome:
        request = piece.request
        if request.mode is Mode.SUBSCRIBE and await asyncio.to_thread(self._topics.read, request.topic) is None:
            await self._deny(request)
            return Outcome.DROPPED
        challenge = secrets.token_urlsafe(32)
        asked = {"hub.mode": request.mode.value, "hub.topic": request.topic, "hub.challenge": challenge}
        if request.mode is Mode.SUBSCRIBE:
            asked["hub.lease_seconds"] = str(int(request.lease.total_seconds()))
        try:
            answer = await self._outgoing.send("GET", _with_query(request.callback, asked))
        except PeerError as error:
            _log.info("callback not reached", host=request.host, reason=str(error))
            return Outcome.AGAIN
        if answer.status >= 500:
            return Outcome.AGAIN
        if answer.accepted and hmac.compare_digest(answer.body, challenge.encode()):
            return Outcome.DONE
        _log.info("not confirmed", mode=request.mode.value, topic=request.topic, host=request.host, status=answer.status)
        return Outcome.DROPPED

    def settle(self, results: Sequence[tuple[PendingRequest, Outcome]]) -> None:
        self._store.settle_requests(results, self._clock())
        for piece, outcome in results:
            if outcome is Outcome.DONE:
                self._figures.verified += 1
            elif outcome is Outcome.DROPPED or piece.attempts >= MAX_VERIFICATIONS:
                self._figures.refused += 1

    async def _deny(self, request: SubscriptionRequest) -> None:
        """The topic ended after the request was accepted (WebSub §5.2). Said once; nothing is lost if it is not heard."""
        said = {"hub.mode": "denied", "hub.topic": request.topic, "hub.reason": "this topic is not published any more"}
        try:
            await self._outgoing.send("GET", _with_query(request.callback, said))
        except PeerError as error:
            _log.info("callback not reached", host=request.host, reason=str(error))


def _with_query(callback: str, parameters: dict[str, str]) -> str:
    """The callback with its own query string kept (WebSub §5.3)."""
    joint = "&" if "?" in callback else "?"
    return f"{callback}{joint}{urlencode(parameters)}"
