"""Reminders from the daily run to the mailbox: nobody is chased for what is done, nor twice."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest
from flask import Flask

from app.audits.moves import return_audit
from app.outbox.delivery import deliver
from app.outbox.models import OVERTAKEN, SENT
from app.reminders import daily_run
from tests.factories import a_person, an_audit
from tests.mail_server import MailServer
from tests.outbox.messages import connect_to, states

pytestmark = pytest.mark.faults

FRIDAY, MONDAY, TUESDAY, WEDNESDAY = (date(2010, 11, day) for day in (12, 15, 16, 17))
ClockAt = Callable[[datetime], None]


@pytest.fixture
def server(app: Flask) -> Iterator[MailServer]:
    with MailServer() as running:
        connect_to(running.port)
        yield running


def run_at_half_past_eight(clock_at: ClockAt, on: date) -> None:
    clock_at(datetime(on.year, on.month, on.day, 8, 30, tzinfo=UTC))
    daily_run.run(on)


def test_an_audit_returned_between_the_daily_run_and_the_sending_is_not_chased(
    server: MailServer, clock_at: ClockAt
) -> None:
    brendan = a_person("Brendan Foxe")
    audit = an_audit("CP-1", lead=brendan, due_on=FRIDAY, started_on=FRIDAY)
    run_at_half_past_eight(clock_at, FRIDAY)
    return_audit(audit.reference, by=brendan, on=FRIDAY)
    assert deliver(FRIDAY).overtaken == 1
    assert server.messages == []


def test_an_audit_returned_while_the_mail_server_is_down_is_not_chased(
    server: MailServer, clock_at: ClockAt
) -> None:
    brendan, maeve = a_person("Brendan Foxe"), a_person("Maeve Corrigan")
    returned = an_audit("CP-1", lead=brendan, due_on=FRIDAY, started_on=FRIDAY)
    an_audit("CP-2", lead=maeve, due_on=FRIDAY)
    run_at_half_past_eight(clock_at, FRIDAY)
    server.down()
    assert deliver(FRIDAY).queued == 2
    return_audit(returned.reference, by=brendan, on=FRIDAY)
    server.up()
    delivery = deliver(FRIDAY)
    assert (delivery.sent, delivery.overtaken) == (1, 1)
    assert [message.to for message in server.messages] == ["maeve.corrigan@council.example"]


def test_of_two_audits_the_one_returned_meanwhile_is_taken_out(server: MailServer, clock_at: ClockAt) -> None:
    brendan = a_person("Brendan Foxe")
    returned = an_audit("CP-1", lead=brendan, due_on=FRIDAY, started_on=FRIDAY)
    an_audit("CP-2", lead=brendan, due_on=FRIDAY)
    run_at_half_past_eight(clock_at, FRIDAY)
    return_audit(returned.reference, by=brendan, on=FRIDAY)
    assert deliver(FRIDAY).sent == 1
    assert b"CP-2" in server.messages[0].content
    assert b"CP-1" not in server.messages[0].content


def test_after_three_days_of_outage_a_person_finds_one_digest(server: MailServer, clock_at: ClockAt) -> None:
    brendan = a_person("Brendan Foxe")
    an_audit("CP-1", lead=brendan, due_on=FRIDAY)  # due on Friday, overdue by two working days on Tuesday
    an_audit("CP-2", lead=brendan, due_on=MONDAY)
    an_audit("CP-3", lead=brendan, due_on=WEDNESDAY)
    server.down()
    for day in (FRIDAY, MONDAY, TUESDAY):
        run_at_half_past_eight(clock_at, day)
        deliver(day)
    server.up()
    run_at_half_past_eight(clock_at, WEDNESDAY)
    deliver(WEDNESDAY)
    assert [message.to for message in server.messages] == ["brendan.foxe@council.example"]
    assert all(reference in server.messages[0].content for reference in (b"CP-1", b"CP-2", b"CP-3"))
    assert states()[SENT] == 1
    assert set(states()) == {SENT, OVERTAKEN}
