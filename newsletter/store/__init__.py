"""Where subscribers, editions and deliveries are kept. All of the newsletter's SQL stands here."""

from __future__ import annotations

from newsletter.store.deliveries import Deliveries
from newsletter.store.editions import Editions, KeptDigest
from newsletter.store.subscribers import CONFIRMED, LEFT, Consent, Subscribers

__all__ = ["CONFIRMED", "LEFT", "Consent", "KeptDigest", "NewsletterStore"]


class NewsletterStore(Subscribers, Editions, Deliveries):
    """Subscribers, editions and deliveries of one paper."""
