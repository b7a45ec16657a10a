"""kill -9 at any moment of a publish: what is served stays whole, and the next publish completes."""

from __future__ import annotations

import gzip
import random
import re
import subprocess
import sys
import time
from pathlib import Path

import brotli
import pytest

from feeds.storage.folder import Folder

FILES = 30
KILLS = 200
LONGEST = 0.25
"""Seconds until the latest kill: some publishes."""

PUBLISHER = """
import sys
from itertools import count
from pathlib import Path
from tests.feeds.storage.test_kill import publish
print("ready", flush=True)
for version in count(int(sys.argv[2])):
    publish(Path(sys.argv[1]), version)
"""


def document(path: str, version: int) -> bytes:
    """A file of 3 to 30 KB that tells which version it is, and whether it is all there."""
    line = f"{path} {version} 메트로신문 새 소식\n".encode()
    return line * (100 + version * 37 % 900) + f"end of {version}\n".encode()


def publish(root: Path, version: int) -> None:
    """One publish of all files."""
    folder = Folder(root)
    with folder.locked():
        for path in paths():
            folder.write(path, document(path, version))
        folder.flush()


def paths() -> list[str]:
    """The published files, in three folders."""
    return [f"{place}{number}.atom" for number in range(FILES // 3) for place in ("", "sections/", "reporters/")]


@pytest.mark.long
def test_a_kill_leaves_whole_files(tmp_path: Path) -> None:
    """Subscribers would get broken feeds after every crash, and some for as long as their feed does not change."""
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    version = 0
    publish(tmp_path, version)
    for attempt in range(KILLS):
        arguments = [sys.executable, "-c", PUBLISHER, str(tmp_path), str(version + 1)]
        with subprocess.Popen(arguments, stdout=subprocess.PIPE, cwd=Path(__file__).parents[3]) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == b"ready\n"
            time.sleep(chance.uniform(0, LONGEST))
            child.kill()
        found = {version_of(tmp_path, path) for path in paths()}
        assert max(found) - min(found) <= 1, f"kill {attempt} with seed {seed}: versions {found}"
        version = max(found) + attempt % 2  # by turns the interrupted version itself, and the next, for which all is written
        publish(tmp_path, version)
        folder = Folder(tmp_path)
        assert not [path for path in paths() if folder.differs(path, document(path, version))]
        assert attempt % 2 == 0 or not list(tmp_path.rglob(".*.part"))


def version_of(root: Path, path: str) -> int:
    """Which version is served, once the file and its siblings are found to be whole."""
    served = (root / path).read_bytes()
    coded = {ending: (root / f"{path}{ending}").read_bytes() for ending in (".gz", ".br")}
    versions = []
    for body in (served, gzip.decompress(coded[".gz"]), brotli.decompress(coded[".br"])):
        end = re.search(rb"end of (\d+)\n\Z", body)
        assert end, f"{path} ends with {body[-40:]!r}"
        versions.append(int(end[1]))
        assert body == document(path, versions[-1])
    assert all(versions[0] <= sibling <= versions[0] + 1 for sibling in versions[1:])  # renamed first, so never older
    return versions[0]
