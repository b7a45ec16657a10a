"""The page where people find a feed: the sections as a tree, the reporters with their newest headline, every address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jinja2 import Environment
from jinja2 import TemplateError as JinjaError

from feeds.catalogue import INDEX, OPML, Catalogue
from feeds.model import Feed, Latest
from newsroom.model import Reporter, Section
from newsroom.settings import PaperSettings
from newsroom.templates import TemplateError

ASSETS = ("index.css", "search.js")
"""Files that the page loads, published beside it; it loads nothing from elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One feed on the page. ``today`` counts its articles of the paper's newest day; ``below`` are child sections."""

    feed: Feed
    latest: Latest | None
    today: int
    below: tuple[Row, ...] = ()
    name: str = ""


def index(catalogue: Catalogue, latest: Mapping[str, Latest], environment: Environment) -> bytes:
    """The page as UTF-8. ``latest`` holds the newest article of each feed by the feed's path.

    Its date is that of the paper's newest article, and it says "yesterday" as seen from there: the clock has no part in it.
    Raises TemplateError.
    """
    return _render(environment, INDEX, **_View(catalogue, latest).words(), opml=OPML)


def asset(name: str, paper: PaperSettings, environment: Environment) -> bytes:
    """The style sheet in the paper's colours, or the script. Raises TemplateError."""
    return _render(environment, name, paper=paper)


class _View:
    def __init__(self, catalogue: Catalogue, latest: Mapping[str, Latest]) -> None:
        self._catalogue = catalogue
        self._latest = latest
        self._zone = catalogue.paper.timezone
        newest = latest.get(catalogue.front.path)
        self._today = newest.published.astimezone(self._zone).date() if newest else None

    def words(self) -> dict[str, object]:
        reporters = self._catalogue.reporters
        return {
            "paper": self._catalogue.paper,
            "today": self._today,
            "front": self._row(self._catalogue.front),
            "sections": [self._section(section) for section in self._catalogue.sections.roots],
            "reporters": [self._reporter(reporter) for reporter in reporters if reporter.active],
            "former": [self._reporter(reporter) for reporter in reporters if not reporter.active],
        }

    def _section(self, section: Section) -> Row:
        below = tuple(self._section(child) for child in self._catalogue.sections.children(section.slug))
        return self._row(self._catalogue.of_section[section.slug], below=below)

    def _reporter(self, reporter: Reporter) -> Row:
        return self._row(self._catalogue.of_reporter[reporter.slug], name=reporter.name)

    def _row(self, feed: Feed, *, below: tuple[Row, ...] = (), name: str = "") -> Row:
        latest = self._latest.get(feed.path)
        fresh = latest is not None and latest.published.astimezone(self._zone).date() == self._today
        return Row(feed=feed, latest=latest, today=latest.same_day if latest and fresh else 0, below=below, name=name)


def _render(environment: Environment, name: str, **words: object) -> bytes:
    try:
        return environment.get_template(f"web/{name}").render(**words).encode()
    except JinjaError as error:
        raise TemplateError(f"templates/web/{name}: {error}") from error
