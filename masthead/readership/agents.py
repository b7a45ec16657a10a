"""What a User-Agent says about readership: a hosted reader tells how many it reads for, and much that asks is no reader at all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

MOST_SUBSCRIBERS = 1_000_000
"""Anybody can claim to be anybody: no feed of a newspaper has more at one hosted reader."""
LONGEST_AGENT = 300
_NUMBER = re.compile(r"(?<![\w.])(\d{1,12}) (?:subscriber|reader|feed-reader)s?\b", re.IGNORECASE)
_FEED_ID = re.compile(r"\bfeed-id[:=]\s*([\w-]{1,40})", re.IGNORECASE | re.ASCII)
_NAME = re.compile(r"(?:Mozilla/[\d.]+ \(compatible; )?([A-Z][\w.-]{0,39}(?: [A-Z][\w.-]{0,19}){0,2})", re.IGNORECASE | re.ASCII)
_SAME = {
    "newsblur feed fetcher": "NewsBlur",
    "newsblur feed finder": "NewsBlur",
    "newsblur page fetcher": "NewsBlur",
    "theoldreader.com": "The Old Reader",
}
_UNNAMED = "unnamed"
_NO_READER = re.compile(
    r"bot\b|crawl|spider|slurp|feedfetcher-google|google-(?:read|inspection|extended)|mediapartners|facebookexternalhit|meta-external"
    r"|embedly|archiver|scrapy|headlesschrome|phantomjs"
    r"|uptime|pingdom|statuscake|site24x7|hetrixtools|updown\.io|freshping|monitoring|check_http|kube-probe|health-?check|blackbox"
    r"|prometheus|datadog|newrelic|zabbix|nagios"
    r"|validator|apachebench|^(?:ab|wrk|hey|siege|curl|wget|java|masthead)/"
    r"|^(?:python|go-http-client|libwww-perl|aiohttp|axios|node|guzzlehttp|ruby|perl)\b",
    re.IGNORECASE,
)
"""Search engines, monitors, validators and bare HTTP libraries. A script is no reader unless it says so."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks for a feed. ``subscribers`` is None for somebody's own reader, else what the hosted reader ``name`` told.

    ``feed_id`` tells apart what a hosted reader keeps as several feeds, each with its own number.
    """

    name: str = ""
    feed_id: str = ""
    subscribers: int | None = None


@lru_cache(maxsize=4096)
def read_agent(agent: str) -> Reader | None:
    """The reader that calls itself so; None for what is no reader, and for what has no name."""
    agent = agent[:LONGEST_AGENT]
    told = _NUMBER.search(agent)
    if told:
        feed_id = _FEED_ID.search(agent)
        return Reader(_name(agent), feed_id[1] if feed_id else "", min(int(told[1]), MOST_SUBSCRIBERS))
    return Reader() if agent.strip() and not _NO_READER.search(agent) else None


def _name(agent: str) -> str:
    """The product that is named first, without its version: letters, digits and dots only, so that no address gets in."""
    found = _NAME.match(_FEED_ID.sub("", agent))
    name = found[1].rstrip(".-") if found else _UNNAMED
    return _SAME.get(name.lower(), name)
