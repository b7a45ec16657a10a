"""docs/configuration.md is what the program reads: no key, default or example in it can become wrong unnoticed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal, get_args, get_origin
from zoneinfo import ZoneInfo

import pytest
from pydantic.fields import FieldInfo

from masthead.config import Config, parse_config
from masthead.schedule import parse_times
from masthead.starter import write_starter
from newsroom.settings import Table
from newsroom.sources.selector import Selector

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / "docs" / "configuration.md"
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
PACKAGES = ("newsroom", "feeds", "newsletter", "masthead")

REQUIRED = {
    "name": "seoh",
    "title": "한강 아침",
    "slug": "it",
    "url": "https://www.hangang.example",
    "from": "news@hangang.example",
}
"""A value for each key that has to be there, selectors apart."""

SURROUNDINGS = {
    "paper": '[paper]\nname = "한강일보"\nurl = "https://www.hangang.example"\n',
    "section": '[[section]]\nslug = "it"\ntitle = "IT·과학"\n',
    "mail": '[mail]\nfrom = "news@hangang.example"\n',
}
"""What an example takes for granted where it has no table of that name itself."""


# --- what the program reads ---


@dataclass(frozen=True)
class Setting:
    """One key of a table. It has to stand under ``heading``; running text calls it ``path``."""

    heading: str
    path: str
    table: type[Table]
    key: str
    field: FieldInfo

    def __str__(self) -> str:
        return f"{self.table.__name__} {self.key}"


def settings() -> Iterator[Setting]:
    """Every key of every table; what several kinds of a table share stands under the table itself."""
    for name, array in keys_of(Config):
        heading = f"[[{name}]]" if get_origin(array.annotation) is tuple else f"[{name}]"
        kinds = list(tables_in(array.annotation))
        shared = set.intersection(*({key for key, _ in keys_of(kind)} for kind in kinds))
        for kind in kinds:
            for key, field in keys_of(kind):
                own = heading if key in shared else f'kind = "{get_args(kind.model_fields["kind"].annotation)[0]}"'
                yield Setting(own, f"{name}.{key}", kind, key, field)
                for inner in tables_in(field.annotation):
                    yield from (Setting(key, f"{key}.{part}", inner, part, found) for part, found in keys_of(inner))


def keys_of(table: type[Table]) -> list[tuple[str, FieldInfo]]:
    return [(field.alias or name, field) for name, field in table.model_fields.items()]


def tables_in(annotation: object) -> Iterator[type[Table]]:
    if isinstance(annotation, type) and issubclass(annotation, Table):
        yield annotation
    for inner in get_args(annotation):
        yield from tables_in(inner)


def choices_in(annotation: object) -> Iterator[str]:
    if get_origin(annotation) is Literal:
        yield from get_args(annotation)
    else:
        for inner in get_args(annotation):
            yield from choices_in(inner)


def made(table: type[Table], **given: object) -> Table:
    """The table with what it requires and what is given, read as a configuration is."""
    return table.model_validate(required(table) | given, context={"base": ROOT}, by_alias=True, by_name=False)


def required(table: type[Table]) -> dict[str, object]:
    return {key: a_value(key, field) for key, field in keys_of(table) if field.is_required()}


def a_value(key: str, field: FieldInfo) -> object:
    if field.annotation is Selector:
        return "p"
    known: list[object] = [*map(required, tables_in(field.annotation)), *choices_in(field.annotation)]
    return known[0] if known else REQUIRED[key]


SETTINGS = list(settings())


# --- what the reference says ---


def rows(first: str) -> Iterator[tuple[str, list[str]]]:
    """The rows of all tables whose first column is called so, each with the heading that it stands under."""
    heading = column = ""
    for line in REFERENCE.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if found := re.fullmatch(r"#+ `?(.+?)`?", line):
            heading = found[1]
        elif not line.startswith("|"):
            column = ""
        elif not column:
            column = cells[0]
        elif column == first and not line.startswith("| ---"):
            yield heading, cells


def quoted(text: str) -> list[str]:
    """What stands in backticks."""
    return re.findall("`([^`]+)`", text)


def value_of(toml: str) -> Any:
    return tomllib.loads(f"value = {toml}")["value"]


KEYS = [((heading, *quoted(key)), default.strip("`"), meaning) for heading, (key, default, meaning) in rows("key")]
DOCUMENTED = {place: (default, meaning) for place, default, meaning in KEYS}
WRITTEN = [(path, value) for _, (values, paths, _) in rows("written") for path in quoted(paths) for value in quoted(values)]


# --- they agree ---


def test_the_reference_has_every_key_once_and_no_other() -> None:
    """An operator never learns of a setting, or writes one that is refused."""
    assert DOCUMENTED.keys() == {(setting.heading, setting.key) for setting in SETTINGS}
    assert len(DOCUMENTED) == len(KEYS)


@pytest.mark.parametrize("setting", SETTINGS, ids=str)
def test_a_default_is_the_one_in_force(setting: Setting) -> None:
    """An operator leaves a key out, trusting the reference, and gets something else."""
    default, _ = DOCUMENTED[setting.heading, setting.key]
    assert (default == "required") is setting.field.is_required()
    assert (default == "none") is (setting.field.default is None)
    if default not in ("required", "none"):
        assert made(setting.table, **{setting.key: value_of(default)}) == made(setting.table)


@pytest.mark.parametrize("setting", SETTINGS, ids=str)
def test_a_meaning_names_all_that_is_allowed(setting: Setting) -> None:
    """A choice that nobody is told of is never made, and a number is refused that the reference allows."""
    _, meaning = DOCUMENTED[setting.heading, setting.key]
    bounds = [str(getattr(limit, name)) for limit in setting.field.metadata for name in ("ge", "le") if hasattr(limit, name)]
    assert {f'"{choice}"' for choice in choices_in(setting.field.annotation)} <= set(quoted(meaning))
    assert set(bounds) <= set(re.findall(r"\d+", meaning))


@pytest.mark.parametrize(("path", "value"), WRITTEN)
def test_a_value_may_be_written_so(path: str, value: str) -> None:
    """What the reference shows is refused."""
    takers = [setting for setting in SETTINGS if setting.path == path]
    assert takers, f"there is no {path}"
    for setting in takers:
        made(setting.table, **{setting.key: value_of(value)})
        if setting.key == "every":  # read by the schedule
            parse_times(value_of(value), ZoneInfo("Asia/Seoul"))


def test_a_key_that_the_text_refers_to_exists() -> None:
    """A hint leads nowhere."""
    paths = {setting.path for setting in SETTINGS}
    tables = {path.partition(".")[0] for path in paths}
    prose = re.sub(r"```.*?```", "", REFERENCE.read_text("utf-8"), flags=re.DOTALL)
    named = {text for text in quoted(prose) if re.fullmatch(r"\w+\.\w+", text)}
    assert {text for text in named if text.partition(".")[0] in tables} <= paths
    assert {"web.listen", "select.next", "mail.from"} <= named


def test_the_reference_names_every_environment_variable() -> None:
    """A secret is read from a variable that nobody was told of."""
    code = "".join(file.read_text("utf-8") for package in PACKAGES for file in (ROOT / package).rglob("*.py"))
    told = {name for _, (variable, _) in rows("variable") for name in quoted(variable)}
    assert told == set(re.findall('"(MASTHEAD_[A-Z]+)"', code))


# --- what is shown can be used ---


def examples() -> Iterator[Any]:
    """The ``toml`` blocks of all documents, each called by its line."""
    for document in DOCUMENTS:
        text = document.read_text("utf-8")
        for block in re.finditer(r"^```toml\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
            line = text.count("\n", 0, block.start()) + 1
            yield pytest.param(block[1], id=f"{document.name}:{line}")


@pytest.mark.parametrize("example", list(examples()))
def test_an_example_loads(example: str) -> None:
    """The first thing that an operator tries, copied from the documents, is refused."""
    present = tomllib.loads(example)
    around = [text for name, text in SURROUNDINGS.items() if name not in present]
    parse_config("\n".join([example, *around]), ROOT / "config.toml")


@pytest.mark.parametrize("shipped", ["config.toml", "starter.toml"])
def test_what_is_commented_out_loads_too(shipped: str, tmp_path: Path) -> None:
    """Taking the # away, as the file invites to, breaks the configuration."""
    file = ROOT / shipped
    if shipped == "starter.toml":
        file = tmp_path / "config.toml"
        write_starter(
            file, name="한강일보", url="https://www.hangang.example", language="ko", timezone="Asia/Seoul", today=date(2026, 3, 2)
        )
    text = file.read_text("utf-8")
    whole, taken = re.subn(r"^# (?=\[+\w+\]|[\w.]+ = )", "", text, flags=re.MULTILINE)
    assert taken
    parse_config(text, file)
    parse_config(whole, file)
