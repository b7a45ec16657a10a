"""``config.toml``: read, checked as a whole, and every mistake reported at once with its line and its dotted key.

Each package defines the models of its own tables; here they are put together. tomllib gives no positions, so the line of a key
is found by asking for the smallest number of leading lines in which the key exists.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, cast, get_args

from pydantic import BaseModel, Field, ValidationError
from pydantic_core import ErrorDetails

from feeds.settings import FeedsSettings
from masthead.settings import WebSettings
from newsletter.settings import MailSettings, NewsletterSettings
from newsroom.sections import SectionTree, SectionTreeError
from newsroom.settings import FetchSettings, PaperSettings, ReporterSettings, SectionSettings, StoreSettings, Table
from newsroom.sources import AnySource

DEFAULT_FILE = "config.toml"
ENVIRONMENT_VARIABLE = "MASTHEAD_CONFIG"
Key = tuple[str | int, ...]


class Config(Table):
    """One paper's configuration. Arrays of tables carry the singular names they have in the file."""

    paper: PaperSettings
    store: StoreSettings = StoreSettings()
    fetch: FetchSettings = FetchSettings()
    sections: Annotated[tuple[SectionSettings, ...], Field(alias="section")] = ()
    reporters: Annotated[tuple[ReporterSettings, ...], Field(alias="reporter")] = ()
    sources: Annotated[tuple[AnySource, ...], Field(alias="source")] = ()
    feeds: FeedsSettings = FeedsSettings()
    newsletters: Annotated[tuple[NewsletterSettings, ...], Field(alias="newsletter")] = ()
    mail: MailSettings | None = None
    web: WebSettings = WebSettings()


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing wrong with a configuration. ``line`` counts from 1; 0 where it is about the file as a whole."""

    file: Path
    line: int
    key: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else str(self.file)
        return f"{place}: {self.key}: {self.message}" if self.key else f"{place}: {self.message}"


class ConfigError(Exception):
    """The configuration cannot be used. ``mistakes`` holds everything that is wrong with it."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__("\n".join(map(str, mistakes)))
        self.mistakes = tuple(mistakes)


def config_path(option: Path | None) -> Path:
    """The file to read: the option, else ``MASTHEAD_CONFIG``, else ``config.toml`` in the current folder."""
    return (option or Path(os.environ.get(ENVIRONMENT_VARIABLE) or DEFAULT_FILE)).absolute()


def load_config(path: Path) -> Config:
    """Read and check a configuration. Raises ConfigError with every mistake in it."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise ConfigError([Mistake(path, 0, "", "there is no such file; make one with: masthead init")]) from error
    except OSError as error:
        raise ConfigError([Mistake(path, 0, "", f"it cannot be read: {error.strerror}")]) from error
    except UnicodeDecodeError as error:
        raise ConfigError([Mistake(path, 0, "", "it is not UTF-8; save it as UTF-8")]) from error
    return parse_config(text, path)


def parse_config(text: str, path: Path) -> Config:
    """Check the text of a configuration; ``path`` is named in messages, and its folder is what paths are relative to."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([_syntax_mistake(text, path, error)]) from error
    lines = _Lines(text)
    mistakes: list[tuple[Key, str]] = []
    config = None
    try:
        config = Config.model_validate(data, context={"base": path.parent}, by_alias=True, by_name=False)
    except ValidationError as error:
        mistakes += [(_key(details), _message(details)) for details in error.errors()]
    # A part that is already wrong in itself is not judged again as part of the whole.
    wrong = {key for key, _ in mistakes}
    mistakes += [(key, message) for key, message in _cross_check(data) if key not in wrong]
    if mistakes or config is None:
        found = [Mistake(path, lines.of(key), _dotted(key), message) for key, message in mistakes]
        raise ConfigError(sorted(found, key=lambda mistake: (mistake.line, mistake.key)))
    return config


# --- what is wrong, in words ---


def _message(details: ErrorDetails) -> str:
    kind, context, given = details["type"], details.get("ctx", {}), details.get("input")
    if kind == "extra_forbidden":
        name = str(details["loc"][-1])
        allowed = _allowed_names(_key(details)[:-1])
        near = difflib.get_close_matches(name, allowed, n=1)
        hint = f'; did you mean "{near[0]}"?' if near else ""
        return f"there is no such key{hint} Allowed: {', '.join(allowed)}" if not near else f"there is no such key{hint}"
    if kind == "missing":
        return "this key is missing"
    if kind == "literal_error":
        return f"{_shown(given)} is not allowed; write {context['expected'].replace(' or ', ' or ')}{_near_literal(given, context['expected'])}"
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        tags = context.get("expected_tags", context.get("discriminator", ""))
        shown = f"{_shown(context['tag'])} is not allowed; " if "tag" in context else ""
        return f"{shown}write one of {tags}"
    if kind == "value_error":
        return f"{_shown(given)}: {context['error']}" if not isinstance(given, Mapping) else str(context["error"])
    return f"{details['msg'][:1].lower()}{details['msg'][1:]}, not {_shown(given)}"


def _near_literal(given: object, expected: str) -> str:
    names = [name.strip("' ") for name in expected.replace(" or ", ",").split(",")]
    near = difflib.get_close_matches(str(given), names, n=1)
    return f' (did you mean "{near[0]}"?)' if near else ""


def _shown(value: object) -> str:
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:57] + "…"  # noqa: PLR2004 (a line of a terminal)


def _allowed_names(table: Key) -> list[str]:
    """The keys that the table at this place may have, as they are written in the file."""
    models: list[type[BaseModel]] = [Config]
    for part in table:
        if isinstance(part, int):
            continue
        models = [
            inner
            for model in models
            for name, field in model.model_fields.items()
            if part in (name, field.alias)
            for inner in _models(field.annotation)
        ]
    return sorted({field.alias or name for model in models for name, field in model.model_fields.items()})


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)


def _cross_check(data: Mapping[str, Any]) -> Iterator[tuple[Key, str]]:
    """What no table can see by itself: names that must be unique, and names that must exist elsewhere in the file."""
    yield from _unique(data, "section", "slug")
    yield from _unique(data, "reporter", "slug")
    yield from _unique(data, "source", "name")
    yield from _unique(data, "newsletter", "slug")
    slugs = [slug for table in _tables(data, "section") if isinstance(slug := table.get("slug"), str)]
    for array, key in (("section", "parent"), ("reporter", "section"), ("source", "section")):
        for index, table in enumerate(_tables(data, array)):
            if isinstance(name := table.get(key), str) and name not in slugs:
                yield (array, index, key), _no_section(name, slugs)
    for index, table in enumerate(_tables(data, "newsletter")):
        for name in table.get("sections", ()) if isinstance(table.get("sections"), list) else ():
            if name not in slugs:
                yield ("newsletter", index, "sections"), _no_section(name, slugs)
    if _tables(data, "newsletter") and "mail" not in data:
        yield ("mail",), "a [[newsletter]] needs a [mail] table that says who sends it and how"
    try:
        SectionTree(section.model() for section in map(SectionSettings.model_validate, _tables(data, "section")))
    except SectionTreeError as error:
        if "twice" not in str(error) and "unknown parent" not in str(error):
            yield ("section",), str(error)
    except ValidationError:
        return  # reported with its own line already


def _no_section(name: object, slugs: Sequence[str]) -> str:
    near = difflib.get_close_matches(str(name), slugs, n=1)
    hint = (
        f'; did you mean "{near[0]}"?'
        if near
        else (f"; there are: {', '.join(slugs)}" if slugs else "; the file has no [[section]]")
    )
    return f'no [[section]] has the slug "{name}"{hint}'


def _unique(data: Mapping[str, Any], array: str, key: str) -> Iterator[tuple[Key, str]]:
    first: dict[object, int] = {}
    for index, table in enumerate(_tables(data, array)):
        value = table.get(key)
        if isinstance(value, str) and first.setdefault(value, index) != index:
            yield (array, index, key), f'"{value}" is used twice; the first is {array}[{first[value] + 1}]'


def _tables(data: Mapping[str, Any], array: str) -> list[Mapping[str, Any]]:
    found = data.get(array, [])
    return [table for table in found if isinstance(table, dict)] if isinstance(found, list) else []


# --- where it stands ---


def _key(details: ErrorDetails) -> Key:
    """The key path without the tags that pydantic puts in for the members of a union."""
    loc = details["loc"]
    if len(loc) > 2 and loc[0] == "source" and isinstance(loc[1], int):  # noqa: PLR2004 (source, index, tag, key…)
        return (*loc[:2], *loc[3:])
    return loc


def _dotted(key: Key) -> str:
    """``source[2].every``, counted from one as people count."""
    return "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in key).lstrip(".")


class _Lines:
    """Finds the line of a key: the smallest number of leading lines that parse and hold it."""

    def __init__(self, text: str) -> None:
        self._lines = text.splitlines()
        self._parsed: dict[int, Mapping[str, Any] | None] = {}

    def of(self, key: Key) -> int:
        """The line of the key, of the nearest table around it where the key itself is absent, or 0."""
        while key and not _holds(self._prefix(len(self._lines)), key):
            key = key[:-1]
        if not key:
            return 0
        low, high = 1, len(self._lines)
        while low < high:
            middle = (low + high) // 2
            if _holds(self._prefix(middle), key):
                high = middle
            else:
                low = middle + 1
        return low

    def _prefix(self, count: int) -> Mapping[str, Any]:
        """The data in the longest parsable part of the first ``count`` lines."""
        for length in range(count, -1, -1):
            if length not in self._parsed:
                try:
                    self._parsed[length] = tomllib.loads("\n".join(self._lines[:length]))
                except tomllib.TOMLDecodeError:
                    self._parsed[length] = None
            found = self._parsed[length]
            if found is not None:
                return found
        return {}


def _holds(data: object, key: Iterable[str | int]) -> bool:
    current: Any = data
    for part in key:
        if isinstance(part, int):
            if not isinstance(current, list) or part >= len(current):
                return False
        elif not isinstance(current, dict) or part not in current:
            return False
        current = current[cast("Any", part)]
    return True


def _syntax_mistake(text: str, path: Path, error: tomllib.TOMLDecodeError) -> Mistake:
    message = str(error)
    line = len(text.splitlines())
    if "(at line " in message:
        message, _, place = message.partition(" (at line ")
        line = int(place.partition(",")[0])
    return Mistake(path, line, "", f"this is not TOML: {message[:1].lower()}{message[1:]}")
