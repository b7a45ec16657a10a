"""What an edition says to its readers: stories chosen, ordered and cut to length. Pure: no clock, no I/O, no markup."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby, zip_longest
from urllib.parse import urlsplit

from newsletter.settings import NewsletterSettings
from newsroom.language import Language
from newsroom.model import Article, Credit, Image, Reporter
from newsroom.sections import SectionTree
from newsroom.text.clean import html_text
from newsroom.text.excerpt import excerpt

FULL = 14
"""Stories told with an excerpt; the others get one line each. What one looks through over a coffee."""
COLUMNS = 4
"""Columns set apart; further ones get one line each too."""

_LEAD, _STORY, _COLUMN, _LINE = 170, 96, 72, 0  # graphemes of an excerpt in Hangul; Latin letters are half as wide


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """An article as a digest tells it. ``url`` is absolute or empty, ``section`` a title; ``initial`` is the author's."""

    article_id: str
    headline: str
    url: str
    excerpt: str
    byline: str
    initial: str
    section: str
    published: datetime
    image: Image | None = None
    series: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Stories of one top-level section, the freshest first. Articles outside the tree share a block without a title."""

    title: str
    stories: tuple[Story, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """``follows`` names the sections gathered, none meaning all; ``more`` counts stories left out; ``minutes`` reads all named."""

    date: date
    follows: tuple[str, ...]
    lead: Story | None
    blocks: tuple[Block, ...]
    columns: tuple[Story, ...]
    corrections: tuple[Story, ...]
    brief: tuple[Story, ...]
    more: int
    minutes: int

    @property
    def stories(self) -> tuple[Story, ...]:
        """Every story named, each once, in the order of the page."""
        lead = (self.lead,) if self.lead else ()
        return (*lead, *(story for block in self.blocks for story in block.stories), *self.columns, *self.brief)


def compose(
    articles: Iterable[Article],
    *,
    newsletter: NewsletterSettings,
    date: date,
    sections: SectionTree,
    reporters: Mapping[str, Reporter],
    language: Language,
    corrections: Iterable[Article] = (),
) -> Digest:
    """The digest of ``date`` from the articles of its window, in any order.

    Sections come in the paper's order, the stories of each by freshness, columns (what has a series) apart. The lead is the
    freshest story with a wide picture in the first section that has one. Where there are too many stories the sections take
    turns, so that a busy desk does not push out a quiet one. ``corrections`` are articles of earlier editions with a note since.
    """
    desk = _Desk(newsletter, sections, reporters, language)
    fresh = sorted({article.id: article for article in articles}.values(), key=_freshness)
    signed = [article for article in fresh if article.series]
    news = desk.in_turns([article for article in fresh if not article.series])

    columns = signed[: min(COLUMNS, newsletter.max_stories - bool(news))]
    queue = [*news, *signed[len(columns) :]]
    room = newsletter.max_stories - len(columns)
    full = min(FULL, room, len(news))
    told, brief = queue[:full], queue[full:room]
    ids = {article.id for article in fresh}
    return Digest(
        date=date,
        follows=tuple(sections[slug].title for slug in newsletter.sections if slug in sections),
        lead=desk.lead(told[0]) if told else None,
        blocks=desk.blocks(told[1:]),
        columns=tuple(desk.story(article, _COLUMN) for article in columns),
        corrections=tuple(desk.story(each, _LINE) for each in corrections if each.revision.note and each.id not in ids),
        brief=tuple(desk.story(article, _LINE) for article in desk.in_page_order(brief)),
        more=len(queue[room:]),
        minutes=_minutes([*told, *columns, *brief], language),
    )


class _Desk:
    """Knows where on the page an article belongs, and tells it."""

    def __init__(
        self,
        newsletter: NewsletterSettings,
        sections: SectionTree,
        reporters: Mapping[str, Reporter],
        language: Language,
    ) -> None:
        self._sections = sections
        self._reporters = reporters
        self._language = language
        self._width = 1 if _is_dense(language) else 2
        self._order = {section.slug: place for place, section in enumerate(sections.roots)}
        self._gathered = {slug for chosen in newsletter.sections if chosen in sections for slug in sections.branch(chosen)}

    def in_turns(self, articles: Sequence[Article]) -> list[Article]:
        """The lead, then the freshest of every section, then the second of each, and so on."""
        desks = [list(group) for _, group in groupby(self.in_page_order(articles), key=self._place)]
        lead = next((article for desk in desks for article in desk if _has_wide_picture(article)), desks[0][0] if desks else None)
        for desk in desks:
            desk.sort(key=lambda article: article is not lead)
        turns = [article for turn in zip_longest(*desks) for article in turn if article]
        return sorted(turns, key=lambda article: article is not lead)

    def in_page_order(self, articles: Iterable[Article]) -> list[Article]:
        return sorted(articles, key=lambda article: (self._place(article), _freshness(article)))

    def blocks(self, articles: Iterable[Article]) -> tuple[Block, ...]:
        made = []
        for _, group in groupby(self.in_page_order(articles), key=self._place):
            stories = list(group)
            home = self._home(stories[0])
            title = self._sections[self._sections.root(home)].title if home else ""
            made.append(Block(title=title, stories=tuple(self.story(article, _STORY) for article in stories)))
        return tuple(made)

    def lead(self, article: Article) -> Story:
        """With its picture only where that can stand across the page."""
        story = self.story(article, _LEAD)
        return story if _has_wide_picture(article) else replace(story, image=None)

    def story(self, article: Article, length: int) -> Story:
        """The article with an excerpt of up to ``length`` syllables."""
        revision = article.revision
        home = self._home(article)
        return Story(
            article_id=article.id,
            headline=revision.headline,
            url=article.url if _is_web_address(article.url) else "",
            excerpt=excerpt(revision.summary or html_text(revision.body), length * self._width) if length else "",
            byline=self._byline(revision.credits),
            initial=(revision.credits[0].name if revision.credits else article.series)[:1].upper(),
            section=self._sections[home].title if home else "",
            published=article.published,
            image=_picture(article),
            series=article.series,
            note=revision.note,
        )

    def _home(self, article: Article) -> str:
        """The section under which a reader of this newsletter expects the article: the first that it gathers."""
        known = [slug for slug in article.sections if slug in self._sections]
        return next((slug for slug in known if slug in self._gathered), known[0] if known else "")

    def _place(self, article: Article) -> int:
        home = self._home(article)
        return self._order[self._sections.root(home)] if home else len(self._order)

    def _byline(self, credits: Sequence[Credit]) -> str:
        """한지우·서이준 기자 · 권도현 논설위원: neighbours in one role share its word."""
        _ = self._language.gettext
        parts = []
        for role, group in groupby(credits, key=self._role):
            names = [credit.name for credit in group]
            dot = _("name separator")
            joined = self._language.listing(names) if dot == "name separator" else dot.join(names)
            parts.append(_("%(names)s, %(role)s") % {"names": joined, "role": role} if role else joined)
        return self._language.listing(parts)

    def _role(self, credit: Credit) -> str:
        known = self._reporters.get(credit.reporter or "")
        return credit.role or (known.role if known else "")


def _freshness(article: Article) -> tuple[float, str]:
    return -article.published.timestamp(), article.id


def _has_wide_picture(article: Article) -> bool:
    """Whether its first picture fills the page's width without blur and leaves the headline on the first screen."""
    image = _picture(article)
    return image is not None and (image.width == 0 or image.width >= max(480, image.height))


def _picture(article: Article) -> Image | None:
    return next((image for image in article.revision.images if _is_web_address(image.url)), None)


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _minutes(articles: Sequence[Article], language: Language) -> int:
    """To read them: some 500 characters a minute in Korean, Japanese or Chinese, some 230 words elsewhere."""
    revisions = [article.revision for article in articles]
    words = " ".join(f"{each.headline} {html_text(each.body) or each.summary}" for each in revisions).split()
    return max(1, round(sum(map(len, words)) / 500 if _is_dense(language) else len(words) / 230))


def _is_dense(language: Language) -> bool:
    """Whether a letter is a whole syllable or word, so that fewer of them say as much."""
    return language.code.partition("-")[0] in ("ko", "ja", "zh")
