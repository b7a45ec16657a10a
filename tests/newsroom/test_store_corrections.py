"""Corrections and withdrawals: what readers have was wrong, or may no longer be shown."""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta
from typing import Any

import pytest

from newsroom.errors import EmptyNoteError, UnknownArticleError
from newsroom.model import Article, ChangeKind, Filing, Status, Verdict
from newsroom.store import ArticleStore
from tests.newsroom.builders import BODY, LATER, NOW, PUBLISHED, candidate, reporter, signed

ID = candidate().id
NOTE = "요금을 1,600원에서 1,700원으로 바로잡습니다."
STILL_LATER = LATER + timedelta(minutes=10)
LAST = STILL_LATER + timedelta(minutes=10)
SECOND = timedelta(seconds=1)


def stored(store: ArticleStore) -> Article:
    [article] = store.articles_as_stored([ID])
    return article


def filing(store: ArticleStore) -> Filing:
    [found] = store.filings([ID])
    return found


def changes(store: ArticleStore) -> list[tuple[ChangeKind, datetime]]:
    return [(change.kind, change.at) for change in store.changes_after(0)]


# --- an editor's correction ---


@pytest.mark.parametrize("serious", [True, False])
def test_a_correction_is_a_revision_with_a_note(store: ArticleStore, *, serious: bool) -> None:
    """The paper was wrong, and readers are not told."""
    store.save_reporters([reporter("seoh", "김서현", "seoh@news.example")])
    taken = candidate(credits=(signed("김서현", "seoh"), signed("박낯선")), series="창밖", keywords=("버스",))
    store.accept(taken, NOW)
    before = stored(store)
    raw = f"  {unicodedata.normalize('NFD', NOTE)}\n\x00 (seoh@news.example)"
    corrected = store.correct(ID, raw, serious=serious, now=LATER)
    assert corrected == stored(store)
    revision = corrected.revision
    assert (revision.number, revision.note, revision.serious) == (2, NOTE, serious)
    assert revision.updated == revision.edited == LATER
    assert (revision.headline, revision.body, revision.credits) == (
        before.revision.headline,
        before.revision.body,
        before.revision.credits,
    )
    assert (corrected.published, corrected.series, corrected.reporters) == (PUBLISHED, "창밖", ("seoh",))
    assert (filing(store).correction, filing(store).corrected) == ((2, LATER) if serious else (0, None))
    assert changes(store)[-1] == (ChangeKind.REVISED, LATER)
    assert [article.id for article in store.newest(reporter="seoh", limit=9)] == [ID]


def test_the_same_correction_said_twice_is_one(store: ArticleStore) -> None:
    """Readers get two entries because somebody pressed return twice."""
    store.accept(candidate(), NOW)
    first = store.correct(ID, NOTE, serious=True, now=LATER)
    assert store.correct(ID, f" {NOTE} ", serious=True, now=STILL_LATER) == first
    assert filing(store).correction == 2
    store.correct(ID, NOTE + " 독자께 사과드립니다.", serious=True, now=LAST)
    assert (filing(store).correction, filing(store).corrected) == (3, LAST)


def test_a_correction_needs_an_article_and_words(store: ArticleStore) -> None:
    """A mistyped address corrects nothing, and says nothing."""
    with pytest.raises(UnknownArticleError, match='no article "tag:unknown"; give the id or the address'):
        store.correct("tag:unknown", NOTE, serious=False, now=NOW)
    store.accept(candidate(), NOW)
    with pytest.raises(EmptyNoteError, match="needs a note"):
        store.correct(ID, " \u200b\n", serious=False, now=LATER)
    assert stored(store).revision.number == 1


def test_the_next_pull_does_not_undo_a_correction(store: ArticleStore) -> None:
    """Five minutes after an editor's correction the feeds are without it."""
    store.accept(candidate(), NOW)
    store.correct(ID, NOTE, serious=True, now=LATER)
    assert store.accept(candidate(), STILL_LATER).verdict is Verdict.UNCHANGED
    revised = store.accept(candidate(body=BODY.replace("1,600원", "1,700원")), STILL_LATER)
    assert (revised.verdict, revised.reason) == (Verdict.REVISED, "significant")
    revision = stored(store).revision
    assert (revision.number, revision.note, revision.serious) == (3, NOTE, True)
    assert (filing(store).correction, filing(store).corrected) == (2, LATER), "it is told once"


def test_an_editors_note_stands_until_the_source_has_a_new_one(store: ArticleStore) -> None:
    """The first, wrong correction on the paper's page takes turns with the editor's."""
    store.accept(candidate(note="이름을 바로잡습니다."), NOW)
    store.correct(ID, NOTE, serious=True, now=LATER)
    assert store.accept(candidate(note="이름을 바로잡습니다."), STILL_LATER).verdict is Verdict.UNCHANGED
    assert stored(store).revision.note == NOTE
    store.accept(candidate(note="이름과 요금을 바로잡습니다."), LAST)
    revision = stored(store).revision
    assert (revision.note, revision.serious, revision.updated) == ("이름과 요금을 바로잡습니다.", False, LAST)
    assert filing(store).correction == 2


def test_what_nobody_has_seen_is_corrected_unseen(store: ArticleStore) -> None:
    """A story under embargo was updated before it was published."""
    store.accept(candidate(embargo=STILL_LATER), NOW)
    store.correct(ID, NOTE, serious=False, now=LATER)
    store.release(STILL_LATER)
    revision = stored(store).revision
    assert (revision.note, revision.updated, revision.edited) == (NOTE, PUBLISHED, PUBLISHED)


def test_revisions_have_their_order_also_where_the_clock_goes_back(store: ArticleStore) -> None:
    """A change of a machine whose clock is behind is never published."""
    store.accept(candidate(), NOW)
    times = [store.filings([ID])[0].edited]
    for number, now in enumerate((LATER, LATER, NOW)):
        store.accept(candidate(headline=f"버스 요금 {number}"), now)
        times.append(store.filings([ID])[0].edited)
    assert times == sorted(set(times))


# --- withdrawn, and back ---


@pytest.mark.parametrize(
    "gone",
    [{"status": Status.WITHHELD}, {"status": Status.CANCELLED}, {"embargo": STILL_LATER}],
    ids=["held", "cancelled", "embargo"],
)
def test_what_comes_back_is_later_than_its_tombstone(store: ArticleStore, gone: dict[str, Any]) -> None:
    """An article that is let through again stays deleted in every reader, because the word of its removal is the newer one."""
    store.accept(candidate(), NOW)
    assert filing(store).withdrawn is None
    store.accept(candidate(**gone), LATER)
    assert (filing(store).public, filing(store).withdrawn) == (False, LATER)
    assert filing(store).edited < LATER
    assert changes(store)[-1] == (ChangeKind.STATUS, LATER)
    store.accept(candidate(**gone, headline="버스 요금 동결"), LATER)
    assert filing(store).withdrawn == LATER
    store.accept(candidate(headline="버스 요금 동결"), STILL_LATER)
    store.release(STILL_LATER)
    back = filing(store)
    assert (back.public, back.withdrawn, back.published) == (True, None, PUBLISHED)
    assert back.updated == back.edited == STILL_LATER
    assert changes(store)[-1] == (ChangeKind.RELEASED if "embargo" in gone else ChangeKind.STATUS, STILL_LATER)


def test_times_differ_by_a_second_at_least(store: ArticleStore) -> None:
    """Feeds give times to the second: tombstone and entry would have the same."""
    store.accept(candidate(), NOW)
    store.accept(candidate(headline="버스 요금 동결"), LATER)
    store.accept(candidate(headline="버스 요금 동결", status=Status.WITHHELD), LATER)
    assert filing(store).withdrawn == changes(store)[-1][1] == LATER + SECOND
    store.accept(candidate(headline="버스 요금 동결"), LATER)
    assert filing(store).updated == filing(store).edited == LATER + 2 * SECOND


def test_an_article_that_was_seen_keeps_its_date_while_it_is_away(store: ArticleStore) -> None:
    """An old story comes back as new after an embargo that came late."""
    store.accept(candidate(), NOW)
    moved: dict[str, Any] = {"embargo": STILL_LATER, "published": PUBLISHED + timedelta(minutes=20)}
    store.accept(candidate(**moved), LATER)
    store.accept(candidate(**moved, headline="버스 요금 동결"), LATER)
    assert (filing(store).published, filing(store).edited) == (PUBLISHED, LATER)
    store.release(STILL_LATER)
    assert (filing(store).published, filing(store).updated) == (PUBLISHED, STILL_LATER)


def test_what_was_never_seen_has_no_tombstone(store: ArticleStore) -> None:
    """A feed says that a story was withdrawn of which nobody had known."""
    store.accept(candidate(embargo=LAST), NOW)
    store.accept(candidate(status=Status.CANCELLED), LATER)
    assert (filing(store).public, filing(store).withdrawn) == (False, None)
    store.accept(candidate(), STILL_LATER)
    store.release(STILL_LATER)
    assert (filing(store).public, filing(store).updated) == (True, PUBLISHED)
