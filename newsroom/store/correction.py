"""An editor's correction: a revision whose text is the paper's and whose note is the editor's."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, and_, insert, select, update

from newsroom.errors import EmptyNoteError, UnknownArticleError
from newsroom.model import ChangeKind
from newsroom.store import people, showing
from newsroom.store.changes import record
from newsroom.tables import article, credit, revision
from newsroom.text.addresses import without_addresses
from newsroom.text.clean import clean_text


def correct(connection: Connection, uri: str, note: str, now: datetime, *, serious: bool) -> int:
    """Add the revision, unless the article says just that already; returns the row id. See ``ArticleStore.correct``."""
    row = connection.execute(select(article).where(article.c.uri == uri)).first()
    if row is None:
        raise UnknownArticleError(f'there is no article "{uri}"; give the id or the address that a feed shows for it')
    signatures = select(credit).where(credit.c.article_id == row.id, credit.c.revision == row.revision)
    signed = connection.execute(signatures).mappings().all()
    known = {email for reporter in people.reporters(connection) for email in reporter.emails}
    said = clean_text(without_addresses(note, known | {signature["email"] for signature in signed if signature["email"]}))
    if not said:
        raise EmptyNoteError
    current = and_(revision.c.article_id == row.id, revision.c.number == row.revision)
    old = connection.execute(select(revision).where(current)).mappings().one()
    if (old["note"], old["serious"]) == (said, serious):
        return int(row.id)
    number, edited = row.revision + 1, showing.edited_now(row, old["edited"], now)
    changed = {"number": number, "note": said, "serious": serious, "updated": edited, "edited": edited}
    connection.execute(insert(revision).values({**old, **changed}))
    if signed:
        connection.execute(insert(credit), [{**signature, "revision": number} for signature in signed])
    correction = number if serious else row.correction
    connection.execute(update(article).where(article.c.id == row.id).values(revision=number, correction=correction))
    record(connection, row.id, number, ChangeKind.REVISED, now)
    return int(row.id)
