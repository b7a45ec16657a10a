"""Portals as they are published: what is in their files, what leaves them, and who can find them. And addresses that moved."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest
from lxml import etree

from feeds.portals import PortalSettings
from newsroom.model import Article, Series, Status
from newsroom.terms import series_slug
from tests.feeds.builders import NOON, URL, article, candidate
from tests.feeds.conftest import Newsroom
from tests.feeds.walk import stamps, walk

LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
SECRET = "a-secret-of-a-partner"
LONG_AFTER = NOON + timedelta(days=60)
BODY = "심야버스 3개 노선"


def portal(slug: str, preset: str, **more: Any) -> PortalSettings:
    return PortalSettings.model_validate({"slug": slug, "preset": preset, **more})


def addresses(newsroom: Newsroom, path: str) -> list[str]:
    """What a sitemap, or the index of sitemaps, lists."""
    return [found.text or "" for found in etree.fromstring((newsroom.folder / path).read_bytes()).iter(LOC)]


def ids(newsroom: Newsroom, path: str) -> list[str]:
    return [entry.id for entry in feedparser.parse((newsroom.folder / path).read_bytes()).entries]


def daily(count: int) -> list[Article]:
    return [article(number, published=NOON + timedelta(days=number), sections=("game",)) for number in range(count)]


def test_google_news_gets_two_days_and_no_more(newsroom: Newsroom) -> None:
    """Google refuses a news sitemap with older articles."""
    newsroom.portals = (portal("google", "google-news"),)
    stories = daily(6)
    newsroom.take(*stories)
    newsroom.publish()
    assert addresses(newsroom, "portals/google.xml") == [stories[5].url, stories[4].url]
    newsroom.articles.correct(stories[0].id, "바로잡습니다.", serious=True, now=NOON + timedelta(days=5, hours=1))
    newsroom.publish()
    assert stories[0].url not in addresses(newsroom, "portals/google.xml")
    newsroom.articles.accept(candidate(stories[5], status=Status.CANCELLED), LONG_AFTER)
    newsroom.publish()
    assert stories[5].url not in addresses(newsroom, "portals/google.xml")


def test_google_news_gets_a_thousand_at_most(newsroom: Newsroom) -> None:
    """Google reads none of a sitemap that has more."""
    newsroom.portals = (portal("google", "google-news", at_most=1000),)
    newsroom.take(
        *(article(number, published=NOON + timedelta(minutes=number), sections=("game",), signed=()) for number in range(1010))
    )
    newsroom.publish()
    listed = addresses(newsroom, "portals/google.xml")
    assert len(listed) == len(set(listed)) == 1000
    assert listed[0] == "https://dumul.example/article/1009"


def test_a_sitemap_has_a_document_for_each_day(newsroom: Newsroom) -> None:
    """Search engines would not find old articles, or read all of them again with every new one."""
    newsroom.portals = (portal("map", "sitemap"),)
    stories = daily(5)
    newsroom.take(*stories)
    publisher = newsroom.publisher()
    publisher.publish()
    days = [f"portals/map/2026-03-0{day}.xml" for day in range(2, 7)]
    assert addresses(newsroom, "portals/map.xml") == [f"{URL}/{day}" for day in days]
    assert [addresses(newsroom, day) for day in days] == [[story.url] for story in stories]
    before = stamps(newsroom.folder)
    newsroom.take(article(50, published=NOON + timedelta(days=4, hours=2), sections=("game",)))
    publisher.publish()
    after = stamps(newsroom.folder)
    assert all(after[day] == before[day] for day in days[:-1])
    assert len(addresses(newsroom, days[-1])) == 2
    newsroom.publisher().publish()  # the program starts again
    assert stamps(newsroom.folder) == after


def test_a_withdrawn_article_leaves_the_sitemap_of_its_day(newsroom: Newsroom) -> None:
    """Search engines would send people to a page that is no more."""
    newsroom.portals = (portal("map", "sitemap"),)
    stories = [*daily(3), article(50, published=NOON + timedelta(hours=2), sections=("game",))]
    newsroom.take(*stories)
    newsroom.publish()
    for gone in (stories[0], stories[1]):
        newsroom.articles.accept(candidate(gone, status=Status.CANCELLED), LONG_AFTER)
        newsroom.publish()
    assert addresses(newsroom, "portals/map/2026-03-02.xml") == [stories[3].url]
    assert not (newsroom.folder / "portals/map/2026-03-03.xml").exists()
    assert addresses(newsroom, "portals/map.xml") == [f"{URL}/portals/map/2026-03-02.xml", f"{URL}/portals/map/2026-03-04.xml"]
    newsroom.articles.accept(candidate(stories[1]), LONG_AFTER)
    newsroom.publish()
    assert addresses(newsroom, "portals/map/2026-03-03.xml") == [stories[1].url]


def test_days_that_went_by_while_nothing_ran_are_in_the_sitemap(newsroom: Newsroom) -> None:
    """After a restart search engines would never hear of what came in before it."""
    newsroom.portals = (portal("map", "sitemap"),)
    newsroom.take(*daily(2))
    newsroom.publish()
    newsroom.take(*daily(4))
    newsroom.publish()
    assert len(addresses(newsroom, "portals/map.xml")) == 4


@pytest.mark.parametrize("preset", ["msn", "smartnews"])
def test_a_portal_hears_of_a_withdrawal_however_late(newsroom: Newsroom, preset: str) -> None:
    """It goes on showing what it took weeks ago, which the paper had to take back."""
    newsroom.portals = (portal("shown", preset),)
    stories = daily(20)
    newsroom.take(*stories)
    newsroom.publish()
    assert stories[2].id not in ids(newsroom, "portals/shown.rss")
    newsroom.articles.accept(candidate(stories[2], status=Status.CANCELLED), NOON + timedelta(days=19, hours=1))
    newsroom.publish()
    assert stories[2].id in ids(newsroom, "portals/shown.rss")
    assert stories[2].url.encode() not in (newsroom.folder / "portals/shown.rss").read_bytes()


def test_an_old_article_that_was_put_right_is_given_again(newsroom: Newsroom) -> None:
    """The portal would show the error for ever."""
    newsroom.portals = (portal("shown", "msn"),)
    stories = daily(20)
    newsroom.take(*stories)
    newsroom.publish()
    newsroom.articles.correct(stories[2].id, "바로잡습니다.", serious=False, now=NOON + timedelta(days=19, hours=1))
    newsroom.publish()
    assert "바로잡습니다." in (newsroom.folder / "portals/shown.rss").read_text()


def test_a_partners_address_is_taken_back(newsroom: Newsroom) -> None:
    """Who was to read no longer would go on reading."""
    newsroom.portals = (portal("reader", "partner", secret=SECRET),)
    newsroom.take(*daily(2))
    newsroom.publish()
    file = newsroom.folder / f"partners/{SECRET}/reader.atom"
    assert BODY in file.read_text()
    newsroom.portals = (portal("reader", "partner", secret="another-secret-of-it"),)
    newsroom.publish()
    assert not [path for path in newsroom.folder.rglob("*") if SECRET in str(path) and path.is_file()]
    assert (newsroom.folder / "partners/another-secret-of-it/reader.atom").exists()
    newsroom.portals = ()
    newsroom.publish()
    assert not [path for path in (newsroom.folder / "partners").rglob("*") if path.is_file()]


def test_a_private_portal_is_named_nowhere(newsroom: Newsroom) -> None:
    """Its address would be read in the list of feeds, on a page, or at a hub."""
    newsroom.portals = (portal("reader", "partner", secret=SECRET), portal("news", "google-news"), portal("short", "excerpt"))
    newsroom.take(*daily(2))
    newsroom.publish()
    own = f"partners/{SECRET}/reader.atom"
    assert [path for path, data in newsroom.files().items() if SECRET.encode() in data] == [own]
    assert not [address for address in newsroom.told if "partners" in address or "portals" in address]
    assert newsroom.told
    assert [path for path in newsroom.files() if "reader" in Path(path).name] == [own]


def test_a_portal_for_excerpts_gets_excerpts(newsroom: Newsroom) -> None:
    """The text would be given away."""
    newsroom.portals = (portal("short", "excerpt"), portal("short-rss", "excerpt", format="rss"))
    newsroom.take(*daily(2))
    newsroom.publish()
    for path in ("portals/short.atom", "portals/short-rss.rss"):
        data = (newsroom.folder / path).read_text()
        assert len(ids(newsroom, path)) == 2
        assert BODY not in data
    assert BODY in (newsroom.folder / "front.atom").read_text()


def test_a_portal_has_the_sections_it_asked_for(newsroom: Newsroom) -> None:
    """It would get sports for games; and with other sections in the configuration, still the old ones."""
    newsroom.portals = (portal("short", "excerpt", sections=["it"], window="30d"),)
    game, match = article(1, sections=("game",)), article(2, sections=("sports",))
    newsroom.take(game, match)
    newsroom.publish()
    assert ids(newsroom, "portals/short.atom") == [game.id]
    newsroom.portals = (portal("short", "excerpt", sections=["sports"], window="30d"),)
    newsroom.publish()
    assert ids(newsroom, "portals/short.atom") == [match.id]


def test_a_series_that_gets_a_name_moves(newsroom: Newsroom) -> None:
    """Subscribers of the old address would go on reading a feed that nobody writes."""
    newsroom.settings = newsroom.settings.model_copy(
        update={"window": timedelta(hours=5), "at_least": 2, "at_most": 4, "archive": 10}
    )
    stories = [article(number, sections=("game",), series="두물의 밤") for number in range(20)]
    newsroom.take(*stories)
    newsroom.publish()
    former = f"series/{series_slug('두물의 밤')}"
    assert (newsroom.folder / f"{former}.atom").exists()
    assert list((newsroom.folder / former).glob("*.atom"))
    newsroom.series = (Series(slug="night", title="두물의 밤", names=("두물의 밤",)),)
    newsroom.publish()
    assert not [path for path in newsroom.files() if path.startswith(former)]
    assert not list((newsroom.folder / "series").glob(f"{Path(former).name}*.gz"))
    assert newsroom.catalogue().moved == {former: "series/night"}
    history = walk(newsroom.folder, newsroom.catalogue().of_series["night"])
    assert sorted(history.ids) == sorted(story.id for story in stories)
    assert newsroom.publish(check=True).written == ()


def test_what_has_ended_or_moved_is_taken_away(newsroom: Newsroom) -> None:
    """Readers would take the last issue of it for the newest for ever: 410 and 308 come only where there is no file."""
    newsroom.take(*daily(2))
    newsroom.publish()
    for path in ("sections/old", "sections/older"):
        for ending in ("atom", "html"):
            (newsroom.folder / f"{path}.{ending}").write_text("old")
        (newsroom.folder / path).mkdir()
        (newsroom.folder / path / "2020-01.atom").write_text("old")
    newsroom.settings = newsroom.settings.model_copy(
        update={"ended": ("sections/old",), "moved": {"sections/older": "sections/it"}}
    )
    assert "sections/old.atom" in newsroom.publish(check=True).written
    newsroom.publish()
    assert not [path for path in newsroom.files() if path.startswith("sections/old")]
    assert newsroom.publish(check=True).written == ()


def test_published_day_is_that_of_the_paper(newsroom: Newsroom) -> None:
    """An article of the small hours would be in the sitemap of the day before."""
    newsroom.portals = (portal("map", "sitemap"),)
    newsroom.take(article(1, published=datetime.fromisoformat("2026-03-05T00:30:00+09:00"), sections=("game",)))
    newsroom.publish()
    assert addresses(newsroom, "portals/map.xml") == [f"{URL}/portals/map/2026-03-05.xml"]
