"""Reporters' addresses are taken out of what is shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.text.addresses import without_addresses

KNOWN = {"seoh@news.example", "j.kim+web@a-b.example"}


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("김서현 기자 seoh@news.example", "김서현 기자"),
        ("김서현(seoh@news.example) 기자", "김서현 기자"),
        ("김서현 ( SEOH@News.Example ) 기자", "김서현 기자"),
        ("전했다.seoh@news.example</p>", "전했다.</p>"),
        ("j.kim+web@a-b.example·seoh@news.example", "·"),
        ('<a href="/writer?id=seoh%40news.example">기사</a>', '<a href="/writer?id=">기사</a>'),
        ("city@gov.example, notseoh@news.example", "city@gov.example, notseoh@news.example"),
        ("seoh@news.example.org", "seoh@news.example.org"),
        ("(seoh@news.example", "(seoh@news.example"[:1]),
        ("", ""),
    ],
)
def test_known_addresses_go_and_others_stay(text: str, left: str) -> None:
    """A reporter's address is in every feed; or the city's, which is news, is not."""
    assert without_addresses(text, KNOWN) == left


@given(st.text("seoh@news.xample%40 ()+", max_size=40))
def test_none_is_left(text: str) -> None:
    """One form of writing it gets through."""
    left = without_addresses(f"{text} seoh@news.example {text}", {"seoh@news.example"})
    assert " seoh@news.example " not in left
    assert without_addresses(text, set()) == text


def test_a_long_text_takes_no_long_time() -> None:
    """A body without blanks stops the program."""
    for text in ("a" * 100_000, "a." * 50_000, "(" * 100_000, " " * 100_000, "a@" * 50_000):
        without_addresses(text, KNOWN)
