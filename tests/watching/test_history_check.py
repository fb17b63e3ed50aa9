"""The history is checked every night; a break is told at once, once for each."""

import re
import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.database import db, transaction
from app.history.checking import Break, Head, check
from app.history.checks import acknowledge_breaks, last_check, standing_breaks
from app.history.record import EndMissing, Event, of, record
from app.outbox.delivery import deliver
from app.outbox.models import OVERTAKEN, SENT, Message
from app.people.models import Person
from app.reminders.daily_run import run
from app.watching.health import end_missing
from app.watching.heartbeat import beat
from app.watching.history_check import (
    KIND,
    check_history,
    check_if_due,
    put_protection_back,
)
from tests.factories import a_cycle, a_person
from tests.history.tampered import tampering
from tests.mail_server import MailServer
from tests.outbox.messages import connect_to
from tests.pages import opened, visible

NIGHT = datetime(2010, 11, 5, 2, tzinfo=UTC)
JACK = "jack.denny@council.example"
ClockAt = Callable[[date | datetime], None]


@pytest.fixture
def rows(service: Flask) -> None:
    a_person("Cora", roles=["coordinator"])
    a_person("Adam", roles=["administrator"])
    a_person("Mo", roles=["moderator"])
    with transaction():
        record(JACK, [Event("audit", f"CP-00{number}", "extended", why="leave") for number in range(5)])


def tamper(statement: str) -> None:
    with transaction():
        tampering(db.session.connection(), statement)


def told() -> list[str]:
    db.session.rollback()
    query = select(Person.name).join(Message, Message.recipient == Person.id).where(Message.kind == KIND)
    return sorted(db.session.scalars(query))


def test_it_is_checked_once_a_night(rows: None, service: Flask) -> None:
    moments = []
    for hours in (-1, 0, 1, 8, 24):
        service.extensions["clock"].fixed = NIGHT + timedelta(hours=hours)
        check_if_due()
        last = last_check()
        moments.append(last.on if last else None)
    assert moments == [None, *[date(2010, 11, 5)] * 3, date(2010, 11, 6)]
    last = last_check()
    assert last is not None
    assert (last.rows, last.why) == (5, None)
    assert re.fullmatch(r"5 rows, [0-9a-f]{4}( [0-9a-f]{4}){3}", last.head)


def test_a_break_is_told_to_coordinators_and_administrators_once(rows: None, service: Flask) -> None:
    check_history()
    assert told() == []
    tamper("update history set why = 'sickness' where id = 4")
    for _ in range(2):
        check_history()
        assert told() == ["Adam", "Cora"]
    message = db.session.scalars(select(Message)).first()
    assert message is not None
    assert "Row 4 was changed, or a row before it was removed" in (message.text or "")
    assert "leave" not in (message.text or "")
    tamper("update history set why = 'sickness' where id = 2")
    check_history()
    assert told() == ["Adam", "Adam", "Cora", "Cora"]


def acknowledge_all() -> None:
    acknowledge_breaks("The supplier tested a restore", by="adam@council.example")


def deliver_what_waits() -> set[str]:
    with MailServer() as server:
        connect_to(server.port)
        deliver(date(2010, 11, 5))
    return set(db.session.scalars(select(Message.state)))


def test_a_break_stands_until_an_administrator_acknowledges_it(rows: None, service: Flask) -> None:
    service.extensions["clock"].fixed = NIGHT
    tamper("update history set why = 'sickness' where id = 4")
    check_history()
    tamper("update history set why = 'leave' where id = 4")
    for hours in (0, 24):
        service.extensions["clock"].fixed = NIGHT + timedelta(hours=hours)
        beat()
        assert check_history().broken is None
        [standing] = standing_breaks()
        assert standing.why == "Row 4 was changed, or a row before it was removed"
        assert service.test_client().get("/health").status_code == 503
    acknowledge_all()
    assert standing_breaks() == []
    told_of = of("history", "history")[0]
    assert (told_of.what, told_of.why) == ("break acknowledged", "The supplier tested a restore")
    assert "Row 4 was changed" in (told_of.before or "")
    assert service.test_client().get("/health").status_code == 200
    assert check_history().broken is None
    # what came back is another break
    tamper("update history set why = 'sickness' where id = 4")
    check_history()
    assert len(standing_breaks()) == 1


def test_a_break_that_is_acknowledged_and_still_there_is_said_by_the_check(
    rows: None, service: Flask
) -> None:
    service.extensions["clock"].fixed = NIGHT
    tamper("update history set why = 'sickness' where id = 4")
    check_history()
    acknowledge_all()
    service.extensions["clock"].fixed = NIGHT + timedelta(hours=24)
    beat()
    assert check_history().broken is not None
    assert standing_breaks() == []
    answer = service.test_client().get("/health")
    assert answer.status_code == 200
    assert "The history does not hold at row 4, which an administrator has acknowledged" in str(answer.json)


@pytest.mark.parametrize("acknowledged", [False, True])
def test_nobody_is_told_once_the_break_is_acknowledged(
    rows: None, service: Flask, acknowledged: bool
) -> None:
    tamper("update history set why = 'sickness' where id = 4")
    check_history()
    tamper("update history set why = 'leave' where id = 4")
    check_history()
    if acknowledged:
        acknowledge_all()
    assert deliver_what_waits() == {OVERTAKEN if acknowledged else SENT}


@pytest.mark.parametrize("table", ["history", "snapshots", "final_reports"])
def test_triggers_that_were_dropped_are_found_and_put_back(rows: None, service: Flask, table: str) -> None:
    assert check_history().broken is None
    for event in ("update", "delete"):
        on_table = f" on {table}" if db.engine.dialect.name == "postgresql" else ""
        with transaction():
            db.session.execute(text(f"drop trigger {table}_refuses_{event}{on_table}"))
        found = check_history().broken
        assert found is not None
        assert f"The database no longer refuses changes of {table}" in found.why
        assert f"{table}_refuses_{event}" in found.why
        assert "practice-audits migrate" in found.why
        assert put_protection_back() == [f"{table}_refuses_{event}"]
        assert put_protection_back() == []
        assert check_history().broken is None
        assert [each.why for each in standing_breaks()] == [found.why]
    assert of("history", "history")[0].what == "protection put back"


def test_a_trigger_that_refuses_nothing_any_more_is_found(rows: None, service: Flask) -> None:
    name = "history_refuses_delete"
    with transaction():
        if db.engine.dialect.name == "postgresql":
            db.session.execute(text(f"alter table history disable trigger {name}"))
        else:
            db.session.execute(text(f"drop trigger {name}"))
            weaker = f"create trigger {name} before delete on history begin select 1; end"
            db.session.execute(text(weaker))
    found = check_history().broken
    assert found is not None
    assert name in found.why
    put_protection_back()
    with pytest.raises(DBAPIError, match="never changed"), transaction():
        db.session.execute(text("delete from history"))


def test_health_says_that_it_does_not_hold_and_nothing_of_it(rows: None, service: Flask) -> None:
    service.extensions["clock"].fixed = NIGHT
    beat()
    client = service.test_client()
    check_history()
    assert client.get("/health").status_code == 200
    tamper("update history set why = 'sickness' where id = 4")
    check_history()
    answer = client.get("/health")
    assert answer.status_code == 503
    assert answer.json is not None
    assert list(answer.json["wrong"]) == ["history"]
    assert "The history does not hold at row 4" in answer.json["wrong"]["history"]


def test_health_says_that_the_key_does_not_fit(rows: None, service: Flask) -> None:
    service.extensions["clock"].fixed = NIGHT
    beat()
    settings = service.extensions["settings"]
    service.extensions["settings"] = replace(settings, history_key="another key of the same length")
    try:
        answer = service.test_client().get("/health")
        found = check().broken
    finally:
        service.extensions["settings"] = settings
    assert answer.status_code == 503
    assert "The key does not fit the history" in answer.get_data(as_text=True)
    assert found is not None
    assert found.why.startswith("The key does not fit this history.")


def test_nobody_without_the_key_says_that_all_was_well(rows: None, service: Flask) -> None:
    tamper("update history set why = 'sickness' where id = 4")
    check_history()
    tamper("update history_checks set broken_row = null, why = null")
    last = last_check()
    assert last is not None
    assert last.why == "The record of the checks was changed"


def test_an_end_that_was_cut_off_with_its_record_is_found_by_a_head_of_before(
    rows: None, service: Flask
) -> None:
    end = db.session.execute(text("select rows, hash, seal from history_end")).one()
    db.session.rollback()
    with transaction():
        record(JACK, [Event("audit", "CP-009", "withdrawn")])
    kept = check_history().head
    tamper("delete from history where id > 5")
    tamper(f"update history_end set rows = {end.rows}, hash = '{end.hash}', seal = '{end.seal}'")  # noqa: S608
    found = check().broken
    assert found is not None
    assert found.why == "The rows from row 6 on were removed"
    # with the record of the checks cut off as well, what left the service finds it
    tamper("delete from history_checks")
    assert check().broken is None
    for head in (kept, Head(kept.rows, kept.hash[:16])):
        found = check([head]).broken
        assert found is not None
        assert found.row == 6


def test_the_head_is_told_to_a_log(rows: None, service: Flask) -> None:
    settings = service.extensions["settings"]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.settimeout(5)
        where = f"127.0.0.1:{listener.getsockname()[1]}"
        service.extensions["settings"] = replace(settings, history_syslog=where)
        try:
            service.extensions["clock"].fixed = NIGHT
            found = check_history()
            whole = listener.recv(2000).decode()
            tamper("update history set why = 'sickness' where id = 4")
            check_history()
            broken = listener.recv(2000).decode()
        finally:
            service.extensions["settings"] = settings
    line = r"<110>1 2010-11-05T02:00:00.000000Z \S+ practice-audits - history - whole rows=5 hash=(\w{64})"
    written = re.fullmatch(line, whole)
    assert written is not None
    assert written[1] == found.head.hash
    assert broken.startswith("<106>1 ")
    assert " broken row=4 rows=3 " in broken


def test_a_log_that_is_not_there_stops_nothing(app: Flask) -> None:
    settings = app.extensions["settings"]
    app.extensions["settings"] = replace(settings, history_syslog="nowhere.invalid:514")
    assert check_history().broken is None
    assert last_check() is not None


def test_the_page_says_what_the_last_check_found(
    app: Flask, sign_in: Callable[[Person], FlaskClient], clock_at: ClockAt
) -> None:
    client = sign_in(a_person("Adam", roles=["administrator"]))
    assert "has not been checked yet" in visible(opened(client, "/history"))
    clock_at(NIGHT)
    with transaction():
        record(JACK, [Event("audit", "CP-001", "extended", why="leave")])
    check_history()
    last = last_check()
    assert last is not None
    words = visible(opened(client, "/history"))
    assert "On 5 November 2010 no row of the history was changed or removed" in words
    assert last.head in words
    tamper("update history set why = 'sickness'")
    check_history()
    assert "was changed, or a row before it was removed" in visible(opened(client, "/history"))


def test_the_weekly_summary_says_the_head(app: Flask, clock_at: ClockAt) -> None:
    a_person("Cora", roles=["coordinator"])
    a_cycle()
    clock_at(NIGHT)
    with transaction():
        record(JACK, [Event("audit", "CP-001", "extended", why="leave")])
    check_history()
    last = last_check()
    assert last is not None
    run(date(2010, 11, 5))
    weekly = db.session.scalars(select(Message).where(Message.kind == "weekly")).one()
    for part in (weekly.text, weekly.html):
        assert f"History on 5 November 2010: {last.head}" in (part or "")


def test_without_its_end_the_history_takes_nothing_and_says_so(rows: None, service: Flask) -> None:
    tamper("delete from history_end")
    assert (check().broken or Break(0, "")).why.startswith("The record of the end was changed")
    found = check_history().broken
    assert found is not None
    assert "The record of the end was changed" in found.why
    with pytest.raises(EndMissing, match="restore the last backup"), transaction():
        record(JACK, [Event("audit", "CP-001", "extended", why="leave")])
    db.session.rollback()
    beat()
    answer = service.test_client().get("/health")
    assert answer.status_code == 503
    assert "record of the end of the history was removed" in answer.text


def test_a_page_that_saves_nothing_says_what_to_do(service: Flask) -> None:
    with service.test_request_context():
        page, status = end_missing(EndMissing())
    assert status == 503
    assert "restore the last backup." in visible(page)
    assert EndMissing in service.error_handler_spec[None][None]
