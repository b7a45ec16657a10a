"""Entries as they were rendered."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import Connection, bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from feeds.model import Item
from feeds.store.reading import chunks
from feeds.tables import feed_piece


def load(connection: Connection, items: Sequence[Item], variants: Collection[str], context: str) -> dict[tuple[int, str], bytes]:
    """See ``FeedStore.pieces``."""
    changes = {item.id: item.change for item in items}
    piece = feed_piece.c
    columns = select(piece.item_id, piece.variant, piece.change, piece.data)
    query = columns.where(piece.variant.in_(bindparam("variants", expanding=True)), piece.context == bindparam("context"))
    found: dict[tuple[int, str], bytes] = {}
    for some in chunks(changes):
        chosen = query.where(piece.item_id.in_(bindparam("items", expanding=True)))
        rows = connection.execute(chosen, {"variants": list(variants), "context": context, "items": list(some)})
        for item_id, variant, change, data in rows:
            if changes[item_id] == change:
                found[item_id, variant] = data
    return found


def save(connection: Connection, rendered: Iterable[tuple[Item, str, bytes]], context: str) -> None:
    """See ``FeedStore.save_pieces``."""
    rows = [
        {"item_id": item.id, "variant": variant, "context": context, "change": item.change, "data": data}
        for item, variant, data in rendered
    ]
    if not rows:
        return
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(feed_piece)
    anew = {name: statement.excluded[name] for name in ("context", "change", "data")}
    upsert = statement.on_conflict_do_update(index_elements=["item_id", "variant"], set_=anew)
    connection.execute(upsert, rows)


def drop(connection: Connection, item_ids: Iterable[int]) -> None:
    """Forget what was rendered of these: they stand in archives only, which are written once."""
    for some in chunks(item_ids):
        connection.execute(delete(feed_piece).where(feed_piece.c.item_id.in_(some)))
