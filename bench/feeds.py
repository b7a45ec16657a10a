"""Publishing: a run in which nothing changed, against one that writes every feed again; and an Atom document against plain feedgen."""

from __future__ import annotations

from feedgen.feed import FeedGenerator

from bench.measure import Way, compare
from bench.sample import articles, config
from feeds.catalogue import Catalogue
from feeds.entry import AtomWriter
from newsroom.language import Language
from newsroom.sections import SectionTree
from newsroom.templates import template_folders

ENTRIES = 50


def run() -> None:
    """Compare."""
    settings = config()
    paper = settings.paper
    language = Language(paper.language, paper.timezone, template_folders())
    catalogue = Catalogue(paper, settings.web.url, SectionTree(s.model() for s in settings.sections), [], language)
    writer, found = AtomWriter(catalogue), articles(ENTRIES)
    size = len(writer.feed(catalogue.front, found)) / 1000
    print(f"a feed of {ENTRIES} entries, {size:.0f} KB")

    def plain() -> None:
        made = FeedGenerator()
        made.id("tag:dumul.example,2025:front")
        made.title(paper.name)
        made.updated(found[0].published)
        for article in found:
            entry = made.add_entry(order="append")
            entry.id(article.id)
            entry.title(article.revision.headline)
            entry.link(href=article.url)
            entry.published(article.published)
            entry.updated(article.revision.updated)
            entry.author(name=article.revision.credits[0].name)
            entry.content(article.revision.body, type="html")
        made.atom_str()

    compare(
        "Writing an Atom document",
        "entries",
        Way("Masthead: rules A1 to A19, over feedgen", lambda: writer.feed(catalogue.front, found), ENTRIES),
        Way("feedgen alone: no categories, language, media", plain, ENTRIES),
        rounds=9,
    )
