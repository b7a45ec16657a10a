"""A reader's copy: from the digest rendered and inlined once, against inlining and composing anew for each reader."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from premailer import Premailer

from bench.measure import Way, compare
from bench.sample import START, articles, config
from newsletter.digest import compose
from newsletter.mailbox import Mailbox
from newsletter.message import Addressee, compile_digest
from newsletter.render import Renderer
from newsletter.slots import Slot
from newsroom.language import Language
from newsroom.model import Reporter
from newsroom.sections import SectionTree
from newsroom.templates import template_folders

READERS = 2000


def run() -> None:
    """Compare."""
    settings = config()
    assert settings.mail is not None
    newsletter, mail, paper = settings.newsletters[0], settings.mail, settings.paper
    folders = template_folders(Path.cwd())
    language = Language(paper.language, paper.timezone, folders)
    people: dict[str, Reporter] = {}
    digest = compose(
        articles(30),
        newsletter=newsletter,
        date=START.date(),
        sections=SectionTree(s.model() for s in settings.sections),
        reporters=people,
        language=language,
    )
    rendered = Renderer(folders, language, paper).render(digest, newsletter, web_url="https://feeds.dumul.example/view/x")
    print(f"a digest of {len(digest.stories)} stories, {len(rendered.html.encode()) / 1000:.1f} KB of HTML")

    def addressee(number: int) -> Addressee:
        leave = f"https://feeds.dumul.example/unsubscribe/{number:032x}"
        mailbox = Mailbox(address=f"reader{number}@example.com")
        return Addressee(
            mailbox=mailbox,
            message_id=f"<{number}@dumul.example>",
            one_click=leave,
            unsubscribe=leave,
            confirmed="2026년 1월 5일",
        )

    def ours() -> None:
        compiled = compile_digest(rendered, mail=mail, newsletter=newsletter, date=START)
        for number in range(READERS):
            compiled.for_reader(addressee(number))

    def each_anew(count: int) -> None:
        for number in range(count):
            reader = addressee(number)
            html = rendered.html.replace(Slot.UNSUBSCRIBE, reader.unsubscribe)
            inlined = Premailer(html, allow_network=False, strip_important=False, cssutils_logging_level=50).transform()
            message = EmailMessage(policy=SMTP)
            message["From"], message["To"], message["Subject"] = (
                str(mail.sender.address),
                reader.mailbox.address,
                rendered.subject,
            )
            message.set_content(rendered.text.replace(Slot.UNSUBSCRIBE, reader.unsubscribe))
            message.add_alternative(inlined, subtype="html")
            message.as_bytes()

    few = 10
    compare(
        "Making each reader's copy of a digest",
        "messages",
        Way("compiled once, slots filled for each reader", ours, READERS),
        Way("premailer and EmailMessage for each reader", lambda: each_anew(few), few),
    )
