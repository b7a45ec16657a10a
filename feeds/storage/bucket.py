"""A bucket of an S3-compatible object store, by ``s3://bucket/prefix``.

Endpoint, region and credentials come from the environment as everywhere: AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID, and so on.

What the bucket holds is listed once, a thousand objects a request, and from then on known by what is sent, for as long as the lease
shows that nobody else published. A listing gives of each object the ETag, which is the MD5 of its bytes; a manifest of our own would
have to be sent whole with each change. Under encryption by KMS an ETag is no digest: a new process then sends each file once more.
"""

from __future__ import annotations

import hashlib
import ipaddress
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import obstore
import structlog
from obstore.exceptions import BaseError
from obstore.store import S3Store

from feeds.errors import BucketError
from feeds.media_types import CACHE_CONTROL, media_type
from feeds.storage import lease, siblings
from feeds.storage.lease import Lease
from feeds.storage.work import Work, summary

if TYPE_CHECKING:  # types that obstore does not have when it runs
    from obstore import Attributes
    from obstore.store import ClientConfig, RetryConfig

_log = structlog.get_logger(__name__)

_WORKERS = 16
_OWNER = "masthead"
"""Metadata of what we published: the identity of the bucket."""

# All attempts together end well before the lease does.
_RETRY: RetryConfig = {
    "max_retries": 6,
    "retry_timeout": timedelta(seconds=lease.LASTS / 3),
    "backoff": {"init_backoff": timedelta(milliseconds=100), "max_backoff": timedelta(seconds=5), "base": 2},
}


def open_bucket(url: str) -> Bucket:
    """The bucket of an ``s3://`` URL. Raises BucketError where the URL or the environment names none."""
    parts = urlsplit(url)
    client: ClientConfig = {"timeout": timedelta(seconds=lease.LASTS / 4)}
    if _is_on_this_machine(os.environ.get("AWS_ENDPOINT_URL") or os.environ.get("AWS_ENDPOINT") or ""):
        client["allow_http"] = True
    with _told(url):
        if not parts.netloc or parts.query or parts.fragment:
            raise ValueError("write s3://bucket/prefix")
        store = S3Store(
            parts.netloc,
            prefix=parts.path.strip("/") or None,
            client_options=client,
            retry_config=_RETRY,
            disable_bulk_delete=True,  # not every store has it, and we remove little
        )
    return Bucket(url, store)


class Bucket:
    """A bucket, or what lies under a prefix of it."""

    def __init__(self, url: str, store: S3Store, lasts: float = lease.LASTS) -> None:
        self.url = url
        self._store = store
        self._lease = Lease(store, lasts)
        self._identity = ""
        self._work = Work(_WORKERS)
        self._listed: dict[str, str] | None = None

    @contextmanager
    def locked(self) -> Iterator[str]:
        """As ``Storage.locked``, by a lease: a publisher that was killed holds up the next for a minute."""
        with _told(self.url):
            self._identity, undisturbed = self._lease.acquire()
        if not undisturbed:
            self._listed = None
        try:
            yield self._identity
        finally:
            self._work.settle()
            try:
                with _told(self.url):
                    self._lease.release()
            except BucketError as error:  # all is published; the next publisher waits until the lease runs out
                _log.warning("the lease was not given back", reason=str(error))

    def identity(self) -> str:
        with _told(self.url):
            return self._lease.identity()

    def has(self, path: str) -> bool:
        return path in self._objects()

    def read(self, path: str) -> bytes | None:
        self._work.wait(path)
        with _told(f"{self.url}/{path}"):
            try:
                return bytes(obstore.get(self._store, path).bytes())
            except FileNotFoundError:
                return None

    def differs(self, path: str, data: bytes) -> bool:
        self._work.wait(path)
        objects = self._objects()
        if objects.get(path) != _digest(data):
            return True
        compressed = siblings.compressed(path, data)
        wanted = {name: _digest(compressed[name]) if name in compressed else None for name in siblings.names(path)}
        return any(objects.get(name) != digest for name, digest in wanted.items())

    def write(self, path: str, data: bytes) -> bool:
        if not self.differs(path, data):
            return False
        self._work.start(path, partial(self._send, path, data))
        return True

    def remove(self, path: str) -> bool:
        self._work.wait(path)
        there = [name for name in [*siblings.names(path), path] if name in self._objects()]
        removed = [self._removed(name) for name in there]
        return any(removed)

    def paths(self) -> Iterator[str]:
        for path in sorted(self._objects()):
            if media_type(path) and not any(part.startswith(".") for part in PurePosixPath(path).parts):
                yield path

    def flush(self) -> None:
        if failed := self._work.finish():
            raise BucketError(summary(failed), failed=failed)

    def _objects(self) -> dict[str, str]:
        """The ETag of each object, without quotes."""
        if self._listed is None:
            with _told(self.url):
                chunks = obstore.list(self._store, chunk_size=1000)
                self._listed = {item["path"]: (item["e_tag"] or "").strip('"') for chunk in chunks for item in chunk}
        return self._listed

    def _send(self, path: str, data: bytes) -> None:
        """Send what is not there, the file after its siblings: where it is as it should be, so are they."""
        bodies = {**siblings.compressed(path, data), path: data}
        for name in siblings.names(path):
            if name not in bodies and name in self._objects():
                self._removed(name)
        for name, body in bodies.items():
            if self._objects().get(name) != _digest(body):
                self._put(name, body, self._attributes(path, name))

    def _put(self, name: str, body: bytes, attributes: Attributes) -> None:
        with _told(f"{self.url}/{name}"):
            self._lease.keep()
            self._objects().pop(name, None)  # unknown, should the answer not arrive
            obstore.put(self._store, name, body, attributes=attributes, use_multipart=False)
            self._objects()[name] = _digest(body)

    def _attributes(self, path: str, name: str) -> Attributes:
        attributes: Attributes = {"Cache-Control": CACHE_CONTROL, _OWNER: self._identity}
        if (kind := media_type(path)) is not None:
            attributes["Content-Type"] = kind
        if name != path:
            attributes["Content-Encoding"] = siblings.ENCODINGS[PurePosixPath(name).suffix]
        return attributes

    def _removed(self, name: str) -> bool:
        """Delete an object that was published by us; returns whether it was."""
        with _told(f"{self.url}/{name}"):
            self._lease.keep()
            try:
                ours = obstore.get(self._store, name, options={"head": True}).attributes.get(_OWNER) == self._identity
            except FileNotFoundError:
                ours = False
            if ours:
                obstore.delete(self._store, name)
                self._objects().pop(name, None)
        return ours


@contextmanager
def _told(where: str) -> Iterator[None]:
    """Errors as ours, with where and what to do; obstore's have a first line for people, and a dump of many."""
    try:
        yield
    except BucketError as error:
        raise BucketError(f"{where}: {error}") from error
    except (BaseError, OSError, ValueError) as error:
        reason = str(error).partition("\n")[0].strip().rstrip(": ")
        advice = "check feeds.directory, AWS_ENDPOINT_URL (http only with AWS_ALLOW_HTTP=true), AWS_REGION and the credentials"
        raise BucketError(f"{where}: {reason}; {advice}") from error


def _is_on_this_machine(endpoint: str) -> bool:
    host = urlsplit(endpoint).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _digest(data: bytes) -> str:
    """As S3 makes the ETag of an object that is sent at once."""
    return hashlib.md5(data, usedforsecurity=False).hexdigest()
