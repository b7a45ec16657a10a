"""A digest as subject, text and HTML, styles inlined once. The only importer of premailer, whose faults are met here."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cssutils
import jinja2
from premailer import Premailer

from newsletter import palette
from newsletter.digest import Digest
from newsletter.errors import RenderError
from newsletter.settings import NewsletterSettings
from newsletter.slots import Slot
from newsletter.typography import bound, clauses, fold, unbroken
from newsroom.language import Language
from newsroom.settings import PaperSettings
from newsroom.templates import TemplateError, environment

_FOLDER = "mail/digest"
_READER = re.compile(r"<!--reader-->.*?<!--/reader-->", re.DOTALL)
_MARK = re.compile(r"<!--/?reader-->")

# premailer's allow_network does not reach cssutils, which would fetch an @import (a template's) from any address it names.
cssutils.util._defaultFetcher = lambda url: None  # noqa: ARG005, SLF001  # the one switch there is
cssutils.log.setLevel(logging.CRITICAL)  # it takes text-wrap and mso- properties for mistakes, and says so on stderr


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedDigest:
    """``text`` and ``html`` hold slots for what differs from reader to reader; ``web`` is the page for everyone, without them."""

    subject: str
    text: str
    html: str
    web: str


class Renderer:
    """The templates of ``mail/digest`` in one paper's language and colours."""

    def __init__(self, folders: Sequence[Path], language: Language, paper: PaperSettings) -> None:
        """Raises TemplateError where a template is missing or broken, so that a program finds out when it starts."""
        self._environment = environment(folders, language)
        self._environment.filters |= {"bound": bound, "clauses": clauses, "fold": fold, "unbroken": unbroken}
        self._environment.globals |= {"paper": paper, "day": palette.day(paper), "night": palette.night(paper), "slot": Slot}
        self._subject, self._text, self._html = (self._template(name) for name in ("subject.txt", "body.txt", "body.html"))

    def render(
        self,
        digest: Digest,
        newsletter: NewsletterSettings,
        *,
        web_url: str = "",
        preferences: bool = False,
    ) -> RenderedDigest:
        """The digest as mail and as page. ``web_url`` is the page's address; ``preferences`` says whether readers have a page of theirs.

        Raises RenderError where a template asks for what is not there or makes HTML that cannot be inlined.
        """
        words = {"digest": digest, "newsletter": newsletter, "web_url": web_url, "preferences": preferences}
        try:
            subject = self._own_subject(newsletter) or self._subject
            subject_line = " ".join(subject.render(words).split())
            text = self._text.render(words)
            html = self._html.render(words)
        except jinja2.TemplateError as error:
            raise RenderError(f"the mail of newsletter {newsletter.slug} cannot be rendered: {error}") from error
        inlined = _inline(html)
        return RenderedDigest(
            subject=subject_line,
            text=_tidy(text),
            html=_MARK.sub("", inlined),
            web=_READER.sub("", inlined),
        )

    def _own_subject(self, newsletter: NewsletterSettings) -> jinja2.Template | None:
        return self._environment.overlay(autoescape=False).from_string(newsletter.subject) if newsletter.subject else None

    def _template(self, name: str) -> jinja2.Template:
        try:
            return self._environment.get_template(f"{_FOLDER}/{name}")
        except jinja2.TemplateNotFound as error:
            raise TemplateError(f"the mail template templates/{error.name} is missing.") from error
        except jinja2.TemplateSyntaxError as error:
            raise TemplateError(f"templates/{error.name}, line {error.lineno}: {error.message}") from error


def _inline(html: str) -> str:
    premailer = Premailer(
        html,
        allow_network=False,
        strip_important=False,  # or the night's colours in @media would lose against the inlined ones
        disable_basic_attributes=["width", "height"],  # or width: 100% would replace the pixels that Outlook needs
        align_floating_images=False,
    )
    try:
        inlined: str = premailer.transform(pretty_print=False)
    except Exception as error:  # premailer lets anything through that cssutils, cssselect and lxml raise
        raise RenderError(f"the styles of the mail cannot be inlined: {error!r}") from error
    return inlined


def _tidy(text: str) -> str:
    """Two blank lines at most, none at the start, no blanks at the ends of lines."""
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return re.sub(r"\n{4,}", "\n\n\n", lines).strip() + "\n"
