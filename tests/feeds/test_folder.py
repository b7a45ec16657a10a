"""Files that are whole, or as they were: real files, a real limit on their size, real locks."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from feeds.errors import FolderError
from feeds.folder import Folder


@contextmanager
def no_room_beyond(size: int) -> Iterator[None]:
    """As on a full disk, the kernel cuts every file of this process at ``size`` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def listing(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_a_file_is_written_once(tmp_path: Path) -> None:
    """A file touched without need gets a new Last-Modified, and every reader fetches it again."""
    folder = Folder(tmp_path)
    assert folder.write("sections/it.atom", b"new") is True
    before = (tmp_path / "sections/it.atom").stat()
    assert folder.write("sections/it.atom", b"new") is False
    after = (tmp_path / "sections/it.atom").stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)
    assert folder.write("sections/it.atom", b"newer") is True
    assert listing(tmp_path) == {"sections/it.atom"}


def test_who_reads_meanwhile_keeps_the_old_bytes(tmp_path: Path) -> None:
    """A web server in the middle of a response would send half of the old feed and half of the new."""
    folder = Folder(tmp_path)
    folder.write("front.atom", b"old" * 1000)
    with (tmp_path / "front.atom").open("rb") as reader:
        reader.read(3)
        folder.write("front.atom", b"new")
        assert reader.read() == b"old" * 999


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o027, 0o640), (0o077, 0o600)])
def test_the_web_server_may_read_it_as_far_as_the_operator_allows(tmp_path: Path, umask: int, mode: int) -> None:
    """nginx runs as another user: a file only for its owner is a 403 for every subscriber."""
    before = os.umask(umask)
    try:
        Folder(tmp_path).write("front.atom", b"news")
    finally:
        os.umask(before)
    assert (tmp_path / "front.atom").stat().st_mode & 0o777 == mode


def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    """Subscribers would get an empty or a broken feed until somebody makes room."""
    folder = Folder(tmp_path)
    folder.write("front.atom", b"old")
    with no_room_beyond(1000), pytest.raises(FolderError, match=r"front\.atom.*free space"):
        folder.write("front.atom", b"new" * 10_000)
    assert (tmp_path / "front.atom").read_bytes() == b"old"
    assert listing(tmp_path) == {"front.atom"}
    assert folder.write("front.atom", b"new" * 10_000) is True


def test_what_a_killed_process_left_is_used_up(tmp_path: Path) -> None:
    """Unfinished files would pile up in a folder that the world can see."""
    (tmp_path / ".front.atom.part").write_bytes(b"half of a longer document")
    Folder(tmp_path).write("front.atom", b"whole")
    assert listing(tmp_path) == {"front.atom"}
    assert (tmp_path / "front.atom").read_bytes() == b"whole"


def test_nothing_is_written_through_a_planted_link(tmp_path: Path) -> None:
    """Whoever may write to the folder could have the publisher overwrite any file of its user."""
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    (tmp_path / "public").mkdir()
    (tmp_path / "public/.front.atom.part").symlink_to(victim)
    with pytest.raises(FolderError):
        Folder(tmp_path / "public").write("front.atom", b"news")
    assert victim.read_bytes() == b"precious"


def test_a_place_that_is_no_folder_is_told_with_what_to_check(tmp_path: Path) -> None:
    """The operator would have to guess which path is wrong."""
    (tmp_path / "public").write_text("a file")
    with pytest.raises(FolderError, match=r"public: .*check feeds\.directory"), Folder(tmp_path / "public").locked():
        pytest.fail("it was locked")


def test_a_folder_keeps_its_identity_and_no_two_have_one(tmp_path: Path) -> None:
    """The database would take one machine's folder for another's and leave it out of date."""
    first, second = Folder(tmp_path / "a"), Folder(tmp_path / "b")
    assert first.identity() == ""
    with first.locked() as one, second.locked() as other:
        assert one != other
    with first.locked() as again:
        assert again == one == first.identity()
    (tmp_path / "a").rename(tmp_path / "moved")
    assert Folder(tmp_path / "moved").identity() == one


def test_one_at_a_time(tmp_path: Path) -> None:
    """Two publishers at once could leave an older feed over a newer one."""
    folder = Folder(tmp_path)
    entered = threading.Event()

    def second() -> None:
        with Folder(tmp_path).locked():
            entered.set()

    thread = threading.Thread(target=second)
    with folder.locked():
        thread.start()
        assert not entered.wait(0.2)
    assert entered.wait(10)
    thread.join()


def test_a_killed_publisher_blocks_nobody(tmp_path: Path) -> None:
    """After a crash nothing would be published until somebody removes a lock by hand."""
    code = "import sys; from pathlib import Path; from feeds.folder import Folder\nwith Folder(Path(sys.argv[1])).locked(): print('locked', flush=True); input()"
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"locked\n"
        process.kill()
        process.wait(10)
        with Folder(tmp_path).locked() as identity:
            assert identity
