"""`/health` says what is wrong, and nothing about people."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.database import db, transaction
from app.outbox import pausing
from app.outbox.delivery import deliver
from app.watching.heartbeat import BOUNCES, beat
from app.watching.tasks import failed
from app.watching.troubles import GB
from tests.conftest import give_password
from tests.factories import a_person
from tests.outbox.messages import a_message

NOON = datetime(2010, 11, 5, 12, tzinfo=UTC)
ClockAt = Callable[[date | datetime], None]


@pytest.fixture(autouse=True)
def alive(app: Flask, clock_at: ClockAt) -> None:
    clock_at(NOON)
    beat()
    give_password(a_person("Jack Denny", roles=["coordinator"]))


def test_all_is_well(client: FlaskClient) -> None:
    answer = client.get("/health")
    assert (answer.status_code, answer.json) == (
        200,
        {
            "status": "ok",
            "paused": False,
            "on_hold": False,
            "held": 0,
            "failed": 0,
            "unreachable": False,
            "notes": [],
        },
    )


@pytest.mark.parametrize(("minutes", "status"), [(2, 200), (3, 200), (4, 503)])
def test_a_scheduler_that_is_silent_for_more_than_three_minutes_is_told(
    client: FlaskClient, clock_at: ClockAt, minutes: int, status: int
) -> None:
    clock_at(NOON + timedelta(minutes=minutes))
    answer = client.get("/health")
    assert answer.status_code == status
    assert ("scheduler" in answer.get_data(as_text=True)) == (status == 503)


def test_a_service_whose_scheduler_never_ran_is_told(client: FlaskClient) -> None:
    with transaction():
        db.session.execute(db.text("delete from heartbeats"))
    answer = client.get("/health")
    assert answer.status_code == 503
    assert answer.json is not None
    assert "scheduler" in answer.json["wrong"]


@pytest.mark.parametrize(
    ("version", "said"),
    [("0001", "practice-audits migrate"), ("9999", "A later version of the service has")],
)
def test_a_database_of_another_version_is_told(client: FlaskClient, version: str, said: str) -> None:
    with transaction():
        db.session.execute(db.text("update alembic_version set version_num = :version"), {"version": version})
    answer = client.get("/health")
    assert answer.status_code == 503
    assert answer.json is not None
    assert set(answer.json["wrong"]) == {"migrations"}
    assert said in answer.json["wrong"]["migrations"]


def test_a_database_that_is_down_is_told(app: Flask, client: FlaskClient) -> None:
    db.session.remove()
    db.engine.dispose()
    broken = app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///")
    with open(broken, "wb") as file:  # noqa: PTH123
        file.write(b"this is no database" * 1000)
    answer = client.get("/health")
    assert answer.status_code == 503
    assert answer.json == {"status": "wrong", "wrong": {"database": "The database does not answer"}}


def test_held_messages_are_said_and_all_is_well(client: FlaskClient) -> None:
    a_message()
    deliver(NOON.date())
    answer = client.get("/health")
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["held"] == 1
    assert answer.json["notes"] == ["Emails on hold because no mail server is set: 1"]
    assert "council.example" not in answer.get_data(as_text=True)


def test_held_messages_are_not_put_down_to_a_mail_server_that_is_set_now(
    app: Flask, client: FlaskClient
) -> None:
    a_message()
    deliver(NOON.date())
    settings = app.extensions["settings"]
    app.extensions["settings"] = replace(settings, mail=replace(settings.mail, server="mail.council.example"))
    answer = client.get("/health")
    assert answer.json is not None
    assert answer.json["notes"] == ["Emails on hold until someone releases them: 1"]


def test_paused_delivery_is_said_and_all_is_well(client: FlaskClient) -> None:
    with transaction():
        pausing.refused("550 5.7.1 sender unknown", NOON, times=3)
    answer = client.get("/health")
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["paused"] is True
    assert answer.json["notes"] == ["Sending is paused because the mail server refuses the sender"]


@pytest.mark.parametrize(("minutes", "said"), [(59, False), (60, True)])
def test_an_hour_without_a_mail_server_is_said(
    client: FlaskClient, clock_at: ClockAt, minutes: int, said: bool
) -> None:
    with transaction():
        pausing.out_of_reach("The mail server refuses connections.", NOON - timedelta(minutes=minutes))
    answer = client.get("/health")
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["unreachable"] is said


def test_an_installation_without_a_coordinator_is_said_and_all_is_well(client: FlaskClient) -> None:
    with transaction():
        db.session.execute(db.text("delete from person_roles"))
    answer = client.get("/health")
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["notes"] == ["No coordinator can sign in"]


def test_a_disk_that_is_nearly_full_is_noted_at_once(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: DISK(200 * GB, 199 * GB, GB))
    answer = client.get("/health")
    assert answer.json is not None
    assert (answer.status_code, answer.json["notes"]) == (200, ["The disk is nearly full"])


def test_a_mailbox_that_cannot_be_read_is_noted_after_an_hour(client: FlaskClient, clock_at: ClockAt) -> None:
    beat(BOUNCES)
    failed(BOUNCES, OSError(), "number")
    for minutes, notes in ((60, []), (61, [UNREAD])):
        clock_at(NOON + timedelta(minutes=minutes))
        beat()
        answer = client.get("/health")
        assert answer.json is not None
        assert answer.json["notes"] == notes


DISK = type(shutil.disk_usage("/"))
UNREAD = "Emails that come back could not be read for an hour or more. Run: practice-audits check"
