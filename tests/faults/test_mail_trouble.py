"""Trouble with mail servers, and what becomes of the messages: with a real server that misbehaves."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.outbox import pausing
from app.outbox.delivery import deliver
from app.outbox.models import FAILED, QUEUED, SENDING, SENT
from app.outbox.queries import standing, stopped
from app.outbox.retry import BUILD_TRIES
from app.watching.heartbeat import beat
from tests.mail_server import MailServer
from tests.outbox.messages import ON, a_message, connect_to, fresh, states

pytestmark = pytest.mark.faults

NOON = datetime(2010, 11, 5, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ClockAt = Callable[[date | datetime], None]


@pytest.fixture
def server(app: Flask, clock_at: ClockAt) -> Iterator[MailServer]:
    clock_at(NOON)
    with MailServer() as running:
        connect_to(running.port)
        yield running


def health(client: FlaskClient) -> dict[str, object]:
    beat()
    answer = client.get("/health")
    assert answer.status_code == 200
    assert answer.json is not None
    return dict(answer.json)


def test_when_the_server_is_down_nothing_is_counted_against_the_messages(
    server: MailServer, client: FlaskClient, clock_at: ClockAt
) -> None:
    message = a_message()
    server.down()
    for minutes in (0, 30, 59):
        clock_at(NOON + minutes * MINUTE)
        assert deliver(ON).queued == 1
        assert health(client)["unreachable"] is False
    assert (fresh(message).state, message.tries, message.first_tried_at) == (QUEUED, 0, None)
    clock_at(NOON + 60 * MINUTE)
    deliver(ON)
    assert health(client)["unreachable"] is True
    assert standing().unreachable_because == "The mail server refuses connections."
    server.up()
    assert deliver(ON).sent == 1
    assert health(client)["unreachable"] is False


def test_an_outage_of_three_days_ends_in_one_message(server: MailServer, clock_at: ClockAt) -> None:
    message = a_message()
    server.down()
    for hours in range(0, 72, 6):
        clock_at(NOON + timedelta(hours=hours))
        deliver(ON)
    clock_at(NOON + timedelta(hours=80))
    server.up()
    assert deliver(ON + timedelta(days=3)).sent == 1
    assert fresh(message).state == SENT
    assert len(server.messages) == 1


def test_that_the_server_is_back_is_noticed_when_nothing_waits(server: MailServer, clock_at: ClockAt) -> None:
    a_message()
    server.down()
    deliver(ON)
    assert standing().unreachable_since == NOON
    server.up()
    deliver(ON)
    server.down()
    deliver(ON)
    assert standing().unreachable_since is None, "nothing was to be sent, so nobody looked"


@pytest.mark.parametrize("stage", ["mail", "rcpt", "data", "end"])
def test_a_4xx_is_tried_again_with_growing_delays(server: MailServer, clock_at: ClockAt, stage: str) -> None:
    server.answer(stage, "451 4.3.0 Try again later")  # type: ignore[arg-type]
    message = a_message()
    now, waits = NOON, []
    for _ in range(8):
        deliver(ON)
        waits.append(fresh(message).next_try_at - now)
        clock_at(message.next_try_at - timedelta(seconds=1))
        deliver(ON)
        now = message.next_try_at
        clock_at(now)
    assert [wait // MINUTE for wait in waits] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert (fresh(message).state, message.answer) == (QUEUED, "451 4.3.0 Try again later")
    server.behave()
    assert deliver(ON).sent == 1


def test_after_72_hours_of_4xx_it_is_failed(server: MailServer, clock_at: ClockAt) -> None:
    server.answer("rcpt", "450 4.2.1 Greylisted")
    message = a_message()
    while fresh(message).state == QUEUED:
        deliver(ON)
        if fresh(message).state == QUEUED:
            clock_at(message.next_try_at)
    assert (message.state, message.ended_at) == (FAILED, NOON + timedelta(hours=72))
    assert message.answer == "Given up after 72 hours: 450 4.2.1 Greylisted"


def test_one_recipient_refused_fails_that_message_alone(server: MailServer) -> None:
    server.answer("rcpt", "550 5.1.1 No such user", to="gone@council.example")
    gone, here = a_message("gone@council.example"), a_message("here@council.example")
    delivery = deliver(ON)
    assert (delivery.sent, delivery.failed, delivery.paused) == (1, 1, False)
    assert (fresh(gone).state, gone.answer) == (FAILED, "550 5.1.1 No such user")
    assert fresh(here).state == SENT


def test_three_bad_recipients_in_a_row_do_not_pause_the_others(server: MailServer) -> None:
    for number in range(5):
        server.answer("rcpt", "550 5.1.1 No such user", to=f"gone{number}@council.example")
        a_message(f"gone{number}@council.example")
    a_message("here@council.example")
    delivery = deliver(ON)
    assert (delivery.sent, delivery.failed, delivery.paused) == (1, 5, False)


def test_a_message_that_is_refused_fails_alone(server: MailServer) -> None:
    server.answer("end", "554 5.7.1 Looks like spam", times=1)
    a_message()
    a_message()
    delivery = deliver(ON)
    assert (delivery.sent, delivery.failed, delivery.paused) == (1, 1, False)


@pytest.mark.parametrize(
    ("stage", "answer"),
    [
        ("connect", "554 5.7.1 Your address is blocked"),
        ("mail", "550 5.7.1 You may not send as this sender"),
        ("rcpt", "550 5.7.30 Basic authentication is not supported"),
        ("end", "554 5.2.0 STOREDRV outbound spam"),
    ],
)
def test_a_refused_sender_pauses_delivery_and_fails_nothing(
    server: MailServer, client: FlaskClient, clock_at: ClockAt, stage: str, answer: str
) -> None:
    server.answer(stage, answer)  # type: ignore[arg-type]
    messages = [a_message() for _ in range(5)]
    delivery = deliver(ON)
    assert (delivery.sent, delivery.failed, delivery.queued, delivery.paused) == (0, 0, 5, True)
    assert [fresh(message).tries for message in messages] == [0] * 5
    assert health(client)["paused"] is True
    assert standing().paused_because == answer
    tried = server.connections

    clock_at(NOON + 9 * MINUTE)
    assert deliver(ON, scheduled=True).queued == 5
    assert server.connections == tried, "the next probe is due after ten minutes"
    clock_at(NOON + 10 * MINUTE)
    assert deliver(ON, scheduled=True).paused
    assert server.connections == tried + 1

    server.behave()
    clock_at(NOON + 19 * MINUTE)
    assert deliver(ON, scheduled=True).sent == 0
    clock_at(NOON + 20 * MINUTE)
    assert deliver(ON, scheduled=True).sent == 5
    assert health(client)["paused"] is False


def test_a_delivery_by_hand_probes_at_once(server: MailServer) -> None:
    server.answer("mail", "550 5.7.1 You may not send as this sender")
    for _ in range(4):
        a_message()
    assert deliver(ON).paused
    server.behave()
    assert deliver(ON).sent == 4
    assert standing().paused_at is None


def test_signing_in_that_is_refused_is_about_the_sender(server: MailServer) -> None:
    connect_to(server.port, username="audits", password="wrong")
    server.answer("auth", "535 5.7.8 Authentication failed")
    a_message()
    assert deliver(ON).paused
    assert standing().paused_because == "535 5.7.8 Authentication failed"
    assert states() == {QUEUED: 1}


DENIED = "554 5.7.1 Relay access denied"


def test_relay_denied_to_three_different_recipients_in_a_row_is_about_the_sender(server: MailServer) -> None:
    server.answer("rcpt", DENIED)
    for _ in range(5):
        a_message()
    delivery = deliver(ON)
    assert (delivery.sent, delivery.failed, delivery.queued, delivery.paused) == (0, 0, 5, True)
    assert deliver(ON).paused, "a probe is denied as well"
    assert states() == {QUEUED: 5}
    server.behave()
    assert deliver(ON).sent == 5


def test_relay_denied_to_two_recipients_is_about_them(server: MailServer) -> None:
    for name in ("one", "two", "three"):
        server.answer("rcpt", DENIED, to=f"{name}@elsewhere.example")
    for address in (
        "one@elsewhere.example",
        "two@elsewhere.example",
        "here@council.example",
        "three@elsewhere.example",
    ):
        a_message(address)
    delivery = deliver(ON)
    assert (delivery.sent, delivery.failed, delivery.paused) == (1, 3, False)


def test_relay_denied_to_the_same_recipient_again_and_again_is_about_them(server: MailServer) -> None:
    server.answer("rcpt", DENIED, to="one@elsewhere.example")
    for _ in range(4):
        a_message("one@elsewhere.example")
    delivery = deliver(ON)
    assert (delivery.failed, delivery.paused) == (4, False)


def test_one_message_that_looks_like_the_senders_fault_holds_up_nobody_for_good(
    server: MailServer, clock_at: ClockAt
) -> None:
    poison = a_message("poison@council.example")
    server.answer("rcpt", "550 5.7.30 no", to="poison@council.example")
    assert deliver(ON).paused
    clock_at(NOON + MINUTE)
    for _ in range(3):
        a_message()
    for minutes in (11, 21, 31):
        clock_at(NOON + minutes * MINUTE)
        deliver(ON, scheduled=True)
    assert states()[SENT] == 3
    assert fresh(poison).state == QUEUED


@pytest.mark.parametrize("stage", ["mail", "rcpt", "data", "end"])
def test_a_connection_that_drops_costs_one_try(server: MailServer, clock_at: ClockAt, stage: str) -> None:
    server.drop(stage, times=1)  # type: ignore[arg-type]
    first, second = a_message(), a_message()
    assert deliver(ON).sent == 1
    assert fresh(second).state == SENT
    assert (fresh(first).state, first.tries, first.answer) == (
        QUEUED,
        1,
        "The connection to the mail server was lost.",
    )
    clock_at(NOON + MINUTE)
    assert deliver(ON).sent == 1


def test_a_connection_that_drops_after_the_message_was_taken_repeats_it_recognisably(
    server: MailServer, clock_at: ClockAt
) -> None:
    server.drop("accepted", times=1)
    a_message()
    deliver(ON)
    clock_at(NOON + MINUTE)
    deliver(ON)
    first, again = server.messages
    assert (first.message_id, first.date, first.content) == (again.message_id, again.date, again.content)


def test_a_server_that_drops_every_connection_is_left_alone_after_three(server: MailServer) -> None:
    server.drop("mail")
    for _ in range(10):
        a_message()
    assert deliver(ON).queued == 10
    assert server.connections == 3
    assert standing().unreachable_since == NOON


def test_a_server_that_ends_the_connection_now_and_then_gets_everything(
    server: MailServer, clock_at: ClockAt
) -> None:
    server.answer("mail", "421 4.7.0 Too many messages on this connection", after=5, times=1)
    for _ in range(10):
        a_message()
    assert deliver(ON).sent == 9
    clock_at(NOON + MINUTE)
    assert deliver(ON).sent == 1


@pytest.mark.parametrize("stage", ["connect", "ehlo"])
def test_a_server_that_hangs_before_the_first_message_counts_as_out_of_reach(
    server: MailServer, stage: str
) -> None:
    connect_to(server.port, lease_seconds=0.4)
    server.hang(stage)  # type: ignore[arg-type]
    message = a_message()
    began = time.monotonic()
    assert deliver(ON).queued == 1
    assert time.monotonic() - began < 2
    assert fresh(message).tries == 0
    assert standing().unreachable_because == "The mail server did not answer in time."


@pytest.mark.parametrize("stage", ["mail", "rcpt", "data", "end"])
def test_a_server_that_hangs_is_given_up_before_the_lease_ends(
    server: MailServer, clock_at: ClockAt, stage: str
) -> None:
    connect_to(server.port, lease_seconds=0.4)
    server.hang(stage, times=1)  # type: ignore[arg-type]
    first, second = a_message(), a_message()
    began = time.monotonic()
    assert deliver(ON).sent == 1
    assert time.monotonic() - began < 1
    assert (fresh(first).state, first.tries, first.answer) == (
        QUEUED,
        1,
        "The mail server did not answer in time.",
    )
    assert fresh(second).state == SENT
    clock_at(NOON + MINUTE)
    assert deliver(ON).sent == 1


def test_a_server_that_answers_word_by_word_does_not_outlast_the_lease(server: MailServer) -> None:
    connect_to(server.port, lease_seconds=0.4)
    server.delay = 0.09  # four answers take longer than a message may
    message = a_message()
    deliver(ON)
    assert (fresh(message).state, message.answer) == (QUEUED, "The mail server did not answer in time.")
    assert states()[SENDING] == 0


def test_a_pause_that_lasts_began_when_it_began(server: MailServer, clock_at: ClockAt) -> None:
    server.answer("mail", "550 5.7.1 no")
    for _ in range(3):
        a_message()
    deliver(ON)
    clock_at(NOON + MINUTE)
    deliver(ON)
    assert pausing.state().paused_at == NOON


@pytest.mark.parametrize(
    "setting", [{"reply_to": "audits"}, {"subject_prefix": "[OFFICIAL]\n-"}], ids=["reply to", "prefix"]
)
def test_a_setting_that_no_message_can_be_written_with_is_a_fault_of_the_sender(
    server: MailServer, client: FlaskClient, clock_at: ClockAt, setting: dict[str, str]
) -> None:
    connect_to(server.port, **setting)
    messages = [a_message() for _ in range(5)]
    for _ in range(BUILD_TRIES + 1):
        delivery = deliver(ON)
    assert (delivery.sent, delivery.failed, delivery.queued, delivery.paused) == (0, 0, 5, True)
    counted = [(fresh(message).tries, message.build_failures, message.state) for message in messages]
    assert counted == [(0, 0, QUEUED)] * 5
    assert health(client)["paused"] is True
    notes = health(client)["notes"]
    assert isinstance(notes, list)
    assert "No email can be written because a setting of mail is wrong. Run: practice-audits check" in notes
    assert stopped() == "Emails cannot be written, because a setting of this service is wrong."
    assert standing().setting_at_fault is not None

    # the setting is put right, and the service started again
    connect_to(server.port, reply_to=None, subject_prefix="")
    clock_at(NOON + 10 * MINUTE)
    assert deliver(ON, scheduled=True).sent == 5
    assert (health(client)["paused"], stopped()) == (False, None)


def test_a_message_at_fault_itself_is_told_from_a_setting(server: MailServer) -> None:
    odd, plain = a_message("no address"), a_message()
    assert not deliver(ON).paused
    assert (fresh(odd).build_failures, fresh(plain).state) == (1, SENT)
