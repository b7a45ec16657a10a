"""Whether a change to an article is one that readers should be told of. Pure.

RFC 4287 §4.2.15 lets ``updated`` move only when the publisher calls a change significant; §4.2.9's ``published`` never does.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from newsroom.model import Article, Candidate, Credit, Image
from newsroom.text.clean import html_text
from newsroom.text.fold import fold_headline

_REWRITTEN_SHARE = 0.05
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")


def is_significant(old: Article, new: Candidate) -> bool:
    """True for a new headline, a correction's note, a changed figure, or more than a twentieth of the words.

    False for another rendering of the same, and for a typo: one word for another is none of these even in a short text.
    """
    if fold_headline(old.revision.headline) != fold_headline(new.headline) or old.revision.note != new.note:
        return True
    before, after = _text(old.revision.body, old.revision.summary), _text(new.body, new.summary)
    if _figures(before) != _figures(after):
        return True
    words_before, words_after = Counter(before.split()), Counter(after.split())
    changed = (words_before - words_after).total() + (words_after - words_before).total()
    return changed > max(2, _REWRITTEN_SHARE * (words_before.total() + words_after.total()))


def is_same(old: Article, new: Candidate) -> bool:
    """Whether nothing that a reader could see differs. Picture addresses count by their file name only: caches vary the rest."""
    return (
        old.revision.content_hash == new.content_hash
        and (old.series, old.rights, old.keywords) == (new.series, new.rights, new.keywords)
        and (old.agency, old.full_text_ok) == (new.agency, new.full_text_ok)
        and _signatures(old.revision.credits) == _signatures(new.credits)
        and old.revision.note == new.note
        and _pictures(old.revision.images) == _pictures(new.images)
    )


def _text(body: str, summary: str) -> str:
    return html_text(body) or summary


def _figures(text: str) -> list[str]:
    """The numbers of a text; 1,234 and 1234 are one."""
    return [figure.replace(",", "") for figure in _FIGURE.findall(text)]


def _signatures(credits_: Iterable[Credit]) -> list[tuple[str, ...]]:
    return [(credit.name, credit.role, credit.kind, credit.organisation, credit.dateline) for credit in credits_]


def _pictures(images: Iterable[Image]) -> list[tuple[str, ...]]:
    return [(image.url.split("?", 1)[0].rsplit("/", 1)[-1], image.caption, image.alt, image.credit) for image in images]
