"""The folder that feeds are published in: one publisher at a time, and files that are always whole.

A file is replaced by renaming a finished one over it, so whoever reads it sees the old bytes or the new ones, and a full disk
leaves the old. A file whose bytes would stay the same is not touched.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from feeds.errors import FolderError

LOCK = ".masthead"
_MODE = 0o644


class Folder:
    """A folder on this machine, made when first published in."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @contextmanager
    def locked(self) -> Iterator[str]:
        """Wait until nobody else publishes here, then give the folder's identity: a word kept in its lock file.

        By that word a database knows what it published in this very folder, however many machines have one of that path.
        Raises FolderError where the folder cannot be made or written to.
        """
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            lock = (self.root / LOCK).open("a+", encoding="ascii", errors="replace")
        except OSError as error:
            raise _refused(self.root, error) from error
        with lock:  # closing lets go, and so does the death of the process
            try:
                fcntl.flock(lock, fcntl.LOCK_EX)
                identity = _identity(lock)
            except OSError as error:
                raise _refused(self.root / LOCK, error) from error
            yield identity

    def identity(self) -> str:
        """The folder's identity, empty before it was first published in."""
        with suppress(OSError):
            return (self.root / LOCK).read_text("ascii", errors="replace").strip()
        return ""

    def has(self, path: str) -> bool:
        """Whether there is a file of this path."""
        return (self.root / path).is_file()

    def write(self, path: str, data: bytes) -> bool:
        """Make the file hold these bytes, all at once; returns whether it had to be written. Only while locked.

        Raises FolderError; the file is then what it was before.
        """
        target = self.root / path
        unfinished = target.with_name(f".{target.name}.part")  # always the same name: a killed process leaves one, not many
        try:
            if target.is_file() and target.read_bytes() == data:
                return False
            target.parent.mkdir(parents=True, exist_ok=True)
            _write_durably(unfinished, data)
            unfinished.replace(target)
            _sync(target.parent)
        except OSError as error:
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)
            raise _refused(target, error) from error
        return True


def _identity(lock: TextIO) -> str:
    lock.seek(0)
    identity = lock.read().strip()
    if not identity:
        identity = secrets.token_hex(8)
        lock.write(f"{identity}\n")
        lock.flush()
    return identity


def _write_durably(path: Path, data: bytes) -> None:
    """On disk before it gets its name, or a power cut could leave an empty feed under it."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, _MODE)
    with open(handle, "wb") as file:  # noqa: PTH123 (a handle, not a path)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _refused(path: Path, error: OSError) -> FolderError:
    return FolderError(f"{path}: {error.strerror or error}; check feeds.directory, its owner and the free space")
