"""The paper's tree of sections, as configured. Pure: slugs in, slugs out."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from newsroom.errors import NewsroomError
from newsroom.model import Section


class SectionTreeError(NewsroomError):
    """The sections do not form a tree."""


class SectionTree:
    """Sections in the paper's order: iterating gives each parent before its children, siblings as configured."""

    def __init__(self, sections: Iterable[Section]) -> None:
        """Raises SectionTreeError for a slug used twice, an unknown parent, a circle, or one name for two sections."""
        configured = list(sections)
        self._by_slug: dict[str, Section] = {}
        for section in configured:
            if section.slug in self._by_slug:
                raise SectionTreeError(f'the section slug "{section.slug}" is used twice')
            self._by_slug[section.slug] = section
        self._children: dict[str | None, list[Section]] = {}
        for section in configured:
            if section.parent is not None and section.parent not in self._by_slug:
                raise SectionTreeError(f'section "{section.slug}" has an unknown parent "{section.parent}"')
            self._children.setdefault(section.parent, []).append(section)
        self._ordered = tuple(self._walk(None))
        if len(self._ordered) != len(configured):
            lost = ", ".join(sorted(self._by_slug.keys() - {section.slug for section in self._ordered}))
            raise SectionTreeError(f"these sections are each other's parents: {lost}")
        self._by_name = self._names()

    def __iter__(self) -> Iterator[Section]:
        return iter(self._ordered)

    def __len__(self) -> int:
        return len(self._ordered)

    def __contains__(self, slug: object) -> bool:
        return slug in self._by_slug

    def __getitem__(self, slug: str) -> Section:
        return self._by_slug[slug]

    @property
    def roots(self) -> Sequence[Section]:
        """Sections without a parent."""
        return self.children(None)

    def children(self, slug: str | None) -> Sequence[Section]:
        """The sections right below this one."""
        return tuple(self._children.get(slug, ()))

    def branch(self, slug: str) -> tuple[str, ...]:
        """The section and all below it: what a section's feed gathers."""
        return (slug, *(found.slug for found in self._walk(slug)))

    def ancestry(self, slug: str) -> tuple[str, ...]:
        """The section and all above it, the root last: the feeds that one article is in."""
        line = []
        current: str | None = slug
        while current is not None:
            line.append(current)
            current = self._by_slug[current].parent
        return tuple(line)

    def root(self, slug: str) -> str:
        """The top-level section above this one."""
        return self.ancestry(slug)[-1]

    def find(self, name: str) -> Section | None:
        """The section that a source calls so: by slug, code, title or alias; case and middle dots do not matter."""
        return self._by_slug.get(name.strip()) or self._by_name.get(_folded(name))

    def _names(self) -> dict[str, Section]:
        names: dict[str, Section] = {}
        for section in self._ordered:
            for name in (section.slug, section.title, *section.aliases, *section.codes):
                other = names.setdefault(_folded(name), section)
                if other is not section:
                    raise SectionTreeError(f'"{name}" names both section "{other.slug}" and "{section.slug}"')
        return names

    def _walk(self, parent: str | None) -> Iterator[Section]:
        for section in self._children.get(parent, ()):
            yield section
            yield from self._walk(section.slug)


def _folded(name: str) -> str:
    """IT·과학, IT/과학 and it・과학 are one name."""
    kept = unicodedata.normalize("NFKC", name).casefold()
    return "".join(character for character in kept if character.isalnum() or character in "&+#")
