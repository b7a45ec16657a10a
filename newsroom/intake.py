"""Intake: drafts in, articles out. Each draft is judged on its own, and every verdict has a reason.

Names are learnt from a whole batch before anybody is resolved: on one and the same page a reporter signs one story with an
address and the next without.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import structlog

from newsroom.agencies import Agencies
from newsroom.copydesk import CopyDesk, raw_strings
from newsroom.directory import Directory, Unresolved, is_person
from newsroom.errors import NewsroomError, StoreBusyError, StoreError, StoreUnreachableError
from newsroom.model import Candidate, Credit, Draft, Key, Outcome, Reporter, Verdict
from newsroom.sections import SectionTree
from newsroom.settings import AgencySettings, PaperSettings, SourceSettings
from newsroom.sources import Unreadable
from newsroom.store import ArticleStore
from newsroom.text.addresses import without_addresses
from newsroom.text.characters import without_unwanted
from newsroom.text.clean import clean_text
from newsroom.text.fold import content_hash

_log = structlog.get_logger(__name__)


class Intake:
    """Takes drafts of one source into the store."""

    def __init__(
        self,
        store: ArticleStore,
        paper: PaperSettings,
        sections: SectionTree,
        source: SourceSettings,
        agencies: Iterable[AgencySettings] = (),
    ) -> None:
        self._store = store
        self._source = source
        self._desk = CopyDesk(paper, sections, Agencies(agencies), source)

    def keys(self, draft: Draft) -> tuple[Key, ...]:
        """The keys that an unread draft already has: enough to look whether it is known."""
        return self._desk.keys(draft)

    def take(self, drafts: Iterable[Draft | Unreadable], now: datetime) -> list[Outcome]:
        """Judge and keep a batch. One bad draft never loses the rest. Raises StoreError only."""
        outcomes: list[Outcome] = []
        read: list[Candidate] = []
        for draft in drafts:
            judged = self._read(draft, now)
            if isinstance(judged, Candidate):
                read.append(judged)
            else:
                outcomes.append(judged)
        candidates = _each_once(read)
        _log.debug("taking in", source=self._source.name, read=len(read), articles=len(candidates))
        people = [credit for candidate in candidates for credit in candidate.credits if is_person(credit)]
        directory = self._learn(people)
        # The oldest first, so that the change record and equal times follow the order of publication.
        in_order = sorted(candidates, key=lambda candidate: candidate.published)
        outcomes += [self._accept(_known(candidate, directory), now) for candidate in in_order]
        resolve_older(self._store, directory, {credit.name for credit in people}, now)
        return outcomes

    def _read(self, draft: Draft | Unreadable, now: datetime) -> Candidate | Outcome:
        if isinstance(draft, Unreadable):
            return self._refuse(draft.url, draft.headline, draft.reason, draft.raw, now)
        try:
            return self._desk.candidate(draft, now)
        except NewsroomError as error:
            return self._refuse(draft.url, draft.headline, str(error), raw_strings(draft), now)
        except Exception as error:  # noqa: BLE001 (a fault of ours in one article is no reason to lose the others)
            _log.exception("unreadable", source=self._source.name, url=draft.url)
            return self._refuse(draft.url, draft.headline, f"it could not be read: {error!r}", raw_strings(draft), now)

    def _learn(self, people: Sequence[Credit]) -> Directory:
        """The directory with what this batch teaches: addresses first, because a name alone is somebody known if it can be."""
        with self._store.directory() as directory:
            if self._source.learn != "none":
                for credit in (credit for credit in people if credit.email or credit.source_id):
                    directory.learn(credit)
            if self._source.learn == "name":
                for credit in people:
                    directory.learn(credit)
        return directory

    def _accept(self, candidate: Candidate, now: datetime) -> Outcome:
        try:
            outcome = self._store.accept(candidate, now)
        except (StoreBusyError, StoreUnreachableError):
            raise
        except StoreError as error:
            return self._refuse(candidate.url, candidate.headline, str(error), candidate.evidence, now)
        if outcome.verdict is not Verdict.UNCHANGED or outcome.reason:
            _log.info(
                "intake",
                source=self._source.name,
                verdict=outcome.verdict.value,
                article=outcome.article_id,
                headline=outcome.headline,
                reason=outcome.reason,
            )
        return outcome

    def _refuse(self, url: str, headline: str, reason: str, raw: Mapping[str, str], now: datetime) -> Outcome:
        """Record a refusal, once; the same draft with the same fault is not news."""
        url, reason = without_unwanted(url), without_unwanted(reason)
        outcome = Outcome(verdict=Verdict.REFUSED, headline=clean_text(headline), url=url, reason=reason)
        fingerprint = hashlib.sha256(f"{url}\n{outcome.headline}\n{reason}".encode()).hexdigest()
        if self._store.refuse(self._source.name, fingerprint, outcome, raw, now):
            _log.info("refused", source=self._source.name, url=url, headline=outcome.headline, reason=reason)
        return outcome


def configure_reporters(store: ArticleStore, reporters: Iterable[Reporter], now: datetime) -> None:
    """Bring the reporters of the configuration into the store, and what they signed before they were known to them."""
    configured = list(reporters)
    directory = Directory(store.reporters())
    directory.configure(configured)
    if not directory.changed:
        return
    with store.directory() as directory:
        displaced = directory.configure(configured)
    for reporter in displaced:
        _log.warning("a reporter is configured under another slug; the old feed gets no new articles", old=reporter.slug)
    resolve_older(store, directory, {name for reporter in configured for name in reporter.names}, now)


def resolve_older(store: ArticleStore, directory: Directory, names: Collection[str], now: datetime) -> None:
    """Look at these names on the review list again: somebody may have become known."""
    for article_id, credit in store.unresolved(names):
        found = directory.resolve_older(credit)
        if isinstance(found, Reporter):
            store.resolve(article_id, credit.name, found.slug, now)


def _each_once(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Each article once, as it was changed last, under all sections it stood in: two headlines of one day must not take turns."""
    kept: dict[Key, Candidate] = {}
    for candidate in candidates:
        first = kept.get(candidate.keys[0], candidate)
        latest = max(first, candidate, key=lambda found: found.modified or found.published)
        sections = dict.fromkeys((*first.sections, *candidate.sections))
        kept[candidate.keys[0]] = replace(latest, sections=tuple(sections))
    return list(kept.values())


def _known(candidate: Candidate, directory: Directory) -> Candidate:
    """The candidate with its people resolved, and no address of a reporter or an author left in what is shown."""
    credits_ = tuple(_resolved(credit, directory) for credit in candidate.credits)
    addresses = {*directory.emails, *(credit.email for credit in credits_ if credit.email)}

    def shown(text: str) -> str:
        return without_addresses(text, addresses)

    headline, body, summary = shown(candidate.headline), shown(candidate.body), shown(candidate.summary)
    images = (
        replace(image, alt=shown(image.alt), caption=shown(image.caption), credit=shown(image.credit))
        for image in candidate.images
    )
    return replace(
        candidate,
        headline=headline,
        body=body,
        summary=summary,
        content_hash=content_hash(headline, body, summary),
        credits=credits_,
        images=tuple(images),
        series=shown(candidate.series),
        keywords=tuple(filter(None, map(shown, candidate.keywords))),
        rights=shown(candidate.rights),
        note=shown(candidate.note),
    )


def _resolved(credit: Credit, directory: Directory) -> Credit:
    if not is_person(credit):
        return credit
    found = directory.resolve(credit)
    if isinstance(found, Unresolved):
        return replace(credit, reporter=None, unresolved=found.reason)
    return replace(credit, reporter=found.slug, unresolved="")
