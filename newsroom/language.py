"""The paper's language: translated messages, and dates, times and counts as its readers write them.

Messages are English in code and templates; ``templates/locale/<language>/*.po`` translates them. A language is added by adding a
folder there: no compiling, no code. Formats that Babel's patterns get wrong for newspaper Korean ("AM 7시") stand in the
catalogue too, as Babel date patterns under the names in ``_PATTERNS``.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence
from gettext import c2py
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, format_time
from babel.lists import format_list
from babel.messages.catalog import Message
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
_PLACEHOLDER = re.compile(r"%\((\w+)\)")


class CatalogueError(NewsroomError):
    """A translation catalogue cannot be read."""


class Language:
    """One language in one time zone. ``folders`` hold ``locale/<code>/*.po``; the first that translates a message wins."""

    def __init__(self, code: str, zone: ZoneInfo, folders: Sequence[Path]) -> None:
        """Raises CatalogueError for a broken .po file or an unknown language; one without a catalogue speaks English."""
        self.code = code
        self.zone = zone
        try:
            self._locale = Locale.parse(code, sep="-")
        except (UnknownLocaleError, ValueError) as error:
            raise CatalogueError(f'paper.language: "{code}" is no language that Babel knows') from error
        self._catalogues = [
            _Catalogue(path, self._locale)
            for folder in folders
            for name in dict.fromkeys((code, self._locale.language))
            for path in sorted((folder / "locale" / name).glob("*.po"))
        ]

    def gettext(self, message: str) -> str:
        """The message in this language, itself where nobody translated it."""
        return self._find(message) or message

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """The form for the number ``n``, by the language's own plural rule."""
        found = next(filter(None, (catalogue.plural(singular, n) for catalogue in self._catalogues)), "")
        return found or (singular if n == 1 else plural)

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
        """오전 5시 40분 on ``today``, 어제 오후 9시 the day before, 2월 28일 오후 9시 in the same year, or else the date."""
        day = self._local_day(at)
        if day == today:
            return self.time(at)
        if day == today - dt.timedelta(days=1):
            return self.gettext("yesterday at %(time)s") % {"time": self.time(at)}
        if day.year != today.year:
            return self.date(day)
        return self.gettext("%(day)s at %(time)s") % {"day": self.day(day), "time": self.time(at)}

    def stamp(self, at: dt.datetime) -> str:
        """2026-03-02 05:40, for tables."""
        return format_datetime(at.astimezone(self.zone), "yyyy-MM-dd HH:mm", locale=self._locale)

    def number(self, value: int) -> str:
        """1,234 as the language groups digits."""
        return format_decimal(value, locale=self._locale)

    def listing(self, names: Iterable[str]) -> str:
        """Names in a row: 사회 · 문화 where the catalogue has a "list separator", else as the locale joins them: A, B, and C."""
        separator = self.gettext("list separator")
        items = list(names)
        return format_list(items, locale=self._locale) if separator == "list separator" else separator.join(items)

    def _local_day(self, day: dt.date) -> dt.date:
        return day.astimezone(self.zone).date() if isinstance(day, dt.datetime) else day

    def _pattern(self, key: str) -> str:
        return self._find(key) or _PATTERNS[key]

    def _find(self, message: str) -> str:
        return next(filter(None, (catalogue.single(message) for catalogue in self._catalogues)), "")


class _Catalogue:
    """One .po file. Fuzzy entries are guesses of a tool, and left out."""

    def __init__(self, path: Path, locale: Locale) -> None:
        try:
            with path.open("rb") as file:
                catalogue = read_po(file, locale=locale, abort_invalid=True)
            self._plural: Callable[[int], int] = c2py(catalogue.plural_expr)
        except (OSError, PoFileError, ValueError, LookupError) as error:  # LookupError: a charset that does not exist
            raise CatalogueError(f"{path}: {error}") from error
        self._single: dict[str, str] = {}
        self._plurals: dict[str, Sequence[str]] = {}
        for message in catalogue:
            if message.id and not message.fuzzy:
                self._add(message, path)

    def single(self, message: str) -> str:
        """The translation, empty where there is none."""
        return self._single.get(message, "")

    def plural(self, singular: str, n: int) -> str:
        """The form for ``n``, empty where there is none."""
        forms = self._plurals.get(singular, ())
        return forms[min(self._plural(n), len(forms) - 1)] if forms else ""

    def _add(self, message: Message, path: Path) -> None:
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        forms = [message.string] if isinstance(message.string, str) else list(message.string or ())
        known = dict.fromkeys(_PLACEHOLDER.findall(" ".join(ids)), 0)
        for form in forms:
            try:
                _ = form % known if "%(" in form else form
            except (KeyError, TypeError, ValueError) as error:
                raise CatalogueError(f'{path}: the translation of "{ids[0]}" has a wrong placeholder: {error}') from error
        if len(ids) == 1:
            self._single[ids[0]] = forms[0]
        else:
            self._plurals[ids[0]] = forms
