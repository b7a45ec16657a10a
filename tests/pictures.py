"""``make screenshots``: the README's pictures, taken anew of the demo paper's digest and the pages of its feeds.

Small on purpose: a palette of 256 colours is enough for ink on paper.
"""

from __future__ import annotations

import io
import logging
import shutil
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Literal

import structlog
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from masthead.app import App, now
from masthead.demo.stage import Stage, editions_at
from masthead.jobs import deliver, plan_edition, publish, pull
from newsletter.subscribers import import_subscribers

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
MAIL, DESKTOP, PHONE = (720, 1080), (1160, 1080), (360, 780)
SECTION = "it"


def main() -> None:
    """Take them."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        stage = Stage(Path(folder), port=0, clock=now)
        due = editions_at(now())
        stage.open(morning=due["morning"], evening=due["evening"])
        app = App(stage.config)
        try:
            digest = _print(app, Path(folder) / "readers.csv", due["morning"].astimezone(app.zone).date())
            program = next((found for name in BROWSERS if (found := shutil.which(name))), None)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
                _take(browser, FOLDER / "digest.png", html=digest, size=MAIL)
                for name, file in _pages(app).items():
                    for device, size in {"": DESKTOP, "-phone": PHONE}.items():
                        _take(browser, FOLDER / f"{name}{device}.png", url=file.as_uri(), size=size)
                        _take(browser, FOLDER / f"{name}{device}-dark.png", url=file.as_uri(), size=size, scheme="dark")
                browser.close()
        finally:
            app.close()
            stage.close()


def _print(app: App, readers: Path, day: date) -> str:
    """The demo paper pulled, published and mailed; gives the page of its morning digest."""
    for source in app.config.sources:
        pull(app, source)
    publish(app)
    newsletter = app.newsletter("morning")
    import_subscribers(readers, newsletter.slug, app.newsletters, zone=app.zone, now=now())
    edition = plan_edition(app, newsletter, day, by_hand=True)
    deliver(app, newsletter, edition)
    return app.newsletters.digests(edition.id)[0].web


def _pages(app: App) -> dict[str, Path]:
    """The list of feeds, a section and a reporter, by the names of their pictures."""
    catalogue, folder = app.catalogue(), Path(app.config.feeds.directory)
    return {
        "feeds": folder / "index.html",
        "section": folder / catalogue.of_section[SECTION].file("html"),
        "reporter": folder / next(iter(catalogue.of_reporter.values())).file("html"),
    }


def _take(
    browser: Browser,
    file: Path,
    *,
    size: tuple[int, int],
    url: str = "",
    html: str = "",
    scheme: Literal["light", "dark"] = "light",
) -> None:
    width, height = size
    page = browser.new_page(viewport={"width": width, "height": height}, device_scale_factor=1, color_scheme=scheme)
    if html:
        page.set_content(html)
    else:
        page.goto(url)
    page.wait_for_load_state("networkidle")
    taken = Image.open(io.BytesIO(page.screenshot()))
    taken.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(file, optimize=True)
    sys.stdout.write(f"{file.relative_to(FOLDER.parents[1])}  {file.stat().st_size / 1000:.0f} KB\n")


if __name__ == "__main__":
    main()
