"""The first file of a newsroom's own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from masthead.config import Config, ConfigError, load_config
from masthead.starter import StarterError, write_starter
from newsroom.settings import PaperSettings

TODAY = date(2026, 3, 2)


def write(
    file: Path,
    *,
    name: str = "한강일보",
    url: str = "https://www.hangang.example",
    language: str = "ko",
    timezone: str = "Asia/Seoul",
) -> Config:
    write_starter(file, name=name, url=url, language=language, timezone=timezone, today=TODAY)
    return load_config(file)


def test_the_answers_are_in_it_and_all_is_sound(tmp_path: Path) -> None:
    """The first thing that a newcomer does would fail."""
    found = write(tmp_path / "config.toml")
    assert (found.paper.name, found.paper.url, found.paper.language) == ("한강일보", "https://www.hangang.example", "ko")
    assert found.paper.timezone.key == "Asia/Seoul"
    assert found.paper.tag == "hangang.example,2026-03-02", "RFC 4151: a day on which the domain was the paper's"
    assert found.newsletters[0].title == "한강일보"
    assert found.sections[0].title == "뉴스"
    assert found.mail is not None
    assert (found.mail.sender.name, found.mail.sender.address) == ("한강일보", "news@hangang.example")
    text = (tmp_path / "config.toml").read_text(encoding="utf-8")
    assert "@NAME@" not in text
    assert text.count("\n#") > 15, "it explains itself"


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=30).filter(str.strip))
def test_any_name_can_be_written(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    """A paper called "The "Daily" <News>" could not begin."""
    found = write(tmp_path_factory.mktemp("paper") / "config.toml", name=name)
    assert found.paper.name == PaperSettings(name=name, url="https://hangang.example").name


@pytest.mark.parametrize("url", ["http://127.0.0.1:8801/", "http://localhost", "https://신문.example/"])
def test_a_paper_on_a_machine_without_a_domain_can_begin(tmp_path: Path, url: str) -> None:
    """Whoever tries it out at home would have to invent a domain first."""
    assert write(tmp_path / "config.toml", url=url).paper.url == url


def test_an_existing_file_is_never_written_over(tmp_path: Path) -> None:
    """A year of configuration would be gone."""
    file = tmp_path / "config.toml"
    file.write_text("precious")
    with pytest.raises(StarterError, match="is there already"):
        write(file)
    assert file.read_text() == "precious"
    with pytest.raises(StarterError, match="cannot be written: No such file or directory"):
        write(tmp_path / "nowhere" / "config.toml")


def test_an_answer_that_cannot_be_used_leaves_no_file(tmp_path: Path) -> None:
    """A file that `check` refuses would have been written, and could not be written again."""
    with pytest.raises(ConfigError, match=r'paper\.timezone: write a time zone .* did you mean "Asia/Seoul"'):
        write(tmp_path / "config.toml", timezone="Asia/Soul")
    with pytest.raises(ConfigError, match=r"paper\.url: "):
        write(tmp_path / "config.toml", url="hangang.example")
    assert list(tmp_path.iterdir()) == []
