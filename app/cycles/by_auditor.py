"""The audits of a cycle by auditor, for coordinators alone: expected, assigned, done and in time."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.audits.cycle import Cycle
from app.audits.models import Assignment, Audit
from app.audits.open_on import not_yet
from app.audits.standing import held_on
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


def audits_by_auditor(cycle: Cycle, on: date) -> Sequence[AuditorsAudits]:
    """Return the audits of each auditor in a cycle as of a day, sorted by name.

    They are all auditors who work here, and whoever else has an audit of the cycle. An audit of two auditors
    is one for each of them. Withdrawn audits are left out.
    """
    query = (
        select(Assignment.person_id, Audit.returned_on, Audit.first_due_on)
        .join(Audit, Audit.id == Assignment.audit_id)
        .where(Audit.cycle_id == cycle.id, held_on(on), not_yet(Audit.withdrawn_on, on))
    )
    days, people = working_days(), everyone()
    audits: dict[int | None, list[tuple[bool, bool]]] = defaultdict(list)
    for person_id, returned_on, due_on in db.session.execute(query):
        is_done = returned_on is not None and returned_on <= on
        in_time = returned_on is not None and is_done and not days.is_late(due_on, returned_on)
        audits[person_id].append((is_done, in_time))
    auditors = [
        person
        for person in people.values()
        if person.id in audits or (RoleName.AUDITOR in person.roles and not person.has_left(on))
    ]
    return [
        AuditorsAudits(
            person.name,
            person.email,
            cycle.expected_per_auditor,
            len(audits[person.id]),
            sum(is_done for is_done, _ in audits[person.id]),
            sum(in_time for _, in_time in audits[person.id]),
        )
        for person in sorted(auditors, key=lambda person: (person.name, person.email))
    ]
