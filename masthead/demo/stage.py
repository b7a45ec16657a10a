"""The demo's stage: the paper's website, its readers' inbox, and a configuration that joins Masthead to both."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path

from masthead.demo.inbox import Inbox, create_inbox
from masthead.demo.paper import SEOUL, load_paper
from masthead.demo.servers import WebServer, listen
from masthead.demo.site import Site, create_site
from newsletter.subscribers import COLUMNS

READERS = (("jiwoo@example.com", "한지우"), ("eunseo.nam@example.com", "남은서"), ("reader@example.org", ""))
_WEB, _SITE, _SMTP = 8800, 8801, 8825  # the ports that config.toml names


class Stage:
    """Everything around Masthead, on loopback. ``port`` is that of Masthead's own pages; the others follow it."""

    def __init__(self, folder: Path, *, port: int, clock: Callable[[], datetime]) -> None:
        """Raises DemoPortError where a port is taken."""
        self._opened = ExitStack()
        self.folder = folder
        self.config = folder / "config.toml"
        self.site = Site(load_paper(start=clock()), clock=clock)
        self._web_listener = listen(port)
        self._opened.callback(self._web_listener.close)
        self.web_port: int = self._web_listener.getsockname()[1]
        self._site_server = WebServer(create_site(self.site), listen(port and port + 1))
        self.inbox = Inbox(folder / "inbox", port=0)
        self._inbox_server = WebServer(create_inbox(self.inbox), listen(port and port + 2))

    @property
    def site_url(self) -> str:
        """The paper's website."""
        return self._site_server.url

    @property
    def inbox_url(self) -> str:
        """The readers' mails, to look at."""
        return self._inbox_server.url

    def open(self, *, morning: datetime, evening: datetime) -> None:
        """Start the servers, and write the configuration with these times for the two editions, and the list of readers."""
        self._site_server.start()
        self._opened.callback(self._site_server.stop)
        self.inbox.start()
        self._opened.callback(self.inbox.stop)
        self._inbox_server.start()
        self._opened.callback(self._inbox_server.stop)
        self._web_listener.close()  # Masthead listens there itself
        self.config.write_text(self._configuration(morning, evening), encoding="utf-8")
        with (self.folder / "readers.csv").open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(COLUMNS)
            agreed = (morning - timedelta(days=30)).astimezone(SEOUL)
            rows.writerows([address, name, f"{agreed:%Y-%m-%d %H:%M}", "구독 신청서"] for address, name in READERS)

    def close(self) -> None:
        """Stop what was started, in whatever state it is."""
        self._opened.close()

    def _configuration(self, morning: datetime, evening: datetime) -> str:
        """The repository's own config.toml at the ports and times of this run: sources every few seconds, editions now and soon."""
        text = shipped_configuration()
        for port, found in ((_WEB, self.web_port), (_SITE, int(self.site_url.rpartition(":")[2])), (_SMTP, self.inbox.port)):
            text = text.replace(f"127.0.0.1:{port}", f"127.0.0.1:{found}")
        text = re.sub(r'^every = "5m"', 'every = "10s"', text, flags=re.MULTILINE)
        text = re.sub(r'^days = "[^"]*"', 'days = "daily"', text, flags=re.MULTILINE)
        text = re.sub(r'^latest = "[^"]*".*\n', "", text, flags=re.MULTILINE)
        for usual, at in (("07:00", morning), ("18:00", evening)):
            text = text.replace(f'send = "{usual}"', f'send = "{at.astimezone(SEOUL):%H:%M}"')
        return text


def shipped_configuration() -> str:
    """The text of the demo paper's config.toml: the checkout's, or the copy that ships with the package."""
    shipped = files("masthead") / "_shipped" / "config.toml"
    checkout = Path(__file__).parents[2] / "config.toml"
    return (checkout.read_text(encoding="utf-8")) if checkout.is_file() else shipped.read_text(encoding="utf-8")


def editions_at(now: datetime) -> Mapping[str, datetime]:
    """When the demo's editions are due: the morning's this minute, the evening's in two."""
    minute = now.replace(second=0, microsecond=0)
    return {"morning": minute, "evening": minute + timedelta(minutes=2)}
