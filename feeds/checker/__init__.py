"""Checks feeds, whoever made them, against the rules for the feeds of newspapers."""

from __future__ import annotations

from feeds.checker.document import Kind, check_document, kind_of, named_feeds
from feeds.checker.finding import Finding, Severity
from feeds.checker.rules import RULES

__all__ = ["RULES", "Finding", "Kind", "Severity", "check_document", "kind_of", "named_feeds"]
