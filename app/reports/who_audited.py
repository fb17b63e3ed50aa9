"""The auditors of a cycle and the course of their audits, in numbers without a name or a case."""

from collections import Counter, defaultdict
from datetime import date
from typing import TypeVar

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from app.answers.counts import returned_that_count
from app.answers.models import ContextFactor, ContextNote, FormNote
from app.audits.cycle import Cycle
from app.audits.models import Assignment, Audit, Chase, Return, its_audit, of_cycles
from app.audits.parts import LEAD, SECOND
from app.audits.reminded import is_a_reminder
from app.audits.standing import Standing, Standings, held_on
from app.database import db
from app.outbox.models import Message, MessageItem
from app.people.models import Person
from app.reports.facts import Auditors, Work
from app.reports.paper_day import PaperDay
from app.working_days import WorkingDays

Kind = TypeVar("Kind")


def who_audited(cycle: Cycle, at: Standings, day: PaperDay) -> Auditors:
    """Return the counts of those who did the audits that count on the day of the standings.

    Training after the day of the paper is not known in it.
    """
    trained_person = aliased(Person)
    query = (
        select(
            Assignment.audit_id,
            Assignment.part,
            Person.id,
            Person.job_title,
            Person.trained_on,
            func.coalesce(Audit.started_on, at.returned_on()).label("begun_on"),
            exists().where(trained_person.trained_on <= day.done_by).label("training_is_recorded"),
        )
        .join(Audit, Audit.id == Assignment.audit_id)
        .join(Person, Person.id == Assignment.person_id)
        .where(Audit.id.in_(returned_that_count(cycle, at)), held_on(at.on))
    )
    jobs: dict[int, str | None] = {}
    trained: dict[int, date] = {}
    begun: dict[int, date] = {}
    parts: dict[int, dict[str, int]] = defaultdict(dict)
    training_is_recorded = False
    for row in db.session.execute(query):
        training_is_recorded = row.training_is_recorded
        jobs[row.id] = row.job_title
        if day.has_done(row.trained_on):
            trained[row.id] = row.trained_on
        begun[row.id] = min(row.begun_on, begun.get(row.id, row.begun_on))
        parts[row.audit_id][row.part] = row.id
    pairs = [(jobs[pair[LEAD]], jobs[pair[SECOND]]) for pair in parts.values() if len(pair) == 2]
    before = sum(1 for person, day in trained.items() if day <= begun[person])
    return Auditors(
        people=len(jobs),
        by_job=_most_first(Counter(jobs.values())),
        in_pairs=len(pairs),
        alone=len(parts) - len(pairs),
        pairs=_most_first(Counter(pairs)),
        trained_before=before,
        trained_later=len(trained) - before,
        training_is_recorded=training_is_recorded,
    )


def how_it_went(cycle: Cycle, at: Standings, day: PaperDay, days: WorkingDays) -> Work:
    """Return the course of the audits of a cycle up to the day of the standings, and of the paper."""
    counting = returned_that_count(cycle, at)
    returned_on = at.returned_on().label("day")
    returned = db.session.execute(
        select(returned_on, Audit.first_due_on, func.count())
        .where(Audit.id.in_(counting))
        .group_by(returned_on, Audit.first_due_on)
    ).all()
    missing = select(Audit.id).where(Audit.cycle_id == cycle.id, at.where(Standing.NOT_RETURNED))
    of_missing = exists().where(
        its_audit(Chase.audit_id), of_cycles([cycle.id]), at.where(Standing.NOT_RETURNED)
    )
    chased = db.session.execute(
        select(func.count(Chase.audit_id.distinct()), func.count(), _could_be_chased(cycle, day)).where(
            of_missing, Chase.made_by(min(at.on, day.done_by))
        )
    ).one()
    reminders = db.session.scalar(
        select(func.count())
        .select_from(MessageItem)
        .join(Message, is_a_reminder(min(at.on, day.done_by)))
        .where(MessageItem.obligation_id.in_(missing))
    )
    notes = db.session.execute(
        select(FormNote.minutes, FormNote.hard_to_find, FormNote.exemplar_because).where(
            FormNote.audit_id.in_(counting)
        )
    ).all()
    return Work(
        in_time=sum(number for on, due_on, number in returned if on and not days.is_late(due_on, on)),
        chased=chased[0],
        contacts=chased[1],
        could_be_chased=chased[2],
        reminders=reminders or 0,
        minutes=tuple(sorted(note.minutes for note in notes if note.minutes is not None)),
        hard_to_find=sum(1 for note in notes if (note.hard_to_find or "").strip()),
        nominated=sum(1 for note in notes if (note.exemplar_because or "").strip()),
    )


def _could_be_chased(cycle: Cycle, day: PaperDay) -> ColumnElement[bool]:
    """Return whether a chase would be known of: by a file that has one, or by work in the product."""
    worked_on, sent_back, chased = aliased(Audit), aliased(Return), aliased(Chase)
    in_product = or_(
        worked_on.paired_in_product,
        and_(worked_on.started_in_product, worked_on.started_on <= day.on),
        and_(worked_on.returned_in_product, worked_on.returned_on <= day.on),
    )
    # only what was returned in the product is sent back
    was_returned = select(sent_back.id).join(Audit, its_audit(sent_back.audit_id))
    is_chased = select(chased.id).join(Audit, its_audit(chased.audit_id))
    return or_(
        exists().where(worked_on.cycle_id == cycle.id, in_product),
        was_returned.where(of_cycles([cycle.id]), sent_back.returned_on <= day.on).exists(),
        is_chased.where(of_cycles([cycle.id]), chased.made_by(day.done_by)).exists(),
    )


def rare_factors(cycle: Cycle, at: Standings, hide_up_to: int) -> set[str]:
    """Return the context factors of so few of the audits that count that a breakdown hides their number."""
    query = (
        select(ContextFactor.label)
        .join(ContextNote, ContextNote.factor_id == ContextFactor.id)
        .where(ContextNote.audit_id.in_(returned_that_count(cycle, at)))
        .group_by(ContextFactor.id, ContextFactor.label)
        .having(func.count() <= hide_up_to)
    )
    return set(db.session.scalars(query))


def _most_first(counted: "Counter[Kind]") -> tuple[tuple[Kind, int], ...]:
    return tuple(sorted(counted.items(), key=lambda item: (-item[1], str(item[0]))))
