"""XML namespaces of feeds, and the prefixes that simple readers expect them under."""

from __future__ import annotations

APP = "http://www.w3.org/2007/app"
ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DC = "http://purl.org/dc/elements/1.1/"
HISTORY = "http://purl.org/syndication/history/1.0"
MEDIA = "http://search.yahoo.com/mrss/"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
THREAD = "http://purl.org/syndication/thread/1.0"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
XHTML = "http://www.w3.org/1999/xhtml"
XML = "http://www.w3.org/XML/1998/namespace"

USUAL_PREFIXES = {
    APP: "app",
    CONTENT: "content",
    DC: "dc",
    HISTORY: "fh",
    MEDIA: "media",
    NEWS: "news",
    THREAD: "thr",
    TOMBSTONES: "at",
}
