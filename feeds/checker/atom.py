"""Atom feeds: what the document says as a whole. ``atom_entry`` looks at each entry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import pairwise

from lxml import etree

from feeds.checker.addresses import is_absolute, is_web
from feeds.checker.atom_entry import check_entry
from feeds.checker.atom_parts import check_common, check_language, check_person, check_time
from feeds.checker.atom_tree import AtomFeed
from feeds.checker.finding import Finding, error, note, warning
from feeds.checker.history import check_place
from feeds.checker.ids import check_id, check_unique
from feeds.checker.namespaces import MEDIA, USUAL_PREFIXES, XML
from feeds.checker.reader import check_read
from feeds.checker.tombstones import check_tombstones

AT_LEAST = 30
AT_MOST = 1_000_000


def check_atom(feed: AtomFeed, data: bytes) -> Iterator[Finding]:
    """Every rule of a feed document and its entries."""
    yield from _check_grammar(feed.element)
    yield from check_read(data, "application/atom+xml", sum(bool(entry.text("id")) for entry in feed.entries))
    yield from _check_feed(feed)
    yield from _check_self(feed)
    yield from _check_pages(feed)
    yield from _check_credits(feed)
    yield from _check_hubs(feed)
    yield from check_common(feed)
    yield from _check_prefixes(feed.element)
    for entry in feed.entries:
        yield from check_entry(entry, feed)
    yield from check_unique(entry.text("id") for entry in feed.entries)
    yield from _check_order(feed)
    yield from check_size(data)
    yield from check_tombstones(feed)
    yield from check_place(feed)


def check_size(data: bytes) -> Iterator[Finding]:
    """Readers give up on large documents."""
    if len(data) >= AT_MOST:
        yield error("A18", "document", f"The document has {len(data):,} bytes; stay below {AT_MOST:,} with fewer entries.")


@cache
def _grammar() -> etree.RelaxNG:
    return etree.RelaxNG(etree.fromstring(files("feeds.checker").joinpath("atom.rng").read_bytes()))


def _check_grammar(root: etree._Element) -> Iterator[Finding]:
    grammar = _grammar()
    if not grammar.validate(root):
        first = next(iter(grammar.error_log), None)  # the others follow from the first
        where, said = (f"line {first.line}", first.message) if first is not None else ("document", "it does not fit")
        yield error("A0", where, f"Not valid by the grammar of RFC 4287: {said}.")


def _check_feed(feed: AtomFeed) -> Iterator[Finding]:
    for name in ("id", "title", "updated"):
        if (count := len(feed.all(name))) != 1:
            yield error("A2", feed.where, f"The feed has {count} {name} elements; give one.")
    if feed.all("title") and not feed.text("title").strip():
        yield error("A2", feed.where, "The feed's title is empty; readers list feeds by it.")
    if not feed.all("author") and (orphan := next((entry for entry in feed.entries if not entry.all("author")), None)):
        yield error("A2", feed.where, f"Neither the feed nor {orphan.where} has an author; name the paper as the feed's.")
    for author in feed.all("author"):
        yield from check_person(author, feed.where)
    yield from check_id(feed.text("id"), feed.where, feed.now)
    updated = yield from check_time(feed, "updated", feed.now)
    newest = max((entry.updated for entry in feed.entries if entry.updated), default=None)
    if updated and newest and updated < newest:
        yield error("A6", feed.where, f"The feed was updated before its newest entry ({newest.isoformat()}); readers skip it.")
    if not (language := feed.element.get(f"{{{XML}}}lang")):
        yield warning("A11", feed.where, 'The feed does not say its language; write xml:lang="ko" on <feed>.')
    yield from check_language(language or "", feed.where)


def _check_self(feed: AtomFeed) -> Iterator[Finding]:
    links = feed.links("self")
    if len(links) != 1:
        yield error("A2", feed.where, f"The feed has {len(links)} links to itself; write one with rel=self.")
    for link in links:
        href = link.get("href", "")
        if not is_web(href):
            yield error("A2", feed.where, f'The link to itself, "{href}", is not absolute; write the whole address.')
        elif is_web(feed.address) and href != feed.address:
            yield error("A2", feed.where, f"The feed says that it is at {href}, and was read from {feed.address}; make them one.")


def _check_pages(feed: AtomFeed) -> Iterator[Finding]:
    pages = feed.links("alternate")
    if not any(page.get("type", "text/html") in {"text/html", "application/xhtml+xml"} for page in pages):
        yield warning("D2", feed.where, "The feed has no page for people; link to one with rel=alternate, type=text/html.")
    for (kind, language), count in Counter((page.get("type", ""), page.get("hreflang", "")) for page in pages).items():
        if count > 1:
            told = f"{kind or 'no type'}, {language or 'no language'}"
            yield error("A2", feed.where, f"{count} alternate links have the same type and language ({told}); keep one.")


def _check_credits(feed: AtomFeed) -> Iterator[Finding]:
    if not feed.text("rights").strip():
        yield warning("A14", feed.where, "The feed does not say whose rights it carries; add <rights>.")
    generator = feed.text("generator").strip()
    if not generator or "feedgen" in generator:
        yield note("A14", feed.where, "The feed does not name the program that wrote it; add <generator>.")
    for name in ("icon", "logo"):
        if not feed.all(name):
            yield note("A14", feed.where, f"The feed has no {name}; readers show one beside its title.")
        elif not is_absolute(feed.text(name).strip()):
            yield error("A14", feed.where, f'The {name}, "{feed.text(name)}", is not absolute; write the whole address.')


def _check_hubs(feed: AtomFeed) -> Iterator[Finding]:
    for link in feed.links("hub"):
        if not is_web(link.get("href", "")):
            yield error("P1", feed.where, f'The hub, "{link.get("href", "")}", is no absolute address of the web.')
        if not feed.links("self"):
            yield error("P1", feed.where, "The feed names a hub, and not itself: the address to subscribe to is rel=self.")


def _check_prefixes(root: etree._Element) -> Iterator[Finding]:
    if root.prefix:
        yield warning(
            "A19", "feed", f"Atom has the prefix {root.prefix}:, which simple readers do not find; make it the default."
        )
    found = {(prefix, element.nsmap[prefix]) for element in root.iter("{*}*") if (prefix := element.prefix)}
    for prefix, uri in sorted(found):
        if uri != MEDIA and uri.rstrip("/") == MEDIA.rstrip("/"):
            yield error("A17", "feed", f"The namespace of Media RSS is {MEDIA}, with its slash; here it is {uri}.")
        elif (usual := USUAL_PREFIXES.get(uri)) and prefix != usual:
            yield note("A19", "feed", f"{uri} has the prefix {prefix}:; simple readers expect {usual}:.")


def _check_order(feed: AtomFeed) -> Iterator[Finding]:
    dated = [(entry, moment) for entry in feed.entries if (moment := entry.published or entry.updated)]
    for (_, before), (entry, after) in pairwise(dated):
        if after > before:
            yield error("A18", entry.where, "The entry is newer than the one before it; put the newest first.")
            break
    if len({entry.published for entry in feed.entries}) == 1 and len(feed.entries) > 2:
        yield warning("A6", feed.where, "All entries were published at the same moment; take the times from the articles.")
    if feed.href("prev-archive") and not feed.is_archive and len(feed.entries) < AT_LEAST:
        yield warning("A18", feed.where, f"{len(feed.entries)} entries, with older ones in an archive; give {AT_LEAST} or more.")
