"""The pages a reader comes to from a mail, in a real browser: on a phone and on a desk, by day and by night."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from masthead.agenda import open_due_edition
from masthead.app import App
from masthead.demo.servers import WebServer, listen
from masthead.jobs import publish
from masthead.service import Service
from tests.masthead.papers import SEVEN, add_article, add_readers

pytestmark = pytest.mark.browser

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium."""
    if CHROMIUM is None:
        pytest.skip("no Chromium here")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, "--no-first-run"])
        yield chromium
        chromium.close()


@pytest.fixture
def paths(app: App) -> dict[str, str]:
    """The pages by name, of a paper with an edition that has two readers."""
    add_article(app)
    add_readers(app, 2)
    open_due_edition(app, app.newsletter("morning"), SEVEN)
    publish(app)
    with app.database.read() as connection:
        uid = str(connection.exec_driver_sql("SELECT uid FROM subscriber").scalars().first())
    links = {"leave": app.links.unsubscribe(uid, "morning"), "view": app.links.view("morning", "2026-03-02", "all")}
    return {name: link.removeprefix(app.config.web.url) for name, link in links.items()} | {"index": "/", "missing": "/nowhere"}


@pytest.fixture
def site(app: App, paths: dict[str, str]) -> Iterator[str]:
    """The paper's web server."""
    server = WebServer(Service(app), listen(0))
    server.start()
    yield server.url
    server.stop()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1100])
def test_every_page_fits_and_loads_nothing_from_elsewhere(
    browser: Browser, site: str, paths: dict[str, str], width: int, scheme: Literal["light", "dark"]
) -> None:
    """A reader would have to push the page to and fro; or the policy would forbid the page its own style."""
    page = browser.new_page(viewport={"width": width, "height": 640}, color_scheme=scheme)
    complaints: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    for name, path in paths.items():
        page.goto(site + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        assert page.evaluate("getComputedStyle(document.body).margin") != "8px", f"{name} has no style"
    assert [text for text in complaints if "404" not in text] == []
    assert {url.partition("/")[0] + "//" + url.split("/")[2] for url in asked if not url.startswith("data:")} == {site}
    page.close()


def test_leaving_is_one_press_also_from_the_keyboard(browser: Browser, app: App, site: str, paths: dict[str, str]) -> None:
    """Whoever cannot use a mouse could not leave; or the page would ask again."""
    page: Page = browser.new_page(viewport={"width": 390, "height": 640})
    page.goto(site + paths["leave"])
    assert app.newsletters.subscribers("morning") == 2
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "BUTTON"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('수신거부를 마쳤습니다')")
    assert page.url == site + paths["leave"], "no redirect"
    assert app.newsletters.subscribers("morning") == 1
    page.close()
