"""The product on the facts of the second implementation: loaded straight into its tables, run, read back."""

import uuid
from collections.abc import Iterable
from datetime import date

from app.audits.models import Assignment, Audit, Extension, Return
from app.concerns.models import Remedy
from app.cycles.models import Cycle
from app.database import db, transaction
from app.outbox.models import DeliveryState, Message, MessageItem
from app.people.closures import forget_working_days
from app.people.models import Closure, Leave, Person, PersonRole, Team
from app.reminders.daily_run import Outcome
from app.reminders.models import DailyRun, EditedLadder, NotSent
from tests.factories import a_tool

from . import second_facts as second

EMPTIED = (
    MessageItem,
    NotSent,
    Message,
    DailyRun,
    DeliveryState,
    EditedLadder,
    Remedy,
    Return,
    Extension,
    Assignment,
    Audit,
    Cycle,
    Leave,
    PersonRole,
    Closure,
)


def load(facts: second.Facts) -> None:
    """Put the facts into the product's tables, which are emptied first."""
    tool_id = a_tool().id
    with transaction():
        for model in EMPTIED:
            db.session.execute(db.delete(model))
        db.session.execute(db.update(Person).values(line_manager_id=None))
        db.session.execute(db.delete(Person))
        db.session.execute(db.delete(Team))
        db.session.expunge_all()
        people = _people(facts.people)
        db.session.add_all(Closure(day=day) for day in facts.closures)
        team = Team(name="Team of the cases")
        db.session.add(team)
        db.session.flush()
        cycles = {cycle.reference: _cycle(cycle, tool_id) for cycle in facts.cycles}
        db.session.add_all(cycles.values())
        db.session.flush()
        for audit in facts.audits:
            db.session.add(_audit(audit, cycles[audit.cycle].id, team.id, people))
        db.session.flush()
        audit_id = db.session.scalar(db.select(db.func.min(Audit.id)))
        for remedy in facts.remedies:
            db.session.add(_remedy(remedy, audit_id, people))
    forget_working_days()


def _people(facts: Iterable[second.Person]) -> dict[str, Person]:
    people = {
        person.email: Person(
            email=person.email,
            name=person.email.split("@")[0],
            fs_uniquifier=uuid.uuid4().hex,
            leaving_on=person.leaving_on,
            roles=[PersonRole(name=role) for role in person.roles],
        )
        for person in facts
    }
    db.session.add_all(people.values())
    db.session.flush()
    for person in facts:
        row = people[person.email]
        row.line_manager_id = people[person.line_manager].id if person.line_manager else None
        for leave in person.leaves:
            deputy_id = people[leave.deputy].id if leave.deputy else None
            row.leave.append(Leave(from_on=leave.from_on, to_on=leave.to_on, deputy_id=deputy_id))
    db.session.flush()
    return people


def _cycle(cycle: second.Cycle, tool_id: int) -> Cycle:
    return Cycle(
        reference=cycle.reference,
        title=cycle.reference,
        theme="Theme",
        tool_id=tool_id,
        requested_on=cycle.requested_on,
        due_on=cycle.due_on,
        closed_on=cycle.closed_on,
    )


def _audit(audit: second.Audit, cycle_id: int, team_id: int, people: dict[str, Person]) -> Audit:
    due_days = [due.due_on for due in audit.due_days]
    row = Audit(
        reference=audit.reference,
        case_reference=None,
        team_id=team_id,
        cycle_id=cycle_id,
        requested_on=audit.requested_on,
        started_on=audit.started_on,
        due_on=due_days[-1],
        first_due_on=audit.first_due_on or due_days[0],
        returned_on=next((spell.returned_on for spell in audit.returns if spell.sent_back_on is None), None),
        withdrawn_on=audit.withdrawn_on,
        exempted_on=audit.exempted_on,
    )
    for before, after in zip(audit.due_days, audit.due_days[1:], strict=False):
        row.extensions.append(
            Extension(
                made_on=after.since, from_due_on=before.due_on, to_due_on=after.due_on, because="a reason"
            )
        )
    for spell in audit.returns:
        if spell.sent_back_on is not None:
            row.returns.append(
                Return(returned_on=spell.returned_on, sent_back_on=spell.sent_back_on, because="a reason")
            )
    for one in audit.assignments:
        row.assignments.append(
            Assignment(
                part=one.part,
                person_id=people[one.person].id,
                assigned_on=one.assigned_on,
                ended_on=one.ended_on,
                ended_because={"decline": "declined", "reassignment": "reassigned", None: None}[one.ended_by],
            )
        )
    if audit.declined_on is not None:
        taken = {one.part for one in audit.assignments}
        part = "second" if "lead" in taken else "lead"
        row.assignments.append(
            Assignment(
                part=part,
                person_id=None,
                assigned_on=min(audit.requested_on, audit.declined_on),
                ended_on=audit.declined_on,
                ended_because="declined",
            )
        )
    return row


def _remedy(remedy: second.Remedy, audit_id: int, people: dict[str, Person]) -> Remedy:
    due_on = remedy.due_days[-1].due_on
    return Remedy(
        reference=remedy.reference,
        audit_id=audit_id,
        text="Something",
        owner_id=people[remedy.owner].id if remedy.owner else None,
        raised_by_id=next(iter(people.values())).id,
        raised_on=remedy.raised_on,
        due_on=due_on,
        first_due_on=due_on,
        done_on=remedy.done_on,
        withdrawn_on=remedy.withdrawn_on,
    )


def told(outcome: Outcome) -> tuple[list[second.Message], list[second.NotSent]]:
    """What a run of the product did, in the words of the second implementation."""
    messages = [
        second.Message(
            message.to,
            message.kind,
            tuple(second.Item(item.item, item.step, item.due_on) for item in message.items),
        )
        for message in outcome.messages
    ]
    not_sent = [second.NotSent(one.to or "", one.item, one.step, one.reason) for one in outcome.not_sent]
    return sorted(messages, key=lambda message: (message.to, message.kind)), sorted(not_sent)


def days_between(first: date, last: date) -> list[date]:
    """All days from the first to the last, both included."""
    return [date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1)]
