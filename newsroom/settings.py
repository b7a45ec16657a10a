"""The tables of ``config.toml`` that the newsroom reads: paper, store, fetch, section, reporter, and what every source has.

``Table`` is the base of every table of every package: frozen, unknown keys refused. Paths are relative to the configuration
file; the loader passes its folder as ``context["base"]``.
"""

from __future__ import annotations

import re
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from newsroom.model import Agency, Genre, Reporter, Section, Series
from newsroom.text.characters import clean_text

SLUG = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*")
_BLANK = re.compile(r"[\s\x00-\x1f\x7f]")
_DURATION = re.compile(r"(\d+)\s*(s|m|h|d)")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


class Table(BaseModel):
    """A table of ``config.toml``."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        populate_by_name=True,
        str_strip_whitespace=True,
        validate_default=True,
        arbitrary_types_allowed=True,  # ZoneInfo
    )


def parse_duration(value: object) -> timedelta:
    """``"90s"``, ``"5m"``, ``"2h"``, ``"1d"`` as a time span of at least one second. Raises ValueError on anything else."""
    if isinstance(value, timedelta):
        return value
    match = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if not match or int(match[1]) == 0 or int(match[1]) > 10**6:
        raise ValueError('write a time span such as "90s", "5m", "2h" or "1d"')
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def _slug(value: str) -> str:
    if not SLUG.fullmatch(value) or len(value) > 64:
        raise ValueError("write lower-case ASCII letters and digits, joined by - _ or . (at most 64 characters)")
    return value


def _http_url(value: str) -> str:
    fault = ValueError("write a full web address that starts with https:// or http://")
    try:
        parts = urlsplit(value)
        host = (parts.hostname or "").encode("idna")
    except ValueError:  # a bracket or a port that does not fit, an impossible host
        raise fault from None
    if parts.scheme not in {"http", "https"} or not host or parts.username is not None or parts.fragment or _BLANK.search(value):
        raise fault
    return value


def _zone(value: object) -> ZoneInfo:
    if isinstance(value, ZoneInfo):
        return value
    try:
        return ZoneInfo(str(value))
    except (KeyError, ValueError, OSError) as error:
        raise ValueError('write a time zone of the IANA list, such as "Asia/Seoul"') from error


def _beside_config(value: Path, info: ValidationInfo) -> Path:
    base = (info.context or {}).get("base")
    return (base / value.expanduser()) if base else value


def _line(value: object) -> object:
    """One line in NFC, as articles have it: editors on some systems write Hangul in pieces."""
    return clean_text(value) if isinstance(value, str) else value


def _email(value: str) -> str:
    if value and not re.fullmatch(r"[^\s@]+@[^\s@]+\.[^\s@]+", value):
        raise ValueError('write an e-mail address such as "seoh@metroseoul.co.kr"')
    return value.lower()


def _network(value: object) -> IPv4Network | IPv6Network:
    try:
        return ip_network(value if isinstance(value, IPv4Network | IPv6Network) else str(value))
    except ValueError as error:
        raise ValueError(f'write a network such as "127.0.0.0/8" or "fd00::/8" ({error})') from error


def _color(value: str) -> str:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        raise ValueError('write a colour as "#b3341b"')
    return value.lower()


def _language(value: str) -> str:
    try:
        Locale.parse(value, sep="-")
    except (UnknownLocaleError, ValueError) as error:
        raise ValueError('write the code of a language, such as "ko", "en" or "pt-BR"') from error
    return value


Duration = Annotated[timedelta, BeforeValidator(parse_duration)]
Slug = Annotated[str, AfterValidator(_slug)]
Url = Annotated[str, AfterValidator(_http_url)]
UrlOrNone = Annotated[str, AfterValidator(lambda value: value and _http_url(value))]
Zone = Annotated[ZoneInfo, BeforeValidator(_zone)]
ConfigPath = Annotated[Path, AfterValidator(_beside_config)]
LanguageCode = Annotated[str, AfterValidator(_language)]
LanguageCodeOrNone = Annotated[str, AfterValidator(lambda value: value and _language(value))]
Color = Annotated[str, AfterValidator(_color)]
Text = Annotated[str, Field(min_length=1), BeforeValidator(_line)]
TextOrNone = Annotated[str, BeforeValidator(_line)]
Network = Annotated[IPv4Network | IPv6Network, BeforeValidator(_network)]
Email = Annotated[str, AfterValidator(_email)]


class PaperSettings(Table):
    """``[paper]``: who publishes, in which language and zone, and how it looks."""

    name: Text
    url: Url
    language: LanguageCode = "ko"
    timezone: Zone = ZoneInfo("Asia/Seoul")
    tag: Annotated[
        str, Field(pattern=r"^(([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?,\d{4}(-\d{2}(-\d{2})?)?)?$")
    ] = ""
    """Authority of the feeds' ids (RFC 4151): a domain and a date on which the paper held it. Never change it."""
    tagline: str = ""
    address: str = ""
    phone: str = ""
    accent: Color = "#b3341b"
    accent_dark: Color = "#ff8a70"
    logo: UrlOrNone = ""
    icon: UrlOrNone = ""

    @model_validator(mode="after")
    def _default_tag(self) -> PaperSettings:
        if not self.tag:
            object.__setattr__(self, "tag", f"{self.domain},2025")
        return self

    @property
    def domain(self) -> str:
        """The paper's host in lower-case ASCII, without ``www.``."""
        host = urlsplit(self.url).hostname or ""
        return host.encode("idna").decode().lower().removeprefix("www.")


class StoreSettings(Table):
    """``[store]``: where articles, subscribers and deliveries are kept."""

    url: str = "sqlite:///masthead.db"

    @field_validator("url")
    @classmethod
    def _beside(cls, value: str, info: ValidationInfo) -> str:
        base = (info.context or {}).get("base")
        if value.startswith(("postgresql://", "postgres://", "postgresql+psycopg://")):
            return "postgresql+psycopg://" + value.split("://", 1)[1]
        if not value.startswith("sqlite:///") or value in {"sqlite:///", "sqlite:///:memory:"}:
            raise ValueError('write "sqlite:///masthead.db" or "postgresql://user@host/name"')
        path = Path(value.removeprefix("sqlite:///")).expanduser()
        return f"sqlite:///{base / path if base else path}"


class FetchSettings(Table):
    """``[fetch]``: how Masthead behaves towards other people's servers."""

    contact: str = ""
    """Address of a page or mailbox named in the User-Agent; the paper's own site where empty."""
    allow_private: tuple[Network, ...] = ()
    timeout: Duration = timedelta(seconds=30)
    max_bytes: Annotated[int, Field(ge=1024)] = 10_000_000
    delay: Annotated[float, Field(ge=0, le=60)] = 1.0
    """Seconds between two requests to one host."""


class SectionSettings(Table):
    """``[[section]]``: a node of the paper's tree, in the paper's order."""

    slug: Slug
    title: Text
    parent: Slug | None = None
    aliases: tuple[Text, ...] = ()
    codes: tuple[Text, ...] = ()

    def model(self) -> Section:
        """The section as the rest of the newsroom knows it."""
        return Section(slug=self.slug, title=self.title, parent=self.parent, aliases=self.aliases, codes=self.codes)


class ReporterSettings(Table):
    """``[[reporter]]``: a reporter known beforehand; bylines teach the rest."""

    slug: Slug
    name: Text
    names: tuple[Text, ...] = ()
    email: Email = ""
    emails: tuple[Email, ...] = ()
    role: str = ""
    section: Slug | None = None
    portrait: UrlOrNone = ""
    active: bool = True

    def model(self) -> Reporter:
        """The reporter as the rest of the newsroom knows him or her."""
        return Reporter(
            slug=self.slug,
            name=self.name,
            names=tuple(dict.fromkeys((self.name, *self.names))),
            emails=tuple(dict.fromkeys(email for email in (self.email, *self.emails) if email)),
            role=self.role,
            section=self.section or "",
            portrait=self.portrait,
            active=self.active,
        )


class SeriesSettings(Table):
    """``[[series]]``: a series or column, to give its feed an address of one's choice; articles bring the rest."""

    slug: Slug
    title: Text
    names: tuple[Text, ...] = ()

    def model(self) -> Series:
        """The series as the rest of the newsroom knows it."""
        return Series(slug=self.slug, title=self.title, names=tuple(dict.fromkeys((self.title, *self.names))))


class GenreSettings(Table):
    """``[[genre]]``: a kind of article that gets a feed."""

    slug: Slug
    title: Text
    names: tuple[Text, ...] = ()

    def model(self) -> Genre:
        """The genre as the rest of the newsroom knows it."""
        return Genre(slug=self.slug, title=self.title, names=tuple(dict.fromkeys((self.title, *self.names))))


class AgencySettings(Table):
    """``[[agency]]``: whose copy the paper runs beside its own, and what the contract allows."""

    name: Text
    names: tuple[Text, ...] = ()
    url: UrlOrNone = ""
    feed: UrlOrNone = ""
    rights: TextOrNone = ""
    full_text_ok: bool = False

    def model(self) -> Agency:
        """The agency as the rest of the newsroom knows it."""
        return Agency(name=self.name, url=self.url, feed=self.feed, rights=self.rights)


class SourceSettings(Table):
    """What every ``[[source]]`` has, whatever its kind."""

    name: Slug
    kind: str
    url: Url
    section: Slug | None = None
    """The section of articles that do not name one themselves."""
    every: str = "5m"
    """``"5m"`` or a cron line of five fields, read by the schedule."""
    timezone: Zone | None = None
    language: LanguageCodeOrNone = ""
    learn: Literal["email", "name", "none"] = "name"
    """What makes a new reporter: a byline with an address, any signed name, or nothing but ``[[reporter]]``."""
    agency: TextOrNone = ""
    """Name of the ``[[agency]]`` whose articles these are, unless a byline names another."""
    full_text_ok: bool = True
    """False where nobody but the paper may give the text of these articles in full."""
    enabled: bool = True
