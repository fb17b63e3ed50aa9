"""Telling the worker that a case of theirs is audited: by the move, once, and while it is true."""

from collections.abc import Callable, Sequence
from datetime import date

import pytest
from flask import Flask

from app.audits.cycle import Cycle
from app.audits.models import Audit
from app.audits.moves import extend
from app.audits.worker_messages import recheck_audited, write_audited
from app.database import db, transaction
from app.outbox.kinds import Changed, Holds, Overtaken, Verdict, Waits
from app.outbox.models import Message, MessageItem
from app.people.models import Leave, Person
from tests.factories import a_cycle, a_person, an_audit

ON, DUE, LATER = date(2010, 11, 8), date(2010, 11, 12), date(2010, 12, 3)
SATURDAY, BEFORE, AFTER = date(2010, 11, 13), date(2010, 11, 5), date(2010, 11, 9)


def wendy(**facts: object) -> Person:
    """The worker whose cases are audited."""
    return a_person("Wendy", roles=["practitioner"], **facts)  # type: ignore[arg-type]


def tell(audits: Sequence[Audit], on: date = ON) -> list[Message]:
    with transaction():
        write_audited([db.session.merge(audit) for audit in audits], on)
    return list(db.session.query(Message).filter_by(kind="audited").order_by(Message.id))


TOLD: dict[str, tuple[dict[str, object], bool]] = {
    "open": ({}, True),
    "overdue": ({"due_on": BEFORE}, True),
    "assigned": ({"lead": "Lea"}, True),
    "returned": ({"lead": "Lea", "returned_on": BEFORE}, False),
    "returned on the day": ({"lead": "Lea", "returned_on": ON}, False),
    "withdrawn": ({"withdrawn_on": ON}, False),
    "exempt": ({"exempted_on": ON}, False),
    "requested from tomorrow": ({"requested_on": AFTER}, False),
    "requested today": ({"requested_on": ON}, True),
}


@pytest.mark.parametrize(("facts", "is_told"), TOLD.values(), ids=TOLD)
def test_the_worker_of_an_open_audit_is_told(app: Flask, facts: dict[str, object], is_told: bool) -> None:
    a_cycle(workers="told")
    if "lead" in facts:
        facts = {**facts, "lead": a_person("Lea")}
    audit = an_audit("CP-1", worker=wendy(), **facts)  # type: ignore[arg-type]
    assert [message.recipient for message in tell([audit])] == ([audit.worker_id] if is_told else [])


CYCLES = {"not told": False, "told": True, "may reply": True}


@pytest.mark.parametrize(("workers", "is_told"), CYCLES.items())
def test_a_cycle_says_whether_workers_are_told(app: Flask, workers: str, is_told: bool) -> None:
    a_cycle(workers=workers)
    assert bool(tell([an_audit(worker=wendy())])) == is_told


def test_a_closed_cycle_tells_nobody(app: Flask) -> None:
    a_cycle(workers="told", closed_on=ON)
    assert tell([an_audit(worker=wendy())]) == []


AWAY: dict[str, tuple[dict[str, object], date, bool]] = {
    "there": ({}, ON, True),
    "on leave": ({"leave": [(ON, ON)]}, ON, False),
    "back from leave": ({"leave": [(BEFORE, BEFORE)]}, ON, True),
    "last day": ({"leaving_on": ON}, ON, True),
    "left": ({"leaving_on": BEFORE}, ON, False),
    "a Saturday": ({}, SATURDAY, False),
}


@pytest.mark.parametrize(("facts", "on", "is_told"), AWAY.values(), ids=AWAY)
def test_a_worker_is_told_at_once_on_a_working_day_on_which_they_are_there(
    app: Flask, facts: dict[str, object], on: date, is_told: bool
) -> None:
    a_cycle(workers="told")
    assert bool(tell([an_audit(worker=wendy(**facts))], on)) == is_told


def test_a_worker_gets_one_message_about_all_their_cases_and_nobody_is_told_twice(app: Flask) -> None:
    a_cycle(workers="told")
    worker, other = wendy(), a_person("Abe", roles=["practitioner"])
    audits = [an_audit(f"CP-{n}", worker=worker) for n in (1, 2)] + [an_audit("CP-3", worker=other)]
    audits.append(an_audit("CP-4"))
    told = tell(audits)
    assert [message.recipient for message in told] == [worker.id, other.id]
    assert "- CP-1:" in (told[0].text or "")
    assert "- CP-2:" in (told[0].text or "")
    assert "CP-3" not in (told[0].text or "")
    assert tell(audits, AFTER) == told
    with transaction():
        db.session.get_one(Audit, audits[0].id).worker_id = other.id
    assert [message.recipient for message in tell(audits, AFTER)[2:]] == [other.id]
    with transaction():
        db.session.get_one(Audit, audits[0].id).worker_id = worker.id
    assert len(tell(audits, AFTER)) == 3


def test_two_audits_of_one_case_are_told_as_one_case(app: Flask) -> None:
    a_cycle(workers="told", agencies=["Police", "Health"])
    worker = wendy()
    audits = [
        an_audit(f"CP-{n}", worker=worker, agency=agency, case_reference="900 01")
        for n, agency in enumerate(("Police", "Health"))
    ]
    [message] = tell(audits)
    assert (message.text or "").startswith("A case of yours is being audited, in 2 audits.")
    assert "900" not in f"{message.subject} {message.text} {message.html}"


def verdict(on: date) -> Verdict:
    with transaction():
        message = db.session.query(Message).filter_by(kind="audited").one()
        return recheck_audited([message], on)[message.id]


def _set(model: type[Audit | Cycle | Person], **values: object) -> None:
    with transaction():
        db.session.execute(db.update(model).values(**values))


def _leave() -> None:
    with transaction():
        worker = db.session.query(Person).filter_by(name="Wendy").one()
        worker.leave.append(Leave(from_on=ON, to_on=ON))


CHANGES: dict[str, tuple[Callable[[], object], type[object]]] = {
    "nothing": (lambda: None, Holds),
    "returned": (lambda: _set(Audit, returned_on=ON), Overtaken),
    "withdrawn": (lambda: _set(Audit, withdrawn_on=ON), Overtaken),
    "exempt": (lambda: _set(Audit, exempted_on=ON), Overtaken),
    "cycle closed": (lambda: _set(Cycle, closed_on=ON), Overtaken),
    "not told any more": (lambda: _set(Cycle, workers="not told"), Overtaken),
    "may reply now": (lambda: _set(Cycle, workers="may reply"), Holds),
    "no worker": (lambda: _set(Audit, worker_id=None), Overtaken),
    "another worker": (lambda: _set(Audit, worker_id=a_person("Abe").id), Overtaken),
    "left": (lambda: _set(Person, leaving_on=BEFORE), Overtaken),
    "on leave": (_leave, Waits),
}


@pytest.mark.parametrize(("change", "expected"), CHANGES.values(), ids=CHANGES)
def test_it_is_looked_at_again_before_it_goes(
    app: Flask, change: Callable[[], object], expected: type[object]
) -> None:
    a_cycle(workers="told")
    tell([an_audit(worker=wendy())])
    change()
    assert type(verdict(ON)) is expected


def test_it_is_rendered_anew_with_another_due_date_and_on_another_day(app: Flask) -> None:
    a_cycle(workers="told")
    coordinator = a_person("Cora", roles=["coordinator"])
    tell([an_audit("CP-1", worker=wendy(), lead=a_person(), second=a_person())])
    extend("CP-1", coordinator, ON, "sickness", LATER)
    changed = verdict(ON)
    assert isinstance(changed, Changed)
    assert "due on Friday 3 December 2010" in changed.rendered.text
    assert db.session.query(MessageItem).one().due_on == LATER
    overdue = verdict(date(2010, 12, 6))
    assert isinstance(overdue, Changed)
    assert "The audit was due on Friday 3 December 2010." in overdue.rendered.text


def test_an_audit_that_is_over_is_taken_out_of_the_message(app: Flask) -> None:
    a_cycle(workers="told")
    worker = wendy()
    tell([an_audit("CP-1", worker=worker), an_audit("CP-2", worker=worker)])
    with transaction():
        db.session.execute(db.update(Audit).filter_by(reference="CP-1").values(withdrawn_on=ON))
    changed = verdict(ON)
    assert isinstance(changed, Changed)
    assert "CP-1" not in changed.rendered.text
    assert "/audits/CP-2/worker" in changed.rendered.text
