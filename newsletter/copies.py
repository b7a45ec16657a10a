"""Each reader's own copy of an edition, from the digest that was rendered once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from newsletter.delivery import Envelope
from newsletter.edition import Delivery, Edition
from newsletter.links import Links
from newsletter.mailbox import Mailbox
from newsletter.message import Addressee, CompiledDigest, compile_digest, message_id
from newsletter.render import RenderedDigest
from newsletter.settings import MailSettings, NewsletterSettings
from newsletter.store import KeptDigest
from newsroom.language import Language

SAMPLE_UID = "sample"
"""The subscriber of previews and test copies: no such row exists, so the links of a test copy lead nowhere."""


class Copies:
    """Makes the messages of one edition."""

    def __init__(
        self,
        digests: Iterable[KeptDigest],
        newsletter: NewsletterSettings,
        edition: Edition,
        *,
        mail: MailSettings,
        links: Links,
        language: Language,
    ) -> None:
        """Raises MessageError where a digest cannot be made a mail."""
        self._newsletter = newsletter
        self._edition = edition
        self._mail = mail
        self._links = links
        self._language = language
        date = edition.due.astimezone(language.zone)
        self._compiled: dict[str, CompiledDigest] = {
            kept.choice: compile_digest(
                RenderedDigest(subject=kept.subject, text=kept.text, html=kept.html, web=kept.web),
                mail=mail,
                newsletter=newsletter,
                date=date,
            )
            for kept in digests
        }

    def envelope(self, delivery: Delivery) -> Envelope:
        """The reader's message. Raises MessageError where the reader's data cannot stand in it."""
        compiled, reader = self._compiled[delivery.choice], self._addressee(delivery)
        return Envelope(sender=self._mail.sender.address, recipient=reader.mailbox.address, message=compiled.for_reader(reader))

    def bodies(self, delivery: Delivery) -> tuple[str, str]:
        """The reader's text and HTML, for looking at."""
        return self._compiled[delivery.choice].bodies(self._addressee(delivery))

    def _addressee(self, delivery: Delivery) -> Addressee:
        leave = self._links.unsubscribe(delivery.subscriber_uid, self._newsletter.slug)
        key = f"{self._newsletter.slug}/{self._edition.date.isoformat()}"
        return Addressee(
            mailbox=Mailbox(address=delivery.email, name=delivery.name),
            message_id=message_id(key, delivery.subscriber_uid, self._mail.list_domain),
            one_click=leave,
            unsubscribe=leave,
            confirmed=self._language.date(delivery.confirmed),
        )


def sample_delivery(choice: str, address: str = "reader@example.com") -> Delivery:
    """A delivery to nobody in particular."""
    then = datetime(2026, 1, 5, tzinfo=UTC)
    return Delivery(
        id=0, subscriber_uid=SAMPLE_UID, email=address, name="", choice=choice, attempts=0, first_attempt=then, confirmed=then
    )
