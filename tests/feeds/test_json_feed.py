"""The JSON Feed documents: rule J1 of the feeds' standard, and version 1.1 of the format.

After a wanted change of the bytes: ``UPDATE_GOLDEN=1 pytest tests/feeds/test_json_feed.py``, then read the difference.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds import content
from feeds.errors import RenderError
from feeds.json_feed import JsonFeedWriter
from feeds.model import Entry, View
from newsroom.model import Article, Reporter
from tests.feeds.builders import NOON, PAPER, article, catalogue, language
from tests.feeds.samples import (
    ENGLISH,
    ENTRIES,
    HUB,
    JOINT,
    TEASER,
    WIRE,
    WITHDRAWN,
    correction,
    document_of,
    entries_of,
    entry,
    golden,
    newest,
    stories,
    stub,
    writable,
    written,
)

GOLDEN = Path(__file__).parent / "golden"
FEEDS = catalogue()
JSON = JsonFeedWriter(FEEDS)
DOCUMENTS = {
    "front": written(JSON),
    "excerpt": written(JSON, view=View.EXCERPT),
    "reporter": written(JSON, [entry(TEASER)], feed=FEEDS.of_reporter["jhpark2"]),
    "empty": written(JSON, [], feed=FEEDS.of_section["diplomacy"]),
}


def read(document: bytes) -> dict[str, Any]:
    found = json.loads(document)
    assert isinstance(found, dict)
    return found


def item(found: Entry, view: View = View.FULL) -> dict[str, Any]:
    (only,) = read(written(JSON, [found], view))["items"]
    assert isinstance(only, dict)
    return only


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_bytes_are_what_they_were(name: str) -> None:
    """A slip in one line would make every reader fetch every feed again, or show old stories as new."""
    assert DOCUMENTS[name].decode() == golden(GOLDEN / f"{name}.json", DOCUMENTS[name]).decode()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_document_is_a_json_feed(name: str) -> None:
    """Readers refuse a feed without version, an item without content, an id that is no string, a date without zone."""
    feed = read(DOCUMENTS[name])
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    for found in feed["items"]:
        assert isinstance(found["id"], str)
        assert found["title"]
        assert ("content_html" in found) != ("content_text" in found)
        assert all(datetime.fromisoformat(found[name]).tzinfo for name in ("date_published", "date_modified"))
        assert all(found.values()), "an empty value says nothing"
        assert not found.keys() & {"external_url", "banner_image", "attachments", "author"}
    assert "next_url" not in feed


def test_the_feed_says_who_it_is() -> None:
    """Without its address a reader cannot move the subscription, without a hub it polls."""
    feed = FEEDS.of_section["politics"]
    head = read(written(JSON, [], feed=feed))
    assert list(head) == [
        *("version", "title", "home_page_url", "feed_url", "description", "icon", "favicon"),
        *("authors", "language", "hubs", "items"),
    ]
    assert head["title"] == "두물일보 – 정치"
    assert head["home_page_url"] == feed.page
    assert head["feed_url"] == "https://feeds.dumul.example/sections/politics.json"
    assert head["authors"] == [{"name": "두물일보", "url": "https://dumul.example"}]
    assert head["icon"] == head["favicon"] == "https://dumul.example/icon.png"
    assert head["hubs"] == [{"type": "WebSub", "url": HUB}]
    assert head["items"] == []


def test_a_paper_without_an_icon_names_none() -> None:
    """An empty address is resolved to the feed itself, and shown as a broken picture."""
    plain = JsonFeedWriter(catalogue(PAPER.model_copy(update={"icon": ""})))
    assert not read(written(plain)).keys() & {"icon", "favicon"}


def test_an_item_says_all_that_an_atom_entry_says() -> None:
    """Who chose this format would get less of the paper."""
    found = item(entry(JOINT))
    assert found["id"] == "tag:dumul.example,2026-03-02:article/7"
    assert found["url"] == "https://dumul.example/article/7"
    assert found["title"] == JOINT.revision.headline
    assert found["content_html"] == content.text(entry(JOINT), View.FULL, language())
    assert found["summary"] == "시의회가 하루를 통째로 시민에게 내주었다."
    assert found["image"] == "https://img.dumul.example/1.jpg"
    assert found["date_published"] == "2026-03-02T19:00:00+09:00"
    assert found["date_modified"] == "2026-03-02T21:00:00+09:00"
    assert found["tags"] == ["국회", "정치", "게임", "IT·과학"]
    assert found["authors"] == [
        {"name": "강이든", "url": FEEDS.of_reporter["ideun"].page},
        {"name": "박지훈", "url": FEEDS.of_reporter["jhpark"].page},
        {"name": "한물통신"},
    ]


def test_only_another_language_is_named() -> None:
    """A screen reader would read English with a Korean voice."""
    assert item(entry(ENGLISH))["language"] == "en"
    assert "language" not in item(entry(JOINT))
    assert "language" not in item(stub(ENGLISH))


@pytest.mark.parametrize("found", [entry(WIRE), entry(TEASER)])
def test_a_text_that_may_not_be_given_or_is_not_there_is_not_given(found: Entry) -> None:
    """Wire copy in full breaks the paper's contract."""
    only = item(found)
    assert "content_html" not in only
    assert only["content_text"] == content.summary(found, View.FULL, language())


def test_a_bare_headline_is_still_an_item() -> None:
    """The format refuses an item without content, and the story would be missing."""
    assert item(entry(article(1, headline="[속보] 두물역 운행 재개", body="")))["content_text"] == "[속보] 두물역 운행 재개"


def test_an_excerpt_holds_no_full_text() -> None:
    """The paper gives its stories away where it means to give excerpts."""
    assert all("content_html" not in item(entry(found), View.EXCERPT) for found in (JOINT, ENGLISH, WIRE))


def test_a_correction_leads_to_the_story() -> None:
    """Its readers could not find what was wrong."""
    found = item(correction(JOINT))
    assert found["url"] == JOINT.url
    assert JOINT.revision.note in found["content_html"]


def test_a_stub_says_that_the_story_is_gone_and_nothing_of_it() -> None:
    """A withdrawn story would be read on for as long as the stub stands."""
    found = item(stub(WITHDRAWN))
    assert found.keys() == {"id", "url", "title", "content_html", "date_published", "date_modified"}
    assert found["id"] == WITHDRAWN.id
    assert "거두어들인" not in json.dumps(found, ensure_ascii=False)


def test_no_address_of_a_reporter_is_in_any_feed() -> None:
    """Harvesters collect it (A13)."""
    assert b"@" not in b"".join(DOCUMENTS.values())


@pytest.mark.parametrize("broken", [article(2, headline="반쪽 \ud83d"), article(2, headline="")])
def test_an_article_that_cannot_be_written_is_refused_alone(broken: Article) -> None:
    """Half an emoji would lose the whole feed."""
    with pytest.raises(ValueError, match=r"surrogates|headline"):
        JSON.piece(entry(broken), View.FULL)


def test_a_feed_whose_own_name_cannot_be_written_says_which() -> None:
    """The operator has to find the name among hundreds."""
    feeds = catalogue(reporters=[Reporter(slug="ideun", name="강\ud83d이든")])
    document = document_of(feeds.of_reporter["ideun"], "json")
    with pytest.raises(RenderError, match=r"reporters/ideun\.json"):
        JsonFeedWriter(feeds).document(document, NOON, [])


@given(st.lists(st.sampled_from(ENTRIES), unique_by=lambda found: (found.id, found.kind)), st.sampled_from(View))
def test_pieces_make_the_same_bytes_as_one_writing(entries: list[Entry], view: View) -> None:
    """A comma too many is refused by every reader."""
    document = document_of(FEEDS.of_section["it"], "json", view)
    pieces = [JSON.piece(found, view) for found in entries]
    assert JSON.document(document, newest(entries), pieces) == JSON.whole(document, entries, view)


@given(found=stories(), view=st.sampled_from(View))
def test_any_text_gives_a_valid_feed_and_comes_back_whole(found: Article, view: View) -> None:
    """Whatever a source sends, subscribers get their feed, with the text as it was or without that one story."""
    entries = writable(JSON, [*entries_of(found), entry(ENGLISH)], view)
    document = document_of(FEEDS.front, "json", view)
    whole = JSON.document(document, newest(entries), [JSON.piece(kept, view) for kept in entries])
    assert whole == JSON.whole(document, entries, view)
    items = read(whole)["items"]
    assert [only["id"] for only in items] == [kept.id for kept in entries]
    for kept, only in zip(entries, items, strict=True):
        assert only["title"] == content.title(kept, language())
        assert only.get("content_html", "") == content.text(kept, view, language())
        assert only.get("tags", []) == [category.label for category in content.categories(kept, FEEDS)]


def test_the_same_articles_give_the_same_bytes_from_another_writer() -> None:
    """Bytes that change with the run or the machine are fetched again by every reader at every poll (W3)."""
    assert written(JsonFeedWriter(catalogue())) == DOCUMENTS["front"]
