"""The returns of cases in cycles with agencies: how many audits of a case are in, which cases are complete.

A case is complete when all its returns that were not withdrawn are in. A case is told from another by the
reference of its first audit, never by its number.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, Subquery, and_, func, or_, select, tuple_

from app.audits.agencies import TOGETHER
from app.audits.cycle import Agency, Cycle, CycleAgency
from app.audits.facts import with_facts
from app.audits.models import Audit
from app.audits.standing import Standing, Standings
from app.audits.tallies import Tally
from app.database import db


@dataclass(frozen=True)
class CaseReturns:
    """The returns of a case. `called` is the reference of its first audit; `wanted` were not withdrawn."""

    called: str
    returned: int
    wanted: int

    @property
    def is_complete(self) -> bool:
        return 0 < self.wanted == self.returned

    def __str__(self) -> str:
        """Return "4 of 6 in"; "all 6 in" of a complete case."""
        return f"all {self.wanted} in" if self.is_complete else f"{self.returned} of {self.wanted} in"


@dataclass(frozen=True)
class Cases:
    """The cases of a cycle that are not withdrawn as a whole, and those of them that are complete."""

    all: int = 0
    complete: int = 0


def has_agency() -> ColumnElement[bool]:
    """Return the condition of an audit in a cycle with agencies."""
    return or_(Audit.agency_id.is_not(None), Audit.is_together)


def of_agency(
    cycle: Cycle, agency: str | None, rows: type[Audit] | type[Tally] = Audit
) -> ColumnElement[bool]:
    """Return the condition of an audit of one agency of a cycle, or with `together` of a case's meeting; with
    None, of an audit without an agency."""
    return and_(
        rows.agency_id.is_not_distinct_from(cycle.agency_id(agency)),
        rows.is_together.is_(agency == TOGETHER),
    )


def _by_case(standings: Standings) -> Select[int, str | None, str, int, int]:
    """Return the query of the cases in cycles with agencies."""
    return (
        select(
            Audit.cycle_id,
            Audit.case_folded,
            func.min(Audit.reference).label("called"),
            standings.number(Standing.RETURNED).label("returned"),
            (func.count() - standings.number(Standing.WITHDRAWN)).label("wanted"),
        )
        .where(has_agency(), Audit.case_folded.is_not(None))
        .group_by(Audit.cycle_id, Audit.case_folded)
    )


def by_case(standings: Standings) -> Subquery:
    """Return the cases as a table of a query: cycle_id, case_folded, called, returned, wanted."""
    return _by_case(standings).correlate(None).subquery("cases")


def in_complete_case(standings: Standings) -> ColumnElement[bool]:
    """Return the condition of an audit whose case is complete."""
    cases = by_case(standings)
    complete = select(cases.c.cycle_id, cases.c.case_folded).where(
        cases.c.wanted > 0, cases.c.wanted == cases.c.returned
    )
    return and_(has_agency(), tuple_(Audit.cycle_id, Audit.case_folded).in_(complete))


def of_audits(ids: Iterable[int], standings: Standings) -> dict[int, CaseReturns]:
    """Return the returns of the cases of these audits, by audit id; without those that have no agency."""
    wanted = list(ids)
    if not wanted:
        return {}
    of_page = select(Audit.id, Audit.cycle_id, Audit.case_folded).where(Audit.id.in_(wanted), has_agency())
    cases_of = {row.id: (row.cycle_id, row.case_folded) for row in db.session.execute(of_page)}
    numbers = {case for _, case in cases_of.values() if case is not None}
    if not numbers:
        return {}
    query = _by_case(standings).where(
        Audit.cycle_id.in_({cycle for cycle, _ in cases_of.values()}), Audit.case_folded.in_(numbers)
    )
    returns = {
        (row.cycle_id, row.case_folded): CaseReturns(row.called, row.returned, row.wanted)
        for row in db.session.execute(query)
    }
    return {audit_id: returns[key] for audit_id, key in cases_of.items() if key in returns}


def audits_of_case(audit: Audit) -> Sequence[Audit]:
    """Return the other audits of an audit's case in its cycle, by reference, with what their facts need;
    none for an audit without an agency."""
    if audit.agency is None or audit.case_folded is None:
        return []
    others = select(Audit.id).where(
        Audit.cycle_id == audit.cycle_id, Audit.case_folded == audit.case_folded, Audit.id != audit.id
    )
    return sorted(with_facts(db.session.scalars(others)), key=lambda other: other.reference)


def meeting_of(cycle_id: int, case_folded: str | None, other_than: int | None = None) -> str | None:
    """Return the reference of the meeting of a case in a cycle that was not withdrawn; None while there is
    none, other than the audit of that id."""
    query = select(Audit.reference).where(
        Audit.cycle_id == cycle_id,
        Audit.is_together,
        Audit.withdrawn_on.is_(None),
        Audit.case_folded == case_folded,
    )
    if other_than is not None:
        query = query.where(Audit.id != other_than)
    return db.session.scalar(query.limit(1)) if case_folded else None


def cases_of_cycle(cycle_id: int, standings: Standings) -> Cases:
    """Return how many cases a cycle with agencies has, and how many of them are complete."""
    rows = db.session.execute(_by_case(standings).where(Audit.cycle_id == cycle_id))
    returns = [CaseReturns(row.called, row.returned, row.wanted) for row in rows if row.wanted]
    return Cases(len(returns), sum(each.is_complete for each in returns))


@dataclass(frozen=True)
class AgencyReturns:
    """The returns of an agency in a cycle, or with `together` those of its cases' meetings."""

    agency: str
    returned: int
    wanted: int


def returns_by_agency(cycle_id: int, standings: Standings) -> Sequence[AgencyReturns]:
    """Return the returns of each agency of a cycle in its order, and last those of the meetings, if any."""
    numbers = (
        standings.number(Standing.RETURNED).label("returned"),
        (func.count() - standings.number(Standing.WITHDRAWN)).label("wanted"),
    )
    query = select(Audit.agency_id, *numbers).where(Audit.cycle_id == cycle_id, has_agency())
    found = {
        agency_id: (returned, wanted)
        for agency_id, returned, wanted in db.session.execute(query.group_by(Audit.agency_id))
    }
    agencies = select(Agency.id, Agency.name).join(CycleAgency).where(CycleAgency.cycle_id == cycle_id)
    named: list[tuple[int | None, str]] = [
        (row.id, row.name) for row in db.session.execute(agencies.order_by(CycleAgency.position))
    ]
    if None in found:
        named.append((None, TOGETHER))
    return [AgencyReturns(name, *found.get(agency_id, (0, 0))) for agency_id, name in named]
