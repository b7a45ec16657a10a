"""Django's syndication framework: a feed of the same entries from SQLite, as its documentation has one written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db import connection, models
from django.test import RequestFactory
from django.utils.feedgenerator import Atom1Feed

from newsroom.model import Article


def django_feed(folder: Path, stories: Sequence[Article]) -> Callable[[], bytes]:
    """Answers one request for the feed of these stories, each time from the database. Only once in a process."""
    settings.configure(
        ALLOWED_HOSTS=["*"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "django.db")}},
        LANGUAGE_CODE="ko",
        SECRET_KEY="bench",
        TIME_ZONE="Asia/Seoul",
        USE_TZ=True,
    )
    django.setup()

    class Story(models.Model):  # type: ignore[misc]  # Django has no types
        uri: Any = models.TextField()
        url: Any = models.TextField()
        headline: Any = models.TextField()
        body: Any = models.TextField()
        author: Any = models.TextField()
        published: Any = models.DateTimeField(db_index=True)

        class Meta:
            app_label = "bench"

        def __str__(self) -> str:
            return str(self.headline)

    with connection.schema_editor() as schema:
        schema.create_model(Story)
    Story.objects.bulk_create(
        Story(
            uri=story.id,
            url=story.url,
            headline=story.revision.headline,
            body=story.revision.body,
            author=story.revision.credits[0].name,
            published=story.published,
        )
        for story in stories
    )

    class Stories(Feed):  # type: ignore[misc]  # Django has no types
        feed_type = Atom1Feed
        title = "두물일보"
        subtitle = "두물일보의 모든 기사"
        link = "https://dumul.example/"

        def items(self) -> object:
            return Story.objects.order_by("-published")[: len(stories)]

        def item_title(self, item: Any) -> str:
            return str(item.headline)

        def item_description(self, item: Any) -> str:
            return str(item.body)

        def item_link(self, item: Any) -> str:
            return str(item.url)

        def item_guid(self, item: Any) -> str:
            return str(item.uri)

        def item_author_name(self, item: Any) -> str:
            return str(item.author)

        def item_pubdate(self, item: Any) -> datetime:
            found: datetime = item.published
            return found

        item_updateddate = item_pubdate

    view, requests = Stories(), RequestFactory()

    def document() -> bytes:
        return bytes(view(requests.get("/front.atom")).content)

    assert document().count(b"<entry") == len(stories)
    return document
