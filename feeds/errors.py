"""What can go wrong with feeds. A class's docstring is its message where none is given."""

from __future__ import annotations

from collections.abc import Mapping

from newsroom.errors import NewsroomError


class FeedsError(NewsroomError):
    """Something about the feeds went wrong."""


class RenderError(FeedsError):
    """A document cannot be written as XML or HTML."""


class StorageError(FeedsError):
    """The feeds cannot be published where they should be.

    ``failed`` says of each path that was not published why; it is empty where the place as a whole refused.
    """

    def __init__(self, message: str = "", *, failed: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.failed: Mapping[str, str] = dict(failed or {})


class FolderError(StorageError):
    """The folder of the feeds cannot be written to."""


class BucketError(StorageError):
    """The bucket of the feeds cannot be read or written to."""
