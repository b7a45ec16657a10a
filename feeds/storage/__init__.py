"""Where feeds are published: a folder on this machine, or a bucket of an S3-compatible object store.

Beside each file that compresses well lie ``x.gz`` and ``x.br``, its siblings, which web servers and buckets send as they are. Siblings
come and go with their file; whoever publishes names the file only.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from feeds.errors import StorageError
from feeds.storage.folder import Folder

BUCKET = "s3://"


class Storage(Protocol):
    """A place that feeds are published in. Paths are relative to it, with ``/``: ``sections/it.atom``.

    Readers see a file's old bytes or its new ones, whole. What fails leaves the old ones. Every method raises a StorageError.
    """

    def locked(self) -> AbstractContextManager[str]:
        """Wait until nobody else publishes here, then give the place's identity: a word kept in it.

        By that word a database knows what it published in this very place, however many machines have one of that name. Write and
        remove only while locked. When the block ends nothing of it is under way; what failed and was not flushed, the next flush tells.
        """

    def identity(self) -> str:
        """The place's identity, empty before it was first published in."""

    def has(self, path: str) -> bool:
        """Whether there is a file of this path."""

    def read(self, path: str) -> bytes | None:
        """The file's bytes, None where there is none."""

    def differs(self, path: str, data: bytes) -> bool:
        """Whether ``write`` would have to write: other bytes, none, or siblings that are missing or of other bytes."""

    def write(self, path: str, data: bytes) -> bool:
        """Make the file hold these bytes, and its siblings them compressed; returns whether it had to be written.

        It may be done only when ``flush`` returns, and before or after other files: what another file refers to is flushed first.
        """

    def remove(self, path: str) -> bool:
        """Take the file and its siblings away; returns whether there were any. Nothing is removed that was not published."""

    def paths(self) -> Iterator[str]:
        """Every published path, without siblings, hidden files and what is not for the public."""

    def flush(self) -> None:
        """Wait until all that was written and removed is visible and survives a power cut.

        Raises a StorageError whose ``failed`` tells of each path that did not come so far why; all others did.
        """


def open_storage(directory: str | Path) -> Storage:
    """The storage that ``feeds.directory`` names: a bucket by ``s3://bucket/prefix``, else a folder.

    A folder is made when first published in; a bucket must exist. Raises StorageError where a bucket cannot be used at all.
    """
    if isinstance(directory, str) and directory.startswith(BUCKET):
        try:
            from feeds.storage.bucket import open_bucket  # noqa: PLC0415 (only who publishes to a bucket needs obstore)
        except ModuleNotFoundError as error:
            raise StorageError(f"{directory}: publishing to a bucket needs obstore; pip install 'masthead[s3]'") from error
        return open_bucket(directory)
    return Folder(Path(directory))
