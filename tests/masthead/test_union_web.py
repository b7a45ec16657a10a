"""Union feeds over HTTP, as readers and caches ask for them; and what `masthead publish` answers to a script."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import feedparser
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from feeds.media_types import CACHE_CONTROL
from masthead.app import App
from masthead.web.union import LONGEST_QUERY, UnionEndpoint
from tests.masthead.papers import add_article
from tests.masthead.web import Answer, ask, served

if TYPE_CHECKING:
    from tests.masthead.conftest import Call

BASE = "http://127.0.0.1:8000"
PATH = "/feeds/union.atom"
SOCIETY = f"{PATH}?section=society"


@pytest.fixture
def site(app: App) -> Iterator[str]:
    """A server of union feeds alone, of a paper with one article."""
    add_article(app)
    endpoint = UnionEndpoint(app.unions, app.feeds_url, app.config.feeds.formats)
    with served(Starlette(routes=[Route("/feeds/union.{ending}", endpoint.respond)])) as url:
        yield url


def test_a_union_is_served_as_a_feed(site: str) -> None:
    """Readers would not know what it is, or poll it every minute (W1, W4)."""
    answer = ask(site, SOCIETY)
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert answer.headers["Cache-Control"] == CACHE_CONTROL
    assert answer.headers["Link"] == f'<{BASE}{SOCIETY}>; rel="self"'
    read = feedparser.parse(answer.body)
    assert [entry.title for entry in read.entries] == ["나룻배가 다시 뜬다 1"]
    assert not read.bozo


@pytest.mark.parametrize(
    ("ending", "media_type"), [("rss", "application/rss+xml; charset=utf-8"), ("json", "application/feed+json")]
)
def test_every_format_of_the_paper_is_there(site: str, ending: str, media_type: str) -> None:
    """A reader of podcasts or of JSON would get Atom."""
    answer = ask(site, f"/feeds/union.{ending}?section=society")
    assert (answer.status, answer.headers["Content-Type"]) == (200, media_type)


def test_there_is_no_other_format(site: str) -> None:
    """A typo in the address would be a failure of the server."""
    answer = ask(site, "/feeds/union.xml?section=society")
    assert (answer.status, answer.text) == (404, "there is no such format; there are: atom, json, rss\n")


@pytest.mark.parametrize(
    "query",
    [
        "section=society&section=society",
        "section=society&view=full",
        "section=%73ociety",
        "section=society&",
        "view=full&section=society",
    ],
)
def test_one_set_has_one_address(site: str, query: str) -> None:
    """A cache would keep a copy for each order of the parts."""
    answer = ask(site, f"{PATH}?{query}")
    assert (answer.status, answer.headers["Location"]) == (308, f"{BASE}{SOCIETY}")
    assert answer.headers["Cache-Control"] == CACHE_CONTROL


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("", "name what to follow"),
        ("section=nowhere", "there is no section 'nowhere'"),
        ("reporter=%EA%B9%80", "there is no reporter"),
        ("section=society&exclude=society", "there is no feed"),
        ("section=society&view=all", "means nothing here"),
        ("page=%0d%0aSet-Cookie:%20a=b", "means nothing here"),
        ("section=%ff%fe", "there is no section"),
    ],
)
def test_a_mistake_is_answered_with_its_reason(site: str, query: str, reason: str) -> None:
    """Who puts an address together would have to guess what is wrong with it."""
    answer = ask(site, f"{PATH}?{query}")
    assert answer.status == 400
    assert reason in answer.text
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in answer.headers
    assert answer.text.isascii()


def test_an_endless_query_is_not_read(site: str) -> None:
    """Anybody could keep the server busy."""
    assert ask(site, f"{SOCIETY}&{'exclude=section:society&' * (LONGEST_QUERY // 20)}").status == 414


def test_what_is_known_is_not_sent_again(site: str) -> None:
    """Each poll would cost the whole feed (W2)."""
    whole = ask(site, SOCIETY)
    for known in (whole.headers["ETag"], f"W/{whole.headers['ETag']}", f'"other", {whole.headers["ETag"]}', "*"):
        again = ask(site, SOCIETY, headers={"If-None-Match": known})
        assert (again.status, again.body, again.headers["ETag"]) == (304, b"", whole.headers["ETag"])
        assert again.headers["Cache-Control"] == CACHE_CONTROL
    assert ask(site, SOCIETY, headers={"If-None-Match": '"other"'}).status == 200


def test_it_is_compressed_for_who_asks(site: str) -> None:
    """Feeds would be five times as large; or garbage, for who cannot unpack them (W5)."""
    plain, packed = ask(site, SOCIETY), ask(site, SOCIETY, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"
    assert ask(site, SOCIETY, headers={"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]}).status == 304
    assert "Content-Encoding" not in ask(site, SOCIETY, headers={"Accept-Encoding": "gzip;q=0"}).headers


def test_head_is_get_without_a_body(site: str) -> None:
    """Link checkers would take the feed for dead."""
    get, head = ask(site, SOCIETY), ask(site, SOCIETY, "HEAD")
    assert (head.status, head.body) == (200, b"")
    for name in ("ETag", "Content-Type", "Content-Length", "Cache-Control"):
        assert head.headers[name] == get.headers[name]


def test_it_changes_with_its_parts(app: App, site: str) -> None:
    """Readers would be told 304 for ever."""
    before: Answer = ask(site, SOCIETY)
    add_article(app, 2)
    after = ask(site, SOCIETY, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status == 200
    assert len(feedparser.parse(after.body).entries) == 2


def test_publish_check_answers_a_script(app: App, call: Call, tmp_path: Path) -> None:
    """A monitor could not tell a folder that is as it should be from one that is not."""
    add_article(app)
    config = ("--config", app.path)
    assert call("publish", *config).status == 0
    assert call("publish", "--check", *config).status == 0
    file = tmp_path / "public" / "front.atom"
    whole = file.read_bytes()
    file.write_text("edited by hand")
    said = call("publish", "--check", "--json", *config)
    assert (said.status, said.json()["written"]) == (1, ["front.atom"])
    assert file.read_text() == "edited by hand"
    assert call("publish", "--all", *config).status == 0
    assert file.read_bytes() == whole
    assert call("publish", "--check", *config).status == 0
