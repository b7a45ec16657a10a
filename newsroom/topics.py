"""The series and genres of the paper: those that are configured, and the series that articles have brought. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from newsroom.model import Article, Genre, Series
from newsroom.terms import article_terms, fold_term, keyword_term, series_slug, series_term


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A series or a genre, found in articles by any of its terms.

    Under ``former_slugs`` a series may have been known before it was configured: what was published there leads here.
    """

    slug: str
    title: str
    terms: tuple[str, ...]
    former_slugs: tuple[str, ...] = ()


class Topics:
    """``series`` holds the configured ones in their order, then the others by name; ``genres`` the configured ones."""

    def __init__(self, series: Iterable[Series], genres: Iterable[Genre], seen: Iterable[str]) -> None:
        """``seen`` are the names of series as articles carry them; spellings of one name are one series."""
        spellings: dict[str, str] = {}
        for name in sorted(seen):
            if fold_term(name):
                spellings.setdefault(series_term(name), name)
        configured = tuple(_configured(one, spellings) for one in series)
        known = {term for topic in configured for term in topic.terms}
        others = (
            Topic(slug=series_slug(name), title=name, terms=(term,)) for term, name in spellings.items() if term not in known
        )
        self.series: tuple[Topic, ...] = (*configured, *others)
        self.genres: tuple[Topic, ...] = tuple(map(_genre, genres))
        self.configured: tuple[Topic, ...] = (*configured, *self.genres)
        """Those that the paper named: series that are only seen come and go without changing what others are called."""
        self._series = {term: topic for topic in self.series for term in topic.terms}

    def series_of(self, article: Article) -> Topic | None:
        """The series that an article belongs to."""
        return self._series.get(series_term(article.series))

    def genres_of(self, article: Article) -> tuple[Topic, ...]:
        """The genres of an article, in their order."""
        terms = frozenset(article_terms(article))
        return tuple(genre for genre in self.genres if not terms.isdisjoint(genre.terms))


def _configured(series: Series, seen: Iterable[str]) -> Topic:
    names = [name for name in series.names if fold_term(name)]
    former = dict.fromkeys(series_slug(name) for name in names if series_term(name) in seen)
    return Topic(
        slug=series.slug,
        title=series.title,
        terms=tuple(dict.fromkeys(map(series_term, names))),
        former_slugs=tuple(slug for slug in former if slug != series.slug),
    )


def _genre(genre: Genre) -> Topic:
    terms = (term for name in genre.names if fold_term(name) for term in (keyword_term(name), series_term(name)))
    return Topic(slug=genre.slug, title=genre.title, terms=tuple(dict.fromkeys(terms)))
