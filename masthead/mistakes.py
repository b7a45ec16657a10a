"""What pydantic found wrong with a configuration, in words for whoever wrote it: what is allowed, and the nearest name."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, get_args
from zoneinfo import available_timezones

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from masthead.keylines import Key

_LONGEST = 60
_KINDS = {
    "string_type": "write text in quotes",
    "int_type": "write a whole number",
    "int_parsing": "write a whole number",
    "int_from_float": "write a whole number",
    "float_type": "write a number",
    "float_parsing": "write a number",
    "bool_type": "write true or false",
    "bool_parsing": "write true or false",
    "tuple_type": 'write a list, such as ["…", "…"]',
    "path_type": "write a path in quotes",
    "pattern_regex": "write a regular expression",
}
_FORMS = {
    "tag": 'write a domain and a date on which the paper held it, such as "example.com,2025"',
    "list_domain": 'write a domain such as "example.com"',
    "page": "write an address with {page} where the number stands",
}


def mistakes(error: ValidationError, root: type[BaseModel], data: Mapping[str, Any]) -> Iterator[tuple[Key, str]]:
    """Each thing wrong once, with its key. ``root`` is the model of the whole, ``data`` what was to be validated."""
    seen = set()
    for details in error.errors(include_url=False):
        key = _key(details, data)
        if key not in seen:  # a value that fits no member of a union is wrong once, not once for each member
            seen.add(key)
            yield key, _message(details, key, root)


def nearest(name: object, names: Iterable[str]) -> str:
    """``; did you mean "atom"?``, or nothing where no name comes near."""
    near = difflib.get_close_matches(str(name), list(names), n=1)
    return f'; did you mean "{near[0]}"?' if near else ""


def shown(value: object) -> str:
    """A value as it is shown in a message: in short, and a password in an address not at all."""
    text = re.sub(r"(//[^/@\s]*?:)[^/@\s]*@", r"\1…@", str(value))
    text = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return f'"{text}"' if isinstance(value, str) else text


def refused(reason: str, given: object) -> str:
    """A validator's reason, with what stands in the file where the reason only says what to write."""
    return f"{reason}, not {shown(given)}" if reason.startswith("write ") else reason


def _key(details: ErrorDetails, data: object) -> Key:
    """The key as it is in the file: without what pydantic puts between, such as the member of a union that was tried."""
    key: Key = ()
    for part in details["loc"]:
        inside = data if isinstance(data, dict) else dict(enumerate(data)) if isinstance(data, list) else {}
        if part in inside:
            data = inside[part]
            key += (part,)
    if details["type"] == "missing":
        return (*key, details["loc"][-1])
    return (*key, "kind") if details["type"].startswith("union_tag_") else key


def _message(details: ErrorDetails, key: Key, root: type[BaseModel]) -> str:
    kind, context, given = details["type"], details.get("ctx", {}), details.get("input")
    if kind == "missing":
        return "this key is missing"
    if kind == "extra_forbidden":
        return _unknown(key[-1], _fields(_models_at(details["loc"][:-1], root)), _fields(_models_at(key[:-1], root)))
    if kind == "literal_error":
        return _one_of(given, re.findall(r"'([^']*)'", context["expected"]))
    if kind.startswith("union_tag_"):
        kinds = [name for model in _models_at(details["loc"], root) for name in get_args(model.model_fields["kind"].annotation)]
        return _one_of(context["tag"], kinds) if "tag" in context else f"this key is missing; write one of {_listed(kinds)}"
    if kind == "value_error":
        return refused(str(context["error"]), given) + (nearest(given, available_timezones()) if key[-1] == "timezone" else "")
    if kind in ("string_too_short", "too_short"):
        return "this must not be empty"
    if kind in ("greater_than_equal", "less_than_equal"):
        bound = f"{context['ge']:g} or more" if "ge" in context else f"{context['le']:g} or less"
        return f"write {bound}, not {shown(given)}"
    if kind == "model_type":
        return f"write a table, {_header(key)}, not {shown(given)}"
    if kind == "tuple_type" and len(key) == 1:
        return f"write {_header((*key, 0))}, in double brackets, once for each"
    if kind == "string_pattern_mismatch":
        return f"{_FORMS.get(str(key[-1]), 'write ' + context['pattern'])}, not {shown(given)}"
    return f"{_KINDS.get(kind) or details['msg'][:1].lower() + details['msg'][1:]}, not {shown(given)}"


def _unknown(name: object, here: set[str], elsewhere: set[str]) -> str:
    if name in elsewhere:
        return "this key is not for a table of this kind"
    return "there is no such key" + (nearest(name, here) or f"; there are: {', '.join(sorted(here))}")


def _one_of(given: object, names: Iterable[str]) -> str:
    return f"{shown(given)} is not allowed; write one of {_listed(names)}{nearest(given, names)}"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _header(key: Key) -> str:
    name = ".".join(part for part in key if isinstance(part, str))
    return f"[[{name}]]" if key and isinstance(key[-1], int) else f"[{name}]"


def _models_at(loc: tuple[str | int, ...], root: type[BaseModel]) -> list[type[BaseModel]]:
    """The models of the table at this place; several where a union's member is not known yet."""
    models = [root]
    for part in loc:
        if isinstance(part, int):
            continue
        named = [
            model for model in models if "kind" in model.model_fields and part in get_args(model.model_fields["kind"].annotation)
        ]
        models = named or [
            inner
            for model in models
            for name, field in model.model_fields.items()
            if part in (name, field.alias)
            for inner in _models_in(field.annotation)
        ]
    return models


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models_in(inner)


def _fields(models: Iterable[type[BaseModel]]) -> set[str]:
    """The keys that a table may have, as they are written in the file."""
    return {field.alias or name for model in models for name, field in model.model_fields.items()}
