"""``make screenshots``: the README's pictures, taken anew of the demo paper's digest and feeds page.

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
WIDTH, HEIGHT = 720, 1080


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
                _take(browser, FOLDER / "feeds.png", url=(app.config.feeds.directory / "index.html").as_uri())
                _take(browser, FOLDER / "digest.png", html=digest)
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


def _take(browser: Browser, file: Path, *, url: str = "", html: str = "") -> None:
    page = browser.new_page(
        viewport={"width": WIDTH if html else 1160, "height": HEIGHT}, device_scale_factor=1, color_scheme="light"
    )
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
