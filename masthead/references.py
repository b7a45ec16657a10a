"""What no table of a configuration can see by itself: names that must be unique or exist elsewhere, and times to be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from masthead.keylines import Key
from masthead.mistakes import nearest, refused, shown
from masthead.schedule import parse_times
from newsroom.model import Section
from newsroom.sections import SectionTree, SectionTreeError
from newsroom.settings import SectionSettings
from newsroom.terms import fold_term

_IDENTITIES = (
    *(("section", "slug"), ("reporter", "slug"), ("series", "slug"), ("genre", "slug"), ("agency", "name")),
    *(("source", "name"), ("newsletter", "slug"), ("portal", "slug")),
)
_TO_SECTIONS = (
    ("section", "parent"),
    ("reporter", "section"),
    ("source", "section"),
    ("newsletter", "sections"),
    ("portal", "sections"),
)

_NAMED = (("series", "title"), ("genre", "title"), ("agency", "name"))


def broken_references(data: Mapping[str, Any]) -> Iterator[tuple[Key, str]]:
    """What is wrong between the tables of a configuration, which need not be right in themselves, with its key."""
    for array, name in _IDENTITIES:
        yield from _used_twice(data, array, name)
    slugs = [table["slug"] for table in _tables(data, "section") if isinstance(table.get("slug"), str)]
    for array, name in _TO_SECTIONS:
        yield from _unknown_sections(data, array, name, slugs)
    yield from _section_names(data)
    for array, name in _NAMED:
        yield from _names_of_two(data, array, name)
    yield from _unknown_agencies(data)
    yield from _unreadable_times(data)
    if _tables(data, "newsletter") and "mail" not in data:
        yield ("mail",), "this table is missing: a [[newsletter]] needs it to know who sends, and how"


def _used_twice(data: Mapping[str, Any], array: str, name: str) -> Iterator[tuple[Key, str]]:
    first: dict[str, int] = {}
    for index, table in enumerate(_tables(data, array)):
        value = table.get(name)
        if isinstance(value, str) and first.setdefault(value, index) != index:
            yield (array, index, name), f"{shown(value)} is used twice; {array}[{first[value] + 1}] has it already"


def _unknown_sections(data: Mapping[str, Any], array: str, name: str, slugs: Sequence[str]) -> Iterator[tuple[Key, str]]:
    there_are = f"; there are: {', '.join(slugs)}" if slugs else "; the file has no [[section]]"
    for index, table in enumerate(_tables(data, array)):
        value = table.get(name, [])
        for slug in value if isinstance(value, list) else [value]:
            if isinstance(slug, str) and slug not in slugs:
                yield (array, index, name), f"no [[section]] has the slug {shown(slug)}{nearest(slug, slugs) or there_are}"


def _section_names(data: Mapping[str, Any]) -> Iterator[tuple[Key, str]]:
    """One name for two sections, and sections that are each other's parents."""
    try:
        sections = [SectionSettings.model_validate(table).model() for table in _tables(data, "section")]
    except ValidationError:
        return  # each has its own message
    known = {section.slug for section in sections}
    if len(known) < len(sections) or any(section.parent not in {None, *known} for section in sections):
        return
    names = [replace(section, parent=None) for section in sections]
    for count in range(1, len(names) + 1):
        if problem := _not_a_tree(names[:count]):
            yield ("section", count - 1), problem
            return
    if problem := _not_a_tree(sections):
        yield ("section",), problem


def _not_a_tree(sections: Sequence[Section]) -> str:
    try:
        SectionTree(sections)
    except SectionTreeError as error:
        return str(error)
    return ""


def _names_of_two(data: Mapping[str, Any], array: str, main: str) -> Iterator[tuple[Key, str]]:
    """One name for two series, genres or agencies; spellings of a name are one."""
    first: dict[str, int] = {}
    for index, table in enumerate(_tables(data, array)):
        for key in (main, "names"):
            value = table.get(key, [])
            for name in value if isinstance(value, list) else [value]:
                if not isinstance(name, str):
                    continue
                if not (folded := fold_term(name)):
                    yield (array, index, key), f"write a name with letters or digits, not {shown(name)}"
                elif (other := first.setdefault(folded, index)) != index:
                    yield (array, index, key), f"{shown(name)} names {array}[{other + 1}] already"


def _unknown_agencies(data: Mapping[str, Any]) -> Iterator[tuple[Key, str]]:
    names = [table["name"] for table in _tables(data, "agency") if isinstance(table.get("name"), str)]
    known = {fold_term(name) for name in names}
    there_are = f"; there are: {', '.join(names)}" if names else "; the file has no [[agency]]"
    for index, table in enumerate(_tables(data, "source")):
        name = table.get("agency")
        if isinstance(name, str) and name.strip() and fold_term(name) not in known:
            yield ("source", index, "agency"), f"no [[agency]] has the name {shown(name)}{nearest(name, names) or there_are}"


def _unreadable_times(data: Mapping[str, Any]) -> Iterator[tuple[Key, str]]:
    for index, table in enumerate(_tables(data, "source")):
        every = table.get("every")
        if isinstance(every, str):
            try:
                parse_times(every, ZoneInfo("UTC"))
            except ValueError as error:
                yield ("source", index, "every"), refused(str(error), every)


def _tables(data: Mapping[str, Any], array: str) -> list[Mapping[str, Any]]:
    """The tables of an array; empty ones for elements that are none, so that indices stay."""
    found = data.get(array)
    return [table if isinstance(table, dict) else {} for table in found] if isinstance(found, list) else []
