"""The open audits of a day and their auditors, as queries over all of them.

A fact dated after the day has not happened on it. The facts before an extension, a sending back or the end of
an exemption are read from `extensions`, `returns` and `lifted_exemptions`; where none of these is later than
the day (so it is for today) the query stays plain and the database can use its indexes.
"""

from datetime import date

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    Subquery,
    and_,
    exists,
    func,
    or_,
    select,
    union,
    union_all,
)

from app.audits.cycle import Cycle
from app.audits.models import Assignment, Audit, Extension, LiftedExemption, Return
from app.audits.parts import needed
from app.audits.standing import held_on
from app.database import db


def not_yet(column: SQLColumnExpression[date | None], on: date) -> ColumnElement[bool]:
    """Return the condition that a fact has no day, or one after `on`."""
    return or_(column.is_(None), column > on)


def open_audits(on: date) -> Subquery:
    """Select the audits that are open and not exempt on a day: id, reference, cycle_id, due_on as of then."""
    audit, cycle = Audit.__table__.c, Cycle.__table__.c
    base = and_(
        Cycle.open_by(on),
        audit.requested_on <= on,
        not_yet(audit.withdrawn_on, on),
        not_yet(audit.exempted_on, on),
    )
    was_exempt = exists().where(
        LiftedExemption.audit_id == audit.id,
        LiftedExemption.exempted_on <= on,
        LiftedExemption.lifted_on > on,
    )
    joined = Audit.__table__.join(Cycle.__table__, cycle.id == audit.cycle_id)
    revised = _revised_after(on)
    plain: Select[tuple[int, str, int, date]] = (
        select(audit.id, audit.reference, audit.cycle_id, audit.due_on)
        .select_from(joined)
        .where(base, not_yet(audit.returned_on, on))
    )
    if not db.session.scalar(select(exists(revised))):
        return plain.subquery("open_audits")
    due_then = (
        select(Extension.from_due_on)
        .where(Extension.audit_id == audit.id, Extension.made_on > on)
        .order_by(Extension.id)
        .limit(1)
        .scalar_subquery()
    )
    was_returned = exists().where(
        Return.audit_id == audit.id, Return.returned_on <= on, Return.sent_back_on > on
    )
    restored = (
        select(
            audit.id, audit.reference, audit.cycle_id, func.coalesce(due_then, audit.due_on).label("due_on")
        )
        .select_from(joined)
        .where(base, not_yet(audit.returned_on, on), ~was_returned, ~was_exempt, audit.id.in_(revised))
    )
    return union_all(plain.where(audit.id.not_in(revised)), restored).subquery("open_audits")


def pairs(on: date) -> Subquery:
    """Select the auditors who are assigned on a day: audit_id, part, person_id, assigned_on."""
    spell = Assignment.__table__.c
    return (
        select(spell.audit_id, spell.part, spell.person_id, spell.assigned_on)
        .where(held_on(on))
        .subquery("pairs")
    )


def half_declined(on: date) -> set[int]:
    """Return the ids of the audits that have one auditor and lack another, whom their cycle needs, since a
    decline."""
    declined = select(Assignment.audit_id).where(
        Assignment.ended_because == "declined", Assignment.ended_on <= on
    )
    spells = (
        select(
            Assignment.audit_id,
            Assignment.part,
            Assignment.assigned_on,
            Assignment.ended_on,
            Assignment.ended_because,
            Cycle.auditors,
        )
        .join(Audit, Audit.id == Assignment.audit_id)
        .join(Cycle, Cycle.id == Audit.cycle_id)
        .where(Assignment.audit_id.in_(declined))
        .where(or_(Assignment.assigned_on <= on, Assignment.ended_on <= on))
        .order_by(Assignment.assigned_on, Assignment.id)
    )
    last: dict[tuple[int, str], bool] = {}
    held: dict[int, int] = {}
    for row in db.session.execute(spells):
        current = row.assigned_on <= on and (row.ended_on is None or row.ended_on > on)
        if row.part in needed(row.auditors):
            last[row.audit_id, row.part] = not current and row.ended_because == "declined"
        held[row.audit_id] = held.get(row.audit_id, 0) + current
    empty = {audit_id for (audit_id, _), declined_last in last.items() if declined_last}
    return {audit_id for audit_id in empty if held[audit_id] == 1}


def _revised_after(on: date) -> Select[tuple[int]]:
    """Select the audits whose due day, return or exemption was changed after the day."""
    return select(
        union(
            select(Extension.audit_id.label("id")).where(Extension.made_on > on),
            select(Return.audit_id.label("id")).where(Return.sent_back_on > on),
            select(LiftedExemption.audit_id.label("id")).where(LiftedExemption.lifted_on > on),
        )
        .subquery()
        .c.id
    )
