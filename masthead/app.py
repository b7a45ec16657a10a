"""One paper's parts, opened from its configuration and wired together. Jobs and commands work on this."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from threading import Lock

from jinja2 import Environment
from jinja2 import TemplateError as JinjaError

from feeds.catalogue import Catalogue
from feeds.publish import Publisher
from feeds.storage import Storage, open_storage
from feeds.store import FeedStore
from feeds.topics import PublishedTopics
from feeds.union import Unions
from feeds.websub.store import WebSubStore
from feeds.websub.websub import WebSub
from masthead.config import Config, load_config
from masthead.store import RunStore
from newsletter.links import Links
from newsletter.planner import Planner
from newsletter.render import Renderer
from newsletter.settings import NewsletterSettings
from newsletter.store import NewsletterStore
from newsroom.database import Database
from newsroom.errors import NewsroomError
from newsroom.fetch import user_agent_for
from newsroom.intake import configure_reporters
from newsroom.language import Language
from newsroom.sections import SectionTree
from newsroom.store import ArticleStore
from newsroom.templates import TemplateError, environment, template_folders
from newsroom.topics import Topics

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
        self._known: tuple[int, Catalogue] | None = None
        self._turn = Lock()
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
    def storage(self) -> Storage:
        """Where the feeds are published. Raises StorageError."""
        return open_storage(self.config.feeds.directory)

    @cached_property
    def publisher(self) -> Publisher:
        """Publishes the feeds of what is known at the moment, and remembers whom to tell of it."""
        return Publisher(
            self.articles,
            self.feeds,
            self.storage,
            self.catalogue,
            settings=self.config.feeds,
            environment=self.environment,
            hubs=self.hubs,
            portals=self.config.portals,
            told=self.websub.changed,
        )

    @cached_property
    def unions(self) -> Unions:
        """Feeds that are made on request."""
        return Unions(self.publisher.documents, self.feeds)

    @cached_property
    def websub(self) -> WebSub:
        """Tells hubs and subscribers what is new."""
        return WebSub(
            WebSubStore(self.database),
            PublishedTopics(self.storage, self.feeds_url),
            hubs=self.config.feeds.hubs,
            settings=self.config.feeds.hub,
            clock=self.clock,
            self_hub_url=self.own_hub,
            user_agent=user_agent_for(self.config.paper, self.config.fetch),
        )

    @property
    def feeds_url(self) -> str:
        """The public address of the feeds."""
        return self.config.feeds.url or self.config.web.url

    @property
    def own_hub(self) -> str:
        """The address of our own hub, whether there is one or not."""
        return self.config.web.url.rstrip("/") + "/hub"

    @property
    def hubs(self) -> tuple[str, ...]:
        """The hubs that feeds name, our own first."""
        return ((self.own_hub,) if self.config.feeds.hub else ()) + self.config.feeds.hubs

    def catalogue(self) -> Catalogue:
        """Every feed of what is known at the moment: the same object until a reporter or a series comes or changes."""
        version = self.articles.directory_version()
        with self._turn:
            if self._known is None or self._known[0] != version:
                topics = Topics(
                    (series.model() for series in self.config.series),
                    (genre.model() for genre in self.config.genres),
                    self.articles.series(),
                )
                reporters = self.articles.reporters()
                catalogue = Catalogue(self.config.paper, self.feeds_url, self.sections, reporters, self.language, topics=topics)
                self._known = (version, catalogue)
            return self._known[1]

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
