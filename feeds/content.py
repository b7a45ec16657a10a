"""What an entry says of an article: title, full text as HTML, and a summary where there is a real one. Pure."""

from __future__ import annotations

from html import escape

from newsroom.language import Language
from newsroom.model import Article, Image, Revision
from newsroom.text.clean import html_text


def title(article: Article, language: Language) -> str:
    """The headline as the paper prints it: a column carries its name."""
    if not article.series:
        return article.revision.headline
    return language.gettext("%(series)s: %(headline)s") % {"series": article.series, "headline": article.revision.headline}


def content(revision: Revision, language: Language) -> str:
    """The full text as an HTML fragment, empty where the source gave none (a teaser is never content, RFC 4287 §4.1.3).

    A correction's note comes first, then the first picture, the body, and the pictures that the body does not show itself:
    readers that know no Media RSS show only what stands here.
    """
    if not revision.body:
        return ""
    note = f"<p><strong>{escape(_note_label(language))}</strong> {escape(revision.note)}</p>\n" if revision.note else ""
    missing = [_figure(image) for image in revision.images if _file(image) not in revision.body]
    lead = missing[:1] if revision.images and missing and _file(revision.images[0]) not in revision.body else []
    return note + "".join(lead) + revision.body + "".join(f"\n{figure.rstrip()}" for figure in missing[len(lead) :])


def summary(revision: Revision, language: Language) -> str:
    """Plain text: the abstract, or nothing where that only repeats the title or the text; without a text always the teaser."""
    teaser = " ".join(revision.summary.split())
    opening = teaser.rstrip(" .…")
    if revision.body:
        return "" if opening in " ".join(html_text(revision.body).split()) or opening in revision.headline else teaser
    return f"{_note_label(language)} {revision.note} {teaser}".rstrip() if revision.note else teaser


def is_name(text: str) -> bool:
    """Whether a credit may be printed: there is one, and no e-mail address is in it."""
    return bool(text) and "@" not in text


def _note_label(language: Language) -> str:
    return language.gettext("Correction:")


def _figure(image: Image) -> str:
    size = "".join(f' {name}="{value}"' for name, value in (("width", image.width), ("height", image.height)) if value)
    words = " ".join(filter(is_name, (image.caption, image.credit)))
    caption = f"<figcaption>{escape(words)}</figcaption>" if words else ""
    return f'<figure><img src="{escape(image.url)}" alt="{escape(image.alt)}"{size}>{caption}</figure>\n'


def _file(image: Image) -> str:
    """A picture's address as it stands in HTML, without the query that caches vary."""
    return escape(image.url.partition("?")[0])
