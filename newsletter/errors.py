"""What can go wrong in the newsletter. A class's docstring is its message where none is given."""

from __future__ import annotations

from newsroom.errors import NewsroomError


class NewsletterError(NewsroomError):
    """Something in the newsletter went wrong."""


class RenderError(NewsletterError):
    """A digest could not be rendered."""


class MessageError(NewsletterError):
    """A mail could not be built."""


class SecretError(NewsletterError):
    """The password of the mail transport cannot be read."""


class TransportError(NewsletterError):
    """No mail can be handed over at all. Nothing is lost: deliveries go on when the transport works again."""


class DeliveryError(NewsletterError):
    """The mail for this reader was refused. ``permanent`` decides whether it is tried again."""

    def __init__(self, message: str = "", *, permanent: bool) -> None:
        super().__init__(message)
        self.permanent = permanent


class UncertainDeliveryError(NewsletterError):
    """The mail was handed over, but the reply was lost: it may or may not have been taken (RFC 1047)."""


class SendingElsewhereError(NewsletterError):
    """Another process, or another thread of this one, is sending the edition."""
