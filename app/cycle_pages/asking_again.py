"""Asking for cases of an earlier cycle again: which of them, and the new cycle with its audits."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from sqlalchemy import select

from app.answers.counts import returned_that_count
from app.answers.overall import overall_grades
from app.audits.cycle import Cycle
from app.audits.models import Audit
from app.audits.selection import Selection
from app.audits.standing import standings
from app.cycles import moves as cycles
from app.cycles.moves import Details
from app.database import db, transaction
from app.people.closures import working_days
from app.people.models import Person, Team
from app.sampling import moves as draws
from app.sampling.moves import Plan
from app.sampling.requesting import request_drawn
from app.sampling.sample_size import share_of
from app.sampling.seeded_draw import ListedCase
from app.wording import counted, plural


@dataclass(frozen=True)
class EarlierCase:
    """A case of the earlier cycle: its number and team, and the overall grades of its audits that count."""

    listed: ListedCase
    grades: frozenset[str]


@dataclass(frozen=True)
class EarlierCases:
    """The cases whose audits count in the earlier cycle. Audits without a case number cannot be asked for
    again; `without_number` counts them."""

    cases: Sequence[EarlierCase]
    without_number: int

    def all(self, seed: int) -> Plan:
        """Return the plan to audit them all. Where some have no number any more, they are not the whole
        population."""
        method = Selection.HAND_PICKED if self.without_number else Selection.WHOLE_POPULATION
        return self._plan(self.cases, method, len(self.cases), seed)

    def share(self, percent: int, seed: int) -> Plan:
        """Return the plan to audit this percentage of them, drawn at random: to the nearest case, and at
        least 1."""
        size = share_of(len(self.cases), percent)
        return self._plan(self.cases, Selection.RANDOM, size, seed)

    def graded(self, grades: Collection[str], seed: int) -> Plan | None:
        """Return the plan to audit those with one of these overall grades; None where there are none."""
        wanted = [case for case in self.cases if case.grades & set(grades)]
        return self._plan(wanted, Selection.HAND_PICKED, len(wanted), seed) if wanted else None

    def _plan(self, cases: Sequence[EarlierCase], method: Selection, size: int, seed: int) -> Plan:
        is_whole_list = method is not Selection.HAND_PICKED and not self.without_number
        return Plan([case.listed for case in cases], method, size, seed, is_whole_list)


def cases_of(earlier: Cycle, on: date) -> EarlierCases:
    """Return the cases of the audits that count in a cycle; one that was audited several times is one."""
    counting = returned_that_count(earlier, standings(on, working_days()))
    query = (
        select(Audit.id, Audit.case_folded, Audit.case_reference, Team.name)
        .join(Team, Team.id == Audit.team_id)
        .where(Audit.id.in_(counting))
        .order_by(Audit.returned_on, Audit.id)
    )
    rows = db.session.execute(query).all()
    grades = overall_grades([audit for audit, *_ in rows], on) if earlier.tool.overall else {}
    cases: dict[str, EarlierCase] = {}
    for audit, case, number, team in rows:
        if case is None or number is None:
            continue
        listed = cases[case].listed if case in cases else ListedCase(number, team)
        before = cases[case].grades if case in cases else frozenset()
        cases[case] = EarlierCase(listed, before | ({grades[audit]} if audit in grades else frozenset()))
    without_number = sum(case is None or number is None for _, case, number, _ in rows)
    return EarlierCases(list(cases.values()), without_number)


def refuse(earlier: Cycle, cases: EarlierCases, on: date) -> str | None:
    """Return why the cases of a cycle cannot be audited again; None when they can."""
    if not earlier.is_closed(on):
        return f"Cycle {earlier.reference} is still open. Close it before you audit its cases again."
    if cases.cases:
        return None
    if cases.without_number:
        return f"The case numbers of cycle {earlier.reference} have been removed, so its cases are not known"
    return f"Cycle {earlier.reference} has no returned audits, so it has no cases to audit again"


def left_out(cases: EarlierCases) -> str | None:
    """Return how many audits are left out for want of a case number; None where none is."""
    number = cases.without_number
    if not number:
        return None
    has = "its case number has" if number == 1 else "their case numbers have"
    return f"{counted(number, 'audit')} {plural(number, 'is', 'are')} left out, because {has} been removed"


def mark(plan: Plan) -> str:
    """Return the mark of a plan that a page shows: the same cases, drawn in the same way."""
    words = [plan.method, str(plan.size), str(plan.seed), str(plan.is_whole_list)]
    lines = [f"{case.reference}\t{case.team}" for case in plan.order()]
    return sha256("\n".join(words + lines).encode()).hexdigest()


def details_of(earlier: Cycle, reference: str, title: str, requested_on: date, due_on: date) -> Details:
    """Return the fields of the new cycle: those of the earlier one, but for its days and its report."""
    return Details(
        reference=reference,
        title=title,
        theme=earlier.theme,
        tool_id=earlier.tool_id,
        requested_on=requested_on,
        due_on=due_on,
        cut_off_on=None,
        reported_on=None,
        reported_to=earlier.reported_to,
        comparable_with=earlier.reference,
        audits_again=earlier.reference,
        hide_up_to=earlier.hide_up_to,
        moderated_share=earlier.moderated_share,
        auditors=earlier.auditors,
        self_assessment=earlier.self_assessment,
        expected_per_auditor=earlier.expected_per_auditor,
        agencies=tuple(earlier.agencies),
        respond_to_id=earlier.respond_to_id,
        workers=earlier.workers,
    )


def ask_again(details: Details, plan: Plan, *, by: Person, on: date) -> tuple[Cycle, int]:
    """Create the cycle, keep the draw of its cases and request their audits; return it with their number.

    Raises Refused, and has then done nothing, where one of these cannot be.
    """
    with transaction():
        cycle = cycles.create(details, by=by)
        draws.keep(cycle.reference, plan, by=by, on=on)
        return cycle, request_drawn(cycle.reference, by, on)
