"""``[[portal]]``: what may be written there, and under which address its documents lie."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from feeds.model import FeedKind, View
from feeds.portals import PortalSettings, portal_day, portal_feed, portal_path, portal_writer
from feeds.portals.settings import SecretPathError
from tests.feeds.builders import catalogue

SECRET = "Zm9vYmFyYmF6cXV4_-42"
PRESETS = {
    "google-news": ("xml", "portals/a"),
    "sitemap": ("xml", "portals/a"),
    "smartnews": ("rss", "portals/a"),
    "msn": ("rss", "portals/a"),
    "partner": ("atom", f"partners/{SECRET}/a"),
    "excerpt": ("atom", "portals/a"),
}


def portal(preset: str, **more: object) -> PortalSettings:
    secret = {"secret": SECRET} if preset == "partner" and not more.keys() & {"secret", "secret_file"} else {}
    return PortalSettings.model_validate({"slug": "a", "preset": preset, **secret, **more})


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_has_a_writer_and_an_address(preset: str) -> None:
    """A portal would be configured, and nothing written."""
    settings = portal(preset)
    feed = portal_feed(settings, catalogue())
    assert (portal_writer(settings, catalogue()).ending, portal_path(settings)) == PRESETS[preset]
    assert feed.path == portal_path(settings)
    assert feed.kind is FeedKind.PORTAL
    assert feed.id == "tag:dumul.example,2025:feeds/portals/a"
    assert feed.title == "두물일보"


def test_a_portal_may_have_a_name_and_sections_of_its_own() -> None:
    """A partner for sports would get all of the paper, under the paper's name."""
    feed = portal_feed(portal("excerpt", title="두물 정치", sections=["politics"], format="rss"), catalogue())
    assert (feed.title, feed.sections) == ("두물 정치", ("politics", "assembly", "diplomacy"))
    assert portal_feed(portal("excerpt"), catalogue()).sections is None


def test_a_sitemaps_days_lie_below_its_index() -> None:
    """Crawlers refuse a document above or beside the folder of its index."""
    assert portal_day(portal("sitemap"), date(2026, 3, 2)) == "portals/a/2026-03-02"


@pytest.mark.parametrize(("preset", "view"), [("excerpt", View.EXCERPT), ("partner", View.FULL), ("msn", View.FULL)])
def test_a_preset_says_how_much_it_gives(preset: str, view: View) -> None:
    """Anybody could read what only partners pay for."""
    assert portal(preset).view is view


def test_only_a_partners_address_is_private() -> None:
    """It would be listed for all to read, or told to a hub."""
    assert [preset for preset in PRESETS if portal(preset).is_private] == ["partner"]


def test_only_sitemaps_take_no_stubs() -> None:
    """A portal that is told of a deletion by a stub would show the withdrawn story for ever."""
    assert [preset for preset in PRESETS if not portal(preset).takes_stubs] == ["google-news", "sitemap"]


def test_a_new_secret_takes_the_old_address_back() -> None:
    """A partner whose contract has ended would read on."""
    other = "b" * 16
    assert portal_path(portal("partner", secret=other)) == f"partners/{other}/a"


def test_the_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    """The configuration could not be kept in git."""
    file = tmp_path / "secret"
    file.write_text(f"{SECRET}\n", "utf-8")
    assert portal_path(portal("partner", secret_file=str(file))) == f"partners/{SECRET}/a"


@pytest.mark.parametrize("content", [None, b"", b"short", b"../../../etc/passwd/x", b"\xff" * 20])
def test_a_secret_file_that_holds_no_secret_is_named(content: bytes | None, tmp_path: Path) -> None:
    """The partner's feed would lie where anybody can guess it, or outside the folder."""
    file = tmp_path / "secret"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SecretPathError, match=rf"{file} of the portal a"):
        portal_path(portal("partner", secret_file=str(file)))


def test_a_secret_is_not_shown() -> None:
    """Logs and the printed configuration would tell it."""
    assert SECRET not in repr(portal("partner"))
    assert SECRET not in str(portal("partner").model_dump())


@pytest.mark.parametrize(
    ("preset", "keys", "hint"),
    [
        ("partner", {"secret": "tooshort"}, "token_urlsafe"),
        ("partner", {"secret": "with/a/slash/in/it"}, "token_urlsafe"),
        ("partner", {"secret": "한글로된비밀이지만열여섯자가넘는다"}, "token_urlsafe"),
        ("partner", {"secret": None}, "either secret or secret_file"),
        ("partner", {"secret": SECRET, "secret_file": "x"}, "either secret or secret_file"),
        ("excerpt", {"secret": SECRET}, "take secret out"),
        ("sitemap", {"window": "1d", "at_most": 3}, "take at_most, window out"),
        ("google-news", {"title": "두물"}, "take title out"),
        ("msn", {"format": "atom"}, "take format out"),
        ("google-news", {"window": "3d"}, "2d"),
        ("google-news", {"at_most": 1001}, "1000"),
        ("naver", {}, "google-news"),
        ("excerpt", {"slug": "../x"}, "lower-case"),
        ("excerpt", {"full": True}, "full"),
    ],
)
def test_a_fault_is_refused_with_what_to_do(preset: str, keys: dict[str, object], hint: str) -> None:
    """The operator would have to read the source."""
    with pytest.raises(ValidationError, match=hint):
        portal(preset, **keys)


def test_defaults_are_what_every_portal_takes() -> None:
    """Google News drops a sitemap with older articles or more than a thousand."""
    settings = portal("google-news")
    assert settings.window <= timedelta(days=2)
    assert settings.at_most <= 1000
