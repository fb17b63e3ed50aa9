"""The clock that works by itself: the run of the day happens once, and faults do not stop it."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from app.concerns import alerts
from app.concerns.alerts import PhoneCall
from app.database import db
from app.outbox.delivery import never
from app.outbox.models import SENT, Message
from app.reminders.models import DailyRun
from app.scheduling import clockwork, jobs
from app.watching.heartbeat import scheduler_late
from tests.factories import a_person, an_audit
from tests.mail_server import MailServer
from tests.outbox.messages import a_message, connect_to, states

FRIDAY = datetime(2010, 11, 12, tzinfo=UTC)
ClockAt = Callable[[datetime], None]


def runs() -> list[str]:
    db.session.rollback()
    return [str(day) for day in db.session.scalars(db.select(DailyRun.on))]


@pytest.mark.parametrize(("hour", "happened"), [(8, []), (9, ["2010-11-12"]), (17, ["2010-11-12"]), (18, [])])
def test_todays_run_happens_when_it_is_time(
    app: Flask, clock_at: ClockAt, hour: int, happened: list[str]
) -> None:
    clock_at(FRIDAY.replace(hour=hour))
    jobs.run_if_due(never)
    assert runs() == happened


def test_todays_run_happens_once(app: Flask, clock_at: ClockAt) -> None:
    an_audit("CP-1", lead=a_person("Brendan Foxe"), due_on=FRIDAY.date())
    for hour in (9, 10, 11):
        clock_at(FRIDAY.replace(hour=hour))
        jobs.run_if_due(never)
    assert db.session.query(Message).count() == 1


def test_an_open_alert_is_told_again_by_the_councils_clock_in_summer_too(
    app: Flask, clock_at: ClockAt
) -> None:
    auditor = a_person("Alison Hartley")
    a_person("Jack Denny", roles=["coordinator"])
    an_audit("CP-1", lead=auditor)
    early = datetime(2010, 7, 2, 5, tzinfo=UTC)
    call = PhoneCall("the duty team", "06:00", "by telephone", "They visit at once.")
    alerts.raise_alert("CP-1", call, auditor, early, early.date())
    numbers = []
    for minutes in (2 * 60 + 59, 3 * 60, 3 * 60 + 1):  # 08:59, 09:00 and 09:01 in London
        clock_at(early + timedelta(minutes=minutes))
        jobs.chase_alerts(never)
        db.session.rollback()
        numbers.append(db.session.query(Message).count())
    assert numbers == [1, 2, 2]


def within(seconds: float, holds: Callable[[], bool]) -> bool:
    until = time.monotonic() + seconds
    while not holds() and time.monotonic() < until:
        time.sleep(0.02)
    return holds()


def test_a_running_clock_beats_and_delivers(app: Flask) -> None:
    with MailServer() as server:
        connect_to(server.port)
        a_message()
        db.session.rollback()
        assert scheduler_late(datetime.now(UTC)) is not None
        with clockwork.running(app):
            assert within(10, lambda: states() == {SENT: 1})
            assert scheduler_late(datetime.now(UTC)) is None
    assert len(server.messages) == 1


def test_a_fault_in_a_job_does_not_stop_the_clock_and_tells_nobodys_name(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    happened = threading.Event()

    def fails(_stopping: jobs.Stopping) -> None:
        happened.set()
        raise ValueError("Brendan Foxe")

    monkeypatch.setattr(clockwork, "JOBS", (jobs.Job("daily run", 15, fails),))
    with clockwork.running(app):
        assert happened.wait(10)
        assert within(10, lambda: "daily run failed: ValueError" in caplog.text)
    assert "Brendan" not in caplog.text
