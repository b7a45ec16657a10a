"""Agency copy: what its contract allows to be given, in every format and to every portal."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from lxml import etree

from feeds.model import View
from feeds.portals import PortalSettings
from feeds.union import Unions
from newsroom.intake import Intake
from newsroom.model import Draft, Verdict
from newsroom.settings import AgencySettings, SourceSettings
from tests.feeds.builders import NOON, article, candidate

if TYPE_CHECKING:
    from tests.feeds.conftest import Newsroom

ATOM = "{http://www.w3.org/2005/Atom}"
WIRE = AgencySettings(
    name="한물통신", url="https://hanmul.example", feed="https://hanmul.example/feed.atom", rights="© 한물통신. 무단 전재 금지"
)
SECRET = "0123456789abcdef"
PORTALS = tuple(
    PortalSettings.model_validate(described)
    for described in (
        {"slug": "excerpts", "preset": "excerpt"},
        {"slug": "excerpts-rss", "preset": "excerpt", "format": "rss"},
        {"slug": "library", "preset": "partner", "secret": SECRET},
        {"slug": "library-rss", "preset": "partner", "secret": SECRET, "format": "rss"},
        {"slug": "smartnews", "preset": "smartnews"},
        {"slug": "msn", "preset": "msn"},
        {"slug": "news", "preset": "google-news"},
        {"slug": "map", "preset": "sitemap"},
    )
)
MARKER = "끝의표식"
STORY = article(1, sections=("it",))


@pytest.mark.parametrize("view", View)
@pytest.mark.parametrize("length", [0, 1, 60])
def test_agency_copy_is_nowhere_given_in_full(newsroom: Newsroom, view: View, length: int) -> None:
    """One format or portal that gives the text breaks the contract, and a flash of one line is over within its excerpt."""
    newsroom.portals = PORTALS
    newsroom.settings = newsroom.settings.model_copy(update={"formats": ("atom", "rss", "json"), "view": view})
    body = "<p>두물시에 큰비가 내렸다.</p>" * length + f"<p>호우 경보 {MARKER}</p>"
    sent = Draft(
        source="site",
        url="https://dumul.example/article/50",
        native_id="50",
        headline="두물시에 큰비",
        body=body,
        published=NOON.isoformat(),
        bylines=("한물통신",),
        sections=("it",),
        keywords=("날씨",),
    )
    source = SourceSettings(name="site", kind="html", url="https://dumul.example")
    intake = Intake(newsroom.articles, newsroom.paper, newsroom.sections, source, [WIRE])
    assert [outcome.verdict for outcome in intake.take([sent], NOON + timedelta(hours=12))] == [Verdict.NEW]
    newsroom.take(STORY)
    assert newsroom.publish().failed == ()
    unions = Unions(newsroom.publisher().documents, newsroom.states)
    asked = unions.parse([("section", "it"), ("reporter", "ideun"), ("view", view.value)])
    files = newsroom.files() | {f"union.{ending}": unions.document(asked, ending) for ending in ("atom", "rss", "json")}
    naming = {path for path, data in files.items() if "두물시에 큰비" in data.decode()}
    assert naming >= {"front.atom", "front.rss", "front.json", "union.atom", "portals/excerpts.atom", "portals/news.xml"}
    assert f"partners/{SECRET}/library.atom" in naming
    assert not [path for path, data in files.items() if MARKER in data.decode()]


def test_agency_copy_carries_its_rights_and_its_source(newsroom: Newsroom) -> None:
    """The agency asks to be named with its copy, in the story and in feeds that merge many papers (A14, A15)."""
    newsroom.articles.accept(
        replace(candidate(STORY), agency=WIRE.model(), rights=WIRE.rights or "", full_text_ok=False), STORY.published
    )
    newsroom.publish()
    found = etree.fromstring(newsroom.files()["sections/it.atom"]).find(f"{ATOM}entry")
    assert found is not None
    assert found.findtext(f"{ATOM}rights") == "© 한물통신. 무단 전재 금지"
    assert found.findtext(f"{ATOM}source/{ATOM}id") == "https://hanmul.example/feed.atom"
    assert found.find(f"{ATOM}content") is None
