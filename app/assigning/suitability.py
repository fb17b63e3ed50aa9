"""Reading the facts of cases for independence and warnings: conflicts and other audits of the same case."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import and_, not_, or_, select

from app.assigning.independence import CaseFacts
from app.audits.cycle import Cycle
from app.audits.lifecycle import CONFLICT
from app.audits.models import Assignment, Audit
from app.audits.open_on import not_yet
from app.database import db
from app.people.closures import working_days

FOR_A_CONFLICT = and_(
    Assignment.ended_because == "declined",
    or_(Assignment.why == CONFLICT, Assignment.why.startswith(f"{CONFLICT}: ")),
)
"""True for the spells that ended because the auditor declared a conflict with the case."""


def case_facts(audits: Sequence[Audit], on: date, due_on: date | None = None) -> Mapping[int, CaseFacts]:
    """Return the facts of each audit's case, by audit id, in two queries; for another due day if one is
    given."""
    days = working_days()
    conflicts = _in_conflict(audits)
    other_audits = _other_audits(audits, on)
    return {
        audit.id: CaseFacts(
            reference=audit.reference,
            team_id=audit.team_id,
            due_on=days.offset(due_on or audit.due_on, 0),
            in_conflict=conflicts[audit.id],
            other_audits=other_audits[audit.id],
            cut_off_on=audit.cycle.cut_off_on,
        )
        for audit in audits
    }


def _in_conflict(audits: Iterable[Audit]) -> Mapping[int, frozenset[int]]:
    """Return the ids of those who declined each audit's case for a conflict, now or in an earlier audit."""
    query = (
        select(Assignment.audit_id, Audit.case_reference, Assignment.person_id)
        .join(Audit)
        .where(FOR_A_CONFLICT)
    )
    by_audit: dict[int, set[int]] = defaultdict(set)
    by_case: dict[str, set[int]] = defaultdict(set)
    for audit_id, case_reference, person_id in db.session.execute(query):
        if person_id is None:
            continue
        by_audit[audit_id].add(person_id)
        if case_reference:
            by_case[case_reference].add(person_id)
    return {audit.id: frozenset(by_audit[audit.id] | by_case[audit.case_reference or ""]) for audit in audits}


def audits_of_cases(cases: Iterable[str], on: date) -> Mapping[str, Sequence[Audit]]:
    """Return the audits of cases that are under way or were returned, by the case's number, the earliest
    first."""
    query = select(Audit).where(
        Audit.case_reference.in_(set(cases)),
        not_yet(Audit.withdrawn_on, on),
        or_(Audit.returned_on <= on, not_(Audit.cycle.has(Cycle.closed_by(on)))),
    )
    by_case: dict[str, list[Audit]] = defaultdict(list)
    for audit in db.session.scalars(query.order_by(Audit.requested_on, Audit.reference)):
        by_case[audit.case_reference or ""].append(audit)
    return by_case


def _other_audits(audits: Iterable[Audit], on: date) -> Mapping[int, Sequence[tuple[str, date | None]]]:
    by_case = audits_of_cases((audit.case_reference for audit in audits if audit.case_reference), on)
    return {
        audit.id: [
            (other.reference, other.returned_on)
            for other in by_case.get(audit.case_reference or "", ())
            if other.id != audit.id
        ]
        for audit in audits
    }
