"""``[feeds]`` of ``config.toml``: which feeds are written, where to, and how far back they reach."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, field_validator

from feeds.model import View
from feeds.websub.settings import HubSettings
from newsroom.settings import Duration, Table, Url, UrlOrNone

Format = Literal["atom", "rss", "json"]
_BUCKET = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9._/-]*)?")
_ENDINGS = (".atom", ".rss", ".json", ".html")
_PATH = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*(?:/[a-z0-9]+(?:[-_.][a-z0-9]+)*)*")


def _directory(value: object, info: ValidationInfo) -> object:
    """A bucket's address as it stands; a folder's path beside the configuration file."""
    if not isinstance(value, str) or not value.startswith("s3://"):
        base = (info.context or {}).get("base")
        path = Path(str(value)).expanduser()
        return base / path if base else path
    if not _BUCKET.fullmatch(value):
        raise ValueError('write "s3://bucket" or "s3://bucket/prefix"')
    return value


def _path(value: str) -> str:
    if not _PATH.fullmatch(value) or value.endswith(_ENDINGS):
        raise ValueError('write the path of a feed without its ending, such as "sections/it"')
    return value


FeedPath = Annotated[str, AfterValidator(_path)]


class FeedsSettings(Table):
    """``[feeds]``. A feed holds the articles of its last ``window``, never fewer than ``at_least``, never more than ``at_most``."""

    formats: tuple[Format, ...] = ("atom", "rss", "json")
    directory: Annotated[Path | str, BeforeValidator(_directory)] = Path("public")
    """A folder, or ``s3://bucket/prefix``."""
    url: UrlOrNone = ""
    """Address under which the directory is served, where that is not ``web.url``."""
    view: View = View.FULL
    """``"excerpt"`` gives no article in full."""
    window: Duration = timedelta(hours=48)
    """Counted back from a feed's newest article: the longest that a subscriber's reader may stay away without missing one."""
    at_least: Annotated[int, Field(ge=1, le=1000)] = 50
    at_most: Annotated[int, Field(ge=1, le=1000)] = 500
    archive: Annotated[int, Field(ge=10, le=1000)] = 200
    """Entries in one document of a feed's history at most; each month begins a new one."""
    hubs: tuple[Url, ...] = ()
    """WebSub hubs of others that are told of every change."""
    hub: HubSettings | None = None
    """A hub of our own, at ``/hub``."""
    moved: Mapping[FeedPath, FeedPath] = Field(default_factory=dict)
    """Feeds that have another path now, for good."""
    ended: tuple[FeedPath, ...] = ()
    """Feeds that are no more."""

    @field_validator("formats")
    @classmethod
    def _with_atom(cls, formats: tuple[Format, ...]) -> tuple[Format, ...]:
        if "atom" not in formats:
            raise ValueError('"atom" is the format that every reader takes; name it, others beside it')
        return formats

    @field_validator("at_most")
    @classmethod
    def _enough(cls, at_most: int, info: ValidationInfo) -> int:
        at_least = info.data.get("at_least", 1)
        if at_most < at_least:
            raise ValueError(f"write a number from at_least ({at_least}) up")
        return at_most
