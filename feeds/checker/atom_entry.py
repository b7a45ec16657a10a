"""The entries of Atom feeds."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from feeds.checker.addresses import is_absolute, is_web
from feeds.checker.atom_parts import check_common, check_language, check_person, check_time
from feeds.checker.atom_tree import AtomElement, AtomEntry, AtomFeed, atom
from feeds.checker.finding import Finding, error, note, warning
from feeds.checker.fragment import check_fragment, pictures_of, words_of
from feeds.checker.ids import check_id
from feeds.checker.namespaces import APP, MEDIA, XML

_TEASER = re.compile(r"(?:…|\.\.\.|\[[….]+\]|더 ?보기|전문 ?보기|[Rr]ead more)\s*[\])>»→]*$")
_TEASER_LETTERS = 400
_INLINE = {"text", "html", "xhtml"}


def check_entry(entry: AtomEntry, feed: AtomFeed) -> Iterator[Finding]:
    """Every rule of one entry."""
    yield from _check_parts(entry)
    yield from check_id(entry.text("id"), entry.where, feed.now)
    yield from _check_times(entry, feed)
    for person in (*entry.all("author"), *entry.all("contributor")):
        yield from check_person(person, entry.where)
    yield from check_common(entry)
    yield from check_language(entry.element.get(f"{{{XML}}}lang", ""), entry.where)
    yield from _check_content(entry)
    yield from _check_summary(entry)
    for source in entry.all("source"):
        yield from _check_source(AtomElement(source), entry.where)
    yield from _check_media(entry)


def _check_parts(entry: AtomEntry) -> Iterator[Finding]:
    for name in ("id", "title", "updated"):
        if (count := len(entry.all(name))) != 1:
            yield error("A3", entry.where, f"The entry has {count} {name} elements; give one.")
    if entry.all("title") and not entry.text("title").strip() and not len(entry.all("title")[0]):
        yield error("A3", entry.where, "The title is empty; readers list entries by it.")
    pages = entry.links("alternate")
    if not pages and not entry.all("content"):
        yield error("A3", entry.where, "The entry has neither content nor a page; link to the article with rel=alternate.")
    elif len(pages) != 1:
        yield warning("A3", entry.where, f"The entry has {len(pages)} alternate links; readers open one. Give one.")
    content = entry.element.find(atom("content"))
    if content is not None and (content.get("src") or _is_encoded(content)) and not entry.all("summary"):
        yield error("A3", entry.where, "The content is elsewhere or encoded, so a summary must stand here (RFC 4287 §4.1.2).")


def _is_encoded(content: etree._Element) -> bool:
    kind = content.get("type", "text")
    return kind not in _INLINE and not kind.startswith("text/") and not kind.endswith(("+xml", "/xml"))


def _check_times(entry: AtomEntry, feed: AtomFeed) -> Iterator[Finding]:
    published = yield from check_time(entry, "published", feed.now)
    updated = yield from check_time(entry, "updated", feed.now)
    edited = yield from check_time(entry, "edited", feed.now, APP)
    if not entry.all("published"):
        yield error("A7", entry.where, "The entry does not say when it was published; readers take updated, and it jumps up.")
    if published and updated and updated < published:
        yield error("A6", entry.where, "updated is before published; it begins with it and only grows.")
    if edited and updated and edited < updated:
        yield error("A6", entry.where, "app:edited is before updated; every update is an edit.")


def _check_content(entry: AtomEntry) -> Iterator[Finding]:
    content = entry.element.find(atom("content"))
    if f"{{{XML}}}base" in entry.element.attrib or (content is not None and f"{{{XML}}}base" in content.attrib):
        yield warning("A9", entry.where, "xml:base is used, which many readers do not know; write whole addresses.")
    if content is None:
        return
    if content.get("type") == "CDATA":
        yield error("A9", entry.where, 'There is no type="CDATA"; write type="html".')
    if (source := content.get("src")) is not None and not is_absolute(source):
        yield error("A9", entry.where, f'The content\'s src "{source}" is relative; write the whole address.')
    yield from check_fragment(entry.html("content"), entry.where)


def _check_summary(entry: AtomEntry) -> Iterator[Finding]:
    summary = entry.element.find(atom("summary"))
    content = _words(entry, "content")
    if summary is None:
        if entry.element.find(atom("content")) is None:
            yield warning("A10", entry.where, "The entry has neither content nor summary; readers show a bare title.")
    else:
        yield from check_fragment(entry.html("summary"), entry.where)
        words = _words(entry, "summary")
        if not words:
            yield warning("A10", entry.where, "The summary is empty; leave it out.")
        elif words == entry.text("title").strip():
            yield warning("A10", entry.where, "The summary repeats the title; write an abstract, or leave it out.")
        elif words == content:
            yield warning("A10", entry.where, "The summary is the content once more; readers show both. Leave one out.")
    if 0 < len(content) < _TEASER_LETTERS and _TEASER.search(content):
        yield warning("A10", entry.where, "The content ends like a teaser; give the full text, or put the teaser into summary.")


def _words(entry: AtomEntry, name: str) -> str:
    markup = entry.html(name)
    return words_of(markup) if markup else " ".join(entry.text(name).split())


def _check_source(source: AtomElement, where: str) -> Iterator[Finding]:
    for name in ("id", "title", "updated"):
        if len(source.all(name)) != 1:
            yield error("A15", where, f"The source has no {name}; copy it from the feed that the text comes from.")
    if not source.links("self"):
        yield note("A15", where, "The source does not say where its feed is; add its link rel=self.")


def _check_media(entry: AtomEntry) -> Iterator[Finding]:
    shown = set(pictures_of(entry.html("content")))
    for name in ("content", "thumbnail"):
        for media in entry.element.iter(f"{{{MEDIA}}}{name}"):
            address = media.get("url", "")
            if not is_web(address):
                yield error("A17", entry.where, f'media:{name} has no absolute address: "{address}".')
            if name == "content":
                yield from _check_picture(media, address, shown, entry.where)


def _check_picture(media: etree._Element, address: str, shown: set[str], where: str) -> Iterator[Finding]:
    if not media.get("type") and not media.get("medium"):
        yield warning("A17", where, f"media:content {address} says neither type nor medium; readers skip what they do not know.")
    elif media.get("medium", "image") == "image" and not (media.get("width") and media.get("height")):
        yield note("A17", where, f"media:content {address} has no width and height; portals choose pictures by them.")
    if shown and media.get("medium") == "image" and address not in shown:
        yield warning("A17", where, f"media:content {address} is not among the content's pictures; readers show it twice.")
