"""A folder on this machine: one publisher at a time, and files that are always whole.

A file is replaced by renaming a finished one over it, so whoever reads it sees the old bytes or the new ones, and a full disk
leaves the old. A file whose bytes would stay the same is not touched.

Siblings are renamed first, their file last, all of one modification time: that of a sibling tells whether it belongs to the file as it
is. A publisher killed in between leaves whole files of two versions, and the next one finds them by their times.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EACCES, EDQUOT, EFBIG, ENOSPC, EPERM, EROFS
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TextIO

from feeds.errors import FolderError
from feeds.media_types import media_type
from feeds.storage import siblings
from feeds.storage.work import Work, summary

LOCK = ".masthead"
_MODE = 0o644
_SECOND = 1_000_000_000  # nanoseconds
_ADVICE = {
    ENOSPC: "make room on its disk",
    EDQUOT: "make room, or have the quota raised",
    EFBIG: "raise the limit on the size of files (ulimit -f)",
    EROFS: "mount it writable, or choose another feeds.directory",
    EACCES: "give its folder to the user that masthead runs as",
    EPERM: "give its folder to the user that masthead runs as",
}


class Folder:
    """A folder on this machine, made when first published in."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._work = Work(min(4, os.cpu_count() or 1))
        self._unsynced: set[str] = set()

    @contextmanager
    def locked(self) -> Iterator[str]:
        """As ``Storage.locked``, by a lock of the kernel on a file that also holds the identity."""
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
            try:
                yield identity
            finally:
                self._work.settle()

    def identity(self) -> str:
        with suppress(OSError):
            return (self.root / LOCK).read_text("ascii", errors="replace").strip()
        return ""

    def has(self, path: str) -> bool:
        return self._file(path).is_file()

    def read(self, path: str) -> bytes | None:
        file = self._file(path)
        try:
            return file.read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None
        except OSError as error:
            raise _refused(file, error) from error

    def differs(self, path: str, data: bytes) -> bool:
        self._work.wait(path)
        if self.read(path) != data:
            return True
        written = _modified(self._file(path))
        expected = siblings.expected(path, data)
        return any(_modified(self._file(name)) != (written if name in expected else None) for name in siblings.names(path))

    def write(self, path: str, data: bytes) -> bool:
        if not self.differs(path, data):
            return False
        self._work.start(path, partial(self._replace, path, data))
        return True

    def remove(self, path: str) -> bool:
        self._work.wait(path)
        removed = [_removed(self._file(name)) for name in [*siblings.names(path), path]]
        if any(removed):
            self._unsynced.add(path)
        return any(removed)

    def paths(self) -> Iterator[str]:
        if not self.root.exists():
            return
        for folder, folders, names in os.walk(self.root, onerror=_unreadable):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                if media_type(name) and not name.startswith("."):
                    yield (Path(folder) / name).relative_to(self.root).as_posix()

    def flush(self) -> None:
        failed = self._work.finish()
        for folder in {folder for path in self._unsynced for folder in PurePosixPath(path).parents}:
            try:
                _sync(self.root / folder)
            except OSError as error:
                reason = str(_refused(self.root / folder, error))
                failed |= {path: reason for path in self._unsynced if folder in PurePosixPath(path).parents}
        self._unsynced.clear()
        if failed:
            raise FolderError(summary(failed), failed=failed)

    def _file(self, path: str) -> Path:
        parts = PurePosixPath(path).parts
        if not parts or ".." in parts or parts[0] == "/":
            raise ValueError(f"{path!r} leads out of the folder of the feeds")
        return self.root / path

    def _replace(self, path: str, data: bytes) -> None:
        """Write the file and its siblings beside their places, then put them there one after the other."""
        files = {self._file(name): body for name, body in {**siblings.compressed(path, data), path: data}.items()}
        parts = {file: file.with_name(f".{file.name}.part") for file in files}  # always these: a killed process leaves few
        placed: list[Path] = []
        try:
            self._file(path).parent.mkdir(parents=True, exist_ok=True)
            moment = _next_moment(self._file(path))
            for file, body in files.items():
                _write_durably(parts[file], body, moment)
            for name in siblings.names(path):
                if self._file(name) not in files:
                    self._file(name).unlink(missing_ok=True)
            for file, part in parts.items():
                part.replace(file)
                placed.append(file)
        except OSError as error:
            # What was placed are siblings of a file that did not follow: the old file is served without any.
            for file in [*parts.values(), *placed]:
                with suppress(OSError):
                    file.unlink(missing_ok=True)
            raise _refused(self._file(path), error) from error
        self._unsynced.add(path)


def _identity(lock: TextIO) -> str:
    lock.seek(0)
    identity = lock.read().strip()
    if not identity:
        identity = secrets.token_hex(8)
        lock.write(f"{identity}\n")
        lock.flush()
    return identity


def _modified(file: Path) -> int | None:
    try:
        return file.stat().st_mtime_ns
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise _refused(file, error) from error


def _next_moment(file: Path) -> int:
    """Now, but a second after the file's last change: validators that web servers make have whole seconds only."""
    return max(time.time_ns(), (_modified(file) or 0) + _SECOND)


def _write_durably(path: Path, data: bytes, modified: int) -> None:
    """On disk before it gets its name, or a power cut could leave an empty feed under it. Never through a planted link."""
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, _MODE)
    with open(handle, "wb") as file:  # noqa: PTH123 (a handle, not a path)
        file.write(data)
        file.flush()
        os.utime(file.fileno(), ns=(modified, modified))
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _removed(file: Path) -> bool:
    try:
        file.unlink()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise _refused(file, error) from error
    return True


def _unreadable(error: OSError) -> None:
    raise _refused(Path(error.filename), error) from error


def _refused(path: Path, error: OSError) -> FolderError:
    advice = _ADVICE.get(error.errno or 0, "check feeds.directory, its owner and the free space")
    return FolderError(f"{path}: {error.strerror or error}; {advice}")
