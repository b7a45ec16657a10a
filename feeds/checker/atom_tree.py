"""An Atom document as the rules look at it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from lxml import etree

from feeds.checker.dates import rfc3339
from feeds.checker.namespaces import APP, ATOM, HISTORY, TOMBSTONES


def atom(name: str) -> str:
    """The qualified name of one of Atom's elements."""
    return f"{{{ATOM}}}{name}"


class AtomElement:
    """A feed or an entry. ``where`` names it in findings."""

    def __init__(self, element: etree._Element) -> None:
        self.element = element

    @property
    def where(self) -> str:
        return self.text("id") or f"line {self.element.sourceline}"

    def all(self, name: str) -> Sequence[etree._Element]:
        """The children of this name in Atom's namespace."""
        return self.element.findall(atom(name))

    def text(self, name: str) -> str:
        """The first child's text, as it stands."""
        return self.element.findtext(atom(name)) or ""

    def links(self, relation: str) -> list[etree._Element]:
        """The links of this relation; without one a link is an alternate (RFC 4287 §4.2.7.2)."""
        return [link for link in self.all("link") if link.get("rel", "alternate") == relation]

    def href(self, relation: str) -> str:
        """The address of the first link of this relation, or nothing."""
        return next((link.get("href", "") for link in self.links(relation)), "")

    def moment(self, name: str, namespace: str = ATOM) -> datetime | None:
        """The time that a child gives; None where there is none, or none that can be read."""
        try:
            return rfc3339((self.element.findtext(f"{{{namespace}}}{name}") or "").strip())
        except ValueError:
            return None


class AtomEntry(AtomElement):
    """An entry."""

    @property
    def published(self) -> datetime | None:
        return self.moment("published")

    @property
    def updated(self) -> datetime | None:
        return self.moment("updated")

    @property
    def edited(self) -> datetime | None:
        return self.moment("edited", APP)

    def html(self, name: str) -> str:
        """The markup of ``content`` or ``summary``; nothing where it is plain text or something else."""
        element = self.element.find(atom(name))
        if element is None:
            return ""
        if element.get("type") == "xhtml":
            return "".join(etree.tostring(child, encoding="unicode", with_tail=False) for child in element)
        return element.text or "" if element.get("type") == "html" else ""


@dataclass(frozen=True, slots=True)
class Stone:
    """A tombstone (RFC 6721)."""

    element: etree._Element
    ref: str
    when: str

    @property
    def where(self) -> str:
        return self.ref or f"line {self.element.sourceline}"


class AtomFeed(AtomElement):
    """A feed document that was fetched from ``address``, if that is known, and is looked at ``now``."""

    def __init__(self, element: etree._Element, address: str, now: datetime) -> None:
        super().__init__(element)
        self.address = address
        self.now = now

    @property
    def where(self) -> str:
        return "feed"

    @cached_property
    def entries(self) -> list[AtomEntry]:
        return [AtomEntry(entry) for entry in self.all("entry")]

    @cached_property
    def stones(self) -> list[Stone]:
        found = self.element.findall(f"{{{TOMBSTONES}}}deleted-entry")
        return [Stone(stone, stone.get("ref", ""), stone.get("when", "")) for stone in found]

    @property
    def is_archive(self) -> bool:
        return self.element.find(f"{{{HISTORY}}}archive") is not None

    @property
    def is_complete(self) -> bool:
        return self.element.find(f"{{{HISTORY}}}complete") is not None
