"""Jinja2 templates, found one file at a time: beside ``config.toml`` first, then the copy that ships.

An operator overrides a single template by putting a file of the same name in ``templates/`` beside the configuration.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from newsroom.errors import NewsroomError
from newsroom.language import Language

_ABOVE = Path(__file__).parents[1]
# As installed; in a checkout, also one that is installed to be edited, there is no copy yet.
_OWN = (_ABOVE / "masthead" / "_shipped" / "templates", _ABOVE / "templates")


class TemplateError(NewsroomError):
    """A template is missing or broken."""


def template_folders(beside: Path | None = None) -> list[Path]:
    """Folders that hold templates, the strongest first. ``beside`` is the folder of ``config.toml``.

    Raises TemplateError where the program's own templates are missing.
    """
    own = next((folder for folder in _OWN if folder.is_dir()), None)
    if own is None:
        raise TemplateError("the program's own templates are missing; reinstall Masthead.")
    candidates = [beside / "templates", own] if beside else [own]
    return list(dict.fromkeys(folder.resolve() for folder in candidates if folder.is_dir()))


def environment(folders: Sequence[Path], language: Language) -> Environment:
    """An environment that escapes HTML, fails on an unknown name, and speaks ``language``.

    Filters ``date``, ``day``, ``time``, ``stamp``, ``number``, ``listing`` and ``moment(today)`` are the language's own.
    """
    made = Environment(
        loader=FileSystemLoader([str(folder) for folder in folders]),
        autoescape=select_autoescape(("html", "xml")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_callables(language.gettext, language.ngettext, newstyle=True)  # type: ignore[attr-defined]  # the extension's
    for name in ("date", "day", "time", "stamp", "number", "listing", "moment"):
        made.filters[name] = getattr(language, name)
    made.globals["language"] = language.code
    return made
