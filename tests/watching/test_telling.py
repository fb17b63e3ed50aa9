"""Administrators are told of a trouble once a day, and once when it is over, whoever looks."""

import shutil
import threading
from collections import namedtuple
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.database import db, transaction
from app.outbox import pausing
from app.outbox.delivery import deliver
from app.outbox.models import SENT, Message
from app.people.models import Person
from app.reminders.models import DailyRun
from app.watching.heartbeat import beat
from app.watching.telling import TROUBLE, tell_of_troubles
from app.watching.troubles import GB
from tests.conftest import let_in
from tests.factories import a_person
from tests.mail_server import MailServer
from tests.outbox.messages import ON, a_message, connect_to
from tests.pages import opened, visible

NOON = datetime(2010, 11, 5, 12, tzinfo=UTC)  # a Friday
DISK = namedtuple("DISK", "total used free")  # as shutil gives it


@pytest.fixture
def look(service: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Look at the service at a time; return the subjects of the emails that this wrote."""
    for name, role in (("Adam", "administrator"), ("Cora", "coordinator"), ("Left", "administrator")):
        a_person(name, roles=[role], leaving_on=date(2010, 11, 1) if name == "Left" else None)
    ran(NOON.date())

    def at(hours: float, free: float = 100) -> list[str]:
        service.extensions["clock"].fixed = NOON + timedelta(hours=hours)
        monkeypatch.setattr(
            shutil, "disk_usage", lambda _path: DISK(200 * GB, 0, int(free * GB)), raising=True
        )
        known = set(db.session.scalars(select(Message.id)))
        tell_of_troubles()
        db.session.rollback()
        new = [message for message in told() if message.id not in known]
        assert {message.address for message in new} <= {"adam@council.example"}
        return [message.subject for message in new]

    return at


def ran(on: date) -> None:
    with transaction():
        db.session.add(DailyRun(on=on, finished_at=datetime(on.year, on.month, on.day, 9, tzinfo=UTC)))


def told() -> list[Message]:
    db.session.rollback()
    return list(db.session.scalars(select(Message).where(Message.kind == TROUBLE).order_by(Message.id)))


Look = Callable[..., list[str]]


def test_a_disk_that_fills_is_told_once_a_day_and_once_when_it_is_over(look: Look, service: Flask) -> None:
    assert look(0) == look(1, free=4) == []  # seen, and looked at again before anyone is told
    assert look(1.1, free=4) == ["The disk is nearly full: act today"]
    assert look(2, free=1) == look(3, free=6) == []
    ran(date(2010, 11, 6))
    assert look(24, free=1) == ["The disk is nearly full: act today"]
    assert look(25, free=50) == ["Solved: the disk has enough space again"]
    assert look(26, free=50) == []
    assert look(27, free=1) == []
    assert look(27.01, free=50) == []  # over before anyone was told
    with MailServer() as server:
        connect_to(server.port)
        deliver(date(2010, 11, 6))
        assert [each.subject for each in server.messages] == ["Solved: the disk has enough space again"]
    assert [message.answer for message in told()[:2]] == ["The problem is solved"] * 2


def test_a_daily_run_that_did_not_happen_is_told_from_10_and_until_it_happens(look: Look) -> None:
    monday = 3 * 24
    assert look(2 * 24) == look(monday - 2.1) == []  # a Sunday; 9:54 on Monday
    assert look(monday - 2) == []
    assert look(monday - 1.9) == ["The daily run did not happen: act today"]
    message = told()[0]
    assert "The daily run did not happen by 10am on Monday 8 November 2010." in (message.text or "")
    assert look(monday + 13) == []  # the night does not end it, nor does it begin anew
    assert look(monday + 22) == ["The daily run did not happen: act today"]
    ran(date(2010, 11, 9))
    assert look(monday + 23) == ["Solved: the daily run happened"]


def test_delivery_that_stands_still_is_told_by_pages_and_health_while_no_email_can_be(
    look: Look, service: Flask
) -> None:
    with MailServer() as server:
        connect_to(server.port)
    assert look(0) == []
    a_message("jack@council.example")
    deliver(ON)  # the server is down
    assert look(0.9) == look(1) == []
    assert look(1.1) == ["Emails are not being sent: act today"]
    beat()
    health = service.test_client().get("/health").json
    assert health is not None
    said = "Emails have not been sent for an hour or more, so the service cannot tell anyone by email"
    assert said in health["notes"]
    for name in ("adam", "cora"):
        person = db.session.scalars(select(Person).where(Person.email == f"{name}@council.example")).one()
        page = visible(opened(let_in(service.test_client(), person), "/"))
        assert "Emails have not been sent since 5 November 2010 at midday" in page
        assert "cannot tell anyone by email" in page
    auditor = let_in(service.test_client(), a_person("Alison"))
    assert "have not been sent" not in visible(opened(auditor, "/"))
    with server:
        deliver(ON)
        assert server.wait_for(2)
    assert look(1.2) == ["Solved: emails are sent again"]
    beat()
    health = service.test_client().get("/health").json
    assert health is not None
    assert said not in health["notes"]


def test_many_emails_that_wait_for_a_rate_are_no_trouble(look: Look) -> None:
    with MailServer() as server:
        connect_to(server.port)
        sent, _waits = a_message(), a_message()
        with transaction():
            row = db.session.get_one(Message, sent.id)
            row.state, row.ended_at = SENT, NOON + timedelta(hours=2.9)
        assert look(3) == look(3.2) == []


def test_workers_who_look_at_the_same_time_tell_once(look: Look, service: Flask) -> None:
    with transaction():
        pausing.refused("550 5.7.1 sender unknown", NOON, times=3)
    with MailServer() as server:
        connect_to(server.port)
        look(2)
        service.extensions["clock"].fixed = NOON + timedelta(hours=3)
        db.session.remove()

        def see() -> None:
            with service.app_context():
                tell_of_troubles()

        threads = [threading.Thread(target=see) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(told()) == 1


def test_an_email_to_someone_who_is_no_administrator_any_more_is_not_sent(look: Look) -> None:
    assert look(1, free=1) == []
    assert look(2, free=1) != []
    with transaction():
        db.session.execute(db.text("delete from person_roles where name = 'administrator'"))
    with MailServer() as server:
        connect_to(server.port)
        deliver(ON)
    assert [message.answer for message in told()] == ["They are no longer an administrator"]


def test_the_page_says_how_each_part_is(look: Look, service: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    look(0, free=1)
    client: FlaskClient = let_in(service.test_client(), a_person("Anne", roles=["administrator"]))
    page = visible(opened(client, "/settings/service"))
    assert "Disk Needs attention 1.0 GB of 200.0 GB are free" in page
    assert "Scheduler Needs attention The scheduler has not run yet" in page
    assert "Daily run Well The last was for 5 November 2010" in page
    assert "Delivery Needs attention No mail server is set" in page
    assert "Oldest waiting email Well No emails wait" in page
    assert "Background tasks that failed None" in page
