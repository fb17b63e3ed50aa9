"""Work that is done is not chased: a digest written by the daily run is checked again when it is sent."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.audits.moves import extend, return_audit, withdraw
from app.database import db, transaction
from app.history.record import Event, record
from app.outbox.kinds import Changed, Holds, Overtaken, Verdict
from app.outbox.models import Message
from app.people.models import Person
from app.reminders.daily_run import run
from app.reminders.recheck import recheck
from tests.factories import a_person, an_audit

FRIDAY, MONDAY = date(2010, 11, 5), date(2010, 11, 8)
DUE, LATER = date(2010, 11, 12), date(2010, 12, 3)

Move = Callable[[str, Person, date], None]


@pytest.fixture
def lead(app: Flask) -> Person:
    """The lead of two audits that are due soon; the digests about them are written."""
    lead, second = a_person("Lea"), a_person("Sam")
    for reference in ("CP-001", "CP-002"):
        an_audit(reference, lead=lead, second=second, due_on=DUE, started_on=date(2010, 10, 8))
    run(FRIDAY)
    return lead


def verdict(receiver: Person, on: date) -> Verdict:
    """Return the verdict on the receiver's digest when it is sent on a day."""
    with transaction():
        message = db.session.scalars(select(Message).where(Message.recipient == receiver.id)).one()
        return recheck([message], on)[message.id]


def test_where_nothing_happened_it_goes_as_it_is(lead: Person) -> None:
    assert verdict(lead, FRIDAY) == Holds()


def test_on_a_later_day_its_words_are_true_on_that_day(lead: Person) -> None:
    due_day = verdict(lead, DUE)
    assert isinstance(due_day, Changed)
    assert "due today" in due_day.rendered.subject


MOVES: dict[str, Move] = {
    "returned": return_audit,
    "withdrawn": lambda reference, by, on: withdraw(reference, by, on, "duplicate"),
    "extended": lambda reference, by, on: extend(reference, by, on, "sickness", LATER),
}


@pytest.mark.parametrize("move", MOVES.values(), ids=MOVES)
@pytest.mark.parametrize("on", [FRIDAY, MONDAY], ids=["the same day", "a later day"])
def test_what_is_done_is_taken_out_and_with_nothing_left_it_is_not_sent(
    lead: Person, move: Move, on: date
) -> None:
    move("CP-001", lead, on)
    left = verdict(lead, on)
    assert isinstance(left, Changed)
    assert "CP-001" not in left.rendered.text
    assert "CP-002" in left.rendered.text
    move("CP-002", lead, on)
    assert isinstance(verdict(lead, on), Overtaken)


@pytest.mark.parametrize(
    ("role", "until", "goes"),
    [
        ("coordinator", MONDAY + timedelta(days=1), True),
        ("coordinator", MONDAY, False),
        ("manager", MONDAY + timedelta(days=1), False),
    ],
    ids=["while they stand in", "when the leave is over", "when it is a coordinator's no more"],
)
def test_a_weekly_message_goes_to_a_deputy_while_they_stand_in_for_a_coordinator(
    app: Flask, role: str, until: date, goes: bool
) -> None:
    deputy = a_person("Dee", roles=["practitioner"])
    coordinator = a_person("Cora", roles=["coordinator"], leave=[(FRIDAY, until, deputy)])
    an_audit("CP-001", lead=a_person("Lea"), due_on=LATER)
    run(MONDAY)
    with transaction():
        db.session.get_one(Person, coordinator.id).roles[0].name = role
    assert isinstance(verdict(deputy, MONDAY + timedelta(days=1)), Changed if goes else Overtaken)


def test_a_batch_is_judged_at_once_each_message_by_its_own_items(lead: Person) -> None:
    others = a_person("Olu"), a_person("Pat")
    an_audit("CP-003", lead=others[0], second=others[1], due_on=DUE, started_on=date(2010, 10, 8))
    run(FRIDAY)
    return_audit("CP-001", lead, FRIDAY)
    with transaction():
        messages = db.session.scalars(select(Message).where(Message.kind == "digest")).all()
        verdicts = recheck(messages, FRIDAY)
        receivers = {message.id: message.recipient for message in messages}
    changed = {receivers[number] for number, verdict in verdicts.items() if isinstance(verdict, Changed)}
    holding = {receivers[number] for number, verdict in verdicts.items() if verdict == Holds()}
    assert len(verdicts) == 4
    assert lead.id in changed
    assert holding == {person.id for person in others}


def test_who_leaves_is_sent_nothing_also_when_audits_have_moved_since(lead: Person) -> None:
    return_audit("CP-001", lead, FRIDAY)
    with transaction():
        person = db.session.get_one(Person, lead.id)
        person.leaving_on = date(2010, 11, 4)
        record("jack@council.example", [Event("person", str(lead.id), "leaving day changed")])
    assert verdict(lead, FRIDAY) == Overtaken("They have left")
