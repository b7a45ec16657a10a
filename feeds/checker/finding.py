"""What the checker says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from feeds.checker.rules import RULES


class Severity(StrEnum):
    """How bad it is."""

    ERROR = "error"
    """Readers lose something, or a standard is broken."""
    WARNING = "warning"
    """Some readers lose something."""
    NOTE = "note"
    """It could be better."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that does not hold. ``where`` is a line, an entry's id or an address; ``message`` what is wrong and what to do."""

    rule: str
    severity: Severity
    where: str
    message: str

    def __post_init__(self) -> None:
        if self.rule not in RULES:
            raise ValueError(f"there is no rule {self.rule}")


def error(rule: str, where: str, message: str) -> Finding:
    """Readers lose something, or a standard is broken."""
    return Finding(rule, Severity.ERROR, where, message)


def warning(rule: str, where: str, message: str) -> Finding:
    """Some readers lose something."""
    return Finding(rule, Severity.WARNING, where, message)


def note(rule: str, where: str, message: str) -> Finding:
    """It could be better."""
    return Finding(rule, Severity.NOTE, where, message)
