"""An edition on its way to its readers, over real SMTP: nobody twice, nobody forgotten, whatever happens in between."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from email import message_from_bytes
from itertools import pairwise

import pytest
from structlog.testing import capture_logs

from newsletter.delivery import GIVE_UP, Envelope
from newsletter.edition import Delivery, EditionState, Tally
from newsletter.errors import MessageError, TransportError, UncertainDeliveryError
from newsletter.store import NewsletterStore
from newsroom.database import Database
from tests.newsletter.delivering import (
    DUE,
    Clock,
    Wire,
    address,
    join,
    letter,
    planned,
    rows,
    send,
    state_of,
    uid_of,
)
from tests.newsletter.postoffice import HANG_UP, KEEP_AND_HANG_UP, PostOffice

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


# --- the usual ---


def test_every_reader_gets_one_mail_and_nobody_a_second(store: NewsletterStore, database: Database, office: PostOffice) -> None:
    edition, clock = planned(store, 20), Clock()
    everybody = Tally(planned=20, sent=20, skipped=0, failed=0, in_doubt=0)
    assert send(store, edition, office.connection(), clock) == everybody
    assert office.recipients == [address(number) for number in range(20)]
    assert state_of(store) is EditionState.SENT
    assert send(store, edition, office.connection(), clock) == everybody
    assert len(office.letters) == 20
    assert {(row.state, row.attempts, row.reply) for row in rows(database).values()} == {("sent", 1, "250 taken")}


def test_an_edition_without_readers_is_sent_to_nobody(store: NewsletterStore, office: PostOffice) -> None:
    edition = planned(store, 0)
    assert send(store, edition, office.connection(), Clock()).adds_up
    assert (state_of(store), office.conversations) == (EditionState.SENT, 0)


def test_readers_who_leave_while_it_is_sent_get_none(store: NewsletterStore, database: Database, office: PostOffice) -> None:
    """The unsubscribe page said goodbye a minute ago."""
    edition = planned(store, 3)

    def compose(found: Delivery) -> Envelope:
        if found.email == address(0):
            store.leave(uid_of(database, address(1)), "morning", DUE)
        return letter(found)

    tally = send(store, edition, office.connection(), Clock(), compose=compose)
    assert office.recipients == [address(0), address(2)]
    assert (tally.sent, tally.skipped, tally.adds_up) == (2, 1, True)


def test_readers_who_join_after_it_was_planned_wait_for_the_next(quick: NewsletterStore, office: PostOffice) -> None:
    edition = planned(quick, 1)
    join(quick, ["new@example.com"])
    send(quick, edition, office.connection(), Clock())
    assert office.recipients == [address(0)]


def test_progress_is_told_and_ends_with_the_whole(quick: NewsletterStore) -> None:
    edition, clock, told = planned(quick, 10), Clock(), list[Tally]()
    send(quick, edition, Wire(lambda _envelope: clock.wait(timedelta(seconds=1))), clock, progress=told.append)
    assert [tally.sent for tally in told] == [1, 3, 5, 7, 9, 10], "every two seconds, the one just sent not yet written"
    assert told[-1].adds_up


# --- refusals ---


def test_a_refused_reader_is_not_asked_again(store: NewsletterStore, office: PostOffice) -> None:
    """Senders who go on mailing dead addresses land in the spam folder with all their mail (RFC 5321 §4.2.1)."""
    office.rule = lambda happening, to: "550 5.1.1 no such user" if (happening, to) == ("RCPT", address(1)) else None
    edition, clock = planned(store, 3), Clock()
    tally = send(store, edition, office.connection(), clock)
    assert tally == Tally(planned=3, sent=2, skipped=0, failed=1, in_doubt=0)
    assert store.reasons(edition.id) == [("failed", "550 5.1.1 no such user", 1)]
    assert state_of(store) is EditionState.SENT


def test_a_reader_put_off_is_tried_again_at_growing_distances_and_given_up_after_four_days(
    store: NewsletterStore, office: PostOffice
) -> None:
    """Greylisting servers want minutes, full mailboxes days, and nobody wants news from last week."""
    office.rule = lambda happening, to: "451 4.7.1 later" if (happening, to) == ("RCPT", address(0)) else None
    edition, clock = planned(store, 2), Clock()
    tried = [clock.at]
    tally = send(store, edition, office.connection(), clock)
    assert (tally.sent, tally.open) == (1, 1)
    while tally.open:
        clock.wait(5 * MINUTE if len(tried) < 5 else HOUR)
        if store.is_due(edition.id, clock.at):
            tried.append(clock.at)
            tally = send(store, edition, office.connection(), clock)
    distances = [int((later - earlier) / MINUTE) for earlier, later in pairwise(tried)]
    assert distances[:4] == [5, 15, 60, 240]
    assert set(distances[4:]) == {240}
    assert GIVE_UP <= tried[-1] - tried[0] < GIVE_UP + 4 * HOUR
    assert tally == Tally(planned=2, sent=1, skipped=0, failed=1, in_doubt=0)
    assert store.reasons(edition.id)[0][1] == f"given up after {len(tried)} attempts: 451 4.7.1 later"
    assert (office.recipients, state_of(store)) == ([address(1)], EditionState.SENT)


def test_a_reader_put_off_gets_the_mail_when_the_server_is_ready(quick: NewsletterStore, office: PostOffice) -> None:
    office.rule = lambda happening, _to: "450 greylisted" if happening == "RCPT" else None
    edition, clock = planned(quick, 3), Clock()
    assert send(quick, edition, office.connection(), clock).open == 3
    office.rule = lambda _happening, _to: None
    assert send(quick, edition, office.connection(), clock).open == 3, "not before its time"
    clock.wait(5 * MINUTE)
    assert send(quick, edition, office.connection(), clock).sent == 3
    assert Counter(office.recipients).most_common(1)[0][1] == 1


def test_the_delay_counts_from_the_refusal_not_from_the_attempt(quick: NewsletterStore, office: PostOffice) -> None:
    """A server that takes four minutes to say later would be asked again a minute after."""
    edition, clock = planned(quick, 1), Clock()

    def rule(happening: str, _to: str) -> str | None:
        if happening == "RCPT":
            clock.wait(4 * MINUTE)
        return "450 later" if happening == "RCPT" else None

    office.rule = rule
    send(quick, edition, office.connection(), clock)
    assert not quick.is_due(edition.id, DUE + 8 * MINUTE)
    assert quick.is_due(edition.id, DUE + 9 * MINUTE)


def test_a_reader_whose_mail_cannot_be_made_fails_alone(store: NewsletterStore, office: PostOffice) -> None:
    """One odd name would keep the edition from everybody after it in the list, every day."""

    def compose(found: Delivery) -> Envelope:
        if found.email == address(1):
            raise MessageError("To holds a line break")
        return letter(found)

    edition = planned(store, 3)
    tally = send(store, edition, office.connection(), Clock(), compose=compose)
    assert tally == Tally(planned=3, sent=2, skipped=0, failed=1, in_doubt=0)
    assert store.reasons(edition.id) == [("failed", "To holds a line break", 1)]


def test_an_international_reader_fails_alone_where_the_server_is_not(quick: NewsletterStore, office: PostOffice) -> None:
    edition = planned(quick, ["a@example.com", "독자@example.com", "b@example.com"])
    tally = send(quick, edition, office.connection(), Clock())
    assert (tally.sent, tally.failed, office.recipients) == (2, 1, ["a@example.com", "b@example.com"])


@pytest.mark.parametrize("happening", ["MAIL", "RCPT", "DATA", "MESSAGE"])
def test_a_server_that_restarts_costs_nobody_the_mail(quick: NewsletterStore, office: PostOffice, happening: str) -> None:
    """421 in the middle: the reader it hits is mailed by and by, and the one behind is not blamed for it."""
    left = [2]

    def rule(now_happening: str, to: str) -> str | None:
        if now_happening != happening or not left[0] or (to and to != address(1)) or len(office.letters) == 0:
            return None
        left[0] -= 1
        return "421 4.3.2 shutting down"

    office.rule = rule
    edition, clock = planned(quick, 4), Clock()
    send(quick, edition, office.connection(), clock)
    clock.wait(20 * MINUTE)
    tally = send(quick, edition, office.connection(), clock)
    clock.wait(20 * MINUTE)
    tally = send(quick, edition, office.connection(), clock)
    assert (tally.sent, sorted(office.recipients)) == (4, [address(number) for number in range(4)])


# --- no server ---


def test_without_a_server_nothing_is_lost_and_nothing_is_counted(store: NewsletterStore, database: Database) -> None:
    """A night of outage, asked every half minute, would use up everybody's attempts."""
    office = PostOffice()
    with office.open():
        pass
    edition, clock = planned(store, 3), Clock()
    for _ in range(50):
        with pytest.raises(TransportError, match="refused"):
            send(store, edition, office.connection(), clock)
        clock.wait(3 * HOUR)
    assert {(row.state, row.attempts, row.first_attempt) for row in rows(database).values()} == {("planned", 0, None)}
    assert store.is_due(edition.id, clock.at)
    assert store.sender(edition.id) == ""
    with office.open():
        assert send(store, edition, office.connection(), clock).sent == 3
    assert {row.attempts for row in rows(database).values()} == {1}


def test_a_server_that_goes_down_in_the_middle_stops_the_edition_where_it_is(quick: NewsletterStore, office: PostOffice) -> None:
    office.rule = lambda happening, _to: "450 4.3.2 no more today" if happening == "MAIL" and len(office.letters) >= 2 else None
    edition, clock = planned(quick, 5), Clock()
    with pytest.raises(TransportError, match="no more today"):
        send(quick, edition, office.connection(), clock)
    assert quick.tally(edition.id) == Tally(planned=5, sent=2, skipped=0, failed=0, in_doubt=0)
    office.rule = lambda _happening, _to: None
    assert send(quick, edition, office.connection(), clock).sent == 5
    assert office.recipients == [address(number) for number in range(5)]


def test_the_transport_is_closed_whatever_happens(quick: NewsletterStore) -> None:
    def down(_envelope: Envelope) -> None:
        raise TransportError

    edition, wires = planned(quick, 2), [Wire(down), Wire()]
    with pytest.raises(TransportError):
        send(quick, edition, wires[0], Clock())
    send(quick, edition, wires[1], Clock())
    assert [wire.closed for wire in wires] == [1, 1]


# --- in doubt ---


@pytest.mark.parametrize(("hang_up", "copies"), [(KEEP_AND_HANG_UP, 2), (HANG_UP, 1)])
def test_a_lost_reply_is_sent_again_as_the_same_mail_where_policy_says_so(
    store: NewsletterStore, database: Database, office: PostOffice, hang_up: str, copies: int
) -> None:
    """The one reader in doubt may see it twice; a mail program that knows the Message-ID shows it once (RFC 1047)."""
    office.rule = lambda happening, to: hang_up if (happening, to) == ("MESSAGE", address(1)) else None
    edition, clock = planned(store, 3), Clock()
    tally = send(store, edition, office.connection(), clock)
    assert (tally.sent, tally.open) == (2, 1), "the readers behind do not wait"
    office.rule = lambda _happening, _to: None
    clock.wait(5 * MINUTE)
    assert send(store, edition, office.connection(), clock).sent == 3
    doubtful = [found.content for found in office.letters if found.recipient == address(1)]
    assert len(doubtful) == copies
    assert len({message_from_bytes(content)["Message-ID"] for content in doubtful}) == 1
    assert rows(database)[address(1)].attempts == 2


def test_a_lost_reply_is_held_where_policy_says_so(store: NewsletterStore, office: PostOffice) -> None:
    office.rule = lambda happening, to: KEEP_AND_HANG_UP if (happening, to) == ("MESSAGE", address(1)) else None
    edition, clock = planned(store, 3), Clock()
    tally = send(store, edition, office.connection(), clock, resend=False)
    assert tally == Tally(planned=3, sent=2, skipped=0, failed=0, in_doubt=1)
    assert (tally.adds_up, state_of(store)) == (True, EditionState.SENT)
    assert "lost after the message" in store.reasons(edition.id)[0][1]
    clock.wait(HOUR)
    send(store, edition, office.connection(), clock, resend=False)
    assert len(office.letters) == 3


def test_what_was_never_acknowledged_in_four_days_is_in_doubt_not_failed(quick: NewsletterStore) -> None:
    """Told that it failed, an operator would send it by hand, a twentieth time."""

    def lose(_envelope: Envelope) -> None:
        raise UncertainDeliveryError

    edition, clock = planned(quick, 1), Clock()
    tally = send(quick, edition, Wire(lose), clock)
    while tally.open:
        clock.wait(HOUR)
        tally = send(quick, edition, Wire(lose), clock)
    assert (tally.in_doubt, tally.failed) == (1, 0)
    assert clock.at - DUE <= GIVE_UP + 4 * HOUR


@pytest.mark.parametrize(("resend", "copies"), [(True, 2), (False, 1)])
def test_what_ended_in_the_middle_of_a_message_is_in_doubt_too(
    quick: NewsletterStore, office: PostOffice, resend: bool, copies: int
) -> None:
    """Control-C while the server thinks: the mail may be gone, whatever this side believes."""
    connection = office.connection()

    def interrupted(envelope: Envelope) -> None:
        connection.send(envelope)
        raise KeyboardInterrupt

    edition, clock = planned(quick, 2), Clock()
    with pytest.raises(KeyboardInterrupt):
        send(quick, edition, Wire(interrupted), clock, resend=resend)
    connection.close()
    with capture_logs() as logs:
        tally = send(quick, edition, office.connection(), clock, resend=resend)
    assert Counter(office.recipients) == {address(0): copies, address(1): 1}
    assert (tally.adds_up, tally.in_doubt) == (True, 0 if resend else 1)
    (said,) = [line for line in logs if line["log_level"] == "warning"]
    assert (said["event"], said["messages"], said["policy"]) == ("in doubt after a crash", 1, "resend" if resend else "hold")


# --- stopping ---


def test_asked_to_stop_it_finishes_what_is_in_flight(store: NewsletterStore, database: Database, office: PostOffice) -> None:
    edition, clock = planned(store, 5), Clock()
    tally = send(store, edition, office.connection(), clock, stopping=lambda: len(office.letters) == 2)
    assert tally == Tally(planned=5, sent=2, skipped=0, failed=0, in_doubt=0)
    assert [row.state for row in rows(database).values()] == ["sent", "sent", "planned", "planned", "planned"]
    assert (store.sender(edition.id), state_of(store)) == ("", EditionState.SENDING)
    assert send(store, edition, office.connection(), clock).sent == 5
    assert len(office.letters) == 5
