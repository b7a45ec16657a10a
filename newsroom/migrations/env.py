"""Alembic's entry: migrate over the connection of the caller, in its transaction."""

from __future__ import annotations

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from newsroom.database import Instant, metadata


def render(kind: str, item: object, _context: AutogenContext) -> str | Literal[False]:
    """A migration is frozen: it names no type of ours."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Instant) else False


context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True, render_item=render
)
context.run_migrations()
