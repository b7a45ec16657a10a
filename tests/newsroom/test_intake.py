"""Intake: from what a source printed to what the paper publishes, with a reason for every verdict."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from unicodedata import normalize
from zoneinfo import ZoneInfo

import pytest

from newsroom.database import Database
from newsroom.errors import StoreBusyError, StoreError
from newsroom.intake import Intake, configure_reporters
from newsroom.model import Article, Candidate, ChangeKind, Credit, CreditKind, Draft, Image, Outcome, Section, Status, Verdict
from newsroom.sections import SectionTree
from newsroom.settings import PaperSettings, SourceSettings
from newsroom.sources import Unreadable
from newsroom.store import ArticleStore
from tests.newsroom.builders import BODY, LATER, NOW, PUBLISHED, SEOUL, draft, reporter, rows

PAPER = PaperSettings(name="새벽일보", url="https://www.news.example", language="ko", timezone=SEOUL)
SECTIONS = SectionTree(
    [
        Section(slug="society", title="사회"),
        Section(slug="it", title="IT·과학", aliases=("IT/과학",), codes=("14",)),
        Section(slug="game", title="게임", parent="it"),
    ]
)
Take = Callable[..., list[Outcome]]


@pytest.fixture
def take(store: ArticleStore) -> Take:
    """Takes drafts of the source "list" into the store; ``now`` and settings of the source by name."""

    def taking(*drafts: Draft | Unreadable, now: datetime = NOW, **source: Any) -> list[Outcome]:
        return intake(store, **source).take(drafts, now)

    return taking


def intake(store: ArticleStore, **source: Any) -> Intake:
    """An intake of the source "list"."""
    settings = {"name": "list", "kind": "html", "url": "https://news.example/list", "section": "society"} | source
    return Intake(store, PAPER, SECTIONS, SourceSettings(**settings))


def article(store: ArticleStore) -> Article:
    """The one public article."""
    (found,) = store.newest(limit=9)
    return found


def verdicts(outcomes: list[Outcome]) -> list[Verdict]:
    """What was decided, in order."""
    return [outcome.verdict for outcome in outcomes]


# --- reading a draft ---


def test_a_draft_becomes_an_article(take: Take, store: ArticleStore) -> None:
    """What the paper prints is not what its feeds say."""
    outcome = take(
        draft(
            headline="[길 위에서]  버스 요금\n오른다 ",
            body=BODY + "<script>track()</script><p>/김서현기자 seoh@news.example</p>",
            images=(Image(url="//img.example/1.jpg", alt=" 버스 ", caption="2일 <새벽역>"),),
            sections=("IT/과학", "게임", "없는 면"),
            updated="2026-03-02 09:40",
            keywords=("버스", "버스", " 요금 "),
            rights="ⓒ  새벽일보",
            language="ko_KR",
        )
    )
    assert verdicts(outcome) == [Verdict.NEW]
    found = article(store)
    assert found.id == "tag:news.example,2026-03-02:article/1"
    assert (found.url, found.published) == ("https://news.example/article/1", PUBLISHED + timedelta(seconds=15))
    assert (found.revision.headline, found.series) == ("버스 요금 오른다", "길 위에서")
    assert found.revision.body == BODY
    assert found.revision.summary.startswith("새벽시가 2일 버스 요금을 1,500원에서 1,600원으로 올린다고 밝혔다.")
    assert found.revision.updated == PUBLISHED + timedelta(minutes=10)
    assert found.sections == ("game",), "the section above it is implied"
    assert found.reporters == ("seoh",)
    (image,) = found.revision.images
    assert (image.url, image.alt, image.caption) == ("https://img.example/1.jpg", "버스", "2일 <새벽역>")
    assert (found.keywords, found.rights, found.language) == (("버스", "요금"), "ⓒ 새벽일보", "ko-KR")


def test_no_address_is_left_in_what_is_shown(take: Take, store: ArticleStore) -> None:
    """A reporter's address is in every feed, for every collector of addresses."""
    link = '<a href="https://news.example/writer?id=seoh%40news.example">김서현 기자의 다른 기사</a>'
    take(
        draft(
            body=f"<p>제보는 Seoh@News.Example (으)로 바랍니다.</p>{BODY}<p>{link}</p><p>/김서현기자 seoh@news.example</p>",
            summary="<p>버스 요금이 오른다. /김서현기자 seoh@news.example</p>",
            images=(
                Image(url="https://img.example/1.jpg", alt="seoh@news.example", caption="사진=김서현 기자 seoh@news.example"),
            ),
            rights="ⓒ 새벽일보, 문의 seoh@news.example",
            bylines=(),
        ),
        draft(2, body=f"{BODY}<p>취재 도움: 김서현(seoh@news.example), 시청 city@gov.example</p>"),
    )
    for found in store.newest(limit=9):
        shown = [found.revision.headline, found.revision.body, found.revision.summary, found.rights]
        shown += [text for image in found.revision.images for text in (image.alt, image.caption, image.credit)]
        assert not re.search(r"seoh(@|%40)", "\n".join(shown), re.IGNORECASE)
        assert found.reporters == ("seoh",)
        assert "@" not in repr(found.reporters)
    assert "city@gov.example" in store.newest(limit=1)[0].revision.body + store.newest(limit=9)[1].revision.body


def test_what_a_reader_sees_is_text_and_not_markup(take: Take, store: ArticleStore) -> None:
    """The paper's own name in angle brackets vanishes as a tag; or a script of a source runs in a mail."""
    take(
        draft(
            headline="<메트로경제신문> 새벽",
            body="<p>10일 &lt;메트로경제신문&gt; 취재에 따르면</p><img src=x onerror=alert(1)>",
            bylines=("김서현 기자",),
        )
    )
    found = article(store)
    assert found.revision.headline == "<메트로경제신문> 새벽"
    assert "&lt;메트로경제신문&gt;" in found.revision.body
    assert "onerror" not in found.revision.body


@pytest.mark.parametrize(
    ("printed", "at"),
    [
        ("2026-03-02 00:00:00", datetime(2026, 3, 2, tzinfo=SEOUL)),
        ("2026-03-01 23:59:59", datetime(2026, 3, 1, 23, 59, 59, tzinfo=SEOUL)),
        ("입력 2026.03.01. 오후 11:59", datetime(2026, 3, 1, 23, 59, tzinfo=SEOUL)),
        ("Sun, 01 Mar 2026 15:00:00 +0000", datetime(2026, 3, 2, tzinfo=SEOUL)),
        ("Sun, 01 Mar 2026 15:00:00 GMT", datetime(2026, 3, 2, tzinfo=SEOUL)),
    ],
)
def test_a_date_without_zone_is_the_papers(take: Take, store: ArticleStore, printed: str, at: datetime) -> None:
    """News nine hours off, and the id of another day."""
    take(draft(published=printed))
    assert article(store).published == at
    assert article(store).id == f"tag:news.example,{at:%Y-%m-%d}:article/1"


def test_a_source_may_be_in_another_zone(take: Take, store: ArticleStore) -> None:
    """A correspondent's feed is half a day off."""
    take(draft(published="2026-03-01 10:00"), timezone=ZoneInfo("America/New_York"))
    assert article(store).published == datetime(2026, 3, 2, 0, 0, tzinfo=SEOUL)
    assert article(store).id == "tag:news.example,2026-03-02:article/1", "the id's day is the paper's"


def test_a_time_of_change_that_cannot_be_read_is_left_out(take: Take, store: ArticleStore) -> None:
    """A story is refused because of a date that nobody needs."""
    assert verdicts(take(draft(updated="방금 전쯤"))) == [Verdict.NEW]
    assert article(store).revision.updated == article(store).published


def test_the_date_may_stand_in_the_byline(take: Take, store: ArticleStore) -> None:
    """A listing prints date and reporter in one line, and every article of it is refused."""
    take(draft(published="", bylines=("2026-03-02 09:30:15 김서현 기자",)))
    assert article(store).published == PUBLISHED + timedelta(seconds=15)
    assert article(store).reporters


def test_hangul_in_pieces_is_the_same_hangul(take: Take, store: ArticleStore) -> None:
    """A page made on a Mac gives every reporter a second feed, and every article a second revision."""
    plain = draft(sections=("게임",), keywords=("버스",), images=(Image(url="https://img.example/1.jpg", caption="버스"),))
    take(plain)
    pieces = draft(
        headline=normalize("NFD", plain.headline),
        body=normalize("NFD", plain.body),
        bylines=(normalize("NFD", "김서현 기자"),),
        sections=(normalize("NFD", "게임"),),
        keywords=(normalize("NFD", "버스"),),
        images=(Image(url="https://img.example/1.jpg", caption=normalize("NFD", "버스")),),
    )
    (outcome,) = take(pieces, now=LATER)
    assert (outcome.verdict, outcome.reason) == (Verdict.UNCHANGED, "")
    assert [person.name for person in store.reporters()] == ["김서현"]


@pytest.mark.parametrize(
    ("changes", "sections"),
    [
        ({"sections": ("게임",)}, ("game",)),
        ({"sections": ("14",)}, ("it",)),
        ({"sections": ("it/과학", "사회")}, ("it", "society")),
        ({"sections": ("연예",)}, ("society",)),
        ({"sections": ()}, ("society",)),
    ],
)
def test_articles_are_filed_as_the_source_names_it(
    take: Take, store: ArticleStore, changes: dict[str, Any], sections: tuple[str, ...]
) -> None:
    """A story is in no section, or in the wrong one."""
    take(draft(**changes))
    assert article(store).sections == sections


def test_structured_authors_are_read_like_bylines(take: Take, store: ArticleStore) -> None:
    """A feed that says 김서현 기자 in its author makes a reporter of that name."""
    author = Credit(name="김서현 기자", email="seoh@news.example", source_id="https://news.example/author/seoh")
    take(draft(bylines=(), authors=(author,)))
    (credit,) = article(store).revision.credits
    assert (credit.name, credit.role, credit.reporter) == ("김서현", "기자", "seoh")


@pytest.mark.parametrize(
    ("author", "names"),
    [
        (Credit(name="seoh@news.example", email="seoh@news.example"), []),
        (Credit(name="편집자 <seoh@news.example>", email="seoh@news.example"), ["편집자"]),
        (Credit(name="Nguyễn Văn A", source_id="7"), ["Nguyễn Văn A"]),
    ],
)
def test_an_authors_name_is_never_an_address(take: Take, store: ArticleStore, author: Credit, names: list[str]) -> None:
    """A feed that puts an address where the name belongs has it published as the name."""
    take(draft(bylines=(), authors=(author,)))
    assert [credit.name for credit in article(store).revision.credits] == names


def test_an_author_field_may_hold_a_bare_name(take: Take, store: ArticleStore) -> None:
    """dc:creator says 김서현, and she has no feed."""
    take(draft(bylines=("김서현",)))
    assert [credit.name for credit in article(store).revision.credits] == ["김서현"]


def test_a_byline_and_the_end_of_the_body_are_one_credit(take: Take, store: ArticleStore) -> None:
    """Every article has its reporter twice."""
    take(draft(bylines=("김서현 기자",), body=BODY + "<p>/김서현기자 seoh@news.example</p>"))
    (credit,) = article(store).revision.credits
    assert (credit.name, credit.role, credit.email, credit.reporter) == ("김서현", "기자", "seoh@news.example", "seoh")


@pytest.mark.parametrize(
    ("canonical", "url"),
    [
        ("https://www.news.example/story/1", "https://www.news.example/story/1"),
        ("/story/1", "https://news.example/story/1"),
        ("https://it.news.example/story/1", "https://it.news.example/story/1"),
        ("https://agency.example/story/1", "https://news.example/article/1"),
        ("https://news.example/", "https://news.example/article/1"),
        ("https://news.example", "https://news.example/article/1"),
        ("javascript:alert(1)", "https://news.example/article/1"),
        ("", "https://news.example/article/1"),
    ],
)
def test_a_canonical_address_counts_if_it_is_the_papers_own(take: Take, store: ArticleStore, canonical: str, url: str) -> None:
    """All articles become one, because the system says that each is the front page; or the paper's feed leads to the agency."""
    take(draft(canonical_url=canonical))
    assert article(store).url == url


def test_articles_that_all_claim_the_front_page_stay_apart(take: Take, store: ArticleStore) -> None:
    """A broken system's every story is the first one."""
    take(*(draft(number, native_id="", canonical_url="https://news.example/") for number in (1, 2, 3)))
    assert store.count() == 3


# --- the same article again ---


def test_a_second_take_writes_nothing(take: Take, store: ArticleStore, database: Database) -> None:
    """Every pull makes new revisions, new changes, new feeds."""
    page = [draft(number, body=BODY + "<p>/김서현기자 seoh@news.example</p>") for number in range(1, 5)]
    page += [draft(5, bylines=("박낯선 기자",)), draft(6, published="내일쯤"), draft(7, status="withheld")]
    take(*page, learn="email")
    before = rows(database)
    outcomes = take(*page, now=LATER, learn="email")
    assert sorted(verdicts(outcomes)) == [Verdict.REFUSED, *[Verdict.UNCHANGED] * 6]
    assert rows(database) == before


def test_two_forms_of_one_article_on_a_page_do_not_take_turns(take: Take, store: ArticleStore) -> None:
    """The top story has a shorter headline in its box, and is revised twice at every pull."""
    page = [draft(headline="버스 요금 인상"), draft(2), draft(headline="버스 요금 100원 오른다", sections=("게임",))]
    take(*page)
    assert take(*page, now=LATER)[0].verdict is Verdict.UNCHANGED
    found = {found.id[-1]: found for found in store.newest(limit=9)}
    assert (found["1"].revision.number, found["1"].revision.headline) == (1, "버스 요금 인상")
    assert found["1"].sections == ("society", "game")


def test_of_two_entries_with_one_id_the_later_version_counts(take: Take, store: ArticleStore) -> None:
    """A feed that holds both versions of a story (RFC 4287 §4.1.1) brings back the old one."""
    old, new = draft(updated="2026-03-02 09:31", headline="첫 판"), draft(updated="2026-03-02 09:45", headline="고친 판")
    take(new, old)
    assert article(store).revision.headline == "고친 판"


def test_equal_texts_are_two_articles(take: Take, store: ArticleStore) -> None:
    """Two stories on one strike become one, because they look alike."""
    take(draft(1, native_id=""), draft(2, native_id="", headline=draft(1).headline, published="2026-03-02 09:30:16"))
    assert store.count() == 2


def test_a_page_that_moved_is_known_by_what_is_printed(take: Take, store: ArticleStore) -> None:
    """After a new address scheme all articles of the day are published again."""
    take(draft(native_id=""))
    (outcome,) = take(
        draft(native_id="", url="https://news.example/new/1", headline='버스  요금 "오른다" 1'.replace('"', "")), now=LATER
    )
    assert outcome.verdict is Verdict.UNCHANGED
    assert store.count() == 1


def test_addresses_that_differ_in_nothing_are_one(take: Take, store: ArticleStore) -> None:
    """A link from a campaign, or from the mobile site, makes a second article."""
    same = (
        "https://news.example/article/1",
        "http://www.news.example/article/1/",
        "https://m.news.example:443/article/1?utm_source=kakao&fbclid=x#top",
    )
    for url in same:
        take(draft(native_id="", url=url, published="2026-03-02 09:30"))
    assert store.count() == 1
    take(draft(native_id="", url="https://news.example/article/1?page=2", published="2026-03-02 09:30"))
    assert store.count() == 2


def test_a_number_means_something_at_its_own_host_only(store: ArticleStore) -> None:
    """Article 1 of the English edition replaces article 1 of the paper."""
    for host in ("news.example", "en.example"):
        source = intake(store, url=f"https://{host}/list")
        numbers: list[dict[str, Any]] = [{"native_id": "1"}, {"guid": "1", "native_id": ""}]
        for changes in numbers:
            source.take([draft(url=f"https://{host}/{len(changes)}", bylines=(), published="2026-03-02 09:30", **changes)], NOW)
    assert store.count() == 4


def test_a_draft_is_known_before_it_is_read(take: Take, store: ArticleStore) -> None:
    """Every article page is fetched at every pull, although nothing is new."""
    take(draft())
    listed = Draft(source="list", url="https://www.news.example/article/1?utm_source=x", headline="버스", native_id="1")
    found = store.find(intake(store).keys(listed))
    assert found is not None
    assert found.id == article(store).id


# --- one bad draft ---


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (draft(9, published=""), "no date of publication was found"),
        (draft(9, published="내일쯤"), "'내일쯤' is not a date that can be read"),
        (draft(9, headline="\u200b "), "the headline is empty"),
        (draft(9, headline="가" * 600), "the headline has 600 letters"),
        (draft(9, body="<script>x</script>"), "it has neither a body nor a summary"),
        (draft(9, url="javascript:alert(1)"), "it has no web address"),
        (draft(9, url=""), "it has no web address"),
        (draft(9, guid="http://[", url="http://["), "it has no web address"),
        (Unreadable(url="http://[", headline="", reason="the entry has no title", raw={"guid": "9"}), "the entry has no title"),
        (draft(9, images=(None,)), "it could not be read: AttributeError"),
        (
            Unreadable(url="https://news.example/9", headline="버스", reason="select.url found nothing", raw={"item": "<li>"}),
            "select.url",
        ),
    ],
)
def test_one_bad_draft_never_loses_the_rest(take: Take, store: ArticleStore, bad: Draft | Unreadable, reason: str) -> None:
    """One odd item on the page, and the paper has no news all day."""
    outcomes = take(draft(1), bad, draft(2))
    assert sorted(verdicts(outcomes)) == [Verdict.NEW, Verdict.NEW, Verdict.REFUSED]
    assert store.count() == 2
    take(draft(1), bad, draft(2), now=LATER)
    (refusal,) = store.refusals()
    assert reason in refusal.reason
    assert (refusal.source, refusal.at) == ("list", NOW)
    assert refusal.raw, "an operator sees what was printed"


def test_a_refusal_ends_when_the_article_is_taken_in(take: Take, store: ArticleStore) -> None:
    """`status` counts what was mended long ago, and nobody looks at it any more."""
    address = "http://www.news.example/article/1?utm_source=list"
    take(Unreadable(url=address, headline="버스", reason="the server has stopped answering"), draft(2, published="내일쯤"))
    assert store.refused() == 2
    take(draft(1, url=address, canonical_url="https://news.example/story/1"), now=LATER)
    assert [refusal.url for refusal in store.refusals()] == ["https://news.example/article/2"]
    take(draft(2), now=LATER)
    assert (store.refused(), store.refusals()) == (0, [])


def test_odd_characters_reach_no_output_and_break_no_database(take: Take, store: ArticleStore) -> None:
    """A NUL or half of a pair in one item: PostgreSQL refuses it, and the batch is lost."""
    odd = "\x00\ud800\x0b"
    good = draft(
        1,
        url=f"https://news.example/article/1{odd}",
        guid=f"urn:1{odd}",
        native_id=f"1{odd}",
        headline=f"버스{odd}",
        body=f"<p>버스{odd}</p>",
        rights=odd,
        series=odd,
        language=odd,
        keywords=(odd,),
        evidence={"item": odd},
        images=(Image(url=f"https://img.example/{odd}.jpg", caption=odd),),
    )
    bad = draft(2, url=f"ftp://{odd}", headline=odd)
    outcomes = take(good, bad, draft(3))
    assert sorted(verdicts(outcomes)) == [Verdict.NEW, Verdict.NEW, Verdict.REFUSED]
    for found in store.newest(limit=9):
        assert not {*odd} & {*repr(asdict(found))}
    assert store.refusals()[0].headline == ""


def test_what_the_database_refuses_never_loses_the_rest(store: ArticleStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """One article that cannot be kept keeps all that come after it out, at every pull."""
    real = ArticleStore.accept

    def accept(self: ArticleStore, candidate: Candidate, now: datetime) -> Outcome:
        if candidate.headline.endswith("2"):
            raise StoreError("a value that no column takes")
        return real(self, candidate, now)

    monkeypatch.setattr(ArticleStore, "accept", accept)
    outcomes = intake(store).take([draft(1), draft(2), draft(3)], NOW)
    assert sorted(verdicts(outcomes)) == [Verdict.NEW, Verdict.NEW, Verdict.REFUSED]
    assert store.refusals()[0].reason == "a value that no column takes"


def test_a_locked_database_ends_the_take(store: ArticleStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every article of a page is called bad, because a backup was running."""

    def accept(*_arguments: object) -> Outcome:
        raise StoreBusyError

    monkeypatch.setattr(ArticleStore, "accept", accept)
    with pytest.raises(StoreBusyError):
        intake(store).take([draft(1)], NOW)
    assert store.refusals() == []


# --- what may not be shown ---


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"status": "withheld"}, "status withheld"),
        ({"status": "canceled"}, "status cancelled"),
        ({"status": "검토 중"}, "status withheld"),
        ({"embargo": "2026-03-02 18:00"}, "not to be shown before 2026-03-02T18:00:00+09:00"),
        ({"embargo": "저녁에"}, "status withheld"),
        ({"published": "2026-03-02 18:00"}, "not to be shown before 2026-03-02T18:00:00+09:00"),
    ],
)
def test_what_may_not_be_shown_is_held(take: Take, store: ArticleStore, changes: dict[str, Any], reason: str) -> None:
    """An embargo is broken; or a status that nobody can read counts as permission."""
    (outcome,) = take(draft(**changes))
    assert (outcome.verdict, outcome.reason) == (Verdict.HELD, reason)
    assert store.newest(limit=9) == []
    evening = datetime(2026, 3, 2, 18, tzinfo=SEOUL)
    assert store.release(evening) == (1 if "not to be shown" in reason else 0)


def test_a_status_in_other_letters_is_the_same(take: Take) -> None:
    """A story that may be shown is held for a capital letter."""
    assert verdicts(take(draft(1, status=" Usable "), draft(2, status="usable"), draft(3, status=""))) == [Verdict.NEW] * 3


# --- people ---


def test_a_batch_learns_addresses_first(take: Take, store: ArticleStore) -> None:
    """예스24: the first story has no address, and makes a second 김현정 beside hjk1, whose address stands below another story."""
    take(
        draft(1, headline="예스24 보상안", bylines=("2026-03-02 09:10:00 김현정 기자",), published=""),
        draft(2, headline="배민 로드러너", bylines=("김현정 기자",), body=BODY + "<p>/김현정기자 hjk1@news.example</p>"),
    )
    assert [(found.slug, found.emails) for found in store.reporters()] == [("hjk1", ("hjk1@news.example",))]
    assert [found.reporters for found in store.newest(limit=9)] == [("hjk1",), ("hjk1",)]
    assert len(store.newest(reporter="hjk1", limit=9)) == 2


def test_a_second_person_of_the_name_makes_the_bare_name_unclear(take: Take, store: ArticleStore) -> None:
    """Stories of two reporters of one name are in one feed."""
    take(draft(1, body=BODY + "<p>/김현정기자 hjk1@news.example</p>", bylines=()))
    take(draft(2, body=BODY + "<p>/김현정기자 hjk2@news.example</p>", bylines=()), draft(3, bylines=("김현정 기자",)), now=LATER)
    assert {found.slug for found in store.reporters()} == {"hjk1", "hjk2"}
    assert [[found.id[-1] for found in store.newest(reporter=slug, limit=9)] for slug in ("hjk1", "hjk2")] == [["1"], ["2"]]
    ((article_id, credit),) = store.unresolved()
    assert (article_id[-1], credit.name, credit.unresolved) == ("3", "김현정", "2 active reporters have this name")
    third = store.article(article_id)
    assert third is not None
    assert third.reporters == ()
    assert third.revision.credits[0].name == "김현정", "the name is still printed"


def test_later_knowledge_resolves_older_stories(take: Take, store: ArticleStore) -> None:
    """The first week's stories of a reporter are never in his or her feed."""
    take(draft(1, bylines=("김현정 기자",)), learn="email")
    assert store.newest(limit=1)[0].reporters == ()
    take(draft(2, bylines=(), body=BODY + "<p>/김현정기자 hjk1@news.example</p>"), now=LATER, learn="email")
    assert [found.id[-1] for found in store.newest(reporter="hjk1", limit=9)] == ["2", "1"]
    assert store.unresolved() == []
    assert ChangeKind.RESOLVED in {change.kind for change in store.changes_after(0)}


def test_a_crash_after_learning_loses_no_resolution(take: Take, store: ArticleStore) -> None:
    """The program is killed between learning a reporter and looking at the review list, which is then never looked at."""
    take(draft(1, bylines=("김현정 기자",)), learn="email")
    with store.directory() as directory:
        directory.learn(Credit(name="김현정", email="hjk1@news.example"))
    take(draft(1, bylines=("김현정 기자",)), now=LATER, learn="email")
    assert len(store.newest(reporter="hjk1", limit=9)) == 1


def test_an_older_unclear_story_is_not_settled_by_a_departure(take: Take, store: ArticleStore) -> None:
    """One of two leaves, and all that was unclear goes to the other."""
    two = [reporter("hjk1", "김현정", "hjk1@news.example"), reporter("hjk2", "김현정", "hjk2@news.example")]
    configure_reporters(store, two, NOW)
    take(draft(1, bylines=("김현정 기자",)))
    configure_reporters(store, [reporter("hjk1", "김현정", "hjk1@news.example", active=False), two[1]], LATER)
    take(draft(2, bylines=("김현정 기자",)), now=LATER)
    assert [found.id[-1] for found in store.newest(reporter="hjk2", limit=9)] == ["2"]
    assert [article_id[-1] for article_id, _ in store.unresolved()] == ["1"]


@pytest.mark.parametrize(
    ("learn", "slugs"),
    [("name", ["hjk1", "r-"]), ("email", ["hjk1"]), ("none", [])],
)
def test_the_operator_says_what_makes_a_reporter(take: Take, store: ArticleStore, learn: str, slugs: list[str]) -> None:
    """A feed for everybody who ever signed, although the paper wants only its own reporters."""
    take(
        draft(1, bylines=("김서현 기자",)), draft(2, bylines=(), body=BODY + "<p>/김현정기자 hjk1@news.example</p>"), learn=learn
    )
    assert sorted(found.slug[:2] if found.slug.startswith("r-") else found.slug for found in store.reporters()) == slugs


def test_a_joint_byline_with_one_address_gives_it_to_nobody(take: Take, store: ArticleStore) -> None:
    """The second of two authors gets the address of the first, and from then on his stories."""
    take(draft(bylines=("김동진·박세준 기자 bluewins@segye.com",)))
    assert sorted(found.name for found in store.reporters()) == ["김동진", "박세준"]
    assert {found.emails for found in store.reporters()} == {()}
    assert len(article(store).reporters) == 2


def test_an_address_that_is_somebody_elses_is_for_review(take: Take, store: ArticleStore) -> None:
    """A story filed with a colleague's account is in the colleague's feed."""
    take(draft(1, bylines=("김서현 기자 seoh@news.example",)), draft(2, bylines=("박낯선 기자 seoh@news.example",)))
    ((article_id, credit),) = store.unresolved()
    assert (article_id[-1], credit.unresolved) == ("2", "the address is that of 김서현 (seoh)")
    assert [found.slug for found in store.reporters()] == ["seoh"]


def test_desks_agencies_and_programs_have_no_feed(take: Take, store: ArticleStore) -> None:
    """The feeds of reporters list 연합뉴스 and a robot; or every wire story waits for review."""
    printed = ("한경닷컴 산업경제팀 open@hankyung.com", "증시분석 전문기자 로봇 ET etbot@etnews.com", "연합뉴스")
    take(*(draft(number, bylines=(byline,)) for number, byline in enumerate(printed)))
    assert store.reporters() == []
    assert store.unresolved() == []
    kinds = {credit.kind for found in store.newest(limit=9) for credit in found.revision.credits}
    assert CreditKind.PERSON not in kinds


def test_the_configuration_wins_and_keeps_its_slug(take: Take, store: ArticleStore) -> None:
    """A byline changes a configured reporter's slug, or makes a second one."""
    configure_reporters(store, [reporter("kim-seohyun", "김서현", "seoh@news.example")], NOW)
    take(draft(1, bylines=("김서현 기자 seoh@news.example",)), draft(2, bylines=("김서현 기자",)))
    assert [found.slug for found in store.reporters()] == ["kim-seohyun"]
    assert len(store.newest(reporter="kim-seohyun", limit=9)) == 2


def test_configuring_a_reporter_resolves_what_waited(take: Take, store: ArticleStore) -> None:
    """An operator adds a [[reporter]] for the review list, and nothing happens."""
    take(draft(1, bylines=("김서현 기자",)), learn="none")
    configure_reporters(store, [reporter("seoh", "김서현")], LATER)
    assert [found.id[-1] for found in store.newest(reporter="seoh", limit=9)] == ["1"]


def test_a_reporter_who_gets_another_slug_goes_on_under_it(take: Take, store: ArticleStore) -> None:
    """An operator gives a readable slug to a reporter who was learnt, and from then on neither feed gets a story."""
    take(draft(1, bylines=("김서현 기자",)))
    (learnt,) = store.reporters()
    configure_reporters(store, [reporter("seoh", "김서현")], LATER)
    take(draft(2, bylines=("김서현 기자",)), now=LATER)
    assert [found.id[-1] for found in store.newest(reporter="seoh", limit=9)] == ["2"]
    assert [found.id[-1] for found in store.newest(reporter=learnt.slug, limit=9)] == ["1"]


def test_configuring_the_same_again_writes_nothing(store: ArticleStore, database: Database) -> None:
    """Every command, even `status`, waits for the writer of the moment."""
    people = [reporter("seoh", "김서현", "seoh@news.example")]
    configure_reporters(store, people, NOW)
    before = rows(database)
    other = Database(database.url.render_as_string(hide_password=False))
    with other.write():
        configure_reporters(store, people, LATER)
    other.close()
    assert rows(database) == before


def test_a_reporter_learnt_later_hides_the_address_in_older_texts(take: Take, store: ArticleStore) -> None:
    """An address that stood in a text before it was known to be a reporter's stays in every feed."""
    told = draft(1, bylines=(), body=BODY + "<p>제보를 받습니다: seoh@news.example 또는 전화</p>")
    take(told)
    assert "seoh@" in article(store).revision.body
    configure_reporters(store, [reporter("seoh", "김서현", "seoh@news.example")], LATER)
    (outcome,) = take(told, now=LATER)
    assert (outcome.verdict, outcome.reason) == (Verdict.REVISED, "slight")
    assert "seoh@" not in article(store).revision.body


def test_a_withdrawn_story_that_returns_has_its_status(take: Take, store: ArticleStore) -> None:
    """A story that is usable again stays hidden."""
    take(draft())
    take(draft(status="withheld"), now=LATER)
    assert store.newest(limit=9) == []
    take(draft(status="usable"), now=LATER)
    assert article(store).status is Status.USABLE
