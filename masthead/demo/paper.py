"""두물일보, the invented daily of the demo, as frozen values with absolute times: what its website shows, wave by wave."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from masthead.demo.manuscripts import PLACEHOLDERS, Manuscript, read

SEOUL = ZoneInfo("Asia/Seoul")


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoSection:
    """A section of the site; ``code`` is its number in addresses, ``parent`` the slug of the section above."""

    slug: str
    title: str
    code: int
    parent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoReporter:
    """Who signs. ``role`` is what is printed behind the name."""

    key: str
    name: str
    role: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPicture:
    """A picture to be drawn: its scene, what it shows, and what is printed under it."""

    scene: str
    alt: str
    caption: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoArticle:
    """An article as the site shows it, signed by reporters or by an agency.

    ``corrected`` and ``note`` are set once it has been corrected.
    """

    key: str
    section: DemoSection
    headline: str
    paragraphs: tuple[str, ...]
    reporters: tuple[DemoReporter, ...]
    byline: Literal["body", "page"]
    published: datetime
    agency: str = ""
    corrected: datetime | None = None
    note: str = ""
    series: str = ""
    picture: DemoPicture | None = None
    follows: str | None = None

    @property
    def title(self) -> str:
        """The headline behind the name of its series, as the site prints it."""
        return f"[{self.series}] {self.headline}" if self.series else self.headline

    @property
    def credit(self) -> str:
        """``강이든 기자``, ``강이든·최하람 기자``, ``한물통신``: the byline under a headline."""
        return self.agency or "·".join(f"{names} {role}" for role, names in self._names_by_role())

    @property
    def signature(self) -> str:
        """``/강이든기자 ideun@dumul.example``, ``/강이든·최하람기자``: the byline at a body's end, glued as Korean systems do."""
        credit = "·".join(f"{names}{role}" if role == "기자" else f"{names} {role}" for role, names in self._names_by_role())
        return f"/{credit} {self.reporters[0].email}" if len(self.reporters) == 1 else f"/{credit}"

    def _names_by_role(self) -> Iterator[tuple[str, str]]:
        for role, reporters in groupby(self.reporters, key=lambda reporter: reporter.role):
            yield role, "·".join(reporter.name for reporter in reporters)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPaper:
    """The whole paper. ``waves`` is how many times something new appears while the demo runs."""

    name: str
    url: str
    start: datetime
    sections: tuple[DemoSection, ...]
    reporters: tuple[DemoReporter, ...]
    waves: int
    manuscripts: tuple[Manuscript, ...] = field(repr=False)

    def at(self, released: Sequence[datetime] = ()) -> tuple[DemoArticle, ...]:
        """What the site shows after ``len(released)`` waves, the newest first; each moment is when its wave was released."""
        moments = [_minute(moment) for moment in released]
        sections = {section.slug: section for section in self.sections}
        reporters = {reporter.key: reporter for reporter in self.reporters}
        shown = [
            _article(manuscript, published, moments, sections, reporters)
            for manuscript in self.manuscripts
            if (published := self._published(manuscript, moments))
        ]
        return tuple(sorted(shown, key=lambda article: (article.published, article.key), reverse=True))

    def below(self, section: DemoSection) -> frozenset[str]:
        """Slugs of ``section`` and of the sections under it: what its listing holds."""
        return frozenset({section.slug, *(child.slug for child in self.sections if child.parent == section.slug)})

    def _published(self, manuscript: Manuscript, moments: Sequence[datetime]) -> datetime | None:
        """When the article was published; None while it is not."""
        if manuscript.age is not None:
            return self.start - manuscript.age
        wave = manuscript.live.wave if manuscript.live else 0
        return moments[wave - 1] if 0 < wave <= len(moments) else None


def load_paper(folder: Path | None = None, *, start: datetime) -> DemoPaper:
    """Read ``paper.toml`` and ``articles/*.toml`` in ``folder`` (the built-in paper by default); ages count back from ``start``.

    Raises DemoPaperError naming every fault with its file and article.
    """
    imprint, manuscripts = read(folder or Path(__file__).parent)
    host = urlsplit(imprint.site).hostname
    return DemoPaper(
        name=imprint.name,
        url=imprint.site,
        start=_minute(start),
        sections=tuple(DemoSection(**table.model_dump()) for table in imprint.section),
        reporters=tuple(DemoReporter(**table.model_dump(), email=f"{table.key}@{host}") for table in imprint.reporter),
        waves=max((wave for manuscript in manuscripts for wave in manuscript.waves), default=0),
        manuscripts=manuscripts,
    )


def _article(
    manuscript: Manuscript,
    published: datetime,
    moments: Sequence[datetime],
    sections: Mapping[str, DemoSection],
    reporters: Mapping[str, DemoReporter],
) -> DemoArticle:
    correction = manuscript.correction if manuscript.correction and manuscript.correction.wave <= len(moments) else None
    written = correction or manuscript

    def dated(text: str) -> str:
        return _dated(text, published)

    drawn = manuscript.picture
    return DemoArticle(
        key=manuscript.key,
        section=sections[manuscript.section],
        headline=dated(written.headline),
        paragraphs=tuple(dated(paragraph) for paragraph in re.split(r"\n\s*\n", written.body)),
        reporters=tuple(reporters[key] for key in manuscript.reporters),
        byline=manuscript.byline,
        published=published,
        agency=manuscript.agency,
        corrected=moments[correction.wave - 1] if correction else None,
        note=dated(correction.note) if correction else "",
        series=manuscript.series,
        picture=DemoPicture(scene=drawn.scene, alt=dated(drawn.alt), caption=dated(drawn.caption)) if drawn else None,
        follows=manuscript.follows,
    )


def _dated(text: str, published: datetime) -> str:
    """The text with the days near its publication filled in, as a paper prints them: ``11일``, over the month's end ``다음 달 1일``."""

    def day(distance: int) -> str:
        date = published + timedelta(days=distance)
        month = "" if date.month == published.month else "다음 달 " if distance > 0 else "지난달 "
        return f"{month}{date.day}일"

    days = {"일": day(0), "어제": day(-1), "내일": day(1), "다음주": day(7), "월": f"{published.month}월"}
    return re.sub(rf"\{{({'|'.join(PLACEHOLDERS)})\}}", lambda match: days[match[1]], text)


def _minute(moment: datetime) -> datetime:
    """The moment in Seoul, to the whole minute: a newspaper prints no seconds."""
    if moment.utcoffset() is None:
        raise ValueError(f"a time without a zone: {moment!r}")
    return moment.astimezone(SEOUL).replace(second=0, microsecond=0)
