"""What feeds hold, what was rendered and what was published where, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from feeds.model import FeedState, Item, Latest
from feeds.store import FeedStore
from feeds.store.reading import CHUNK
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


def item(number: int, change: int = 1) -> Item:
    """The item of an article, an hour newer than that of the number before."""
    at = NOON + timedelta(hours=number)
    uri = f"tag:dumul.example,2026-03-02:article/{number}"
    return Item(id=0, uri=uri, article=uri, published=at, updated=at, edited=at, change=change)


def fill(store: FeedStore, *items: Item, path: str = "front", change: int = 1) -> list[Item]:
    """Put items into a feed's subscription document; returns them with their numbers."""
    with store.book() as book:
        numbers = book.add(items)
        feed = book.ask({path: "?"}, change)[path]
        book.enter([(feed, number) for number in numbers.values()])
        book.touch([feed], change)
        book.follow(change)
    return [replace(one, id=numbers[one.uri]) for one in items]


def test_a_feed_has_its_newest_items_first(store: FeedStore) -> None:
    """Yesterday's story would stand on top, and after a move to another database the order would be another."""
    first, second, third = fill(store, item(1), item(3), item(2))
    assert store.tails(["front", "sections/it"]) == {"front": [second, third, first], "sections/it": []}


def test_items_of_one_moment_have_one_order(store: FeedStore) -> None:
    """Two stories of one minute would change places with every rendering, and every reader fetch the feed again."""
    at = item(1).published
    fill(store, *(replace(item(number), published=at) for number in (2, 3, 1)))
    assert [found.uri[-1] for found in store.tails(["front"])["front"]] == ["3", "2", "1"]


def test_a_feed_is_due_when_it_was_touched_since(store: FeedStore) -> None:
    """A thousand feeds would be rendered for one story, or the one that holds it would not."""
    fill(store, item(1), path="front", change=4)
    fill(store, item(2), path="sections/it", change=6)
    assert store.followed() == 6
    assert [store.changed_after(change) for change in (3, 4, 6)] == [["front", "sections/it"], ["sections/it"], []]


def test_what_is_archived_is_no_longer_in_the_subscription_document(store: FeedStore) -> None:
    """An id in two documents of one feed is twice in the reader that walks back (RFC 5005 §4)."""
    old, new = fill(store, item(1), item(2))
    with store.book() as book:
        feed = book.feeds()["front"][0]
        archive = book.open_archive(feed, 1, "2026-03", 2)
        book.move([(feed, old.id)], archive.id)
        book.fill(archive.id, 1, 2)
    assert store.tails(["front"]) == {"front": [new]}
    assert store.archived(archive.id) == [old]
    assert store.newest_archives(["front", "gone"]) == {"front": replace(archive, entries=1, change=2)}
    assert [found.id for found in store.archives("front")] == [archive.id]
    assert store.archives_changed_after(2) == []


def test_a_frozen_archive_from_which_something_is_taken_gets_a_new_address(store: FeedStore) -> None:
    """Who has read it never reads it again, and keeps the story that was withdrawn."""
    fill(store, item(1), item(2))
    with store.book() as book:
        feed = book.feeds()["front"][0]
        frozen = book.open_archive(feed, 1, "2026-03", 1)
        filling = book.open_archive(feed, 2, "2026-04", 1)
        book.reissue([frozen.id, filling.id], 5)
    assert [(found.name, found.issue, found.change) for found in store.archives("front")] == [
        ("2026-03", 1, 5),
        ("2026-04", 0, 5),
    ]


def test_nothing_of_a_turn_that_fails_is_kept(store: FeedStore) -> None:
    """A story would be in one of its feeds and never reach the others."""

    def turn() -> None:
        with store.book() as book:
            book.follow(7)
            book.ask({"front": "?"}, 7)
            raise RuntimeError("power failure")

    with pytest.raises(RuntimeError, match="power"):
        turn()
    assert (store.followed(), store.changed_after(0)) == (None, [])


def test_what_was_rendered_is_kept_until_its_article_or_the_program_changes(store: FeedStore) -> None:
    """Feeds would be rendered anew each time, or go on showing what was corrected."""
    (one,) = fill(store, item(1))
    store.save_pieces([(one, "atom-full", b"<entry/>"), (one, "rss-full", b"")], "version 1")
    assert store.pieces([one], ["atom-full", "rss-full", "json-full"], "version 1") == {
        (one.id, "atom-full"): b"<entry/>",
        (one.id, "rss-full"): b"",
    }
    assert store.pieces([one], ["atom-full"], "version 2") == {}
    corrected = replace(one, change=2)
    assert store.pieces([corrected], ["atom-full"], "version 1") == {}
    store.save_pieces([(corrected, "atom-full", b"<entry>2</entry>")], "version 1")
    assert store.pieces([corrected], ["atom-full"], "version 1") == {(one.id, "atom-full"): b"<entry>2</entry>"}


def test_pieces_go_only_when_no_subscription_document_needs_them(store: FeedStore) -> None:
    """An article archived in one feed would be rendered again and again for the others."""
    one, other = fill(store, item(1), item(2))
    kept = [(one, "atom-full", b"1"), (other, "atom-full", b"2")]
    store.save_pieces(kept, "")
    with store.book() as book:
        feed = book.feeds()["front"][0]
        book.move([(feed, one.id)], book.open_archive(feed, 1, "2026-03", 2).id)
        book.drop_pieces([one.id, other.id])
    assert store.pieces([one, other], ["atom-full"], "") == {(other.id, "atom-full"): b"2"}


def test_more_can_be_asked_for_at_once_than_one_query_may_name(store: FeedStore) -> None:
    """A paper with many reporters would publish until the day when it has one too many."""
    many = fill(store, *map(item, range(CHUNK + 2)))
    store.save_pieces([(one, "atom-full", b"x") for one in many], "")
    assert len(store.pieces(many, ["atom-full"], "")) == CHUNK + 2
    paths = [f"reporters/{number}" for number in range(CHUNK + 2)]
    assert len(store.tails([*paths, "front"])["front"]) == CHUNK + 2
