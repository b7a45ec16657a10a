"""The newsroom's words as frozen values: what every other file speaks.

No I/O and no clock here. Every instant is an aware ``datetime``; a naive one is refused in the constructor, because a time
without a zone is the commonest way a Korean paper's news ends up nine hours off.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Status(StrEnum):
    """Whether an article may be shown (the three values of IPTC ``pubstatus``). Anything but usable is absent everywhere."""

    USABLE = "usable"
    WITHHELD = "withheld"
    CANCELLED = "cancelled"


class CreditKind(StrEnum):
    """Who stands behind a printed credit. Only a person can have a reporter's feed."""

    PERSON = "person"
    DESK = "desk"
    AGENCY = "agency"
    BOT = "bot"


def _aware(owner: object, *names: str) -> None:
    for name in names:
        value: datetime | None = getattr(owner, name)
        if value is not None and value.utcoffset() is None:
            raise ValueError(f"{type(owner).__name__}.{name} has no time zone: {value!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture of an article. ``url`` is absolute; sizes are pixels, 0 where unknown."""

    url: str
    alt: str = ""
    caption: str = ""
    credit: str = ""
    width: int = 0
    height: int = 0
    media_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """Whose text an article is, where it is not the paper's own. ``feed`` is the address of the agency's feed, if it has one."""

    name: str
    url: str = ""
    feed: str = ""
    rights: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """The parsed form of a byline, one for each name. ``email`` is evidence for knowing the person and is never published."""

    name: str
    role: str = ""
    kind: CreditKind = CreditKind.PERSON
    email: str = ""
    email_local: str = ""
    organisation: str = ""
    dateline: str = ""
    source_id: str = ""
    reporter: str | None = None
    """Slug of the reporter this credit was resolved to; None keeps the article out of every reporter's feed."""
    unresolved: str = ""
    """Why a person's credit has no reporter; such credits make the review list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a source returned, before intake: raw strings, nothing judged yet.

    ``body`` and ``summary`` are HTML fragments in the source's own markup; ``published`` and ``updated`` are the printed
    strings; ``bylines`` the printed credits; ``sections`` names, codes or slugs as the source writes them. ``authors`` holds
    what a structured source (a feed) says of its authors. ``evidence`` keeps raw strings that explain a later judgement.
    """

    source: str
    url: str
    headline: str
    body: str = ""
    summary: str = ""
    bylines: tuple[str, ...] = ()
    authors: tuple[Credit, ...] = ()
    published: str = ""
    updated: str = ""
    sections: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    native_id: str = ""
    guid: str = ""
    canonical_url: str = ""
    language: str = ""
    series: str = ""
    keywords: tuple[str, ...] = ()
    rights: str = ""
    status: str = ""
    embargo: str = ""
    note: str = ""
    evidence: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Key:
    """Something by which an article is recognised: a native id, a guid, an address, or its printed particulars."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A draft that intake found fit to be kept: parsed, cleaned, its sections and reporters known.

    ``keys`` stand in the order in which they are trusted. ``modified`` is the source's own word on the last change, if any.
    """

    source: str
    id: str
    keys: tuple[Key, ...]
    url: str
    published: datetime
    headline: str
    body: str
    summary: str
    content_hash: str
    credits: tuple[Credit, ...] = ()
    images: tuple[Image, ...] = ()
    sections: tuple[str, ...] = ()
    modified: datetime | None = None
    status: Status = Status.USABLE
    embargo: datetime | None = None
    language: str = ""
    series: str = ""
    keywords: tuple[str, ...] = ()
    rights: str = ""
    agency: Agency | None = None
    full_text_ok: bool = True
    note: str = ""
    """What the paper says of a correction, plain text."""
    serious: bool = False
    """Whether an editor has called ``note`` grave; no source can tell."""
    evidence: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _aware(self, "published", "modified", "embargo")


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One accepted version of an article.

    ``updated`` moves only on a significant change (RFC 4287 §4.2.15), ``edited`` on every one (RFC 5023 §10.2). ``body`` is a
    clean HTML fragment with absolute addresses and without the byline; ``summary`` is plain text.
    """

    number: int
    headline: str
    body: str
    summary: str
    credits: tuple[Credit, ...]
    images: tuple[Image, ...]
    updated: datetime
    edited: datetime
    content_hash: str
    note: str = ""
    serious: bool = False
    """Whether what ``note`` puts right was grave enough that readers must be told in an entry of its own."""

    def __post_init__(self) -> None:
        _aware(self, "updated", "edited")


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A story with its stable id (a tag URI, RFC 4151) and its current revision. ``sections`` are slugs, the main one first.

    ``full_text_ok`` is False where the rights forbid that anybody but the paper gives more than an excerpt.
    """

    id: str
    url: str
    published: datetime
    revision: Revision
    sections: tuple[str, ...] = ()
    status: Status = Status.USABLE
    embargo: datetime | None = None
    language: str = ""
    series: str = ""
    keywords: tuple[str, ...] = ()
    rights: str = ""
    agency: Agency | None = None
    full_text_ok: bool = True

    def __post_init__(self) -> None:
        _aware(self, "published", "embargo")

    @property
    def printed_headline(self) -> str:
        """The headline as the paper prints it, a column's name in front: ``[김서현의 AI시대 적응하기] 좋은 질문이 …``."""
        return f"[{self.series}] {self.revision.headline}" if self.series else self.revision.headline

    @property
    def reporters(self) -> tuple[str, ...]:
        """Slugs of the reporters who signed, each once, in printed order."""
        return tuple(dict.fromkeys(c.reporter for c in self.revision.credits if c.reporter))


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """Where an article stands now, without its text. ``terms`` are those of ``newsroom.terms.article_terms``, sorted.

    ``public`` is whether it may be shown; ``withdrawn`` when it last ceased to be, None where it is or never was. ``correction`` is
    the number of the newest revision that was a serious correction, 0 where there is none, and ``corrected`` when that was made.
    """

    id: str
    published: datetime
    updated: datetime
    edited: datetime
    public: bool
    withdrawn: datetime | None = None
    sections: tuple[str, ...] = ()
    reporters: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    correction: int = 0
    corrected: datetime | None = None

    def __post_init__(self) -> None:
        _aware(self, "published", "updated", "edited", "withdrawn", "corrected")


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A node of the paper's tree. ``aliases`` are other printed names, ``codes`` what sources call it."""

    slug: str
    title: str
    parent: str | None = None
    aliases: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A series or column that the paper has named. ``names`` are those under which articles carry it."""

    slug: str
    title: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Genre:
    """A kind of article that the paper has named. ``names`` are the series, keywords and labels of headlines that mean it."""

    slug: str
    title: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporter:
    """A person with a feed. The slug is issued once, is ASCII and never romanises a name.

    ``names`` and ``emails`` hold every one ever known, the current first; ``section`` is the desk that tells two reporters of one
    name apart for a reader.
    """

    slug: str
    name: str
    names: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    source_ids: tuple[str, ...] = ()
    role: str = ""
    section: str = ""
    portrait: str = ""
    """Address of a picture of the person, as configured."""
    active: bool = True


class ChangeKind(StrEnum):
    """What happened to an article; every output follows these records."""

    NEW = "new"
    REVISED = "revised"
    RELEASED = "released"
    """An embargo or a future date has passed."""
    FILED = "filed"
    """Seen under one more section."""
    RESOLVED = "resolved"
    """A signature became known as a reporter's."""
    STATUS = "status"
    """May be shown from now on, or no longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One line of the change record: ``sequence`` only grows."""

    sequence: int
    article_id: str
    revision: int
    kind: ChangeKind
    at: datetime

    def __post_init__(self) -> None:
        _aware(self, "at")


class Verdict(StrEnum):
    """What intake decided about a draft."""

    NEW = "new"
    REVISED = "revised"
    UNCHANGED = "unchanged"
    HELD = "held"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The verdict on one draft, and the rule that made it."""

    verdict: Verdict
    headline: str
    url: str
    reason: str = ""
    article_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A draft that was refused, with the raw strings that explain why."""

    source: str
    url: str
    headline: str
    reason: str
    raw: Mapping[str, str]
    at: datetime

    def __post_init__(self) -> None:
        _aware(self, "at")
