"""RSS for portals that show whole articles in place of the paper."""

from __future__ import annotations

from feeds import content
from feeds.model import Entry, EntryKind, View
from feeds.rss import RssWriter


class FullTextWriter(RssWriter):
    """Writes articles that have a text to give, and stubs.

    Without a text, or where the rights forbid to give it, there is nothing that such a portal could show. A correction is told by the
    article itself, whose text the portal replaces.
    """

    def takes(self, entry: Entry, view: View) -> bool:
        if entry.kind is EntryKind.ARTICLE:
            return bool(content.text(entry, view, self._language))
        return entry.kind is EntryKind.STUB
