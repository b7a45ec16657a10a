"""``config.toml``: read, checked as a whole, and every mistake reported at once with its line and its dotted key.

Each package defines the models of its own tables; here they are put together.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from feeds.portals.settings import PortalSettings
from feeds.settings import FeedsSettings
from masthead.keylines import Key, KeyLines
from masthead.mistakes import mistakes
from masthead.references import broken_references
from masthead.settings import WebSettings
from newsletter.settings import MailSettings, NewsletterSettings
from newsroom.errors import NewsroomError
from newsroom.settings import (
    AgencySettings,
    FetchSettings,
    GenreSettings,
    PaperSettings,
    ReporterSettings,
    SectionSettings,
    SeriesSettings,
    StoreSettings,
    Table,
)
from newsroom.sources import AnySource

DEFAULT_FILE = "config.toml"
ENVIRONMENT_VARIABLE = "MASTHEAD_CONFIG"
_WITHOUT: Mapping[str, Mapping[str, object]] = {"store": {}, "fetch": {}, "feeds": {}, "web": {}}
"""A table that is left out is an empty one, so that its defaults are read as from the file: paths relative to its folder."""


class Config(Table):
    """One paper's configuration. Arrays of tables carry the singular names they have in the file."""

    paper: PaperSettings
    store: StoreSettings
    fetch: FetchSettings
    sections: Annotated[tuple[SectionSettings, ...], Field(alias="section")] = ()
    reporters: Annotated[tuple[ReporterSettings, ...], Field(alias="reporter")] = ()
    series: tuple[SeriesSettings, ...] = ()
    genres: Annotated[tuple[GenreSettings, ...], Field(alias="genre")] = ()
    agencies: Annotated[tuple[AgencySettings, ...], Field(alias="agency")] = ()
    sources: Annotated[tuple[AnySource, ...], Field(alias="source")] = ()
    feeds: FeedsSettings
    portals: Annotated[tuple[PortalSettings, ...], Field(alias="portal")] = ()
    newsletters: Annotated[tuple[NewsletterSettings, ...], Field(alias="newsletter")] = ()
    mail: MailSettings | None = None
    web: WebSettings


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


class ConfigError(NewsroomError):
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
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ConfigError([Mistake(path, line, "", "this is not UTF-8; save the file as UTF-8")]) from error
    return parse_config(text, path)


def parse_config(text: str, path: Path) -> Config:
    """Check the text of a configuration; ``path`` is named in messages, and its folder is what paths are relative to.

    Raises ConfigError.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([_syntax_mistake(text, path, error)]) from error
    found: dict[Key, str] = {}
    try:
        config = Config.model_validate({**_WITHOUT, **data}, context={"base": path.parent}, by_alias=True, by_name=False)
    except ValidationError as error:
        config = None
        found.update(mistakes(error, Config, data))
    for key, message in broken_references(data):
        found.setdefault(key, message)  # what is wrong in itself is not judged again as part of the whole
    if found or config is None:
        lines = KeyLines(text)
        reported = [Mistake(path, lines.of(key), _dotted(key), message) for key, message in found.items()]
        raise ConfigError(sorted(reported, key=lambda mistake: (mistake.line, mistake.key)))
    return config


def _dotted(key: Key) -> str:
    """``source[2].every``, counted from one as people count."""
    return "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in key).lstrip(".")


def _syntax_mistake(text: str, path: Path, error: tomllib.TOMLDecodeError) -> Mistake:
    message, line = str(error), text.count("\n") + 1
    if place := re.search(r" \(at line (\d+), column \d+\)$| \(at end of document\)$", message):
        message, line = message[: place.start()], int(place[1] or line)
    return Mistake(path, line, "", f"this is not TOML: {message[:1].lower()}{message[1:]}")
