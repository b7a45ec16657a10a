"""Union feeds: any set of sections and reporters as one feed, on request.

One order of the same parts is the feed's address, so that a thousand readers of one set share it; the others are led there. Its
documents are made from the pieces that the parts' own documents are made of.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from threading import Lock
from urllib.parse import urlencode

from feeds.catalogue import INDEX, Catalogue
from feeds.documents import Documents
from feeds.errors import FeedsError
from feeds.model import Feed, FeedKind, View
from feeds.store import FeedStore
from newsroom.errors import StoreError

PATH = "feeds/union"
MOST_PARTS = 20
_HELD = 256
_NAMES = ("section", "reporter", "series", "genre")


class UnionError(FeedsError):
    """No feed can be made of what was asked for."""


@dataclass(frozen=True, slots=True)
class Union:
    """A set of feeds, in canonical order: ``parts`` together, without what ``exclude`` has."""

    parts: tuple[Feed, ...]
    exclude: tuple[Feed, ...]
    view: View

    @property
    def query(self) -> str:
        """The canonical query of its address."""
        named = [(feed.kind.value, feed.slug) for feed in self.parts]
        left_out = [("exclude", f"{feed.kind.value}:{feed.slug}") for feed in self.exclude]
        return urlencode([*named, *left_out, *([("view", self.view.value)] if self.view is View.EXCERPT else [])], safe=":")


class Unions:
    """Makes union feeds; those asked for last are kept until something in any feed changes."""

    def __init__(self, documents: Callable[[], Documents], store: FeedStore) -> None:
        """``documents`` are those of what is known at the moment."""
        self._documents = documents
        self._store = store
        self._held: OrderedDict[tuple[Union, str], tuple[int | None, bytes]] = OrderedDict()
        self._last: Documents | None = None
        self._turn = Lock()

    def parse(self, query: Iterable[tuple[str, str]]) -> Union:
        """What is asked for. Raises UnionError saying what is wrong with it."""
        catalogue = self._known().catalogue
        parts: dict[Feed, None] = {}
        left_out: dict[Feed, None] = {}
        view = View.FULL
        for name, value in query:
            if name in _NAMES:
                parts[_part(catalogue, name, value)] = None
            elif name == "exclude":
                kind, _, slug = value.partition(":")
                left_out[_part(catalogue, kind, slug)] = None
            elif name == "view" and value in set(View):
                view = View(value)
            else:
                asked = f"{name}={value}"[:100]
                raise UnionError(f"{asked!a} means nothing here; there are: {', '.join((*_NAMES, 'exclude', 'view'))}")
        if len(parts) + len(left_out) > MOST_PARTS:
            raise UnionError(f"a union has at most {MOST_PARTS} parts")
        if not parts:
            raise UnionError("name what to follow, such as ?section=it&reporter=seoh")
        order = {feed: number for number, feed in enumerate(catalogue)}
        return Union(
            tuple(sorted(parts, key=lambda feed: order[feed])), tuple(sorted(left_out, key=lambda feed: order[feed])), view
        )

    def document(self, union: Union, ending: str) -> bytes:
        """The union's document in this format. While the database is away, the last one made. Raises StoreError."""
        key = (union, ending)  # with the names of its feeds, which may change
        try:
            change = self._store.followed()
        except StoreError:
            with self._turn:
                if key in self._held:
                    return self._held[key][1]
            raise
        with self._turn:
            held = self._held.get(key)
            if held is not None and held[0] == change:
                self._held.move_to_end(key)
                return held[1]
        documents = self._known()
        data = documents.union(
            _feed(documents.catalogue, union),
            [feed.path for feed in union.parts],
            [feed.path for feed in union.exclude],
            documents.form(ending, union.view),
            union.query,
        )
        with self._turn:
            self._held[key] = (change, data)
            self._held.move_to_end(key)
            while len(self._held) > _HELD:
                self._held.popitem(last=False)
        return data

    def _known(self) -> Documents:
        try:
            self._last = self._documents()
        except StoreError:
            if self._last is None:
                raise
        return self._last


def _part(catalogue: Catalogue, kind: str, slug: str) -> Feed:
    known = {
        "section": catalogue.of_section,
        "reporter": catalogue.of_reporter,
        "series": catalogue.of_series,
        "genre": catalogue.of_genre,
    }.get(kind)
    if known is None or slug not in known:
        what = kind if known is not None else "feed"
        raise UnionError(f"there is no {what} {slug[:100]!a}; all of them stand in {catalogue.url}feeds.opml")
    return known[slug]


def _feed(catalogue: Catalogue, union: Union) -> Feed:
    names: Sequence[str] = [feed.name for feed in union.parts]
    listed = catalogue.language.listing(names)
    return Feed(
        kind=FeedKind.UNION,
        slug="union",
        path=PATH,
        id=f"tag:{catalogue.paper.tag}:{PATH}?{union.query}",
        name=listed,
        title=f"{catalogue.paper.name} – {listed}",
        subtitle=catalogue.language.gettext("Stories of %(paper)s from these feeds: %(feeds)s")
        % {"paper": catalogue.paper.name, "feeds": listed},
        base=catalogue.url,
        page=f"{catalogue.url}{INDEX}",
    )
