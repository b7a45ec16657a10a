"""One paper's parts, opened from its configuration and wired together. Jobs and commands work on this."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from jinja2 import Environment
from jinja2 import TemplateError as JinjaError

from feeds.catalogue import Catalogue
from feeds.publish import Publisher
from feeds.store import FeedStore
from masthead.config import Config, load_config
from masthead.store import RunStore
from newsletter.links import Links
from newsletter.planner import Planner
from newsletter.render import Renderer
from newsletter.settings import NewsletterSettings
from newsletter.store import NewsletterStore
from newsroom.database import Database
from newsroom.errors import NewsroomError
from newsroom.intake import configure_reporters
from newsroom.language import Language
from newsroom.sections import SectionTree
from newsroom.store import ArticleStore
from newsroom.templates import TemplateError, environment, template_folders

SECRET_VARIABLE = "MASTHEAD_SECRET"  # noqa: S105 (where the secret is, not the secret)
_SECRET_LENGTH = 32


class UnknownNameError(NewsroomError):
    """The configuration has nothing of this name."""


class WebSecretError(NewsroomError):
    """The secret that signs links cannot be used."""


def now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


class App:
    """A paper, ready to work. ``clock`` tells the present moment."""

    def __init__(
        self, path: Path, config: Config | None = None, *, clock: Callable[[], datetime] = now, prepare: bool = True
    ) -> None:
        """``path`` is the configuration file. Raises ConfigError, StoreError (SchemaError for another version's database)."""
        self.path = path
        self.config = config or load_config(path)
        self.clock = clock
        self.zone = self.config.paper.timezone
        self.sections = SectionTree(section.model() for section in self.config.sections)
        self._folders = template_folders(path.parent)
        self.language = Language(self.config.paper.language, self.zone, self._folders)
        self.environment: Environment = environment(self._folders, self.language)
        self.database = Database(self.config.store.url)
        if prepare:
            self.database.prepare()
        self.articles = ArticleStore(self.database)
        self.newsletters = NewsletterStore(self.database)
        self.runs = RunStore(self.database)
        self.feeds = FeedStore(self.database)
        if prepare:
            configure_reporters(self.articles, (reporter.model() for reporter in self.config.reporters), self.clock())

    def close(self) -> None:
        """Close the database."""
        self.database.close()

    def newsletter(self, slug: str) -> NewsletterSettings:
        """The newsletter of that name. Raises UnknownNameError."""
        for found in self.config.newsletters:
            if found.slug == slug:
                return found
        names = ", ".join(found.slug for found in self.config.newsletters) or "none"
        raise UnknownNameError(f'there is no newsletter "{slug}" in {self.path}; there are: {names}')

    @cached_property
    def links(self) -> Links:
        """Signer of links, with the secret of the environment, of ``web.secret_file``, or of the store."""
        return Links(base=self.config.web.url, secret=self._secret())

    @cached_property
    def planner(self) -> Planner:
        """Plans editions. Raises TemplateError where a template of the mails is missing or broken."""
        renderer = Renderer(self._folders, self.language, self.config.paper)
        return Planner(self.articles, self.newsletters, renderer, self.sections, self.language, self.links, self.zone)

    @cached_property
    def publisher(self) -> Publisher:
        """Publishes the feeds of what is known at the moment."""
        return Publisher(self.articles, self.feeds, self._catalogue, self.config.feeds, self.environment)

    def check(self) -> None:
        """Try what would otherwise fail only when it is needed: templates and secrets.

        Raises TemplateError, WebSecretError, SecretError.
        """
        Renderer(self._folders, self.language, self.config.paper)
        for name in self.environment.list_templates(extensions=("html", "css", "js")):
            if name.startswith("web/"):
                self._try_template(name)
        self._configured_secret()
        if self.config.mail is not None:
            self.config.mail.password()

    def _try_template(self, name: str) -> None:
        try:
            self.environment.get_template(name)
        except (JinjaError, UnicodeDecodeError) as error:
            raise TemplateError(f"templates/{name}: {error}") from error

    def _catalogue(self) -> Catalogue:
        return Catalogue(self.config.paper, self.config.web.url, self.sections, self.articles.reporters(), self.language)

    def _secret(self) -> str:
        return self._configured_secret() or self.runs.secret(secrets.token_urlsafe(_SECRET_LENGTH))

    def _configured_secret(self) -> str:
        """The secret of the environment or of ``web.secret_file``; empty where the store's own is to be used."""
        where, secret, file = SECRET_VARIABLE, os.environ.get(SECRET_VARIABLE, ""), self.config.web.secret_file
        if not secret:
            if file is None:
                return ""
            where, secret = f"web.secret_file {file}", _text(file)
        if len(secret) < _SECRET_LENGTH:
            raise WebSecretError(f"{where} has fewer than {_SECRET_LENGTH} characters; make one with: openssl rand -hex 32")
        return secret


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise WebSecretError(f"web.secret_file {file} cannot be read: {error}") from error
