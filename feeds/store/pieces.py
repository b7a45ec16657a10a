"""Entries as they were rendered."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import Connection, bindparam, delete, select, text
from sqlalchemy.dialects import postgresql, sqlite

from feeds.model import Item
from feeds.store.reading import chunks
from feeds.tables import feed_piece

_TURN = 0x4D41_5049


_piece = feed_piece.c
_GOOD = select(_piece.item_id, _piece.variant, _piece.change, _piece.data).where(
    _piece.item_id.in_(bindparam("items", expanding=True)),
    _piece.variant.in_(bindparam("variants", expanding=True)),
    _piece.context == bindparam("context"),
)


def load(connection: Connection, items: Sequence[Item], variants: Collection[str], context: str) -> dict[tuple[int, str], bytes]:
    """See ``FeedStore.pieces``."""
    changes = {item.id: item.change for item in items}
    found: dict[tuple[int, str], bytes] = {}
    for some in chunks(changes):
        rows = connection.execute(_GOOD, {"variants": list(variants), "context": context, "items": some})
        for item_id, variant, change, data in rows.all():
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
    _wait_for_turn(connection)
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(feed_piece)
    anew = {name: statement.excluded[name] for name in ("context", "change", "data")}
    upsert = statement.on_conflict_do_update(index_elements=["item_id", "variant"], set_=anew)
    connection.execute(upsert, rows)


def drop(connection: Connection, item_ids: Iterable[int]) -> None:
    """Forget what was rendered of these: they stand in archives only, which are written once."""
    _wait_for_turn(connection)
    for some in chunks(item_ids):
        connection.execute(delete(feed_piece).where(feed_piece.c.item_id.in_(some)))


def _wait_for_turn(connection: Connection) -> None:
    """Two that write the same pieces in other orders would wait for each other for ever."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _TURN})
