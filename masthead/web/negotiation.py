"""What a request's headers ask for: a coding (RFC 9110 §12.5.3), news since a copy that it has (§13.1), a delta (RFC 3229 §10.5.3)."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from email.utils import parsedate_to_datetime
from functools import lru_cache

Fields = Mapping[bytes, bytes]
"""A request's headers by their names in lower case."""

IDENTITY = b"identity"
_LONGEST = 500
"""Bytes of a header that names codings. Nobody has so much to say, and answers are kept by what was said."""
_WEIGHT = re.compile(rb"q\s*=\s*([01](?:\.\d{0,3})?)")


def fields_of(headers: Collection[tuple[bytes, bytes]]) -> Fields:
    """Headers of an ASGI scope. One that comes in several lines is one list (RFC 9110 §5.3)."""
    fields = dict(headers)
    if len(fields) < len(headers):
        for name in fields:
            fields[name] = b", ".join(value for key, value in headers if key == name)
    return fields


def coding(accept_encoding: bytes, offered: tuple[bytes, ...]) -> bytes:
    """The coding to send: of those offered, best first, the one that is liked most; identity where none is wanted."""
    return _coding(accept_encoding, offered) if 0 < len(accept_encoding) <= _LONGEST else IDENTITY


def has(if_none_match: bytes, etag: bytes) -> bool:
    """Whether the client has this representation, by weak comparison (RFC 9110 §13.1.2)."""
    if if_none_match == etag:
        return True
    return if_none_match.strip() == b"*" or etag in (tag.strip().removeprefix(b"W/") for tag in if_none_match.split(b","))


def is_unmodified(if_modified_since: bytes, modified: int) -> bool:
    """Whether what was last changed at ``modified`` (seconds since 1970) is not newer. What is no date asks nothing."""
    try:
        moment = parsedate_to_datetime(if_modified_since.decode("latin-1"))
    except ValueError:
        return False
    return moment.tzinfo is not None and modified <= moment.timestamp()


def takes_delta(a_im: bytes) -> bool:
    """Whether a feed's new entries alone will do: the instance manipulation ``feed`` (RFC 3229; Wyman, 2004)."""
    return len(a_im) <= _LONGEST and _weights(a_im).get(b"feed", 0.0) > 0


@lru_cache(maxsize=1024)
def _coding(accept_encoding: bytes, offered: tuple[bytes, ...]) -> bytes:
    weights = _weights(accept_encoding)
    liking = {name: weights.get(name, weights.get(b"*", 0.0)) for name in offered}
    plain = weights.get(IDENTITY, 0.0)
    return max((name for name in offered if liking[name] > 0 and liking[name] >= plain), key=liking.__getitem__, default=IDENTITY)


def _weights(header: bytes) -> dict[bytes, float]:
    """What a list names, each with its weight: 1 where none is given, 0 where it is not a weight."""
    weights: dict[bytes, float] = {}
    for item in header.lower().split(b","):
        name, *parameters = (part.strip() for part in item.split(b";"))
        given = next((parameter for parameter in parameters if parameter.startswith(b"q")), b"q=1")
        weight = _WEIGHT.fullmatch(given)
        weights[name] = float(weight[1]) if weight else 0.0
    return weights
