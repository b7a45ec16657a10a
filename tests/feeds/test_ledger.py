"""The ledger with several publishers: one database, many places, kills and races, and what --check may say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from feeds.publish import Publisher
from feeds.storage import open_storage
from newsroom.database import Database, metadata
from newsroom.model import Article
from newsroom.store import ArticleStore
from newsroom.templates import environment, template_folders
from tests.feeds import builders
from tests.feeds.builders import NOON, article, candidate
from tests.feeds.conftest import Newsroom
from tests.feeds.walk import entry, stamps, text, walk

STORY = article(1, headline="첫 제목", sections=("game",))
LATER = NOON + timedelta(days=1)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """One that several machines share."""
    made = Database(database_url)
    with made.write() as connection:
        metadata.create_all(connection)
    yield made
    made.close()


@pytest.fixture
def one(database: Database, tmp_path: Path) -> Newsroom:
    return short(Newsroom(database, tmp_path / "one"))


@pytest.fixture
def other(database: Database, tmp_path: Path) -> Newsroom:
    return short(Newsroom(database, tmp_path / "other"))


def short(newsroom: Newsroom) -> Newsroom:
    newsroom.settings = newsroom.settings.model_copy(
        update={"window": timedelta(hours=5), "at_least": 3, "at_most": 8, "archive": 10}
    )
    return newsroom


class Interrupted(ArticleStore):
    """A store of which, once, articles are read just before something else happens."""

    def __init__(self, database: Database, happens: Callable[[], None]) -> None:
        super().__init__(database)
        self._happens: Callable[[], None] | None = happens

    def articles(self, ids: Sequence[str]) -> list[Article]:
        found = super().articles(ids)
        happens, self._happens = self._happens, None
        if happens:
            happens()
        return found


def title(newsroom: Newsroom) -> str:
    return text(entry(newsroom.folder, "front.atom", STORY.id), "title")


def test_two_machines_give_the_same_bytes(one: Newsroom, other: Newsroom) -> None:
    """Behind one address readers would get now this, now that."""
    first, second = one.publisher(), other.publisher()
    one.take(STORY)
    first.publish()
    one.take(*(article(number, sections=("game",)) for number in range(2, 30)))
    second.publish()
    one.articles.correct(STORY.id, "바로잡습니다.", serious=True, now=LATER)
    second.publish()
    first.publish()
    assert one.files() == other.files()
    assert first.publish().written == second.publish().written == ()


def test_a_place_never_published_in_holds_nothing(one: Newsroom, other: Newsroom) -> None:
    """A new machine would be taken for up to date because another one is."""
    one.take(STORY)
    one.publish()
    assert other.publisher().published_until() == 0
    assert other.publish(check=True).written
    assert not other.folder.exists()


def test_a_publish_that_was_killed_behind_the_ledger_is_completed(one: Newsroom, other: Newsroom) -> None:
    """The story would be in no feed until somebody changes it."""
    one.take(*(article(number, sections=("game",)) for number in range(2, 12)))
    one.publish()
    one.take(*(article(number, sections=("game",)) for number in range(12, 40)))
    one.articles.accept(candidate(STORY), NOON + timedelta(hours=1))
    one.publisher().documents()  # the ledger knows; no file was written
    assert one.publish().failed == ()
    other.publish()
    assert one.files() == other.files()
    assert sorted(walk(one.folder, one.catalogue().front).ids) == sorted(article(number).id for number in range(1, 40))


def test_what_was_rendered_of_an_older_revision_is_not_used(
    one: Newsroom, other: Newsroom, database: Database, tmp_path: Path
) -> None:
    """A slow machine would put the uncorrected text back into the feeds of all."""

    def corrected_meanwhile() -> None:
        one.articles.accept(candidate(STORY, headline="고친 제목"), LATER)
        other.publish()

    one.take(STORY)
    slow = Publisher(
        Interrupted(database, corrected_meanwhile),
        one.states,
        open_storage(one.folder),
        one.catalogue,
        settings=one.settings,
        environment=environment(template_folders(), builders.language()),
    )
    slow.publish()
    third = short(Newsroom(database, tmp_path / "third"))
    third.publish()
    slow.publish()
    assert [title(newsroom) for newsroom in (one, other, third)] == ["고친 제목"] * 3
    assert one.files() == other.files() == third.files()


def test_many_publishers_at_once(database: Database, tmp_path: Path) -> None:
    """They would wait for each other for ever, or add an entry twice; and requests for unions render beside them."""
    papers = [short(Newsroom(database, tmp_path / f"place {number}")) for number in range(3)]
    publishers = [paper.publisher() for paper in papers]

    def work(number: int) -> None:
        for turn in range(5):
            paper = papers[number]
            if number == 0:
                paper.take(
                    *(article(turn * 10 + found, sections=("game",), signed=("ideun", "chaewon")) for found in range(1, 11))
                )
                paper.articles.accept(candidate(STORY, headline=f"{turn}번 고친 제목"), LATER + timedelta(minutes=turn))
            publishers[number].documents()
            assert publishers[number].publish().failed == ()

    with ThreadPoolExecutor(3) as threads:
        for done in [threads.submit(work, number) for number in range(3)]:
            done.result(120)
    for publisher in publishers:
        publisher.publish()
    assert papers[0].files() == papers[1].files() == papers[2].files()
    history = walk(papers[0].folder, papers[0].catalogue().front)
    assert sorted(history.ids) == sorted(article(number).id for number in range(1, 51))


def test_everything_again_gives_the_same_bytes(one: Newsroom) -> None:
    """`publish --all` would be news to every reader."""
    one.take(*(article(number, sections=("game",)) for number in range(1, 40)))
    one.articles.correct(STORY.id, "바로잡습니다.", serious=True, now=LATER)
    one.publish()
    before = stamps(one.folder)
    assert one.publish(everything=True).written == ()
    assert stamps(one.folder) == before


def test_a_check_names_what_differs_and_writes_nothing(one: Newsroom) -> None:
    """The operator could not look without touching, or would be told that all is well."""
    one.take(*(article(number, sections=("game",)) for number in range(1, 40)))
    one.publish()
    assert one.publish(check=True).written == ()
    archive = one.states.archives("front")[0].path(one.catalogue().front)
    (one.folder / "sections/game.atom").write_text("edited by hand")
    (one.folder / "sections/it.atom.gz").unlink()
    (one.folder / archive).unlink()
    one.articles.accept(candidate(STORY, headline="고친 제목"), LATER)
    before = stamps(one.folder)
    differing = one.publish(check=True).written
    assert {"sections/game.atom", "sections/it.atom", "front.atom", archive} <= set(differing)
    assert "sections/sports.atom" not in differing
    assert stamps(one.folder) == before
    assert one.publish(everything=True).failed == ()
    assert one.publish(check=True).written == ()


def test_a_story_of_an_old_day_costs_no_old_archive(one: Newsroom) -> None:
    """Each late story would be rendered with all the years before it."""
    one.take(*(article(number, sections=("game",)) for number in range(1, 60)))
    publisher = one.publisher()
    publisher.publish()
    one.take(article(100, sections=("game",), published=NOON - timedelta(days=300)))
    written = publisher.publish().written
    archives = [path for path in written if path.startswith("front/")]
    assert len(archives) <= 1
