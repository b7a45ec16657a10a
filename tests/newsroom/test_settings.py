"""The tables of the configuration that the newsroom reads: what an operator may write, and what is said of what he may not."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest
from pydantic import TypeAdapter, ValidationError

from newsroom.model import Reporter, Section
from newsroom.settings import (
    ConfigPath,
    Duration,
    FetchSettings,
    PaperSettings,
    ReporterSettings,
    SectionSettings,
    Slug,
    SourceSettings,
    StoreSettings,
    Table,
    Url,
)

PAPER = {"name": "메트로신문", "url": "https://www.metroseoul.co.kr"}


def refused(table: type[Table], values: dict[str, Any]) -> str:
    """What is said of these values."""
    with pytest.raises(ValidationError) as caught:
        table.model_validate(values)
    (error,) = caught.value.errors()
    return f"{'.'.join(map(str, error['loc']))}: {error['msg']}"


@pytest.mark.parametrize(("text", "seconds"), [("90s", 90), ("5m", 300), ("2h", 7200), ("1d", 86400), (" 5 m ", 300)])
def test_a_span_of_time_is_written_short(text: str, seconds: int) -> None:
    """ "every = 5m" is five seconds, or five hours."""
    assert TypeAdapter(Duration).validate_python(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "0s", "5", "5min", "-5m", "1.5h", "m", 5, "10000000d", None])
def test_what_is_no_span_of_time_is_refused(text: object) -> None:
    """A source is asked every 0 seconds."""
    with pytest.raises(ValidationError, match='"90s", "5m", "2h" or "1d"'):
        TypeAdapter(Duration).validate_python(text)


@pytest.mark.parametrize("slug", ["it", "it-science", "a.b_c", "2026", "a" * 64])
def test_a_slug_is_a_name_for_addresses(slug: str) -> None:
    """A section cannot be named as its address should be."""
    assert TypeAdapter(Slug).validate_python(slug) == slug


@pytest.mark.parametrize("slug", ["", "IT", "사회", "a b", "../etc", "..", "a/b", "-a", "a-", ".a", "a" * 65, "a\n"])
def test_what_would_leave_its_folder_is_no_slug(slug: str) -> None:
    """A slug writes a feed outside the folder of feeds."""
    with pytest.raises(ValidationError):
        TypeAdapter(Slug).validate_python(slug)


@pytest.mark.parametrize("url", ["https://metroseoul.co.kr", "http://127.0.0.1:8000/list?a=1", "https://메트로.한국/list"])
def test_a_full_web_address_is_accepted(url: str) -> None:
    """A paper with a Korean domain cannot be configured."""
    assert TypeAdapter(Url).validate_python(url) == url


@pytest.mark.parametrize(
    "url",
    ["", "metroseoul.co.kr", "ftp://a.example", "https://", "https://a b.example", "https://[::1", "https://user:pw@a.example",
     "https://a.example/#top", "https://a..example", "javascript:alert(1)", "https://a.example/\n"],
)  # fmt: skip
def test_what_cannot_be_fetched_is_refused_at_once(url: str) -> None:
    """A slip in an address is found at the first pull, in the night."""
    with pytest.raises(ValidationError, match="write a full web address"):
        TypeAdapter(Url).validate_python(url)


def test_a_paper_has_what_most_papers_need() -> None:
    """A configuration must say what nobody would say otherwise."""
    paper = PaperSettings.model_validate(PAPER)
    assert (paper.language, str(paper.timezone), paper.domain, paper.tag) == (
        "ko",
        "Asia/Seoul",
        "metroseoul.co.kr",
        "metroseoul.co.kr,2025",
    )
    assert PaperSettings.model_validate(PAPER | {"url": "https://www.메트로.한국"}).domain == "xn--2o2b19ah56b.xn--3e0b707e"
    assert PaperSettings.model_validate(PAPER | {"tag": "metroseoul.co.kr,2002-05"}).tag == "metroseoul.co.kr,2002-05"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"timezone": "KST"}, "timezone: Value error, write a time zone of the IANA list"),
        ({"timezone": "../../etc/passwd"}, "timezone: Value error, write a time zone of the IANA list"),
        ({"language": "xx"}, "language: Value error, write the code of a language"),
        ({"language": ""}, "language: Value error, write the code of a language"),
        ({"accent": "red"}, 'accent: Value error, write a colour as "#b3341b"'),
        ({"tag": "metroseoul.co.kr"}, "tag: String should match pattern"),
        ({"name": " "}, "name: String should have at least 1 character"),
        ({"nmae": "메트로"}, "nmae: Extra inputs are not permitted"),
    ],
)
def test_what_a_paper_cannot_be_is_said(wrong: dict[str, str], said: str) -> None:
    """The program starts with a wrong zone, and all of the paper's times are off."""
    assert refused(PaperSettings, PAPER | wrong).startswith(said)


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("sqlite:///masthead.db", "sqlite:////srv/paper/masthead.db"),
        ("sqlite:////var/lib/masthead.db", "sqlite:////var/lib/masthead.db"),
        ("sqlite:///data/새 신문.db", "sqlite:////srv/paper/data/새 신문.db"),
        ("postgresql://masthead@db/news", "postgresql+psycopg://masthead@db/news"),
        ("postgres://masthead@db/news", "postgresql+psycopg://masthead@db/news"),
        ("postgresql+psycopg:///news?host=/run", "postgresql+psycopg:///news?host=/run"),
    ],
)
def test_the_store_is_beside_the_configuration(written: str, url: str) -> None:
    """A command run in another folder opens another, empty database."""
    assert StoreSettings.model_validate({"url": written}, context={"base": Path("/srv/paper")}).url == url


@pytest.mark.parametrize("url", ["", "masthead.db", "sqlite://", "sqlite:///", "sqlite:///:memory:", "mysql://db/news"])
def test_what_is_no_store_is_refused(url: str) -> None:
    """Articles are kept where they are gone after a restart."""
    assert refused(StoreSettings, {"url": url}).startswith('url: Value error, write "sqlite:///masthead.db"')


def test_paths_are_relative_to_the_configuration() -> None:
    """The feeds are written into the folder in which the command was typed."""
    adapter = TypeAdapter(ConfigPath)
    assert adapter.validate_python("public", context={"base": Path("/srv/paper")}) == Path("/srv/paper/public")
    assert adapter.validate_python("/var/www", context={"base": Path("/srv/paper")}) == Path("/var/www")
    assert adapter.validate_python("public") == Path("public")


def test_hangul_in_pieces_is_put_together() -> None:
    """A configuration written on a Mac knows no reporter and no section of the paper."""
    section = SectionSettings.model_validate(
        {"slug": "it", "title": normalize("NFD", "과학"), "aliases": [normalize("NFD", "기술 ")]}
    )
    assert section.model() == Section(slug="it", title="과학", aliases=("기술",))
    person = ReporterSettings.model_validate({"slug": "seoh", "name": normalize("NFD", "김서현")})
    assert person.model() == Reporter(slug="seoh", name="김서현", names=("김서현",))


def test_a_reporter_has_every_name_and_address_once() -> None:
    """A reporter's second address makes a second reporter."""
    written = {
        "slug": "seoh",
        "name": "김서현",
        "names": ["김서희", "김서현"],
        "email": "Seoh@MetroSeoul.co.kr",
        "emails": ["seoh@metroseoul.co.kr", "kim@metroseoul.co.kr"],
        "role": "기자",
        "section": "it",
        "active": False,
    }
    assert ReporterSettings.model_validate(written).model() == Reporter(
        slug="seoh",
        name="김서현",
        names=("김서현", "김서희"),
        emails=("seoh@metroseoul.co.kr", "kim@metroseoul.co.kr"),
        role="기자",
        section="it",
        active=False,
    )


@pytest.mark.parametrize("email", ["seoh", "seoh@", "@metroseoul.co.kr", "seoh@metroseoul", "a b@c.de"])
def test_what_is_no_address_is_refused(email: str) -> None:
    """A slip in an address, and a reporter's stories are somebody's who does not exist."""
    values = {"slug": "seoh", "name": "김서현", "email": email}
    assert refused(ReporterSettings, values).startswith("email: Value error, write an e-mail address")


def test_sources_and_fetching_refuse_what_they_do_not_know() -> None:
    """A misspelt setting is ignored, and the operator believes it works."""
    source = {"name": "it", "kind": "html", "url": "https://metroseoul.co.kr/list"}
    assert refused(SourceSettings, source | {"evry": "5m"}).startswith("evry: Extra inputs")
    assert refused(SourceSettings, source | {"learn": "all"}).startswith("learn: Input should be 'email', 'name' or 'none'")
    assert refused(SourceSettings, source | {"language": "Korean"}).startswith("language: Value error, write the code")
    assert refused(FetchSettings, {"delay": -1}).startswith("delay: Input should be greater")
    assert refused(FetchSettings, {"allow_private": ["127.0.0.1/8"]}).startswith(
        "allow_private.0: Value error, write a network such as"
    )
