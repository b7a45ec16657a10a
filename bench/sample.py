"""The demo paper's articles as the newsroom would hold them: real Korean prose of real lengths."""

from __future__ import annotations

from datetime import datetime, timedelta
from html import escape
from pathlib import Path
from zoneinfo import ZoneInfo

from masthead.config import Config, parse_config
from masthead.demo.paper import DemoArticle, load_paper
from masthead.demo.stage import shipped_configuration
from newsroom.model import Article, Credit, Revision

START = datetime(2026, 3, 2, 6, 30, tzinfo=ZoneInfo("Asia/Seoul"))


def config() -> Config:
    """The demo paper's configuration."""
    return parse_config(shipped_configuration(), Path("config.toml").absolute())


def articles(count: int) -> list[Article]:
    """So many articles, the newest first; the paper's own, over and over with ids of their own."""
    printed = load_paper(start=START).at()
    return [_article(printed[number % len(printed)], number) for number in range(count)]


def _article(printed: DemoArticle, number: int) -> Article:
    published = START - timedelta(minutes=7 * number)
    return Article(
        id=f"tag:dumul.example,{published:%Y-%m-%d}:article/{number}",
        url=f"https://dumul.example/article/{number}",
        published=published,
        sections=(printed.section.slug,),
        series=printed.series,
        language="ko",
        revision=Revision(
            number=1,
            headline=printed.headline,
            body="".join(f"<p>{escape(paragraph)}</p>" for paragraph in printed.paragraphs),
            summary=printed.paragraphs[0],
            credits=tuple(
                Credit(name=reporter.name, role=reporter.role, reporter=reporter.key) for reporter in printed.reporters
            ),
            images=(),
            updated=published,
            edited=published,
            content_hash=str(number),
        ),
    )
