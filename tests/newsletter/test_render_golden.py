"""The whole digest, byte for byte: what a change of a template or a library does to every reader's mail is seen in the diff.

After a change that is meant: ``MASTHEAD_GOLDEN=write pytest tests/newsletter/test_render_golden.py``, and look at it in a browser.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from newsletter.mailbox import Mailbox
from newsletter.message import Addressee, compile_digest, message_id
from tests.newsletter.builders import DUE, MAIL, MORNING, article, digest, front_page, renderer

GOLDEN = Path(__file__).parent / "golden"
CORRECTED = article(9, "강변 미술관, 월요일에도 연다", note="여는 시각은 10시가 아니라 11시입니다.")


def files() -> dict[str, bytes]:
    made = digest(front_page(), MORNING.model_copy(update={"max_stories": 5}), corrections=[CORRECTED])
    rendered = renderer().render(made, MORNING, web_url="https://feeds.hangang.example/view/abc", preferences=True)
    reader = Addressee(
        mailbox=Mailbox(address="reader@example.com", name="김독자"),
        message_id=message_id("morning 2026-03-02", "uid", MAIL.list_domain),
        one_click="https://feeds.hangang.example/unsubscribe/token",
        unsubscribe="https://feeds.hangang.example/unsubscribe/token",
        preferences="https://feeds.hangang.example/preferences/token",
        confirmed="2026년 1월 5일",
    )
    mail = compile_digest(rendered, mail=MAIL, newsletter=MORNING, date=DUE).for_reader(reader)
    return {
        "digest.html": rendered.html.encode(),
        "digest.txt": rendered.text.encode(),
        "web.html": rendered.web.encode(),
        "digest.eml": mail,
    }


@pytest.mark.parametrize("name", ["digest.html", "digest.txt", "web.html", "digest.eml"])
def test_the_digest_is_the_one_that_was_looked_at(name: str) -> None:
    made = files()[name]
    if os.environ.get("MASTHEAD_GOLDEN") == "write":
        (GOLDEN / name).write_bytes(made)
    assert made == (GOLDEN / name).read_bytes()
