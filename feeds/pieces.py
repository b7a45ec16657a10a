"""Entries, rendered once for each revision of an article and each variant, and kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from threading import Lock
from typing import Protocol

import structlog

from feeds.model import Entry, EntryKind, Item
from feeds.store import FeedStore
from newsroom.model import Article

MEMORY = 64 * 1024 * 1024
AT_ONCE = 500
"""Articles that are read, rendered and kept at once."""
Render = Callable[[Entry], bytes]
_log = structlog.get_logger(__name__)


class Stories(Protocol):
    """What rendering asks of the newsroom."""

    def articles(self, ids: Sequence[str]) -> list[Article]: ...
    def articles_as_stored(self, ids: Sequence[str]) -> list[Article]: ...
    def note(self, id: str, number: int) -> str: ...  # noqa: A002 (the model's word)


class Pieces:
    """Gives pieces from memory, from the store, or rendered now, to several threads.

    ``memory`` bounds the bytes held in this process.
    """

    def __init__(self, articles: Stories, store: FeedStore, *, memory: int = MEMORY) -> None:
        self._articles = articles
        self._store = store
        self._memory = memory
        self._size = 0
        self._turn = Lock()
        self._held: OrderedDict[tuple[int, str], tuple[int, str, bytes]] = OrderedDict()

    def of(
        self, items: Iterable[Item], variants: Mapping[str, Render], context: str, *, anew: bool = False, keep: bool = True
    ) -> dict[tuple[int, str], bytes]:
        """The pieces of these items, by item and variant; ``anew`` renders even what is kept.

        What is rendered is put into the store, unless it will hardly be asked for again: then not to ``keep`` it saves the room.

        An item is missing where its article may not be shown, although the ledger does not know yet, and where it cannot be
        written: that is logged. An empty piece is one that the format does not want.
        """
        wanted = {item.id: item for item in items}
        found: dict[tuple[int, str], bytes] = {}
        if not anew:
            found = self._remembered(wanted, variants, context)
            self._fetch(wanted, variants, context, found)
        lacking = _lacking(wanted, variants, found)
        for start in range(0, len(lacking), AT_ONCE):
            rendered = self._render(lacking[start : start + AT_ONCE], variants, found)
            if keep:
                self._store.save_pieces(rendered, context)
            for item, name, data in rendered:
                self._hold(item, name, context, data)
                found[item.id, name] = data
        return found

    def _remembered(self, items: Mapping[int, Item], variants: Collection[str], context: str) -> dict[tuple[int, str], bytes]:
        found = {}
        with self._turn:
            for key in ((item, name) for item in items for name in variants):
                held = self._held.get(key)
                if held is not None and held[:2] == (items[key[0]].change, context):
                    found[key] = held[2]
                    self._held.move_to_end(key)
        return found

    def _fetch(
        self, items: Mapping[int, Item], variants: Collection[str], context: str, found: dict[tuple[int, str], bytes]
    ) -> None:
        lacking = _lacking(items, variants, found)
        if not lacking:
            return
        for key, data in self._store.pieces(lacking, variants, context).items():
            found[key] = data
            self._hold(items[key[0]], key[1], context, data)

    def _render(
        self, items: Sequence[Item], variants: Mapping[str, Render], known: Collection[tuple[int, str]]
    ) -> list[tuple[Item, str, bytes]]:
        entries = self._entries(items)
        rendered = []
        for item in items:
            if (entry := entries.get(item.id)) is None:
                continue
            for name, render in variants.items():
                if (item.id, name) not in known:
                    try:
                        rendered.append((item, name, render(entry)))
                    except ValueError as error:
                        _log.error("an article was left out of the feeds", article=entry.id, variant=name, reason=str(error))
        return rendered

    def _entries(self, items: Sequence[Item]) -> dict[int, Entry]:
        public = {article.id: article for article in self._articles.articles([item.article for item in items if not item.gone])}
        gone = [item.article for item in items if item.gone]
        withdrawn = {article.id: article for article in self._articles.articles_as_stored(gone)} if gone else {}
        found = {}
        for item in items:
            article = (withdrawn if item.gone else public).get(item.article)
            if article is not None:
                if item.correction not in {0, article.revision.number}:  # the article has been changed since
                    said = self._articles.note(article.id, item.correction)
                    article = replace(article, revision=replace(article.revision, note=said))
                found[item.id] = _entry(item, article)
        return found

    def _hold(self, item: Item, name: str, context: str, data: bytes) -> None:
        key = (item.id, name)
        with self._turn:
            if (old := self._held.pop(key, None)) is not None:
                self._size -= len(old[2])
            self._held[key] = (item.change, context, data)
            self._size += len(data)
            while self._size > self._memory and self._held:
                _, (_, _, dropped) = self._held.popitem(last=False)
                self._size -= len(dropped)


def _lacking(items: Mapping[int, Item], variants: Collection[str], found: Collection[tuple[int, str]]) -> list[Item]:
    if len(found) == len(items) * len(variants):
        return []
    return [item for item in items.values() if any((item.id, name) not in found for name in variants)]


def _entry(item: Item, article: Article) -> Entry:
    if item.gone:
        kind, updated, edited = EntryKind.STUB, item.gone, item.gone
    elif item.correction:
        kind, updated, edited = EntryKind.CORRECTION, item.updated, item.edited
    else:
        kind, updated, edited = EntryKind.ARTICLE, article.revision.updated, article.revision.edited
    return Entry(id=item.uri, kind=kind, article=article, published=item.published, updated=updated, edited=edited)
