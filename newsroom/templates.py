"""Jinja2 templates, found one file at a time: beside ``config.toml`` first, then the copy that ships.

An operator overrides a single template by putting a file of the same name in ``templates/`` beside the configuration.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from newsroom.errors import NewsroomError
from newsroom.language import Language


class TemplateError(NewsroomError):
    """A template is missing or broken."""


def template_folders(beside: Path | None = None) -> list[Path]:
    """Folders that hold templates, the strongest first. ``beside`` is the folder of ``config.toml``.

    Raises TemplateError where the program's own templates are missing.
    """
    packaged = Path(str(files("masthead"))) / "_shipped" / "templates"  # an editable install does not have it
    checkout = Path(__file__).parents[1] / "templates"
    candidates = [*([beside / "templates"] if beside else []), packaged, checkout]
    folders = list(dict.fromkeys(folder.resolve() for folder in candidates if folder.is_dir()))
    if not any(folder.samefile(own) for folder in folders for own in (packaged, checkout) if own.is_dir()):
        raise TemplateError("the program's own templates are missing; reinstall Masthead.")
    return folders


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
    made.install_gettext_callables(language.gettext, language.ngettext, newstyle=True)  # type: ignore[attr-defined]  # added by the i18n extension
    for name in ("date", "day", "time", "stamp", "number", "listing", "moment"):
        made.filters[name] = getattr(language, name)
    made.globals["language"] = language.code
    return made
