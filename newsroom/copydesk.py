"""The copy desk: reads a draft into a candidate, or says why it cannot. Pure; people are resolved and articles kept by intake."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import structlog

from newsroom import identity
from newsroom.agencies import Agencies
from newsroom.errors import NewsroomError
from newsroom.model import Candidate, Credit, Draft, Image, Key, Status
from newsroom.sections import SectionTree
from newsroom.settings import PaperSettings, SourceSettings
from newsroom.text.byline import Byline, cut_byline, parse_byline
from newsroom.text.byline_tokens import EMAIL
from newsroom.text.characters import without_unwanted
from newsroom.text.clean import clean_html, clean_text, first_image, html_text
from newsroom.text.dates import Moment, UnknownDateError, parse_date
from newsroom.text.excerpt import excerpt
from newsroom.text.fold import content_hash
from newsroom.text.links import absolute
from newsroom.text.series import split_series

SUMMARY_LIMIT = 200
_LONGEST_HEADLINE = 500
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_STATUSES = {
    "": Status.USABLE,
    "usable": Status.USABLE,
    "withheld": Status.WITHHELD,
    "canceled": Status.CANCELLED,
    "cancelled": Status.CANCELLED,
}
_log = structlog.get_logger(__name__)


class RefusedError(NewsroomError):
    """A draft cannot become an article."""


class CopyDesk:
    """Reads the drafts of one source."""

    def __init__(self, paper: PaperSettings, sections: SectionTree, agencies: Agencies, source: SourceSettings) -> None:
        self._paper = paper
        self._agencies = agencies
        self._sections = sections
        self._source = source
        self._zone: ZoneInfo = source.timezone or paper.timezone

    def keys(self, draft: Draft) -> tuple[Key, ...]:
        """The keys that an unread draft already has: enough to look whether it is known."""
        return identity.keys(self._addressed(draft), self._source.url)

    def candidate(self, draft: Draft, now: datetime) -> Candidate:
        """Text cleaned, byline and dates parsed, sections and keys found. Raises RefusedError or UnknownDateError."""
        draft = self._addressed(draft)
        if not draft.url:
            raise RefusedError("it has no web address")
        base = draft.evidence.get("base", draft.url)
        headline, series = _headline(draft)
        body, glued = cut_byline(clean_html(draft.body, base))
        summary, glued_to_summary = cut_byline(clean_html(draft.summary, base))
        text = html_text(body)
        if not text and not summary:
            raise RefusedError("it has neither a body nor a summary")
        short = _summary(clean_text(html_text(summary)), text)
        bylines = [self._agencies.read(byline) for byline in _bylines(draft.bylines, (glued, glued_to_summary))]
        published = self._published(draft, bylines, now)
        signed = [*(credit for byline in bylines for credit in byline.credits), *map(_author, draft.authors)]
        credits_ = _each_once(map(self._agencies.known, signed))
        agency = self._agencies.behind(credits_) or self._agencies.find(self._source.agency)
        status, embargo = self._release(draft, now)
        return Candidate(
            source=draft.source,
            id=identity.tag_uri(draft, self._paper.tag.partition(",")[0], published.at.astimezone(self._paper.timezone)),
            keys=identity.keys(draft, self._source.url) + identity.printed_keys(published, headline, credits_),
            url=draft.canonical_url or draft.url,
            published=published.at,
            modified=self._modified(draft, published, now),
            headline=headline,
            body=body,
            summary=short,
            content_hash=content_hash(headline, body, short),
            credits=tuple(replace(credit, source_id=self._scoped(credit.source_id)) for credit in credits_),
            images=_images(draft.images, base) or tuple(filter(None, [first_image(body)])),
            sections=self._filed(draft),
            status=status,
            embargo=embargo,
            language=_language(draft.language) or self._source.language or self._paper.language,
            series=series,
            keywords=tuple(dict.fromkeys(filter(None, map(clean_text, draft.keywords)))),
            rights=(agency.rights if agency else "") or clean_text(draft.rights),
            agency=agency.model() if agency else None,
            full_text_ok=self._source.full_text_ok and (agency is None or agency.full_text_ok),
            note=clean_text(draft.note),
            evidence=raw_strings(draft) | ({"glued byline": glued or glued_to_summary} if glued or glued_to_summary else {}),
        )

    def _addressed(self, draft: Draft) -> Draft:
        """The draft with addresses that are safe to follow.

        A canonical address counts only if it is of the same site: a wire story's is the agency's, and some systems say that every
        article's is the front page.
        """
        url, canonical = (absolute(without_unwanted(raw), self._source.url) for raw in (draft.url, draft.canonical_url))
        own = {identity.site(url), self._paper.domain}
        host = identity.site(canonical)
        parts = urlsplit(canonical)
        trusted = (host in own or host.endswith("." + self._paper.domain)) and (parts.path.strip("/") or parts.query)
        return replace(
            draft,
            url=url,
            canonical_url=canonical if trusted else "",
            guid=without_unwanted(draft.guid).strip(),
            native_id=without_unwanted(draft.native_id).strip(),
        )

    def _published(self, draft: Draft, bylines: Sequence[Byline], now: datetime) -> Moment:
        raw = next((text for text in (draft.published, *(byline.date for byline in bylines)) if text), "")
        if not raw:
            raise RefusedError("no date of publication was found (on a page, a `date` selector says where it stands)")
        return parse_date(raw, self._zone, now)

    def _modified(self, draft: Draft, published: Moment, now: datetime) -> datetime | None:
        """The source's own time of the last change, never before publication; an unreadable one is only evidence."""
        try:
            modified = parse_date(draft.updated, self._zone, now).at if draft.updated else published.modified
        except UnknownDateError as error:
            _log.info("unreadable time of change", url=draft.url, reason=str(error))
            return None
        return max(modified, published.at) if modified else None

    def _release(self, draft: Draft, now: datetime) -> tuple[Status, datetime | None]:
        """Whether and from when the article may be shown. What cannot be read holds it back."""
        status = _STATUSES.get(draft.status.strip().lower(), Status.WITHHELD)
        try:
            return status, parse_date(draft.embargo, self._zone, now).at if draft.embargo.strip() else None
        except UnknownDateError as error:
            _log.warning("held: unreadable embargo", url=draft.url, reason=str(error))
            return Status.WITHHELD, None

    def _filed(self, draft: Draft) -> tuple[str, ...]:
        """The sections that the draft names, or else the source's own. One above another of them is implied."""
        named = [found.slug for name in draft.sections if (found := self._sections.find(name))]
        slugs = dict.fromkeys(named or filter(None, [self._source.section]))
        implied = {above for slug in slugs for above in self._sections.ancestry(slug)[1:]}
        return tuple(slug for slug in slugs if slug not in implied)

    def _scoped(self, source_id: str) -> str:
        """An author's id of one site says nothing about another's; an address says it all."""
        if not source_id or ":" in source_id:
            return source_id
        return f"{identity.site(self._source.url)}:{source_id}"


def raw_strings(draft: Draft) -> dict[str, str]:
    """What was printed, as evidence for every judgement on the draft."""
    printed = {
        "headline": draft.headline,
        "published": draft.published,
        "updated": draft.updated,
        "bylines": "\n".join(draft.bylines),
        "authors": "\n".join(f"{credit.name} {credit.email}".strip() for credit in draft.authors),
        "sections": "\n".join(draft.sections),
        "status": draft.status,
        "embargo": draft.embargo,
    }
    return {name: value for name, value in (printed | dict(draft.evidence)).items() if value}


def _headline(draft: Draft) -> tuple[str, str]:
    headline, series = split_series(clean_text(draft.headline), clean_text(draft.series))
    if not headline:
        raise RefusedError("the headline is empty")
    if len(headline) > _LONGEST_HEADLINE:
        raise RefusedError(f"the headline has {len(headline)} letters; look at the source's `headline` selector")
    return headline, series


def _bylines(printed: Iterable[str], glued: Iterable[str]) -> list[Byline]:
    """Fields hold nothing but authors; in a body a name counts only with a role."""
    return [parse_byline(raw, bare_names=True) for raw in printed if raw] + [parse_byline(raw) for raw in glued if raw]


def _author(author: Credit) -> Credit:
    """A structured author whose name was filled in with the role: 김서현 기자."""
    read = parse_byline(author.name, bare_names=True).credits
    if len(read) != 1:
        return replace(author, name=clean_text(EMAIL.sub("", author.name)).strip("()<> "))
    return replace(read[0], email=author.email or read[0].email, source_id=author.source_id)


def _each_once(credits_: Iterable[Credit]) -> list[Credit]:
    """One credit a person: the page says 김서현 기자, the body adds the address. Two addresses are two people."""
    kept: list[Credit] = []
    for credit in (replace(credit, email=credit.email.lower()) for credit in credits_ if credit.name):
        same = [i for i, known in enumerate(kept) if known.name == credit.name and not _differ(known.email, credit.email)]
        if not same:
            kept.append(credit)
            continue
        known = kept[same[0]]
        parts = ("role", "email", "email_local", "organisation", "dateline", "source_id")
        kept[same[0]] = replace(known, **{part: getattr(credit, part) for part in parts if not getattr(known, part)})
    return kept


def _differ(one: str, other: str) -> bool:
    return bool(one and other) and one != other


def _summary(printed: str, text: str) -> str:
    """The printed summary; the beginning of the text where there is none, or where it is that beginning, cut off by a listing."""
    is_cut = bool(text) and "".join(text.split()).startswith("".join(printed.rstrip("….· ").split()))
    return excerpt(text if is_cut else printed or text, SUMMARY_LIMIT)


def _images(images: Iterable[Image], base: str) -> tuple[Image, ...]:
    return tuple(
        replace(image, url=url, alt=clean_text(image.alt), caption=clean_text(image.caption), credit=clean_text(image.credit))
        for image in images
        if (url := absolute(without_unwanted(image.url), base))
    )


def _language(raw: str) -> str:
    tag = raw.strip().replace("_", "-")
    return tag if _LANGUAGE.fullmatch(tag) else ""
