"""``config.toml``: what an operator writes is taken as meant, and what is wrong is said at once, with its line."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import time as time_of_day
from datetime import timedelta
from pathlib import Path

import pytest

from masthead.config import Config, ConfigError, config_path, load_config, parse_config

EXAMPLE = """\
[paper]
name = "메트로신문"
url = "https://www.metroseoul.co.kr"
language = "ko"
timezone = "Asia/Seoul"

[store]
url = "sqlite:///masthead.db"            # or postgresql://…

[fetch]
contact = "https://www.metroseoul.co.kr/about"
allow_private = ["127.0.0.0/8"]   # networks beyond the public ones; none by default

[[section]]
slug = "it"
title = "IT·과학"
aliases = ["IT/과학"]

[[section]]
slug = "game"
title = "게임"
parent = "it"

[[reporter]]                              # optional: bylines teach the rest
slug = "seoh"
name = "김서현"
email = "seoh@metroseoul.co.kr"

[[source]]
name = "it"
kind = "html"
url = "https://www.metroseoul.co.kr/newsList/14"
section = "it"
every = "5m"
select = { item = "ul.article-list > li", headline = "strong.tit a", url = "strong.tit a@href", body = "p.txt", byline = "span.info" }

[feeds]
formats = ["atom", "rss", "json"]
directory = "public"
window = "48h"
at_least = 50

[[newsletter]]
slug = "morning"
title = "메트로 모닝"
send = "07:00"
days = "mon-sat"
latest = "09:00"
if_late = "send"
min_articles = 1

[mail]
from = "메트로신문 <news@metroseoul.co.kr>"
transport = "smtp://127.0.0.1:25"

[web]
listen = "127.0.0.1:8000"
url = "https://feeds.metroseoul.co.kr"
"""

SMALLEST = '[paper]\nname = "한강일보"\nurl = "https://hangang.example"\n'


def mistakes(text: str) -> list[tuple[int, str, str]]:
    """Line, key and message of everything that is wrong with a configuration."""
    with pytest.raises(ConfigError) as caught:
        parse_config(text, Path("/etc/masthead/config.toml"))
    return [(mistake.line, mistake.key, mistake.message) for mistake in caught.value.mistakes]


def mistake(text: str) -> tuple[int, str, str]:
    """The one thing wrong with a configuration that begins with the smallest one; its lines are counted after that."""
    [(line, key, message)] = mistakes(SMALLEST + text)
    return line - SMALLEST.count("\n"), key, message


def config(text: str = "") -> Config:
    return parse_config(SMALLEST + text, Path("/etc/masthead/config.toml"))


# --- what is right ---


def test_the_example_of_the_design_loads_as_meant() -> None:
    """The first configuration a newsroom copies from the manual would be refused, or read differently."""
    found = parse_config(EXAMPLE, Path("/etc/masthead/config.toml"))
    assert found.paper.name == "메트로신문"
    assert [(section.slug, section.parent) for section in found.sections] == [("it", None), ("game", "it")]
    assert found.reporters[0].model().emails == ("seoh@metroseoul.co.kr",)
    assert found.sources[0].kind == "html"
    assert found.sources[0].every == "5m"
    assert found.feeds.window == timedelta(hours=48)
    assert found.newsletters[0].send == time_of_day(7)
    assert found.newsletters[0].days == frozenset(range(1, 7))
    assert found.mail is not None
    assert found.mail.sender.address == "news@metroseoul.co.kr"
    assert (found.web.host, found.web.port) == ("127.0.0.1", 8000)


@pytest.mark.parametrize("text", [SMALLEST, EXAMPLE])
def test_paths_are_relative_to_the_file_also_where_they_are_defaults(text: str) -> None:
    """A service started from another folder would open an empty database, and publish into a folder nobody serves."""
    found = parse_config(text, Path("/etc/masthead/config.toml"))
    assert found.store.url == "sqlite:////etc/masthead/masthead.db"
    assert found.feeds.directory == Path("/etc/masthead/public")


def test_absolute_paths_stay() -> None:
    """A database on its own disk would be looked for below the configuration's folder."""
    found = config('[store]\nurl = "sqlite:////var/lib/masthead.db"\n[feeds]\ndirectory = "/srv/feeds"\n')
    assert (found.store.url, found.feeds.directory) == ("sqlite:////var/lib/masthead.db", Path("/srv/feeds"))


def test_a_byte_order_mark_and_windows_line_ends_are_taken(tmp_path: Path) -> None:
    """A configuration saved by Notepad would be refused."""
    file = tmp_path / "config.toml"
    file.write_bytes(b"\xef\xbb\xbf" + EXAMPLE.replace("\n", "\r\n").encode())
    assert load_config(file) == parse_config(EXAMPLE, file)


def test_which_file_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An operator would edit one file while the program reads another."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MASTHEAD_CONFIG", raising=False)
    assert config_path(None) == tmp_path / "config.toml"
    monkeypatch.setenv("MASTHEAD_CONFIG", "/etc/paper.toml")
    assert config_path(None) == Path("/etc/paper.toml")
    assert config_path(Path("other.toml")) == tmp_path / "other.toml"


# --- what is wrong ---

MANY = """\
[paper]
name = "한강일보"
url = "https://hangang.example"
timezone = "Asia/Soul"
acent = "#b3341b"

[store]
url = "mysql://localhost/paper"

[[section]]
slug = "it"
title = 5

[[section]]
slug = "it"
title = "게임"
parent = "itt"

[[source]]
name = "it"
kind = "htm"
url = "https://hangang.example/14"

[[source]]
name = "culture"
kind = "html"
url = "https://hangang.example/15"
every = "5 parsecs"
section = "culture"
select = { item = "ul >> li", headline = "a", url = "a@href" }

[[source]]
name = "sports"
kind = "feed"
url = "https://hangang.example/rss"
every = "*/10 6-23 * * 9"

[[newsletter]]
slug = "morning"
title = "아침"
send = "25:00"

[mail]
from = "news@hangang.example"
transport = "smtp://news:hunter2@mail.hangang.example"

[web]
listen = 8000
"""


def test_every_mistake_is_said_at_once_with_its_line(tmp_path: Path) -> None:
    """An operator would mend a configuration by running the program once for each mistake."""
    file = tmp_path / "config.toml"
    file.write_text(MANY, encoding="utf-8")
    command = [sys.executable, "-m", "masthead", "--config", str(file), "check"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    *lines, last = done.stderr.splitlines()
    assert last == "14 mistakes in the configuration; nothing was done."
    places = [line.removeprefix(f"{file}:").split(": ", 2)[:2] for line in lines]
    assert places == [
        ["4", "paper.timezone"],
        ["5", "paper.acent"],
        ["8", "store.url"],
        ["12", "section[1].title"],
        ["15", "section[2].slug"],
        ["17", "section[2].parent"],
        ["21", "source[1].kind"],
        ["28", "source[2].every"],
        ["29", "source[2].section"],
        ["30", "source[2].select.item"],
        ["36", "source[3].every"],
        ["41", "newsletter[1].send"],
        ["45", "mail.transport"],
        ["48", "web.listen"],
    ]
    assert "hunter2" not in done.stderr


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[feed]\n", (1, "feed", 'there is no such key; did you mean "feeds"?')),
        ("[nonsense]\n", (1, "nonsense", "there is no such key; there are: agency, feeds, fetch, genre, mail, newsletter, paper, portal, reporter, section, series, source, store, web")),
        ('[feeds]\nformats = ["atm"]\n', (2, "feeds.formats[1]", '"atm" is not allowed; write one of "atom", "rss", "json"; did you mean "atom"?')),
        ("[feeds]\nat_least = 0\n", (2, "feeds.at_least", "write 1 or more, not 0")),
        ('[feeds]\nat_least = "many"\n', (2, "feeds.at_least", 'write a whole number, not "many"')),
        ('[feeds]\nwindow = "5 parsecs"\n', (2, "feeds.window", 'write a time span such as "90s", "5m", "2h" or "1d", not "5 parsecs"')),
        ("[fetch]\ndelay = 99\n", (2, "fetch.delay", "write 60 or less, not 99")),
        ("[web]\nlisten = 8000\n", (2, "web.listen", "write text in quotes, not 8000")),
        ('[web]\nlisten = "x"\n', (2, "web.listen", 'write host and port, such as "127.0.0.1:8000", not "x"')),
        ('[[section]]\nslug = "a"\ntitle = "A"\n[[source]]\nname = 5\nkind = "ftp"\n', (6, "source[1].kind", '"ftp" is not allowed; write one of "html", "feed"')),
        ("[store]\nurl = []\n", (2, "store.url", "write text in quotes, not []")),
        ('[[section]]\nslug = "it"\n', (1, "section[1].title", "this key is missing")),
        ('[[section]]\nslug = "it"\ntitle = ""\n', (3, "section[1].title", "this must not be empty")),
        ('[section]\nslug = "it"\n', (1, "section", "write [[section]], in double brackets, once for each")),
        ("[[paper.x]]\n", (1, "paper.x", "there is no such key; there are: accent, accent_dark, address, icon, language, logo, name, phone, tag, tagline, timezone, url")),
        ('[[source]]\nname = "x"\n', (1, "source[1].kind", 'this key is missing; write one of "html", "feed"')),
        (
            '[[source]]\nname = "x"\nkind = "feed"\nurl = "https://x.example/"\nselect = { item = "li" }\n',
            (5, "source[1].select", "this key is not for a table of this kind"),
        ),
        (
            '[[source]]\nname = "x"\nkind = "feed"\nurl = "https://x.example/"\nevery = "@daily"\n',
            (
                5,
                "source[1].every",
                'write a time span such as "5m", or a cron line of five fields such as "*/10 6-23 * * mon-sat", not "@daily"',
            ),
        ),
        (
            '[[source]]\nname = "x"\nkind = "feed"\nurl = "https://x.example/"\nevery = "0 0 30 2 *"\n',
            (5, "source[1].every", '"0 0 30 2 *" is no cron line: its day-of-month is wrong; a right one is "*/10 6-23 * * mon-sat"'),
        ),
        ('[[reporter]]\nslug = "a"\nname = "가"\nsection = "it"\n', (4, "reporter[1].section", 'no [[section]] has the slug "it"; the file has no [[section]]')),
        (
            '[[newsletter]]\nslug = "m"\ntitle = "아침"\n',
            (0, "mail", "this table is missing: a [[newsletter]] needs it to know who sends, and how"),
        ),
        (
            '[mail]\nfrom = "news@hangang.example"\nlist_domain = "@"\n',
            (3, "mail.list_domain", 'write a domain such as "example.com", not "@"'),
        ),
    ],
)  # fmt: skip
def test_a_mistake_is_explained(text: str, expected: tuple[int, str, str]) -> None:
    """An operator would have to guess what may stand there."""
    line, key, message = mistake(text)
    assert (max(line, 0), key, message) == expected


def test_a_newsletter_of_a_section_that_is_not_there_is_refused() -> None:
    """The edition would be empty every day, and nobody know why."""
    text = '[[section]]\nslug = "it"\ntitle = "IT"\n[[newsletter]]\nslug = "m"\ntitle = "아침"\nsections = ["it", "ti"]\n'
    assert mistake(text + '[mail]\nfrom = "news@hangang.example"\n') == (
        7,
        "newsletter[1].sections",
        'no [[section]] has the slug "ti"; there are: it',
    )


def test_what_must_be_a_table_is_said_to_be_one() -> None:
    """One word in the wrong place would be explained in the words of a library."""
    assert mistakes("store = 5\n" + SMALLEST) == [(1, "store", "write a table, [store], not 5")]


def test_the_nearest_zone_is_named() -> None:
    """A slip of the finger in a zone would be looked up in a list of six hundred."""
    line, key, message = mistake('timezone = "Asia/Soeul"\n')
    assert (line, key) == (1, "paper.timezone")
    assert message.endswith('not "Asia/Soeul"; did you mean "Asia/Seoul"?')


def test_a_value_that_fits_none_of_several_kinds_is_wrong_once() -> None:
    """One wrong network would be reported twice: as no IPv4 network and as no IPv6 network."""
    line, key, message = mistake('[fetch]\nallow_private = ["10.0.0.0/8", "here"]\n')
    assert (line, key) == (2, "fetch.allow_private[2]")
    assert message.startswith("write a network such as ")


def test_one_name_for_two_sections_is_found_at_the_second() -> None:
    """Articles would be filed under whichever section came first."""
    text = '[[section]]\nslug = "it"\ntitle = "IT"\n[[section]]\nslug = "tech"\ntitle = "기술"\naliases = ["I T"]\n'
    assert mistake(text) == (4, "section[2]", '"I T" names both section "it" and "tech"')


SERIES = '[[series]]\nslug = "window"\ntitle = "창밖"\n'
GENRE = '[[genre]]\nslug = "interview"\ntitle = "인터뷰"\n'
AGENCY = '[[agency]]\nname = "연합뉴스"\n'
SOURCE = '[[source]]\nname = "wire"\nkind = "feed"\nurl = "https://hangang.example/rss"\n'


def test_series_genres_and_agencies_are_read() -> None:
    """A paper that names its columns, interviews and contracts is not understood."""
    text = SERIES + 'names = ["표시우의 창밖"]\n' + GENRE + AGENCY + "full_text_ok = true\n" + SOURCE
    found = config(text + 'agency = "연합 뉴스"\nfull_text_ok = false\n')
    assert [series.model().names for series in found.series] == [("창밖", "표시우의 창밖")]
    assert [genre.model().names for genre in found.genres] == [("인터뷰",)]
    assert [agency.full_text_ok for agency in found.agencies] == [True]
    assert [(source.agency, source.full_text_ok) for source in found.sources] == [("연합 뉴스", False)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (SERIES * 2, [(5, "series[2].slug", '"window" is used twice; series[1] has it already'), (6, "series[2].title", '"창밖" names series[1] already')]),
        (SERIES + '[[series]]\nslug = "b"\ntitle = "비"\nnames = ["창 밖"]\n', [(7, "series[2].names", '"창 밖" names series[1] already')]),
        (GENRE + '[[genre]]\nslug = "qa"\ntitle = "일문일답"\nnames = ["인터뷰"]\n', [(7, "genre[2].names", '"인터뷰" names genre[1] already')]),
        (AGENCY + '[[agency]]\nname = "연합"\nnames = ["연합뉴스"]\n', [(5, "agency[2].names", '"연합뉴스" names agency[1] already')]),
        (SERIES + 'names = ["…"]\n', [(4, "series[1].names", 'write a name with letters or digits, not "…"')]),
        (SERIES + GENRE.replace("인터뷰", "창밖"), []),
        (SOURCE + 'agency = "연합뉴스"\n', [(5, "source[1].agency", 'no [[agency]] has the name "연합뉴스"; the file has no [[agency]]')]),
        (AGENCY + SOURCE + 'agency = "연합뉴"\n', [(7, "source[1].agency", 'no [[agency]] has the name "연합뉴"; did you mean "연합뉴스"?')]),
        (AGENCY + SOURCE + 'agency = ""\n', []),
    ],
)  # fmt: skip
def test_one_name_means_one_series_genre_or_agency(text: str, expected: list[tuple[int, str, str]]) -> None:
    """An article is in a column or not depending on the order of the file; an agency's copy goes out as the paper's own."""
    if not expected:
        config(text)
        return
    assert [(line - SMALLEST.count("\n"), key, message) for line, key, message in mistakes(SMALLEST + text)] == expected


def test_sections_that_are_each_others_parents_are_refused() -> None:
    """A circle of sections would never be drawn as a tree."""
    text = '[[section]]\nslug = "a"\ntitle = "A"\nparent = "b"\n[[section]]\nslug = "b"\ntitle = "B"\nparent = "a"\n'
    assert mistake(text) == (1, "section", "these sections are each other's parents: a, b")


def test_a_value_in_an_inline_table_has_the_line_of_the_table() -> None:
    """The line would be that of another source, or of none."""
    select = 'select = { item = "li", headline = "a", url = "a@href", body = "p[" }'
    text = f'[[source]]\nname = "a"\nkind = "html"\nurl = "https://x.example/"\n\n{select}\n'
    assert mistake(text) == (6, "source[1].select.body", '"p[" is not a CSS selector')


def test_a_syntax_error_has_its_line() -> None:
    """A missing quote would be looked for in four hundred lines."""
    assert mistakes("[paper]\nname = 한강일보\n") == [(2, "", "this is not TOML: invalid value")]
    assert mistakes('[paper]\nname = "한강일보\n') == [(2, "", "this is not TOML: illegal character '\\n'")]
    assert mistakes("[paper]\nname = [1,\n")[0][0] >= 2


def test_a_file_that_is_not_utf_8_is_refused_with_its_line(tmp_path: Path) -> None:
    """A configuration saved in CP949 would come out as a traceback, or as question marks in every mail."""
    file = tmp_path / "config.toml"
    file.write_bytes('[paper]\nname = "한강일보"\n'.encode("cp949"))
    with pytest.raises(ConfigError, match=r"config\.toml:2: this is not UTF-8; save the file as UTF-8"):
        load_config(file)


def test_a_missing_file_names_the_command_that_makes_one(tmp_path: Path) -> None:
    """A newcomer would not know how to begin."""
    with pytest.raises(ConfigError, match="there is no such file; make one with: masthead init"):
        load_config(tmp_path / "config.toml")
    with pytest.raises(ConfigError, match="it cannot be read: Is a directory"):
        load_config(tmp_path)


def test_twenty_mistakes_in_a_long_file_are_found_quickly() -> None:
    """`masthead check` in an editor's save hook would be switched off."""
    sections = "".join(
        f'[[section]]\nslug = "s{number}"\ntitle = "{number}"\n{"titel = 1" if number % 25 == 0 else "codes = []"}\n'
        for number in range(500)
    )
    started = time.process_time()
    found = mistakes(SMALLEST + sections)
    assert time.process_time() - started < 10
    assert len(found) == 20
    assert found[-1][:2] == (3 + 475 * 4 + 4, "section[476].titel")
