"""Union feeds over HTTP: ``/feeds/union.atom?section=it&reporter=seoh``."""

from __future__ import annotations

import base64
import gzip
import hashlib
from collections.abc import Collection
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from feeds.media_types import CACHE_CONTROL, MEDIA_TYPES
from feeds.union import PATH, Union, UnionError, Unions
from masthead.web.negotiation import coding, fields_of, has

LONGEST_QUERY = 2000


class UnionEndpoint:
    """Answers for every format that the paper's feeds have."""

    def __init__(self, unions: Unions, base: str, formats: Collection[str]) -> None:
        """``base`` is the public address of the feeds."""
        self._unions = unions
        self._base = base.rstrip("/") + "/"
        self._formats = frozenset(formats)

    async def respond(self, request: Request) -> Response:
        """The feed; 308 to its canonical address, 400 with the reason for what cannot be."""
        ending = request.path_params["ending"]
        asked = request.url.query
        if ending not in self._formats:
            return _refused(404, f"there is no such format; there are: {', '.join(sorted(self._formats))}")
        if len(asked) > LONGEST_QUERY:
            return _refused(414, f"the query is longer than {LONGEST_QUERY} characters")
        try:
            union = await run_in_threadpool(self._unions.parse, parse_qsl(asked, keep_blank_values=True))
        except UnionError as error:
            return _refused(400, str(error))
        address = f"{self._base}{PATH}.{ending}?{union.query}"
        if asked != union.query:
            return RedirectResponse(address, 308, {"Cache-Control": CACHE_CONTROL})
        return await run_in_threadpool(self._answer, request, union, ending, address)

    def _answer(self, request: Request, union: Union, ending: str, address: str) -> Response:
        data = self._unions.document(union, ending)
        fields = fields_of(request.scope["headers"])
        packed = coding(fields.get(b"accept-encoding", b""), (b"gzip",)) == b"gzip"
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()[:15]).decode()
        headers = {
            "ETag": f'"{digest}{"-gzip" if packed else ""}"',
            "Cache-Control": CACHE_CONTROL,
            "Vary": "Accept-Encoding",
            "Link": f'<{address}>; rel="self"',
            "Access-Control-Allow-Origin": "*",
            "X-Content-Type-Options": "nosniff",
        }
        if (known := fields.get(b"if-none-match")) is not None and has(known, headers["ETag"].encode()):
            return Response(status_code=304, headers=headers)
        headers["Content-Type"] = MEDIA_TYPES[f".{ending}"]
        if packed:
            headers["Content-Encoding"] = "gzip"
            data = gzip.compress(data, compresslevel=6, mtime=0)
        return Response(data, headers=headers)


def _refused(status: int, reason: str) -> Response:
    return PlainTextResponse(f"{reason}\n", status, {"X-Content-Type-Options": "nosniff"})
