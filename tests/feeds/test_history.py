"""History (RFC 5005 §4): walking back reaches every article once, and what is frozen stays as it is."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import settings, strategies
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from feeds.model import Feed
from newsroom.database import Database, metadata
from newsroom.model import Article, Status
from newsroom.sections import SectionTree
from newsroom.settings import PaperSettings
from tests.feeds.builders import NOON, PAPER, SECTIONS, article, candidate
from tests.feeds.conftest import Newsroom
from tests.feeds.walk import ARCHIVE, Stamp, entry, faults, link, read, stamps, text, walk

SMALL = {"window": timedelta(hours=10), "at_least": 3, "at_most": 8, "archive": 10}
PLACES = ("assembly", "diplomacy", "game", "sports")
SIGNERS = ("ideun", "jhpark", "jhpark2", "chaewon")


def story(
    number: int,
    published: datetime,
    sections: Sequence[str] = ("assembly",),
    signed: Sequence[str] = ("ideun",),
    series: str = "",
) -> Article:
    return article(
        number,
        headline=f"소식 {number}",
        body=f"<p>{number}번째 소식.</p>",
        published=published,
        sections=sections,
        signed=signed,
        series=series,
    )


def daily(count: int, first: int = 0) -> list[Article]:
    """Stories of the front page and one section, one a day."""
    return [story(number, NOON + timedelta(days=number)) for number in range(first, first + count)]


def frozen(newsroom: Newsroom) -> dict[str, Stamp]:
    """The files of archives that are filled no more, at the addresses that they have now."""
    files = stamps(newsroom.folder)
    paths = (archive.path(feed) for feed in newsroom.catalogue() for archive in newsroom.states.archives(feed.path)[:-1])
    return {name: files[name] for path in paths for name in (path, f"{path}.gz", f"{path}.br")}


@pytest.fixture
def paper(newsroom: Newsroom) -> Newsroom:
    """A paper whose feeds are short."""
    newsroom.settings = newsroom.settings.model_copy(update=SMALL)
    return newsroom


def test_archives_are_by_month_and_by_count(paper: Newsroom) -> None:
    """One document with all articles of a year could be read by nobody."""
    busy = [story(100 + number, NOON + timedelta(days=62, minutes=number)) for number in range(25)]
    paper.take(*daily(60), *busy)
    paper.publish()
    names = [archive.name for archive in paper.states.archives("front")]
    assert names == ["2026-03", "2026-03-2", "2026-03-3", "2026-04", "2026-04-2", "2026-04-3", "2026-05", "2026-05-2"]
    history = walk(paper.folder, paper.catalogue().front)
    assert sorted(history.ids) == sorted(found.id for found in (*daily(60), *busy))
    for path in history.documents[1:]:
        entries = [entry(paper.folder, path, name) for name in history.entries[path]]
        assert {text(found, "published")[:7] for found in entries} == {Path(path).name[:7]}
        assert len(entries) <= 10


def test_documents_lead_from_one_to_the_next(paper: Newsroom) -> None:
    """A client that knows one archive would not find the others (H1)."""
    paper.take(*daily(60))
    paper.publish()
    front = paper.catalogue().front
    assert faults(paper.folder, front) == []
    newest_first = walk(paper.folder, front).documents
    assert newest_first[0] == "front.atom"
    assert read(paper.folder, "front.atom").find(ARCHIVE) is None
    for number, path in enumerate(newest_first[1:], 1):
        root = read(paper.folder, path)
        assert root.find(ARCHIVE) is not None
        assert link(root, "current") == "front.atom"
        assert link(root, "self") == path
        assert link(root, "next-archive") == (newest_first[number - 1] if number > 1 else "")


def test_what_is_frozen_is_not_written_again(paper: Newsroom) -> None:
    """Clients that keep archives would hold other articles than those that fetch them today."""
    paper.take(*daily(40))
    paper.publish()
    before = frozen(paper)
    assert len(before) > 6
    for number in range(40, 60):
        paper.take(story(number, NOON + timedelta(days=number)))
        paper.publish()
        assert before.items() <= stamps(paper.folder).items()
    paper.publish(everything=True)
    assert before.items() <= stamps(paper.folder).items()


def test_a_slight_edit_of_an_old_story_leaves_its_archive(paper: Newsroom) -> None:
    """Every typo would change the address of an archive, and --check would call for it ever after."""
    stories = daily(40)
    paper.take(*stories)
    paper.publish()
    before = frozen(paper)
    now = NOON + timedelta(days=50)
    edited = candidate(stories[2], body="<p>2번째  소식.</p>")
    assert "slight" in paper.articles.accept(edited, now).reason
    assert paper.publish().failed == ()
    assert frozen(paper) == before
    assert paper.publish(check=True).written == ()
    assert paper.publish(everything=True).written == ()


def test_an_old_story_that_comes_in_late_is_in_the_history(paper: Newsroom) -> None:
    """An imported story of last year would be nowhere, or open a month that was closed."""
    paper.take(*daily(40))
    paper.publish()
    before = frozen(paper)
    late = story(1000, NOON - timedelta(days=400))
    paper.take(late)
    paper.publish()
    assert late.id in walk(paper.folder, paper.catalogue().front).ids
    paper.take(*daily(20, 40))
    paper.publish()
    history = walk(paper.folder, paper.catalogue().front)
    assert sorted(history.ids) == sorted(found.id for found in (*daily(60), late))
    assert before.items() <= stamps(paper.folder).items()


def test_a_section_that_gets_a_child_gets_its_history(paper: Newsroom) -> None:
    """Readers of the parent would never see the child's old stories, or an archive on disk would lack them."""
    paper.take(*(story(number, NOON + timedelta(days=number), ("sports", "game")[number % 2 :][:1]) for number in range(60)))
    paper.publish()
    moved = [replace(section, parent="sports") if section.slug == "game" else section for section in SECTIONS]
    paper.sections = SectionTree(moved)
    assert paper.publish().failed == ()
    history = walk(paper.folder, paper.catalogue().of_section["sports"])
    assert sorted(history.ids) == sorted(found.id for found in daily(60))
    assert faults(paper.folder, paper.catalogue().of_section["sports"]) == []
    assert paper.publish(check=True).written == ()


def test_an_archive_that_could_not_be_written_is_written_by_the_next_run(paper: Newsroom) -> None:
    """What has left the subscription document would be in no document at all."""
    paper.take(*daily(20))
    paper.publish()
    newest = paper.states.archives("front")[-1].path(paper.catalogue().front)
    hindrance = (paper.folder / newest).with_name(f".{Path(newest).name}.part")
    hindrance.mkdir()
    paper.take(*daily(8, 20))
    failed = [path for path, _ in paper.publish().failed]
    assert newest in failed
    assert sorted(walk(paper.folder, paper.catalogue().front).ids) == sorted(found.id for found in daily(20))
    hindrance.rmdir()
    assert paper.publish().failed == ()
    assert sorted(walk(paper.folder, paper.catalogue().front).ids) == sorted(found.id for found in daily(28))


class Years(RuleBasedStateMachine):
    """A paper over time: whatever happens, in whatever order, each feed's history has what it should, once."""

    def __init__(self) -> None:
        super().__init__()
        self._end = ExitStack()
        folder = Path(self._end.enter_context(tempfile.TemporaryDirectory()))
        database = Database(f"sqlite:///{folder / 'masthead.db'}")
        self._end.callback(database.close)
        with database.write() as connection:
            metadata.create_all(connection)
        self.paper = Newsroom(database, folder / "public")
        self.paper.settings = self.paper.settings.model_copy(update=SMALL)
        self.publisher = self.paper.publisher()
        self.stories: dict[int, Article] = {}
        self.shown: set[str] = set()
        self.now = NOON
        self.frozen: dict[tuple[str, int], Stamp] = {}

    def teardown(self) -> None:
        try:
            self.publish(everything=True)
            for feed in self.paper.catalogue():
                assert faults(self.paper.folder, feed) == []
        finally:
            self._end.close()

    @rule(
        count=strategies.integers(1, 12),
        place=strategies.integers(0, 3),
        signer=strategies.integers(0, 3),
        gap=strategies.integers(0, 200),
    )
    def new_stories(self, count: int, place: int, signer: int, gap: int) -> None:
        """Some come in, hours or days after the others."""
        for _ in range(count):
            self.now += timedelta(hours=gap)
            number = len(self.stories)
            series = "두물의 밤" if number % 3 == 0 else ""
            self.accept(number, story(number, self.now, (PLACES[place],), (SIGNERS[signer],), series))

    @rule(days=strategies.integers(1, 900))
    def late_story(self, days: int) -> None:
        """One comes in long after its day."""
        number = len(self.stories)
        self.accept(number, story(number, self.now - timedelta(days=days)))

    @precondition(lambda self: self.stories)
    @rule(pick=strategies.integers(0), serious=strategies.booleans())
    def correct(self, pick: int, serious: bool) -> None:
        """One is put right."""
        self.tick()
        self.paper.articles.correct(self.picked(pick).id, f"{self.now:%H시 %M분}에 바로잡습니다.", serious=serious, now=self.now)

    @precondition(lambda self: self.stories)
    @rule(pick=strategies.integers(0), status=strategies.sampled_from([Status.USABLE, Status.CANCELLED, Status.WITHHELD]))
    def withdraw_or_return(self, pick: int, status: Status) -> None:
        """One is taken back, or comes back."""
        self.tick()
        self.paper.articles.accept(candidate(self.picked(pick), status=status), self.now)

    @precondition(lambda self: self.stories)
    @rule(pick=strategies.integers(0), place=strategies.integers(0, 3), signer=strategies.integers(0, 3))
    def file_otherwise(self, pick: int, place: int, signer: int) -> None:
        """One is seen in another section, or was signed by somebody else."""
        self.tick()
        number = pick % len(self.stories)
        found = story(number, self.stories[number].published, (PLACES[place],), (SIGNERS[signer],), self.stories[number].series)
        self.accept(number, replace(found, revision=replace(found.revision, headline=f"새 제목 {self.now:%d%H%M}")))

    @rule(parent=strategies.sampled_from([None, "it", "politics", "sports"]))
    def move_section(self, parent: str | None) -> None:
        """The section of games gets another parent."""
        moved = [replace(section, parent=parent) if section.slug == "game" else section for section in SECTIONS]
        self.paper.sections = SectionTree(moved)

    @rule(name=strategies.sampled_from(["두물일보", "두물신문"]))
    def restart(self, name: str) -> None:
        """The program starts again, perhaps under another name of the paper."""
        self.paper.paper = PaperSettings(**{**PAPER.model_dump(exclude_unset=True), "name": name})
        self.publisher = self.paper.publisher()

    @rule(everything=strategies.booleans())
    def publish(self, everything: bool) -> None:
        """What was shown and what is shown must be there, and what was frozen untouched."""
        assert self.publisher.publish(everything=everything).failed == ()
        paper = self.paper
        filings = paper.articles.filings([found.id for found in self.stories.values()])
        self.shown |= {filing.id for filing in filings if filing.public}
        files = stamps(paper.folder)
        catalogue = paper.catalogue()
        for feed in catalogue:
            history = walk(paper.folder, feed)
            assert len(history.ids) == len(set(history.ids)), f"twice in {feed.path}"
            expected = {
                name
                for filing in filings
                if filing.public and feed in catalogue.holding(filing)
                for name in (filing.id, *([f"{filing.id}/correction/{filing.correction}"] if filing.correction else []))
            }
            assert expected <= set(history.ids), feed.path
            known = {name.partition("/correction/")[0] for name in history.ids}
            assert known <= self.shown, f"never shown, but in {feed.path}"
            self.check_frozen(feed, files)

    def check_frozen(self, feed: Feed, files: dict[str, Stamp]) -> None:
        """Compare the frozen archives of a feed with what they were."""
        for archive in self.paper.states.archives(feed.path)[:-1]:
            key, stamp = (f"{feed.path} {archive.number}", archive.issue), files[archive.path(feed)]
            assert self.frozen.setdefault(key, stamp) == stamp, f"{archive.path(feed)} was frozen"

    def tick(self) -> None:
        self.now += timedelta(minutes=7)

    def picked(self, pick: int) -> Article:
        return self.stories[pick % len(self.stories)]

    def accept(self, number: int, found: Article) -> None:
        self.stories[number] = found
        self.paper.articles.accept(candidate(found), self.now)


def test_any_history_has_every_article_once() -> None:
    """Somewhere a story would be lost, shown twice, or changed where clients keep it."""
    run_state_machine_as_test(Years, settings=settings(max_examples=4, stateful_step_count=12, deadline=None))


@pytest.mark.long
def test_any_long_history_has_every_article_once() -> None:
    """The same, for longer."""
    run_state_machine_as_test(Years, settings=settings(max_examples=25, stateful_step_count=40, deadline=None))


@pytest.mark.long
def test_twenty_thousand_articles_are_walked_and_frozen(newsroom: Newsroom, capsys: pytest.CaptureFixture[str]) -> None:
    """A paper of some years would lose stories on the way, or rewrite its past with every publish."""
    stories = [
        story(number, NOON + timedelta(minutes=30 * number), (PLACES[number % 4],), (SIGNERS[number % 3],))
        for number in range(20_000)
    ]
    for found in stories:
        newsroom.take(found)
    began = time.monotonic()
    publisher = newsroom.publisher()
    assert publisher.publish().failed == ()
    with capsys.disabled():
        sys.stdout.write(f"\nfirst publish of {len(stories):,} articles: {time.monotonic() - began:.1f} s\n")
    before = frozen(newsroom)
    more = [story(number, NOON + timedelta(minutes=30 * number), ("game",)) for number in range(20_000, 20_400)]
    for start in range(0, len(more), 100):
        newsroom.take(*more[start : start + 100])
        assert publisher.publish().failed == ()
    assert before.items() <= stamps(newsroom.folder).items()
    check_all(newsroom, [*stories, *more])


def check_all(newsroom: Newsroom, stories: Sequence[Article]) -> None:
    """Walk every feed: valid, and each story once."""
    filings = newsroom.articles.filings([found.id for found in stories])
    catalogue = newsroom.catalogue()
    held: dict[Feed, list[str]] = {feed: [] for feed in catalogue}
    for filing in filings:
        for feed in catalogue.holding(filing):
            held[feed].append(filing.id)
    for feed, expected in held.items():
        assert sorted(walk(newsroom.folder, feed).ids) == sorted(expected)
    assert faults(newsroom.folder, catalogue.of_section["game"]) == []
