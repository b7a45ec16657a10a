"""Every feed of the paper, and which of them an article is in. Pure: made anew from what is known at the moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from feeds.model import Feed, FeedKind
from newsroom.language import Language
from newsroom.model import Reporter, Section
from newsroom.sections import SectionTree
from newsroom.settings import PaperSettings

INDEX = "index.html"
OPML = "feeds.opml"


class Catalogue:
    """The front page's feed, the sections' in the paper's order, the reporters' as given. ``url`` is the base of all addresses.

    ``of_section`` and ``of_reporter`` find a feed by the slug of what it is about.
    """

    def __init__(
        self, paper: PaperSettings, url: str, sections: SectionTree, reporters: Iterable[Reporter], language: Language
    ) -> None:
        self.paper = paper
        self.sections = sections
        self.reporters = tuple(reporters)
        self.url = url.rstrip("/") + "/"
        self.language = language
        self.front = self._front()
        self.of_section: Mapping[str, Feed] = {section.slug: self._section(section) for section in sections}
        names = _told_apart(self.reporters, sections)
        self.of_reporter: Mapping[str, Feed] = {
            reporter.slug: self._reporter(reporter, told) for reporter, told in zip(self.reporters, names, strict=True)
        }

    def __iter__(self) -> Iterator[Feed]:
        yield self.front
        yield from self.of_section.values()
        yield from self.of_reporter.values()

    def __len__(self) -> int:
        return 1 + len(self.of_section) + len(self.of_reporter)

    def holding(self, sections: Iterable[str], reporters: Iterable[str]) -> tuple[Feed, ...]:
        """The feeds of an article with these sections and reporters: the front page's, sections up the tree, each reporter's."""
        above = dict.fromkeys(slug for name in sections if name in self.sections for slug in self.sections.ancestry(name))
        known = dict.fromkeys(slug for slug in reporters if slug in self.of_reporter)
        return (self.front, *(self.of_section[slug] for slug in above), *(self.of_reporter[slug] for slug in known))

    def _front(self) -> Feed:
        return Feed(
            kind=FeedKind.FRONT,
            slug="front",
            path="front.atom",
            id=f"tag:{self.paper.tag}:feeds/front",
            name=self.paper.name,
            title=self.paper.name,
            subtitle=self.paper.tagline or self._say("Every story of %(paper)s"),
            url=self.url + "front.atom",
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

    def _feed(
        self,
        kind: FeedKind,
        slug: str,
        name: str,
        subtitle: str,
        *,
        sections: tuple[str, ...] | None = None,
        reporter: str | None = None,
    ) -> Feed:
        return Feed(
            kind=kind,
            slug=slug,
            path=f"{kind}s/{slug}.atom",
            id=f"tag:{self.paper.tag}:feeds/{kind}s/{slug}",
            name=name,
            title=f"{self.paper.name} – {name}",
            subtitle=subtitle,
            url=f"{self.url}{kind}s/{slug}.atom",
            page=f"{self.url}{INDEX}#{kind}-{slug}",
            sections=sections,
            reporter=reporter,
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
