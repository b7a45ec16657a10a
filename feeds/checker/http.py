"""How a feed is served (W1 to W7, P1, D2): asked as readers ask, with their conditions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

from feeds.checker.dates import CLOCKS_DIFFER
from feeds.checker.finding import Finding, error, note, warning
from feeds.checker.hubs import Hubs
from feeds.checker.wire import BROWSER, Answer, UnreachableError, Wire

REFUSALS = {401, 403, 406, 429, 503}
_STRONG = re.compile(r'"[\x21\x23-\x7e\x80-\xff]*"')
_SAME = ("content-type", "etag", "last-modified", "cache-control", "vary")
_MAX_AGE = re.compile(r'max-age\s*=\s*"?(\d+)')
_SMALL = 1400  # bytes that fit into one packet


def check_status(address: str, answer: Answer) -> Iterator[Finding]:
    """W1: 200 at once."""
    if answer.status in {301, 302, 303, 307, 308}:
        target = urljoin(address, answer.header("location"))
        yield error("W1", address, f"It redirects ({answer.status}) to {target}; check that address, and name it everywhere.")
        if answer.status not in {301, 308}:
            yield warning(
                "D2", address, f"The redirect is not for ever ({answer.status}); answer 301 or 308, so that readers move."
            )
    elif answer.status == 410:
        yield note("W1", address, "410: the feed has ended, and readers give it up.")
    elif answer.status != 200:
        yield error("W1", address, f"It answers with {answer.status}.")


def check_reached(address: str, wire: Wire, first: Answer) -> Iterator[Finding]:
    """W6: whether a reader that nobody knows gets what a browser gets."""
    if first.status in REFUSALS and wire.ask(address, {"user-agent": BROWSER}).status == 200:
        message = f"A reader is refused ({first.status}) that gives another name than a browser; exempt feeds from the challenge."
        yield error("W6", address, message)
    if first.status == 429 and not first.header("retry-after"):
        yield error("W6", address, "429 without Retry-After; readers do not know when to come back.")


def check_serving(address: str, wire: Wire, first: Answer, hubs: Hubs, now: datetime) -> Iterator[Finding]:
    """Everything about a document that was answered with 200. Raises UnreachableError."""
    if urlsplit(address).scheme == "http" and urlsplit(address).hostname not in {"localhost", "127.0.0.1", "::1"}:
        yield warning("D2", address, "The address is not https; serve it there, and redirect for ever (301).")
    yield from _check_sameness(address, first, wire.ask(address))
    yield from _check_head(address, first, wire.ask(address, method="HEAD"))
    yield from _check_validators(address, first, now)
    yield from _check_conditions(address, wire, first)
    yield from _check_caching(address, first, now)
    yield from _check_gzip(address, wire, first)
    yield from _check_delta(address, wire, first)
    yield from _check_links(address, first, hubs)


def _check_sameness(address: str, first: Answer, second: Answer) -> Iterator[Finding]:
    if second.plain() != first.plain():
        yield error("W3", address, "Two requests get different bytes; leave the time of writing and all chance out.")
    elif second.header("etag") != first.header("etag"):
        yield error("W2", address, "Two requests get the same bytes with different ETags; make the ETag from the bytes.")


def _check_head(address: str, first: Answer, head: Answer) -> Iterator[Finding]:
    if head.status != first.status:
        yield error("W2", address, f"HEAD answers with {head.status}, GET with {first.status}.")
        return
    for name in _SAME:
        if head.header(name) != first.header(name):
            yield error("W2", address, f'HEAD says {name} "{head.header(name)}", GET "{first.header(name)}"; say the same.')
    if (length := head.header("content-length")) and not first.coding and length != str(len(first.body)):
        yield error("W2", address, f"HEAD says Content-Length {length}, and GET gives {len(first.body)} bytes.")


def _check_validators(address: str, first: Answer, now: datetime) -> Iterator[Finding]:
    etag, modified = first.header("etag"), first.header("last-modified")
    if not etag:
        yield error("W2", address, "There is no ETag; readers fetch everything each time. Make one from the bytes.")
    elif etag.startswith("W/"):
        yield warning("W2", address, f"The ETag {etag} is weak; the plain document can have a strong one, made from the bytes.")
    elif not _STRONG.fullmatch(etag):
        yield error("W2", address, f'The ETag {etag} is not as RFC 9110 §8.8.3 writes it; put it in double quotes: "…".')
    if not modified:
        yield warning("W2", address, "There is no Last-Modified; simple readers know nothing else.")
        return
    try:
        moment = parsedate_to_datetime(modified)
    except ValueError:
        yield error("W2", address, f'Last-Modified "{modified}" is no date of HTTP.')
        return
    if (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) > now + CLOCKS_DIFFER:
        yield error("W2", address, f"Last-Modified is {modified}, in the future; readers would ask for changes since then.")


def _check_conditions(address: str, wire: Wire, first: Answer) -> Iterator[Finding]:
    etag, modified = first.header("etag"), first.header("last-modified")
    if etag:
        opaque = etag.removeprefix("W/")
        for condition in (opaque, f"W/{opaque}", f'"another", {opaque}', "*"):
            answer = wire.ask(address, {"if-none-match": condition})
            if answer.status != 304:
                yield error("W2", address, f"If-None-Match: {condition} gets {answer.status}; answer 304 (RFC 9110 §13.1.2).")
            elif answer.body:
                yield error("W2", address, "304 comes with a body.")
            elif answer.header("etag").removeprefix("W/") != opaque:
                yield error("W2", address, f'304 has the ETag "{answer.header("etag")}"; repeat {etag} (RFC 9110 §15.4.5).')
        if wire.ask(address, {"if-none-match": '"another"'}).status != 200:
            yield error("W2", address, "An ETag of other bytes does not get 200; readers would never see a change.")
    if modified:
        if wire.ask(address, {"if-modified-since": modified}).status != 304:
            yield error("W2", address, "If-Modified-Since with Last-Modified does not get 304.")
        if wire.ask(address, {"if-none-match": '"another"', "if-modified-since": modified}).status != 200:
            yield error("W2", address, "If-Modified-Since wins over If-None-Match; it is ignored beside it (RFC 9110 §13.2.2).")


def _check_caching(address: str, first: Answer, now: datetime) -> Iterator[Finding]:
    control = first.header("cache-control").lower()
    directives = {part.strip().partition("=")[0] for part in control.split(",")}
    age = _MAX_AGE.search(control)
    if age is None:
        yield error("W4", address, f'Cache-Control is "{control}", without max-age; write "public, max-age=300".')
    elif not 60 <= int(age[1]) <= 900:
        yield error("W4", address, f"max-age is {age[1]} seconds; readers poll by it. Write one from 60 to 900.")
    if "public" not in directives or directives & {"private", "no-store", "no-cache"}:
        yield error("W4", address, f'Cache-Control is "{control}"; write "public, max-age=300", so that caches keep it.')
    if "set-cookie" in first.headers:
        yield error("W4", address, "A cookie is set, which keeps caches from keeping the feed; set none.")
    if (expires := first.header("expires")) and _is_past(expires, now):
        yield error("W4", address, f"Expires is {expires}, in the past; Miniflux ignores the ETag then. Leave it out.")


def _is_past(text: str, now: datetime) -> bool:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return True  # RFC 9111 §5.3: what is no date counts as past, "0" above all
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) < now - CLOCKS_DIFFER


def _check_gzip(address: str, wire: Wire, first: Answer) -> Iterator[Finding]:
    if first.coding:
        yield error("W5", address, f"The document comes in {first.coding}, and nobody asked; answer plainly.")
    answer = wire.ask(address, {"accept-encoding": "gzip"})
    if answer.coding != "gzip":
        if len(first.body) > _SMALL:
            yield error("W5", address, f"Accept-Encoding: gzip gets {answer.coding or 'the plain document'}; compress it.")
        return
    try:
        plain = answer.plain()
    except UnreachableError as fault:
        yield error("W5", address, f"{fault}.")
        return
    if plain != first.plain():
        yield error("W5", address, "The compressed document is not the plain one.")
    if "accept-encoding" not in answer.header("vary").lower():
        yield error("W5", address, "Vary does not name Accept-Encoding; a cache would give gzip to those who cannot read it.")
    etag = answer.header("etag")
    if not first.coding and etag and etag == first.header("etag") and not etag.startswith("W/"):
        yield error(
            "W2", address, f"gzip and plain bytes have the same strong ETag {etag}; give gzip another (RFC 9110 §8.8.3.3)."
        )
    if etag and wire.ask(address, {"accept-encoding": "gzip", "if-none-match": etag}).status != 304:
        yield error("W2", address, f"The ETag of the compressed document, {etag}, does not get 304.")


def _check_delta(address: str, wire: Wire, first: Answer) -> Iterator[Finding]:
    if first.status == 226 or "im" in first.headers:
        yield error("W7", address, "226 or IM comes without A-IM; plain readers do not know them (RFC 3229).")
    answer = wire.ask(address, {"a-im": "feed", "if-none-match": '"another"'})
    if answer.status == 200:
        return
    if answer.status != 226:
        yield error("W7", address, f"A-IM: feed gets {answer.status}; answer 200 with everything, or 226 with what changed.")
        return
    directives = {part.strip() for part in answer.header("cache-control").lower().split(",")}
    if answer.header("im").lower() != "feed":
        yield error("W7", address, "226 does not say IM: feed (RFC 3229 §10.5.2).")
    if not {"no-store", "im"} <= directives:
        yield error("W7", address, "226 needs Cache-Control: no-store, im; a cache would give a part to everyone.")
    if not answer.header("etag"):
        yield error("W7", address, "226 has no ETag; the next part starts from it.")


def _check_links(address: str, first: Answer, hubs: Hubs) -> Iterator[Finding]:
    """P1. ``hubs`` is what the document names."""
    if not hubs.hubs:
        return
    served = Hubs.of_header(first.header("link"), address)
    if missing := [hub for hub in hubs.hubs if hub not in served.hubs]:
        yield error("P1", address, f"No Link header names the hub {missing[0]}; add one with rel=hub (WebSub §4).")
    if len(served.selves) != 1:
        yield error(
            "P1", address, f"{len(served.selves)} Link headers have rel=self; add one with the feed's address (WebSub §4)."
        )
    elif hubs.selves and served.selves != hubs.selves:
        yield error("P1", address, f"The Link header says rel=self {served.selves[0]}, the document {hubs.selves[0]}; agree.")
