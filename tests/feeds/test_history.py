"""History (RFC 5005 §4): walking back reaches every article once, and what is frozen stays as it is."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings, strategies
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from feeds.model import Feed
from newsroom.database import Database, metadata
from newsroom.model import Article, Candidate, Section, Status
from newsroom.sections import SectionTree
from tests.feeds import builders
from tests.feeds.builders import NOON, REPORTERS, SECTIONS, article
from tests.feeds.walk import ARCHIVE, Stamp, faults, link, read, stamps, walk

if TYPE_CHECKING:
    from tests.feeds.conftest import Newsroom

SMALL = {"window": timedelta(hours=10), "at_least": 3, "at_most": 8, "archive": 10}
PLACES = ("assembly", "diplomacy", "game", "sports")
SIGNERS = ("ideun", "jhpark", "chaewon")


def story(number: int, published: datetime, sections: Sequence[str] = ("assembly",), signed: Sequence[str] = ("ideun",)) -> Article:
    return article(number, headline=f"소식 {number}", published=published, sections=sections, signed=signed)


def frozen(newsroom: Newsroom) -> dict[str, Stamp]:
    """The files of the archives that are not filled any more, at the addresses that they have now."""
    files = stamps(newsroom.folder)
    return {
        path: files[path]
        for feed in newsroom.catalogue()
        for archive in newsroom.states.archives(feed.path)[:-1]
        for path in (archive.path(feed), f"{archive.path(feed)}.gz", f"{archive.path(feed)}.br")
    }


def small(newsroom: Newsroom) -> Newsroom:
    newsroom.settings = newsroom.settings.model_copy(update=SMALL)
    return newsroom


def test_archives_are_by_month_and_by_count(newsroom: Newsroom) -> None:
    """One document with all articles of a year could be read by nobody."""
    small(newsroom)
    newsroom.take(*(story(number, NOON + timedelta(days=2 * number)) for number in range(40)))
    newsroom.take(*(story(100 + number, NOON + timedelta(days=81, hours=number / 10)) for number in range(25)))
    newsroom.publish()
    front = newsroom.catalogue().front
    names = [archive.name for archive in newsroom.states.archives("front")]
    assert names == ["2026-03", "2026-03-2", "2026-04", "2026-04-2", "2026-05", "2026-05-2", "2026-05-3"]
    history = walk(newsroom.folder, front)
    assert sorted(history.ids) == sorted({item.id for item in newsroom.articles.newest(limit=100)})
    assert all(len(ids) <= 10 for ids in history.entries.values())
    for path, ids in history.entries.items():
        months = {text[:7] for text in map(published_in(newsroom, path), ids)}
        assert len(months) == 1, path
    assert faults(newsroom.folder, front) == []


def published_in(newsroom: Newsroom, path: str) -> object:
    raise NotImplementedError
