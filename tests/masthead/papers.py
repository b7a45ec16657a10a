"""A small paper for the program's tests: its configuration, its articles and readers, and a clock that a test sets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from masthead.app import App
from newsletter.store import Consent
from newsroom.model import Candidate, Key

SEOUL = ZoneInfo("Asia/Seoul")
SEVEN = datetime(2026, 3, 2, 7, tzinfo=SEOUL)
"""When the edition of a Monday is due."""

CONFIG = """\
[paper]
name = "한강일보"
url = "https://hangang.example"

[store]
url = "{store}"

[fetch]
allow_private = ["127.0.0.0/8"]
delay = 0.0

[[section]]
slug = "society"
title = "사회"

[[source]]
name = "wire"
kind = "feed"
url = "{source}"
section = "society"
every = "5m"

[[newsletter]]
slug = "morning"
title = "한강 아침"
send = "07:00"
days = "mon-sat"
{newsletter}

[mail]
from = "한강일보 <news@hangang.example>"
transport = "maildir:outbox"

[web]
listen = "127.0.0.1:0"
url = "http://127.0.0.1:8000"
"""
FEED = """\
<rss version="2.0"><channel><title>한강일보</title><link>https://hangang.example/</link>{items}</channel></rss>
"""
ITEM = """\
<item><title>{title}</title><link>https://hangang.example/{id}</link><guid isPermaLink="false">{id}</guid>
<pubDate>Mon, 02 Mar 2026 06:{id:02}:00 +0900</pubDate><description>나루 사람들이 다시 모였다.</description></item>
"""


@dataclass
class SetClock:
    """Tells the time that it was set to."""

    now: datetime = SEVEN

    def __call__(self) -> datetime:
        return self.now


def write_config(
    folder: Path, *, store: str = "sqlite:///masthead.db", source: str = "http://127.0.0.1:9/rss", newsletter: str = ""
) -> Path:
    """Write the paper's configuration; ``newsletter`` holds further lines of its one newsletter."""
    file = folder / "config.toml"
    file.write_text(CONFIG.format(store=store, source=source, newsletter=newsletter), encoding="utf-8")
    return file


@contextmanager
def opened(config: Path, clock: SetClock | None = None) -> Iterator[App]:
    """The paper, until the end of the block."""
    app = App(config, clock=clock or SetClock())
    try:
        yield app
    finally:
        app.close()


def add_article(app: App, number: int = 1, *, age: timedelta = timedelta(hours=2)) -> None:
    """Take in an article published so long before now."""
    now = app.clock()
    app.articles.accept(
        Candidate(
            source="wire",
            id=f"tag:hangang.example,2026:{number}",
            keys=(Key("native", f"hangang.example:{number}"),),
            url=f"https://hangang.example/{number}",
            published=now - age,
            headline=f"나룻배가 다시 뜬다 {number}",
            body="<p>나루 사람들이 여섯 해 만에 배를 띄웠다.</p>",
            summary="나루 사람들이 여섯 해 만에 배를 띄웠다.",
            content_hash=str(number),
            sections=("society",),
        ),
        now,
    )


def add_readers(app: App, count: int = 2, newsletter: str = "morning") -> None:
    """Confirm so many readers."""
    confirmed = app.clock() - timedelta(days=30)
    consents = [
        Consent(email=address, email_key=address, name="독자", time=confirmed, source="구독 신청서")
        for address in (f"reader{number}@example.com" for number in range(count))
    ]
    app.newsletters.subscribe(newsletter, consents, app.clock())


def rss(titles: Mapping[int, str]) -> str:
    """The wire as RSS: stories of the second of March by their numbers."""
    return FEED.format(items="".join(ITEM.format(id=number, title=title) for number, title in titles.items()))
