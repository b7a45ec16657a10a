"""The pages where people find a feed: one for every feed, and one that lists them all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from jinja2 import Environment
from jinja2 import TemplateError as JinjaError

from feeds.catalogue import INDEX, OPML, Catalogue
from feeds.model import Feed, FeedKind, Headline, Latest
from feeds.qr import qr_code
from feeds.readers import subscriptions
from feeds.typography import index_letter, index_order, unbroken
from newsroom.model import Reporter, Section
from newsroom.settings import PaperSettings
from newsroom.templates import TemplateError

ASSETS = ("index.css", "copy.js", "search.js", "feed.css")
"""Files published beside the index. The pages load the first three and nothing from elsewhere but the paper's own portraits;
``feed.css`` is for feeds that are opened in a browser."""

MANY = 24
"""From so many reporters on they stand under letters."""

_FORMATS = {"rss": "RSS", "json": "JSON Feed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One feed on the index. ``today`` counts its articles of the paper's newest day; ``below`` are child sections."""

    feed: Feed
    latest: Latest | None
    today: int
    below: tuple[Row, ...] = ()
    reporter: Reporter | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A headline on a feed's page, with what the page itself does not say yet: its section, its authors."""

    headline: Headline
    place: Feed | None
    authors: tuple[str, ...]


def index(catalogue: Catalogue, latest: Mapping[str, Latest], environment: Environment) -> bytes:
    """The list of all feeds, UTF-8. ``latest`` holds the newest article of each feed by the feed's path.

    Its date is that of the paper's newest article, and it says "yesterday" as seen from there: the clock has no part in it.
    Raises TemplateError.
    """
    return _render(environment, INDEX, up="", **_Index(catalogue, latest).words())


def feed_page(
    catalogue: Catalogue, feed: Feed, headlines: Sequence[Headline], environment: Environment, formats: Sequence[str]
) -> bytes:
    """The page of one feed, UTF-8, for ``feed.file("html")``: its newest headlines as given, and every way to subscribe.

    ``formats`` are the endings that it is published with; only Atom is offered for autodiscovery. Raises TemplateError.
    """
    words = _FeedPage(catalogue, feed).words(headlines)
    others = [(name, f"{feed.path.rpartition('/')[2]}.{ending}") for ending, name in _FORMATS.items() if ending in formats]
    return _render(environment, "feed.html", up="../" * feed.path.count("/"), others=others, **words)


def asset(name: str, paper: PaperSettings, environment: Environment) -> bytes:
    """A style sheet in the paper's colours, or a script. Raises TemplateError."""
    return _render(environment, name, paper=paper)


class _Index:
    def __init__(self, catalogue: Catalogue, latest: Mapping[str, Latest]) -> None:
        self._catalogue = catalogue
        self._latest = latest
        self._zone = catalogue.paper.timezone
        newest = latest.get(catalogue.front.path)
        self._today = newest.published.astimezone(self._zone).date() if newest else None

    def words(self) -> dict[str, object]:
        at_work = [reporter for reporter in self._catalogue.reporters if reporter.active]
        return {
            "paper": self._catalogue.paper,
            "today": self._today,
            "front": self._row(self._catalogue.front),
            "sections": [self._section(section) for section in self._catalogue.sections.roots],
            "series": [self._row(feed) for feed in self._catalogue.of_series.values()],
            "genres": [self._row(feed) for feed in self._catalogue.of_genre.values()],
            "reporters": self._lettered(at_work) if len(at_work) > MANY else [("", self._people(at_work))] if at_work else [],
            "former": self._people(reporter for reporter in self._catalogue.reporters if not reporter.active),
            "opml": OPML,
            "unbroken": unbroken,
        }

    def _lettered(self, reporters: Iterable[Reporter]) -> list[tuple[str, list[Row]]]:
        ordered = sorted(reporters, key=_order)
        return [(letter, self._people(group)) for letter, group in groupby(ordered, key=lambda one: index_letter(one.name))]

    def _people(self, reporters: Iterable[Reporter]) -> list[Row]:
        return [self._row(self._catalogue.of_reporter[one.slug], reporter=one) for one in sorted(reporters, key=_order)]

    def _section(self, section: Section) -> Row:
        below = tuple(self._section(child) for child in self._catalogue.sections.children(section.slug))
        return self._row(self._catalogue.of_section[section.slug], below=below)

    def _row(self, feed: Feed, *, below: tuple[Row, ...] = (), reporter: Reporter | None = None) -> Row:
        latest = self._latest.get(feed.path)
        fresh = latest is not None and latest.published.astimezone(self._zone).date() == self._today
        return Row(feed=feed, latest=latest, today=latest.same_day if latest and fresh else 0, below=below, reporter=reporter)


class _FeedPage:
    def __init__(self, catalogue: Catalogue, feed: Feed) -> None:
        self._catalogue = catalogue
        self._feed = feed
        self._reporter = next((one for one in catalogue.reporters if one.slug == feed.reporter), None)

    def words(self, headlines: Sequence[Headline]) -> dict[str, object]:
        sections = self._catalogue.of_section
        return {
            "paper": self._catalogue.paper,
            "feed": self._feed,
            "front": self._catalogue.front,
            "index": INDEX,
            "opml": OPML,
            "above": [sections[slug] for slug in reversed(self._ancestry())],
            "below": [sections[child.slug] for child in self._children()],
            "reporter": self._reporter,
            "desk": sections.get(self._reporter.section) if self._reporter else None,
            "lines": [self._line(headline) for headline in headlines],
            "today": self._newest_day([headline.published for headline in headlines]),
            "subscriptions": subscriptions(self._feed.url),
            # People point a telephone at it, and a browser shows them this page better than the feed.
            "qr": qr_code(self._feed.address("html")),
            "unbroken": unbroken,
        }

    def _ancestry(self) -> Sequence[str]:
        return self._catalogue.sections.ancestry(self._feed.slug)[1:] if self._feed.kind is FeedKind.SECTION else ()

    def _children(self) -> Sequence[Section]:
        return self._catalogue.sections.children(self._feed.slug) if self._feed.kind is FeedKind.SECTION else ()

    def _line(self, headline: Headline) -> Line:
        main = self._catalogue.of_section.get(headline.sections[0]) if headline.sections else None
        alone = self._reporter is not None and headline.authors == (self._reporter.name,)
        return Line(headline=headline, place=None if main == self._feed else main, authors=() if alone else headline.authors)

    def _newest_day(self, times: Sequence[datetime]) -> date | None:
        return max(times).astimezone(self._catalogue.paper.timezone).date() if times else None


def _order(reporter: Reporter) -> tuple[tuple[int, str, str], str]:
    return index_order(reporter.name), reporter.slug


def _render(environment: Environment, name: str, **words: object) -> bytes:
    try:
        return environment.get_template(f"web/{name}").render(**words).encode()
    except JinjaError as error:
        raise TemplateError(f"templates/web/{name}: {error}") from error
