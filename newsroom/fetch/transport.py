"""The wire under httpx2: a connection pool whose connections are checked where they are opened.

``httpx2.AsyncHTTPTransport`` takes no network backend, httpcore2's pool does. The pool keeps the host's name for the Host header,
for TLS (SNI and the certificate) and for reuse; only the socket sees the IP address. There is no proxy, whatever the environment
says: it would resolve names in our place.
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from functools import cache

import httpcore2
import httpx2


class CheckedTransport(httpx2.AsyncBaseTransport):
    """Carries httpx2's requests over connections that ``backend`` opens. Raises httpcore2's errors."""

    def __init__(self, backend: httpcore2.AsyncNetworkBackend, *, max_connections: int = 20) -> None:
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=_tls(),
            max_connections=max_connections,
            keepalive_expiry=30,
            network_backend=backend,
        )

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        response = await self._pool.handle_async_request(
            httpcore2.Request(
                method=request.method,
                url=httpcore2.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx2.Response(response.status, headers=response.headers, stream=_Body(response), extensions=response.extensions)

    async def aclose(self) -> None:
        await self._pool.aclose()


@cache
def _tls() -> ssl.SSLContext:
    """The system's certificate authorities; reading them takes a tenth of a second."""
    return httpx2.create_ssl_context(trust_env=False)


class _Body(httpx2.AsyncByteStream):
    def __init__(self, response: httpcore2.Response) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._response.aiter_stream():
            yield part

    async def aclose(self) -> None:
        await self._response.aclose()
