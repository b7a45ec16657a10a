"""Intake: drafts in, articles out. Each draft is judged on its own, and every verdict has a reason.

Names are learnt from a whole batch before anybody is resolved: on one and the same page a reporter signs one story with an
address and the next without.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit
from zoneinfo import ZoneInfo

import structlog

from newsroom.directory import Directory, Unresolved, is_person
from newsroom.errors import NewsroomError
from newsroom.model import Candidate, Credit, Draft, Image, Key, Outcome, Reporter, Status, Verdict
from newsroom.sections import SectionTree
from newsroom.settings import PaperSettings, SourceSettings
from newsroom.sources import Unreadable
from newsroom.store import ArticleStore
from newsroom.text.byline import cut_byline, parse_byline
from newsroom.text.clean import clean_html, clean_text, first_image, html_text
from newsroom.text.dates import Moment, Precision, UnknownDateError, parse_date
from newsroom.text.excerpt import excerpt
from newsroom.text.fold import content_hash, fold_headline
from newsroom.text.series import split_series

SUMMARY_LIMIT = 200
_TRACKING = ("utm_", "fbclid", "gclid", "igshid")
_log = structlog.get_logger(__name__)


class RefusedError(NewsroomError):
    """A draft cannot become an article."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A draft that was understood, before its people are known."""

    draft: Draft
    candidate: Candidate


class Intake:
    """Takes drafts of one source into the store."""

    def __init__(self, store: ArticleStore, paper: PaperSettings, sections: SectionTree, source: SourceSettings) -> None:
        self._store = store
        self._paper = paper
        self._sections = sections
        self._source = source
        self._zone: ZoneInfo = source.timezone or paper.timezone

    def take(self, drafts: Iterable[Draft | Unreadable], now: datetime) -> list[Outcome]:
        """Judge and keep a batch. One bad draft never loses the rest. Raises StoreError only."""
        outcomes: list[Outcome] = []
        read: list[_Read] = []
        for draft in drafts:
            if isinstance(draft, Unreadable):
                outcomes.append(self._refuse(draft.url, draft.headline, draft.reason, draft.raw, now))
                continue
            try:
                read.append(_Read(draft, self.candidate(draft, now)))
            except NewsroomError as error:
                outcomes.append(self._refuse(draft.url, draft.headline, str(error), _raw(draft), now))
        directory = self._learn([credit for found in read for credit in found.candidate.credits])
        # The oldest first, so that the change record and equal times follow the order of publication.
        for found in sorted(read, key=lambda item: item.candidate.published):
            candidate = replace(
                found.candidate, credits=tuple(_resolved(credit, directory) for credit in found.candidate.credits)
            )
            outcomes.append(self._store.accept(candidate, now))
        if directory.changed:
            self._resolve_older(directory, now)
        for outcome in outcomes:
            if outcome.verdict is not Verdict.UNCHANGED:
                _log.info(
                    "intake",
                    source=self._source.name,
                    verdict=outcome.verdict.value,
                    headline=outcome.headline,
                    reason=outcome.reason,
                )
        return outcomes

    def candidate(self, draft: Draft, now: datetime) -> Candidate:
        """Read a draft: text cleaned, byline and date parsed, sections and keys found. Raises RefusedError or UnknownDateError."""
        base = draft.evidence.get("base", draft.url)
        headline, series = split_series(clean_text(draft.headline), clean_text(draft.series))
        if not headline:
            raise RefusedError("the headline is empty")
        body, glued = cut_byline(clean_html(draft.body, base))
        bylines = [parse_byline(raw) for raw in (*draft.bylines, glued) if raw]
        published = self._published(draft, [byline.date for byline in bylines], now)
        modified = self._modified(draft, published, now)
        credits_ = _merged([*(credit for byline in bylines for credit in byline.credits), *draft.authors])
        text = html_text(body)
        if not text and not draft.summary:
            raise RefusedError("the article has neither a body nor a summary")
        summary = excerpt(clean_text(html_text(clean_html(draft.summary, base))) or text, SUMMARY_LIMIT)
        embargo = parse_date(draft.embargo, self._zone, now).at if draft.embargo else None
        keys = self._keys(draft, published, headline, credits_)
        return Candidate(
            source=draft.source,
            id=self._id(draft, published.at),
            keys=keys,
            url=draft.canonical_url or draft.url,
            published=published.at,
            modified=modified,
            headline=headline,
            body=body,
            summary=summary,
            content_hash=content_hash(headline, body, summary),
            credits=credits_,
            images=_images(draft.images, body),
            sections=self._filed(draft),
            status=_status(draft.status),
            embargo=embargo,
            language=draft.language or self._source.language or self._paper.language,
            series=series,
            keywords=tuple(dict.fromkeys(filter(None, map(clean_text, draft.keywords)))),
            rights=clean_text(draft.rights),
            evidence=_raw(draft) | {"glued byline": glued},
        )

    def keys(self, draft: Draft) -> tuple[Key, ...]:
        """The keys that an unread draft already has: enough to look whether it is known."""
        return tuple(
            Key(kind, value)
            for kind, value in (
                ("native", f"{urlsplit(self._source.url).hostname}:{draft.native_id}" if draft.native_id else ""),
                ("guid", draft.guid),
                ("url", canonical(draft.canonical_url) if draft.canonical_url else ""),
                ("url", canonical(draft.url)),
            )
            if value
        )

    def _keys(self, draft: Draft, published: Moment, headline: str, credits_: Sequence[Credit]) -> tuple[Key, ...]:
        keys = list(dict.fromkeys(self.keys(draft)))
        if published.precision is Precision.SECOND and credits_:
            keys.append(Key("print", "\n".join((published.at.isoformat(), fold_headline(headline), credits_[0].name))))
        return tuple(keys)

    def _id(self, draft: Draft, published: datetime) -> str:
        """The article's tag URI (RFC 4151), dated by its publication, when the paper held its domain.

        Without the paper's own number the path of the address stands for it: not the host, which may change.
        """
        authority = self._paper.tag.partition(",")[0]
        if draft.native_id:
            specific = "article/" + draft.native_id
        elif draft.guid and not draft.guid.startswith(("http://", "https://")):
            specific = "guid/" + hashlib.sha256(draft.guid.encode()).hexdigest()[:20]
        else:
            parts = urlsplit(draft.guid or draft.canonical_url or draft.url)
            specific = parts.path.strip("/") + (f"?{parts.query}" if parts.query else "") or "front"
        return (
            f"tag:{authority},{published.astimezone(self._zone):%Y-%m-%d}:{quote(unquote(specific), safe='/?=&-._~!$()*+,;:@')}"
        )

    def _published(self, draft: Draft, dates: Sequence[str], now: datetime) -> Moment:
        raw = next((text for text in (draft.published, *dates) if text), "")
        if not raw:
            raise RefusedError("no date of publication was found; give the source a `date` selector")
        return parse_date(raw, self._zone, now)

    def _modified(self, draft: Draft, published: Moment, now: datetime) -> datetime | None:
        """The source's own time of the last change, never before publication; an unreadable one is only evidence."""
        try:
            modified = parse_date(draft.updated, self._zone, now).at if draft.updated else published.modified
        except UnknownDateError as error:
            _log.info("unreadable time of change", url=draft.url, reason=str(error))
            return None
        return max(modified, published.at) if modified else None

    def _filed(self, draft: Draft) -> tuple[str, ...]:
        named = [found.slug for name in draft.sections if (found := self._sections.find(name))]
        default = [self._source.section] if self._source.section else []
        slugs = dict.fromkeys(named or default)
        # A section is implied by the one below it.
        implied = {above for slug in slugs for above in self._sections.ancestry(slug)[1:]}
        return tuple(slug for slug in slugs if slug not in implied)

    def _learn(self, credits_: Sequence[Credit]) -> Directory:
        directory = Directory(self._store.reporters())
        people = [credit for credit in credits_ if is_person(credit)]
        if self._source.learn != "none":
            for credit in (credit for credit in people if credit.email or credit.source_id):
                directory.learn(credit)
        if self._source.learn == "name":
            for credit in (credit for credit in people if not credit.email):
                directory.learn(credit)
        if directory.changed:
            self._store.save_reporters(directory.changed)
        return directory

    def _resolve_older(self, directory: Directory, now: datetime) -> None:
        """Somebody became known: look at the review list again."""
        for article_id, credit in self._store.unresolved():
            found = directory.resolve(credit)
            if isinstance(found, Reporter):
                self._store.resolve(article_id, credit.name, found.slug, now)

    def _refuse(self, url: str, headline: str, reason: str, raw: Mapping[str, str], now: datetime) -> Outcome:
        outcome = Outcome(verdict=Verdict.REFUSED, headline=clean_text(headline), url=url, reason=reason)
        fingerprint = hashlib.sha256("\n".join((url, headline, reason)).encode()).hexdigest()
        if self._store.refuse(self._source.name, fingerprint, outcome, raw, now):
            _log.warning("refused", source=self._source.name, url=url, headline=headline, reason=reason)
        return outcome


def configure_reporters(store: ArticleStore, reporters: Iterable[Reporter]) -> None:
    """Bring the reporters of the configuration into the store."""
    directory = Directory(store.reporters())
    for reporter in reporters:
        directory.configure(reporter)
    if directory.changed:
        store.save_reporters(directory.changed)


def canonical(url: str) -> str:
    """An address as a key: no scheme, no ``www.`` or ``m.``, no fragment and nothing that only counts visits."""
    parts = urlsplit(url)
    host = (parts.netloc or "").lower().removeprefix("www.").removeprefix("m.")
    query = urlencode(
        [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if not name.startswith(_TRACKING)]
    )
    return f"{host}{parts.path or '/'}" + (f"?{query}" if query else "")


def _resolved(credit: Credit, directory: Directory) -> Credit:
    if not is_person(credit):
        return credit
    found = directory.resolve(credit)
    if isinstance(found, Unresolved):
        return replace(credit, reporter=None, unresolved=found.reason)
    return replace(credit, reporter=found.slug, unresolved="")


def _merged(credits_: Sequence[Credit]) -> tuple[Credit, ...]:
    """One credit a name: the page says 김서현 기자, the body adds the address."""
    by_name: dict[str, Credit] = {}
    for credit in credits_:
        known = by_name.get(credit.name)
        lowered = replace(credit, name=clean_text(credit.name), email=credit.email.lower())
        if known is None:
            by_name[credit.name] = lowered
            continue
        gaps = {
            name: getattr(lowered, name)
            for name in ("role", "email", "email_local", "organisation", "dateline", "source_id")
            if not getattr(known, name)
        }
        by_name[credit.name] = replace(known, **gaps)
    return tuple(by_name.values())


def _images(images: Sequence[Image], body: str) -> tuple[Image, ...]:
    if images:
        return tuple(images)
    found = first_image(body)
    return (found,) if found else ()


def _status(raw: str) -> Status:
    """The source's status; one that cannot be read holds the article back."""
    words = {
        "": Status.USABLE,
        "usable": Status.USABLE,
        "withheld": Status.WITHHELD,
        "canceled": Status.CANCELLED,
        "cancelled": Status.CANCELLED,
    }
    return words.get(raw.strip().lower(), Status.WITHHELD)


def _raw(draft: Draft) -> dict[str, str]:
    printed = {
        "headline": draft.headline,
        "published": draft.published,
        "updated": draft.updated,
        "bylines": "\n".join(draft.bylines),
    }
    return {name: value for name, value in (printed | dict(draft.evidence)).items() if value}
