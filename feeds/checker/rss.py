"""RSS 2.0 by its specification and the RSS Best Practices Profile (R1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

from lxml import etree

from feeds.checker.addresses import EMAIL, is_absolute, is_web
from feeds.checker.atom import check_size
from feeds.checker.atom_parts import check_language, markup_in
from feeds.checker.dates import CLOCKS_DIFFER, rfc822
from feeds.checker.finding import Finding, error, warning
from feeds.checker.fragment import check_fragment
from feeds.checker.ids import check_id, check_unique
from feeds.checker.namespaces import ATOM, CONTENT, DC
from feeds.checker.reader import check_read

_CHANNEL = {
    *("title", "link", "description", "language", "copyright", "managingEditor", "webMaster", "pubDate", "lastBuildDate"),
    *("category", "generator", "docs", "cloud", "ttl", "image", "rating", "textInput", "skipHours", "skipDays", "item"),
}
_ITEM = {"title", "link", "description", "author", "category", "comments", "enclosure", "guid", "pubDate", "source"}
_ONCE_PER_ITEM = _ITEM - {"category"}


def check_rss(root: etree._Element, data: bytes, address: str, now: datetime) -> Iterator[Finding]:
    """Every rule of an RSS document."""
    items = [*root.iter("item")]
    yield from check_read(data, "application/rss+xml", sum(bool(_text(item, "guid")) for item in items))
    yield from check_size(data)
    if root.get("version") != "2.0":
        yield error("R1", "rss", f'The version is "{root.get("version", "")}"; write RSS 2.0.')
    channel = root.find("channel")
    if channel is None:
        yield error("R1", "rss", "There is no channel in it.")
        return
    yield from _check_channel(channel, now)
    yield from _check_links(channel, address)
    yield from _check_image(channel)
    yield from _check_places(root, channel)
    for item in items:
        yield from _check_item(item, now)
    yield from check_unique(_text(item, "guid") for item in items)
    dated = [(item, moment) for item in items if (moment := _moment(item))]
    for (_, before), (item, after) in pairwise(dated):
        if after > before:
            yield error("A18", _where(item), "The item is newer than the one before it; put the newest first.")
            break


def _check_channel(channel: etree._Element, now: datetime) -> Iterator[Finding]:
    for name in ("title", "link", "description"):
        if len(channel.findall(name)) != 1 or not _text(channel, name):
            yield error("R1", "channel", f"The channel needs one {name} that is not empty.")
    for name in ("language", "lastBuildDate"):
        if channel.find(name) is None:
            yield warning("R1", "channel", f"The channel has no {name}; readers use it.")
    yield from check_language(_text(channel, "language"), "channel")
    yield from _check_plain(channel, "title", "channel")
    yield from _check_web(channel, "link", "channel")
    for name in ("lastBuildDate", "pubDate"):
        yield from _check_time(channel, name, "channel", now)
    for name in ("managingEditor", "webMaster"):
        if (person := _text(channel, name)) and not (EMAIL.search(person) and "(" in person):
            yield warning(
                "R1", "channel", f'{name} is "{person}"; the specification wants an address and (a name), or leave it out.'
            )
    if channel.find("textInput") is not None:
        yield warning("R1", "channel", "There is a textInput, which no reader shows; leave it out.")


def _check_links(channel: etree._Element, address: str) -> Iterator[Finding]:
    links = channel.findall(f"{{{ATOM}}}link")
    selves = [link.get("href", "") for link in links if link.get("rel") == "self"]
    if len(selves) != 1:
        message = f"The channel has {len(selves)} links to itself; write one <atom:link rel=self>."
        yield warning("R1", "channel", message)
    for href in selves:
        if not is_web(href):
            yield error("R1", "channel", f'The link to itself, "{href}", is not absolute; write the whole address.')
        elif is_web(address) and href != address:
            yield error("R1", "channel", f"The feed says that it is at {href}, and was read from {address}; make them one.")
    for hub in (link.get("href", "") for link in links if link.get("rel") == "hub"):
        if not is_web(hub):
            yield error("P1", "channel", f'The hub, "{hub}", is no absolute address of the web.')
        if not selves:
            yield error("P1", "channel", "The feed names a hub, and not itself: the address to subscribe to is rel=self.")


def _check_image(channel: etree._Element) -> Iterator[Finding]:
    image = channel.find("image")
    if image is None:
        return
    for name in ("url", "title", "link"):
        if not _text(image, name):
            yield error("R1", "image", f"The channel's image has no {name}.")
    yield from _check_web(image, "url", "image")
    for name in ("title", "link"):
        if _text(image, name) and _text(image, name) != _text(channel, name):
            yield warning("R1", "image", f"The image's {name} is not the channel's; make them the same.")
    for name, most in (("width", 144), ("height", 400)):
        size = _text(image, name)
        if size and not (size.isascii() and size.isdigit() and int(size) <= most):
            yield error("R1", "image", f"The image's {name} is {size}; {most} is the most that RSS allows.")


def _check_places(root: etree._Element, channel: etree._Element) -> Iterator[Finding]:
    if any(item.getparent() is not channel for item in root.iter("item")):
        yield error("R1", "rss", "An item stands outside of the channel; put it in.")
    names = [str(child.tag) for child in channel.iterchildren("*")]
    if "item" in names and (late := [name for name in names[names.index("item") :] if name != "item"]):
        yield warning("R1", "channel", f"{_short(late[0])} stands after an item; put the items last.")
    for name in dict.fromkeys(name for name in names if not name.startswith("{") and name not in _CHANNEL):
        yield error("R1", "channel", f"RSS has no element {name}; leave it out, or give it a namespace.")


def _check_item(item: etree._Element, now: datetime) -> Iterator[Finding]:
    where = _where(item)
    for name in ("title", "link", "guid", "pubDate"):
        if not _text(item, name):
            yield error("R1", where, f"The item has no {name}.")
    names = [str(child.tag) for child in item.iterchildren("*")]
    for name in dict.fromkeys(names):
        if not name.startswith("{") and name not in _ITEM:
            yield error("R1", where, f"RSS has no element {name} in an item; leave it out, or give it a namespace.")
        elif name in _ONCE_PER_ITEM and names.count(name) > 1:
            yield error("R1", where, f"The item has {names.count(name)} {name} elements; readers take one. Give one.")
    yield from _check_plain(item, "title", where)
    yield from _check_web(item, "link", where)
    yield from _check_web(item, "comments", where)
    yield from _check_guid(item, where, now)
    yield from _check_time(item, "pubDate", where, now)
    yield from _check_authors(item, where)
    yield from _check_texts(item, names, where)
    for enclosure in item.findall("enclosure"):
        if not (is_web(enclosure.get("url", "")) and enclosure.get("type") and enclosure.get("length", "").isdigit()):
            yield error("R1", where, "The enclosure needs an absolute url, a length in bytes, and a type.")


def _check_guid(item: etree._Element, where: str, now: datetime) -> Iterator[Finding]:
    guid = item.find("guid")
    if guid is None:
        return
    name = guid.text or ""
    if guid.get("isPermaLink", "true") == "true" and not is_web(name.strip()):
        yield error("R1", where, 'The guid is no web address; write isPermaLink="false", or readers open it.')
    yield from check_id(name, where, now, is_iri=False)


def _check_authors(item: etree._Element, where: str) -> Iterator[Finding]:
    if item.find("author") is not None:
        yield error("R1", where, "RSS wants an e-mail address in author, which is harvested; write dc:creator instead.")
    if any(EMAIL.search(creator.text or "") for creator in item.findall(f"{{{DC}}}creator")):
        yield error("A13", where, "An author's e-mail address is published; leave it out.")


def _check_texts(item: etree._Element, names: list[str], where: str) -> Iterator[Finding]:
    encoded = f"{{{CONTENT}}}encoded"
    if encoded in names:
        if "description" not in names:
            yield warning("R1", where, "There is content:encoded without description; put a summary before it.")
        elif names.index("description") > names.index(encoded):
            yield warning("R1", where, "description stands after content:encoded, and some readers take the last; put it before.")
    for name in ("description", encoded):
        if text := item.findtext(name):
            yield from check_fragment(text, where)


def _check_plain(parent: etree._Element, name: str, where: str) -> Iterator[Finding]:
    if found := markup_in(_text(parent, name)):
        yield warning(
            "R1", where, f'The {name} has "{found}" in it, which many readers show as it is; write plain text, escaped once.'
        )


def _check_web(parent: etree._Element, name: str, where: str) -> Iterator[Finding]:
    for address in (_text(found) for found in parent.findall(name)):
        if address and not is_absolute(address):
            yield error("R1", where, f'{name} is relative: "{address}"; write the whole address.')


def _check_time(parent: etree._Element, name: str, where: str, now: datetime) -> Iterator[Finding]:
    text = _text(parent, name)
    if not text:
        return
    try:
        moment = rfc822(text)
    except ValueError as fault:
        yield error("R1", where, f"{name}: {fault}.")
        return
    if moment > now + CLOCKS_DIFFER:
        yield error("A6", where, f"{name} is {text}, in the future; it would stay on top until then. Publish at that time.")


def _moment(item: etree._Element) -> datetime | None:
    try:
        return rfc822(_text(item, "pubDate"))
    except ValueError:
        return None


def _where(item: etree._Element) -> str:
    return _text(item, "guid") or f"line {item.sourceline}"


def _text(parent: etree._Element, name: str = "") -> str:
    return ((parent.findtext(name) if name else parent.text) or "").strip()


def _short(name: str) -> str:
    return name.rpartition("}")[2]
