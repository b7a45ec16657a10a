"""Files that are whole, or as they were: real files, real full disks, real locks."""

from __future__ import annotations

import gzip
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import brotli
import pytest

from feeds.errors import FolderError
from feeds.storage import open_storage
from feeds.storage.folder import Folder

NEWS = "메트로신문 새 소식. ".encode() * 100
ENDINGS = ("", ".gz", ".br")


@contextmanager
def no_room_beyond(size: int) -> Iterator[None]:
    """The kernel cuts every file of this process at ``size`` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk of 64 KiB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("needs to be root and allowed to mount")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def publish(folder: Folder, path: str, data: bytes) -> bool:
    """Write one file and wait for it."""
    written = folder.write(path, data)
    folder.flush()
    return written


def listing(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def contents(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in listing(folder)}


def test_a_file_is_written_once(tmp_path: Path) -> None:
    """A file touched without need gets a new Last-Modified, and every reader fetches it again."""
    folder = Folder(tmp_path)
    assert publish(folder, "sections/it.atom", NEWS) is True
    before = (tmp_path / "sections/it.atom").stat()
    assert publish(Folder(tmp_path), "sections/it.atom", NEWS) is False
    after = (tmp_path / "sections/it.atom").stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)
    assert publish(folder, "sections/it.atom", NEWS * 2) is True
    assert listing(tmp_path) == {f"sections/it.atom{ending}" for ending in ENDINGS}


def test_siblings_are_the_file_compressed_and_of_its_time(tmp_path: Path) -> None:
    """Web servers send them in its place: other bytes would be another feed, and another time would make ours ignore them."""
    publish(Folder(tmp_path), "front.atom", NEWS)
    zipped, brotlied = ((tmp_path / f"front.atom{ending}").read_bytes() for ending in (".gz", ".br"))
    assert gzip.decompress(zipped) == brotli.decompress(brotlied) == NEWS
    assert zipped[4:8] == b"\0\0\0\0"  # no time of compression: the same bytes on every machine
    assert len({(tmp_path / f"front.atom{ending}").stat().st_mtime_ns for ending in ENDINGS}) == 1


@pytest.mark.parametrize(("path", "data"), [("front.atom", b"little"), ("icon.png", bytes(1000))])
def test_what_does_not_compress_has_no_siblings(tmp_path: Path, path: str, data: bytes) -> None:
    """A sibling larger than its file costs every reader time."""
    publish(Folder(tmp_path), path, data)
    assert listing(tmp_path) == {path}


def test_a_file_that_shrinks_loses_its_siblings(tmp_path: Path) -> None:
    """nginx serves a sibling as long as there is one: readers who accept gzip would get the old news for ever."""
    folder = Folder(tmp_path)
    publish(folder, "front.atom", NEWS)
    publish(folder, "front.atom", b"little")
    assert contents(tmp_path) == {"front.atom": b"little"}


@pytest.mark.parametrize("ending", [".gz", ".br"])
@pytest.mark.parametrize("stale", [True, False])
def test_siblings_of_another_version_are_found(tmp_path: Path, ending: str, *, stale: bool) -> None:
    """A publisher killed between two renames left them, and the file alone looks as it should."""
    folder = Folder(tmp_path)
    publish(folder, "front.atom", NEWS)
    sibling = tmp_path / f"front.atom{ending}"
    good = sibling.read_bytes()
    sibling.unlink()
    if stale:
        sibling.write_bytes(b"of another version")
    assert folder.differs("front.atom", NEWS)
    assert publish(folder, "front.atom", NEWS) is True
    assert sibling.read_bytes() == good
    assert not folder.differs("front.atom", NEWS)


def test_two_versions_never_share_a_second(tmp_path: Path) -> None:
    """nginx makes its ETag of the second and the length: a reader would be told 304 for the other version."""
    folder = Folder(tmp_path)
    times = set()
    for number in range(5):
        publish(folder, "front.atom", b"%d" % number)
        times.add(int((tmp_path / "front.atom").stat().st_mtime))
    assert len(times) == 5


def test_looking_writes_nothing(tmp_path: Path) -> None:
    """`publish --check` on a live server would publish."""
    folder = Folder(tmp_path / "public")
    assert folder.differs("sections/it.atom", NEWS) is True
    assert (folder.has("sections/it.atom"), folder.read("sections/it.atom"), list(folder.paths())) == (False, None, [])
    assert folder.identity() == ""
    assert not (tmp_path / "public").exists()


def test_removed_is_removed_in_every_coding(tmp_path: Path) -> None:
    """A withdrawn article would go on being served to whoever accepts gzip."""
    folder = Folder(tmp_path)
    publish(folder, "gone.atom", NEWS)
    assert folder.remove("gone.atom") is True
    folder.flush()
    assert listing(tmp_path) == set()
    assert folder.remove("gone.atom") is False
    assert folder.remove("never/there.atom") is False


def test_what_is_published_can_be_listed(tmp_path: Path) -> None:
    """Feeds of reporters who left would lie there for ever; the operator's own files must not be taken for them."""
    folder = Folder(tmp_path)
    with folder.locked():
        for path in ("front.atom", "sections/it.rss", "feeds.opml"):
            folder.write(path, NEWS)
        folder.flush()
    (tmp_path / ".front.atom.part").touch()
    (tmp_path / "robots.txt").touch()
    assert list(folder.paths()) == ["feeds.opml", "front.atom", "sections/it.rss"]
    assert folder.read("front.atom") == NEWS


def test_who_reads_meanwhile_keeps_the_old_bytes(tmp_path: Path) -> None:
    """A web server in the middle of a response would send half of the old feed and half of the new."""
    folder = Folder(tmp_path)
    publish(folder, "front.atom", b"old" * 1000)
    with (tmp_path / "front.atom").open("rb") as reader:
        reader.read(3)
        publish(folder, "front.atom", b"new")
        assert reader.read() == b"old" * 999


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o027, 0o640), (0o077, 0o600)])
def test_the_web_server_may_read_it_as_far_as_the_operator_allows(tmp_path: Path, umask: int, mode: int) -> None:
    """nginx runs as another user: a file only for its owner is a 403 for every subscriber."""
    before = os.umask(umask)
    try:
        publish(Folder(tmp_path), "front.atom", NEWS)
    finally:
        os.umask(before)
    assert {(tmp_path / f"front.atom{ending}").stat().st_mode & 0o777 for ending in ENDINGS} == {mode}


def test_a_full_disk_leaves_the_old_files(small_disk: Path) -> None:
    """Subscribers would get an empty or a broken feed until somebody makes room."""
    folder = Folder(small_disk)
    publish(folder, "front.atom", NEWS)
    publish(folder, "other.atom", NEWS)
    before = contents(small_disk)
    folder.write("front.atom", os.urandom(100_000))
    folder.write("other.atom", NEWS + b"!")
    with pytest.raises(FolderError, match=r"front\.atom: No space left on device; make room") as refused:
        folder.flush()
    assert list(refused.value.failed) == ["front.atom"]
    after = contents(small_disk)
    assert after.keys() == before.keys()
    assert [after[f"front.atom{ending}"] for ending in ENDINGS] == [before[f"front.atom{ending}"] for ending in ENDINGS]
    assert after["other.atom"] == NEWS + b"!"
    assert publish(folder, "front.atom", NEWS * 2) is True


def test_a_limit_on_files_leaves_the_old_files(tmp_path: Path) -> None:
    """As on a full disk, where a test may not mount one."""
    folder = Folder(tmp_path)
    publish(folder, "front.atom", NEWS)
    before = contents(tmp_path)
    folder.write("front.atom", NEWS * 10)
    folder.flush()
    before = contents(tmp_path)
    with no_room_beyond(1000), pytest.raises(FolderError, match=r"front\.atom: File too large; .*ulimit"):
        publish(folder, "front.atom", NEWS * 20)
    assert contents(tmp_path) == before


def test_a_read_only_disk_leaves_the_old_files(small_disk: Path) -> None:
    """A disk with errors is mounted read-only by the kernel: the news stops, what there is must stay served."""
    folder = Folder(small_disk)
    publish(folder, "front.atom", NEWS)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(FolderError, match="Read-only file system; mount it writable"), folder.locked():
        pytest.fail("it was locked")
    with pytest.raises(FolderError, match="Read-only file system; mount it writable"):
        publish(folder, "front.atom", NEWS * 2)
    assert gzip.decompress((small_disk / "front.atom.gz").read_bytes()) == (small_disk / "front.atom").read_bytes() == NEWS


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_of_somebody_else_leaves_the_old_files(tmp_path: Path) -> None:
    """The usual mistake after a restore: it must be told by its name."""
    publish(Folder(tmp_path), "front.atom", NEWS)
    tmp_path.chmod(0o555)
    try:
        with pytest.raises(FolderError, match="Permission denied; give its folder to the user"):
            publish(Folder(tmp_path), "front.atom", NEWS * 2)
    finally:
        tmp_path.chmod(0o755)
    assert (tmp_path / "front.atom").read_bytes() == NEWS


def test_a_file_where_a_folder_should_be_stops_no_other(tmp_path: Path) -> None:
    """One wrong name would keep all other sections' news back."""
    (tmp_path / "sections").write_text("a file")
    (tmp_path / "front.atom").mkdir()
    folder = Folder(tmp_path)
    for path in ("sections/it.atom", "front.atom", "other.atom"):
        folder.write(path, NEWS)
    with pytest.raises(FolderError, match=r"2 files were not published; the first: .*sections") as refused:
        folder.flush()
    assert list(refused.value.failed) == ["sections/it.atom", "front.atom"]
    assert listing(tmp_path) == {"sections", *(f"other.atom{ending}" for ending in ENDINGS)}


def test_what_a_killed_process_left_is_used_up(tmp_path: Path) -> None:
    """Unfinished files would pile up in a folder that the world can see."""
    for ending in ENDINGS:
        (tmp_path / f".front.atom{ending}.part").write_bytes(b"half of a longer document")
    publish(Folder(tmp_path), "front.atom", NEWS)
    assert listing(tmp_path) == {f"front.atom{ending}" for ending in ENDINGS}
    assert (tmp_path / "front.atom").read_bytes() == NEWS


@pytest.mark.parametrize("link", ["symlink_to", "hardlink_to"])
def test_nothing_is_written_through_a_planted_link(tmp_path: Path, link: str) -> None:
    """Whoever may write to the folder could have the publisher overwrite any file of its user."""
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    (tmp_path / "public").mkdir()
    getattr(tmp_path / "public/.front.atom.part", link)(victim)
    publish(Folder(tmp_path / "public"), "front.atom", NEWS)
    assert victim.read_bytes() == b"precious"
    assert (tmp_path / "public/front.atom").read_bytes() == NEWS


@pytest.mark.parametrize("path", ["../front.atom", "/etc/front.atom", "sections/../../front.atom", ""])
def test_no_path_leads_out(tmp_path: Path, path: str) -> None:
    """A slug gone wrong could overwrite any file of the publisher's user."""
    with pytest.raises(ValueError, match="leads out"):
        Folder(tmp_path).write(path, NEWS)


def test_a_place_that_is_no_folder_is_told_with_what_to_check(tmp_path: Path) -> None:
    """The operator would have to guess which path is wrong."""
    (tmp_path / "public").write_text("a file")
    with pytest.raises(FolderError, match=r"public: .*check feeds\.directory"), open_storage(tmp_path / "public").locked():
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


def test_nothing_is_under_way_when_the_lock_is_given_back(tmp_path: Path) -> None:
    """A publish that fails half-way would overwrite what the next publisher writes; and its failures would go untold."""
    (tmp_path / "bad.atom").mkdir()
    folder = Folder(tmp_path)
    files = {f"{number}.atom": NEWS * 50 for number in range(20)}

    def fail() -> None:
        with folder.locked():
            folder.write("bad.atom", NEWS)
            for path, data in files.items():
                folder.write(path, data)
            raise KeyError("a fault of the publisher")

    with pytest.raises(KeyError):
        fail()
    before = contents(tmp_path)
    assert files.items() <= before.items()
    time.sleep(0.1)
    assert contents(tmp_path) == before
    with pytest.raises(FolderError, match=r"bad\.atom"):
        folder.flush()


def test_a_killed_publisher_blocks_nobody(tmp_path: Path) -> None:
    """After a crash nothing would be published until somebody removes a lock by hand."""
    code = (
        "import sys; from pathlib import Path; from feeds.storage.folder import Folder\n"
        "with Folder(Path(sys.argv[1])).locked(): print('locked', flush=True); input()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[3],
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"locked\n"
        process.kill()
        process.wait(10)
        with Folder(tmp_path).locked() as identity:
            assert identity
