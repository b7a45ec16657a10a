"""Why an address could not be read, as the operator should hear it."""

from __future__ import annotations

from datetime import timedelta

from newsroom.errors import NewsroomError


class FetchError(NewsroomError):
    """An address could not be read.

    ``permanent`` tells that asking again is useless until somebody changes something. ``status`` is that of the answer, where there
    was one; ``retry_after`` how long the server asked to be left alone, at most a day.
    """

    permanent = False

    def __init__(
        self,
        message: str,
        *,
        url: str,
        status: int | None = None,
        permanent: bool | None = None,
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(message)
        self.url = url
        self.status = status
        self.permanent = type(self).permanent if permanent is None else permanent
        self.retry_after = retry_after


class AddressError(FetchError):
    """The address is none that Masthead reads: not http or https, without a host, or with a password in it."""

    permanent = True


class PrivateAddressError(FetchError):
    """The address leads into a network that is not public and not in ``fetch.allow_private``."""

    permanent = True


class UnreachableError(FetchError):
    """The server could not be found or connected to, or the connection broke."""


class FetchTimeoutError(UnreachableError):
    """The server did not finish its answer within ``fetch.timeout``."""


class RedirectError(FetchError):
    """The server sent us round in circles, or nowhere."""


class RobotsError(FetchError):
    """The site's robots.txt does not allow this address, or cannot be read at the moment."""


class StatusError(FetchError):
    """The server answered something other than the page."""


class TooLargeError(FetchError):
    """The page is larger than ``fetch.max_bytes``, packed or unpacked."""


class BadAnswerError(FetchError):
    """The server did not speak HTTP, or packed its answer in a way that cannot be read."""
