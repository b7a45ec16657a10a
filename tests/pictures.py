"""``make screenshots``: the README's pictures, taken anew of the demo paper's digest and feeds page.

Small on purpose: a palette of 256 colours is enough for ink on paper.
"""

from __future__ import annotations

import io
import shutil
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from masthead.app import App, now
from masthead.demo.servers import WebServer, listen
from masthead.demo.stage import Stage, editions_at
from masthead.jobs import deliver, plan_edition, publish, pull
from masthead.service import web_application
from newsletter.subscribers import import_subscribers

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
WIDTH, HEIGHT = 720, 1080


def main() -> None:
    """Take them."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    program = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        stage = Stage(Path(folder), port=0, clock=now)
        due = editions_at(now())
        stage.open(morning=due["morning"], evening=due["evening"])
        app = App(stage.config)
        for source in app.config.sources:
            pull(app, source)
        publish(app)
        newsletter = app.newsletter("morning")
        import_subscribers(Path(folder) / "readers.csv", newsletter.slug, app.newsletters, zone=app.zone, now=now())
        day = due["morning"].astimezone(app.zone).date()
        deliver(app, newsletter, plan_edition(app, newsletter, day, by_hand=True))
        page = app.newsletters.digests(1)[0].web
        web = WebServer(web_application(app), listen(0))
        web.start()
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        _take(browser, FOLDER / "feeds.png", url=web.url)
        _take(browser, FOLDER / "digest.png", html=page)
        browser.close()
        web.stop()
        app.close()
        stage.close()


def _take(browser: Browser, file: Path, *, url: str = "", html: str = "") -> None:
    page = browser.new_page(viewport={"width": WIDTH if html else 1160, "height": HEIGHT}, device_scale_factor=1, color_scheme="light")
    if html:
        page.set_content(html)
    else:
        page.goto(url)
    page.wait_for_load_state("networkidle")
    taken = Image.open(io.BytesIO(page.screenshot()))
    taken.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(file, optimize=True)
    print(f"{file.relative_to(FOLDER.parents[1])}  {file.stat().st_size / 1000:.0f} KB")


if __name__ == "__main__":
    main()
