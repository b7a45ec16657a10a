"""Terms: what articles are found by beside sections and reporters. A series and a keyword of one name are two terms. Pure."""

from __future__ import annotations

import base64
import hashlib
import unicodedata
from collections.abc import Iterable

from newsroom.model import Article
from newsroom.text.series import labels


def article_terms(article: Article) -> tuple[str, ...]:
    """The terms of an article, each once."""
    return terms_of(article.series, article.keywords, article.revision.headline)


def terms_of(series: str, keywords: Iterable[str], headline: str) -> tuple[str, ...]:
    """The term of a series, and those of keywords; a label in front of the headline (``[인터뷰] …``) is one of them. Each once."""
    named = [series_term(series)] if fold_term(series) else []
    words = (*keywords, *labels(headline))
    return tuple(dict.fromkeys([*named, *(keyword_term(word) for word in words if fold_term(word))]))


def series_term(name: str) -> str:
    """The term of a series or column."""
    return f"series:{fold_term(name)}"


def keyword_term(name: str) -> str:
    """The term of a keyword."""
    return f"keyword:{fold_term(name)}"


def series_slug(name: str) -> str:
    """The slug of a series that nobody configured one for: opaque, as no name is romanised, and the same for ever."""
    digest = hashlib.sha256(fold_term(name).encode()).digest()
    return "s-" + base64.b32encode(digest)[:8].decode().lower()


def fold_term(name: str) -> str:
    """One form for all spellings: case, width, white space and punctuation do not matter."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", name).casefold() if letter.isalnum())
