"""What can go wrong between us, hubs and subscribers."""

from __future__ import annotations

from feeds.errors import FeedsError


class PeerError(FeedsError):
    """A hub or a subscriber could not be asked, or did not answer properly."""


class RequestError(FeedsError):
    """A subscriber's request cannot be accepted. ``status`` is the HTTP status that says so."""

    def __init__(self, message: str, *, status: int = 400) -> None:
        super().__init__(message)
        self.status = status
