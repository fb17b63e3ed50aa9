"""Promises made and ended by moves of the product: what the daily runs after them send."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.assigning import moves as assigning
from app.assigning.moves import NewPair
from app.audit_files.chases import import_chases
from app.audits import moves
from app.audits.chasing import log_chase
from app.audits.facts import found
from app.audits.models import AuditPromise
from app.audits.promises import Outcome, outcomes
from app.audits.promising import promise, promise_that_holds, promises_of
from app.database import db, transaction
from app.outbox.kinds import Holds
from app.outbox.models import Message, MessageItem
from app.people.closures import working_days
from app.people.models import Person
from app.reminders.daily_run import Outcome as RunOutcome
from app.reminders.daily_run import run
from app.reminders.models import NotSent
from app.reminders.recheck import recheck
from tests.factories import a_person, an_audit

DUE = date(2010, 11, 12)
MON_15, TUE_16, WED_17, THU_18, FRI_19 = (date(2010, 11, n) for n in range(15, 20))
TUE_30, WED_1 = date(2010, 11, 30), date(2010, 12, 1)


@pytest.fixture
def jack(app: Flask) -> Person:
    return a_person("Jack", roles=["coordinator"])


@pytest.fixture
def lea(jack: Person) -> Person:
    lea = a_person("Lea")
    an_audit("CP-001", lead=lea, second=a_person("Sam"), due_on=DUE, started_on=date(2010, 10, 8))
    return lea


def steps_to(person: Person, outcome: RunOutcome) -> list[str]:
    """Return the steps that went to a person in their digest, without news."""
    return [
        item.step
        for message in outcome.messages
        if message.to == person.email and message.kind == "digest"
        for item in message.items
        if item.step != "news"
    ]


def phone_call(jack: Person, on: date, new_expected_on: date, day: date | None = None) -> None:
    log_chase("CP-001", jack, on, day or on, "phone", new_expected_on=new_expected_on)


def kept() -> list[AuditPromise]:
    return list(db.session.scalars(select(AuditPromise).order_by(AuditPromise.id)))


def test_who_promises_by_themselves_is_not_chased_until_then(lea: Person) -> None:
    promise("CP-001", lea, MON_15, FRI_19)
    assert steps_to(lea, run(TUE_16)) == []
    [why] = db.session.scalars(select(NotSent).where(NotSent.person_id == lea.id))
    assert (why.step, why.reason) == ("overdue", "promised")
    assert steps_to(lea, run(FRI_19)) == []
    assert steps_to(lea, run(date(2010, 11, 22))) == ["overdue-manager"]


def extend(jack: Person, on: date) -> None:
    moves.extend("CP-001", jack, on, "sickness", TUE_16)


def test_extended_after_a_promise_of_the_same_day_the_new_due_day_is_chased(
    jack: Person, lea: Person
) -> None:
    phone_call(jack, MON_15, TUE_30)
    extend(jack, MON_15)
    assert steps_to(lea, run(MON_15)) == ["due-soon"]
    assert steps_to(lea, run(TUE_16)) == ["due-today"]
    assert steps_to(lea, run(THU_18)) == ["overdue"]
    assert [(each.given_on, each.ended_on) for each in kept()] == [(MON_15, MON_15)]


def test_promised_after_an_extension_of_the_same_day_the_promise_is_of_the_new_due_day(
    jack: Person, lea: Person
) -> None:
    extend(jack, MON_15)
    phone_call(jack, MON_15, TUE_30)
    assert steps_to(lea, run(MON_15)) == ["due-soon"]
    assert steps_to(lea, run(TUE_16)) == ["due-today"]
    assert steps_to(lea, run(THU_18)) == []
    assert steps_to(lea, run(WED_1)) == ["overdue-manager"]


@pytest.mark.parametrize("first", ["promised", "extended"])
@pytest.mark.parametrize("ran_between", [False, True])
def test_whatever_happens_on_one_day_nothing_goes_twice_and_nothing_is_lost(
    jack: Person, lea: Person, first: str, ran_between: bool
) -> None:
    """The keys of all days until the promise is broken: each step at most once, the last of them sent."""
    happen: list[Callable[[], None]] = [
        lambda: phone_call(jack, TUE_16, date(2010, 11, 24)),
        lambda: extend(jack, TUE_16),
    ]
    if first == "extended":
        happen.reverse()
    happen[0]()
    if ran_between:
        run(TUE_16)
    happen[1]()
    days = [date(2010, 11, n) for n in range(16, 31)] + [date(2010, 12, n) for n in range(1, 10)]
    for on in days:
        run(on)
    # the promise that ends and the other due date are two pieces of news
    query = select(MessageItem.step, MessageItem.obligation_id).where(
        MessageItem.person_id == lea.id, MessageItem.kind == "digest"
    )
    gone = db.session.execute(query.order_by(MessageItem.id)).all()
    assert len(gone) == len(set(gone))
    steps = [step for step, _ in gone if step != "news"]
    assert len(steps) == len(set(steps))
    assert steps[-1] == "overdue-manager"
    assert "due-today" in steps


def test_looking_again_before_a_try_ignores_promises(jack: Person, lea: Person) -> None:
    # what was written before the promise was made is true
    run(TUE_16)
    phone_call(jack, TUE_16, TUE_30)
    with transaction():
        message = db.session.scalars(select(Message).where(Message.recipient == lea.id)).one()
        assert recheck([message], TUE_16)[message.id] == Holds()


def outcome_of_the_promise(returned: tuple[date, ...], on: date) -> Outcome:
    audit = found("CP-001")
    assert audit is not None
    [outcome] = outcomes(promises_of(audit), returned, on, working_days())
    return outcome


def test_a_promise_ends_with_the_audit_when_it_is_withdrawn(jack: Person, lea: Person) -> None:
    phone_call(jack, TUE_16, TUE_30)
    moves.withdraw("CP-001", jack, WED_17, "duplicate")
    assert outcome_of_the_promise((), WED_1) is Outcome.ENDED


def test_a_promise_that_is_noted_after_the_due_date_moved_belongs_to_the_earlier_one(
    jack: Person, lea: Person
) -> None:
    moves.extend("CP-001", jack, WED_17, "sickness", TUE_30)
    phone_call(jack, THU_18, date(2010, 12, 3), day=TUE_16)
    assert [each.ended_on for each in kept()] == [WED_17]
    audit = found("CP-001")
    assert audit is not None
    assert promise_that_holds(audit, THU_18) is None
    assert promise_that_holds(audit, TUE_16) is not None


@pytest.mark.parametrize("how", ["reassign", "decline", "assign"])
def test_another_pair_has_promised_nothing(jack: Person, lea: Person, how: str) -> None:
    sam = db.session.scalars(select(Person).where(Person.name == "Sam")).one()
    tom = a_person("Tom")
    if how == "assign":
        assigning.decline("CP-001", sam, MON_15, "capacity")
    phone_call(jack, MON_15, TUE_30)
    if how == "reassign":
        assigning.reassign("CP-001", "second", tom.id, jack, TUE_16, "leave")
    elif how == "decline":
        assigning.decline("CP-001", sam, TUE_16, "capacity")
    else:
        assigning.assign(NewPair("CP-001", lea.id, tom.id), jack, TUE_16)
    assert [each.ended_on for each in kept()] == [TUE_16]
    assert steps_to(lea, run(TUE_16)) == ["overdue"]


def test_chases_of_a_file_note_promises_of_the_due_day_they_were_made_for(
    jack: Person, lea: Person, tmp_path: Path
) -> None:
    moves.extend("CP-001", jack, WED_17, "sickness", FRI_19)
    path = tmp_path / "chases.csv"
    path.write_text(
        "audit_reference,day,channel,by,outcome,new_expected_on\n"
        "CP-001,2010-11-16,phone,,first,2010-12-10\n"
        "CP-001,2010-11-17,phone,,second,2010-11-30\n"
        "CP-001,2010-11-18,phone,,third,\n",
        encoding="utf-8",
    )
    import_chases(path)
    assert [(each.given_on, each.ended_on) for each in kept()] == [(TUE_16, WED_17), (WED_17, None)]
    assert steps_to(lea, run(date(2010, 11, 23))) == []
    assert steps_to(lea, run(WED_1)) == ["overdue-manager"]
