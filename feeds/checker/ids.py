"""Ids: permanent, unique, and well written (A4, A5)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime

from feeds.checker.addresses import is_absolute, is_web
from feeds.checker.finding import Finding, error, warning

# RFC 4151 §2.1; characters of `specific` as RFC 3986 has them.
_TAG = re.compile(
    r"tag:(?P<authority>(?:[A-Za-z0-9._-]+@)?[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?),"
    r"(?P<date>\d{4}(?:-\d\d(?:-\d\d)?)?):(?P<specific>[A-Za-z0-9._~!$&'()*+,;=:@/?%-]*)(?:#[A-Za-z0-9._~!$&'()*+,;=:@/?%-]*)?"
)


def check_id(name: str, where: str, now: datetime, *, is_iri: bool = True) -> Iterator[Finding]:
    """One id of a feed, an entry or an item; only Atom demands an IRI."""
    if not name:
        return  # A2 and A3 say so
    if name != name.strip():
        yield error("A4", where, "White space stands around the id; ids are compared letter by letter. Take it away.")
    name = name.strip()
    if name.startswith("tag:"):
        yield from _check_tag(name, where, now)
    elif is_web(name):
        yield warning("A4", where, "The id is a web address, which changes with host, scheme or title; issue tag URIs.")
    elif not is_absolute(name):
        say = error if is_iri else warning
        yield say("A4", where, f'"{name}" is no absolute IRI; issue tag URIs, as in tag:paper.example,2026:article/1.')


def check_unique(names: Iterable[str]) -> Iterator[Finding]:
    """The ids of the entries of one document."""
    for name, count in Counter(filter(None, names)).items():
        if count > 1:
            yield error("A4", name, f"{count} entries have this id; readers show one of them. Give each its own.")


def _check_tag(name: str, where: str, now: datetime) -> Iterator[Finding]:
    form = _TAG.fullmatch(name)
    if form is None:
        yield error("A5", where, f'"{name}" is no tag URI; write tag:paper.example,2026-03-02:article/1 in ASCII (RFC 4151).')
        return
    if form["authority"] != form["authority"].lower():
        yield error("A5", where, f'The authority "{form["authority"]}" is not in lower case; ids are compared letter by letter.')
    year, month, day = (*map(int, form["date"].split("-")), 1, 1)[:3]
    try:
        held = datetime(year, month, day, tzinfo=now.tzinfo)
    except ValueError:
        yield error("A5", where, f'"{form["date"]}" is no date.')
        return
    if held > now:
        yield error("A5", where, f'The date "{form["date"]}" is still to come; take a day on which the paper had its domain.')
