"""The demo's mailbox: a real SMTP server on loopback, each mail a file, and pages to read them in a browser.

Mail is hostile by nature. Its HTML is only ever shown in a sandboxed frame whose own policy allows no script, no form and
nothing from the network but this machine: the demo paper's pictures appear, and nobody's tracking pixel does.
"""

from __future__ import annotations

import re
import secrets
import socket
import time
from asyncio import AbstractServer
from collections.abc import Awaitable, Mapping
from functools import lru_cache
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from masthead.demo.letters import Letter, read_letter

_SHOWN = 200
_VIEWS = ("html", "text", "headers", "source")
_WIDTHS = ("desktop", "phone")
_PAGE_POLICY = "default-src 'none'; style-src 'self'; img-src data:; frame-src 'self'; base-uri 'none'; form-action 'none'"
_MAIL_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; "
    "img-src data: http://127.0.0.1:* http://localhost:*; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)


class Inbox:
    """A folder of ``.eml`` files and the SMTP server that fills it."""

    def __init__(self, directory: Path, *, port: int = 0) -> None:
        """``port`` 0 takes any free one."""
        self._directory = directory
        self._wanted = port
        self._server: _Server | None = None

    @property
    def port(self) -> int:
        """Where the server listens, once it is started; until then what was asked for."""
        return self._server.port if self._server else self._wanted

    def start(self) -> None:
        """Take mail from now on. Raises OSError where the port is in use."""
        self._directory.mkdir(parents=True, exist_ok=True)
        self._server = _Server(_Receiver(self), socket.create_server(("127.0.0.1", self._wanted)))
        self._server.start()

    def stop(self) -> None:
        """Take no more mail; what was taken stays."""
        if self._server:
            self._server.stop()

    def keep(self, mail: bytes) -> None:
        """Store a mail as a file: it is there as a whole or not at all. Raises OSError."""
        path = self._directory / f"{time.time_ns():020d}-{secrets.token_hex(4)}.eml"
        arriving = path.with_suffix(".arriving")
        try:
            arriving.write_bytes(mail)
            arriving.replace(path)
        except OSError:
            arriving.unlink(missing_ok=True)
            raise

    def mails(self) -> list[Letter]:
        """Every mail, the latest first."""
        return [_letter(path) for path in sorted(self._directory.glob("*.eml"), reverse=True)]

    def mail(self, identity: str) -> Letter | None:
        """One mail by its id; None where there is none."""
        path = self._directory / f"{identity}.eml"
        return _letter(path) if re.fullmatch(r"\d{20}-[0-9a-f]{8}", identity) and path.is_file() else None


@lru_cache(maxsize=1000)
def _letter(path: Path) -> Letter:
    """A stored mail; its file never changes."""
    return read_letter(path.stem, path.read_bytes())


class _Server(Controller):
    """aiosmtpd's, on a socket that already listens: of itself it never learns which port it got for 0."""

    def __init__(self, receiver: _Receiver, listener: socket.socket) -> None:
        host, port = listener.getsockname()
        super().__init__(receiver, hostname=host, port=port, ident="Masthead demo inbox")
        self._listener = listener

    def _create_server(self) -> Awaitable[AbstractServer]:
        return self.loop.create_server(self._factory_invoker, sock=self._listener)


class _Receiver:
    """What the server does with a mail, as aiosmtpd calls it."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox

    async def handle_EHLO(  # noqa: N802  # aiosmtpd's name
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Offer pipelining (RFC 2920): aiosmtpd reads one command after the other and has always coped, but does not say so."""
        session.host_name = hostname
        return [responses[0], "250-PIPELINING", *responses[1:]]

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's name
        """Keep the mail, with the envelope before it as a mailbox writes it (RFC 5321 §4.4)."""
        content = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        lines = [f"Return-Path: <{envelope.mail_from}>", *(f"Delivered-To: {recipient}" for recipient in envelope.rcpt_tos)]
        try:
            self._inbox.keep("".join(f"{line}\r\n" for line in lines).encode() + content)
        except OSError as error:
            return f"451 4.3.0 the mail could not be stored: {error.strerror}"
        return "250 2.0.0 stored"


def create_inbox(inbox: Inbox) -> Starlette:
    """The pages that show ``inbox``."""
    pages = _Pages(inbox)
    routes = [
        Route("/", pages.index),
        Route("/style.css", pages.style),
        Route("/mail/{id}", pages.mail),
        Route("/mail/{id}/content", pages.content),
        Route("/mail/{id}/file.eml", pages.file),
    ]
    return Starlette(routes=routes, exception_handlers={HTTPException: pages.failure})


class _Pages:
    """One method an address; synchronous, so that Starlette runs them in threads."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self._templates = Environment(
            loader=PackageLoader("masthead.demo", "templates/inbox"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def index(self, _request: Request) -> Response:
        return self._page("index.html", {})

    def mail(self, request: Request) -> Response:
        letter = self._find(request)
        views = _VIEWS if letter.html else _VIEWS[1:]
        view, width = request.query_params.get("view", ""), request.query_params.get("width", "")
        values = {
            "letter": letter,
            "views": views,
            "view": view if view in views else views[0],
            "width": width if width in _WIDTHS else _WIDTHS[0],
            "source": letter.source.decode("utf-8", "replace"),
        }
        return self._page("mail.html", values)

    def content(self, request: Request) -> Response:
        """The mail's own HTML, for the frame. A link in it opens in a new tab: the frame could not show it."""
        html = re.sub(r"(?i)<head[^>]*>|\Z", r'\g<0><base target="_blank">', self._find(request).html, count=1)
        # Chromium connects to the address of a frame before it asks the policy whether there may be one.
        html = re.sub(r"(?i)<(?=i?frame|object|embed)", "<no-", html)
        return _secured(HTMLResponse(html), _MAIL_POLICY)

    def file(self, request: Request) -> Response:
        headers = {"Content-Disposition": "attachment; filename=mail.eml"}
        return _secured(Response(self._find(request).source, headers=headers, media_type="message/rfc822"), _PAGE_POLICY)

    def style(self, _request: Request) -> Response:
        return Response(self._templates.get_template("style.css").render(), media_type="text/css")

    def failure(self, _request: Request, error: Exception) -> Response:
        return self._page("missing.html", {}, error.status_code if isinstance(error, HTTPException) else 500)

    def _find(self, request: Request) -> Letter:
        letter = self._inbox.mail(request.path_params["id"])
        if letter is None:
            raise HTTPException(404)
        return letter

    def _page(self, template: str, values: Mapping[str, object], status: int = 200) -> Response:
        """A page, with the list of mails that stands on each."""
        letters = self._inbox.mails()
        listed = {"letters": letters[:_SHOWN], "count": len(letters)}
        return _secured(HTMLResponse(self._templates.get_template(template).render({**listed, **values}), status), _PAGE_POLICY)


def _secured(response: Response, policy: str) -> Response:
    response.headers["Content-Security-Policy"] = policy
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
