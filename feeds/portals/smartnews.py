"""Preset ``smartnews``: SmartFormat 2.1, RSS with the whole text, for SmartNews.

Specification: https://publishers.smartnews.com/hc/en-us/articles/360036526213-SmartFormat-Specification-Version-2-1
Deletion: https://publishers.smartnews.com/hc/en-us/articles/360021354914-Deleting-Articles: the item stays, its ``media:status``
becomes ``deleted`` and its ``pubDate`` changes. Only a changed ``pubDate`` makes SmartNews look at an article again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from lxml import etree

from feeds.media_rss import MEDIA
from feeds.model import Entry, EntryKind
from feeds.portals.full_text import FullTextWriter

SNF = "http://www.smartnews.be/snf"


class SmartNewsWriter(FullTextWriter):
    """Writes SmartFormat."""

    variant = "smartnews"
    namespaces: ClassVar[Mapping[str, str]] = {"snf": SNF}

    def dated(self, entry: Entry) -> datetime:
        return entry.updated

    def finish_channel(self, channel: etree._Element) -> None:
        if self._paper.logo:
            logo = etree.SubElement(channel, f"{{{SNF}}}logo")
            etree.SubElement(logo, "url").text = self._paper.logo

    def finish_item(self, item: etree._Element, entry: Entry) -> None:
        # As the text of the element, and not as Media RSS has it, in an attribute.
        status = etree.SubElement(item, f"{{{MEDIA}}}status", nsmap={"media": MEDIA})
        status.text = "deleted" if entry.kind is EntryKind.STUB else "active"
