"""Union feeds: any set of feeds as one, on request."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import feedparser
import pytest
from lxml import etree

from feeds.checker import Severity
from feeds.checker.document import check_document
from feeds.model import View
from feeds.union import MOST_PARTS, UnionError, Unions
from newsroom.database import Database
from newsroom.errors import StoreError, StoreUnreachableError
from newsroom.model import Reporter, Status
from tests.feeds.builders import NOON, article, candidate
from tests.feeds.walk import LATER, grammar

if TYPE_CHECKING:
    from tests.feeds.conftest import Newsroom

GAME = article(1, sections=("game",), signed=("chaewon",))
BOTH = article(2, sections=("game", "assembly"), signed=("ideun",))
MATCH = article(3, sections=("sports",), signed=("ideun",))
OTHER = article(4, sections=("diplomacy",), signed=("jhpark",))


@pytest.fixture
def unions(newsroom: Newsroom) -> Unions:
    newsroom.take(GAME, BOTH, MATCH, OTHER)
    return Unions(newsroom.publisher().documents, newsroom.states)


def ids(unions: Unions, *query: tuple[str, str]) -> list[str]:
    return [read.id for read in feedparser.parse(unions.document(unions.parse(query), "atom")).entries]


def test_each_story_of_its_parts_is_in_it_once(unions: Unions) -> None:
    """A story that is in two of the parts would come twice, or the newest would stand below."""
    assert ids(unions, ("section", "game"), ("reporter", "ideun")) == [MATCH.id, BOTH.id, GAME.id]


def test_what_is_left_out_is_left_out(unions: Unions) -> None:
    """Who wants all of a reporter but sports would get sports."""
    assert ids(unions, ("reporter", "ideun"), ("exclude", "section:sports")) == [BOTH.id]


def test_one_set_has_one_address(unions: Unions) -> None:
    """A thousand readers of one set would be a thousand feeds, and one reader would see two of them."""
    first = unions.parse([("reporter", "ideun"), ("section", "sports"), ("section", "game"), ("section", "game")])
    second = unions.parse([("section", "sports"), ("section", "game"), ("reporter", "ideun")])
    assert first == second
    assert first.query == "section=game&section=sports&reporter=ideun"
    feed = feedparser.parse(unions.document(first, "atom")).feed
    assert [link.href for link in feed.links if link.rel == "self"] == [
        f"https://feeds.dumul.example/feeds/union.atom?{first.query}"
    ]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ([], "name what to follow"),
        ([("section", "nowhere")], "there is no section 'nowhere'"),
        ([("section", "강이든")], "there is no section"),
        ([("exclude", "sports"), ("section", "it")], "there is no feed"),
        ([("colour", "red")], "means nothing here"),
        ([("view", "whole"), ("section", "it")], "means nothing here"),
    ],
)
def test_a_mistake_is_told(unions: Unions, query: list[tuple[str, str]], said: str) -> None:
    """A subscriber would wait for stories of a section that does not exist."""
    with pytest.raises(UnionError, match=said):
        unions.parse(query)


def test_a_union_has_so_many_parts_and_no_more(newsroom: Newsroom) -> None:
    """Anybody could make the server merge a thousand feeds."""
    people = [Reporter(slug=f"r{number}", name=f"기자{number}") for number in range(MOST_PARTS)]
    newsroom.articles.save_reporters(people)
    unions = Unions(newsroom.publisher().documents, newsroom.states)
    query = [("reporter", person.slug) for person in people]
    assert len(unions.parse(query).parts) == MOST_PARTS
    with pytest.raises(UnionError, match="at most"):
        unions.parse([*query, ("exclude", "section:it")])


def test_it_follows_its_parts(newsroom: Newsroom, unions: Unions) -> None:
    """What was made once would be given for ever."""
    query = (("section", "sports"),)
    assert [ids(unions, *query) for _ in range(3)] == [[MATCH.id]] * 3
    newsroom.take(article(5, sections=("sports",)))
    newsroom.publish()
    assert ids(unions, *query) == [article(5).id, MATCH.id]


def test_what_it_is_made_of_stands_below_its_name(unions: Unions) -> None:
    """'IT·과학, 강이든 기자면 기사' is no Korean."""
    data = unions.document(unions.parse([("reporter", "ideun"), ("section", "it")]), "atom")
    assert feedparser.parse(data).feed.subtitle == "두물일보 피드 모음: IT·과학 · 강이든 기자"


def test_what_is_left_out_is_left_out_of_the_past_too(newsroom: Newsroom) -> None:
    """A busy reporter's old stories would come back through a quiet section, once that reporter's feed has archived them."""
    newsroom.settings = newsroom.settings.model_copy(update={"window": timedelta(hours=1), "at_least": 3, "at_most": 8})
    newsroom.take(GAME, BOTH, MATCH)
    newsroom.take(*(article(number, sections=("diplomacy",), signed=("ideun",)) for number in range(10, 30)))
    unions = Unions(newsroom.publisher().documents, newsroom.states)
    assert ids(unions, ("section", "game"), ("exclude", "reporter:ideun")) == [GAME.id]


@pytest.mark.parametrize("ending", ["atom", "rss", "json"])
def test_it_is_valid_in_every_format(newsroom: Newsroom, unions: Unions, ending: str) -> None:
    """A reader would refuse it."""
    newsroom.settings = newsroom.settings.model_copy(update={"formats": ("atom", "rss", "json")})
    unions = Unions(newsroom.publisher().documents, newsroom.states)
    newsroom.articles.correct(BOTH.id, "바로잡습니다.", serious=True, now=NOON + timedelta(days=1))
    newsroom.articles.accept(candidate(GAME, status=Status.CANCELLED), NOON + timedelta(days=1))
    union = unions.parse([("section", "game"), ("reporter", "ideun"), ("exclude", "section:sports")])
    data = unions.document(union, ending)
    assert [finding for finding in check_document(data, now=LATER) if finding.severity is Severity.ERROR] == []
    if ending == "atom":
        grammar().assertValid(etree.fromstring(data))


def test_an_excerpt_gives_no_story_in_full(newsroom: Newsroom) -> None:
    """Who asked for excerpts would get the whole; and who asks for the whole, more than the paper gives."""
    newsroom.take(GAME, BOTH)
    for settings in (newsroom.settings, newsroom.settings.model_copy(update={"view": View.EXCERPT})):
        newsroom.settings = settings
        unions = Unions(newsroom.publisher().documents, newsroom.states)
        for view in View:
            data = unions.document(unions.parse([("section", "game"), ("view", view.value)]), "atom")
            assert ("심야버스 3개 노선" in data.decode()) is (view is settings.view is View.FULL)
            excerpt = unions.parse([("view", "excerpt"), ("section", "game")])
            assert excerpt.query == "section=game&view=excerpt"


def test_what_was_withdrawn_or_held_back_is_not_in_it(newsroom: Newsroom, unions: Unions) -> None:
    """A made-up set would give what the paper's own feeds do not give any more."""
    query = (("section", "game"), ("section", "sports"))
    assert len(ids(unions, *query)) == 3
    newsroom.articles.accept(candidate(GAME, status=Status.CANCELLED), NOON + timedelta(days=1))
    newsroom.take(article(6, headline="아직 아닌 소식", sections=("game",)), status=Status.WITHHELD)
    data = unions.document(unions.parse(query), "atom").decode()
    assert GAME.url not in data
    assert "아직 아닌 소식" not in data
    assert GAME.id in data, "subscribers are told that it is gone"


def test_it_is_made_once_until_something_changes(newsroom: Newsroom, unions: Unions) -> None:
    """Each of a thousand readers would cost a merge."""
    union = unions.parse([("section", "game")])
    assert unions.document(union, "atom") is unions.document(unions.parse([("section", "game")]), "atom")
    before = unions.document(union, "atom")
    newsroom.take(article(7, sections=("game",)))
    assert unions.document(unions.parse([("section", "game")]), "atom") != before


def test_a_new_name_of_a_part_is_in_its_title(newsroom: Newsroom) -> None:
    """The old name would stay until the next story."""
    newsroom.take(GAME)
    unions = Unions(newsroom.publisher().documents, newsroom.states)
    query = [("reporter", "ideun")]
    unions.document(unions.parse(query), "atom")
    reporter = next(found for found in newsroom.articles.reporters() if found.slug == "ideun")
    newsroom.articles.save_reporters([replace(reporter, role="논설위원")])
    assert "강이든 논설위원" in unions.document(unions.parse(query), "atom").decode()


def test_what_was_made_is_given_while_the_database_is_away(newsroom: Newsroom, sqlite_url: str) -> None:
    """Feeds stay up while the database is down."""
    newsroom.take(GAME)
    with closing(Database(sqlite_url)) as database:
        beside = type(newsroom)(database, newsroom.folder)
        unions = Unions(beside.publisher().documents, beside.states)
        query = [("section", "game")]
        before = unions.document(unions.parse(query), "atom")
        database.close()
        file = Path(sqlite_url.removeprefix("sqlite:///"))
        away = file.rename(file.with_name("away"))
        file.mkdir()
        with pytest.raises(StoreUnreachableError):
            beside.articles.last_change()
        assert unions.document(unions.parse(query), "atom") == before
        with pytest.raises(StoreError):
            unions.document(unions.parse([("section", "sports")]), "atom")
        database.close()
        file.rmdir()
        away.rename(file)
        assert unions.document(unions.parse([("section", "sports")]), "atom")
