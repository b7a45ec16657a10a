"""From the change record to files: what is written, what is not touched, and what one failure may cost."""

from __future__ import annotations

import re
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import feedparser
import pytest
from lxml import etree
from structlog.testing import capture_logs

from feeds.errors import FolderError
from feeds.page import ASSETS
from feeds.storage import open_storage
from newsroom.model import Section, Status
from newsroom.sections import SectionTree
from tests.feeds.builders import NOON, REPORTERS, SECTIONS, article, picture

if TYPE_CHECKING:
    from tests.feeds.conftest import Newsroom

PAGES = {"feeds.opml", "index.html", *ASSETS}
GAME = article(1, headline="온결게임즈 새 판", sections=("game",), signed=("chaewon",), images=(picture(),))
ASSEMBLY = article(2, headline="거꾸로 시정질문", sections=("assembly",), signed=("ideun", "jhpark"))
MATCH = article(3, headline="마지막 20초에 뒤집다", sections=("sports",), signed=("jhpark2",))


def headlines(folder: Path, path: str) -> list[str]:
    return [entry.title for entry in feedparser.parse((folder / path).read_bytes()).entries]


def stamps(folder: Path) -> dict[Path, tuple[int, int]]:
    return {path: (path.stat().st_mtime_ns, path.stat().st_ino) for path in folder.rglob("*")}


def test_the_first_run_writes_every_feed_and_page(newsroom: Newsroom, atom_grammar: etree.RelaxNG) -> None:
    """A subscriber would get 404 for a section that has no story yet."""
    newsroom.take(GAME, ASSEMBLY, MATCH)
    published = newsroom.publish()
    files = PAGES | {feed.file(ending) for feed in newsroom.catalogue() for ending in ("atom", "html")}
    assert set(published.written) == set(newsroom.files()) == files
    assert (published.feeds, published.unchanged, published.failed) == (11, 0, ())
    for path, data in newsroom.files().items():
        if path.endswith(".atom"):
            atom_grammar.assertValid(etree.fromstring(data))


def test_stories_are_in_their_sections_up_the_tree_and_with_their_reporters(newsroom: Newsroom) -> None:
    """Subscribers of a section or a reporter would miss stories, or get others'."""
    newsroom.take(GAME, ASSEMBLY, MATCH)
    newsroom.publish()
    expected = {
        "front.atom": [MATCH, ASSEMBLY, GAME],
        "sections/politics.atom": [ASSEMBLY],
        "sections/assembly.atom": [ASSEMBLY],
        "sections/diplomacy.atom": [],
        "sections/it.atom": [GAME],
        "sections/game.atom": [GAME],
        "sections/sports.atom": [MATCH],
        "reporters/ideun.atom": [ASSEMBLY],
        "reporters/jhpark.atom": [ASSEMBLY],
        "reporters/jhpark2.atom": [MATCH],
        "reporters/chaewon.atom": [GAME],
    }
    assert {path: headlines(newsroom.folder, path) for path in expected} == {
        path: [story.revision.headline for story in stories] for path, stories in expected.items()
    }


def test_a_run_without_changes_touches_nothing(newsroom: Newsroom) -> None:
    """Every reader would fetch every feed again, every few minutes."""
    newsroom.take(GAME, ASSEMBLY)
    newsroom.publish()
    before = stamps(newsroom.folder)
    assert newsroom.publish().written == ()
    assert newsroom.publish(everything=True).written == ()
    assert stamps(newsroom.folder) == before


def test_one_new_story_costs_only_the_feeds_that_hold_it(newsroom: Newsroom) -> None:
    """With four hundred reporters each story would rewrite four hundred feeds."""
    newsroom.take(ASSEMBLY, MATCH)
    newsroom.publish()
    newsroom.take(GAME)
    holding = ("front", "sections/it", "sections/game", "reporters/chaewon")
    assert set(newsroom.publish().written) == {"index.html", *(f"{feed}.{end}" for feed in holding for end in ("atom", "html"))}


def test_a_correction_keeps_id_and_place(newsroom: Newsroom) -> None:
    """Readers would show the corrected story as a second one."""
    newsroom.take(GAME, ASSEMBLY)
    newsroom.publish()
    before = feedparser.parse((newsroom.folder / "front.atom").read_bytes()).entries
    newsroom.take(replace(GAME, published=GAME.published + timedelta(hours=3)), headline="온결게임즈 새 판 미룬다")
    newsroom.publish()
    after = feedparser.parse((newsroom.folder / "front.atom").read_bytes()).entries
    assert [entry.id for entry in after] == [entry.id for entry in before]
    assert [entry.published for entry in after] == [entry.published for entry in before]
    assert after[1].title == "온결게임즈 새 판 미룬다"
    assert after[1].updated > before[1].updated
    assert after[0] == before[0]


def test_a_story_whose_signature_was_wrong_leaves_that_reporters_feed(newsroom: Newsroom) -> None:
    """It would stay for good with somebody who did not write it."""
    newsroom.take(GAME)
    newsroom.publish()
    newsroom.take(GAME, body="<p>새로 쓴 기사다.</p>", signed=("ideun",))
    newsroom.publish()
    assert headlines(newsroom.folder, "reporters/chaewon.atom") == []
    assert headlines(newsroom.folder, "reporters/ideun.atom") == ["온결게임즈 새 판"]


def test_a_withdrawn_story_leaves_every_feed(newsroom: Newsroom) -> None:
    """A story that the paper took back would stay in the feeds that nothing else changes (invariant 3)."""
    newsroom.take(GAME, ASSEMBLY)
    newsroom.publish()
    newsroom.take(GAME, status=Status.CANCELLED)
    newsroom.publish()
    assert not [path for path, data in newsroom.files().items() if GAME.revision.headline in data.decode()]


def test_a_file_that_was_lost_comes_back(newsroom: Newsroom) -> None:
    """Somebody's slip of the hand would be a 404 until the section's next story."""
    newsroom.take(GAME)
    newsroom.publish()
    before = newsroom.files()
    for path in ("sections/sports.atom", "index.css", "feeds.opml"):
        (newsroom.folder / path).unlink()
    assert set(newsroom.publish().written) == {"sections/sports.atom", "index.css", "feeds.opml"}
    assert newsroom.files() == before


def test_another_folder_is_filled_from_the_start(newsroom: Newsroom, tmp_path: Path) -> None:
    """A second machine, or a folder deleted and made again, would hold only what comes after."""
    newsroom.take(GAME)
    newsroom.publish()
    newsroom.settings = newsroom.settings.model_copy(update={"directory": tmp_path / "other"})
    newsroom.publish()
    first, newsroom.folder = newsroom.files(), tmp_path / "other"
    assert newsroom.files() == first


def test_what_is_rendered_from_the_configuration_follows_it(newsroom: Newsroom) -> None:
    """A new name of a section or of the paper would be seen only in feeds that happen to change."""
    newsroom.take(GAME)
    newsroom.publish()
    newsroom.sections = SectionTree([replace(section, title="기술") if section.slug == "it" else section for section in SECTIONS])
    newsroom.publish()
    assert 'label="기술"' in newsroom.files()["reporters/chaewon.atom"].decode()
    newsroom.paper = newsroom.paper.model_copy(update={"name": "새두물일보"})
    newsroom.publish()
    assert all("새두물일보" in data.decode() for path, data in newsroom.files().items() if path.endswith(".atom"))


def test_a_new_reporter_gets_a_feed_and_costs_no_other(newsroom: Newsroom) -> None:
    """A newspaper meets a new name every day."""
    newsroom.take(GAME)
    newsroom.publish()
    newsroom.articles.save_reporters([replace(REPORTERS[0], slug="new", name="새기자", names=("새기자",), emails=())])
    assert set(newsroom.publish().written) == {"reporters/new.atom", "reporters/new.html", "feeds.opml", "index.html"}


def test_a_second_bearer_of_a_name_renames_the_first_ones_feed(newsroom: Newsroom) -> None:
    """Subscribers of the first would not see which one they have."""
    newsroom.publish()
    newsroom.articles.save_reporters([replace(REPORTERS[0], slug="ideun2", emails=("ideun2@dumul.example",), section="sports")])
    assert set(newsroom.publish().written) >= {"reporters/ideun.atom", "reporters/ideun2.atom"}
    assert (
        feedparser.parse((newsroom.folder / "reporters/ideun.atom").read_bytes()).feed.title == "두물일보 – 강이든 기자 (ideun)"
    )


def test_a_section_without_a_place_in_the_tree_stops_nothing(newsroom: Newsroom) -> None:
    """A section taken out of the configuration still has its stories."""
    newsroom.take(GAME, ASSEMBLY)
    newsroom.sections = SectionTree([Section(slug="politics", title="정치")])
    published = newsroom.publish()
    assert published.failed == ()
    assert headlines(newsroom.folder, "front.atom") == ["거꾸로 시정질문", "온결게임즈 새 판"]


def test_one_feed_that_cannot_be_written_stops_no_other_and_is_tried_again(newsroom: Newsroom) -> None:
    """One full or broken place would freeze the whole paper's feeds (invariant 6)."""
    newsroom.take(ASSEMBLY)
    newsroom.publish()
    blocked = newsroom.folder / "sections/it.atom"
    blocked.unlink()
    (blocked / "in the way").mkdir(parents=True)
    newsroom.take(GAME)
    published = newsroom.publish()
    assert [path for path, _ in published.failed] == ["sections/it.atom"]
    assert re.search(r"sections/it\.atom: .*directory.*; check feeds\.directory", published.failed[0][1])
    assert headlines(newsroom.folder, "sections/game.atom") == ["온결게임즈 새 판"]
    assert newsroom.publish().failed != ()
    (blocked / "in the way").rmdir()
    blocked.rmdir()
    assert newsroom.publish().written[0] == "sections/it.atom"
    assert headlines(newsroom.folder, "sections/it.atom") == ["온결게임즈 새 판"]


def test_a_name_that_xml_cannot_hold_costs_that_feed_alone(newsroom: Newsroom) -> None:
    """One reporter's broken name would freeze the feeds of all the others (invariant 6)."""
    newsroom.articles.save_reporters([replace(REPORTERS[0], slug="broken", name="강\x01이든", names=("강\x01이든",), emails=())])
    newsroom.take(GAME)
    with capture_logs() as said:
        published = newsroom.publish()
    assert {path for path, _ in published.failed} == {"reporters/broken.atom", "feeds.opml"}
    assert "reporters/broken.atom" in {line.get("path") for line in said}
    assert headlines(newsroom.folder, "sections/it.atom") == ["온결게임즈 새 판"]


def test_an_article_that_xml_cannot_hold_costs_itself_alone(newsroom: Newsroom) -> None:
    """One control character, let in by an older version, would lose the whole feed, as it does with feedgen alone."""
    newsroom.take(GAME, replace(ASSEMBLY, revision=replace(ASSEMBLY.revision, headline="거꾸로\x0b시정질문")), MATCH)
    with capture_logs() as said:
        assert newsroom.publish().failed == ()
    assert headlines(newsroom.folder, "front.atom") == ["마지막 20초에 뒤집다", "온결게임즈 새 판"]
    assert ASSEMBLY.id in {line.get("article") for line in said}


def test_a_feed_that_failed_keeps_its_old_file(newsroom: Newsroom) -> None:
    """Subscribers would meet a hole where their feed was (W10)."""
    newsroom.take(GAME)
    newsroom.publish()
    (newsroom.folder / "sections/.it.atom.part").mkdir()
    newsroom.take(replace(GAME, published=NOON + timedelta(hours=5)), headline="온결게임즈 새 판 미룬다")
    assert [path for path, _ in newsroom.publish().failed] == ["sections/it.atom"]
    assert headlines(newsroom.folder, "sections/it.atom") == ["온결게임즈 새 판"]
    assert headlines(newsroom.folder, "sections/game.atom") == ["온결게임즈 새 판 미룬다"]


def test_a_folder_that_cannot_be_written_at_all_is_an_error(newsroom: Newsroom) -> None:
    """The operator would be told that all is well while nothing is published."""
    newsroom.take(GAME)
    newsroom.folder.write_text("a file where the folder should be")
    with pytest.raises(FolderError, match="public"):
        newsroom.publish()
    newsroom.folder.unlink()
    assert len(newsroom.publish().written) == 2 * 11 + len(PAGES)


def test_the_window_counts_back_from_the_newest_story(newsroom: Newsroom) -> None:
    """A reader that polls once a day would miss stories, or a quiet reporter's feed would run empty (A18)."""
    newsroom.settings = newsroom.settings.model_copy(update={"window": timedelta(hours=10), "at_least": 3, "at_most": 8})
    quiet = [article(number, published=NOON + timedelta(days=number), sections=("sports",)) for number in range(5)]
    newsroom.take(*quiet)
    newsroom.publish()
    assert len(headlines(newsroom.folder, "sections/sports.atom")) == 3
    busy = [article(10 + number, published=NOON + timedelta(days=9, hours=number), sections=("it",)) for number in range(6)]
    newsroom.take(*busy)
    newsroom.publish()
    assert len(headlines(newsroom.folder, "front.atom")) == 6
    flood = [
        article(30 + number, published=NOON + timedelta(days=9, hours=5, minutes=number), sections=("it",)) for number in range(9)
    ]
    newsroom.take(*flood)
    newsroom.publish()
    ids = [entry.id for entry in feedparser.parse((newsroom.folder / "front.atom").read_bytes()).entries]
    assert ids == [story.id for story in reversed(flood)][:8]


def test_stories_of_one_second_keep_their_order(newsroom: Newsroom) -> None:
    """They would change places with every run, and every run would write the feed."""
    stories = [article(number, published=NOON, sections=("it",)) for number in range(1, 6)]
    newsroom.take(*stories)
    newsroom.publish()
    ids = [entry.id for entry in feedparser.parse((newsroom.folder / "front.atom").read_bytes()).entries]
    assert ids == [story.id for story in reversed(stories)]
    assert newsroom.publish(everything=True).written == ()


def test_who_waited_for_another_publisher_publishes_what_is_newest(newsroom: Newsroom) -> None:
    """What came in while it waited would be put back by the older of the two."""
    newsroom.take(GAME)
    newsroom.publish()
    waiting = threading.Thread(target=newsroom.publish)
    with open_storage(newsroom.folder).locked():
        waiting.start()
        newsroom.take(MATCH)
    waiting.join(30)
    assert headlines(newsroom.folder, "front.atom") == ["마지막 20초에 뒤집다", "온결게임즈 새 판"]


def test_how_far_the_folder_follows_can_be_asked(newsroom: Newsroom) -> None:
    """`masthead status` could not tell the operator that publishing lags."""
    assert newsroom.publisher().published_until() == 0
    newsroom.take(GAME, ASSEMBLY)
    newsroom.publish()
    assert newsroom.publisher().published_until() == newsroom.articles.last_change() == 2


def test_no_address_of_a_reporter_is_in_any_file(newsroom: Newsroom) -> None:
    """Every reporter's mailbox would be harvested."""
    newsroom.take(GAME, ASSEMBLY, MATCH)
    newsroom.publish()
    assert not [path for path, data in newsroom.files().items() if b"@dumul" in data]


def test_a_check_tells_what_differs_and_touches_nothing(newsroom: Newsroom) -> None:
    """An operator who only asks would overwrite what is to be looked at."""
    newsroom.take(GAME)
    newsroom.publish()
    assert newsroom.publish(check=True).written == ()
    spoilt = newsroom.folder / "sections/it.atom"
    spoilt.write_bytes(spoilt.read_bytes() + b"<!-- -->")
    before = stamps(newsroom.folder)
    assert newsroom.publish(check=True).written == ("sections/it.atom",)
    assert stamps(newsroom.folder) == before
    assert newsroom.publish(everything=True).written == ("sections/it.atom",)


def test_subscribers_hubs_are_told_which_feeds_are_new(newsroom: Newsroom) -> None:
    """A hub that is not told makes its subscribers wait a day; one that is told of all fetches a thousand feeds (P1)."""
    newsroom.settings = newsroom.settings.model_copy(update={"formats": ("atom", "rss")})
    newsroom.take(ASSEMBLY)
    newsroom.publish()
    newsroom.told.clear()
    newsroom.take(GAME)
    newsroom.publish()
    holding = ("front", "sections/it", "sections/game", "reporters/chaewon")
    assert sorted(newsroom.told) == sorted(
        f"https://feeds.dumul.example/{path}.{end}" for path in holding for end in ("atom", "rss")
    )
