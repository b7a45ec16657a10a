"""The addresses in a mail that only its reader, or only those who got it, should have.

A token is signed, says nothing about the reader's address, and does not expire: a mail from years ago must still unsubscribe.
"""

from __future__ import annotations

from dataclasses import dataclass

from itsdangerous import BadData, URLSafeSerializer


@dataclass(frozen=True, slots=True)
class Links:
    """Makes and reads tokens. ``base`` is the public address of the web pages, ``secret`` signs."""

    base: str
    secret: str

    def unsubscribe(self, subscriber_uid: str, newsletter: str) -> str:
        """Where one reader leaves one newsletter: GET shows a page, POST leaves (RFC 8058)."""
        return f"{self.base.rstrip('/')}/unsubscribe/{self._serializer('unsubscribe').dumps([subscriber_uid, newsletter])}"

    def view(self, newsletter: str, day: str, choice: str) -> str:
        """The page of an edition for whoever cannot read the mail."""
        return f"{self.base.rstrip('/')}/view/{self._serializer('view').dumps([newsletter, day, choice])}"

    def read_unsubscribe(self, token: str) -> tuple[str, str] | None:
        """Subscriber uid and newsletter of a genuine token, else None."""
        found = self._read("unsubscribe", token, 2)
        return (found[0], found[1]) if found else None

    def read_view(self, token: str) -> tuple[str, str, str] | None:
        """Newsletter, ISO date and choice of a genuine token, else None."""
        found = self._read("view", token, 3)
        return (found[0], found[1], found[2]) if found else None

    def _read(self, purpose: str, token: str, length: int) -> list[str] | None:
        try:
            found = self._serializer(purpose).loads(token)
        except (BadData, UnicodeError):
            return None
        if isinstance(found, list) and len(found) == length and all(isinstance(part, str) for part in found):
            return found
        return None

    def _serializer(self, purpose: str) -> URLSafeSerializer:
        return URLSafeSerializer(self.secret, salt=f"masthead {purpose}")
