"""What can go wrong with feeds. A class's docstring is its message where none is given."""

from __future__ import annotations

from newsroom.errors import NewsroomError


class FeedsError(NewsroomError):
    """Something about the feeds went wrong."""


class RenderError(FeedsError):
    """A document cannot be written as XML or HTML."""


class FolderError(FeedsError):
    """The folder of the feeds cannot be written to."""
