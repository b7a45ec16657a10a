"""What the tests of the feeds ask for: a newsroom with a real store, and the grammar of Atom."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from feeds.catalogue import Catalogue
from feeds.portals import PortalSettings
from feeds.publish import Published, Publisher
from feeds.settings import FeedsSettings
from feeds.storage import open_storage
from feeds.store import FeedStore
from newsroom import tables  # noqa: F401 (their metadata)
from newsroom.database import Database, metadata
from newsroom.model import Article, Genre, Series, Status
from newsroom.sections import SectionTree
from newsroom.settings import PaperSettings
from newsroom.store import ArticleStore
from newsroom.templates import environment, template_folders
from newsroom.topics import Topics
from tests.feeds import builders

ROOT = Path(__file__).parents[2]


class Newsroom:
    """A paper with its database and its folder of feeds; what it is and how it publishes may be changed between two runs."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.articles = ArticleStore(database)
        self.articles.save_reporters(builders.REPORTERS)
        self.states = FeedStore(database)
        self.folder = folder
        self.paper: PaperSettings = builders.PAPER
        self.sections = SectionTree(builders.SECTIONS)
        self.settings = FeedsSettings(directory=folder, formats=("atom",))
        self.portals: tuple[PortalSettings, ...] = ()
        self.series: tuple[Series, ...] = ()
        self.genres: tuple[Genre, ...] = ()
        self.told: list[str] = []
        self._catalogues: dict[str, Catalogue] = {}

    def take(
        self,
        *articles: Article,
        headline: str = "",
        body: str = "",
        signed: tuple[str, ...] | None = None,
        status: Status = Status.USABLE,
    ) -> None:
        """Keep these articles, or their next revision."""
        for article in articles:
            new = builders.candidate(article, headline=headline, body=body, signed=signed, status=status)
            self.articles.accept(new, article.published)

    def catalogue(self) -> Catalogue:
        """The feeds there are now: the same object while nothing of them has changed."""
        topics = Topics(self.series, self.genres, self.articles.series())
        reporters = self.articles.reporters()
        known = repr((self.paper, list(self.sections), reporters, topics.series, topics.genres))
        if known not in self._catalogues:
            language = builders.language(self.paper.language)
            self._catalogues[known] = Catalogue(self.paper, builders.URL, self.sections, reporters, language, topics=topics)
        return self._catalogues[known]

    def publisher(self) -> Publisher:
        """A publisher of the feeds there are now."""
        templates = environment(template_folders(), builders.language(self.paper.language))
        return Publisher(
            self.articles,
            self.states,
            open_storage(self.settings.directory),
            self.catalogue,
            settings=self.settings,
            environment=templates,
            portals=self.portals,
            told=self.told.extend,
        )

    def publish(self, *, everything: bool = False, check: bool = False) -> Published:
        """One run."""
        return self.publisher().publish(everything=everything, check=check)

    def files(self) -> dict[str, bytes]:
        """Everything published, by path."""
        return {
            str(path.relative_to(self.folder)): path.read_bytes()
            for path in self.folder.rglob("*")
            if path.is_file() and not path.name.startswith(".") and path.suffix not in {".gz", ".br"}
        }


@pytest.fixture
def newsroom(sqlite_url: str, tmp_path: Path) -> Iterator[Newsroom]:
    """A newsroom without articles."""
    database = Database(sqlite_url)
    with database.write() as connection:
        metadata.create_all(connection)
    yield Newsroom(database, tmp_path / "public")
    database.close()


@pytest.fixture(scope="session")
def atom_grammar() -> etree.RelaxNG:
    """RFC 4287, appendix B."""
    return etree.RelaxNG(etree.parse(ROOT / "feeds" / "checker" / "atom.rng"))
