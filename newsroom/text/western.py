"""Bylines of papers that write "By A and B"."""

from __future__ import annotations

import re

from newsroom.text.vocabulary import is_western_name

_BEGINNING = re.compile(r"(?:(?:written|reported|reporting|story|text|words) )?(?:by|par|por|von)[: ]\s*", re.IGNORECASE)
_HELPERS = re.compile(r"\((?:avec|with|mit|con) ([^()]+)\)", re.IGNORECASE)
_JOINT = re.compile(r"\s*(?:,\s*(?:and|et|und)\s|,|&|;|\s(?:and|et|und)\s)\s*")
_ROLE = re.compile(r",\s*((?:[A-Z][a-z]+ ){0,2}(?:Writer|Reporter|Correspondent|Editor|Columnist|Contributor|Photographer)s?)$")


def read_western(text: str, *, bare: bool) -> tuple[tuple[str, ...], str]:
    """The names and the common role of a byline without addresses; no names unless every word of it is understood.

    Names count only after "By", beside "(with …)", or if ``bare`` says that the text holds nothing but names.
    """
    rest = _BEGINNING.sub("", text, count=1) if _BEGINNING.match(text) else text
    helpers = _HELPERS.search(rest)
    if rest == text and not helpers and not bare:
        return (), ""
    role = ""
    if match := _ROLE.search(rest):
        role, rest = match[1], rest[: match.start()]
    people = _HELPERS.sub("", rest).strip()
    names = [*_JOINT.split(people), *(_JOINT.split(helpers[1].strip()) if helpers else ())]
    return (tuple(names), role) if all(map(is_western_name, names)) else ((), "")
