"""The demo as it plays: the paper is pulled, published and mailed, and then news comes in. Nothing leaves this machine."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from masthead.agenda import deliver_unfinished
from masthead.app import App, now
from masthead.demo.stage import Stage, editions_at
from masthead.jobs import plan_edition, publish, pull
from masthead.service import Service
from newsletter.edition import Tally
from newsletter.subscribers import import_subscribers
from newsroom.errors import NewsroomError
from newsroom.model import Verdict

SECONDS_BETWEEN_WAVES = 25
out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


class DemoError(NewsroomError):
    """The demo did not come out as it should have."""


def play(*, once: bool, port: int, keep: Path | None) -> None:
    """Play it to the end, or until somebody ends it. Raises DemoError where something came out wrong."""
    with ExitStack() as open_things:
        folder = open_things.enter_context(_folder(keep))
        stage = Stage(folder, port=port, clock=now)
        open_things.callback(stage.close)
        due = editions_at(now())
        stage.open(morning=due["morning"], evening=due["evening"])
        app = App(stage.config)
        open_things.callback(app.close)
        _begin(app, stage, due)
        if once:
            _play_once(app, stage, due)
        else:
            _play_live(app, stage)


def _begin(app: App, stage: Stage, due: Mapping[str, datetime]) -> None:
    """Pull the paper, publish its feeds, and mail the morning's digest."""
    out.print(Text.assemble((app.config.paper.name, "bold"), "  an invented Korean daily, on this machine only"))
    with err.status("Pulling the articles…"):
        for source in app.config.sources:
            counts = pull(app, source).counts
            out.print(f"  pulled    {source.name}: {counts[Verdict.NEW.value]} articles", markup=False)
            if counts[Verdict.REFUSED.value]:
                raise DemoError(f"{counts[Verdict.REFUSED.value]} articles of {source.name} were refused.")
    with err.status("Writing the feeds…"):
        published = publish(app)
    out.print(f"  published {published.feeds} feeds for {app.articles.count()} articles")
    report = import_subscribers(stage.folder / "readers.csv", "morning", app.newsletters, zone=app.zone, now=app.clock())
    import_subscribers(stage.folder / "readers.csv", "evening", app.newsletters, zone=app.zone, now=app.clock())
    out.print(f"  readers   {report.rows} confirmed subscribers")
    with err.status("Mailing the morning's digest…"):
        _send(app, "morning", due["morning"].astimezone(app.zone).date())


def _send(app: App, slug: str, day: date) -> None:
    """An edition, planned and delivered as the schedule does it."""
    newsletter = app.newsletter(slug)
    edition = plan_edition(app, newsletter, day, by_hand=True)
    deliver_unfinished(app, newsletter, app.clock())
    tally = app.newsletters.tally(edition.id)
    _check(tally, newsletter.title)
    out.print(f"  mailed    {newsletter.title}, {app.language.date(day)}: {tally.sent} of {tally.planned}", markup=False)


def _check(tally: Tally, title: str) -> None:
    if not tally.adds_up or tally.sent != tally.planned or not tally.planned:
        raise DemoError(f"{title}: {tally.sent} of {tally.planned} mails were sent.")


def _play_once(app: App, stage: Stage, due: Mapping[str, datetime]) -> None:
    """Let everything happen that would happen in time, then end."""
    while stage.site.advance():
        outcomes = [outcome for source in app.config.sources for outcome in pull(app, source).outcomes]
        for outcome in outcomes:
            if outcome.verdict is not Verdict.UNCHANGED:
                out.print(f"  {outcome.verdict.value:<9} {outcome.headline}", markup=False)
        published = publish(app)
        out.print(f"  published {len(published.written)} files that changed, of {published.feeds} feeds and their pages")
    _send(app, "evening", due["evening"].astimezone(app.zone).date())
    out.print(f"  inbox     {len(stage.inbox.mails())} mails")
    again = publish(app)
    if again.written:
        raise DemoError(f"an unchanged run wrote {', '.join(again.written)}.")
    out.print("done: everything ran once, and a second publish wrote nothing.")


def _play_live(app: App, stage: Stage) -> None:
    """Keep running, with news coming in, until somebody ends it."""
    ended = threading.Event()

    def news() -> None:
        while not ended.wait(SECONDS_BETWEEN_WAVES):
            if not stage.site.advance():
                return
            out.print("  the paper's site has changed; the next pull, within ten seconds, brings it in")

    service = Service(app)
    thread = threading.Thread(target=news, daemon=True)
    thread.start()
    try:
        service.run(_ready(app, stage))
    finally:
        ended.set()


def _ready(app: App, stage: Stage) -> Callable[[str], None]:
    def show(address: str) -> None:
        base = address.rstrip("/")
        table = Table(box=None, pad_edge=False, show_header=False)
        for name, where in (
            ("feeds page", f"{base}/"),
            ("a section", f"{base}/sections/it.atom"),
            ("a reporter", f"{base}/reporters/yurim.atom"),
            ("inbox", f"{stage.inbox_url}/"),
            ("the paper's site", f"{stage.site_url}/"),
            ("configuration", str(stage.config)),
        ):
            table.add_row(f"  {name}", where)
        out.print(table)
        evening = app.newsletter("evening")
        out.print(
            f"ready. New articles and a correction appear in the next two minutes; {evening.title} is mailed at {evening.send:%H:%M}. Ctrl-C ends."
        )

    return show


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        if any(keep.iterdir()):
            raise DemoError(f"{keep} is not empty; name a new folder with --keep.")
        yield keep.absolute()
        return
    with tempfile.TemporaryDirectory(prefix="masthead-demo-") as made:
        yield Path(made)
