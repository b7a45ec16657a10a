"""A small invented paper for the tests of the feeds: 두물일보, in Korean, in Seoul."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from feeds.catalogue import Catalogue
from feeds.model import Entry, EntryKind
from newsroom.language import Language
from newsroom.model import Article, Candidate, Credit, Image, Key, Reporter, Revision, Section, Status
from newsroom.sections import SectionTree
from newsroom.settings import PaperSettings
from newsroom.templates import template_folders

SEOUL = ZoneInfo("Asia/Seoul")
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=SEOUL)
URL = "https://feeds.dumul.example"
PAPER = PaperSettings(
    name="두물일보",
    url="https://dumul.example",
    tag="dumul.example,2025",
    icon="https://dumul.example/icon.png",
    logo="https://img.dumul.example/logo.png",
)
SECTIONS = (
    Section(slug="politics", title="정치"),
    Section(slug="assembly", title="국회", parent="politics"),
    Section(slug="diplomacy", title="외교·안보", parent="politics"),
    Section(slug="it", title="IT·과학"),
    Section(slug="game", title="게임", parent="it"),
    Section(slug="sports", title="스포츠"),
)
REPORTERS = (
    Reporter(slug="ideun", name="강이든", names=("강이든",), emails=("ideun@dumul.example",), role="기자"),
    Reporter(slug="jhpark", name="박지훈", names=("박지훈",), emails=("jhpark@dumul.example",), role="기자", section="politics"),
    Reporter(slug="jhpark2", name="박지훈", names=("박지훈",), emails=("jhpark2@dumul.example",), role="기자", section="sports"),
    Reporter(slug="chaewon", name="임채원", names=("임채원",), emails=("chaewon@dumul.example",), role="과학전문기자"),
)
BODY = "<p>막차가 끊긴 뒤에도 <b>달빛버스</b>는 달린다.</p>\n<p>두물시는 2일 심야버스 3개 노선을 운행한다고 밝혔다.</p>"


def language(code: str = "ko") -> Language:
    """The language of the templates that ship."""
    return Language(code, SEOUL, template_folders())


def catalogue(
    paper: PaperSettings = PAPER, sections: Iterable[Section] = SECTIONS, reporters: Iterable[Reporter] = REPORTERS
) -> Catalogue:
    """The paper's feeds, in the paper's language."""
    return Catalogue(paper, URL, SectionTree(sections), reporters, language(paper.language))


def credit(slug: str) -> Credit:
    """The signature of a reporter, with the address that must never come out."""
    reporter = next(found for found in REPORTERS if found.slug == slug)
    return Credit(name=reporter.name, role=reporter.role, email=reporter.emails[0], email_local=slug, reporter=slug)


def picture(number: int = 1) -> Image:
    """A picture with all that can be said of one."""
    return Image(
        url=f"https://img.dumul.example/{number}.jpg",
        alt="밤거리를 달리는 시내버스",
        caption="두물시 심야버스가 시험 운행을 하고 있다.",
        credit="오사진",
        width=1200,
        height=800,
        media_type="image/jpeg",
    )


def article(
    number: int = 1,
    *,
    headline: str = "막차 놓쳐도 집에 간다… 두물 ‘달빛버스’ 다음 주부터",
    body: str = BODY,
    summary: str = "",
    published: datetime | None = None,
    updated: datetime | None = None,
    edited: datetime | None = None,
    sections: Sequence[str] = ("assembly",),
    signed: Sequence[str] = ("ideun",),
    credits: Sequence[Credit] | None = None,
    images: Sequence[Image] = (),
    note: str = "",
    series: str = "",
    language: str = "ko",
    rights: str = "",
) -> Article:
    """An article; the higher its number the newer, by an hour each."""
    first = published or NOON + timedelta(hours=number)
    return Article(
        id=f"tag:dumul.example,2026-03-02:article/{number}",
        url=f"https://dumul.example/article/{number}",
        published=first,
        sections=tuple(sections),
        language=language,
        series=series,
        rights=rights,
        revision=Revision(
            number=1,
            headline=headline,
            body=body,
            summary=summary,
            credits=tuple(credits) if credits is not None else tuple(credit(slug) for slug in signed),
            images=tuple(images),
            updated=updated or first,
            edited=edited or updated or first,
            content_hash=f"{number}",
            note=note,
        ),
    )


def entry(found: Article, kind: EntryKind = EntryKind.ARTICLE) -> Entry:
    """The article's entry, or the one that says that it was put right or withdrawn."""
    revision = found.revision
    return Entry(
        id=found.id if kind is not EntryKind.CORRECTION else f"{found.id}/correction/{revision.number}",
        kind=kind,
        article=found,
        published=found.published,
        updated=revision.updated,
        edited=revision.edited,
    )


def candidate(
    found: Article,
    *,
    headline: str = "",
    body: str = "",
    signed: Sequence[str] | None = None,
    status: Status = Status.USABLE,
) -> Candidate:
    """The article as intake would hand it to the store, with a new headline, text, signature or status if given."""
    revision = replace(found.revision, headline=headline or found.revision.headline, body=body or found.revision.body)
    signatures = revision.credits if signed is None else tuple(credit(slug) for slug in signed)
    return Candidate(
        source="site",
        id=found.id,
        keys=(Key("native", f"dumul.example:{found.id.rpartition('/')[2]}"),),
        url=found.url,
        published=found.published,
        headline=revision.headline,
        body=revision.body,
        summary=revision.summary,
        content_hash=f"{revision.headline}\n{revision.body}",
        credits=signatures,
        images=revision.images,
        sections=found.sections,
        language=found.language,
        series=found.series,
        status=status,
    )
