"""A feed's whole history (H1): from the subscription document back through every archive (RFC 5005 §4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from feeds.checker.atom_tree import AtomFeed, atom
from feeds.checker.dates import rfc3339
from feeds.checker.document import check_document
from feeds.checker.finding import Finding, error
from feeds.checker.wellformed import parse
from feeds.errors import FeedsError

MOST_DOCUMENTS = 10_000


def check_history(data: bytes, read: Callable[[str], bytes], now: datetime) -> Iterator[tuple[str, list[Finding]]]:
    """Each archive's address with its findings, newest first; the last pair, at the subscription document's address, is of the whole.

    ``data`` is the subscription document; ``read`` gets the document at an address, and raises FeedsError.
    """
    current = _feed(data, now)
    if current is None or current.is_archive:
        return
    walk = _Walk(current)
    later, address = current, current.href("prev-archive")
    while address and walk.goes_on(address):
        try:
            found = read(address)
        except FeedsError as fault:
            walk.findings.append(error("H1", address, f"The archive cannot be read, and all before it are lost: {fault}"))
            break
        archive = _feed(found, now)
        findings = check_document(found, address=address, now=now)
        if archive is None:
            yield address, [*findings, error("H1", address, "The archive is no Atom feed; all before it are lost.")]
            break
        yield address, [*findings, *walk.step(archive, later, address)]
        later, address = archive, archive.href("prev-archive")
    yield current.href("self"), walk.finished()


class _Walk:
    """What was seen on the way. Holds every id, and no documents."""

    def __init__(self, current: AtomFeed) -> None:
        self._current = current
        self._places: dict[str, str] = {}
        self._updated: dict[str, datetime] = {}
        self._stones: dict[str, datetime] = {}
        self._addresses = {current.href("self")}
        self.findings: list[Finding] = []
        self.findings += self._taken(current, current.href("self"))

    def goes_on(self, address: str) -> bool:
        """Whether the archive at this address is still to be read."""
        if address in self._addresses:
            self.findings.append(error("H1", address, "The history leads back to a document that was read; it would never end."))
            return False
        if len(self._addresses) > MOST_DOCUMENTS:
            self.findings.append(
                error("H1", address, f"The history has more than {MOST_DOCUMENTS:,} archives; make larger ones.")
            )
            return False
        self._addresses.add(address)
        return True

    def step(self, archive: AtomFeed, later: AtomFeed, address: str) -> Iterator[Finding]:
        """How an archive stands to the document that led to it."""
        if not archive.is_archive:
            yield error("H1", address, "The document is linked as an archive, and not marked with fh:archive; it may change.")
        if (current := archive.href("current")) and current != self._current.href("self"):
            yield error(
                "H1", address, f"The archive's current is {current}, and it was reached from {self._current.href('self')}."
            )
        if archive.text("id") != self._current.text("id"):
            yield error("H1", address, "The archive has another id than its feed; it is a part of the same feed.")
        following, own = archive.href("next-archive"), later.href("self")
        # A later archive may have been issued anew: its first address, which this one names, then led on to it.
        if following and (not later.is_archive or following not in {own, *self._addresses}):
            yield error("H1", address, f"The archive's next-archive is {following}, and {own} leads to it.")
        yield from self._taken(archive, address)

    def finished(self) -> list[Finding]:
        """What shows only when everything was read."""
        for name, when in self._stones.items():
            if (updated := self._updated.get(name)) and updated <= when:
                place = self._places[name]
                self.findings.append(error("A20", name, f"A tombstone says that the entry is gone, and it is still in {place}."))
        return self.findings

    def _taken(self, feed: AtomFeed, address: str) -> Iterator[Finding]:
        for entry in feed.entries:
            name = entry.text("id")
            if name in self._places and self._places[name] != address:
                yield error("H1", name, f"The entry is in {self._places[name]} and again in {address}; give every id once.")
            self._places.setdefault(name, address)
            if entry.updated:
                self._updated.setdefault(name, entry.updated)
        for stone in feed.stones:
            try:
                self._stones.setdefault(stone.ref, rfc3339(stone.when))
            except ValueError:
                continue  # A20 of that document says so


def _feed(data: bytes, now: datetime) -> AtomFeed | None:
    root = parse(data)
    return AtomFeed(root, "", now) if root is not None and root.tag == atom("feed") else None
