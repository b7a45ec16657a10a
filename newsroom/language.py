"""The paper's language: translated messages, and dates, times and counts as its readers write them.

Messages are English in code and templates; ``templates/locale/<language>/*.po`` translates them. A language is added by adding a
folder there: no compiling, no code. Formats that Babel's patterns get wrong for newspaper Korean ("AM 7시") stand in the
catalogue too, as Babel date patterns under the names in ``_PATTERNS``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from gettext import c2py
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_time
from babel.lists import format_list
from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po
from babel.numbers import format_decimal

from newsroom.errors import NewsroomError

# The key a catalogue may translate -> the English pattern (Unicode TR35 date fields).
_PATTERNS = {
    "pattern:date": "EEEE, MMMM d, y",
    "pattern:day": "MMMM d",
    "pattern:time": "h:mm a",
    "pattern:full hour": "h a",
}


class CatalogueError(NewsroomError):
    """A translation catalogue cannot be read."""


class Language:
    """One language in one time zone. ``folders`` hold ``locale/<code>/*.po``; the first that translates a message wins."""

    def __init__(self, code: str, zone: ZoneInfo, folders: Sequence[Path]) -> None:
        """Raises CatalogueError for a broken .po file; a language without a catalogue speaks English."""
        self.code = code
        self.zone = zone
        self._locale = Locale.parse(code, sep="-")
        self._catalogues = [
            _read(path, self._locale)
            for folder in folders
            for name in dict.fromkeys((code, self._locale.language))
            for path in sorted((folder / "locale" / name).glob("*.po"))
        ]

    def gettext(self, message: str) -> str:
        """The message in this language, itself where nobody translated it."""
        return self._find(message) or message

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """The form for the number ``n``, by the language's own plural rule."""
        for catalogue in self._catalogues:
            found = catalogue.get(singular)
            if found is not None and isinstance(found.string, tuple):
                form = found.string[min(c2py(catalogue.plural_expr)(n), len(found.string) - 1)]
                if form:
                    return form
        return singular if n == 1 else plural

    def date(self, day: dt.date) -> str:
        """2026년 3월 2일 월요일."""
        return format_date(self._local_day(day), self._pattern("pattern:date"), locale=self._locale)

    def day(self, day: dt.date) -> str:
        """3월 2일."""
        return format_date(self._local_day(day), self._pattern("pattern:day"), locale=self._locale)

    def time(self, at: dt.datetime) -> str:
        """오전 5시 40분, 오후 9시."""
        local = at.astimezone(self.zone)
        return format_time(local, self._pattern("pattern:time" if local.minute else "pattern:full hour"), locale=self._locale)

    def moment(self, at: dt.datetime, today: dt.date) -> str:
        """오전 5시 40분 on ``today``, 어제 오후 9시 the day before, 2월 28일 오후 9시 otherwise."""
        day = self._local_day(at)
        if day == today:
            return self.time(at)
        if day == today - dt.timedelta(days=1):
            return self.gettext("yesterday at %(time)s") % {"time": self.time(at)}
        return self.gettext("%(day)s at %(time)s") % {"day": self.day(day), "time": self.time(at)}

    def stamp(self, at: dt.datetime) -> str:
        """Date and time in the language's medium form, for tables."""
        return format_datetime(at.astimezone(self.zone), "yyyy-MM-dd HH:mm", locale=self._locale)

    def number(self, value: int) -> str:
        """1,234 as the language groups digits."""
        return format_decimal(value, locale=self._locale)

    def listing(self, names: Iterable[str]) -> str:
        """Names joined by the paper's middle dot where the language has none of its own: 사회 · 문화."""
        separator = self.gettext("list separator")
        items = list(names)
        return format_list(items, locale=self._locale) if separator == "list separator" else separator.join(items)

    def _local_day(self, day: dt.date) -> dt.date:
        return day.astimezone(self.zone).date() if isinstance(day, dt.datetime) else day

    def _pattern(self, key: str) -> str:
        return self._find(key) or _PATTERNS[key]

    def _find(self, message: str) -> str:
        for catalogue in self._catalogues:
            found = catalogue.get(message)
            if found is not None and isinstance(found.string, str) and found.string:
                return found.string
        return ""


def _read(path: Path, locale: Locale) -> Catalog:
    try:
        with path.open("rb") as file:
            return read_po(file, locale=locale, abort_invalid=True)
    except (PoFileError, UnicodeDecodeError, ValueError) as error:
        raise CatalogueError(f"{path}: {error}") from error
