"""The store: an article is kept once, whole, with its history, on SQLite and PostgreSQL alike."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import newsroom.database
from newsroom.database import Database
from newsroom.errors import StoreBusyError
from newsroom.model import Agency, ChangeKind, CreditKind, Image, Key, Outcome, Status, Verdict
from newsroom.store import ArticleStore
from tests.newsroom.builders import BODY, LATER, NOW, PUBLISHED, candidate, reporter, rows, signed

ID = candidate().id


def test_an_article_comes_back_as_it_was_taken_in(store: ArticleStore) -> None:
    """Something of an article is lost between the source and the feeds."""
    store.save_reporters([reporter("seoh", "김서현", "seoh@news.example")])
    taken = candidate(
        credits=(
            signed("김서현", "seoh", email="seoh@news.example", dateline="파주", organisation="새벽일보", source_id="7"),
            signed("편집국", kind=CreditKind.DESK, unresolved="", email_local="desk"),
        ),
        images=(
            Image(url="https://img.example/1.jpg", alt="버스", caption="2일 새벽역 앞", credit="연합", width=640, height=480),
        ),
        sections=("society", "economy"),
        series="김서현의 길에서",
        keywords=("버스", "요금"),
        rights="ⓒ 새벽일보",
        agency=Agency(name="연합뉴스", url="https://www.yna.example", feed="https://www.yna.example/rss", rights="© 연합뉴스"),
        full_text_ok=False,
        note="이름을 바로잡습니다.",
    )
    outcome = store.accept(taken, NOW)
    assert outcome == Outcome(verdict=Verdict.NEW, headline=taken.headline, url=taken.url, article_id=ID)
    article = store.article(ID)
    assert article is not None
    for name in (
        "id",
        "url",
        "published",
        "sections",
        "status",
        "embargo",
        "language",
        "series",
        "keywords",
        "rights",
        "agency",
        "full_text_ok",
    ):
        assert getattr(article, name) == getattr(taken, name), name
    for name in ("headline", "body", "summary", "credits", "images", "content_hash", "note", "serious"):
        assert getattr(article.revision, name) == getattr(taken, name), name
    assert (article.revision.number, article.revision.updated, article.revision.edited) == (1, PUBLISHED, PUBLISHED)
    assert article.reporters == ("seoh",)
    assert store.find(taken.keys) == article
    assert store.count() == 1


@pytest.mark.parametrize(
    ("modified", "updated"),
    [
        (None, PUBLISHED),
        (PUBLISHED + timedelta(minutes=5), PUBLISHED + timedelta(minutes=5)),
        (PUBLISHED - timedelta(minutes=5), PUBLISHED),
        (NOW + timedelta(days=1), NOW),
    ],
)
def test_a_new_article_is_as_new_as_its_source_says_at_most_now(
    store: ArticleStore, modified: datetime | None, updated: datetime
) -> None:
    """An entry that was updated tomorrow stands on top of every reader's list for a day."""
    store.accept(candidate(modified=modified), NOW)
    assert _stored(store).revision.updated == updated


# --- who is who ---

NATIVE, OTHER_NATIVE = Key("native", "news.example:1"), Key("native", "news.example:2")
GUID, OTHER_GUID = Key("guid", "urn:1"), Key("guid", "urn:2")
URL, OTHER_URL = Key("url", "news.example/1"), Key("url", "news.example/2")
PRINT = Key("print", "2026-03-02T09:30:15\n버스요금\n김서현")


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ((NATIVE, URL), (NATIVE, OTHER_URL), True),
        ((GUID, URL), (GUID, OTHER_URL), True),
        ((URL,), (URL,), True),
        ((URL, PRINT), (OTHER_URL, PRINT), True),
        ((URL,), (GUID, URL), True),
        ((GUID, URL), (NATIVE, URL), True),
        ((NATIVE, URL), (OTHER_NATIVE, URL), False),
        ((NATIVE, PRINT), (OTHER_NATIVE, PRINT), False),
        ((GUID, URL), (OTHER_GUID, URL), False),
        ((GUID, PRINT), (OTHER_GUID, PRINT), False),
        ((NATIVE, GUID), (NATIVE, OTHER_GUID), True),
        ((NATIVE, GUID), (OTHER_NATIVE, GUID), True),
        ((URL,), (OTHER_URL,), False),
        ((), (), False),
    ],
)
def test_articles_are_joined_by_keys_in_their_order(
    store: ArticleStore, first: tuple[Key, ...], second: tuple[Key, ...], *, same: bool
) -> None:
    """One story stands twice in every feed; or two stories become one, and the first is lost."""
    one = store.accept(candidate(keys=first), NOW)
    two = store.accept(candidate(keys=second), NOW)
    assert (one.article_id == two.article_id) is same
    assert store.count() == (1 if same else 2)


def test_the_strongest_key_decides(store: ArticleStore) -> None:
    """A page whose address was given to another article shows the wrong story."""
    store.accept(candidate(1, keys=(NATIVE, URL)), NOW)
    store.accept(candidate(2, keys=(OTHER_NATIVE, OTHER_URL)), NOW)
    moved = store.accept(candidate(2, keys=(OTHER_NATIVE, URL)), NOW)
    assert (moved.verdict, moved.article_id) == (Verdict.UNCHANGED, candidate(2).id)
    found = store.find((URL,))
    assert found is not None
    assert found.id == candidate(1).id, "a key stays with the article that had it first"


def test_two_articles_never_get_one_id(store: ArticleStore) -> None:
    """Two hosts have a page of the same path and day: the second article could not be stored at all, or took over the first's id."""
    ids = [store.accept(candidate(1, keys=(Key("url", f"{host}.example/1"),)), NOW).article_id for host in ("a", "b", "c")]
    assert ids == [ID, f"{ID}-2", f"{ID}-3"]


def test_one_article_of_two_listings_is_filed_under_both(store: ArticleStore) -> None:
    """A story that stands on two section pages is in one feed only, or is two articles."""
    store.accept(candidate(sections=("society",)), NOW)
    seen = store.accept(candidate(source="economy", sections=("economy", "society")), LATER)
    assert (seen.verdict, seen.reason) == (Verdict.UNCHANGED, "filed under economy; kept as source list gave it")
    assert _stored(store).sections == ("society", "economy")
    assert [article.id for article in store.newest(sections=["economy"], limit=5)] == [ID]
    assert [change.kind for change in store.changes_after(0)] == [ChangeKind.NEW, ChangeKind.FILED]
    assert store.filed_under(ID) == (frozenset({"society", "economy"}), frozenset())


def test_another_source_never_overwrites_the_first(store: ArticleStore) -> None:
    """A shortened copy in a feed replaces the full text, and the two take turns for ever."""
    store.accept(candidate(), NOW)
    before = _stored(store)
    other = candidate(source="rss", headline="버스 요금 인상", body="<p>요약</p>", status=Status.WITHHELD, series="길에서")
    outcome = store.accept(other, LATER)
    assert (outcome.verdict, outcome.reason) == (Verdict.UNCHANGED, "kept as source list gave it")
    assert _stored(store) == before


# --- the second take ---


def test_a_second_take_writes_nothing(store: ArticleStore, database: Database) -> None:
    """Every pull rewrites the database and every feed, though nothing has happened."""
    store.save_reporters([reporter("seoh", "김서현")])
    taken = [candidate(n, credits=(signed("김서현", "seoh"), signed("박낯선"))) for n in range(1, 6)]
    held = candidate(9, published=NOW + timedelta(days=1))
    for article in [*taken, held]:
        store.accept(article, NOW)
    before, size = rows(database), _log_size(database)
    outcomes = [store.accept(article, LATER) for article in [*taken, held]]
    assert {(outcome.verdict, outcome.reason) for outcome in outcomes} == {(Verdict.UNCHANGED, "")}
    assert store.release(LATER) == 0
    assert rows(database) == before
    assert _log_size(database) == size


def test_a_changed_headline_makes_a_revision(store: ArticleStore) -> None:
    """A corrected headline never reaches the readers; or it comes as a second article."""
    first = store.accept(candidate(), NOW)
    second = store.accept(candidate(headline="버스 요금 100원 오른다"), LATER)
    assert (second.verdict, second.reason, second.article_id) == (Verdict.REVISED, "significant", first.article_id)
    article = _stored(store)
    assert (article.published, article.revision.number, article.revision.headline) == (PUBLISHED, 2, "버스 요금 100원 오른다")
    assert article.revision.updated == article.revision.edited == LATER
    assert [(change.kind, change.revision) for change in store.changes_after(0)] == [(ChangeKind.NEW, 1), (ChangeKind.REVISED, 2)]


def test_a_corrected_typo_is_edited_but_not_updated(store: ArticleStore) -> None:
    """Every reader's list shows the story as new because of one letter."""
    store.accept(candidate(), NOW)
    outcome = store.accept(candidate(body=BODY.replace("승객이", "승객은")), LATER)
    assert (outcome.verdict, outcome.reason) == (Verdict.REVISED, "slight")
    revision = _stored(store).revision
    assert (revision.number, revision.updated, revision.edited) == (2, PUBLISHED, LATER)


def test_a_changed_figure_is_news(store: ArticleStore) -> None:
    """A wrong price stays in the lists of those who have read it."""
    store.accept(candidate(), NOW)
    assert store.accept(candidate(body=BODY.replace("1,600원", "1,700원")), LATER).reason == "significant"
    assert _stored(store).revision.updated == LATER


def test_a_series_alone_makes_a_revision(store: ArticleStore) -> None:
    """A column keeps the name that the paper has taken away."""
    store.accept(candidate(series="길에서"), NOW)
    assert store.accept(candidate(series=""), LATER).verdict is Verdict.REVISED
    assert _stored(store).series == ""


def test_published_never_moves_once_it_was_read(store: ArticleStore) -> None:
    """An old story comes back as new when the paper touches its date."""
    store.accept(candidate(), NOW)
    store.accept(candidate(published=PUBLISHED + timedelta(minutes=10), headline="버스 요금 오른다"), LATER)
    assert _stored(store).published == PUBLISHED


# --- what may not be shown ---


@pytest.mark.parametrize(
    "held",
    [
        {"embargo": NOW + timedelta(hours=1)},
        {"published": NOW + timedelta(hours=1)},
        {"published": NOW + timedelta(minutes=30), "embargo": NOW + timedelta(hours=1)},
        {"published": NOW + timedelta(hours=1), "embargo": NOW + timedelta(minutes=30)},
    ],
)
def test_embargoed_and_future_articles_wait_for_their_moment(store: ArticleStore, held: dict[str, Any]) -> None:
    """An embargo is broken, or a story that was held is never published."""
    moment = NOW + timedelta(hours=1)
    outcome = store.accept(candidate(**held), NOW)
    assert (outcome.verdict, outcome.reason) == (Verdict.HELD, f"not to be shown before {moment.isoformat()}")
    assert _shown(store) == []
    assert store.changes_after(0) == []
    assert store.release(moment - timedelta(microseconds=1)) == 0
    assert store.release(moment) == 1
    assert _shown(store) == [ID]
    assert store.release(moment) == 0
    assert [change.kind for change in store.changes_after(0)] == [ChangeKind.RELEASED]


def test_articles_are_released_in_the_order_of_their_moments(store: ArticleStore) -> None:
    """The digest shows the older of two embargoed stories as the newer."""
    for number, minutes in ((1, 30), (2, 10), (3, 20)):
        store.accept(candidate(number, embargo=NOW + timedelta(minutes=minutes)), NOW)
    assert store.release(NOW + timedelta(hours=1)) == 3
    assert [change.article_id[-1] for change in store.changes_after(0)] == ["2", "3", "1"]


@pytest.mark.parametrize("status", [Status.WITHHELD, Status.CANCELLED])
def test_a_withdrawn_article_is_nowhere_until_it_is_usable_again(store: ArticleStore, status: Status) -> None:
    """A cancelled story is mailed to every reader."""
    store.accept(candidate(), NOW)
    outcome = store.accept(candidate(status=status), LATER)
    assert (outcome.verdict, outcome.reason) == (Verdict.REVISED, f"status {status}")
    assert _shown(store) == []
    found = store.find(candidate().keys)
    assert found is not None
    assert found.status is status
    store.accept(candidate(), LATER)
    assert _shown(store) == [ID]
    kinds = [change.kind for change in store.changes_after(0)]
    assert kinds == [ChangeKind.NEW, ChangeKind.STATUS, ChangeKind.STATUS]


def test_what_was_withheld_from_the_start_comes_with_its_permission(store: ArticleStore) -> None:
    """A story that a lawyer has let through is never published."""
    assert store.accept(candidate(status=Status.WITHHELD), NOW).verdict is Verdict.HELD
    assert store.release(LATER) == 0
    assert store.accept(candidate(), LATER).verdict is Verdict.REVISED
    assert store.release(LATER) == 1
    assert _shown(store) == [ID]


def test_an_embargo_can_be_moved_and_lifted(store: ArticleStore) -> None:
    """A story goes out at the hour that was first agreed, not at the later one."""
    first, second = NOW + timedelta(hours=1), NOW + timedelta(hours=2)
    store.accept(candidate(embargo=first), NOW)
    assert store.accept(candidate(embargo=second), LATER).reason == f"not to be shown before {second.isoformat()}"
    assert store.release(first) == 0
    store.accept(candidate(embargo=None), first)
    assert store.release(first) == 1
    assert _shown(store) == [ID]


def test_an_embargo_that_comes_late_takes_the_story_back(store: ArticleStore) -> None:
    """A story that slipped out stays in every feed although its embargo is known."""
    store.accept(candidate(), NOW)
    store.accept(candidate(embargo=NOW + timedelta(hours=1)), LATER)
    assert _shown(store) == []
    assert store.release(NOW + timedelta(hours=1)) == 1
    assert _shown(store) == [ID]
    assert _stored(store).published == PUBLISHED


def test_a_planned_story_follows_its_plan(store: ArticleStore) -> None:
    """A story planned for ten and put off to noon is published at ten, or stands in the feeds at the wrong place."""
    ten, noon = NOW + timedelta(hours=1), NOW + timedelta(hours=3)
    store.save_reporters([reporter("seoh", "김서현")])
    planned = candidate(published=ten, credits=(signed("김서현", "seoh"),))
    store.accept(planned, NOW)
    store.accept(replace(planned, published=noon), LATER)
    store.accept(replace(planned, published=noon, headline="버스 요금, 오늘부터", content_hash="new"), LATER)
    assert store.release(ten) == 0
    assert store.release(noon) == 1
    article = _stored(store)
    assert article.published == article.revision.updated == article.revision.edited == noon
    assert article.revision.number == 2
    between = candidate(2, published=ten + timedelta(minutes=1), credits=planned.credits)
    store.accept(between, noon)
    for found in (store.newest(limit=9), store.newest(sections=["society"], limit=9), store.newest(reporter="seoh", limit=9)):
        assert [article.id for article in found] == [planned.id, between.id]


# --- reading ---


def test_the_newest_come_first(store: ArticleStore) -> None:
    """A feed shows old stories above new ones, or the wrong ones."""
    store.save_reporters([reporter("seoh", "김서현"), reporter("hjk1", "김현정")])
    for number, (minutes, sections, slug) in enumerate(
        [
            (0, ("society",), "seoh"),
            (3, ("economy",), "hjk1"),
            (1, ("game",), "seoh"),
            (2, ("society", "game"), "seoh"),
            (2, ("game",), "hjk1"),
        ],
        1,
    ):
        credits_ = (signed("김서현" if slug == "seoh" else "김현정", slug),)
        published = PUBLISHED + timedelta(minutes=minutes)
        store.accept(candidate(number, published=published, sections=sections, credits=credits_), NOW)

    def newest(**which: object) -> list[int]:
        return [int(article.id.rpartition("/")[2]) for article in store.newest(**({"limit": 9} | which))]  # type: ignore[arg-type]  # the caller's

    assert newest() == [2, 5, 4, 3, 1]
    assert newest(limit=2) == [2, 5]
    assert newest(sections=["society", "game"]) == [5, 4, 3, 1]
    assert newest(sections=["society", "game"], limit=2) == [5, 4]
    assert newest(sections=["game", "game"]) == [5, 4, 3]
    assert newest(sections=[]) == newest(sections=["nowhere"]) == newest(reporter="nobody") == []
    assert newest(reporter="seoh") == [4, 3, 1]
    assert newest(reporter="hjk1", limit=1) == [2]


def test_articles_come_in_the_order_asked_for(store: ArticleStore) -> None:
    """A digest planned with five stories is shown in another order, or with a withdrawn one."""
    for number in (1, 2, 3):
        store.accept(candidate(number, status=Status.WITHHELD if number == 2 else Status.USABLE), NOW)
    ids = [candidate(number).id for number in (3, 2, 1, 4)]
    assert [article.id for article in store.articles(ids)] == [ids[0], ids[2]]
    assert store.articles([]) == []
    assert store.article(ids[1]) is None


def test_a_window_begins_after_its_start_and_ends_with_its_end(store: ArticleStore) -> None:
    """A story on the boundary of two editions is in both, or in neither."""
    start, end = PUBLISHED, PUBLISHED + timedelta(minutes=10)
    for number, minutes in enumerate((-1, 0, 1, 10, 11), 1):
        store.accept(candidate(number, published=PUBLISHED + timedelta(minutes=minutes)), NOW)
    found = store.window(start, end, late_from=start, entered_after=None)
    assert [article.id[-1] for article in found] == ["3", "4"]


def test_a_window_has_what_came_in_late_for_the_last(store: ArticleStore) -> None:
    """A story published before the last edition and pulled after it is in no edition at all."""
    last = PUBLISHED + timedelta(minutes=10)
    store.accept(candidate(1, published=last - timedelta(minutes=3)), last - timedelta(minutes=2))
    store.accept(candidate(2, published=last - timedelta(minutes=2)), last + timedelta(minutes=1))
    store.accept(candidate(3, published=last - timedelta(hours=9)), last + timedelta(minutes=1))
    store.accept(candidate(4, published=last + timedelta(minutes=1)), last + timedelta(minutes=1))
    held = candidate(5, published=last - timedelta(minutes=1), embargo=last + timedelta(minutes=5))
    store.accept(held, last - timedelta(minutes=1))
    store.release(last + timedelta(minutes=5))
    found = store.window(last, last + timedelta(hours=1), late_from=last - timedelta(hours=1), entered_after=last)
    assert [article.id[-1] for article in found] == ["2", "5", "4"]


def test_changes_are_followed_to_their_end(store: ArticleStore) -> None:
    """A feed misses a change, or publishes everything each time."""
    assert (store.last_change(), store.changes_after(0)) == (0, [])
    for number in (1, 2, 3):
        store.accept(candidate(number), NOW)
    record = store.changes_after(0)
    assert [change.sequence for change in record] == sorted({change.sequence for change in record})
    assert [change.article_id[-1] for change in record] == ["1", "2", "3"]
    assert {(change.kind, change.revision, change.at) for change in record} == {(ChangeKind.NEW, 1, NOW)}
    assert store.changes_after(0, limit=2) == record[:2]
    assert store.changes_after(record[1].sequence) == record[2:]
    assert store.last_change() == record[-1].sequence


def test_a_follower_misses_no_change_of_many_writers(database: Database, database_url: str) -> None:
    """On PostgreSQL numbers are handed out before commit: a feed that has seen 8 never looks for the 7 that is committed later."""
    machines = [Database(database_url) for _ in range(3)]
    total = 60

    def fill(machine: int) -> None:
        store = ArticleStore(machines[machine])
        for number in range(machine, total, len(machines)):
            store.accept(candidate(number), NOW)

    follower, seen, followed = ArticleStore(database), list[str](), 0
    with ThreadPoolExecutor(3) as pool:
        jobs = [pool.submit(fill, machine) for machine in range(3)]
        while not all(job.done() for job in jobs) or follower.last_change() > followed:
            for change in follower.changes_after(followed):
                followed = change.sequence
                seen.append(change.article_id)
        for job in jobs:
            job.result()
    assert sorted(seen) == sorted(candidate(number).id for number in range(total))
    for machine in machines:
        machine.close()


def test_two_machines_that_find_an_article_new_add_it_once(database: Database, database_url: str) -> None:
    """Two workers pull the same page at the same minute, and one of them fails or the story stands twice."""
    machines = [Database(database_url) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        outcomes = [
            outcome
            for number in range(10)
            for outcome in pool.map(lambda machine, n=number: ArticleStore(machine).accept(candidate(n), NOW), machines)
        ]
    verdicts = [outcome.verdict for outcome in outcomes]
    assert (verdicts.count(Verdict.NEW), verdicts.count(Verdict.UNCHANGED)) == (10, 30)
    assert ArticleStore(database).count() == 10
    for machine in machines:
        machine.close()


FILING = """
import sys, itertools
from newsroom.database import Database
from newsroom.store import ArticleStore
from tests.newsroom.builders import NOW, candidate, signed
store = ArticleStore(Database(sys.argv[1]))
for number in itertools.count():
    print(store.accept(candidate(number, credits=(signed("김서현"),)), NOW).article_id, flush=True)
"""


def test_a_killed_program_leaves_whole_articles(store: ArticleStore, database_url: str) -> None:
    """After a power cut an article has no text, or no feed ever learns of it."""
    command = [sys.executable, "-c", FILING, database_url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as program:
        assert program.stdout
        said = [program.stdout.readline().strip() for _ in range(25)]
        program.kill()
    changed = [change.article_id for change in store.changes_after(0)]
    assert changed[:25] == said, "what was said to be kept is kept"
    assert store.count() == len(changed) == len(store.unresolved())
    assert len(store.newest(limit=10_000)) == len(store.newest(sections=["society"], limit=10_000)) == len(changed)


def test_an_article_knows_every_feed_it_was_in(store: ArticleStore) -> None:
    """A story that changed hands stays in the first reporter's feed with its old text."""
    store.save_reporters([reporter("seoh", "김서현"), reporter("hjk1", "김현정")])
    store.accept(candidate(credits=(signed("김서현", "seoh"),)), NOW)
    store.accept(candidate(credits=(signed("김현정", "hjk1"),), sections=("society", "economy")), LATER)
    assert store.filed_under(ID) == (frozenset({"society", "economy"}), frozenset({"seoh", "hjk1"}))
    assert store.newest(reporter="seoh", limit=5) == []
    assert [article.reporters for article in store.newest(reporter="hjk1", limit=5)] == [("hjk1",)]
    assert store.filed_under("tag:unknown") == (frozenset(), frozenset())


# --- reporters ---


def test_reporters_come_back_as_they_were_saved(store: ArticleStore) -> None:
    """A reporter loses an address with each restart, and is a new person each time."""
    two = [
        reporter("seoh", "김서현", "seoh@news.example", "kim@old.example", names=("김서현", "김서희"), source_ids=("7",)),
        reporter("hjk1", "김현정", role="차장", section="economy", active=False),
    ]
    store.save_reporters(two)
    assert store.reporters() == two
    changed = replace(two[0], names=("김서희",), emails=("seoh@news.example",), source_ids=())
    store.save_reporters([changed])
    assert store.reporters() == [changed, two[1]]


def test_a_directory_keeps_what_it_learns(store: ArticleStore) -> None:
    """A reporter is learnt anew with every pull."""
    with store.directory() as directory:
        directory.learn(signed("김서현", email="seoh@news.example"))
    assert [found.slug for found in store.reporters()] == ["seoh"]


def test_two_machines_learn_without_taking_a_slug_from_each_other(database: Database, database_url: str) -> None:
    """Two reporters of one local part, first seen at the same second, become one person with one feed."""
    machines = [Database(database_url) for _ in range(4)]

    def learn(machine: Database, number: int) -> None:
        with ArticleStore(machine).directory() as directory:
            directory.learn(signed(f"김{'가나다라'[number]}은", email=f"kim@{number}.example"))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(learn, machines, range(4)))
    found = ArticleStore(database).reporters()
    assert len(found) == len({person.slug for person in found}) == 4
    assert {person.names for person in found} == {("김가은",), ("김나은",), ("김다은",), ("김라은",)}
    for machine in machines:
        machine.close()


def test_the_review_list_has_whom_nobody_knows(store: ArticleStore) -> None:
    """An editor looks for the bylines that need a decision and finds others, or none."""
    store.save_reporters([reporter("seoh", "김서현")])
    credits_ = (signed("김서현", "seoh"), signed("박낯선"), signed("연합뉴스", kind=CreditKind.AGENCY, unresolved=""))
    store.accept(candidate(1, credits=credits_), NOW)
    store.accept(candidate(2, credits=(signed("최모름"),), published=PUBLISHED + timedelta(minutes=1)), NOW)
    assert [(id_[-1], credit.name) for id_, credit in store.unresolved()] == [("2", "최모름"), ("1", "박낯선")]
    assert [credit.name for _, credit in store.unresolved(["박낯선", "김서현"])] == ["박낯선"]
    assert store.unresolved([]) == []
    store.accept(candidate(2, credits=(signed("김서현", "seoh"),), published=PUBLISHED + timedelta(minutes=1)), LATER)
    assert [credit.name for _, credit in store.unresolved()] == ["박낯선"], "a name that is no longer printed needs no decision"


def test_a_signature_can_be_resolved_later(store: ArticleStore) -> None:
    """Stories of a reporter's first week are never in his or her feed."""
    store.accept(candidate(credits=(signed("김서현"),)), NOW)
    store.save_reporters([reporter("seoh", "김서현")])
    store.resolve(ID, "김서현", "seoh", LATER)
    store.resolve(ID, "김서현", "seoh", LATER)
    assert [article.reporters for article in store.newest(reporter="seoh", limit=5)] == [("seoh",)]
    assert store.unresolved() == []
    assert [change.kind for change in store.changes_after(0)] == [ChangeKind.NEW, ChangeKind.RESOLVED]


def test_a_signature_stays_resolved_when_the_article_is_revised(store: ArticleStore) -> None:
    """A second 김현정 joins the paper, the first corrects a story of last week, and it leaves her feed."""
    store.save_reporters([reporter("hjk1", "김현정")])
    store.accept(candidate(credits=(signed("김현정", "hjk1"),)), NOW)
    unclear = (signed("김현정", unresolved="2 active reporters have this name"),)
    store.accept(candidate(headline="버스 요금 동결", credits=unclear), LATER)
    assert [article.reporters for article in store.newest(reporter="hjk1", limit=5)] == [("hjk1",)]
    assert store.unresolved() == []


@pytest.mark.parametrize("source", ["list", "rss"])
def test_a_signature_is_resolved_by_what_a_later_version_tells(store: ArticleStore, source: str) -> None:
    """The address stands only in the second version, or in another source, and the story stays on the review list."""
    store.save_reporters([reporter("hjk1", "김현정"), reporter("hjk2", "김현정")])
    store.accept(candidate(credits=(signed("김현정"),)), NOW)
    outcome = store.accept(candidate(source=source, credits=(signed("김현정", "hjk2", email="hjk2@news.example"),)), LATER)
    assert outcome.verdict is Verdict.UNCHANGED
    assert outcome.reason.startswith("signed by hjk2")
    assert [article.id for article in store.newest(reporter="hjk2", limit=5)] == [ID]


# --- what could not be read, and what was read ---


def test_a_refusal_is_kept_once_with_its_raw_strings(store: ArticleStore) -> None:
    """An operator cannot see what was wrong, or sees it a hundred times a day."""
    outcome = Outcome(verdict=Verdict.REFUSED, headline="버스", url="https://news.example/1", reason="no date")
    raw = {"published": "내일쯤", "odd": "\x00\ud800"}
    assert store.refuse("list", "fingerprint", outcome, raw, NOW)
    assert not store.refuse("list", "fingerprint", outcome, raw, LATER)
    assert store.refuse("rss", "fingerprint", outcome, {}, LATER)
    newest, oldest = store.refusals()
    assert (newest.source, oldest.source) == ("rss", "list")
    assert (oldest.headline, oldest.url, oldest.reason, oldest.raw, oldest.at) == ("버스", outcome.url, "no date", raw, NOW)
    assert store.refusals(limit=1) == [newest]


def test_validators_count_for_the_rules_they_were_read_under(store: ArticleStore) -> None:
    """After a change of selectors the page is never read again, because it has not changed."""
    page = "https://news.example/list"
    store.save_fetched("list", {page: ('"1"', "Mon, 02 Mar 2026 00:00:00 GMT")}, "rules")
    assert store.fetched("list", page, "rules") == ('"1"', "Mon, 02 Mar 2026 00:00:00 GMT")
    assert store.fetched("list", page, "others") is None
    assert store.fetched("rss", page, "rules") is None
    store.save_fetched("list", {page: ('"2"', "")}, "others")
    assert store.fetched("list", page, "others") == ('"2"', "")
    assert store.fetched("list", page, "rules") is None


# --- a locked database ---

WRITERS: dict[str, Callable[[ArticleStore], object]] = {
    "accept": lambda store: store.accept(candidate(2), NOW),
    "release": lambda store: store.release(NOW + timedelta(days=9)),
    "correct": lambda store: store.correct(ID, "바로잡습니다.", serious=True, now=NOW),
    "refuse": lambda store: store.refuse("list", "f", Outcome(verdict=Verdict.REFUSED, headline="", url=""), {}, NOW),
    "directory": lambda store: store.directory().__enter__(),
    "save_reporters": lambda store: store.save_reporters([]),
    "resolve": lambda store: store.resolve(ID, "김서현", "seoh", NOW),
    "save_fetched": lambda store: store.save_fetched("list", {}, ""),
}
READERS: dict[str, Callable[[ArticleStore], object]] = {
    "find": lambda store: store.find(candidate().keys),
    "article": lambda store: store.article(ID),
    "articles": lambda store: store.articles([ID]),
    "articles_as_stored": lambda store: store.articles_as_stored([ID]),
    "newest": lambda store: store.newest(limit=9),
    "newest of sections": lambda store: store.newest(sections=["society"], limit=9),
    "newest of a reporter": lambda store: store.newest(reporter="seoh", limit=9),
    "newest of terms": lambda store: store.newest(terms=["keyword:버스"], limit=9),
    "filed": lambda store: store.filed(after=store.filings([ID])[0], limit=9),
    "series": lambda store: store.series(),
    "directory_version": lambda store: store.directory_version(),
    "window": lambda store: store.window(NOW, NOW, late_from=NOW, entered_after=NOW),
    "changes_after": lambda store: store.changes_after(0),
    "last_change": lambda store: store.last_change(),
    "filed_under": lambda store: store.filed_under(ID),
    "count": lambda store: store.count(),
    "reporters": lambda store: store.reporters(),
    "unresolved": lambda store: store.unresolved(["김서현"]),
    "refusals": lambda store: store.refusals(),
    "fetched": lambda store: store.fetched("list", "", ""),
}


@pytest.fixture
def locked(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[ArticleStore]:
    """A store with a public and a held article that is not waited for long."""
    monkeypatch.setattr(newsroom.database, "BUSY_TIMEOUT_MS", 30)
    database = Database(sqlite_url)
    database.prepare()
    store = ArticleStore(database)
    store.accept(candidate(1), NOW)
    store.accept(candidate(9, published=NOW + timedelta(days=1)), NOW)
    yield store
    database.close()


@pytest.mark.parametrize("method", WRITERS)
def test_a_writer_says_that_the_database_is_locked(locked: ArticleStore, sqlite_url: str, method: str) -> None:
    """A backup that holds the lock ends a job with a traceback; or half of the job is done."""
    other = Database(sqlite_url)
    before = rows(other)
    with other.write(), pytest.raises(StoreBusyError):
        WRITERS[method](locked)
    assert rows(other) == before
    other.close()


def test_on_postgresql_too(postgresql_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that hangs in a transaction hangs every other worker for good."""
    monkeypatch.setattr(newsroom.database, "BUSY_TIMEOUT_MS", 1000)
    machines = [Database(postgresql_url), Database(postgresql_url)]
    machines[0].prepare()
    with ArticleStore(machines[0]).directory(), pytest.raises(StoreBusyError):
        ArticleStore(machines[1]).accept(candidate(), NOW)
    for machine in machines:
        machine.close()


@pytest.mark.parametrize("method", READERS)
def test_a_reader_needs_no_lock(locked: ArticleStore, sqlite_url: str, method: str) -> None:
    """The web is down while anything is written."""
    other = Database(sqlite_url)
    with other.write():
        READERS[method](locked)
    other.close()


def _stored(store: ArticleStore) -> newsroom.model.Article:
    article = store.article(ID)
    assert article is not None
    return article


def _shown(store: ArticleStore) -> list[str]:
    """Everything in any output; each way of asking must agree."""
    ways = [
        store.newest(limit=99),
        store.newest(sections=["society"], limit=99),
        store.articles([ID]),
        store.window(PUBLISHED - timedelta(days=1), datetime(2027, 1, 1, tzinfo=UTC), late_from=PUBLISHED, entered_after=None),
    ]
    shown = [[article.id for article in way] for way in ways]
    assert all(way == shown[0] for way in shown)
    return shown[0]


def _log_size(database: Database) -> int:
    """Bytes of SQLite's write-ahead log, which any write makes longer."""
    return Path(f"{database.url.database}-wal").stat().st_size if database.is_sqlite else 0
