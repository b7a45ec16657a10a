"""The compressed siblings of published files. The same bytes always compress to the same bytes."""

from __future__ import annotations

import gzip

import brotli

from feeds.media_types import is_compressed

ENCODINGS = {".gz": "gzip", ".br": "br"}
"""What siblings' names end with, and the Content-Encoding that they have."""

_WORTH_IT = 256  # bytes; below, headers weigh more than what is saved
# On 220 KB of Korean Atom: gzip 6 55 KB in 6 ms, brotli 5 53 KB in 5 ms, 7 52 KB in 7 ms, 9 no smaller in 20 ms, 11 47 KB in 300 ms.
# On pages, where more repeats, 7 is 6 % smaller than 6 and takes as long.
_GZIP_LEVEL = 6
_BROTLI_QUALITY = 7


def names(path: str) -> list[str]:
    """The names that siblings of this file would have."""
    return [path + ending for ending in ENCODINGS]


def expected(path: str, data: bytes) -> list[str]:
    """The names of the siblings that a file of these bytes has: none where compressing gains nothing."""
    return names(path) if is_compressed(path) and len(data) >= _WORTH_IT else []


def compressed(path: str, data: bytes) -> dict[str, bytes]:
    """The siblings that a file of these bytes has, by name."""
    if not expected(path, data):
        return {}
    return {
        f"{path}.gz": gzip.compress(data, _GZIP_LEVEL, mtime=0),
        f"{path}.br": brotli.compress(data, quality=_BROTLI_QUALITY),
    }
