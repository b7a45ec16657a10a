"""The paper's language: Korean as Korean readers write it, English where nobody has translated."""

from __future__ import annotations

import ast
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from jinja2 import Environment

from newsroom.language import CatalogueError, Language
from newsroom.templates import template_folders

SEOUL, NEW_YORK = ZoneInfo("Asia/Seoul"), ZoneInfo("America/New_York")
ROOT = Path(__file__).parents[2]
KOREAN, ENGLISH = Language("ko", SEOUL, template_folders()), Language("en", NEW_YORK, template_folders())
EVENING = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)  # 21:00 in Seoul, 07:00 in New York


def test_dates_and_times_are_newspaper_korean() -> None:
    """A mail says "AM 7시", or 3월 1일 for what was printed on the second."""
    midnight = datetime(2026, 3, 1, 15, 0, tzinfo=UTC)
    assert KOREAN.date(date(2026, 3, 2)) == "2026년 3월 2일 월요일"
    assert KOREAN.date(midnight) == "2026년 3월 2일 월요일"
    assert KOREAN.day(midnight) == "3월 2일"
    assert KOREAN.time(EVENING) == "오후 9시"
    assert KOREAN.time(EVENING.replace(hour=20, minute=40)) == "오전 5시 40분"
    assert KOREAN.time(EVENING.replace(hour=3)) == "오후 12시"
    assert KOREAN.stamp(midnight) == "2026-03-02 00:00"
    assert KOREAN.number(1234567) == "1,234,567"
    assert KOREAN.listing(["사회", "문화"]) == "사회 · 문화"


def test_without_a_catalogue_the_language_is_english() -> None:
    """A paper in a language without a translation has pages without words."""
    assert ENGLISH.date(EVENING) == "Sunday, March 1, 2026"
    assert ENGLISH.time(EVENING).replace("\u202f", " ") == "7 AM"
    assert ENGLISH.time(EVENING.replace(minute=5)).replace("\u202f", " ") == "7:05 AM"
    assert ENGLISH.listing(["Politics", "World", "IT"]) == "Politics, World, and IT"
    assert ENGLISH.gettext("Unsubscribe") == "Unsubscribe"
    assert [ENGLISH.ngettext("%(num)d story", "%(num)d stories", n) for n in (0, 1, 2)] == [
        "%(num)d stories",
        "%(num)d story",
        "%(num)d stories",
    ]


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (datetime(2026, 3, 1, 15, 0, tzinfo=UTC), "오전 12시"),
        (datetime(2026, 3, 2, 14, 59, tzinfo=UTC), "오후 11시 59분"),
        (datetime(2026, 3, 1, 14, 59, tzinfo=UTC), "어제 오후 11시 59분"),
        (datetime(2026, 2, 28, 12, 0, tzinfo=UTC), "2월 28일 오후 9시"),
        (datetime(2026, 3, 2, 21, 0, tzinfo=UTC), "3월 3일 오전 6시"),
        (datetime(2025, 3, 2, 12, 0, tzinfo=UTC), "2025년 3월 2일 일요일"),
    ],
)
def test_a_moment_is_said_as_seen_from_today(at: datetime, said: str) -> None:
    """Yesterday's story is of today, or one of last year stands as if it were new."""
    assert KOREAN.moment(at, date(2026, 3, 2)) == said


def test_a_new_year_has_a_yesterday() -> None:
    """On 1 January yesterday's stories are a year old."""
    assert KOREAN.moment(datetime(2025, 12, 31, 12, 0, tzinfo=UTC), date(2026, 1, 1)) == "어제 오후 9시"


# --- catalogues ---

HEADER = 'msgid ""\nmsgstr ""\n"Language: pl\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
POLISH = HEADER + (
    '"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);\\n"\n'
    '\nmsgid "Unsubscribe"\nmsgstr "Wypisz się"\n'
    '\nmsgid "%(num)d story"\nmsgid_plural "%(num)d stories"\n'
    'msgstr[0] "%(num)d tekst"\nmsgstr[1] "%(num)d teksty"\nmsgstr[2] "%(num)d tekstów"\n'
    '\n#, fuzzy\nmsgid "Reporters"\nmsgstr "Czytelnicy"\n'
    '\nmsgid "Sections"\nmsgstr ""\n'
    '\nmsgid "100%"\nmsgstr "100%"\n'
)


def catalogue(folder: Path, code: str, text: str, name: str = "web.po") -> Path:
    """Put a catalogue beside somebody's configuration; returns the folder of templates."""
    file = folder / "locale" / code / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return folder


def test_a_language_is_added_with_a_file(tmp_path: Path) -> None:
    """A paper in Polish needs a programmer."""
    polish = Language("pl", ZoneInfo("Europe/Warsaw"), [catalogue(tmp_path, "pl", POLISH), *template_folders()])
    assert polish.gettext("Unsubscribe") == "Wypisz się"
    assert [polish.ngettext("%(num)d story", "%(num)d stories", n) % {"num": n} for n in (1, 3, 5, 12, 22)] == [
        "1 tekst",
        "3 teksty",
        "5 tekstów",
        "12 tekstów",
        "22 teksty",
    ]
    assert polish.gettext("Reporters") == "Reporters", "a guess of a tool is no translation"
    assert polish.gettext("Sections") == "Sections"
    assert polish.date(date(2026, 3, 2)) == "poniedziałek, marca 2, 2026"


def test_an_operators_word_goes_before_ours(tmp_path: Path) -> None:
    """A paper that says 독자 where we say 구독자 must change the program."""
    folder = catalogue(tmp_path, "ko", HEADER + '\nmsgid "list separator"\nmsgstr "·"\n')
    own = Language("ko", SEOUL, [folder, *template_folders()])
    assert own.listing(["사회", "문화"]) == "사회·문화"
    assert own.date(date(2026, 3, 2)) == "2026년 3월 2일 월요일", "and what it does not say stays"


def test_a_region_goes_before_its_language(tmp_path: Path) -> None:
    """Brazil gets the words of Portugal."""
    catalogue(tmp_path, "pt", HEADER + '\nmsgid "Unsubscribe"\nmsgstr "Anular"\n\nmsgid "Copy"\nmsgstr "Copiar"\n')
    catalogue(tmp_path, "pt-BR", HEADER + '\nmsgid "Unsubscribe"\nmsgstr "Cancelar"\n')
    brazil = Language("pt-BR", SEOUL, [tmp_path])
    assert (brazil.gettext("Unsubscribe"), brazil.gettext("Copy")) == ("Cancelar", "Copiar")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEADER + '\nmsgid "a"\nmsgstrx "b"\n', "misformatted keyword"),
        (HEADER + '\nmsgid "a"\n', "missing msgstr"),
        (HEADER + '\nmsgid "%(num)d story"\nmsgstr "%(nmu)d tekst"\n', "\"%(num)d story\" has a wrong placeholder: 'nmu'"),
        (HEADER + '\nmsgid "%(day)s"\nmsgstr "%(day)"\n', '"%(day)s" has a wrong placeholder: incomplete format'),
        (HEADER + '\nmsgid "%(day)s"\nmsgstr "%(day)d %s"\n', '"%(day)s" has a wrong placeholder: not enough arguments'),
        (HEADER.replace("utf-8", "klingon") + '\nmsgid "a"\nmsgstr "나"\n', "unknown encoding: klingon"),
        (HEADER + '"Plural-Forms: nplurals=2; plural=n!;\\n"\n', "web.po"),
    ],
)
def test_a_broken_catalogue_is_said_at_the_start(tmp_path: Path, text: str, said: str) -> None:
    """A slip in a translation ends a sending in the middle."""
    with pytest.raises(CatalogueError) as caught:
        Language("pl", SEOUL, [catalogue(tmp_path, "pl", text)])
    assert said in str(caught.value)
    assert str(tmp_path) in str(caught.value)


def test_what_is_no_language_is_said() -> None:
    """A traceback instead of the line in the configuration."""
    with pytest.raises(CatalogueError, match='"xx" is no language'):
        Language("xx", SEOUL, [])


def test_everything_we_say_is_said_in_korean() -> None:
    """An English sentence in the middle of a Korean page."""
    reader = Environment(extensions=["jinja2.ext.i18n"], trim_blocks=True)
    said: set[str] = set()
    for template in (ROOT / "templates").rglob("*.*"):
        if template.suffix in {".html", ".txt"}:
            for _, _, message in reader.extract_translations(template.read_text(encoding="utf-8")):  # type: ignore[attr-defined]  # the extension's
                said |= {message} if isinstance(message, str) else {message[0]}
    for package in ("feeds", "newsletter", "masthead", "newsroom"):
        for module in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Attribute)
                    and node.func.attr in {"gettext", "ngettext"}
                ):
                    said |= {
                        word.value for word in node.args[:1] if isinstance(word, ast.Constant) and isinstance(word.value, str)
                    }
    missing = sorted(
        message for message in said if not KOREAN._find(message) and KOREAN.ngettext(message, "English", 2) == "English"
    )
    assert said
    assert missing == []
