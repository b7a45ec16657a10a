"""Sitemaps (N1, https://www.sitemaps.org/protocol.html) and news sitemaps (N2, N3, Google Search Central, "Create a news sitemap")."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Generator, Iterator
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from lxml import etree

from feeds.checker.addresses import is_web
from feeds.checker.dates import CLOCKS_DIFFER, w3c
from feeds.checker.finding import Finding, error, warning
from feeds.checker.namespaces import NEWS, SITEMAP

MOST_ADDRESSES = 50_000
MOST_BYTES = 52_428_800
MOST_NEWS = 1000
_NEWS_REACHES_BACK = timedelta(days=2)
_LANGUAGE = re.compile(r"[a-z]{2,3}|zh-cn|zh-tw")


def check_sitemap(root: etree._Element, data: bytes, address: str, now: datetime) -> Iterator[Finding]:
    """Every rule of a sitemap, or of an index of sitemaps."""
    if len(data) > MOST_BYTES:
        yield error("N1", "document", f"The sitemap has {len(data):,} bytes; {MOST_BYTES:,} are allowed. Split it.")
    entries = [*root.iterchildren(f"{{{SITEMAP}}}url", f"{{{SITEMAP}}}sitemap")]
    if not str(root.tag).startswith(f"{{{SITEMAP}}}"):
        yield error("N1", "document", f"The namespace is not {SITEMAP}.")
    if len(entries) > MOST_ADDRESSES:
        yield error("N1", "document", f"{len(entries):,} addresses; {MOST_ADDRESSES:,} are allowed. Split it, and add an index.")
    for entry in entries:
        yield from _check_address(entry, address)
        yield from _check_time(entry, f"{{{SITEMAP}}}lastmod", "N1", now)
    for location, count in Counter(_where(entry) for entry in entries).items():
        if count > 1:
            yield warning("N1", location, f"The address stands here {count} times.")
    yield from _check_news([entry for entry in entries if entry.find(f"{{{NEWS}}}news") is not None], now)


def _check_address(entry: etree._Element, address: str) -> Iterator[Finding]:
    location = _text(entry, f"{{{SITEMAP}}}loc")
    if not is_web(location):
        yield error("N1", _where(entry), f'"{location}" is no absolute address of the web.')
    elif len(location) >= 2048:
        yield error("N1", location[:100], "The address has 2,048 letters or more.")
    elif is_web(address) and urlsplit(location).netloc != urlsplit(address).netloc:
        message = (
            f"The address is of another host than the sitemap ({urlsplit(address).netloc}); name the sitemap in its robots.txt."
        )
        yield warning("N1", location, message)


def _check_news(entries: list[etree._Element], now: datetime) -> Iterator[Finding]:
    if len(entries) > MOST_NEWS:
        yield error("N2", "document", f"{len(entries):,} articles; {MOST_NEWS:,} are allowed. Split it.")
    moments: dict[str, datetime] = {}
    for entry in entries:
        news = entry.find(f"{{{NEWS}}}news")
        assert news is not None  # noqa: S101 (the caller chose those that have it)
        for path in ("publication/name", "publication/language", "publication_date", "title"):
            if not _text(news, _qualified(path)):
                yield error("N2", _where(entry), f"news:{path.replace('/', '/news:')} is missing or empty.")
        language = _text(news, _qualified("publication/language"))
        if language and not _LANGUAGE.fullmatch(language):
            yield error("N2", _where(entry), f'"{language}" is no language of ISO 639; write ko.')
        moment = yield from _check_time(news, _qualified("publication_date"), "N2", now, _where(entry))
        if moment:
            moments[_where(entry)] = moment
    newest = max(moments.values(), default=now)
    for where, moment in moments.items():
        if newest - moment > _NEWS_REACHES_BACK:
            yield error(
                "N3", where, "The article is more than two days older than the newest; take it out, it stays in the index."
            )


def _check_time(
    entry: etree._Element, name: str, rule: str, now: datetime, where: str = ""
) -> Generator[Finding, None, datetime | None]:
    text = _text(entry, name)
    if not text:
        return None
    try:
        moment = w3c(text)
    except ValueError as fault:
        yield error(rule, where or _where(entry), f"{name.rpartition('}')[2]}: {fault}.")
        return None
    if moment > now + CLOCKS_DIFFER:
        yield error("A6", where or _where(entry), f"{name.rpartition('}')[2]} is {text}, in the future.")
    return moment


def _qualified(path: str) -> str:
    return "/".join(f"{{{NEWS}}}{name}" for name in path.split("/"))


def _where(entry: etree._Element) -> str:
    return _text(entry, f"{{{SITEMAP}}}loc") or f"line {entry.sourceline}"


def _text(parent: etree._Element, name: str) -> str:
    return (parent.findtext(name) or "").strip()
