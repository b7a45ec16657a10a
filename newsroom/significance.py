"""Whether a change to an article is one that readers should be told of. Pure.

RFC 4287 §4.2.15 lets ``updated`` move only when the publisher calls a change significant; §4.2.9's ``published`` never does.
"""

from __future__ import annotations

import re
from collections import Counter

from newsroom.model import Candidate, Revision
from newsroom.text.clean import html_text
from newsroom.text.fold import fold_headline

_REWRITTEN_SHARE = 0.05
_DIGITS = re.compile(r"\d+")


def is_significant(old: Revision, new: Candidate) -> bool:
    """True for a new headline, a changed figure, or more than a twentieth of the words; False for a typo or a re-render."""
    if fold_headline(old.headline) != fold_headline(new.headline):
        return True
    before, after = html_text(old.body), html_text(new.body)
    if _DIGITS.findall(before) != _DIGITS.findall(after):
        return True
    words_before, words_after = Counter(before.split()), Counter(after.split())
    changed = (words_before - words_after).total() + (words_after - words_before).total()
    return changed > _REWRITTEN_SHARE * (words_before.total() + words_after.total())


def is_same(old: Revision, new: Candidate) -> bool:
    """Whether nothing that a reader could see differs. Picture addresses count by their file name only: caches vary the rest."""
    return (
        old.content_hash == new.content_hash
        and [_signature(credit) for credit in old.credits] == [_signature(credit) for credit in new.credits]
        and [(_file(image.url), image.caption, image.alt) for image in old.images]
        == [(_file(image.url), image.caption, image.alt) for image in new.images]
    )


def _signature(credit: object) -> tuple[str, ...]:
    return tuple(getattr(credit, name) for name in ("name", "role", "kind", "email", "organisation"))


def _file(url: str) -> str:
    return url.split("?", 1)[0].rsplit("/", 1)[-1]
