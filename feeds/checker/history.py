"""Where a document stands in its feed's history (H1, H2, H3; RFC 5005). ``archive`` walks through it."""

from __future__ import annotations

from collections.abc import Iterator

from feeds.checker.addresses import is_web
from feeds.checker.atom_tree import AtomFeed
from feeds.checker.finding import Finding, error, warning

_ARCHIVES = ("prev-archive", "next-archive", "current")
_PAGES = ("first", "previous", "next", "last")


def check_place(feed: AtomFeed) -> Iterator[Finding]:
    """What one document says of itself."""
    for relation in (*_ARCHIVES, *_PAGES):
        links = feed.links(relation)
        rule = "H3" if relation in _PAGES else "H1"
        if len(links) > 1:
            yield error(rule, feed.where, f"The document has {len(links)} links {relation}; there is one way. Give one.")
        for link in links:
            if not is_web(link.get("href", "")):
                yield error(rule, feed.where, f'The link {relation}, "{link.get("href", "")}", is no whole address of the web.')
    yield from _check_archive(feed)
    yield from _check_pages(feed)
    if feed.is_complete and (linked := [name for name in ("prev-archive", "next-archive", *_PAGES) if feed.links(name)]):
        message = f"fh:complete says that nothing is elsewhere, and there is a link {linked[0]}; leave one of them out."
        yield error("H2", feed.where, message)


def _check_archive(feed: AtomFeed) -> Iterator[Finding]:
    own, current = feed.href("self"), feed.href("current")
    if feed.is_archive:
        if not current:
            yield error("H1", feed.where, "The archive does not link to its subscription document; add rel=current.")
        elif current == own:
            yield error("H1", feed.where, "The subscription document is marked as an archive; leave fh:archive out.")
    elif feed.links("next-archive"):
        yield error("H1", feed.where, "The document links to a later archive, and is none itself; mark it with fh:archive.")
    if own and own in {feed.href("prev-archive"), feed.href("next-archive")}:
        yield error("H1", feed.where, "The document is its own neighbour in the history: readers would never end.")


def _check_pages(feed: AtomFeed) -> Iterator[Finding]:
    own = feed.href("self")
    paged = [name for name in _PAGES if feed.links(name)]
    if own and own == feed.href("first") and feed.links("previous"):
        yield error("H3", feed.where, "The first page has a link previous.")
    if own and own == feed.href("last") and feed.links("next"):
        yield error("H3", feed.where, "The last page has a link next.")
    if paged and not feed.links("prev-archive"):
        message = f"The feed is in pages ({', '.join(paged)}), which shift while they are read; archive it instead."
        yield warning("H3", feed.where, message)
