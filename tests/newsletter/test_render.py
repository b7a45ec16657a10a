"""The face of a digest: what a mail program, and a reader without one, gets to see."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from threading import Thread
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from premailer import Premailer
from selectolax.lexbor import LexborHTMLParser

from newsletter.digest import Digest
from newsletter.errors import RenderError
from newsletter.render import RenderedDigest, Renderer
from newsletter.settings import NewsletterSettings
from newsletter.slots import Slot
from newsletter.typography import columns_of
from newsroom.templates import TemplateError, template_folders
from tests.newsletter.builders import MORNING, PAPER, WIDE, article, digest, english, front_page, korean, many, renderer

WEB = "https://feeds.hangang.example/view/abc"
CORRECTED = article(9, "강변 미술관, 월요일에도 연다", note="여는 시각은 10시가 아니라 11시입니다.")


def rendered(
    made: Digest | None = None, newsletter: NewsletterSettings = MORNING, *, with_: Renderer | None = None
) -> RenderedDigest:
    made = made or digest(front_page(), corrections=[CORRECTED])
    return (with_ or renderer()).render(made, newsletter, web_url=WEB, preferences=True)


def shown(page: LexborHTMLParser, selector: str) -> str:
    """The text of the first such element, blanks folded as a browser does."""
    return " ".join(page.css(selector)[0].text().split())


@pytest.fixture
def overriding(tmp_path: Path) -> Path:
    """The folder of a configuration whose operator has templates of their own."""
    (tmp_path / "templates/mail/digest").mkdir(parents=True)
    (tmp_path / "templates/mail/_base").mkdir()
    return tmp_path


def test_styles_are_inlined_once_for_a_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    """premailer takes tens of milliseconds: run for the mail and again for the page, or for each reader, it would be the brake."""
    runs: list[Premailer] = []
    inline = Premailer.transform

    def counted(self: Premailer, *args: object, **kwargs: object) -> object:
        runs.append(self)
        return inline(self, *args, **kwargs)

    monkeypatch.setattr(Premailer, "transform", counted)
    made = rendered()
    assert made.web
    assert len(runs) == 1


def test_no_style_of_a_template_reaches_the_network(overriding: Path, requests_seen: tuple[str, list[str]]) -> None:
    """A template from elsewhere would make the newsroom's server fetch addresses of its author's choice."""
    address, seen = requests_seen
    shipped = (template_folders()[-1] / "mail/_base/layout.html").read_text(encoding="utf-8")
    evil = f'<link rel="stylesheet" href="{address}/link.css"><style>@import url({address}/import.css); p {{ margin: 0 }}</style>'
    (overriding / "templates/mail/_base/layout.html").write_text(shipped.replace("<title>", f"{evil}<title>"), encoding="utf-8")
    made = rendered(with_=renderer(beside=overriding))
    assert "문 닫던 동네 서점" in made.html
    assert seen == []


def test_night_colours_and_phone_sizes_win_over_the_inlined_ones() -> None:
    """Without !important in the kept @media, a reader at night gets a white sheet."""
    styles = "".join(re.findall(r"<style>(.*?)</style>", rendered().html, re.DOTALL))
    assert "@media (prefers-color-scheme: dark)" in styles
    assert "@media (max-width: 480px)" in styles
    declarations = re.findall(r"[a-z-]+: [^;{}]+(?=;|\n)", styles.split("<![endif]-->")[-1])
    assert len(declarations) > 20
    assert all(declaration.endswith("!important") for declaration in declarations)


def test_the_kept_style_stays_within_gmails_limit() -> None:
    """Gmail drops a whole style element of more than 8,192 characters: no night, no phone."""
    assert max(map(len, re.findall(r"<style>.*?</style>", rendered().html, re.DOTALL))) < 8192


def test_what_outlook_needs_survives() -> None:
    """Classic Outlook stretches the sheet over the whole window without the ghost table and the widths in pixels."""
    made = rendered().html
    assert '<!--[if mso]><table role="presentation" width="640"' in made
    assert made.count("<!--[if mso]>") == made.count("<![endif]-->")
    images = LexborHTMLParser(made).css("img")
    sizes = [(image.attributes["width"], image.attributes["height"]) for image in images]
    assert sizes == [("640", "360"), ("84", "126"), ("112", "63")]
    assert not any("align" in image.attributes for image in images)


def test_the_markup_says_what_it_is_to_a_screen_reader() -> None:
    page = LexborHTMLParser(rendered().html)
    assert [node.attributes["lang"] for node in page.css("html")] == ["ko"]
    assert [node.text() for node in page.css("title")] == ["한강 아침 · 2026년 3월 2일 월요일"]
    assert all(table.attributes["role"] == "presentation" for table in page.css("table"))
    assert all(image.attributes["alt"] for image in page.css("img"))
    levels = [int(str(heading.tag)[1]) for heading in page.css("h1, h2, h3")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(level <= before + 1 for before, level in pairwise(levels))


def test_every_link_is_absolute_and_names_something() -> None:
    for link in LexborHTMLParser(rendered().html).css("a"):
        assert re.match(r"https?://[^/]", link.attributes["href"] or "")
        assert link.text().strip() or link.css("img[alt]")


def test_each_story_is_linked_in_both_parts() -> None:
    """A headline without its address, in the text part above all, leads nowhere."""
    made = rendered()
    for number in range(1, 7):
        assert f"https://hangang.example/article/{number}\n" in made.text
        assert f'href="https://hangang.example/article/{number}"' in made.html


def test_words_from_outside_are_words_only() -> None:
    """A headline with a tag in it would be a way into every reader's mail program."""
    headline = '<img src=x onerror=alert(1)> & "사과" <메트로경제신문>'
    made = rendered(
        digest([article(1, headline, image=replace(WIDE, alt='"><script>'), summary="<script>1</script>", note="<b>")])
    )
    page = LexborHTMLParser(made.html)
    assert [image.attributes["src"] for image in page.css("img")] == [WIDE.url]
    assert not page.css("script")
    assert headline in shown(page, "h2")
    assert headline in made.text.replace("\n", " ")
    assert made.subject.startswith(headline)


def test_a_korean_address_still_leads_to_its_page() -> None:
    """premailer percent-encodes what is not ASCII; encoded twice, the page would not be found."""
    url = "https://hangang.example/기사/동네 서점?면=사회&쪽=1"
    link = LexborHTMLParser(rendered(digest([article(1, url=url)])).html).css("h2 a")[0]
    assert unquote(link.attributes["href"] or "") == url


def test_what_is_the_readers_own_is_not_on_the_page_for_everyone() -> None:
    """The page in a browser is one for all: a slot there is a dead link, and a filled one lets anyone unsubscribe the reader."""
    made = rendered()
    assert "masthead.invalid" not in made.web
    assert Slot.CONFIRMED not in made.web
    assert "바꾸기" not in made.web
    assert "문 닫던 동네 서점" in made.web
    for text in (made.html, made.text):
        assert {slot for slot in Slot if slot in text} == set(Slot)
    for page in (made.html, made.web):
        assert "reader-->" not in page


def test_without_a_page_of_preferences_nothing_links_to_one() -> None:
    made = renderer().render(digest(front_page()), MORNING)
    for text in (made.html, made.text):
        assert Slot.PREFERENCES not in text
        assert Slot.UNSUBSCRIBE in text
        assert "웹에서 보기" not in text


@pytest.mark.parametrize("count", [30, 140])
def test_a_long_digest_stays_below_the_size_at_which_gmail_cuts(count: int) -> None:
    """Cut off near 102 KB, a mail loses its unsubscribe link first."""
    newsletter = MORNING.model_copy(update={"max_stories": min(count, 100)})
    long = replace(WIDE, url=f"https://cdn.hangang.example/{'a' * 160}.jpg", caption="강변 산책로를 걷는 시민들. " * 3)
    stories = [
        replace(each, url=f"{each.url}-{'b' * 120}", revision=replace(each.revision, images=(long,))) for each in many(count)
    ]
    made = rendered(digest(stories, newsletter), newsletter)
    assert len(made.html.encode()) < 100_000


def test_the_text_part_is_written_for_reading() -> None:
    made = rendered()
    lines = made.text.splitlines()
    assert lines[:2] == ["한강일보 · 한강 아침", "2026년 3월 2일 월요일"]
    assert "■ 문화" in lines
    assert "한지우 기자 · 오전 5시 40분" in made.text
    assert "권도현의 느린 경제: 이자를 내는 쪽의 시간은 다르게 흐른다" in lines
    assert [line for line in lines if columns_of(line) > 70 and "://" not in line] == []
    assert [line for line in lines if line != line.rstrip()] == []
    assert not re.search(r"<[a-z/]|&[a-z]+;|\xa0|\n{4}", made.text)


def test_an_english_paper_reads_english() -> None:
    """A paper in another language gets no Korean word of ours."""
    paper = PAPER.model_copy(
        update={"name": "The River Daily", "language": "en", "address": "1 Quay Street", "phone": "+1 555 0100"}
    )
    story = article(
        1, "Bookshops stay open late", section="none", summary="They share empty hours.", credits=(), note="Corrected."
    )
    brief = [article(key, f"Story {key}", section="none", credits=(), summary="Short.") for key in range(2, 40)]
    newsletter = MORNING.model_copy(update={"title": "Morning Brief", "max_stories": 20})
    made = digest(
        [story, *brief], newsletter, language=english(), corrections=[article(90, "Ferry", note="At 7, not 8.", credits=())]
    )
    out = rendered(made, newsletter, with_=renderer(paper=paper, language=english()))
    for text in (out.subject, out.text, re.sub(r"<style.*?</style>| style='[^']*'", "", out.html, flags=re.DOTALL)):
        assert not re.search(r"[가-힣]", text)
    assert "Monday, March 2, 2026" in out.text
    assert out.subject.endswith("| Morning Brief, March 2")
    assert "And 19 more stories at The River Daily." in out.text


def test_the_subject_is_one_line_with_the_first_headline() -> None:
    """Folded or with a line break from a CMS, it would be refused as a header."""
    made = rendered(digest([article(1, "첫 줄\n둘째 줄\r\n Bcc: everyone@example.com")]))
    assert made.subject == "첫 줄 둘째 줄 Bcc: everyone@example.com | 한강 아침 3월 2일"
    assert rendered(digest([])).subject == "한강 아침 3월 2일"


def test_an_operators_subject_is_text_not_html() -> None:
    newsletter = MORNING.model_copy(update={"subject": "[{{ newsletter.title }}] {{ digest.lead.headline }}"})
    assert rendered(digest([article(1, "R&D “예산”")]), newsletter).subject == "[한강 아침] R&D “예산”"


def test_an_empty_digest_says_so() -> None:
    made = rendered(digest([]))
    assert "오늘은 새 기사가 없습니다." in made.html
    assert "오늘은 새 기사가 없습니다." in made.text


def test_stories_left_out_are_counted() -> None:
    made = rendered(digest(many(42)))
    assert "외 12건은" in made.html
    assert "외 12건은 한강일보에서 보실 수 있습니다." in made.text


def test_a_missing_template_is_found_at_the_start(tmp_path: Path) -> None:
    """Found at seven in the morning, it would cost the edition."""
    with pytest.raises(TemplateError, match=r"mail/digest/subject\.txt is missing"):
        Renderer([tmp_path], korean(), PAPER)


def test_a_broken_template_is_named_with_its_line(overriding: Path) -> None:
    (overriding / "templates/mail/digest/body.txt").write_text("안녕하세요\n{% if %}", encoding="utf-8")
    with pytest.raises(TemplateError, match=r"body\.txt, line 2"):
        renderer(beside=overriding)


def test_a_template_that_asks_for_what_is_not_there_fails_before_anything_is_mailed(overriding: Path) -> None:
    """A misspelt name printed as nothing would reach every reader."""
    (overriding / "templates/mail/digest/subject.txt").write_text("{{ digest.laed }}", encoding="utf-8")
    with pytest.raises(RenderError, match=r"morning .*laed"):
        rendered(with_=renderer(beside=overriding))


def test_styles_that_cannot_be_inlined_are_reported(overriding: Path) -> None:
    (overriding / "templates/mail/_base/style.css").write_text(
        "@media print { @media screen { p { margin: 0 } } }", encoding="utf-8"
    )
    with pytest.raises(RenderError, match="cannot be inlined"):
        rendered(with_=renderer(beside=overriding))


def test_a_papers_logo_stands_in_for_its_name() -> None:
    paper = PAPER.model_copy(update={"logo": "https://hangang.example/logo.png"})
    logo = LexborHTMLParser(rendered(with_=renderer(paper=paper)).html).css("h1 img")[0]
    assert (logo.attributes["alt"], logo.attributes["src"]) == ("한강일보", "https://hangang.example/logo.png")


@settings(max_examples=40)
@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")), min_size=1, max_size=80))
def test_any_headline_comes_through_both_parts(headline: str) -> None:
    """One odd character must not cost a whole edition."""
    headline = " ".join(headline.split()) or "제목"
    made = rendered(digest([article(1, headline)]))
    assert shown(LexborHTMLParser(made.html), "h2") == headline
    assert made.subject.startswith(headline)


@pytest.fixture
def requests_seen() -> Iterator[tuple[str, list[str]]]:
    """A loopback web server's address, and the paths asked of it."""
    seen: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # http.server names it so
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", seen
    server.shutdown()
    thread.join()
    server.server_close()
