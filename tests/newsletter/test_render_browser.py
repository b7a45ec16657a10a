"""The digest in a real browser, as a phone and a desk show it, by day and by night, without pictures and without styles."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from newsroom.model import Credit
from tests.newsletter.builders import MORNING, article, digest, english, front_page, korean, many, renderer

pytestmark = pytest.mark.browser

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]

# The contrast of every word with what lies behind it (WCAG 2.2), the weakest first.
WEAKEST = """() => {
  const channel = v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4
  const luminance = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b)
  const parts = css => css.match(/[\\d.]+/g).map(Number)
  const ground = node => {
    for (; node; node = node.parentElement) {
      const colour = parts(getComputedStyle(node).backgroundColor)
      if (colour[3] !== 0) return colour
    }
    return [255, 255, 255]
  }
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const found = []
  while (words.nextNode()) {
    const node = words.currentNode
    if (!node.textContent.trim() || !node.parentElement.getClientRects().length) continue
    const pair = [luminance(parts(getComputedStyle(node.parentElement).color)), luminance(ground(node.parentElement))].sort()
    found.push([(Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05), node.textContent.trim()])
  }
  return found.sort((a, b) => a[0] - b[0])[0]
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not program:
        pytest.skip("no Chromium is installed")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield running
        running.close()


def shown(browser: Browser, html: str, width: int, scheme: Literal["light", "dark"] = "light") -> Page:
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.route("**/*", lambda route: route.abort())
    page.set_content(html)
    return page


@pytest.fixture(scope="module")
def mails() -> dict[str, str]:
    """A usual day, a busy one, and one in English with the longest names."""
    signed = [
        Credit(name="Wilhelmina Featherstonehaugh", role="Chief Correspondent"),
        Credit(name="Bartholomew Cholmondeley", role="Arts Editor"),
    ]
    long_word = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz " * 3
    days = {
        "usual": (digest(front_page(), corrections=[article(9, note="바로잡습니다.")]), korean()),
        "busy": (digest(many(60)), korean()),
        "english": (digest([*many(6), article(90, long_word, credits=signed)], language=english()), english()),
    }
    return {
        name: renderer(language=language).render(made, MORNING, web_url="https://feeds.hangang.example/v", preferences=True).html
        for name, (made, language) in days.items()
    }


@pytest.mark.parametrize(
    ("day", "width", "styled"),
    [
        *((day, width, True) for day in ("usual", "busy", "english") for width in (320, 360, 480, 640, 900)),
        *((day, width, False) for day in ("usual", "busy") for width in (360, 640)),
    ],
)
def test_nothing_hangs_over_the_edge(browser: Browser, mails: dict[str, str], day: str, width: int, styled: bool) -> None:
    """A mail wider than the phone is read by pushing it to and fro."""
    html = mails[day] if styled else re.sub(r"<style.*?</style>", "", mails[day], flags=re.DOTALL)
    page = shown(browser, html, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("h2").first.is_visible()
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_can_be_read(browser: Browser, mails: dict[str, str], scheme: Literal["light", "dark"]) -> None:
    page = shown(browser, mails["usual"], 360, scheme)
    ratio, words = page.evaluate(WEAKEST)
    assert ratio >= 4.5, words
    page.close()


def test_at_night_the_sheet_is_dark(browser: Browser, mails: dict[str, str]) -> None:
    page = shown(browser, mails["usual"], 640, "dark")
    assert page.locator(".sheet").evaluate("node => getComputedStyle(node).backgroundColor") == "rgb(24, 27, 31)"
    page.close()


def test_the_sheet_is_a_page_of_640_in_the_middle(browser: Browser, mails: dict[str, str]) -> None:
    page = shown(browser, mails["usual"], 1000)
    box = page.locator(".sheet").bounding_box()
    assert box is not None
    assert (box["x"], box["width"]) == (180, 640)
    page.close()
