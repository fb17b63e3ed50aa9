"""Promises while emails are on hold: a new email takes over what waits, and leaves out what is promised by
then; when the promise is over, the latest step goes."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.audits.chasing import log_chase
from app.database import db, transaction
from app.outbox.models import HELD, OVERTAKEN, QUEUED, Message, MessageItem
from app.people.models import Person
from app.reminders.daily_run import run
from app.reminders.models import NotSent
from tests.factories import a_person, an_audit

DUE = date(2010, 11, 12)
FRI_12, TUE_16, WED_17, THU_18, FRI_19 = (date(2010, 11, n) for n in (12, 16, 17, 18, 19))
MON_22, TUE_23, WED_24, FRI_26 = (date(2010, 11, n) for n in (22, 23, 24, 26))
TUE_30, WED_1 = date(2010, 11, 30), date(2010, 12, 1)


@pytest.fixture
def jack(service: Flask) -> Person:
    return a_person("Jack", roles=["coordinator"])


@pytest.fixture
def lea(jack: Person) -> Person:
    """Lea has two audits, of which the second is due a little later; Max is her manager."""
    lea, sam = a_person("Lea", manager=a_person("Max", roles=["manager"])), a_person("Sam")
    early = date(2010, 10, 8)
    an_audit("CP-001", lead=lea, second=sam, due_on=DUE, started_on=early)
    an_audit("CP-002", lead=lea, second=sam, due_on=WED_17, started_on=early)
    return lea


def on_hold() -> None:
    """No mail server is set: what was queued is held."""
    with transaction():
        db.session.execute(update(Message).where(Message.state == QUEUED).values(state=HELD))


def emails(name: str, kind: str = "digest") -> list[Message]:
    address = f"{name.lower()}@council.example"
    query = select(Message).where(Message.address == address, Message.kind == kind)
    return list(db.session.scalars(query.order_by(Message.id)))


def run_on_hold(*days: date) -> None:
    for on in days:
        run(on)
        on_hold()


def carried(message: Message) -> set[tuple[str, str]]:
    """Return the reference and step of what an email speaks of now."""
    query = select(MessageItem.reference, MessageItem.step).where(MessageItem.carrier_id == message.id)
    return {(reference, step) for reference, step in db.session.execute(query)}


def promised_steps() -> set[tuple[str, str]]:
    query = select(NotSent.reference, NotSent.step).where(NotSent.reason == "promised")
    return {(reference, step) for reference, step in db.session.execute(query)}


def phone_call(jack: Person, on: date, new_expected_on: date) -> None:
    log_chase("CP-001", jack, on, on, "phone", new_expected_on=new_expected_on)


@pytest.mark.parametrize(("to", "kind"), [("Lea", "digest"), ("Max", "manager")])
def test_what_is_promised_by_now_is_left_out_of_the_email_that_takes_over(
    jack: Person, lea: Person, to: str, kind: str
) -> None:
    run_on_hold(FRI_12, TUE_16, FRI_19)
    [*_, before] = emails(to, kind)
    assert ("CP-001", "overdue-manager") in carried(before)
    phone_call(jack, FRI_19, TUE_30)
    # what was written before the promise is true
    assert ("CP-001", "overdue-manager") in carried(before)
    run_on_hold(MON_22, WED_24)
    [*_, after] = emails(to, kind)
    assert before.state == OVERTAKEN
    assert {reference for reference, _ in carried(after)} == {"CP-002"}
    assert "CP-001" not in (after.text or "")
    assert ("CP-001", "overdue-manager") in promised_steps()
    # nothing is lost: the latest step goes when the promise is over
    run_on_hold(TUE_30)
    assert "CP-001" not in (emails(to, kind)[-1].text or "")
    run_on_hold(WED_1)
    [*_, last] = emails(to, kind)
    assert ("CP-001", "overdue-manager") in carried(last)
    assert (last.text or "").count("- CP-001:") == 1
