"""The configuration that `masthead init` writes: one's own paper's, commented, ready to be filled in."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

from masthead.config import parse_config
from newsroom.errors import NewsroomError


class StarterError(NewsroomError):
    """The configuration could not be written."""


def write_starter(file: Path, *, name: str, url: str, language: str, timezone: str) -> None:
    """Write it, never over an existing file. Raises StarterError; ConfigError where an answer cannot be used."""
    template = (files("masthead") / "starter.toml").read_text(encoding="utf-8")
    host = url.partition("://")[2].split("/")[0].removeprefix("www.") or "example.com"
    answers = {"NAME": name, "URL": url, "LANGUAGE": language, "TIMEZONE": timezone, "FROM": f"{name} <news@{host}>"}
    text = template
    for key, value in answers.items():
        text = text.replace(f'"@{key}@"', json.dumps(value, ensure_ascii=False))
    parse_config(text, file.absolute())
    try:
        with file.open("x", encoding="utf-8") as opened:
            opened.write(text)
    except FileExistsError as error:
        raise StarterError(f"{file} is there already; name another with --file, or move it away.") from error
    except OSError as error:
        raise StarterError(f"{file}: {error.strerror}") from error
