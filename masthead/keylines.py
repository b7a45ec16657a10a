"""Where each key of a TOML document stands: tomllib gives values without positions.

The document is cut into its statements, each parsed by itself, so that a line of a key costs one pass over the document.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

Key = tuple[str | int, ...]
"""Where a value is: names of tables and keys, and indices in arrays."""


class KeyLines:
    """The lines of a valid TOML document. What stands inside a value has the line on which the value's own key stands."""

    def __init__(self, text: str) -> None:
        """Raises TOMLDecodeError."""
        self._lines: dict[Key, int] = {}
        lengths: dict[Key, int] = {}  # of the arrays of tables
        table: Key = ()
        for line, statement in _statements(text):
            parsed = tomllib.loads(statement)
            if statement.lstrip().startswith("["):
                table = _opened(list(_names(parsed)), lengths, is_array=statement.lstrip().startswith("[["))
                self._note(table, line)
            else:
                for key in _keys(parsed):
                    self._note(table + key, line)

    def of(self, key: Key) -> int:
        """The line, counted from 1, of the key, or of the nearest table around it where the key is absent; 0 where that is none."""
        while key and key not in self._lines:
            key = key[:-1]
        return self._lines.get(key, 0)

    def _note(self, key: Key, line: int) -> None:
        for length in range(1, len(key) + 1):
            self._lines.setdefault(key[:length], line)


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Each statement with the line it begins on: the fewest lines that parse, since a statement ends with the line it is whole on."""
    lines = text.replace("\r\n", "\n").split("\n")
    start = 0
    while start < len(lines):
        end = start + 1
        while not _is_whole(statement := "\n".join(lines[start:end])):
            end += 1
            if end > len(lines):
                tomllib.loads(statement)  # says what is wrong with it
        yield start + 1, statement
        start = end


def _is_whole(statement: str) -> bool:
    try:
        tomllib.loads(statement)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _names(header: Mapping[str, Any]) -> Iterator[str]:
    """The names in ``[a.b]`` or ``[[a.b]]``, from what it parses to."""
    while header:
        ((name, inner),) = header.items()
        yield name
        header = inner[0] if isinstance(inner, list) else inner


def _opened(names: list[str], lengths: dict[Key, int], *, is_array: bool) -> Key:
    """The table that a header opens. Of an array on the way to it, the last element is meant."""
    table: Key = ()
    for name in names[:-1]:
        table += (name,)
        if table in lengths:
            table += (lengths[table] - 1,)
    table += (names[-1],)
    if is_array:
        lengths[table] = lengths.get(table, 0) + 1
        table += (lengths[table] - 1,)
    return table


def _keys(value: object) -> Iterator[Key]:
    """The key of everything inside a value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for part, inner in inside:
        yield (part,)
        yield from ((part, *key) for key in _keys(inner))
