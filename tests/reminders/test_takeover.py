"""After an outage a person finds one message: what an unsent one still holds goes into the next."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.clock import now
from app.database import db, transaction
from app.outbox.models import HELD, OVERTAKEN, QUEUED, SENDING, SENT, Message
from app.reminders.daily_run import run
from tests.factories import a_person, an_audit

SOON, TODAY = date(2010, 11, 5), date(2010, 11, 12)
"""The days of the steps due-soon and due-today of an audit that is due on 12 November."""


@pytest.fixture
def two_digests(app: Flask, clock_at: Callable[[date | datetime], None]) -> Callable[[str, timedelta], None]:
    """The digests of two days to one person; the first is left in a state when the second is written."""

    def write(state: str, lease_left: timedelta) -> None:
        gwen = a_person("Gwen")
        an_audit("CP-001", lead=gwen, second=a_person("Owen"), due_on=TODAY)
        an_audit("CP-002", lead=gwen, second=a_person("Una"), due_on=TODAY + timedelta(days=12))
        clock_at(SOON)
        run(SOON)
        with transaction():
            first = digests()[0]
            first.state, first.next_try_at = state, now() + lease_left
        clock_at(TODAY)
        run(TODAY)

    return write


def digests() -> list[Message]:
    address = "gwen@council.example"
    query = select(Message).where(Message.address == address, Message.kind == "digest").order_by(Message.id)
    return list(db.session.scalars(query))


@pytest.mark.parametrize(
    ("state", "lease_left", "taken_over"),
    [
        (QUEUED, timedelta(0), True),
        (HELD, timedelta(0), True),
        (SENDING, timedelta(days=-1), True),  # left by a crash
        (SENDING, timedelta(days=30), False),  # just being sent
        (SENT, timedelta(0), False),
    ],
)
def test_an_unsent_digest_is_overtaken_by_the_next(
    two_digests: Callable[[str, timedelta], None], state: str, lease_left: timedelta, taken_over: bool
) -> None:
    two_digests(state, lease_left)
    first, second = digests()
    assert (first.state == OVERTAKEN) == taken_over
    assert ("CP-002" in (second.text or "")) == taken_over
    assert (second.text or "").count("- CP-001:") == 1


def test_a_digest_with_something_overdue_goes_before_the_others(
    app: Flask, clock_at: Callable[[date | datetime], None]
) -> None:
    an_audit("CP-001", lead=a_person("Late"), second=a_person("Late Too"), due_on=date(2010, 11, 10))
    an_audit("CP-002", lead=a_person("Soon"), second=a_person("Soon Too"), due_on=date(2010, 11, 19))
    clock_at(TODAY)
    run(TODAY)
    query = select(Message.address, Message.urgency).where(Message.kind == "digest")
    urgency = {row.address: row.urgency for row in db.session.execute(query)}
    assert urgency["late@council.example"] < urgency["soon@council.example"]
