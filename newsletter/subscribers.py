"""Subscribers from a CSV file: read row by row, every refused row with its reason, nothing lost."""

from __future__ import annotations

import codecs
import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from newsletter.errors import NewsletterError
from newsletter.mailbox import Mailbox
from newsletter.store import Consent, NewsletterStore
from newsroom.text.clean import clean_text
from newsroom.text.dates import UnknownDateError, parse_date

COLUMNS = ("email", "name", "consent_time", "consent_source")
_BATCH = 1000


class ImportFileError(NewsletterError):
    """The file of subscribers cannot be read."""


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that was not taken; ``line`` counts from 1, the heading being line 1."""

    line: int
    email: str
    reason: str


@dataclass(slots=True)
class ImportReport:
    """What became of the rows."""

    rows: int = 0
    results: Counter[str] = field(default_factory=Counter)
    refused: list[RefusedRow] = field(default_factory=list)


def import_subscribers(file: Path, newsletter: str, store: NewsletterStore, *, zone: ZoneInfo, now: datetime) -> ImportReport:
    """Take confirmed subscribers of one newsletter from a CSV file with the columns of ``COLUMNS``.

    UTF-8, or the CP949 that Korean spreadsheets write. A row needs a valid address and when and how its reader agreed. Raises
    ImportFileError where the file as a whole is no such file.
    """
    report = ImportReport()
    consents = _consents(file, report, zone, now)
    while batch := list(islice(consents, _BATCH)):
        report.results.update(store.subscribe(newsletter, batch, now))
    return report


def _consents(file: Path, report: ImportReport, zone: ZoneInfo, now: datetime) -> Iterator[Consent]:
    line = 1
    try:
        with file.open(encoding=_encoding(file), newline="") as lines:
            rows = csv.DictReader(lines)
            missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
            if missing:
                raise ImportFileError(
                    f"{file}: the first line must name the columns {', '.join(COLUMNS)}; missing: {', '.join(missing)}"
                )
            for row in rows:
                line = rows.line_num
                report.rows += 1
                try:
                    consent = _consent(row, zone, now)
                except (ValueError, UnknownDateError) as error:
                    report.refused.append(RefusedRow(line, row["email"] or "", str(error)))
                    continue
                yield consent
    except OSError as error:
        raise ImportFileError(f"{file}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ImportFileError(f"{file}: it is neither UTF-8 nor CP949; save it as CSV (UTF-8).") from error
    except csv.Error as error:
        raise ImportFileError(f"{file}, after line {line}: {error}; the rows before it were taken.") from error


def _consent(row: dict[str, str | None], zone: ZoneInfo, now: datetime) -> Consent:
    if None in row or None in row.values():
        raise ValueError("the row does not have as many fields as the first line; a comma in a name needs quotes around it")
    email, name, consent_time, consent_source = (row[column] or "" for column in COLUMNS)
    mailbox = Mailbox.of(email, clean_text(name))
    source = clean_text(consent_source)
    if not consent_time.strip() or not source:
        raise ValueError("consent_time and consent_source must say when and how the reader agreed")
    try:
        time = parse_date(consent_time, zone).at
    except UnknownDateError as error:
        raise ValueError(f'consent_time "{consent_time}" is not a date that can be read; write it as 2026-01-05 09:30') from error
    if time > now:
        raise ValueError(f"consent_time {consent_time} is in the future")
    return Consent(email=mailbox.address, email_key=mailbox.address.casefold(), name=mailbox.name, time=time, source=source)


def _encoding(file: Path) -> str:
    """UTF-8 if the whole file is, else CP949."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with file.open("rb") as raw:
        try:
            while block := raw.read(1 << 20):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp949"
    return "utf-8-sig"
