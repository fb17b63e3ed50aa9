"""A digest that could not go until the morning of the next run: a person finds one email of that date."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from app.database import db, transaction
from app.outbox.claims import hold_all, release_all
from app.outbox.delivery import deliver
from app.outbox.models import OVERTAKEN, QUEUED, SENT, Message
from app.reminders.daily_run import run
from tests.factories import a_person, an_audit
from tests.mail_server import MailServer
from tests.outbox.messages import connect_to

TUESDAY, THURSDAY = date(2010, 11, 9), date(2010, 11, 11)
EARLY, IN_THE_MORNING = datetime(2010, 11, 11, 7, tzinfo=UTC), datetime(2010, 11, 11, 9, tzinfo=UTC)


def a_digest_on_hold(clock_at: Callable[[date | datetime], None], written_on: date) -> None:
    """Say on a date that an audit is due, and hold the email."""
    an_audit("CP-001", lead=a_person("Gwen"), second=a_person("Owen"), due_on=written_on)
    clock_at(written_on)
    run(written_on)
    with transaction():
        hold_all(datetime(2010, 11, 9, 10, tzinfo=UTC), "on hold")


def release_and_deliver(on: date) -> None:
    with transaction():
        release_all(datetime(2010, 11, 9, 10, tzinfo=UTC))
    deliver(on)


def states_of_gwen() -> list[str]:
    query = select(Message.state).where(Message.address == "gwen@council.example").order_by(Message.id)
    return list(db.session.scalars(query))


def test_what_is_released_before_the_run_goes_with_it(
    app: Flask, clock_at: Callable[[date | datetime], None]
) -> None:
    with MailServer() as server:
        connect_to(server.port)
        a_digest_on_hold(clock_at, TUESDAY)
        clock_at(EARLY)
        release_and_deliver(THURSDAY)
        assert states_of_gwen() == [QUEUED]
        clock_at(datetime(2010, 11, 11, 8, 30, tzinfo=UTC))
        run(THURSDAY)
        deliver(THURSDAY)
        assert states_of_gwen() == [OVERTAKEN, SENT]
        subjects = [
            message.subject for message in server.messages if "gwen@council.example" in message.recipients
        ]
        assert len(subjects) == 1
        assert "overdue" in subjects[0]


@pytest.mark.parametrize(
    ("written_on", "at"),
    [
        pytest.param(TUESDAY, IN_THE_MORNING, id="where the run did not come"),
        pytest.param(THURSDAY, EARLY, id="of the same date"),
        pytest.param(date(2010, 11, 12), datetime(2010, 11, 13, 7, tzinfo=UTC), id="on a Saturday"),
    ],
)
def test_without_a_run_to_wait_for_it_goes(
    app: Flask, clock_at: Callable[[date | datetime], None], written_on: date, at: datetime
) -> None:
    with MailServer() as server:
        connect_to(server.port)
        a_digest_on_hold(clock_at, written_on)
        clock_at(at)
        release_and_deliver(at.date())
        assert states_of_gwen() == [SENT]
