"""``[[portal]]`` of ``config.toml``: what is written for a portal, after which preset, and where."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field, SecretStr, field_validator, model_validator

from feeds.errors import FeedsError
from feeds.model import View
from newsroom.settings import ConfigPath, Duration, Slug, Table, Text

Preset = Literal["excerpt", "partner", "smartnews", "msn", "google-news", "sitemap"]

SITEMAPS = frozenset({"google-news", "sitemap"})
_GOOGLE_WINDOW = timedelta(days=2)
_GOOGLE_LIMIT = 1000
_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,128}")
_HOW_TO_MAKE_ONE = (
    'at least 16 letters, digits, - or _; python3 -c "import secrets; print(secrets.token_urlsafe())" makes a good one'
)
_RANGE = frozenset({"sections", "window", "at_most"})
_KEYS: Mapping[str, frozenset[str]] = {
    "google-news": _RANGE,
    "sitemap": frozenset({"sections"}),
    "smartnews": _RANGE | {"title"},
    "msn": _RANGE | {"title"},
    "partner": _RANGE | {"title", "format", "secret", "secret_file"},
    "excerpt": _RANGE | {"title", "format"},
}
"""What each preset listens to, beside its slug."""


class SecretPathError(FeedsError):
    """The secret in the address of a partner's feed is not to be had."""


class PortalSettings(Table):
    """``[[portal]]``: a document, or a family of them, written after a preset."""

    slug: Slug
    preset: Preset
    title: Text | None = None
    """What the feed is called; the paper's name where not given."""
    sections: tuple[Slug, ...] = ()
    """What it gathers, with the sections below; empty means the whole paper."""
    window: Duration = _GOOGLE_WINDOW
    """How far it reaches back from its newest article."""
    at_most: Annotated[int, Field(ge=1, le=_GOOGLE_LIMIT)] = 500
    format: Literal["atom", "rss"] = "atom"
    secret: SecretStr | None = None
    """The part of a partner's address that nobody can guess. Who changes it takes the old address back."""
    secret_file: ConfigPath | None = None

    @field_validator("secret")
    @classmethod
    def _unguessable(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret is not None and not _TOKEN.fullmatch(secret.get_secret_value()):
            raise ValueError(f"write {_HOW_TO_MAKE_ONE}")
        return secret

    @model_validator(mode="after")
    def _of_its_preset(self) -> PortalSettings:
        idle = sorted(self.model_fields_set - _KEYS[self.preset] - {"slug", "preset"})
        if idle:
            raise ValueError(f'take {", ".join(idle)} out: the preset "{self.preset}" does nothing with it')
        if self.preset == "partner" and (self.secret is None) == (self.secret_file is None):
            raise ValueError(f"give either secret or secret_file, for nobody else may find a partner's feed: {_HOW_TO_MAKE_ONE}")
        if self.preset == "google-news" and self.window > _GOOGLE_WINDOW:
            raise ValueError('write a window of "2d" or less: Google News takes no older articles')
        return self

    @property
    def view(self) -> View:
        """How much it gives of an article, where the rights allow as much."""
        return View.EXCERPT if self.preset == "excerpt" else View.FULL

    @property
    def takes_stubs(self) -> bool:
        """Whether withdrawn articles are handed to it: a sitemap lists what there is, and simply has them no longer."""
        return self.preset not in SITEMAPS

    @property
    def is_private(self) -> bool:
        """Whether its address is known to one partner only: named in no list, announced to no hub."""
        return self.preset == "partner"

    def token(self) -> str:
        """The secret of a partner, read now. Raises SecretPathError where it is not to be had."""
        if self.secret is not None:
            return self.secret.get_secret_value()
        try:
            token = self.secret_file.read_text(encoding="utf-8").strip() if self.secret_file else ""
        except (OSError, UnicodeDecodeError) as error:
            raise SecretPathError(f"secret_file {self.secret_file} of the portal {self.slug} cannot be read: {error}") from error
        if not _TOKEN.fullmatch(token):
            raise SecretPathError(f"secret_file {self.secret_file} of the portal {self.slug} must hold {_HOW_TO_MAKE_ONE}")
        return token
