"""Emails to people whose access is turned off wait, and pages say so: the chase list, what is coming, why."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.database import db
from app.outbox.delivery import deliver
from app.outbox.models import QUEUED, Message
from app.people import moves
from app.people.models import Person
from app.reminders.daily_run import run
from tests.factories import a_person, an_audit
from tests.mail_server import MailServer
from tests.outbox.messages import connect_to
from tests.pages import opened, visible

FRI = date(2010, 11, 5)
WAITS = (
    "This email is written and not sent, because the access of Chitra Menon is turned off. It is sent when "
    "their access is turned on."
)


@pytest.fixture
def jack(app: Flask, clock_at: Callable[[date], None]) -> Person:
    """CP-009 of Chitra Menon, whose access is turned off, and Owen Bickerton."""
    clock_at(FRI)
    jack, chitra = a_person("Jack Denny", roles=["coordinator"]), a_person("Chitra Menon")
    an_audit("CP-009", lead=chitra, second=a_person("Owen Bickerton"))
    moves.switch_off(chitra.id, by=jack.email)
    return jack


@pytest.fixture
def server(app: Flask) -> Iterator[MailServer]:
    with MailServer() as running:
        yield running


def test_pages_say_that_emails_wait_while_access_is_off(
    jack: Person, server: MailServer, sign_in: Callable[[Person], FlaskClient]
) -> None:
    client = sign_in(jack)
    coming = visible(opened(client, f"/messages/coming?on={FRI}"))
    assert coming.count("This email is written and not sent") == 1
    assert WAITS in coming
    assert "3 emails, 1 of them waiting" in coming
    assert "Chitra Menon, lead, access turned off: emails wait" in visible(opened(client, "/audits"))
    connect_to(server.port)
    run(FRI)
    deliver(FRI)
    chitra = db.session.query(Person).filter_by(name="Chitra Menon").one()
    digest = db.session.query(Message).filter_by(recipient=chitra.id, kind="digest").one()
    assert digest.state == QUEUED
    told = "The email to Chitra Menon (due in 5 working days) is waiting to be sent"
    assert f"{told} (their access is turned off)." in visible(opened(client, "/audits/CP-009"))
    moves.switch_on(chitra.id, by=jack.email)
    assert "access turned off" not in visible(opened(client, "/audits"))
    assert "is turned off" not in visible(opened(client, f"/messages/coming?on={FRI}"))
    deliver(FRI)
    assert "their access is turned off" not in visible(opened(client, "/audits/CP-009"))


def test_why_an_email_waits_is_not_told_to_others(
    jack: Person, server: MailServer, sign_in: Callable[[Person], FlaskClient]
) -> None:
    connect_to(server.port)
    run(FRI)
    deliver(FRI)
    owen = db.session.query(Person).filter_by(name="Owen Bickerton").one()
    page = visible(opened(sign_in(owen), "/audits/CP-009"))
    assert "turned off" not in page
