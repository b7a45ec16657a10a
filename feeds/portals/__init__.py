"""What portals and partners read: a preset each, chosen by ``[[portal]]`` of ``config.toml``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from feeds.catalogue import Catalogue
from feeds.entry import AtomWriter
from feeds.model import Feed, FeedKind
from feeds.portals.google_news import GoogleNewsWriter
from feeds.portals.msn import MsnWriter
from feeds.portals.settings import PortalSettings
from feeds.portals.sitemap import SitemapIndex, SitemapWriter
from feeds.portals.smartnews import SmartNewsWriter
from feeds.rss import RssWriter
from feeds.writer import Writer

__all__ = ["PortalSettings", "SitemapIndex", "portal_day", "portal_feed", "portal_path", "portal_writer"]

_WRITERS: Mapping[str, Callable[[Catalogue], Writer]] = {
    "google-news": GoogleNewsWriter,
    "sitemap": SitemapWriter,
    "smartnews": SmartNewsWriter,
    "msn": MsnWriter,
}
_FORMATS: Mapping[str, Callable[[Catalogue], Writer]] = {"atom": AtomWriter, "rss": RssWriter}


def portal_writer(settings: PortalSettings, catalogue: Catalogue) -> Writer:
    """What writes the portal's documents. It gives of an article what ``settings.view`` says, and never what its rights forbid."""
    writer = _WRITERS.get(settings.preset) or _FORMATS[settings.format]
    return writer(catalogue)


def portal_feed(settings: PortalSettings, catalogue: Catalogue) -> Feed:
    """The feed that the portal's documents are of. Raises KeyError for an unknown section, SecretPathError without a secret."""
    paper, tree = catalogue.paper, catalogue.sections
    branches = dict.fromkeys(slug for section in settings.sections for slug in tree.branch(tree[section].slug))
    title = settings.title or paper.name
    return Feed(
        kind=FeedKind.PORTAL,
        slug=settings.slug,
        path=portal_path(settings),
        id=f"tag:{paper.tag}:feeds/portals/{settings.slug}",  # without the secret, which may change
        name=title,
        title=title,
        subtitle=catalogue.front.subtitle,
        base=catalogue.url,
        page=paper.url,
        sections=tuple(branches) or None,
    )


def portal_path(settings: PortalSettings) -> str:
    """Where the portal's document lies, without the ending; of a sitemap, its index. Raises SecretPathError without a secret."""
    return f"partners/{settings.token()}/{settings.slug}" if settings.is_private else f"portals/{settings.slug}"


def portal_day(settings: PortalSettings, day: date) -> str:
    """Where a sitemap's document of the articles first published on this day lies: below its index, as crawlers demand."""
    return f"{portal_path(settings)}/{day.isoformat()}"
