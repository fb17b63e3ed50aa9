"""The facts of an audit that held on a day: its pair, its due day, its return and all its state follows from.

The row has the facts of now; `extensions`, `returns` and the spells of assignment have the earlier ones.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from app.audits.lifecycle import AuditFacts
from app.audits.models import Assignment, Audit, Return
from app.audits.parts import LEAD, SECOND, is_for_one, name_of
from app.database import db
from app.people.models import Person


@dataclass(frozen=True)
class Pair:
    """The auditors of a case on a day; a part is None while nobody has it.

    `auditors` is the number that the cycle needs.
    """

    lead: Assignment | None
    second: Assignment | None
    auditors: int

    @property
    def is_for_one(self) -> bool:
        """True where one auditor is enough and no second is named: nothing is said of a second."""
        return is_for_one(self.parts, self.auditors)

    @property
    def spells(self) -> list[Assignment]:
        """Return the parts that somebody has, the lead first."""
        return [spell for spell in (self.lead, self.second) if spell is not None]

    @property
    def parts(self) -> frozenset[str]:
        """Return the names of the parts that somebody has."""
        return frozenset(spell.part for spell in self.spells)

    @property
    def people(self) -> list[Person]:
        """Return the one or two auditors, the lead first."""
        return [spell.person for spell in self.spells if spell.person is not None]

    def in_words(self, of_two: str = "both auditors") -> str:
        """Return the words for two auditors, or "the auditor" where there is one."""
        return of_two if len(self.people) > 1 else "the auditor"

    def called(self, part: str) -> str:
        """Return what the auditor of a part is called: "lead auditor", or "auditor" for one alone."""
        return name_of(part, for_one=self.is_for_one)

    def of(self, part: str) -> Assignment | None:
        """Return the spell of the auditor who has this part ("lead" or "second")."""
        return self.lead if part == LEAD else self.second

    def part_of(self, person_id: int) -> Assignment | None:
        """Return the spell of this person; None when they are not of the pair."""
        return next((spell for spell in self.spells if spell.person_id == person_id), None)

    def partner_of(self, person_id: int) -> Person | None:
        """Return the other auditor of the two."""
        return next((person for person in self.people if person.id != person_id), None)


def pair_on(audit: Audit, on: date) -> Pair:
    """Return the pair of that day: assigned by then, and neither declined nor reassigned by then."""
    holding = {
        spell.part: spell
        for spell in audit.assignments
        if spell.person_id is not None
        and spell.assigned_on <= on
        and (spell.ended_on is None or spell.ended_on > on)
    }
    return Pair(holding.get(LEAD), holding.get(SECOND), audit.cycle.auditors)


def due_on(audit: Audit, on: date) -> date:
    """Return the due day that held on a day. An extension from a file has no day and holds on every day."""
    due = audit.due_on
    for extension in reversed(audit.extensions):
        if extension.made_on is None or extension.made_on <= on:
            break
        due = extension.from_due_on
    return due


def returned_on(audit: Audit, on: date) -> date | None:
    """Return the day of the return that held on a day; None when it had not come back or was sent back."""
    if sent_back := _sent_back_after(audit, on):
        return sent_back.returned_on
    return audit.returned_on if audit.returned_on and audit.returned_on <= on else None


def returns_of(audit: Audit) -> list[date]:
    """Return the days of all returns of an audit, also of those that were sent back."""
    now = [audit.returned_on] if audit.returned_on else []
    return [*(each.returned_on for each in audit.returns), *now]


def exempted_on(audit: Audit, on: date) -> date | None:
    """Return the day of the exemption that held on a day, or that holds now; None where there was none."""
    for lifted in audit.lifted_exemptions:
        if lifted.exempted_on <= on < lifted.lifted_on:
            return lifted.exempted_on
    return audit.exempted_on


def _sent_back_after(audit: Audit, on: date) -> Return | None:
    """Return the return that held on a day and was sent back after it."""
    held = (each for each in audit.returns if each.returned_on <= on < each.sent_back_on)
    return next(held, None)


def facts(audit: Audit, on: date) -> AuditFacts:
    """Return the facts that the state of an audit on a day follows from."""
    pair, sent_back = pair_on(audit, on), _sent_back_after(audit, on)
    return AuditFacts(
        requested_on=audit.requested_on,
        due_on=due_on(audit, on),
        held=pair.parts,
        auditors=pair.auditors,
        assigned_on=min((spell.assigned_on for spell in pair.spells), default=None),
        started_on=audit.started_on,
        returned_on=returned_on(audit, on),
        confirmed_on=sent_back.confirmed_on if sent_back else audit.confirmed_on,
        withdrawn_on=audit.withdrawn_on,
        exempted_on=exempted_on(audit, on),
        cycle_closed_on=audit.cycle.closed_on,
        cut_off_on=audit.cycle.cut_off_on,
        cycle_frozen_on=audit.cycle.frozen_on,
        returned_in_product=audit.returned_in_product,
    )


WITH_ITS_FACTS: tuple[ExecutableOption, ...] = (
    joinedload(Audit.cycle),
    joinedload(Audit.team),
    joinedload(Audit.its_agency),
    selectinload(Audit.assignments).joinedload(Assignment.person),
    selectinload(Audit.extensions),
    selectinload(Audit.returns),
    selectinload(Audit.lifted_exemptions),
)


def with_facts(ids: Iterable[int]) -> Sequence[Audit]:
    """Return these audits by due day and reference, with the rows that their facts need, in five queries."""
    query = select(Audit).where(Audit.id.in_(list(ids))).options(*WITH_ITS_FACTS)
    return db.session.scalars(query.order_by(Audit.due_on, Audit.reference)).unique().all()


def found(reference: str) -> Audit | None:
    """Return the audit of that reference, with the rows that its facts need; None when there is none."""
    query = select(Audit).where(Audit.called(reference)).options(*WITH_ITS_FACTS)
    return db.session.scalars(query).unique().one_or_none()
