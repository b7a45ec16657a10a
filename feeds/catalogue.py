"""Every feed of the paper, and which of them an article is in. Pure: made anew from what is known at the moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain

from feeds.model import Feed, FeedKind
from newsroom.language import Language
from newsroom.model import Filing, Reporter, Section
from newsroom.sections import SectionTree
from newsroom.settings import PaperSettings
from newsroom.topics import Topic, Topics

INDEX = "index.html"
OPML = "feeds.opml"


class Catalogue:
    """The front page's feed, the sections' in the paper's order, the reporters' as given, series and genres.

    ``url`` is the base of all addresses. ``of_section`` and its like find a feed by the slug of what it is about.
    """

    def __init__(
        self,
        paper: PaperSettings,
        url: str,
        sections: SectionTree,
        reporters: Iterable[Reporter],
        language: Language,
        *,
        topics: Topics | None = None,
    ) -> None:
        self.paper = paper
        self.sections = sections
        self.reporters = tuple(reporters)
        self.topics = topics or Topics((), (), ())
        self.url = url.rstrip("/") + "/"
        self.language = language
        self.front = self._front()
        self.of_section: Mapping[str, Feed] = {section.slug: self._section(section) for section in sections}
        names = _told_apart(self.reporters, sections)
        self.of_reporter: Mapping[str, Feed] = {
            reporter.slug: self._reporter(reporter, told) for reporter, told in zip(self.reporters, names, strict=True)
        }
        self.of_series: Mapping[str, Feed] = {topic.slug: self._topic(FeedKind.SERIES, topic) for topic in self.topics.series}
        self.of_genre: Mapping[str, Feed] = {topic.slug: self._topic(FeedKind.GENRE, topic) for topic in self.topics.genres}
        self._by_term: dict[str, list[Feed]] = {}
        for feed in chain(self.of_series.values(), self.of_genre.values()):
            for term in feed.terms or ():
                self._by_term.setdefault(term, []).append(feed)

    def __iter__(self) -> Iterator[Feed]:
        yield self.front
        yield from self.of_section.values()
        yield from self.of_reporter.values()
        yield from self.of_series.values()
        yield from self.of_genre.values()

    def __len__(self) -> int:
        return 1 + sum(map(len, (self.of_section, self.of_reporter, self.of_series, self.of_genre)))

    @property
    def founded(self) -> datetime:
        """When a feed without articles was last updated: the day of the paper's tag, since which it could have been there."""
        year, month, day = (*map(int, self.paper.tag.partition(",")[2].split("-")), 1, 1)[:3]
        return datetime(year, month, day, tzinfo=self.paper.timezone)

    @property
    def moved(self) -> Mapping[str, str]:
        """Paths that feeds had before the paper gave them names, with those that they have now."""
        return {
            f"series/{former}": self.of_series[topic.slug].path for topic in self.topics.series for former in topic.former_slugs
        }

    def holding(self, filing: Filing) -> tuple[Feed, ...]:
        """The feeds of an article: the front page's, sections up the tree, each reporter's, its series' and its genres'."""
        above = (slug for name in filing.sections if name in self.sections for slug in self.sections.ancestry(name))
        found = (
            self.front,
            *(self.of_section[slug] for slug in above),
            *(self.of_reporter[slug] for slug in filing.reporters if slug in self.of_reporter),
            *(feed for term in filing.terms for feed in self._by_term.get(term, ())),
        )
        return tuple(dict.fromkeys(found))

    def _front(self) -> Feed:
        return Feed(
            kind=FeedKind.FRONT,
            slug="front",
            path="front",
            id=f"tag:{self.paper.tag}:feeds/front",
            name=self.paper.name,
            title=self.paper.name,
            subtitle=self.paper.tagline or self._say("Every story of %(paper)s"),
            base=self.url,
            page=self.paper.url,
        )

    def _section(self, section: Section) -> Feed:
        below = [child.title for child in self.sections.children(section.slug)]
        if below:
            subtitle = self._say(
                "Stories of %(paper)s in %(section)s, with %(below)s",
                section=section.title,
                below=self.language.listing(below),
            )
        else:
            subtitle = self._say("Stories of %(paper)s in %(section)s", section=section.title)
        branch = self.sections.branch(section.slug)
        return self._feed(FeedKind.SECTION, section.slug, section.title, subtitle, sections=branch)

    def _reporter(self, reporter: Reporter, told_by: str) -> Feed:
        named = self.language.gettext("%(name)s, %(role)s") if reporter.role else "%(name)s"
        name = named % {"name": reporter.name, "role": reporter.role}
        subtitle = self._say("Stories of %(paper)s by %(name)s", name=name)
        label = f"{name} ({told_by})" if told_by else name
        return self._feed(FeedKind.REPORTER, reporter.slug, label, subtitle, reporter=reporter.slug)

    def _topic(self, kind: FeedKind, topic: Topic) -> Feed:
        subtitle = self._say("Stories of %(paper)s: %(topic)s", topic=topic.title)
        return self._feed(kind, topic.slug, topic.title, subtitle, terms=topic.terms)

    def _feed(
        self,
        kind: FeedKind,
        slug: str,
        name: str,
        subtitle: str,
        *,
        sections: tuple[str, ...] | None = None,
        reporter: str | None = None,
        terms: tuple[str, ...] | None = None,
    ) -> Feed:
        folder = "series" if kind is FeedKind.SERIES else f"{kind}s"
        return Feed(
            kind=kind,
            slug=slug,
            path=f"{folder}/{slug}",
            id=f"tag:{self.paper.tag}:feeds/{folder}/{slug}",
            name=name,
            title=f"{self.paper.name} – {name}",
            subtitle=subtitle,
            base=self.url,
            page=f"{self.url}{folder}/{slug}.html",
            sections=sections,
            reporter=reporter,
            terms=terms,
        )

    def _say(self, message: str, **values: str) -> str:
        return self.language.gettext(message) % {"paper": self.paper.name, **values}


def _told_apart(reporters: Sequence[Reporter], sections: SectionTree) -> list[str]:
    """What tells each reporter from others of the same name: the section if it can, else the slug; nothing for a name of one."""
    bearers = Counter(reporter.name for reporter in reporters)
    desks = Counter((reporter.name, reporter.section) for reporter in reporters if reporter.section in sections)
    return [
        ""
        if bearers[reporter.name] == 1
        else sections[reporter.section].title
        if desks[reporter.name, reporter.section] == 1
        else reporter.slug
        for reporter in reporters
    ]
