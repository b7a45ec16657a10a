"""Addresses in a mail that only its reader should have."""

from __future__ import annotations

import base64
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.links import Links

LINKS = Links(base="https://feeds.example.com/", secret="a secret of the paper")
UID = "kWx3_9-abcDEF012"


def token(url: str) -> str:
    return url.rpartition("/")[2]


def test_a_reader_leaves_by_the_address_in_the_mail() -> None:
    url = LINKS.unsubscribe(UID, "morning")
    assert re.fullmatch(r"https://feeds\.example\.com/unsubscribe/[A-Za-z0-9_.-]+", url), "nothing that a header would encode"
    assert LINKS.read_unsubscribe(token(url)) == (UID, "morning")


def test_a_page_is_found_by_the_address_in_the_mail() -> None:
    url = LINKS.view("morning", "2026-03-02", "all")
    assert url.startswith("https://feeds.example.com/view/")
    assert LINKS.read_view(token(url)) == ("morning", "2026-03-02", "all")


def test_a_mail_of_years_ago_still_unsubscribes() -> None:
    """The law knows no expiry: the token holds no time, so the same reader has the same address for ever."""
    assert LINKS.unsubscribe(UID, "morning") == LINKS.unsubscribe(UID, "morning")


@given(position=st.integers(0, 200), letter=st.sampled_from("abcXYZ019_-."))
def test_a_token_that_was_touched_is_nobodys(position: int, letter: str) -> None:
    """Somebody could sign off other people by counting up."""
    good = token(LINKS.unsubscribe(UID, "morning"))
    position %= len(good)
    touched = good[:position] + letter + good[position + 1 :]
    found = LINKS.read_unsubscribe(touched)
    assert found is None or found == (UID, "morning"), "the last letter holds two bits that mean nothing"


@given(token=st.text(alphabet=st.characters(), max_size=80))
def test_no_token_crashes_the_page(token: str) -> None:
    assert LINKS.read_unsubscribe(token) is None
    assert LINKS.read_view(token) is None


@pytest.mark.parametrize("token", ["", ".", "\ud800", "\x00", "W10.x", "a" * 100_000])
def test_odd_tokens_are_nobodys(token: str) -> None:
    assert LINKS.read_unsubscribe(token) is None


def test_a_token_is_good_for_one_purpose_only() -> None:
    """The address of the web page, which readers pass on, would sign its reader off."""
    assert LINKS.read_unsubscribe(token(LINKS.view(UID, "morning", "all"))) is None
    assert LINKS.read_view(token(LINKS.unsubscribe(UID, "morning"))) is None


def test_another_papers_token_is_nobodys() -> None:
    other = Links(base=LINKS.base, secret="another secret")
    assert LINKS.read_unsubscribe(token(other.unsubscribe(UID, "morning"))) is None


def test_a_token_holds_no_mail_address() -> None:
    """Logs and referrers would spread it (RFC 8058 §3.1: opaque)."""
    payload = token(LINKS.unsubscribe(UID, "morning")).partition(".")[0]
    assert base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)) == f'["{UID}","morning"]'.encode()
