"""What was read."""

from __future__ import annotations

from dataclasses import dataclass

from newsroom.text.charset import decode


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave to ask "has it changed?" with (RFC 9110 §8.8). Empty where it gave nothing."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One answer. ``url`` is the address at the end of all redirects; ``body`` is unpacked, and empty if ``not_modified``."""

    url: str
    body: bytes = b""
    content_type: str = ""
    not_modified: bool = False

    def text(self) -> str:
        """The body as text. Raises UndecodableTextError."""
        return decode(self.body, self.content_type)
