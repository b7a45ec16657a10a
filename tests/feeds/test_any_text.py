"""From a source's page to a subscriber's reader: whatever was printed, the feeds are valid and say what was kept."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import feedparser
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from structlog.testing import capture_logs

from feeds import content
from feeds.model import View
from feeds.publish import Publisher
from newsroom.intake import Intake
from newsroom.model import Draft, Verdict
from newsroom.settings import SourceSettings
from tests.feeds.builders import NOON, entry, language, picture
from tests.feeds.samples import FORBIDDEN, HOSTILE

if TYPE_CHECKING:
    from tests.feeds.conftest import Newsroom

ATOM = "{http://www.w3.org/2005/Atom}"
SITE = SourceSettings(name="site", kind="html", url="https://dumul.example", learn="none")
ANYTHING = st.text(max_size=40) | st.sampled_from((*HOSTILE, *FORBIDDEN))


@pytest.fixture
def publisher(newsroom: Newsroom) -> Publisher:
    """Publishes short feeds in every format."""
    changes = {"formats": ("atom", "rss", "json"), "at_least": 5, "at_most": 9}
    newsroom.settings = newsroom.settings.model_copy(update=changes)
    return newsroom.publisher()


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    headline=ANYTHING.map("기사 {}".format) | ANYTHING,
    body=ANYTHING,
    summary=ANYTHING,
    name=ANYTHING,
    words=ANYTHING,
    series=ANYTHING,
    keyword=ANYTHING,
    note=ANYTHING,
    rights=ANYTHING,
)
def test_whatever_a_source_sends_subscribers_get_it_in_a_valid_feed(
    newsroom: Newsroom,
    publisher: Publisher,
    atom_grammar: etree.RelaxNG,
    headline: str,
    body: str,
    summary: str,
    name: str,
    words: str,
    series: str,
    keyword: str,
    note: str,
    rights: str,
) -> None:
    """A control character or a stray bracket would cost subscribers the story, or the whole feed."""
    number = newsroom.articles.count() + 1
    sent = Draft(
        source="site",
        url=f"https://dumul.example/article/{number}",
        native_id=f"{number}",
        headline=headline,
        body=f"<p>{body}</p>",
        summary=summary,
        published=(NOON + timedelta(minutes=number)).isoformat(),
        bylines=(name,),
        images=(replace(picture(), alt=words, caption=words, credit=words),),
        series=series,
        keywords=(keyword,),
        note=note,
        rights=rights,
    )
    intake = Intake(newsroom.articles, newsroom.paper, newsroom.sections, SITE)
    (outcome,) = intake.take([sent], NOON + timedelta(hours=12))
    with capture_logs() as said:
        assert publisher.publish().failed == ()
    assert [line for line in said if line["log_level"] in {"warning", "error"}] == []
    if outcome.verdict is Verdict.REFUSED:
        assert re.search("headline|neither a body nor a summary", outcome.reason)
        return
    (kept,) = newsroom.articles.articles([outcome.article_id])
    files = newsroom.files()
    atom = etree.fromstring(files["front.atom"])
    atom_grammar.assertValid(atom)
    parsed = {ending: feedparser.parse(files[f"front.{ending}"]) for ending in ("atom", "rss")}
    assert [feed.bozo for feed in parsed.values()] == [False, False]
    found = atom.find(f"{ATOM}entry")
    assert found is not None
    title = content.title(entry(kept), language())
    assert found.findtext(f"{ATOM}id") == parsed["atom"].entries[0].id == parsed["rss"].entries[0].id == kept.id
    assert found.findtext(f"{ATOM}title") == json.loads(files["front.json"])["items"][0]["title"] == title
    assert found.findtext(f"{ATOM}content", "") == content.text(entry(kept), View.FULL, language())
    assert found.findtext(f"{ATOM}summary", "") == content.summary(entry(kept), View.FULL, language())
    if not re.search("[\x80-\xff]", title):  # letters that might be UTF-8 decoded wrongly feedparser decodes again
        assert parsed["atom"].entries[0].title.split() == title.split()
