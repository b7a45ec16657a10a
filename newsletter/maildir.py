"""Mail into a folder (the Maildir format), one file a message: for trying things out without a server."""

from __future__ import annotations

import mailbox
from pathlib import Path

from newsletter.delivery import Envelope
from newsletter.errors import TransportError


class Maildir:
    """A ``Transport`` into a Maildir folder."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._folder: mailbox.Maildir | None = None

    def send(self, envelope: Envelope) -> str:
        """Put the message into the folder; appears there whole or not at all. Raises TransportError, for a full disk as well."""
        try:
            if self._folder is None:
                self._folder = self._opened()
            return f"250 kept as {self._folder.add(envelope.message)}"
        except (OSError, mailbox.Error) as error:
            raise TransportError(f"{self._path}: {error}") from error

    def close(self) -> None:
        """Nothing is held open."""

    def _opened(self) -> mailbox.Maildir:
        for part in ("tmp", "new", "cur"):  # mailbox makes them only where the folder itself is missing
            (self._path / part).mkdir(parents=True, exist_ok=True)
        return mailbox.Maildir(self._path)
