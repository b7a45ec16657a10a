"""Somebody's mail server on loopback: aiosmtpd, as honest or as nasty as a test wants it."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from newsletter.smtp import SmtpConnection
from newsletter.transport import Security
from tests.newsletter.delivering import connection_to

HANG_UP = "hang up"
KEEP_AND_HANG_UP = "keep and hang up"
SAY_NOTHING = "say nothing"
CUT_SHORT = "cut short"

Rule = Callable[[str, str], str | None]
"""From what is happening (GREETING, EHLO, MAIL, RCPT, DATA, MESSAGE, QUIT) and the recipient, once known, to another reply than yes."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message that was taken."""

    sender: str
    recipient: str
    content: bytes


class PostOffice:
    """A server whose ``rule`` a test may change while it runs. ``conversations`` counts connections."""

    def __init__(self, rule: Rule = lambda _happening, _recipient: None, **options: Any) -> None:
        self.rule = rule
        self.letters: list[Letter] = []
        self.conversations = 0
        self.port = 0
        self._options = options
        self.transports: list[asyncio.BaseTransport] = []

    @property
    def recipients(self) -> list[str]:
        return [letter.recipient for letter in self.letters]

    def connection(
        self, *, security: Security = "none", username: str = "", password: str = "", timeout: float = 10
    ) -> SmtpConnection:
        """Our side of a conversation with it."""
        return connection_to(self.port, security=security, username=username, password=password, timeout=timeout)

    @contextmanager
    def open(self, *, tls: ssl.SSLContext | None = None) -> Iterator[PostOffice]:
        """Serve until the end of the block, on a free port (the same one when opened again)."""
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever)
        thread.start()
        server = asyncio.run_coroutine_threadsafe(self._listen(tls), loop).result()
        try:
            yield self
        finally:
            asyncio.run_coroutine_threadsafe(self._close(server), loop).result()
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()

    async def _listen(self, tls: ssl.SSLContext | None) -> asyncio.Server:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: _Conversation(self, loop, self._options), "127.0.0.1", self.port, ssl=tls)
        self.port = server.sockets[0].getsockname()[1]
        return server

    async def _close(self, server: asyncio.Server) -> None:
        server.close()
        for transport in self.transports:
            transport.close()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        self.transports.clear()

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 (aiosmtpd's name)
        recipient = envelope.rcpt_tos[0]
        reply = self.rule("MESSAGE", recipient)
        if reply is None or reply.startswith("250") or reply == KEEP_AND_HANG_UP:
            assert isinstance(envelope.content, bytes)
            self.letters.append(Letter(envelope.mail_from or "", recipient, envelope.content))
        return reply or "250 taken"


class _Conversation(SMTP):
    """One connection, in which the post office's rule has the word before aiosmtpd."""

    def __init__(self, office: PostOffice, loop: asyncio.AbstractEventLoop, options: dict[str, Any]) -> None:
        super().__init__(office, loop=loop, ident="office", **options)
        self._office = office
        self._greeted = False
        office.conversations += 1

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._office.transports.append(transport)
        super().connection_made(transport)

    async def push(self, status: str | bytes) -> None:
        text = status.decode() if isinstance(status, bytes) else status
        if not self._greeted:
            self._greeted = True
            text = self._office.rule("GREETING", "") or text
        if text in (HANG_UP, KEEP_AND_HANG_UP):
            self._abort()
        elif text == SAY_NOTHING:
            await asyncio.sleep(30)
        elif text == CUT_SHORT:  # in the middle of the message
            await super().push("354 go ahead")
            await asyncio.sleep(0.1)
            self._abort()
        else:
            await super().push(text)
            if text.startswith("421"):
                self._close()

    async def smtp_EHLO(self, hostname: str) -> None:  # noqa: N802
        await self._unless_ruled("EHLO", super().smtp_EHLO, hostname)

    async def smtp_MAIL(self, arg: str | None) -> None:  # noqa: N802
        await self._unless_ruled("MAIL", super().smtp_MAIL, arg)

    async def smtp_RCPT(self, arg: str | None) -> None:  # noqa: N802
        await self._unless_ruled("RCPT", super().smtp_RCPT, arg)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        await self._unless_ruled("DATA", super().smtp_DATA, arg)

    async def smtp_QUIT(self, arg: str) -> None:  # noqa: N802
        await self._unless_ruled("QUIT", super().smtp_QUIT, arg)

    async def _unless_ruled(self, happening: str, usual: Callable[[Any], Any], arg: str | None) -> None:
        recipient = (arg or "").partition("<")[2].partition(">")[0] if happening == "RCPT" else ""
        if happening == "DATA" and self.envelope is not None and self.envelope.rcpt_tos:
            recipient = self.envelope.rcpt_tos[0]
        reply = self._office.rule(happening, recipient)
        await (usual(arg) if reply is None else self.push(reply))

    def _abort(self) -> None:
        assert isinstance(self.transport, asyncio.WriteTransport)
        self.transport.abort()

    def _close(self) -> None:
        assert self.transport is not None
        self.transport.close()


class OnlyPassword:
    """Lets in who says ``masthead`` and this password."""

    def __init__(self, password: str) -> None:
        self._password = password

    def __call__(self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        genuine = (data.login, data.password) == (b"masthead", self._password.encode())
        return AuthResult(success=genuine, handled=False)  # the answer is aiosmtpd's to give
