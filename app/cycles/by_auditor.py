"""The audits of a cycle by auditor, for coordinators alone: expected, assigned, done and in time."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, case, func, select

from app.audits.cycle import Cycle
from app.audits.models import Assignment, Audit
from app.audits.open_on import not_yet
from app.audits.standing import Standings, held_on, standings
from app.audits.tallies import AuditorTally
from app.database import db
from app.people.closures import working_days
from app.people.queries import everyone
from app.people.roles import RoleName


@dataclass(frozen=True)
class AuditorsAudits:
    """The audits of one auditor in a cycle: `done` are returned, `in_time` by their first due date.

    `expected` is None where the cycle expects no number.
    """

    name: str
    email: str
    expected: int | None
    assigned: int = 0
    done: int = 0
    in_time: int = 0

    @property
    def has_done_enough(self) -> bool:
        """Return whether they have done as many as are expected."""
        return self.expected is not None and self.done >= self.expected


def numbers(cycle: Cycle, at: Standings) -> Select[Any]:
    """Select the numbers of audits by auditor, day of the return and first due day of what is returned."""
    rows, person, number = (
        (AuditorTally, AuditorTally.person_id, func.sum(AuditorTally.number))
        if at.is_of_now
        else (Audit, Assignment.person_id, func.count())
    )
    is_done = rows.returned_on <= at.on
    days = {"returned": rows.returned_on, "first_due": rows.first_due_on}
    done = [case((is_done, day)).label(name) for name, day in days.items()]
    query = select(person, *done, number).where(rows.cycle_id == cycle.id, not_yet(rows.withdrawn_on, at.on))
    if rows is Audit:
        query = query.join(Assignment, Assignment.audit_id == Audit.id).where(held_on(at.on))
    return query.group_by(person, *done).having(number > 0)


def audits_by_auditor(cycle: Cycle, on: date) -> Sequence[AuditorsAudits]:
    """Return the audits of each auditor in a cycle as of a day, sorted by name.

    They are all auditors who work here, and whoever else has an audit of the cycle. An audit of two auditors
    is one for each of them. Withdrawn audits are left out.
    """
    days, people = working_days(), everyone()
    assigned, returned, in_time = Counter[int](), Counter[int](), Counter[int]()
    for person_id, returned_on, due_on, number in db.session.execute(numbers(cycle, standings(on, days))):
        assigned[person_id] += number
        if returned_on is not None:
            returned[person_id] += number
            in_time[person_id] += 0 if days.is_late(due_on, returned_on) else number
    auditors = [
        person
        for person in people.values()
        if person.id in assigned or (RoleName.AUDITOR in person.roles and not person.has_left(on))
    ]
    return [
        AuditorsAudits(
            person.name,
            person.email,
            cycle.expected_per_auditor,
            assigned[person.id],
            returned[person.id],
            in_time[person.id],
        )
        for person in sorted(auditors, key=lambda person: (person.name, person.email))
    ]
