"""Preset ``msn``: RSS with the whole text, for the MSN Partner Hub.

Specification: https://support.microsoft.com/en-us/msn/partner-hub/msn-feed-item-metadata-requirements
Deletion: https://support.microsoft.com/en-us/msn/partner-hub/msn-content-expiration-and-takedown-rules: the item stays under its id, with a
date of expiry in the past and a later date of change. Only a later date of change makes MSN look at an article again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from lxml import etree

from feeds import content
from feeds.model import Entry, EntryKind
from feeds.portals.full_text import FullTextWriter

DCTERMS = "http://purl.org/dc/terms/"
MI = "http://schemas.ingestion.microsoft.com/common/"


class MsnWriter(FullTextWriter):
    """Writes RSS for MSN."""

    variant = "msn"
    namespaces: ClassVar[Mapping[str, str]] = {"dcterms": DCTERMS, "mi": MI}

    def finish_item(self, item: etree._Element, entry: Entry) -> None:
        updated = content.stamp(entry.updated, self._paper.timezone).isoformat()
        etree.SubElement(item, f"{{{DCTERMS}}}modified").text = updated
        if entry.kind is EntryKind.STUB:  # expired at the moment when it was withdrawn
            etree.SubElement(item, f"{{{DCTERMS}}}valid").text = updated
            etree.SubElement(item, f"{{{MI}}}expirationDate").text = updated
