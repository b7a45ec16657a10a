"""What every format is to the publisher: a way to write one entry, and a way to put entries together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from feeds.model import Document, Entry, Tombstone, View


class Writer(Protocol):
    """Writes documents of one format. The same arguments always give the same bytes; nothing looks at the clock."""

    @property
    def ending(self) -> str:
        """What the files' names end with, without the dot: ``atom``, ``rss``, ``json``, ``xml``."""

    @property
    def variant(self) -> str:
        """Names this writer's way of writing an entry: pieces of one variant are interchangeable between documents."""

    def piece(self, entry: Entry, view: View) -> bytes:
        """One entry, to stand in any document of this format; empty where the format has no place for such an entry.

        Raises ValueError for what cannot be written.
        """

    def document(
        self, document: Document, updated: datetime, pieces: Sequence[bytes], tombstones: Sequence[Tombstone] = ()
    ) -> bytes:
        """The document with these entries, in the order given. ``updated`` is the newest ``updated`` of them. Raises RenderError."""
