"""Tombstones: what is gone for good (A20, RFC 6721)."""

from __future__ import annotations

from collections.abc import Iterator

from feeds.checker.addresses import is_absolute
from feeds.checker.atom_tree import AtomFeed, Stone, atom
from feeds.checker.dates import CLOCKS_DIFFER, rfc3339
from feeds.checker.finding import Finding, error


def check_tombstones(feed: AtomFeed) -> Iterator[Finding]:
    """The tombstones of one document, and the entries that they contradict."""
    entries = {entry.text("id"): entry for entry in feed.entries}
    for stone in feed.stones:
        if not is_absolute(stone.ref):
            yield error("A20", stone.where, f'The tombstone\'s ref "{stone.ref}" is no absolute IRI; give the id that is gone.')
        if stone.element.getprevious() is not None and _follows_entry(stone):
            yield error("A20", stone.where, "The tombstone stands after an entry; put it before them all.")
        try:
            when = rfc3339(stone.when)
        except ValueError as fault:
            yield error("A20", stone.where, f"The tombstone's when: {fault}.")
            continue
        if when > feed.now + CLOCKS_DIFFER:
            yield error("A20", stone.where, "The tombstone is of the future.")
        entry = entries.get(stone.ref)
        if entry is not None and entry.updated is not None and entry.updated <= when:
            yield error("A20", stone.where, "The entry is still here beside its tombstone; take one of them out.")


def _follows_entry(stone: Stone) -> bool:
    return next(stone.element.itersiblings(atom("entry"), preceding=True), None) is not None
