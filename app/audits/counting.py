"""The counts of audits by cycle, day, team and reason, and of their cases, as queries. The rule is in
returns.py. What tallies tell is counted from them.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, case, desc, func, not_, select

from app.audits.models import Assignment, Audit
from app.audits.returns import Returns
from app.audits.standing import Standing, Standings, held_on
from app.audits.tallies import AuditorTally
from app.database import db
from app.people.models import Team


def returns_by_cycle(standings: Standings, among: Collection[int] | None = None) -> dict[int, Returns]:
    """Return the counts of each cycle on the day, by cycle id, in one query; of all, or of those `among`
    which are asked for. A cycle without audits is not in it."""
    at = standings.tallied()
    query = select(
        at.rows.cycle_id,
        at.all().label("requested"),
        at.number(Standing.RETURNED).label("returned"),
        at.number(Standing.NOT_RETURNED).label("not_returned"),
        at.number(Standing.WITHDRAWN).label("withdrawn"),
        at.number(Standing.AFTER_CUT_OFF).label("after_cut_off"),
    ).group_by(at.rows.cycle_id)
    if among is not None:
        query = query.where(at.rows.cycle_id.in_(among))
    return {
        row.cycle_id: Returns(row.requested, row.returned, row.not_returned, row.withdrawn, row.after_cut_off)
        for row in db.session.execute(query)
        if row.requested
    }


def in_states(cycle_id: int, states: Collection[Standing], standings: Standings) -> list[int]:
    """Return the number of audits of a cycle in each of some states."""
    at = standings.tallied()
    query = select(*map(at.number, states)).where(at.rows.cycle_id == cycle_id)
    return list(db.session.execute(query).one())


def not_due_yet(cycle_id: int, standings: Standings) -> tuple[int, date | None]:
    """Return the number of open audits of a cycle that are not due yet, and the last of their due days."""
    at = standings.tallied()
    of_day = at.all().label("number")
    by_day = select(at.rows.due_on, of_day).where(at.rows.cycle_id == cycle_id, at.not_yet_due())
    # a day from which all were moved away may still have its tallies
    days = by_day.group_by(at.rows.due_on).having(of_day > 0).subquery()
    number, last = db.session.execute(select(func.sum(days.c.number), func.max(days.c.due_on))).one()
    return number or 0, last


def open_by_auditor(at: Standings) -> dict[int, int]:
    """Return the number of open audits that each auditor has, by their id."""
    if at.is_of_now:
        number = func.sum(AuditorTally.number)
        tallied = select(AuditorTally.person_id, number).where(at.open_of_auditors())
        return dict(db.session.execute(tallied.group_by(AuditorTally.person_id).having(number > 0)).all())
    counted = select(Assignment.person_id, func.count()).join(Audit).where(held_on(at.on), at.open())
    by_person = db.session.execute(counted.group_by(Assignment.person_id))
    return {person_id: number for person_id, number in by_person if person_id is not None}


def returns_of(cycle_id: int, standings: Standings) -> Returns:
    """Return the counts of one cycle; all of them are 0 where nothing was requested."""
    return returns_by_cycle(standings, [cycle_id]).get(cycle_id, Returns())


def reasons_not_returned(cycle_id: int, standings: Standings) -> list[tuple[str, int]]:
    """Return the reasons why audits of a cycle were not returned, each with its number, the most frequent
    first.

    The numbers add up to `not_returned`. An exempt audit without a reason of its own has "exempt".
    """
    if in_states(cycle_id, [Standing.NOT_RETURNED], standings) == [0]:
        return []
    reason = func.coalesce(
        Audit.reason_not_returned,
        case((standings.exempt(), "exempt"), else_="no reason given"),
    ).label("reason")
    query = (
        select(reason, func.count().label("number"))
        .where(Audit.cycle_id == cycle_id, standings.where(Standing.NOT_RETURNED))
        .group_by("reason")
        .order_by(desc("number"), "reason")
    )
    return [(row.reason, row.number) for row in db.session.execute(query)]


def returned_by_day(cycle_id: int, standings: Standings) -> dict[date, int]:
    """Return the number of returns of a cycle that count, by day."""
    at = standings.tallied()
    day = at.returned_on().label("day")
    query = select(day, at.all()).where(at.rows.cycle_id == cycle_id, at.where(Standing.RETURNED))
    return {day: number for day, number in db.session.execute(query.group_by(day)) if day and number}


def cases_by_team(cycle_id: int) -> dict[str, int]:
    """Return the number of different cases of each team among the audits of a cycle, withdrawn ones too. An
    audit whose case number has been removed is taken for a case of its own."""
    unnumbered = func.count().filter(Audit.case_folded.is_(None))
    query = (
        select(Team.name, func.count(Audit.case_folded.distinct()) + unnumbered)
        .join(Audit, Audit.team_id == Team.id)
        .where(Audit.cycle_id == cycle_id)
    )
    return dict(db.session.execute(query.group_by(Team.name)).all())


def states_by_team(cycle_id: int, standings: Standings) -> dict[str, dict[str, int]]:
    """Return the numbers of each team's audits that are returned, open, overdue, not returned and withdrawn.

    Each audit is in one of them: overdue audits are not among the open.
    """
    at = standings.tallied()
    query = (
        select(
            Team.name,
            at.number(Standing.RETURNED).label("returned"),
            at.number(Standing.OPEN).label("open"),
            at.number(Standing.OVERDUE).label("overdue"),
            at.number(Standing.NOT_RETURNED).label("not_returned"),
            at.number(Standing.WITHDRAWN).label("withdrawn"),
        )
        .join(at.rows, at.rows.team_id == Team.id)
        .where(at.rows.cycle_id == cycle_id)
        .group_by(Team.name)
        .having(at.all() > 0)
        .order_by(Team.name)
    )
    return {
        row.name: {
            "returned": row.returned,
            "open": row.open - row.overdue,
            "overdue": row.overdue,
            "not returned": row.not_returned,
            "withdrawn": row.withdrawn,
        }
        for row in db.session.execute(query)
    }


def different_cases(*audits: ColumnElement[bool]) -> int:
    """Return the number of different cases among audits that fulfil these conditions."""
    return db.session.scalars(select(_different(and_(*audits)))).one()


@dataclass(frozen=True)
class DifferentCases:
    """The different cases of the audits of a cycle: of those that count, and of all not withdrawn."""

    counting: int
    requested: int


def cases_of(cycle_id: int, standings: Standings) -> DifferentCases:
    """Return how many different cases the audits of a cycle are about."""
    of_cycle = Audit.cycle_id == cycle_id
    requested = different_cases(of_cycle, not_(standings.where(Standing.WITHDRAWN)))
    if in_states(cycle_id, [Standing.RETURNED], standings) == [0]:
        return DifferentCases(0, requested)
    return DifferentCases(different_cases(of_cycle, standings.where(Standing.RETURNED)), requested)


def _different(audits: ColumnElement[bool]) -> ColumnElement[int]:
    """Return the number of different cases among these audits, as a column. An audit whose case number has
    been removed is taken for a case of its own."""
    number = Audit.case_folded
    # distinct rows rather than a count of distinct values: the index has them in order
    numbered = select(number).where(audits, number.is_not(None)).distinct().subquery()
    unnumbered = select(func.count()).select_from(Audit).where(audits, number.is_(None))
    return select(func.count()).select_from(numbered).scalar_subquery() + unnumbered.scalar_subquery()
