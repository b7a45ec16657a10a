"""The published feeds as WebSub topics: what may be subscribed to, and its bytes as they can be read at its address."""

from __future__ import annotations

from feeds.media_types import MEDIA_TYPES, media_type
from feeds.storage import Storage

_FEEDS = (".atom", ".rss", ".json")


class PublishedTopics:
    """The feeds in one place (``feeds.websub.model.Topics``). What only a partner may know is no topic."""

    def __init__(self, storage: Storage, url: str) -> None:
        """``url`` is the public address of the place."""
        self._storage = storage
        self._url = url.rstrip("/") + "/"

    def read(self, topic: str) -> tuple[bytes, str] | None:
        """A feed's document with its media type; None for what is not a feed that anybody may follow."""
        path = topic.removeprefix(self._url)
        if path == topic or not path.endswith(_FEEDS) or path.startswith(("partners/", "portals/", ".")) or ".." in path:
            return None
        data = self._storage.read(path)
        return None if data is None else (data, media_type(path) or MEDIA_TYPES[".xml"])
