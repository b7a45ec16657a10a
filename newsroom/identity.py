"""How an article is recognised again, and the id it gets once and for all. Pure.

Keys are trusted in this order: the paper's own number, the guid of a feed, the address, and what is printed. Likeness of texts is
no key.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from newsroom.model import Credit, Draft, Key
from newsroom.text.dates import Moment, Precision
from newsroom.text.fold import fold_headline

_TRACKING = ("utm_", "fbclid", "gclid", "igshid")
_WEB = ("http://", "https://")


def keys(draft: Draft, source_url: str) -> tuple[Key, ...]:
    """What a draft is known by before it is read. A number, or a guid that is no URI, means something at its own host only."""
    host = site(source_url)
    guid = draft.guid if ":" in draft.guid else f"{host}:{draft.guid}"
    found = (
        Key("native", f"{host}:{draft.native_id}" if draft.native_id else ""),
        Key("guid", canonical(guid) if guid.startswith(_WEB) else guid if draft.guid else ""),
        Key("url", canonical(draft.canonical_url) if draft.canonical_url else ""),
        Key("url", canonical(draft.url)),
    )
    return tuple(dict.fromkeys(key for key in found if key.value))


def printed_keys(published: Moment, headline: str, credits_: Sequence[Credit]) -> tuple[Key, ...]:
    """Second, headline and first author, where all are printed: no paper has two such articles."""
    if published.precision is not Precision.SECOND or not credits_:
        return ()
    return (Key("print", "\n".join((published.at.isoformat(), fold_headline(headline), credits_[0].name))),)


def tag_uri(draft: Draft, authority: str, published: datetime) -> str:
    """The article's id (RFC 4151), dated in the paper's zone by its publication, when the paper held its domain.

    ``authority`` is a domain name. Without the paper's own number the path of the address stands for it: not the host, which may
    change.
    """
    if draft.native_id:
        specific = "article/" + draft.native_id
    elif draft.guid and not draft.guid.startswith(_WEB):
        specific = "guid/" + hashlib.sha256(draft.guid.encode()).hexdigest()[:20]
    else:
        path, mark, query = canonical(draft.guid or draft.canonical_url or draft.url).partition("/")[2].partition("?")
        specific = path.strip("/") + mark + query or "front"
    return f"tag:{authority},{published:%Y-%m-%d}:{quote(specific, safe='%/?=&-._~!$()*+,;:@')}"


def canonical(url: str) -> str:
    """An address as a key: no scheme, no ``www.`` or ``m.``, no slash at the end, no fragment and nothing that only counts visits.

    What is no address is its own key.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    path = quote(unicodedata.normalize("NFC", unquote(parts.path, errors="surrogateescape")), errors="surrogateescape").rstrip(
        "/"
    )
    query = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if not name.startswith(_TRACKING)]
    return site(url) + (path or "/") + (f"?{urlencode(query)}" if query else "")


def site(url: str) -> str:
    """Host and port of a URL, the same for a paper's pages for desks and for telephones."""
    host = urlsplit(url).netloc.lower().rpartition("@")[2].removesuffix(":80").removesuffix(":443")
    return host.removeprefix("www.").removeprefix("m.")
