"""What an entry says, whatever the format: title, text, summary, people, address and categories. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from html import escape
from itertools import islice
from urllib.parse import quote
from zoneinfo import ZoneInfo

from feeds.catalogue import Catalogue
from feeds.model import Entry, EntryKind, View
from newsroom.language import Language
from newsroom.model import Article, Credit, Image, Revision
from newsroom.settings import PaperSettings
from newsroom.terms import fold_term
from newsroom.text.clean import html_text
from newsroom.text.excerpt import excerpt
from newsroom.text.graphemes import graphemes

EXCERPT_LETTERS = 200


@dataclass(frozen=True, slots=True)
class Category:
    """A category (RFC 4287 §4.2.2): ``term`` is stable ASCII, ``label`` what people read."""

    scheme: str
    term: str
    label: str


def title(entry: Entry, language: Language) -> str:
    """Plain text. A column carries its name, as the paper prints it."""
    if entry.kind is EntryKind.STUB:
        return language.gettext("This story was withdrawn")
    headline = article_title(entry.article, language)
    if entry.kind is EntryKind.CORRECTION:
        return language.gettext("Correction: %(headline)s") % {"headline": headline}
    return headline


def article_title(article: Article, language: Language) -> str:
    """The headline of an article."""
    if not article.series:
        return article.revision.headline
    return language.gettext("%(series)s: %(headline)s") % {"series": article.series, "headline": article.revision.headline}


def text(entry: Entry, view: View, language: Language) -> str:
    """The full text as an HTML fragment; empty where only an excerpt may be given, or where the source gave none.

    A teaser is never content (RFC 4287 §4.1.3). A correction's note comes first, then the first picture, the body, and the
    pictures that the body does not show itself: readers that know no Media RSS show only what stands here.
    """
    if entry.kind is EntryKind.STUB:
        return f"<p>{escape(_farewell(language))}</p>"
    if entry.kind is EntryKind.CORRECTION:
        headline = escape(article_title(entry.article, language))
        note = escape(entry.article.revision.note)
        return f'<p>{note}</p>\n<p><a href="{escape(entry.article.url)}">{headline}</a></p>'
    revision = entry.article.revision
    if not revision.body or view is View.EXCERPT or not entry.article.full_text_ok:
        return ""
    return _full_text(revision, language)


def summary(entry: Entry, view: View, language: Language) -> str:
    """Plain text: the abstract, or nothing where that only repeats the title or the text; without a text always the teaser."""
    if entry.kind is EntryKind.STUB:
        return ""
    revision = entry.article.revision
    if entry.kind is EntryKind.CORRECTION:
        return revision.note
    teaser = " ".join(revision.summary.split())
    if revision.body and view is View.FULL and entry.article.full_text_ok:
        opening = teaser.rstrip(" .…")
        if not opening:
            return ""  # before the text is taken out of the HTML, which costs more than writing the entry
        return "" if opening in " ".join(html_text(revision.body).split()) or opening in revision.headline else teaser
    whole = " ".join(html_text(revision.body).split())
    if not teaser or _gives_away(teaser, whole):
        teaser = _opening(whole)
    return f"{_note_label(language)} {revision.note} {teaser}".rstrip() if revision.note else teaser


def authors(entry: Entry) -> tuple[Credit, ...]:
    """Who may be named. Never an address: harvesters and rss2email, which mails in the reporter's name, would take it."""
    if entry.kind is not EntryKind.ARTICLE:
        return ()
    return tuple(credit for credit in entry.article.revision.credits if is_name(credit.name))


def link(entry: Entry, paper: PaperSettings) -> str:
    """Where the entry can be read; for a withdrawn story that is the paper."""
    return paper.url if entry.kind is EntryKind.STUB else entry.article.url


def images(entry: Entry) -> tuple[Image, ...]:
    """The pictures of an article."""
    return entry.article.revision.images if entry.kind is EntryKind.ARTICLE else ()


def categories(entry: Entry, catalogue: Catalogue) -> list[Category]:
    """Sections up the tree, then series, genres and keywords."""
    return [] if entry.kind is EntryKind.STUB else list(dict.fromkeys(_categories(entry.article, catalogue)))


def stamp(at: datetime, zone: ZoneInfo) -> datetime:
    """In the paper's zone, to the second."""
    return at.astimezone(zone).replace(microsecond=0)


def is_name(words: str) -> bool:
    """Whether a credit may be printed: there is one, and no e-mail address is in it."""
    return bool(words) and "@" not in words


def _categories(article: Article, catalogue: Catalogue) -> Iterator[Category]:
    scheme = f"{catalogue.paper.url.rstrip('/')}/ns/"
    tree = catalogue.sections
    for slug in (above for name in article.sections if name in tree for above in tree.ancestry(name)):
        yield Category(f"{scheme}section", slug, tree[slug].title)
    if (series := catalogue.topics.series_of(article)) is not None:
        yield Category(f"{scheme}series", series.slug, series.title)
    for genre in catalogue.topics.genres_of(article):
        yield Category(f"{scheme}genre", genre.slug, genre.title)
    for keyword in article.keywords:
        if term := quote(fold_term(keyword), safe=""):
            yield Category(f"{scheme}keyword", term, keyword)


def _gives_away(teaser: str, text: str) -> bool:
    """Whether a teaser is more than half of the text in its own words: that of a short story may be the story."""
    shorter, longer = sorted((teaser.rstrip(" .…"), text), key=len)
    return bool(text) and 2 * len(teaser) > len(text) and shorter in longer


def _opening(text: str) -> str:
    """How a text begins: never more than half of it."""
    letters = sum(1 for _ in islice(graphemes(text), 2 * EXCERPT_LETTERS))
    return excerpt(text, letters // 2)


def _full_text(revision: Revision, language: Language) -> str:
    note = f"<p><strong>{escape(_note_label(language))}</strong> {escape(revision.note)}</p>\n" if revision.note else ""
    missing = [_figure(image) for image in revision.images if _file(image) not in revision.body]
    lead = missing[:1] if revision.images and missing and _file(revision.images[0]) not in revision.body else []
    return note + "".join(lead) + revision.body + "".join(f"\n{figure.rstrip()}" for figure in missing[len(lead) :])


def _note_label(language: Language) -> str:
    return language.gettext("Correction:")


def _farewell(language: Language) -> str:
    return language.gettext("The paper has withdrawn this story.")


def _figure(image: Image) -> str:
    size = "".join(f' {name}="{value}"' for name, value in (("width", image.width), ("height", image.height)) if value)
    words = " ".join(filter(is_name, (image.caption, image.credit)))
    caption = f"<figcaption>{escape(words)}</figcaption>" if words else ""
    return f'<figure><img src="{escape(image.url)}" alt="{escape(image.alt)}"{size}>{caption}</figure>\n'


def _file(image: Image) -> str:
    """A picture's address as it stands in HTML, without the query that caches vary."""
    return escape(image.url.partition("?")[0])
