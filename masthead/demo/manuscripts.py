"""The demo paper as it is written down: ``paper.toml`` and ``articles/*.toml``, read and checked, times still relative."""

from __future__ import annotations

import difflib
import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from masthead.demo.pictures import SCENES
from newsroom.errors import NewsroomError

PLACEHOLDERS = ("일", "어제", "내일", "다음주", "월")
"""What a text writes in braces for a day near its publication."""
_OLDEST = timedelta(days=7)


class DemoPaperError(NewsroomError):
    """The demo paper's files are wrong."""


def _prose(text: str) -> str:
    """Text in NFC, without control characters, with no placeholder but the known ones."""
    if not unicodedata.is_normalized("NFC", text):
        raise ValueError("the text is not in NFC")
    if control := re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", text):
        raise ValueError(f"the text holds the control character U+{ord(control[0]):04X}")
    for name in re.findall(r"\{([^}]*)\}", text):
        if name not in PLACEHOLDERS:
            raise ValueError(f"{{{name}}} is no placeholder; allowed are " + ", ".join(f"{{{known}}}" for known in PLACEHOLDERS))
    return text


def _age(text: object) -> object:
    match = re.fullmatch(r"(?=\d)(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?", text) if isinstance(text, str) else None
    if match is None:
        raise ValueError(f"{text!r} is no age; write days, hours and minutes as in 3h20m or 6d5h")
    days, hours, minutes = (int(part or 0) for part in match.groups())
    return timedelta(days=days, hours=hours, minutes=minutes)


def _scene(name: str) -> str:
    if name not in SCENES:
        raise ValueError(f"there is no scene {_guess(name, SCENES)}")
    return name


Prose = Annotated[str, Field(min_length=1), BeforeValidator(lambda text: _prose(text) if isinstance(text, str) else text)]
Wave = Annotated[int, Field(ge=1)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class SectionTable(_Table):
    """A ``[[section]]`` of ``paper.toml``, in printed order."""

    slug: str
    title: Prose
    code: int
    parent: str | None = None


class ReporterTable(_Table):
    """A ``[[reporter]]`` of ``paper.toml``; ``key`` is the local part of the address."""

    key: str
    name: Prose
    role: Prose


class Imprint(_Table):
    """``paper.toml``: who the paper is."""

    name: Prose
    site: str
    section: tuple[SectionTable, ...]
    reporter: tuple[ReporterTable, ...]


class Picture(_Table):
    """What an article's picture shows, and the words under it."""

    scene: Annotated[str, BeforeValidator(_scene)]
    alt: Prose
    caption: Prose


class Live(_Table):
    """When an article appears that is not there at the start."""

    wave: Wave


class Correction(_Table):
    """How an article reads after it was corrected."""

    wave: Wave
    headline: Prose
    body: Prose
    note: Prose


class Manuscript(_Table):
    """An ``[[article]]``: published ``age`` before the start, or released while the demo runs (``live``).

    ``agency`` is the name of the news agency whose copy it is; then no reporter signs it.
    """

    key: Annotated[str, Field(pattern=r"^[1-9]\d{4}$")]
    section: str
    age: Annotated[timedelta, Field(gt=timedelta(), le=_OLDEST), BeforeValidator(_age)] | None = None
    headline: Prose
    reporters: tuple[str, ...] = ()
    agency: str = ""
    byline: Literal["body", "page"]
    body: Prose
    series: str = ""
    picture: Picture | None = None
    follows: str | None = None
    live: Live | None = None
    correction: Correction | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.age is None) == (self.live is None):
            raise ValueError("an article has either age or [article.live]")
        if bool(self.reporters) == bool(self.agency):
            raise ValueError("an article has either reporters or an agency")
        if self.agency and self.byline == "body":
            raise ValueError('an agency signs at the head of the page: byline = "page"')
        if self.live and self.correction and self.correction.wave <= self.live.wave:
            raise ValueError("its correction must come in a later wave than the article")
        return self

    @property
    def waves(self) -> tuple[int, ...]:
        """The waves in which something happens to it."""
        return tuple(event.wave for event in (self.live, self.correction) if event)


class Page(_Table):
    """A file of articles."""

    article: tuple[Manuscript, ...]


_File = TypeVar("_File", Imprint, Page)


def read(folder: Path) -> tuple[Imprint, tuple[Manuscript, ...]]:
    """The imprint and every article of ``folder``. Raises DemoPaperError with all faults, each with its file and article."""
    faults: list[str] = []
    imprint = _parsed(folder / "paper.toml", Imprint, faults)
    pages = {path.name: _parsed(path, Page, faults) for path in sorted((folder / "articles").glob("*.toml"))}
    manuscripts = [(name, manuscript) for name, page in pages.items() if page for manuscript in page.article]
    # Names cannot be judged while a file that may define them is unreadable.
    if imprint is None or faults:
        raise DemoPaperError("\n".join(faults))
    known = {manuscript.key for _, manuscript in manuscripts}
    for name, manuscript in manuscripts:
        faults += (f"{name}: article {manuscript.key}: {fault}" for fault in _unknown_names(manuscript, imprint, known))
    faults += _repeated("article", (manuscript.key for _, manuscript in manuscripts))
    faults += _repeated("section", (section.slug for section in imprint.section))
    faults += _repeated("reporter", (reporter.key for reporter in imprint.reporter))
    slugs = {section.slug for section in imprint.section}
    faults += (
        f"paper.toml: section {section.slug}: there is no section {_guess(section.parent, slugs)} to be its parent"
        for section in imprint.section
        if section.parent is not None and section.parent not in slugs
    )
    if faults:
        raise DemoPaperError("\n".join(faults))
    return imprint, tuple(manuscript for _, manuscript in manuscripts)


def _parsed(path: Path, model: type[_File], faults: list[str]) -> _File | None:
    """The file as ``model``; None where it cannot be read, with the reasons added to ``faults``."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        faults.append(f"{path.name}: {error}")
        return None
    try:
        return model.model_validate(tables)
    except ValidationError as error:
        faults += (f"{path.name}: {_place(fault['loc'], tables)}: {fault['msg']}" for fault in error.errors())
        return None


def _place(keys: tuple[int | str, ...], tables: dict[str, Any]) -> str:
    """``article 30012: picture.scene`` for the path of a fault in the file's tables."""
    owner = ""
    if len(keys) > 1 and isinstance(keys[0], str) and isinstance(table := tables[keys[0]][keys[1]], dict):
        owner = f"{keys[0]} {table.get('key') or table.get('slug') or f'number {keys[1]}'}"
        keys = keys[2:]
    return ": ".join(part for part in (owner, ".".join(map(str, keys))) if part)


def _unknown_names(manuscript: Manuscript, imprint: Imprint, articles: Collection[str]) -> Iterator[str]:
    slugs = {section.slug for section in imprint.section}
    reporters = {reporter.key for reporter in imprint.reporter}
    if manuscript.section not in slugs:
        yield f"there is no section {_guess(manuscript.section, slugs)}"
    for reporter in manuscript.reporters:
        if reporter not in reporters:
            yield f"there is no reporter {_guess(reporter, reporters)}"
    if manuscript.follows is not None and manuscript.follows not in articles:
        yield f"it follows {_guess(manuscript.follows, articles)}, which is not there"


def _repeated(kind: str, keys: Iterable[str]) -> Iterator[str]:
    yield from (f"{kind} {key} is there {count} times" for key, count in Counter(keys).items() if count > 1)


def _guess(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, sorted(known), n=1)
    return f"{name!r} (did you mean {near[0]!r}?)" if near else repr(name)
