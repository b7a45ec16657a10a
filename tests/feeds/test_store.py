"""What was published where, on both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from feeds.model import FeedState, Latest
from feeds.store import FeedStore
from newsroom.database import Database, metadata
from tests.feeds.builders import NOON


@pytest.fixture
def store(database_url: str) -> Iterator[FeedStore]:
    database = Database(database_url)
    with database.write() as connection:
        metadata.create_all(connection)
    yield FeedStore(database)
    database.close()


NEWEST = Latest(headline="막차 놓쳐도 집에 간다", url="https://dumul.example/1", published=NOON, same_day=3)
FRONT = FeedState(path="front", definition="1", latest=NEWEST)
EMPTY = FeedState(path="sections/it", definition="2")


def test_a_folder_never_published_in_is_unknown(store: FeedStore) -> None:
    """A new folder would be taken for one that is up to date, and stay empty."""
    assert store.cursor("a") is None
    assert store.states("a") == {}


def test_what_was_published_is_kept_for_each_folder(store: FeedStore) -> None:
    """Two machines with folders of their own would each skip what the other published."""
    store.save("a", 5, [FRONT, EMPTY])
    store.save("b", 3, [])
    assert (store.cursor("a"), store.cursor("b")) == (5, 3)
    assert store.states("a") == {"front": FRONT, "sections/it": EMPTY}
    assert store.states("b") == {}


def test_a_feed_published_again_takes_the_place_of_its_old_state(store: FeedStore) -> None:
    """The page of feeds would show yesterday's headline."""
    store.save("a", 5, [FRONT, EMPTY])
    newer = FeedState(path="sections/it", definition="3", latest=NEWEST)
    store.save("a", 6, [newer])
    assert store.cursor("a") == 6
    assert store.states("a") == {"front": FRONT, "sections/it": newer}
