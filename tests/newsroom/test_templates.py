"""Templates: an operator's own before ours, nothing unescaped, nothing silently empty."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from jinja2 import TemplateNotFound, UndefinedError

import newsroom.templates
from newsroom.language import Language
from newsroom.templates import TemplateError, environment, template_folders

ROOT = Path(__file__).parents[2]
KOREAN = Language("ko", ZoneInfo("Asia/Seoul"), template_folders())


def render(folder: Path, name: str, source: str, **context: object) -> str:
    """A template of an operator, rendered."""
    (folder / name).write_text(source, encoding="utf-8")
    return environment([folder, *template_folders()], KOREAN).get_template(name).render(**context)


def test_an_operators_template_goes_before_ours(tmp_path: Path) -> None:
    """A paper cannot change its error page without changing the program; or must copy all templates to change one."""
    own = tmp_path / "templates" / "web"
    own.mkdir(parents=True)
    (own / "error.html").write_text("우리 신문", encoding="utf-8")
    templates = environment(template_folders(tmp_path), KOREAN)
    assert templates.get_template("web/error.html").render() == "우리 신문"
    assert templates.get_template("web/base.html").filename == str((ROOT / "templates/web/base.html").resolve())


def test_without_an_own_folder_ours_are_used(tmp_path: Path) -> None:
    """A paper without templates of its own has none at all."""
    assert template_folders(tmp_path) == template_folders() == [(ROOT / "templates").resolve()]
    assert template_folders(ROOT) == template_folders()


def test_an_installation_without_templates_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken package ends in a traceback at the first mail."""
    monkeypatch.setattr(newsroom.templates, "_OWN", (tmp_path / "nowhere",))
    with pytest.raises(TemplateError, match="reinstall"):
        template_folders(tmp_path)


def test_the_shipped_copy_is_used_where_there_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installed program takes a folder named templates that lies beside it for its own."""
    shipped, neighbour = tmp_path / "shipped", tmp_path / "templates"
    shipped.mkdir()
    neighbour.mkdir()
    monkeypatch.setattr(newsroom.templates, "_OWN", (shipped, neighbour))
    assert template_folders() == [shipped.resolve()]


def test_html_is_escaped_and_plain_text_is_not(tmp_path: Path) -> None:
    """A headline with a < in it breaks a page; or a plain mail says &lt;."""
    source = "{{ headline }}\n"
    assert render(tmp_path, "a.html", source, headline='<메트로> & "새벽"') == "&lt;메트로&gt; &amp; &#34;새벽&#34;"
    assert render(tmp_path, "a.txt", source, headline='<메트로> & "새벽"') == '<메트로> & "새벽"'


def test_an_unknown_name_is_an_error(tmp_path: Path) -> None:
    """A mail goes out with a gap where the reader's name should be."""
    with pytest.raises(UndefinedError):
        render(tmp_path, "a.html", "{{ headlien }}", headline="버스")
    with pytest.raises(TemplateNotFound):
        environment(template_folders(), KOREAN).get_template("../pyproject.toml")


def test_templates_speak_the_papers_language(tmp_path: Path) -> None:
    """Dates, counts and messages of a Korean page are English."""
    source = (
        "{{ language }} {{ at|date }} {{ at|day }} {{ at|time }} {{ at|moment(today) }} {{ at|stamp }} {{ 12345|number }} "
        "{{ names|listing }} {{ ngettext('%(num)d story', '%(num)d stories', 3) }} "
        "{% trans title='<b>' %}%(title)s, {{ title }}{% endtrans %}"
    )
    at = datetime(2026, 3, 1, 15, 5, tzinfo=UTC)
    said = render(tmp_path, "a.html", source, at=at, today=date(2026, 3, 2), names=["사회", "문화"])
    assert said == (
        "ko 2026년 3월 2일 월요일 3월 2일 오전 12시 5분 오전 12시 5분 2026-03-02 00:05 12,345 사회 · 문화 기사 3건 %(title)s, &lt;b&gt;"
    )
