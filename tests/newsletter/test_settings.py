"""What an operator writes under [[newsletter]] and [mail], and what is refused before it does harm."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from newsletter.errors import SecretError
from newsletter.mailbox import Mailbox
from newsletter.settings import MailSettings, NewsletterSettings, parse_days
from newsletter.transport import MaildirTransport, SmtpTransport


def newsletter(**keys: object) -> NewsletterSettings:
    return NewsletterSettings.model_validate({"slug": "morning", "title": "한강 아침", **keys})


def mail(keys: Mapping[str, str] | None = None, base: Path = Path("/etc/masthead")) -> MailSettings:
    return MailSettings.model_validate({"from": "한강일보 <news@hangang.example>", **(keys or {})}, context={"base": base})


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("mon-sat", {1, 2, 3, 4, 5, 6}),
        ("daily", {1, 2, 3, 4, 5, 6, 7}),
        ("mon-sun", {1, 2, 3, 4, 5, 6, 7}),
        ("sat-mon", {6, 7, 1}),
        ("sun-sat", {1, 2, 3, 4, 5, 6, 7}),
        ("Mon, wed ,FRI", {1, 3, 5}),
        ("mon-wed,sat", {1, 2, 3, 6}),
        ("sun", {7}),
    ],
)
def test_days_are_read_as_iso_weekdays(written: str, days: set[int]) -> None:
    """Off by one, and the Sunday paper comes on Monday."""
    assert newsletter(days=written).days == days


@pytest.mark.parametrize("written", ["", "mon-", "-sat", "monday", "mon--sat", "mon,,tue", "1-5", "월-토", 5])
def test_other_days_are_refused(written: object) -> None:
    with pytest.raises(ValueError, match="mon"):
        parse_days(written)


def test_the_defaults_are_a_morning_paper() -> None:
    made = newsletter()
    assert (made.send, made.latest, made.if_late, made.min_articles, made.max_stories) == (time(7), None, "send", 1, 30)
    assert made.days == {1, 2, 3, 4, 5, 6}


def test_latest_is_after_send() -> None:
    """Otherwise every edition would be late before it is due."""
    assert newsletter(send="07:00", latest="9:30").latest == time(9, 30)
    with pytest.raises(ValidationError, match=r"latest \(06:00\) must be after send \(07:00\)"):
        newsletter(send="07:00", latest="06:00")


@pytest.mark.parametrize("written", ["7", "25:00", "07:60", "7:5", "오전 7시", "07:00:00", "", 7])
def test_a_time_of_day_has_hours_and_minutes(written: object) -> None:
    with pytest.raises(ValidationError, match='write a time of day as "07:00"'):
        newsletter(send=written)


def test_a_broken_subject_is_found_in_the_configuration() -> None:
    with pytest.raises(ValidationError, match="no Jinja2 template"):
        newsletter(subject="{{ digest.lead.headline")


@pytest.mark.parametrize(
    ("written", "transport"),
    [
        ("smtp://127.0.0.1:2525", SmtpTransport(host="127.0.0.1", port=2525)),
        ("smtp://mail.example.com", SmtpTransport(host="mail.example.com", port=25)),
        ("smtps://mail.example.com", SmtpTransport(host="mail.example.com", port=465, security="tls")),
        ("smtp+starttls://mail.example.com", SmtpTransport(host="mail.example.com", port=587, security="starttls")),
        ("smtp://mail.example.com:25?starttls=required", SmtpTransport(host="mail.example.com", port=25, security="starttls")),
        ("smtp://[::1]:25", SmtpTransport(host="::1", port=25)),
        ("maildir:outbox", MaildirTransport(path=Path("/etc/masthead/outbox"))),
        ("maildir:/var/mail/out", MaildirTransport(path=Path("/var/mail/out"))),
    ],
)
def test_transports(written: str, transport: SmtpTransport | MaildirTransport) -> None:
    assert mail({"transport": written}).transport == transport


@pytest.mark.parametrize(
    "written",
    [
        "127.0.0.1:25",
        "smtp://",
        "http://mail.example.com",
        "smtp://mail.example.com/inbox",
        "smtp://mail.example.com?starttls=maybe",
        "smtp://mail.example.com:99999",
        "maildir:",
        "maildir://outbox",
        "smtp://user@mail.example.com",
    ],
)
def test_other_transports_are_refused(written: str) -> None:
    with pytest.raises(ValidationError):
        mail({"transport": written})


def test_a_password_in_the_configuration_is_refused() -> None:
    """Configuration is copied, shown and committed."""
    with pytest.raises(ValidationError, match="use username with password_env or password_file") as refused:
        mail({"transport": "smtps://paper:hush@mail.example.com"})
    assert "hush" not in refused.value.errors()[0]["msg"]


def test_a_password_never_crosses_the_network_in_the_clear() -> None:
    keys = {"username": "paper", "password_env": "SECRET"}
    with pytest.raises(ValidationError, match=r"needs smtps:// or smtp\+starttls://"):
        mail({"transport": "smtp://mail.example.com", **keys})
    for transport in ("smtp://127.0.0.1:25", "smtp://localhost", "smtp://[::1]", "smtps://mail.example.com"):
        assert mail({"transport": transport, **keys}).username == "paper"


@pytest.mark.parametrize(
    "keys",
    [
        {"username": "a"},
        {"password_env": "A"},
        {"password_file": "a"},
        {"username": "a", "password_env": "A", "password_file": "a"},
    ],
)
def test_a_user_name_goes_with_one_secret(keys: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="either password_env or password_file"):
        mail(keys)


def test_the_secret_comes_from_the_environment_or_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hush \n")
    from_file = mail({"username": "paper", "password_file": "secret"}, tmp_path)
    assert from_file.password({}) == "hush "
    from_environment = mail({"username": "paper", "password_env": "MAIL_SECRET"})
    assert from_environment.password({"MAIL_SECRET": "hush"}) == "hush"
    assert mail().password({}) == ""
    assert "hush" not in repr(from_file)


def test_a_secret_that_is_not_there_is_named(tmp_path: Path) -> None:
    """Delivery without it would be refused a thousand times with an error of the server's."""
    with pytest.raises(SecretError, match="MAIL_SECRET, which is not set"):
        mail({"username": "paper", "password_env": "MAIL_SECRET"}).password({})
    with pytest.raises(SecretError, match="cannot be read"):
        mail({"username": "paper", "password_file": "nowhere"}, tmp_path).password({})
    (tmp_path / "empty").touch()
    with pytest.raises(SecretError, match="is empty"):
        mail({"username": "paper", "password_file": "empty"}, tmp_path).password({})


def test_the_sender_is_a_mailbox_and_its_domain_the_lists() -> None:
    made = mail()
    assert (made.sender.name, made.sender.address, made.sender.domain) == ("한강일보", "news@hangang.example", "hangang.example")
    assert made.list_domain == "hangang.example"
    assert mail({"list_domain": "list.hangang.example"}).list_domain == "list.hangang.example"
    assert made.timeout == timedelta(minutes=5)


@pytest.mark.parametrize(
    "written", ["", "한강일보", "news@", "a@b@c.example", "뉴스 <뉴스@hangang.example>", "x <a@example.com>, <b@example.com>"]
)
def test_a_sender_that_cannot_send_is_refused(written: str) -> None:
    with pytest.raises(ValidationError):
        MailSettings.model_validate({"from": written})


@pytest.mark.parametrize(
    ("written", "address", "name"),
    [
        ("독자 <reader@example.com>", "reader@example.com", "독자"),
        ("reader@EXAMPLE.com", "reader@example.com", ""),
        ('"Kim \\"Sol\\", Min" <reader@example.com>', "reader@example.com", 'Kim "Sol", Min'),
        ("<reader@example.com>", "reader@example.com", ""),
        ("reader@한글.kr", "reader@xn--bj0bj06e.kr", ""),
    ],
)
def test_mailboxes(written: str, address: str, name: str) -> None:
    assert Mailbox.parse(written) == Mailbox(address=address, name=name)


def test_only_a_local_part_beyond_ascii_needs_smtputf8() -> None:
    """A domain goes as A-labels to any server; a reader behind one must not be skipped."""
    assert not Mailbox.of("reader@한글.kr").needs_smtputf8
    assert Mailbox.of("독자@example.com").needs_smtputf8


def test_a_name_with_a_line_break_is_no_name() -> None:
    with pytest.raises(ValueError, match="no line break"):
        Mailbox.of("reader@example.com", "김독자\r\nBcc: all@example.com")
