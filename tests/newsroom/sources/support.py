"""How the tests of all sources pull."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from pydantic import TypeAdapter

from newsroom.fetch import Fetcher, Validators
from newsroom.model import Draft
from newsroom.settings import FetchSettings
from newsroom.sources import AnySource, Known, KnownArticle, Unreadable, open_source

NOW = datetime(2025, 6, 11, 9, 0, tzinfo=UTC)
FETCH = FetchSettings.model_validate({"allow_private": ["127.0.0.0/8"], "delay": 0, "timeout": "5s"})


def nothing(_: Draft) -> KnownArticle | None:
    """An empty store."""
    return None


def unseen(_: str) -> Validators | None:
    """A website that was never read before."""
    return None


def knowing(articles: Mapping[str, KnownArticle]) -> Known:
    """A store that has these articles, by address."""

    def known(draft: Draft) -> KnownArticle | None:
        return articles.get(draft.url)

    return known


def pull(
    settings: Mapping[str, Any],
    known: Known = nothing,
    *,
    validators: Callable[[str], Validators | None] = unseen,
    read: dict[str, Validators] | None = None,
    now: datetime = NOW,
) -> list[Draft | Unreadable]:
    """What one pull of a ``[[source]]`` yields; ``read`` collects the validators."""
    source = open_source(TypeAdapter[AnySource](AnySource).validate_python({"name": "it", **settings}))

    async def run() -> list[Draft | Unreadable]:
        async with Fetcher(FETCH, user_agent="Masthead/0.1 (test)", validators=validators) as fetch:
            found = [draft async for draft in source.drafts(fetch, known, now)]
        if read is not None:
            read.update(fetch.read)
        return found

    return asyncio.run(run())


def drafts(found: list[Draft | Unreadable]) -> list[Draft]:
    """All of them, if all could be read."""
    unreadable = [item for item in found if isinstance(item, Unreadable)]
    assert unreadable == []
    return [item for item in found if isinstance(item, Draft)]
