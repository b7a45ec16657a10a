"""What the feeds say exists in Korean, and nothing else is translated."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

ROOT = Path(__file__).parents[2]


def messages() -> Iterator[str]:
    """Every English message of the package and of its pages, plurals by their singular."""
    options = {"trimmed": "true", "newstyle_gettext": "true"}
    for name in ("frame.html", "index.html", "feed.html", "feed.css"):
        template = io.BytesIO((ROOT / "templates/web" / name).read_bytes())
        for _, _, message, _ in babel_extract(template, ("_", "gettext", "ngettext"), (), options):
            yield str(message[0]) if isinstance(message, tuple) else str(message)
    for path in (ROOT / "feeds").rglob("*.py"):
        with path.open("rb") as file:
            for _, message, _, _ in extract("python", file, {"gettext": None, "_say": None}):
                yield str(message)


def test_every_message_is_translated_and_no_translation_is_left_over() -> None:
    """A Korean page would speak English in one place."""
    with (ROOT / "templates/locale/ko/feeds.po").open("rb") as file:
        catalogue = read_po(file, locale="ko")
    translated = {message.id if isinstance(message.id, str) else message.id[0] for message in catalogue if message.id}
    assert set(messages()) == translated
    assert [message.id for message in catalogue if not message.string] == []
