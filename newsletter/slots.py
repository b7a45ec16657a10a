"""What differs from reader to reader in one digest, held open by placeholders until a copy is made.

A placeholder is ASCII that needs no escaping in HTML, text or an address, so that inlining and encoding leave it as it is
(``{{ }}`` would come out of premailer percent-encoded). ``.invalid`` never resolves (RFC 2606).
"""

from __future__ import annotations

from enum import StrEnum


class Slot(StrEnum):
    """The placeholders, as they stand in a rendered digest."""

    UNSUBSCRIBE = "https://masthead.invalid/slot/unsubscribe"
    PREFERENCES = "https://masthead.invalid/slot/preferences"
    CONFIRMED = "masthead-slot-confirmed"
    """The day on which the reader confirmed the address, in words."""
