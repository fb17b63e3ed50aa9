"""The daily run tells the workers whom no move has told that a case of theirs is audited."""

import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.audits.cycle import Cycle
from app.audits.models import Audit
from app.database import db, transaction
from app.outbox.delivery import deliver
from app.outbox.models import OVERTAKEN, QUEUED, SENT, Message, MessageItem
from app.people.models import Person
from app.reminders.daily_run import Outcome, run
from tests.factories import a_cycle, a_person, an_audit
from tests.mail_server import MailServer
from tests.outbox.messages import connect_to

from .conftest import Installation
from .test_at_once import remind as start_to_remind
from .test_messages import compare

FRIDAY, MONDAY, TUESDAY = date(2010, 11, 5), date(2010, 11, 8), date(2010, 11, 9)


def wendy(**facts: object) -> Person:
    return a_person("Wendy", roles=["practitioner"], **facts)  # type: ignore[arg-type]


def choose(workers: str) -> None:
    """Choose for all cycles what workers are told."""
    with transaction():
        db.session.execute(db.update(Cycle).values(workers=workers))


def told(outcome: Outcome) -> dict[str, list[str]]:
    """Return the references that each receiver of a message about their cases was told."""
    return {
        message.to.split("@")[0]: [item.item for item in message.items]
        for message in outcome.messages
        if message.kind == "audited"
    }


def test_one_message_per_person_and_run_day_and_each_audit_once(installation: Installation) -> None:
    cycle = a_cycle("2010-2", workers="told")
    worker = wendy()
    an_audit("CC-2", cycle=cycle, worker=worker)
    an_audit("CC-1", cycle=cycle, worker=worker)
    an_audit("CC-3", cycle=cycle, worker=a_person("Abe"))
    assert told(run(FRIDAY)) == {"abe": ["CC-3"], "wendy": ["CC-1", "CC-2"]}
    an_audit("CC-4", cycle=cycle, worker=worker)
    again = run(FRIDAY)
    assert told(again) == {}
    assert [(held.item, held.step, held.reason) for held in again.not_sent if held.to == worker.email] == [
        ("CC-4", "audited", "today's message already sent")
    ]
    assert told(run(MONDAY)) == {"wendy": ["CC-4"]}
    assert told(run(TUESDAY)) == {}
    keys = db.session.query(MessageItem).filter_by(kind="audited", person_id=worker.id)
    assert {(item.reference, item.step, item.anchor_on) for item in keys} == {
        (f"CC-{n}", "audited", cycle.requested_on) for n in (1, 2, 4)
    }


def test_leave_makes_it_wait_and_a_leaver_is_never_told(app: Flask) -> None:
    a_cycle(workers="told")
    deputy = a_person("Dee", roles=["manager"])
    an_audit("CP-1", worker=wendy(leave=[(FRIDAY, MONDAY, deputy)]))
    an_audit("CP-2", worker=a_person("Gone", leaving_on=date(2010, 11, 4)))
    for on in (FRIDAY, MONDAY):
        outcome = run(on)
        assert told(outcome) == {}
        about_workers = {(held.item, held.reason) for held in outcome.not_sent if held.step == "audited"}
        assert about_workers == {("CP-1", "on leave"), ("CP-2", "left")}
    assert told(run(TUESDAY)) == {"wendy": ["CP-1"]}


def test_a_cycle_that_begins_to_tell_tells_and_one_that_ceases_tells_nothing_more(
    app: Flask, clock_at: Callable[[datetime], None]
) -> None:
    clock_at(datetime(2010, 11, 5, 9, tzinfo=UTC))
    worker = wendy()
    an_audit("CP-1", worker=worker)
    assert told(run(FRIDAY)) == {}
    choose("told")
    assert told(run(FRIDAY)) == {"wendy": ["CP-1"]}
    choose("not told")
    an_audit("CP-2", worker=worker)
    with MailServer() as server:
        connect_to(server.port)
        deliver(FRIDAY)
        assert [message.to for message in server.messages if "case of yours" in message.subject] == []
    assert db.session.scalars(select(Message.state).where(Message.kind == "audited")).all() == [OVERTAKEN]
    assert told(run(MONDAY)) == {}


def test_after_an_outage_a_worker_finds_one_message(app: Flask, clock_at: Callable[[datetime], None]) -> None:
    """An unsent one hands what it still says to the next, and leaves out what is over by then."""
    clock_at(datetime(2010, 11, 5, 9, tzinfo=UTC))
    a_cycle(workers="may reply")
    worker = wendy()
    for reference in ("CP-1", "CP-2"):
        an_audit(reference, worker=worker)
    with MailServer() as server:
        connect_to(server.port)
        server.down()
        run(FRIDAY)
        deliver(FRIDAY)
        with transaction():
            db.session.execute(db.update(Audit).filter_by(reference="CP-2").values(withdrawn_on=MONDAY))
        an_audit("CP-3", worker=worker)
        server.up()
        clock_at(datetime(2010, 11, 8, 9, tzinfo=UTC))
        run(MONDAY)
        deliver(MONDAY)
        [received] = [message for message in server.messages if message.to == worker.email]
        assert received.subject == "2 cases of yours are being audited: first due 12 November"
    query = select(Message).where(Message.kind == "audited").order_by(Message.id)
    first, second = db.session.scalars(query)
    assert (first.state, second.state) == (OVERTAKEN, SENT)
    assert "CP-1" in (second.text or "")
    assert "CP-2" not in (second.text or "")
    assert "CP-3" in (second.text or "")


def test_it_is_no_reminder_to_auditors(
    app: Flask, clock_at: Callable[[date], None], sign_in: Callable[[Person], FlaskClient]
) -> None:
    """Not in the chase log, and the audit counts as never chased, also where an auditor is its worker."""
    clock_at(MONDAY)
    a_cycle(workers="told", due_on=date(2010, 12, 3))
    lead, coordinator = a_person("Lea"), a_person("Cora", roles=["coordinator"])
    an_audit("CP-1", worker=lead, lead=lead, second=a_person(), assigned_on=FRIDAY)
    run(MONDAY)
    with transaction():
        db.session.execute(db.update(Message).values(state=SENT))
    assert {item.kind for item in db.session.query(MessageItem)} >= {"audited", "digest"}
    client = sign_in(coordinator)
    assert "CP-1" in client.get("/audits?chased=never").get_data(as_text=True)
    page = client.get("/audits/CP-1").get_data(as_text=True)
    assert "automatic email" not in page
    assert "Reminder to Lea" not in page


def test_coordinators_see_it_among_scheduled_emails_and_emails(
    app: Flask, clock_at: Callable[[date], None], sign_in: Callable[[Person], FlaskClient]
) -> None:
    clock_at(date(2010, 11, 4))
    a_cycle(workers="told")
    an_audit("CP-1", worker=wendy())
    an_audit("CP-2", worker=a_person("Abe", leave=[(FRIDAY, MONDAY)]))
    client = sign_in(a_person("Cora", roles=["coordinator"]))
    coming = client.get("/messages/coming").get_data(as_text=True)
    words = "a case of theirs is being audited"
    assert "case audited" in coming
    assert f"CP-1: {words} (due Friday 12 November 2010)" in coming
    assert f"{words}</td>" in coming  # not sent: on leave
    run(FRIDAY)
    message = db.session.query(Message).filter_by(kind="audited").one()
    assert "case audited" in client.get("/messages").get_data(as_text=True)
    page = client.get(f"/messages/{message.id}").get_data(as_text=True)
    assert "Sent because a case of theirs is being audited" in page
    assert words in page


def test_four_runs_at_once_tell_each_worker_once(installation: Installation) -> None:
    cycle = a_cycle("2010-2", workers="told")
    for name in ("Abe", "Wendy"):
        worker = a_person(name)
        for n in (1, 2):
            an_audit(f"{name}-{n}", cycle=cycle, worker=worker)
    processes = [start_to_remind(installation.environment) for _ in range(4)]
    outcomes = []
    for process in processes:
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        outcomes += json.loads(out)["messages"]
    audited = [message for message in outcomes if message["kind"] == "audited"]
    assert Counter(message["to"].split("@")[0] for message in audited) == {"abe": 1, "wendy": 1}
    assert audited[0]["items"][0]["step"] == "audited"
    db.session.rollback()
    assert db.session.query(Message).filter_by(kind="audited", state=QUEUED).count() == 2


@pytest.mark.parametrize(
    ("name", "workers", "references"),
    [
        ("audited", "told", ("CP-001",)),
        ("audited_may_reply", "may reply", ("CP-001",)),
        ("audited_several", "may reply", ("CP-001", "CP-002", "CP-003")),
    ],
)
def test_each_message_says_exactly_what_its_golden_text_says(
    app: Flask, name: str, workers: str, references: tuple[str, ...]
) -> None:
    a_cycle(workers=workers)
    worker = wendy()
    for n, reference in enumerate(references):
        an_audit(reference, worker=worker, due_on=date(2010, 11, 12) - timedelta(days=8 * n))
    run(FRIDAY)
    compare(name, db.session.query(Message).filter_by(kind="audited").one())
