"""Content distribution (WebSub §7): exactly the topic's bytes, signed where the subscriber gave a secret."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import structlog

from feeds.websub.errors import PeerError
from feeds.websub.model import Figures, Outcome, Push, Topics, link_header
from feeds.websub.outgoing import Outgoing
from feeds.websub.store import WebSubStore
from newsroom.errors import NewsroomError

_log = structlog.get_logger(__name__)


class Distribution:
    """Pushes that are owed. Each sends what the topic is when it is claimed, so that many changes in a row are one push."""

    def __init__(
        self,
        store: WebSubStore,
        topics: Topics,
        outgoing: Outgoing,
        *,
        hub: str,
        clock: Callable[[], datetime],
        claim: timedelta,
        figures: Figures,
    ) -> None:
        self._store = store
        self._topics = topics
        self._outgoing = outgoing
        self._hub = hub
        self._clock = clock
        self._claim = claim
        self._figures = figures
        self._documents: dict[tuple[str, str], tuple[bytes, str] | NewsroomError | None] = {}

    def claim(self, limit: int) -> Sequence[Push]:
        """Claimed first and read then: a change in between is a newer version, which stays owed."""
        now = self._clock()
        pushes = self._store.claim_pushes(limit, now, now + self._claim)
        wanted = {(push.topic, push.version) for push in pushes}
        known = self._documents
        # Only this batch's are held: whatever was claimed before has begun. A change has a version of its own, and is read anew.
        self._documents = {key: known[key] if key in known else self._read(key[0]) for key in wanted}
        return pushes

    async def carry_out(self, piece: Push) -> Outcome:
        document = self._documents[piece.topic, piece.version]
        if isinstance(document, NewsroomError):
            raise document
        if document is None:
            _log.warning("a topic that changed is not published", topic=piece.topic)
            return Outcome.DONE
        body, content_type = document
        headers = {"content-type": content_type, "link": link_header([self._hub], piece.topic)}
        if piece.secret:
            headers["x-hub-signature"] = f"sha256={hmac.digest(piece.secret.encode(), body, 'sha256').hex()}"
        try:
            answer = await self._outgoing.send("POST", piece.callback, headers=headers, content=body)
        except PeerError as error:
            return self._failure(piece, str(error))
        if answer.accepted:
            return Outcome.DONE
        if answer.status == 410:
            return Outcome.DROPPED
        return self._failure(piece, f"status {answer.status}")

    def settle(self, results: Sequence[tuple[Push, Outcome]]) -> None:
        self._figures.dropped += self._store.settle_pushes(results, self._clock())
        self._figures.delivered += sum(outcome is Outcome.DONE for _, outcome in results)
        self._figures.failed += sum(outcome is Outcome.AGAIN for _, outcome in results)

    def _read(self, topic: str) -> tuple[bytes, str] | NewsroomError | None:
        try:
            return self._topics.read(topic)
        except NewsroomError as error:  # one document that cannot be read holds up its own subscribers only
            return error

    def _failure(self, push: Push, reason: str) -> Outcome:
        # The host only: what is behind it may be the subscriber's secret.
        host = urlsplit(push.callback).hostname
        _log.info("not delivered", topic=push.topic, host=host, attempts=push.attempts, reason=reason)
        return Outcome.AGAIN
