"""The published files in memory: bytes, validators and compressed copies, read again only when a file has changed.

A served feed costs a ``stat`` now and then, and no database. ETags come from the bytes, so that every machine agrees on them.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from feeds.media_types import CACHE_CONTROL, media_type
from masthead.web.answer import Answer, answer
from masthead.web.delta import Deltas
from masthead.web.negotiation import Fields, takes_delta
from masthead.web.published import Published, is_feed, read_published

MEMORY = 256 * 1024 * 1024
_OTHER_NAMES = {"": "index.html", ".well-known/feeds": "feeds.opml"}
"""Where the index and the list of feeds (the well-known name of https://github.com/Dan-Q/well-known-feeds) stand too."""
_NAME = re.compile(r"[^./\\\0][^/\\\0]*")
"""A file's or folder's name that may be asked for: not hidden, not above, not empty."""


class PublishedFiles:
    """The files of the feeds' directory, those last asked for in memory."""

    def __init__(
        self,
        directory: Path | None,
        *,
        base: str,
        hubs: Sequence[str] = (),
        moved: Mapping[str, str] | None = None,
        ended: Collection[str] = (),
        memory: int = MEMORY,
    ) -> None:
        """``base`` is the public address of the directory, ``hubs`` those of WebSub hubs. ``memory`` is how many bytes are held.

        Without a directory nothing is published here, and what has moved is still redirected.

        ``moved`` and ``ended`` name feeds by their paths without ending (``sections/it``), and with them their archives below.
        """
        self._directory = directory
        self._base = base.rstrip("/") + "/"
        self._hubs = "".join(f', <{hub}>; rel="hub"' for hub in hubs)
        self._moved = dict(moved or {})
        self._ended = frozenset(ended)
        self._memory = memory
        self._held: OrderedDict[str, Published] = OrderedDict()  # the one that was asked for longest ago is first
        self._size = 0
        self._deltas = Deltas()

    def answer(self, path: str, fields: Fields) -> Answer | None:
        """What GET of this path (as in an address, decoded) gets; None for everything that is not published."""
        path = path.removeprefix("/")
        path = _OTHER_NAMES.get(path, path)
        found = self._current(path) or self._fetch(path)
        if found is None or isinstance(found, Answer):
            return found
        shown = found.representation(fields)
        if found.is_known(shown, fields):
            return shown.unchanged
        if b"a-im" in fields and (delta := self._delta(path, found, fields)) is not None:
            return delta
        return shown.whole

    def is_ended(self, path: str) -> bool:
        """Whether this was a document of a feed that has ended, and is for ever gone."""
        return any(stem in self._ended for stem in _feeds(path.removeprefix("/")))

    def _current(self, path: str) -> Published | None:
        """The file as it is held in memory, if it is still what stands on disk."""
        held = self._held.get(path)
        if held is None:
            return None
        if not held.is_current():
            self._let_go(path)
            return None
        self._held.move_to_end(path)
        return held

    def _fetch(self, path: str) -> Published | Answer | None:
        """The file as it is read now, or where it has moved to."""
        if media_type(path) is None or not all(_NAME.fullmatch(part) for part in path.split("/")):
            return None
        for stem in _feeds(path):
            if (new := self._moved.get(stem)) is not None:
                return self._redirect(new + path[len(stem) :])
        try:
            found = read_published(self._directory, path, self._link(path)) if self._directory else None
        except OSError:
            return None
        if found is not None:
            self._hold(path, found)
        return found

    def _redirect(self, path: str) -> Answer:
        return answer(308, [("Location", self._base + quote(path)), ("Cache-Control", CACHE_CONTROL)])

    def _link(self, path: str) -> str:
        """The Link header of a feed: its own address and its hubs, as WebSub wants them (W3C, §4)."""
        return f'<{self._base}{quote(path)}>; rel="self"{self._hubs}'

    def _delta(self, path: str, found: Published, fields: Fields) -> Answer | None:
        if not takes_delta(fields[b"a-im"]):
            return None
        document = self._deltas.since(fields.get(b"if-none-match", b""), path, found.body)
        return None if document is None else found.delta(document, fields)

    def _hold(self, path: str, found: Published) -> None:
        self._held[path] = found
        self._size += found.size
        while self._size > self._memory and len(self._held) > 1:
            self._let_go(next(iter(self._held)))

    def _let_go(self, path: str) -> None:
        gone = self._held.pop(path)
        self._size -= gone.size
        if is_feed(path):
            self._deltas.remember(path, gone.digest, gone.body)


def _feeds(path: str) -> Iterator[str]:
    """The paths without ending of the feeds that a document may belong to: its own, and those that it is an archive of."""
    stem, dot, _ = path.rpartition(".")
    while dot:
        yield stem
        stem, dot, _ = stem.rpartition("/")
