"""Documents where they are: at an address, with how they are served, or in a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from posixpath import dirname, relpath
from urllib.parse import unquote, urlsplit

from feeds.checker.document import Kind, check_document, kind_of
from feeds.checker.finding import Finding, error
from feeds.checker.http import REFUSALS, check_reached, check_serving, check_status
from feeds.checker.hubs import Hubs
from feeds.checker.wire import BROWSER, UnreachableError, Wire, unzipped
from feeds.errors import FeedsError

ENDINGS = {".atom", ".rss", ".json", ".opml", ".xml", ".html"}


class UnreadableError(FeedsError):
    """The file cannot be read."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A document that was looked at; without ``data`` where there is none."""

    place: str
    findings: tuple[Finding, ...]
    data: bytes = b""


def check_address(address: str, wire: Wire, now: datetime) -> Checked:
    """The document at an address, and how it is served."""
    findings: list[Finding] = []
    try:
        answer = wire.ask(address)
        findings += check_reached(address, wire, answer)
        if answer.status in REFUSALS:
            answer = wire.ask(address, {"user-agent": BROWSER})
        findings += check_status(address, answer)
        if answer.status != 200:
            return Checked(address, tuple(findings))
        data = answer.plain()
        content_type = answer.header("content-type") or "nothing at all"
        findings += check_document(data, address=address, content_type=content_type, now=now)
        if kind_of(data) not in {Kind.PAGE, None}:
            findings += check_serving(address, wire, answer, Hubs.of_document(data), now)
    except UnreachableError as fault:
        return Checked(address, (*findings, error("W1", address, f"{fault}.")))
    return Checked(address, tuple(findings), data)


def check_file(path: Path, now: datetime) -> Checked:
    """The document in a file. Raises UnreadableError."""
    data = read_file(path)
    return Checked(str(path), tuple(check_document(data, now=now)), data)


def read_file(path: Path) -> bytes:
    """The file's bytes, without gzip. Raises UnreadableError."""
    try:
        data = path.read_bytes()
    except OSError as fault:
        raise UnreadableError(f"{path} cannot be read: {fault.strerror}") from fault
    return unzipped(data) if data.startswith(b"\x1f\x8b") else data


def file_of(address: str, document: Path, own: str) -> Path:
    """The file of an address, seen from a document in a file that says its own address."""
    there, here = (unquote(urlsplit(found).path) for found in (address, own))
    return document.parent / relpath(there, dirname(here))


def files_below(folder: Path) -> list[Path]:
    """The documents in a folder, and in folders below it."""
    return sorted(
        path for path in folder.rglob("*") if path.suffix in ENDINGS and path.is_file() and not path.name.startswith(".")
    )
