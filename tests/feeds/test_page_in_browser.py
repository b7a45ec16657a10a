"""The page of feeds in a real browser, under a policy that lets nothing but its own files in.

Screenshots are kept where ``SCREENSHOTS`` names a folder.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from newsroom.model import Reporter
from tests.feeds.builders import URL, article

if TYPE_CHECKING:
    from tests.feeds.conftest import Newsroom

pytestmark = pytest.mark.browser

NAMES = "강이든 권나래 김서현 김이안 남궁솔 노한결 류다온 문가온 박지훈 배은재 백시온 서유림 선우진 오태린 윤서진 임채원 정하늘 제갈윤 최하람 표시우 한도경"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


class Strict(SimpleHTTPRequestHandler):
    """Serves files under the strictest policy that the page can have."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; img-src data:")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class's name)
        """Say nothing."""


@pytest.fixture
def address(newsroom: Newsroom) -> Iterator[str]:
    """Where the page of a paper with twenty-odd reporters is served."""
    people = [Reporter(slug=f"r{number}", name=name, names=(name,), role="기자") for number, name in enumerate(NAMES.split())]
    newsroom.articles.save_reporters(people)
    headline = "“들린다, 들린다”… 학생 위성 ‘물수제비’ 발사 97분 만에 첫 신호"
    newsroom.take(*(article(number, headline=headline, sections=("game",)) for number in range(3)))
    newsroom.publish()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Strict, directory=str(newsroom.folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/index.html"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, started once."""
    if CHROMIUM is None:
        pytest.skip("no Chromium: apt install chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@contextmanager
def opened(browser: Browser, address: str, *, width: int = 1160, dark: bool = False, script: bool = True) -> Iterator[Page]:
    """The page, in a window of its own; fails if the browser complains about anything."""
    complaints: list[str] = []
    page = browser.new_page(
        viewport={"width": width, "height": 860}, color_scheme="dark" if dark else "light", java_script_enabled=script
    )
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address)
    yield page
    page.close()
    assert complaints == []


def visible(page: Page) -> list[str]:
    return [" ".join(text.split()) for text in page.locator("[data-find]:visible h3").all_inner_texts()]


@pytest.mark.parametrize("width", [320, 390, 768, 1160])
@pytest.mark.parametrize("dark", [False, True])
def test_it_fits_every_screen(browser: Browser, address: str, width: int, dark: bool) -> None:
    """On a phone the page would slide sideways."""
    with opened(browser, address, width=width, dark=dark) as page:
        page.locator("#reporter-r2 summary").click()
        assert page.evaluate("document.documentElement.scrollWidth") == width
        box = page.locator("#reporter-r2 .address").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        if folder := os.environ.get("SCREENSHOTS"):
            page.screenshot(path=Path(folder) / f"feeds-{width}-{'dark' if dark else 'light'}.png", full_page=True)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("김서현", ["김서현 기자"]),
        ("ㄱㅅㅎ", ["김서현 기자"]),
        ("ㄱㅇㄷ", ["강이든 기자 (ideun)", "강이든 기자 (r0)"]),
        ("김ㅅ", ["김서현 기자"]),
        ("김섷", ["김서현 기자"]),
        ("노하", ["노한결 기자"]),
        ("궈", ["권나래 기자"]),
        ("박지훈 ㄱㅈ(ㅅㅍㅊ", ["박지훈 기자 (스포츠)"]),
        ("외교", ["정치"]),
        ("it", ["IT·과학 3건"]),
        ("게이", ["IT·과학 3건"]),
        ("ㄱㅅㅎㅎ", []),
        ("없는 이름", []),
    ],
)
def test_names_are_found_as_koreans_type_them(browser: Browser, address: str, typed: str, found: list[str]) -> None:
    """A reader would have to spell out a name, and see nothing while a syllable is half typed."""
    with opened(browser, address) as page:
        page.locator("#search input").fill(typed)
        assert visible(page) == found
        assert page.locator("#nothing").inner_text() == ("" if found else "찾는 이름의 기자나 면이 없습니다.")
        page.locator("#search input").fill("")
        assert len(visible(page)) == 3 + 4 + 21


def test_one_press_copies_the_address(browser: Browser, address: str) -> None:
    """A reader on a phone would have to select a long address with a finger."""
    with opened(browser, address) as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.locator("#section-game summary").click()
        page.locator("#section-game button").click()
        assert page.locator("#section-game button").inner_text() == "복사됨"
        assert page.evaluate("navigator.clipboard.readText()") == f"{URL}/sections/game.atom"


def test_an_open_address_closes_again(browser: Browser, address: str) -> None:
    """Open boxes would cover the list."""
    with opened(browser, address) as page:
        page.locator("#reporter-r1 summary").click()
        page.locator("#section-sports > details summary").click()
        assert page.locator(".address:visible").count() == 1
        page.keyboard.press("Escape")
        assert page.locator(".address:visible").count() == 0
        page.locator("#reporter-r1 summary").click()
        page.locator("footer").click()
        assert page.locator(".address:visible").count() == 0


def test_it_works_without_a_script(browser: Browser, address: str) -> None:
    """Who has scripts turned off would see dead buttons and no address."""
    with opened(browser, address, script=False) as page:
        assert not page.locator("#search").is_visible()
        page.locator("#reporter-r1 summary").click()
        assert page.locator("#reporter-r1 input").input_value() == f"{URL}/reporters/r1.atom"
        assert not page.locator("#reporter-r1 button").is_visible()
        page.locator("#reporter-r2 summary").click()
        assert page.locator(".address:visible").count() == 1
