"""The pages for people in a real browser, under a policy that lets nothing but their own files in."""

from __future__ import annotations

import io
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from feeds import page as pages
from feeds.catalogue import Catalogue
from feeds.model import Headline, Latest
from newsroom.model import Reporter, Series
from newsroom.sections import SectionTree
from newsroom.templates import environment, template_folders
from newsroom.topics import Topics
from tests.feeds.builders import NOON, PAPER, SECTIONS, URL, language

pytestmark = pytest.mark.browser

NAMES = (
    "강이든 권나래 김서현 김이안 남궁솔 노한결 류다온 문가온 박지훈 배은재 백시온 서유림 선우진 오태린 윤서진 임채원 정하늘 제갈윤 최하람 표시우 "
    "한도경 박지훈 고은솔 나도현 우다인"
)
HEADLINE = "초보 항해사 ‘모과호’, 마지막 20㎞서 뒤집었다… 신기록 우승"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'"
"""Stricter than the server's own, which lets styles stand in a page and portraits come from the paper's picture server."""

# The contrast of every visible text with what is behind it (WCAG 2.2, 1.4.3): large text needs 3, other text 4.5.
CONTRASTS = """() => {
  const channels = (css) => (css.match(/[\\d.]+/g) ?? []).map(Number);
  const luminance = ([r, g, b]) => [r, g, b].map((c) => c / 255).map((c) => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
  const behind = (element) => {
    const found = channels(getComputedStyle(element).backgroundColor);
    return found.length === 4 && found[3] === 0 ? behind(element.parentElement) : found;
  };
  const faults = [];
  for (const element of document.body.querySelectorAll("*")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!own || !element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    const [a, b] = [luminance(channels(style.color)), luminance(behind(element))].sort((x, y) => y - x);
    const size = parseFloat(style.fontSize);
    const needed = size >= 24 || (size >= 18.66 && style.fontWeight >= 700) ? 3 : 4.5;
    if ((a + .05) / (b + .05) < needed) faults.push(`${element.textContent.trim()}: ${((a + .05) / (b + .05)).toFixed(2)}`);
  }
  return faults;
}"""


class Strict(SimpleHTTPRequestHandler):
    """Serves files under the strictest policy that the pages can have."""

    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".xml": "application/xml"}  # noqa: RUF012 (as in the base class)

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class's name)
        """Say nothing."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of a paper with twenty-odd reporters, below a prefix as behind a larger site."""
    root = tmp_path_factory.mktemp("site")
    folder = root / "paper" / "feeds"
    people = [
        Reporter(
            slug=f"r{number}",
            name=name,
            role="기자",
            section={8: "politics", 21: "sports"}.get(number, ""),
            portrait="/paper/portrait.png" if number == 2 else "",
        )
        for number, name in enumerate(NAMES.split())
    ]
    topics = Topics([Series(slug="slow", title="김이안의 느린 셈", names=("느린 셈",))], [], [])
    catalogue = Catalogue(PAPER, URL, SectionTree(SECTIONS), people, language(), topics=topics)
    templates = environment(template_folders(), language())
    latest = {
        feed.path: Latest(headline=HEADLINE, url="https://dumul.example/1", published=NOON, same_day=3) for feed in catalogue
    }
    files = {name: pages.asset(name, PAPER, templates) for name in pages.ASSETS}
    files["index.html"] = pages.index(catalogue, latest, templates)
    headlines = [
        Headline(
            text=HEADLINE,
            url=f"https://dumul.example/{number}",
            published=NOON - timedelta(hours=5 * number),
            authors=("강이든", "김서현"),
            sections=("game",),
        )
        for number in range(10)
    ]
    for feed in catalogue:
        files[feed.file("html")] = pages.feed_page(catalogue, feed, headlines, templates, ("atom", "rss", "json"))
    picture = io.BytesIO()
    Image.new("RGB", (88, 88), "#8899aa").save(picture, "PNG")
    files["../portrait.png"] = picture.getvalue()
    files["../../favicon.ico"] = b""  # a browser asks for it where a document, as one of XML, cannot name its own
    for path, body in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(body)
    return root


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[str]:
    """Where they are served."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Strict, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/paper/feeds"
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
    """The page, in a window of its own; fails if the browser complains about anything or asks another server for something."""
    complaints: list[str] = []
    page = browser.new_page(
        viewport={"width": width, "height": 860}, color_scheme="dark" if dark else "light", java_script_enabled=script
    )
    host = "/".join(address.split("/")[:3])
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith((host, "data:")) else complaints.append(request.url))
    page.goto(address)
    yield page
    page.close()
    assert complaints == []


def visible(page: Page) -> list[str]:
    return [" ".join(text.split()) for text in page.locator("main .name:visible").all_inner_texts()]


PAGES = ["index.html", "front.html", "sections/it.html", "reporters/r2.html", "reporters/r21.html", "series/slow.html"]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("dark", [False, True])
def test_it_fits_every_screen_and_can_be_read(browser: Browser, site: str, path: str, dark: bool) -> None:
    """On a phone the page would slide sideways; in the dark or with weak eyes nobody could read it."""
    with opened(browser, f"{site}/{path}", dark=dark) as page:
        for width in (320, 360, 768, 1160):
            page.set_viewport_size({"width": width, "height": 860})
            assert page.evaluate("document.documentElement.scrollWidth") == width
        assert page.evaluate(CONTRASTS) == []


@pytest.mark.parametrize("width", [320, 1160])
def test_an_open_address_stays_on_the_screen(browser: Browser, site: str, width: int) -> None:
    """The button would lie beyond the edge."""
    with opened(browser, f"{site}/index.html", width=width) as page:
        row = page.locator(".row", has_text="김서현")
        row.locator("summary").click()
        box = row.locator(".address").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("김서현", ["김서현 기자"]),
        ("ㄱㅅㅎ", ["김서현 기자"]),
        ("김ㅅㅎ", ["김서현 기자"]),
        ("김ㅅ", ["김서현 기자"]),
        ("ㄱㅇㄷ", ["강이든 기자"]),
        ("김섷", ["김서현 기자"]),
        ("노하", ["노한결 기자"]),
        ("궈", ["권나래 기자"]),
        ("박지훈 ㄱㅈ(ㅅㅍㅊ", ["박지훈 기자 (스포츠)"]),
        ("외교", ["정치", "외교·안보"]),
        ("it", ["IT·과학", "게임"]),
        ("게이", ["IT·과학", "게임"]),
        ("느린", ["김이안의 느린 셈"]),
        ("ㄱㅇㅇ", ["김이안의 느린 셈", "김이안 기자"]),
        ("ㄱㅅㅎㅎ", []),
        ("없는 이름", []),
    ],
)
def test_names_are_found_as_koreans_type_them(browser: Browser, site: str, typed: str, found: list[str]) -> None:
    """A reader would have to spell out a name, and see nothing while a syllable is half typed."""
    with opened(browser, f"{site}/index.html") as page:
        page.locator("#search input").fill(typed)
        assert visible(page) == found
        assert page.locator("#nothing").inner_text() == ("" if found else "찾는 이름의 기자나 면, 연재가 없습니다.")
        assert page.locator("main h3:visible").count() == sum(name.endswith(("기자", ")")) for name in found)
        page.locator("#search input").fill("")
        assert len(visible(page)) == len(SECTIONS) + 1 + len(NAMES.split())


def test_letters_lead_to_their_names(browser: Browser, site: str) -> None:
    """A reader would land somewhere else, or under the bar of letters."""
    with opened(browser, f"{site}/index.html") as page:
        page.get_by_role("link", name="ㅎ", exact=True).click()
        letters, heading = page.locator(".letters").bounding_box(), page.locator("h3", has_text="ㅎ").bounding_box()
        assert letters is not None
        assert heading is not None
        assert letters["y"] >= 0
        assert letters["y"] + letters["height"] <= heading["y"] + heading["height"] <= 860


def test_one_press_copies_the_address(browser: Browser, site: str) -> None:
    """A reader on a phone would have to select a long address with a finger."""
    for path, feed in (("index.html", "reporters/r2"), ("sections/it.html", "sections/it")):
        with opened(browser, f"{site}/{path}") as page:
            page.context.grant_permissions(["clipboard-read", "clipboard-write"])
            place = page.locator(".row", has_text="김서현") if path == "index.html" else page.locator(".subscribe")
            if path == "index.html":
                place.locator("summary").click()
            place.locator("button").click()
            place.get_by_role("button", name="복사됨").wait_for()
            assert page.evaluate("navigator.clipboard.readText()") == f"{URL}/{feed}.atom"
            place.get_by_role("button", name="복사", exact=True).wait_for()


def test_all_can_be_done_with_the_keyboard(browser: Browser, site: str) -> None:
    """Who uses no mouse could not get at an address."""
    with opened(browser, f"{site}/index.html") as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.locator(".row", has_text="김서현").locator(".name").focus()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.locator(".address:visible").count() == 1
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        page.keyboard.press("Enter")
        page.get_by_role("button", name="복사됨").wait_for()
        assert page.evaluate("navigator.clipboard.readText()") == f"{URL}/reporters/r2.atom"
        page.keyboard.press("Escape")
        assert page.locator(".address:visible").count() == 0


def test_an_open_address_closes_again(browser: Browser, site: str) -> None:
    """Open boxes would cover the list."""
    with opened(browser, f"{site}/index.html") as page:
        page.locator(".row", has_text="권나래").locator("summary").click()
        page.locator(".row", has_text="스포츠").first.locator("summary").click()
        assert page.locator(".address:visible").count() == 1
        page.locator("footer").click()
        assert page.locator(".address:visible").count() == 0


def test_it_works_without_a_script(browser: Browser, site: str) -> None:
    """Who has scripts turned off would see dead buttons and no address."""
    with opened(browser, f"{site}/index.html", script=False) as page:
        assert not page.locator("#search").is_visible()
        page.locator(".row", has_text="권나래").locator("summary").click()
        assert page.locator(".address:visible a").inner_text() == f"{URL}/reporters/r1.atom"
        assert page.locator("button:visible").count() == 0
        page.locator(".row", has_text="권나래").locator(".name").click()
        assert page.locator("h1").inner_text() == "권나래 기자"
        assert page.locator("button:visible").count() == 0
        page.locator(".masthead .pill").click()
        assert page.url == f"{site}/index.html"


def test_a_page_can_be_printed(browser: Browser, site: str) -> None:
    """A sheet on the notice board would have buttons and no address."""
    with opened(browser, f"{site}/reporters/r2.html", dark=True) as page:
        page.emulate_media(media="print")
        assert page.locator(".qr").is_visible()
        assert page.locator(".subscribe .address a").is_visible()
        assert not page.locator("button").is_visible()
        assert page.locator(".readers a:visible").count() == 0
        assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"


ATOM = """<?xml version="1.0" encoding="UTF-8"?><?xml-stylesheet type="text/css" href="feed.css"?>
<feed xmlns="http://www.w3.org/2005/Atom"><id>tag:x</id><title>두물일보</title><subtitle>모든 기사</subtitle>
<entry><id>tag:y</id><title>막차</title><author><name>강이든</name><uri>https://x</uri></author><summary>달빛버스</summary>
<content type="html">&lt;p&gt;전문</content></entry></feed>"""
RSS = """<?xml version="1.0" encoding="UTF-8"?><?xml-stylesheet type="text/css" href="feed.css"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>두물일보</title><link>https://x</link><description>모든 기사</description><item><title>막차</title><guid>tag:y</guid>
<dc:creator>강이든</dc:creator><description>달빛버스</description><content:encoded>&lt;p&gt;전문</content:encoded></item></channel></rss>"""


@pytest.mark.parametrize("document", [ATOM, RSS])
def test_a_feed_opened_in_a_browser_can_be_read(browser: Browser, site: str, folder: Path, document: str) -> None:
    """Who presses a feed's address would see a heap of ids and markup."""
    (folder / "paper/feeds/opened.xml").write_text(document, encoding="utf-8")
    with opened(browser, f"{site}/opened.xml") as page:
        shown = (
            "document.querySelectorAll('*')].filter((e) => !e.children.length && e.checkVisibility()).map((e) => e.textContent)"
        )
        assert sorted(page.evaluate(f"[...{shown}")) == sorted(["두물일보", "모든 기사", "막차", "강이든", "달빛버스"])
        note = page.evaluate("getComputedStyle(document.documentElement, '::before').content")
        assert note.startswith('"구독용 피드입니다.')
