"""What is new in a feed since a version that a reader has (RFC 3229 with the manipulation ``feed``), found in the bytes alone."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Collection
from itertools import chain
from pathlib import PurePosixPath

ENTRIES = 200_000
_TAG = re.compile(rb'"([\w-]{20})(?:-\w+)?"')
"""An ETag of ours: the digest of a file's bytes, and the coding."""
_BORDERS = {".atom": (b"\n  <entry", b"</entry>", b"\n</feed>"), ".rss": (b"\n    <item", b"</item>", b"\n  </channel>")}
"""Where an entry begins and ends in a document as the feeds are written, and where the last one is followed by the rest.

Text cannot look so, since < is escaped in it; nor can an element within an entry, which is indented more.
"""


class Deltas:
    """The versions of feeds that were served before, each as the hashes of its entries; those replaced longest ago are forgotten."""

    def __init__(self, entries: int = ENTRIES) -> None:
        """``entries`` is how many of all versions together are remembered at most."""
        self._most = entries
        self._size = 0
        self._versions: OrderedDict[str, frozenset[int]] = OrderedDict()

    def remember(self, path: str, digest: str, document: bytes) -> None:
        """A version that is about to be replaced, and was served under this digest."""
        parts = _cut(path, document)
        if parts is None or digest in self._versions:
            return
        version = frozenset(map(hash, parts[1]))
        self._versions[digest] = version
        self._size += len(version) + 1
        while self._size > self._most:
            _, gone = self._versions.popitem(last=False)
            self._size -= len(gone) + 1

    def since(self, if_none_match: bytes, path: str, document: bytes) -> bytes | None:
        """The document without the entries that were the same in the first of these versions; None if none of them is known."""
        known = next((self._versions[tag] for tag in _digests(if_none_match) if tag in self._versions), None)
        parts = _cut(path, document) if known is not None else None
        if known is None or parts is None:
            return None
        head, entries, tail = parts
        return b"".join(chain([head], (entry for entry in entries if hash(entry) not in known), [tail]))


def _digests(if_none_match: bytes) -> Collection[str]:
    return [tag.decode() for tag in _TAG.findall(if_none_match)]


def _cut(path: str, document: bytes) -> tuple[bytes, list[bytes], bytes] | None:
    """What comes before the entries (tombstones too), the entries, and what follows; None for what is not written so."""
    borders = _BORDERS.get(PurePosixPath(path).suffix)
    end = document.rfind(borders[2]) if borders else -1
    if borders is None or end < 0:
        return None
    begin, close, _ = borders
    head, *rest = document[:end].split(begin)
    entries = [begin + piece for piece in rest]
    return (head, entries, document[end:]) if all(entry.endswith(close) for entry in entries) else None
