"""JSON Feed 1.1 (J1, https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import pairwise

from feeds.checker.addresses import EMAIL, is_web
from feeds.checker.atom import check_size
from feeds.checker.atom_parts import check_language, markup_in
from feeds.checker.dates import CLOCKS_DIFFER, rfc3339
from feeds.checker.finding import Finding, error, warning
from feeds.checker.fragment import check_fragment
from feeds.checker.ids import check_id, check_unique

VERSION = "https://jsonfeed.org/version/1.1"
_FEED = {
    *("version", "title", "home_page_url", "feed_url", "description", "user_comment", "next_url", "icon", "favicon", "authors"),
    *("language", "expired", "hubs", "items", "author"),
}
_ITEM = {
    *("id", "url", "external_url", "title", "content_html", "content_text", "summary", "image", "banner_image"),
    *("date_published", "date_modified", "authors", "tags", "language", "attachments", "author"),
}
_ADDRESSES = ("home_page_url", "feed_url", "next_url", "icon", "favicon", "url", "external_url", "image", "banner_image")


def parse_json(data: bytes) -> object:
    """What the document holds; None for what is no JSON."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def check_json(feed: Mapping[str, object], data: bytes, address: str, now: datetime) -> Iterator[Finding]:
    """Every rule of a JSON Feed."""
    yield from check_size(data)
    yield from _check_bytes(data)
    if feed.get("version") != VERSION:
        yield error("J1", "feed", f'The version is "{feed.get("version", "")}"; write "{VERSION}".')
    if not _text(feed, "title"):
        yield error("J1", "feed", "The feed has no title.")
    yield from _check_members(feed, _FEED, "feed")
    for name in ("home_page_url", "feed_url"):
        if name not in feed:
            yield warning("J1", "feed", f"The feed has no {name}; readers use it.")
    if is_web(address) and _text(feed, "feed_url") not in {"", address}:
        yield error("J1", "feed", f"The feed says that it is at {feed['feed_url']}, and was read from {address}; make them one.")
    yield from _check_hubs(feed)
    items = feed.get("items")
    if not isinstance(items, list) or not all(isinstance(item, Mapping) for item in items):
        yield error("J1", "feed", "items is no list of objects.")
        return
    for number, item in enumerate(items, start=1):
        yield from _check_item(item, f"item {number}", now)
    yield from check_unique(_text(item, "id") for item in items)
    dated = [(item, moment) for item in items if (moment := _moment(item, "date_published"))]
    for (_, before), (item, after) in pairwise(dated):
        if after > before:
            yield error("A18", _text(item, "id"), "The item is newer than the one before it; put the newest first.")
            break


def _check_bytes(data: bytes) -> Iterator[Finding]:
    if data.startswith(b"\xef\xbb\xbf"):
        yield error("J1", "line 1", "There is a byte order mark; write UTF-8 without one (RFC 8259 §8.1).")
    try:
        text = data.decode()
    except UnicodeDecodeError as fault:
        yield error("J1", f"line {data[: fault.start].count(10) + 1}", "There are bytes that are not UTF-8.")
    else:
        if "\ufffd" in text:
            yield error("J1", "document", "There is U+FFFD: a text was decoded with a wrong charset; take it in again.")


def _check_hubs(feed: Mapping[str, object]) -> Iterator[Finding]:
    hubs = feed.get("hubs", [])
    if not isinstance(hubs, list) or not all(isinstance(hub, Mapping) and _text(hub, "type") for hub in hubs):
        yield error("J1", "feed", "hubs is a list of objects, each with type and url.")
        return
    for hub in hubs:
        if not is_web(_text(hub, "url")):
            yield error("P1", "feed", f'The hub, "{_text(hub, "url")}", is no absolute address of the web.')
    if hubs and not _text(feed, "feed_url"):
        yield error("P1", "feed", "The feed names a hub, and not itself: the address to subscribe to is feed_url.")


def _check_item(item: Mapping[str, object], number: str, now: datetime) -> Iterator[Finding]:
    where = _text(item, "id") or number
    if not isinstance(item.get("id"), str) or not item["id"]:
        yield error("J1", where, f"The id is {item.get('id')!r}; give a string, the same as in the Atom feed.")
    yield from check_id(_text(item, "id"), where, now, is_iri=False)
    if not _text(item, "content_html") and not _text(item, "content_text"):
        yield error("J1", where, "The item has neither content_html nor content_text; JSON Feed demands one of them.")
    yield from check_fragment(_text(item, "content_html"), where)
    if found := markup_in(_text(item, "title")):
        yield warning("J1", where, f'The title has "{found}" in it, which readers show as it is; write plain text.')
    yield from _check_members(item, _ITEM, where)
    for name in ("date_published", "date_modified"):
        if name in item:
            yield from _check_time(item, name, where, now)
    published, modified = _moment(item, "date_published"), _moment(item, "date_modified")
    if published and modified and modified < published:
        yield error("A6", where, "date_modified is before date_published.")
    attachments = item.get("attachments", [])
    if not isinstance(attachments, list) or not all(
        isinstance(found, Mapping) and is_web(_text(found, "url")) and _text(found, "mime_type") for found in attachments
    ):
        yield error("J1", where, "attachments is a list of objects, each with an absolute url and a mime_type.")
    tags = item.get("tags", [])
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        yield error("J1", where, "tags is a list of strings.")


def _check_members(thing: Mapping[str, object], known: set[str], where: str) -> Iterator[Finding]:
    """What a feed and an item have in common."""
    for name in thing:
        if name not in known and not name.startswith("_"):
            yield warning("J1", where, f'JSON Feed has no "{name}"; extensions begin with "_".')
    for name in _ADDRESSES:
        if name in thing and not is_web(_text(thing, name)):
            yield error("J1", where, f"{name} is {thing[name]!r}; write the whole address.")
    if "language" in thing:
        yield from check_language(_text(thing, "language"), where)
    if "author" in thing:
        yield warning("J1", where, '"author" is of JSON Feed 1.0; write "authors", a list.')
    authors = thing.get("authors", [])
    if not isinstance(authors, list) or not all(isinstance(author, Mapping) for author in authors):
        yield error("J1", where, "authors is a list of objects.")
        return
    for author in authors:
        if not any(_text(author, part) for part in ("name", "url", "avatar")):
            yield error("J1", where, "An author has neither name nor url nor avatar.")
        if EMAIL.search(_text(author, "name")) or _text(author, "url").startswith("mailto:"):
            yield error("A13", where, "An author's e-mail address is published; leave it out.")


def _check_time(item: Mapping[str, object], name: str, where: str, now: datetime) -> Iterator[Finding]:
    try:
        moment = rfc3339(_text(item, name))
    except ValueError as fault:
        yield error("A6", where, f"{name}: {fault}.")
        return
    if moment > now + CLOCKS_DIFFER:
        yield error("A6", where, f"{name} is {item[name]}, in the future; it would stay on top until then.")


def _moment(item: Mapping[str, object], name: str) -> datetime | None:
    try:
        return rfc3339(_text(item, name))
    except ValueError:
        return None


def _text(thing: Mapping[str, object], name: str) -> str:
    value = thing.get(name)
    return value if isinstance(value, str) else ""
