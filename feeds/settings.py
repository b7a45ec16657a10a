"""``[feeds]`` of ``config.toml``: which feeds are written, where to, and how far back they reach."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from newsroom.settings import ConfigPath, Duration, Table

Format = Literal["atom", "rss", "json"]


class FeedsSettings(Table):
    """``[feeds]``. A feed holds the articles of its last ``window``, never fewer than ``at_least``, never more than ``at_most``."""

    formats: tuple[Format, ...] = ("atom",)
    directory: ConfigPath = Path("public")
    window: Duration = timedelta(hours=48)
    """Counted back from a feed's newest article: the longest that a subscriber's reader may stay away without missing one."""
    at_least: Annotated[int, Field(ge=1, le=1000)] = 50
    at_most: Annotated[int, Field(ge=1, le=1000)] = 500

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

    @property
    def unbuilt_formats(self) -> tuple[Format, ...]:
        """Formats that may be asked for and that this version does not write: worth a warning to the operator."""
        return tuple(name for name in self.formats if name != "atom")
