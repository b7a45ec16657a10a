"""Whatever fails, and whenever: what is served is always the bytes of some write, whole, and the next write repairs the rest."""

from __future__ import annotations

import gzip
import os
import tempfile
from collections.abc import Callable
from errno import EIO, ENOSPC
from pathlib import Path
from typing import ParamSpec, TypeVar

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.errors import FolderError
from feeds.storage.folder import Folder

P = ParamSpec("P")
R = TypeVar("R")
PATHS = ("front.atom", "sections/it.atom", "icon.png")
CALLS = ("open", "fsync", "utime", "replace", "rename", "unlink", "mkdir")  # of the os module: what the kernel may refuse


class Disk:
    """Lets some calls to the kernel fail, counted from the first one."""

    def __init__(self, failing: set[int]) -> None:
        self.failing = failing
        self.calls = 0

    def unreliable(self, call: Callable[P, R]) -> Callable[P, R]:
        """The same call, that fails when its turn to fail has come."""

        def called(*arguments: P.args, **named: P.kwargs) -> R:
            self.calls += 1
            if self.calls in self.failing:
                raise OSError(ENOSPC if self.calls % 2 else EIO, "injected")
            return call(*arguments, **named)

        return called


version = st.builds(
    lambda letter, long: f"{letter}{'소식' * 200 if long else ''}".encode(), st.sampled_from("abc"), st.booleans()
)
step = st.tuples(st.sampled_from(PATHS), st.one_of(st.none(), version))


@given(steps=st.lists(step, max_size=12), failing=st.sets(st.integers(1, 80), max_size=8))
def test_what_is_served_was_written_whole(steps: list[tuple[str, bytes | None]], failing: set[int]) -> None:
    """A disk that fails now and then would leave halves, or a feed that cannot be published again."""
    written: dict[str, set[bytes]] = {path: set() for path in PATHS}
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        root, disk = Path(name), Disk(failing)
        folder = Folder(root)
        with patch.context() as broken:
            for call in CALLS:
                broken.setattr(os, call, disk.unreliable(getattr(os, call)))
            for path, data in steps:
                try:
                    if data is None:
                        folder.remove(path)
                    else:
                        written[path].add(data)
                        folder.write(path, data)
                    folder.flush()
                except FolderError:
                    pass
                for some in PATHS:
                    assert_whole(root, some, written[some])
        for path in PATHS:
            folder.write(path, "끝 ".encode() * 200)
        folder.flush()
        for path in PATHS:
            assert_whole(root, path, {"끝 ".encode() * 200})
            assert not folder.differs(path, "끝 ".encode() * 200)
        assert not list(root.rglob(".*.part"))


def assert_whole(root: Path, path: str, versions: set[bytes]) -> None:
    """The file is one of these versions, and so is each of its siblings."""
    if (root / path).exists():
        assert (root / path).read_bytes() in versions
    for ending, decompress in ((".gz", gzip.decompress), (".br", brotli.decompress)):
        if (root / f"{path}{ending}").exists():
            assert decompress((root / f"{path}{ending}").read_bytes()) in versions
