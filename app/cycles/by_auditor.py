"""The audits of a cycle by auditor, for coordinators alone: expected, assigned, done and in time."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, select

from app.audits.cycle import Cycle
from app.audits.models import Assignment, Audit
from app.audits.open_on import not_yet
from app.audits.standing import held_on
from app.database import db
from app.people.closures import working_days
from app.people.queries import everyone
from app.people.roles import RoleName

_DAYS_OF_A_RETURN = {"returned": Audit.returned_on, "first_due": Audit.first_due_on}
"""The days by which the database counts audits, so that not every one is read."""


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


def audits_by_auditor(cycle: Cycle, on: date) -> Sequence[AuditorsAudits]:
    """Return the audits of each auditor in a cycle as of a day, sorted by name.

    They are all auditors who work here, and whoever else has an audit of the cycle. An audit of two auditors
    is one for each of them. Withdrawn audits are left out.
    """
    is_done = Audit.returned_on <= on
    done = [case((is_done, day)).label(name) for name, day in _DAYS_OF_A_RETURN.items()]
    query = (
        select(Assignment.person_id, *done, func.count())
        .join(Audit, Audit.id == Assignment.audit_id)
        .where(Audit.cycle_id == cycle.id, held_on(on), not_yet(Audit.withdrawn_on, on))
        .group_by(Assignment.person_id, *done)
    )
    days, people = working_days(), everyone()
    assigned, returned, in_time = Counter[int](), Counter[int](), Counter[int]()
    for person_id, returned_on, due_on, number in db.session.execute(query):
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
