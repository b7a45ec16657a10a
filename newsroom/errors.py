"""What can go wrong in the newsroom. A class's docstring is its message where none is given."""

from __future__ import annotations

import inspect


class NewsroomError(Exception):
    """Something in the newsroom went wrong."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or inspect.getdoc(type(self)) or type(self).__name__)


class UnknownArticleError(NewsroomError):
    """There is no such article. Give the id or the address that a feed shows for it."""


class EmptyNoteError(NewsroomError):
    """A correction needs a note that says what was wrong."""


class StoreError(NewsroomError):
    """The database could not do what was asked."""


class StoreBusyError(StoreError):
    """The database was kept locked for longer than the busy timeout. Try again."""


class StoreUnreachableError(StoreError):
    """The database cannot be opened or reached. Check store.url, the server, the folder's rights and the disk."""


class SchemaError(StoreError):
    """The database was made by another version of Masthead."""
