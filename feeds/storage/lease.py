"""The lease of a bucket: an object that says which publisher is at work, and keeps the bucket's identity.

It is only ever replaced under a condition (If-None-Match, If-Match), so of two publishers one gets it. Who holds it rewrites it now and
then; who waits takes it over once it has not changed for as long as it lasts, by his own clock. No two clocks are compared.
"""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import asdict, dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING

import obstore
import structlog
from obstore.exceptions import AlreadyExistsError, PreconditionError
from obstore.store import S3Store

from feeds.errors import BucketError

if TYPE_CHECKING:  # types that obstore does not have when it runs
    from obstore import Attributes, PutMode

NAME = ".masthead"
LASTS = 60.0
"""Seconds that a publisher may be silent before another takes its place."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Terms:
    """What the object says: the bucket's identity, who publishes in it, if anyone, and how often this was written."""

    identity: str
    holder: str
    count: int


class Lease:
    """This process's way to the lease of a bucket. Lets errors of obstore pass."""

    def __init__(self, store: S3Store, lasts: float = LASTS) -> None:
        self._store = store
        self._lasts = lasts
        self._renewing = Lock()
        self._checked = False
        self._lost = False
        self._mine: _Terms | None = None
        self._etag: str | None = None
        self._written = 0.0

    def identity(self) -> str:
        """The bucket's identity, empty before it was first published in."""
        there, _ = self._read()
        return there.identity if there else ""

    def acquire(self) -> tuple[str, bool]:
        """Wait for the lease; the identity, and whether nobody else has held it since this object last did."""
        left, mine = self._mine, self._awaited()
        self._lost = False
        self._check(mine)
        return mine.identity, left is not None and (left.identity, left.count + 1) == (mine.identity, mine.count)

    def keep(self) -> None:
        """Renew the lease if it is time. Raises BucketError if another publisher has it: nothing may be sent any more."""
        with self._renewing:
            if not self._lost and self._mine is not None and time.monotonic() - self._written > self._lasts / 3:
                self._rewrite(self._mine.holder)
            if self._lost:
                raise BucketError("another publisher has taken over, because this one was silent for too long; publish again")

    def release(self) -> None:
        """Let the next one in."""
        with self._renewing:
            if not self._lost:
                self._rewrite("")

    def _awaited(self) -> _Terms:
        me = secrets.token_hex(8)
        seen: _Terms | None = None
        since = 0.0
        while True:
            there, etag = self._read()
            if there is None or not there.holder or (there == seen and time.monotonic() - since >= self._lasts):
                mine = _Terms(there.identity, me, there.count + 1) if there else _Terms(secrets.token_hex(8), me, 1)
                if self._write(mine, etag):
                    return mine
                continue
            if there != seen:
                if seen is None:
                    _log.info("waiting for the publisher that is at work in the bucket", killed_after=self._lasts)
                seen, since = there, time.monotonic()
            time.sleep(self._lasts / 60)

    def _rewrite(self, holder: str) -> None:
        if self._mine is not None:
            self._lost = not self._write(replace(self._mine, holder=holder, count=self._mine.count + 1), self._etag)

    def _check(self, mine: _Terms) -> None:
        """Once: a store that knows no conditions would let two publishers in, and an older feed over a newer."""
        if self._checked:
            return
        try:
            obstore.put(self._store, NAME, _body(mine), mode="create", use_multipart=False)
        except AlreadyExistsError:
            self._checked = True
        else:
            self._rewrite("")
            raise BucketError("the store ignores If-None-Match, so two publishers cannot be kept apart; use one that honours it")

    def _write(self, terms: _Terms, etag: str | None) -> bool:
        """Replace what was read with this ETag, or nothing; returns whether nobody else was faster."""
        mode: PutMode = {"e_tag": etag} if etag else "create"
        attributes: Attributes = {"Content-Type": "application/json", "Cache-Control": "no-store"}
        started = time.monotonic()
        try:
            put = obstore.put(self._store, NAME, _body(terms), attributes=attributes, mode=mode, use_multipart=False)
            etag = put["e_tag"]
        except (AlreadyExistsError, PreconditionError):
            there, etag = self._read()
            if there != terms:  # else an attempt succeeded whose answer was lost
                return False
        self._mine, self._etag, self._written = terms, etag, started
        return True

    def _read(self) -> tuple[_Terms | None, str | None]:
        """What the object says, and its ETag."""
        try:
            got = obstore.get(self._store, NAME)
            return _Terms(**json.loads(bytes(got.bytes()))), got.meta["e_tag"]
        except FileNotFoundError:
            return None, None
        except (TypeError, ValueError) as error:
            raise BucketError(f"{NAME} is not what masthead wrote; remove it, and everything is published anew") from error


def _body(terms: _Terms) -> bytes:
    return json.dumps(asdict(terms)).encode()
