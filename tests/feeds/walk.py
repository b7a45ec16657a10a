"""A feed's whole history as a subscriber reads it: the subscription document, and from there back through the archives."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from lxml import etree

from feeds.checker import Severity
from feeds.checker.archive import check_history
from feeds.checker.document import check_document
from feeds.model import Feed
from tests.feeds.builders import URL

ATOM = "{http://www.w3.org/2005/Atom}"
STONE = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
ARCHIVE = "{http://purl.org/syndication/history/1.0}archive"
EDITED = "{http://www.w3.org/2007/app}edited"
GRAMMAR = Path(__file__).parents[2] / "feeds" / "checker" / "atom.rng"
LATER = datetime(2100, 1, 1, tzinfo=UTC)
"""A moment after everything that these tests invent."""
Stamp = tuple[bytes, int, int]


@dataclass
class History:
    """What was read: paths of the documents, the newest first, and the ids of what stands in each."""

    documents: list[str] = field(default_factory=list)
    entries: dict[str, list[str]] = field(default_factory=dict)
    stones: dict[str, list[str]] = field(default_factory=dict)

    @property
    def ids(self) -> list[str]:
        """Every id, as often as it is there."""
        return [name for found in (self.entries, self.stones) for ids in found.values() for name in ids]

    @property
    def current(self) -> list[str]:
        """Ids of the entries in the subscription document, in their order."""
        return self.entries[self.documents[0]]

    @property
    def archived(self) -> set[str]:
        """Ids of what stands in archives."""
        return set(self.ids) - {*self.current, *self.stones[self.documents[0]]}


def walk(folder: Path, feed: Feed) -> History:
    """Walk back as RFC 5005 §4 tells clients to; every document must be valid, and lead on to one that is there."""
    history = History()
    path = feed.file("atom")
    while path:
        assert path not in history.documents, f"{path} leads back to itself"
        root = read(folder, path)
        history.documents.append(path)
        history.entries[path] = [text(entry, "id") for entry in root.iter(f"{ATOM}entry")]
        history.stones[path] = [stone.get("ref", "") for stone in root.iter(STONE)]
        path = link(root, "prev-archive")
    return history


def read(folder: Path, path: str) -> etree._Element:
    """A document, valid by the grammar of RFC 4287."""
    root = etree.fromstring((folder / path).read_bytes())
    grammar().assertValid(root)
    return root


def entry(folder: Path, path: str, name: str) -> etree._Element:
    """The entry with this id."""
    return next(found for found in read(folder, path).iter(f"{ATOM}entry") if text(found, "id") == name)


def link(root: etree._Element, relation: str) -> str:
    """The path that a document links to, empty where it has no such link."""
    found = root.find(f"{ATOM}link[@rel='{relation}']")
    return "" if found is None else found.get("href", "").removeprefix(f"{URL}/")


def text(parent: etree._Element, name: str) -> str:
    """The text of a child."""
    return parent.findtext(f"{ATOM}{name}") or ""


def faults(folder: Path, feed: Feed) -> list[str]:
    """What our own checker finds wrong with the feed and its history."""

    def at(address: str) -> bytes:
        return (folder / address.removeprefix(f"{URL}/")).read_bytes()

    data = at(feed.url)
    found = [(feed.url, list(check_document(data, address=feed.url, now=LATER))), *check_history(data, at, LATER)]
    return [f"{place}: {fault}" for place, findings in found for fault in findings if fault.severity is Severity.ERROR]


def stamps(folder: Path) -> dict[str, Stamp]:
    """Bytes, time of the last change and number of every file, hidden ones too."""
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ino)
        for path in folder.rglob("*")
        if path.is_file()
    }


@cache
def grammar() -> etree.RelaxNG:
    """RFC 4287, appendix B."""
    return etree.RelaxNG(etree.parse(GRAMMAR))
