"""``masthead correct``: what was wrong is said where it was read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from masthead.jobs import pull
from newsroom.model import Article
from tests.masthead.conftest import Call
from tests.masthead.papers import SetClock, opened, rss, write_config
from tests.servers import HttpServer

NOTE = "다리가 놓이는 해를 2027년에서 2028년으로 바로잡습니다."


@pytest.fixture
def wire() -> Iterator[HttpServer]:
    """A feed with one story."""
    server = HttpServer()
    server.serve("/rss", rss({2: "다리가 놓인다"}), content_type="application/rss+xml")
    with server.running():
        yield server


@pytest.fixture
def config(tmp_path: Path, wire: HttpServer) -> Path:
    """A paper that has pulled it."""
    written = write_config(tmp_path, source=f"{wire.url}/rss")
    pulled(written)
    return written


def pulled(config: Path) -> Article:
    with opened(config, SetClock()) as app:
        pull(app, app.config.sources[0])
        [article] = app.articles.newest(limit=9)
        return article


@pytest.mark.parametrize("named", ["id", "url"])
def test_an_article_is_named_by_its_id_or_its_address(call: Call, config: Path, named: str) -> None:
    """An editor who has the page before him has to look for an id first."""
    article = pulled(config)
    name = article.id if named == "id" else article.url + "?utm_source=mail#comments"
    said = call("--config", config, "correct", name, "--note", f" {NOTE}\n", "--serious")
    assert said.status == 0
    assert article.printed_headline in said.out
    assert NOTE in said.out
    assert "an entry of its own" in said.out
    revision = pulled(config).revision
    assert (revision.note, revision.serious, revision.number) == (NOTE, True, 2), "the pull left it there"


def test_a_script_gets_what_readers_will_see(call: Call, config: Path) -> None:
    """A paper's own system cannot tell whether its correction was taken."""
    article = pulled(config)
    told = call("--config", config, "correct", article.id, "--note", NOTE, "--json").json()
    updated = told.pop("updated")
    assert updated.endswith("+09:00")
    assert told == {
        "id": article.id,
        "url": article.url,
        "headline": "다리가 놓인다",
        "note": NOTE,
        "serious": False,
        "public": True,
    }


@pytest.mark.parametrize(
    ("name", "note", "status", "message"),
    [
        ("tag:unknown", NOTE, 1, 'there is no article "tag:unknown"; give the id or the address that a feed shows for it'),
        ("https://[", NOTE, 1, 'there is no article "https://["'),
        ("{id}", " ", 1, "A correction needs a note that says what was wrong."),
    ],
)
def test_what_cannot_be_corrected_is_said(call: Call, config: Path, name: str, note: str, status: int, message: str) -> None:
    """A mistyped address corrects nothing, and nobody notices."""
    said = call("--config", config, "correct", name.format(id=pulled(config).id), "--note", note)
    assert (said.status, said.out) == (status, "")
    assert message in said.err
    assert pulled(config).revision.number == 1
