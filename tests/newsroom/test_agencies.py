"""Agency copy: whose it is, and what its contract allows."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest

from newsroom.intake import Intake
from newsroom.model import Agency, Article, Credit, CreditKind, Draft, Section, Verdict
from newsroom.sections import SectionTree
from newsroom.settings import AgencySettings, PaperSettings, SourceSettings
from newsroom.store import ArticleStore
from tests.newsroom.builders import BODY, LATER, NOW, draft

YONHAP = AgencySettings(
    name="연합뉴스", names=("연합뉴스TV",), url="https://www.yna.example", rights="© 연합뉴스. 무단 전재 금지"
)
RIVER = AgencySettings(name="강물통신", names=("River Wire",), feed="https://river.example/rss", full_text_ok=True)


def take(store: ArticleStore, taken: Draft, *, agencies: tuple[AgencySettings, ...] = (YONHAP, RIVER), **source: Any) -> Article:
    """The article that a draft of source "list" has become."""
    settings = SourceSettings(
        **{"name": "list", "kind": "html", "url": "https://news.example/list", "section": "society"} | source
    )
    paper = PaperSettings(name="새벽일보", url="https://www.news.example")
    [outcome] = Intake(store, paper, SectionTree([Section(slug="society", title="사회")]), settings, agencies).take(
        [taken], LATER if store.count() else NOW
    )
    assert outcome.verdict in {Verdict.NEW, Verdict.REVISED, Verdict.UNCHANGED}, outcome
    [found] = store.articles([outcome.article_id])
    return found


@pytest.mark.parametrize(
    ("changes", "name", "dateline"),
    [
        ({"bylines": ("연합뉴스",)}, "연합뉴스", ""),
        ({"bylines": ("연합뉴스 2026-03-02 09:30",)}, "연합뉴스", ""),
        ({"bylines": ("[서울=연합뉴스] 박낯선 기자",)}, "박낯선", "서울"),
        ({"bylines": (), "body": f"<p>(서울=연합뉴스) 박낯선 기자 = 첫 문장이다.</p>{BODY}"}, "박낯선", "서울"),
        ({"bylines": ("연합뉴스TV",)}, "연합뉴스", ""),
        ({"bylines": (), "authors": (Credit(name="연합 뉴스"),)}, "연합뉴스", ""),
    ],
)
def test_a_byline_tells_whose_copy_it_is(store: ArticleStore, changes: dict[str, Any], name: str, dateline: str) -> None:
    """An agency's text goes in full to everybody, against the contract, and without its name."""
    found = take(store, draft(**changes))
    assert found.agency == Agency(name="연합뉴스", url="https://www.yna.example", rights="© 연합뉴스. 무단 전재 금지")
    assert (found.rights, found.full_text_ok) == ("© 연합뉴스. 무단 전재 금지", False)
    [credit] = found.revision.credits
    assert (credit.name, credit.dateline) == (name, dateline)


@pytest.mark.parametrize(
    "raw", ["강물통신", "(두물=강물통신)", "[두물 = 강물통신]", "River Wire", "/강물통신 2026.03.02 09:30", "강물 통신"]
)
def test_an_agency_that_no_list_knows_is_known_once_it_is_configured(store: ArticleStore, raw: str) -> None:
    """A small agency's copy is nobody's, or a reporter of its name gets a feed."""
    found = take(store, draft(bylines=(unicodedata.normalize("NFD", raw),)))
    assert found.agency == RIVER.model()
    assert found.full_text_ok
    [credit] = found.revision.credits
    assert (credit.name, credit.kind) == ("강물통신", CreditKind.AGENCY)
    assert store.reporters() == []
    assert take(store, draft(2, bylines=(), authors=(Credit(name="River Wire", email="desk@river.example"),))).agency
    assert store.reporters() == []


def test_a_source_can_be_an_agencys(store: ArticleStore) -> None:
    """The wire's own feed does not name the wire with each story."""
    mine = take(store, draft(1, bylines=("박낯선 기자",)), agency="연합뉴스")
    others = take(store, draft(2, bylines=("강물통신",)), agency="연합 뉴스")
    assert (mine.agency, mine.full_text_ok) == (YONHAP.model(), False)
    assert (others.agency, others.full_text_ok) == (RIVER.model(), True), "the byline knows better"


def test_what_may_not_be_given_in_full_is_said_by_source_or_agency(store: ArticleStore) -> None:
    """Bought columns go out in full because they are signed by a person."""
    assert not take(store, draft(1), full_text_ok=False).full_text_ok
    assert not take(store, draft(2, bylines=("강물통신",)), full_text_ok=False).full_text_ok
    own = take(store, draft(3, rights="ⓒ 새벽일보"))
    assert (own.agency, own.full_text_ok, own.rights) == (None, True, "ⓒ 새벽일보")


@pytest.mark.parametrize("raw", ["김서현 기자", "뉴시스", "강물통신문 애독자"])
def test_what_is_not_configured_is_the_papers_own(store: ArticleStore, raw: str) -> None:
    """The paper's own stories lose their text in the feeds."""
    assert take(store, draft(bylines=(raw,))).agency is None


def test_the_printed_rights_stand_where_the_agency_has_none(store: ArticleStore) -> None:
    """The copyright that the wire itself prints is lost."""
    assert take(store, draft(bylines=("강물통신",), rights="© River 2026")).rights == "© River 2026"


def test_a_new_contract_counts_from_the_next_pull_on(store: ArticleStore) -> None:
    """The agency forbids full text, and what is on the front page goes out in full all day."""
    before = take(store, draft(bylines=("강물통신",)))
    strict = RIVER.model_copy(update={"full_text_ok": False})
    after = take(store, draft(bylines=("강물통신",)), agencies=(strict,))
    assert (before.full_text_ok, after.full_text_ok) == (True, False)
    assert (after.revision.number, after.revision.updated) == (2, before.revision.updated), "no news to readers"
    assert take(store, draft(bylines=("강물통신",)), agencies=(strict,)) == after
