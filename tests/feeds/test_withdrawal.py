"""Corrections and withdrawals: what readers who know no tombstones see, what archives keep, and what comes back."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from newsroom.model import Article, Status
from tests.feeds.builders import NOON, article, candidate
from tests.feeds.conftest import Newsroom
from tests.feeds.walk import EDITED, STONE, entry, faults, link, read, stamps, text, walk

SMALL = {"window": timedelta(hours=48), "at_least": 3, "at_most": 30, "archive": 10}
SECRET = "몰래 지운 낱말"
LONG_AFTER = NOON + timedelta(days=60)


def story(number: int) -> Article:
    """One a day."""
    return article(
        number,
        headline=f"소식 {number}",
        body=f"<p>{number}번째 소식: {SECRET}.</p>",
        published=NOON + timedelta(days=number),
        sections=("game",),
        signed=("ideun",),
    )


@pytest.fixture
def paper(newsroom: Newsroom) -> Newsroom:
    """A paper with thirty days behind it."""
    newsroom.settings = newsroom.settings.model_copy(update=SMALL)
    newsroom.take(*map(story, range(30)))
    newsroom.publish()
    return newsroom


def withdraw(newsroom: Newsroom, found: Article, now: datetime) -> None:
    newsroom.articles.accept(candidate(found, status=Status.CANCELLED), now)
    newsroom.publish()


def give_back(newsroom: Newsroom, found: Article, now: datetime) -> None:
    newsroom.articles.accept(candidate(found), now)
    newsroom.publish()


def pass_time(newsroom: Newsroom, first: int = 100, count: int = 5) -> None:
    """Days on which other stories come in."""
    newsroom.take(*map(story, range(first, first + count)))
    newsroom.publish()


def archive_of(newsroom: Newsroom, found: Article, path: str = "front") -> str:
    feed = next(feed for feed in newsroom.catalogue() if feed.path == path)
    history = walk(newsroom.folder, feed)
    return next(document for document, ids in history.entries.items() if found.id in ids)


def test_a_withdrawn_story_is_a_stub_of_the_same_id(paper: Newsroom) -> None:
    """Readers would go on showing what the paper took back: most know no tombstones."""
    found = story(29)
    before = text(entry(paper.folder, "front.atom", found.id), "updated")
    withdraw(paper, found, LONG_AFTER)
    for path in ("front", "sections/game", "sections/it", "reporters/ideun"):
        stub = entry(paper.folder, f"{path}.atom", found.id)
        assert text(stub, "updated") > before
        assert SECRET not in text(stub, "content")
        assert not list(stub.iter("{http://www.w3.org/2005/Atom}category"))
    assert found.url.encode() not in b"".join(paper.files().values())


def test_a_withdrawn_story_comes_out_of_its_archive(paper: Newsroom) -> None:
    """What a court forbade would stay in the archive, or its old address would lead nowhere."""
    found = story(4)
    old = archive_of(paper, found)
    assert old != "front.atom"
    later = archive_of(paper, story(15))
    kept = stamps(paper.folder)[later]
    withdraw(paper, found, LONG_AFTER)
    front = paper.catalogue().front
    history = walk(paper.folder, front)
    assert found.id in history.current
    assert sorted(history.ids) == sorted(story(number).id for number in range(30))
    led = read(paper.folder, old)
    new = link(led, "prev-archive")
    assert history.entries[old] == []
    assert history.documents.index(new) == history.documents.index(old) + 1
    assert link(led, "current") == link(read(paper.folder, new), "current") == "front.atom"
    assert stamps(paper.folder)[later] == kept, "only the archive that had it is issued anew"
    assert SECRET.encode() not in (paper.folder / old).read_bytes()
    assert faults(paper.folder, front) == []


def test_two_withdrawn_stories_of_one_archive(paper: Newsroom) -> None:
    """A client that knows the first address, or the second, would not find the third."""
    old = archive_of(paper, story(4))
    withdraw(paper, story(4), LONG_AFTER)
    second = archive_of(paper, story(5))
    withdraw(paper, story(5), LONG_AFTER + timedelta(hours=1))
    third = archive_of(paper, story(6))
    assert len({old, second, third}) == 3
    for path in (old, second):
        assert link(read(paper.folder, path), "prev-archive") == third
    assert faults(paper.folder, paper.catalogue().front) == []


def test_after_the_window_there_is_a_tombstone(paper: Newsroom) -> None:
    """Clients that know RFC 6721 would keep the stub for ever (A20)."""
    found = story(28)
    moment = NOON + timedelta(days=29, hours=1)
    withdraw(paper, found, moment)
    pass_time(paper, first=30, count=4)
    root = read(paper.folder, "front.atom")
    (stone,) = root.iter(STONE)
    assert stone.get("ref") == found.id
    assert datetime.fromisoformat(stone.get("when", "")) == moment
    assert next(stone.itersiblings("{http://www.w3.org/2005/Atom}entry", preceding=True), None) is None
    assert found.id not in walk(paper.folder, paper.catalogue().front).current
    assert faults(paper.folder, paper.catalogue().front) == []


def test_a_tombstone_stays_in_the_archive(paper: Newsroom) -> None:
    """Who walks the history later would take the withdrawn story for one of a title without text."""
    found = story(28)
    withdraw(paper, found, NOON + timedelta(days=29, hours=1))
    pass_time(paper, first=30, count=20)
    history = walk(paper.folder, paper.catalogue().front)
    assert found.id in history.archived
    assert [found.id] in history.stones.values()
    assert faults(paper.folder, paper.catalogue().front) == []


@pytest.mark.parametrize("days", [0, 4, 20], ids=["as a stub", "as a tombstone", "from the archive"])
def test_what_comes_back_is_later_than_its_withdrawal(paper: Newsroom, days: int) -> None:
    """Clients would drop it again, as the later of entry and tombstone counts (RFC 6721 §3)."""
    found = story(28)
    withdrawn = NOON + timedelta(days=29, hours=1)
    withdraw(paper, found, withdrawn)
    if days:
        pass_time(paper, first=30, count=days)
    give_back(paper, found, withdrawn)
    history = walk(paper.folder, paper.catalogue().front)
    assert history.ids.count(found.id) == 1
    back = entry(paper.folder, archive_of(paper, found), found.id)
    assert datetime.fromisoformat(text(back, "updated")) > withdrawn
    assert text(back, "title") == "소식 28"
    assert not [stones for stones in history.stones.values() if found.id in stones]
    assert faults(paper.folder, paper.catalogue().front) == []


def test_a_stub_is_seen_in_a_feed_that_is_full(paper: Newsroom) -> None:
    """On a day with many stories nobody would hear of the withdrawal."""
    paper.settings = paper.settings.model_copy(update={"at_most": 8})
    rush = [
        article(200 + number, published=NOON + timedelta(days=31, minutes=number), sections=("game",)) for number in range(20)
    ]
    paper.take(*rush)
    paper.publish()
    withdraw(paper, story(2), NOON + timedelta(days=31, hours=1))
    assert story(2).id in walk(paper.folder, paper.catalogue().front).current


def test_a_correction_is_told_in_the_story(paper: Newsroom) -> None:
    """Readers would believe what was wrong; `updated` tells them that it matters (A7)."""
    found = story(27)
    before = entry(paper.folder, "front.atom", found.id)
    paper.articles.correct(found.id, "이름을 바로잡습니다.", serious=False, now=LONG_AFTER)
    paper.publish()
    after = entry(paper.folder, "front.atom", found.id)
    assert text(after, "published") == text(before, "published")
    assert datetime.fromisoformat(text(after, "updated")) == LONG_AFTER
    assert datetime.fromisoformat(after.findtext(EDITED) or "") == LONG_AFTER
    assert "이름을 바로잡습니다." in text(after, "content")


def test_a_slight_edit_moves_only_edited(paper: Newsroom) -> None:
    """Every typo would be news to every reader; and who syncs by app:edited would miss it (A7)."""
    found = story(27)
    before = entry(paper.folder, "front.atom", found.id)
    paper.articles.accept(candidate(found, body=f"<p>27번째 소식: {SECRET}!</p>"), LONG_AFTER)
    paper.publish()
    after = entry(paper.folder, "front.atom", found.id)
    assert text(after, "updated") == text(before, "updated")
    assert datetime.fromisoformat(after.findtext(EDITED) or "") == LONG_AFTER
    assert f"{SECRET}!" in text(after, "content")


def test_a_significant_correction_brings_an_old_story_back_in_sight(paper: Newsroom) -> None:
    """Who has the wrong story would never get the right one: nobody reads old archives again."""
    found = story(3)
    old = archive_of(paper, found)
    paper.articles.correct(found.id, "숫자를 바로잡습니다.", serious=False, now=LONG_AFTER)
    paper.publish()
    history = walk(paper.folder, paper.catalogue().front)
    assert found.id in history.current
    assert sorted(history.ids) == sorted(story(number).id for number in range(30))
    assert history.entries[old] == []


def test_a_corrected_story_that_gets_a_new_signature_at_once(paper: Newsroom) -> None:
    """The wrong text would stay in the archives of all feeds but the new reporter's."""
    found = story(3)
    publisher = paper.publisher()
    publisher.publish()
    reporters = paper.articles.reporters()
    newcomer = type(reporters[0])(slug="saero", name="한새로", names=("한새로",))
    paper.articles.save_reporters([newcomer])
    signed = candidate(found, headline="제목을 고쳤다")
    credit = type(found.revision.credits[0])(name="한새로", reporter="saero")
    paper.articles.accept(
        type(signed)(**{**{name: getattr(signed, name) for name in signed.__slots__}, "credits": (credit,)}), LONG_AFTER
    )
    publisher.publish()
    front = walk(paper.folder, paper.catalogue().front)
    assert found.id in front.current
    assert text(entry(paper.folder, "front.atom", found.id), "title") == "제목을 고쳤다"
    assert found.id in walk(paper.folder, paper.catalogue().of_reporter["saero"]).current
    assert found.id not in walk(paper.folder, paper.catalogue().of_reporter["ideun"]).ids


def test_a_serious_correction_has_an_entry_of_its_own(paper: Newsroom) -> None:
    """Readers show a changed story as old news: nobody would be told."""
    found = story(3)
    paper.articles.correct(found.id, "사람을 잘못 썼습니다.", serious=True, now=LONG_AFTER)
    paper.publish()
    for path in ("front", "sections/game", "sections/it", "reporters/ideun"):
        first = read(paper.folder, f"{path}.atom").find("{http://www.w3.org/2005/Atom}entry")
        assert first is not None
        assert text(first, "id") == f"{found.id}/correction/2"
        assert "사람을 잘못 썼습니다." in text(first, "content")
        related = first.find("{http://www.w3.org/2005/Atom}link[@rel='related']")
        assert related is not None
        assert related.get("href") == found.url
        assert datetime.fromisoformat(text(first, "published")) == LONG_AFTER
    assert "사람을 잘못 썼습니다." in text(entry(paper.folder, "front.atom", found.id), "content")


@pytest.mark.parametrize("days", [0, 20], ids=["in sight", "archived"])
def test_a_second_serious_correction_takes_the_place_of_the_first(paper: Newsroom, days: int) -> None:
    """Two corrections of one story would contradict each other."""
    found = story(3)
    paper.articles.correct(found.id, "사람을 잘못 썼습니다.", serious=True, now=NOON + timedelta(days=30))
    paper.publish()
    if days:
        pass_time(paper, first=30, count=days)
        assert f"{found.id}/correction/2" in walk(paper.folder, paper.catalogue().front).archived
    paper.articles.correct(found.id, "그 사람도 아니었습니다.", serious=True, now=LONG_AFTER)
    paper.publish()
    history = walk(paper.folder, paper.catalogue().front)
    corrections = [name for name in history.ids if "/correction/" in name]
    assert corrections == [f"{found.id}/correction/3"]
    assert "그 사람도 아니었습니다." in text(entry(paper.folder, "front.atom", corrections[0]), "content")
    assert faults(paper.folder, paper.catalogue().front) == []


def test_the_correction_of_a_withdrawn_story_goes_and_comes_back_with_it(paper: Newsroom) -> None:
    """The withdrawn story would be told of by its correction, or the correction stay dead for clients after the return."""
    found = story(29)
    paper.articles.correct(found.id, "사람을 잘못 썼습니다.", serious=True, now=NOON + timedelta(days=30))
    paper.articles.correct(found.id, "그리고 한 글자를 고쳤습니다.", serious=False, now=NOON + timedelta(days=30, hours=1))
    paper.publish()
    name = f"{found.id}/correction/2"
    published = text(entry(paper.folder, "front.atom", name), "published")
    withdraw(paper, found, LONG_AFTER)
    gone = entry(paper.folder, "front.atom", name)
    assert "사람" not in text(gone, "content")
    assert found.url.encode() not in b"".join(paper.files().values())
    give_back(paper, found, LONG_AFTER)
    back = entry(paper.folder, "front.atom", name)
    assert text(back, "updated") > text(gone, "updated")
    assert text(back, "published") == published
    assert faults(paper.folder, paper.catalogue().front) == []


def test_the_word_of_a_withdrawal_is_of_its_own_moment(newsroom: Newsroom) -> None:
    """Machines that publish seldom would tell another time than those that publish at once."""
    found = story(1)
    newsroom.take(found)
    newsroom.publish()
    moment = NOON + timedelta(days=2)
    newsroom.articles.accept(candidate(found, status=Status.CANCELLED), moment)
    newsroom.articles.accept(candidate(found, status=Status.CANCELLED, headline="지운 뒤에 고쳤다"), moment + timedelta(days=1))
    newsroom.publish()
    assert datetime.fromisoformat(text(entry(newsroom.folder, "front.atom", found.id), "updated")) == moment


def test_what_was_never_shown_leaves_no_trace(newsroom: Newsroom) -> None:
    """A story withdrawn before it was published would be announced by its stub."""
    found = story(1)
    newsroom.take(found, status=Status.WITHHELD)
    newsroom.take(story(2))
    newsroom.publish()
    withdraw(newsroom, found, LONG_AFTER)
    assert walk(newsroom.folder, newsroom.catalogue().front).ids == [story(2).id]


def test_one_withdrawn_before_it_was_published_leaves_no_trace(newsroom: Newsroom) -> None:
    """Nobody has it, so nobody need hear of it."""
    found = story(1)
    newsroom.take(story(2))
    newsroom.publish()
    newsroom.take(found)
    withdraw(newsroom, found, LONG_AFTER)
    assert walk(newsroom.folder, newsroom.catalogue().front).ids == [story(2).id]
