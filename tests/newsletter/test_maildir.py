"""Mail into a folder, for trying things out."""

from __future__ import annotations

import mailbox
from pathlib import Path

import pytest

from newsletter.delivery import Envelope
from newsletter.errors import TransportError
from newsletter.maildir import Maildir

MESSAGE = "To: reader@example.com\r\n\r\n.\r\n안녕하세요\r\n".encode()
ENVELOPE = Envelope("news@hangang.example", "reader@example.com", MESSAGE)


def kept(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted((folder / "new").iterdir())]


def test_a_mail_is_one_file_with_its_very_bytes(tmp_path: Path) -> None:
    folder = tmp_path / "not" / "there" / "yet"
    transport = Maildir(folder)
    assert transport.send(ENVELOPE).startswith("250 kept as ")
    transport.send(ENVELOPE)
    transport.close()
    assert kept(folder) == [MESSAGE, MESSAGE]
    assert list((folder / "tmp").iterdir()) == []


def test_a_mail_program_finds_it(tmp_path: Path) -> None:
    Maildir(tmp_path / "outbox").send(ENVELOPE)
    (message,) = mailbox.Maildir(tmp_path / "outbox")
    assert message["To"] == "reader@example.com"


def test_an_empty_folder_made_by_hand_will_do(tmp_path: Path) -> None:
    """`mkdir outbox` before the first try is what one does."""
    folder = tmp_path / "outbox"
    folder.mkdir()
    Maildir(folder).send(ENVELOPE)
    assert kept(folder) == [MESSAGE]


def test_a_file_in_the_way_is_said_by_name(tmp_path: Path) -> None:
    """No reader is to blame, and none is given up."""
    (tmp_path / "outbox").write_text("")
    with pytest.raises(TransportError, match="outbox"):
        Maildir(tmp_path / "outbox").send(ENVELOPE)
