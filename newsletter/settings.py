"""``[[newsletter]]`` and ``[mail]`` of ``config.toml``."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Literal

from jinja2 import Environment, TemplateSyntaxError
from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, field_validator, model_validator

from newsletter.errors import SecretError
from newsletter.mailbox import Mailbox
from newsletter.transport import MaildirTransport, SmtpTransport, parse_transport
from newsroom.settings import ConfigPath, Duration, Slug, Table, Text

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def parse_days(value: object) -> frozenset[int]:
    """ISO weekdays (Monday 1 … Sunday 7) of ``"mon-sat"``, ``"mon,wed,fri"``, ``"sat-mon"`` or ``"daily"``. Raises ValueError."""
    if isinstance(value, frozenset):
        return value
    if not isinstance(value, str):
        raise ValueError('write days as "mon-sat", "mon,wed,fri" or "daily"')
    if value.strip().lower() == "daily":
        return frozenset(range(1, 8))
    return frozenset(day for part in value.split(",") for day in _span(part.strip().lower()))


def _span(part: str) -> list[int]:
    first, dash, last = (name.strip() for name in part.partition("-"))
    for name in (first, last if dash else first):
        if name not in _DAYS:
            raise ValueError(f'"{name}" is no day: write {", ".join(_DAYS)}, a range such as "mon-sat", or "daily"')
    start = _DAYS.index(first)
    length = (_DAYS.index(last) - start) % 7 + 1 if dash else 1
    return [(start + step) % 7 + 1 for step in range(length)]


def _time_of_day(value: object) -> time:
    if isinstance(value, time) and value.tzinfo is None:
        return value
    try:
        hour, minute = str(value).split(":")
        if len(hour) not in (1, 2) or len(minute) != 2:
            raise ValueError
        return time(int(hour), int(minute))
    except ValueError:
        raise ValueError('write a time of day as "07:00"') from None


def _mailbox(value: object) -> Mailbox:
    return value if isinstance(value, Mailbox) else Mailbox.parse(str(value))


def _template(value: str) -> str:
    try:
        Environment(autoescape=True, extensions=["jinja2.ext.i18n"]).parse(value)
    except TemplateSyntaxError as error:
        raise ValueError(f"this is no Jinja2 template: {error.message}") from error
    return value


Days = Annotated[frozenset[int], BeforeValidator(parse_days)]
TimeOfDay = Annotated[time, BeforeValidator(_time_of_day)]
Address = Annotated[Mailbox, BeforeValidator(_mailbox)]
TemplateText = Annotated[str, AfterValidator(_template)]


class NewsletterSettings(Table):
    """``[[newsletter]]``: a publication with a schedule, in the paper's time zone."""

    slug: Slug
    title: Text
    send: TimeOfDay = time(7)
    days: Days = frozenset(range(1, 7))
    latest: TimeOfDay | None = None
    """Until when an edition may still start on its day; without it, until midnight."""
    if_late: Literal["send", "merge", "ask"] = "send"
    """After ``latest``: send it all the same, leave its stories to the next edition, or open it and hold it for an operator."""
    min_articles: Annotated[int, Field(ge=1)] = 1
    """An edition with fewer is skipped, and its stories are in the next."""
    max_stories: Annotated[int, Field(ge=1, le=100)] = 30
    """Stories named in one digest; the others are counted. A hundred stay below the size at which Gmail cuts a mail off."""
    sections: tuple[Slug, ...] = ()
    """What it gathers, with the sections below; empty means the whole paper."""
    subject: TemplateText = ""
    """A Jinja2 template over ``digest``, ``newsletter`` and ``paper`` in place of ``mail/digest/subject.txt``."""
    from_name: str = ""
    """The name readers see as the sender; that of ``mail.from`` where empty."""

    @model_validator(mode="after")
    def _in_order(self) -> NewsletterSettings:
        if self.latest is not None and self.latest <= self.send:
            raise ValueError(f"latest ({self.latest:%H:%M}) must be after send ({self.send:%H:%M}) on the same day")
        return self


class MailSettings(Table):
    """``[mail]``: who sends, and through which server. Secrets come from the environment or a file, never from here."""

    sender: Annotated[Address, Field(alias="from")]
    reply_to: Address | None = None
    transport: SmtpTransport | MaildirTransport = SmtpTransport(host="127.0.0.1", port=25)
    username: str = ""
    password_env: str = ""
    password_file: ConfigPath | None = None
    timeout: Duration = timedelta(minutes=5)
    """How long a server may take for one reply. RFC 5321 §4.5.3.2 asks for five minutes: giving up sooner doubles mails."""
    in_doubt: Literal["resend", "hold"] = "resend"
    """A mail whose acknowledgement was lost: send it again under the same Message-ID, or hold it."""
    list_domain: Annotated[str, Field(pattern=r"^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?$|^$")] = ""
    """Domain of List-Id (RFC 2919) and Message-ID; the sender's where empty. Never change it: readers filter by it."""

    @field_validator("transport", mode="before")
    @classmethod
    def _transport(cls, value: object, info: ValidationInfo) -> object:
        return parse_transport(value, (info.context or {}).get("base", Path())) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _sound(self) -> MailSettings:
        if not self.sender.address.isascii():
            raise ValueError("from must be an ASCII address: most servers refuse mail from any other")
        if bool(self.username) != bool(self.password_env or self.password_file) or (self.password_env and self.password_file):
            raise ValueError("username goes with either password_env or password_file")
        if self.username and isinstance(self.transport, SmtpTransport) and not self.transport.is_private:
            raise ValueError("a password needs smtps:// or smtp+starttls://, so that nobody on the way can read it")
        if not self.list_domain:
            object.__setattr__(self, "list_domain", self.sender.domain)
        return self

    def password(self, environment: Mapping[str, str] = os.environ) -> str:
        """The secret for ``username``, read now; empty without one. Raises SecretError where it is not to be had."""
        if self.password_env:
            if not environment.get(self.password_env):
                raise SecretError(f"mail.password_env names {self.password_env}, which is not set in the environment.")
            return environment[self.password_env]
        if self.password_file:
            try:
                secret = self.password_file.read_text(encoding="utf-8").rstrip("\r\n")
            except (OSError, UnicodeDecodeError) as error:
                raise SecretError(f"mail.password_file {self.password_file} cannot be read: {error}") from error
            if not secret:
                raise SecretError(f"mail.password_file {self.password_file} is empty.")
            return secret
        return ""
