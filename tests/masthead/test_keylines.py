"""The line of a key, for every document that TOML allows."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from masthead.keylines import Key, KeyLines

DOCUMENT = '''\
# a comment
title = "x"

[paper]
name = """
two
lines"""   # and a comment
list = [
    1,
    { a = 1 },
]
[paper.colours]
accent = "#b3341b"

[[source]]
name = "a"
select = { item = "li", deep = { url = "a" } }
[source.headers]
x.y = 1
[[source]]
"quoted.name" = "[not a table]"
[[source.page]]
n = 1
[[source.page]]
n = 2
'''


@pytest.mark.parametrize(
    ("key", "line"),
    [
        (("title",), 2),
        (("paper",), 4),
        (("paper", "name"), 5),
        (("paper", "list"), 8),
        (("paper", "list", 1, "a"), 8),
        (("paper", "colours"), 12),
        (("paper", "colours", "accent"), 13),
        (("paper", "absent"), 4),
        (("source",), 15),
        (("source", 0), 15),
        (("source", 0, "select", "deep", "url"), 17),
        (("source", 0, "headers"), 18),
        (("source", 0, "headers", "x", "y"), 19),
        (("source", 1), 20),
        (("source", 1, "quoted.name"), 21),
        (("source", 1, "page", 0, "n"), 23),
        (("source", 1, "page", 1), 24),
        (("source", 1, "page", 1, "n"), 25),
        (("source", 2), 15),
        (("absent", "x"), 0),
    ],
)
def test_a_key_is_found_where_it_stands(key: Key, line: int) -> None:
    """A mistake would be reported on the line of another key."""
    assert KeyLines(DOCUMENT).of(key) == line


def test_windows_line_ends_count_as_one_line() -> None:
    """Every line of a file saved on Windows would be off."""
    assert KeyLines(DOCUMENT.replace("\n", "\r\n")).of(("source", 1, "page", 1, "n")) == 25


def test_a_document_that_is_none_is_refused() -> None:
    """Looking for a line would never end."""
    with pytest.raises(tomllib.TOMLDecodeError):
        KeyLines('a = 1\nb = """')


# Documents for Hypothesis: tables and arrays of tables in any order, statements of one line or several, odd names and strings.
NAMES = st.sampled_from(["a", "b", "c", "a-b", '"x.y"', "'[q]'", '"가나"', "1"])
VALUES = st.sampled_from(
    [
        "1",
        '"#"',
        "'''\n[a]\nb = 1\n'''",
        '"""\\\n  x"""',
        "[1,\n 2]",
        "[\n  { a = 1 }, # ]\n  { b = [2] } ]",
        "{ a = { b = 1 } }",
        "2025-06-11",
        '"]]"',
    ]
)


@st.composite
def documents(draw: st.DrawFn) -> str:
    lines: list[str] = []
    for _ in range(draw(st.integers(1, 8))):
        path = ".".join(draw(st.lists(NAMES, min_size=1, max_size=3)))
        lines += draw(st.sampled_from([[], [""], ["# [a] = 1"]]))
        lines += draw(st.sampled_from([[f"[{path}]"], [f"[[{path}]]"], [f" [ {path} ]  # x"]]))
        for _ in range(draw(st.integers(0, 3))):
            name = ".".join(draw(st.lists(NAMES, min_size=1, max_size=2)))
            lines.append(f"{name} = {draw(VALUES)}")
        while not _parses("\n".join(lines)):  # a table or a key is defined twice
            lines.pop()
    return "\n".join(lines) + "\n"


@given(documents())
def test_every_key_is_on_the_line_that_brings_it(document: str) -> None:
    """A mistake anywhere would be reported somewhere else."""
    data = tomllib.loads(document)
    lines = KeyLines(document)
    for key in _keys(data):
        assert lines.of(key) == _first_line(document, key), key


def _first_line(document: str, key: Key) -> int:
    """The slow way: the first line after which the rest can be left out, less the lines that only end the same statement."""
    lines = document.split("\n")
    last = 0
    for count in range(1, len(lines) + 1):
        prefix = "\n".join(lines[:count])
        if _parses(prefix):
            if _holds(tomllib.loads(prefix), key):
                return last + 1
            last = count
    raise AssertionError(key)


def _parses(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _holds(data: object, key: Key) -> bool:
    return key in set(_keys(data))


def _keys(data: object, above: Key = ()) -> Iterator[Key]:
    inside = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for part, value in inside:
        yield (*above, part)
        yield from _keys(value, (*above, part))
