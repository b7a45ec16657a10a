"""The configuration that `masthead init` writes: one's own paper's, commented, ready to be filled in."""

from __future__ import annotations

import json
import re
from datetime import date
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

from masthead.config import parse_config
from newsletter.mailbox import Mailbox
from newsroom.errors import NewsroomError


class StarterError(NewsroomError):
    """The configuration could not be written."""


def write_starter(file: Path, *, name: str, url: str, language: str, timezone: str, today: date) -> None:
    """Write it, never over an existing file. ``today`` dates the ids of the paper's feeds.

    Raises StarterError; ConfigError where an answer cannot be used.
    """
    host = _host(url)
    answers = {
        "NAME": name,
        "URL": url,
        "LANGUAGE": language,
        "TIMEZONE": timezone,
        "TAG": f"{host},{today.isoformat()}",
        "SECTION": "뉴스" if language == "ko" else "News",
        "FROM": f"{re.sub('[<>]', '', name)} <{_news_at(host)}>",
    }
    template = (files("masthead") / "starter.toml").read_text(encoding="utf-8")
    text = re.sub(r'"@([A-Z]+)@"', lambda mark: json.dumps(answers[mark[1]], ensure_ascii=False), template)
    parse_config(text, file.absolute())
    try:
        with file.open("x", encoding="utf-8") as opened:
            opened.write(text)
    except FileExistsError as error:
        raise StarterError(f"{file} is there already; name another with --file, or move it away.") from error
    except OSError as error:
        raise StarterError(f"{file} cannot be written: {error.strerror}") from error


def _host(url: str) -> str:
    """The paper's host in ASCII, without ``www.``; where the address is none, the configuration's own check says so."""
    try:
        return (urlsplit(url).hostname or "example.com").encode("idna").decode().lower().removeprefix("www.")
    except ValueError:  # a UnicodeError is one
        return "example.com"


def _news_at(host: str) -> str:
    """news@ the paper's host, if mail can have such an address at all: not at a bare machine's."""
    try:
        return Mailbox.of(f"news@{host}").address
    except ValueError:
        return "news@example.com"
