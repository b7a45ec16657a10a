"""kill -9 at any moment of a newsroom's publishing: what subscribers get stays whole, and the next publish completes."""

from __future__ import annotations

import gzip
import json
import multiprocessing
import random
import time
from collections.abc import Iterator
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path

import brotli
import pytest
from lxml import etree, html

from feeds.storage import open_storage
from newsroom import tables  # noqa: F401 (their metadata)
from newsroom.database import Database, metadata
from tests.feeds.builders import SECTIONS, article
from tests.feeds.conftest import ROOT, Newsroom

KILLS = 200
LONGEST = 0.5
"""Seconds until the latest kill: more than one publish."""


@pytest.mark.long
def test_a_kill_leaves_whole_feeds(tmp_path: Path, sqlite_url: str) -> None:
    """Subscribers would get broken or missing feeds after a crash, and some for as long as their feed does not change."""
    grammar = etree.RelaxNG(etree.parse(ROOT / "feeds" / "checker" / "atom.rng"))
    children = multiprocessing.get_context("forkserver")
    children.set_forkserver_preload([__name__])
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    folder = tmp_path / "public"
    database = Database(sqlite_url)
    with database.write() as connection:
        metadata.create_all(connection)
    newsroom = paper(database, folder)
    newsroom.take(article(1))
    newsroom.publish()
    published = set(newsroom.files())
    for attempt in range(KILLS):
        ready, told = children.Pipe(duplex=False)
        child = children.Process(target=publish_for_ever, args=(sqlite_url, folder, attempt, told), daemon=True)
        child.start()
        told.close()
        assert ready.recv() == "ready"
        time.sleep(chance.uniform(0, LONGEST))
        child.kill()
        child.join()
        child.close()
        ready.close()

        reason = f"after kill {attempt} with seed {seed}"
        assert published <= set(newsroom.files()), reason
        for path in open_storage(folder).paths():
            for served in versions(folder / path):
                assert is_whole(path, served, grammar), f"{path} {reason}"

        newsroom = paper(database, folder)  # as after a start: all is looked at
        assert newsroom.publish().failed == (), reason
        assert newsroom.publish(check=True).written == (), reason
        published = set(newsroom.files())
    database.close()


def paper(database: Database, folder: Path) -> Newsroom:
    """A paper that publishes in every format."""
    newsroom = Newsroom(database, folder)
    newsroom.settings = newsroom.settings.model_copy(update={"formats": ("atom", "rss", "json")})
    return newsroom


def publish_for_ever(database_url: str, folder: Path, attempt: int, told: Connection) -> None:
    """Take in an article or correct one, publish, and so on."""
    newsroom = paper(Database(database_url), folder)
    told.send("ready")
    for number in count(1):
        story = article(attempt * 7 % 90 + number, sections=(SECTIONS[number % len(SECTIONS)].slug,))
        newsroom.take(story, headline=f"두물 소식 {attempt}-{number}", body=f"<p>{'달빛버스는 달린다. ' * (number % 200)}</p>")
        newsroom.publish()


def versions(file: Path) -> Iterator[bytes]:
    """What web servers may send for this file."""
    yield file.read_bytes()
    for ending, decompress in ((".gz", gzip.decompress), (".br", brotli.decompress)):
        sibling = file.with_name(file.name + ending)
        if sibling.exists():
            yield decompress(sibling.read_bytes())


def is_whole(path: str, body: bytes, grammar: etree.RelaxNG) -> bool:
    """Whether a reader of this format can read it to its end."""
    match path.rpartition(".")[2]:
        case "atom":
            return bool(grammar.validate(etree.fromstring(body)))
        case "json":
            return bool(json.loads(body))
        case "html":
            return body.rstrip().endswith(b"</html>") and html.fromstring(body) is not None
        case "rss" | "xml" | "opml" | "svg":
            return etree.fromstring(body) is not None
        case _:
            return bool(body)
