"""The audits of the chase list, in its order, and their counts. The content of each row is in rows.py.

Queries read ids only, from indexes where they can, and counts come from tallies: of 100,000 open audits the
first page costs as much as of 100.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, func, not_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.audits.agencies import TOGETHER
from app.audits.case_returns import by_case, has_agency, in_complete_case
from app.audits.cycle import Agency, Cycle
from app.audits.models import Assignment, Audit, Chase
from app.audits.parts import SECOND
from app.audits.promising import not_back, promised_among
from app.audits.reminded import is_a_reminder
from app.audits.returns import Returns
from app.audits.standing import Standing, Standings, held_on
from app.audits.tallies import Tally
from app.database import db
from app.outbox.models import MessageItem
from app.people.models import Person, Team

PAGE = 50

SORTS: dict[
    str, Callable[[], ColumnElement[str] | InstrumentedAttribute[str] | InstrumentedAttribute[date]]
] = {
    "due": lambda: Audit.due_on,
    "reference": lambda: Audit.reference,
    "team": lambda: Team.name,
    "cycle": lambda: Cycle.reference,
    # the meetings of cases have no agency
    "agency": lambda: func.coalesce(Agency.name, TOGETHER),
}
"""The columns that the list can be sorted by, besides its own order: open ones first, the most overdue on
top."""

BY_CASE = "case"
"""The order in which the audits of a case follow each other, by the reference of the first of them."""


@dataclass(frozen=True)
class Asked:
    """The filters and the order of the list; None filters nothing."""

    cycle: str | None = None
    team: str | None = None
    auditor: str | None = None
    """The email of an auditor of the pair."""
    own: int | None = None
    """The id of the person whose audits alone may be shown, whatever the other filters are."""
    standing: Standing | None = None
    never_chased: bool = False
    can_be_chased: bool = False
    """True for the audits that have an auditor who works here."""
    promised: bool | None = None
    """True for the audits for which a promise holds, False for the others."""
    search: str | None = None
    """Part of a reference."""
    sort: str | None = None
    """A key of SORTS or BY_CASE, with a minus before it for the other way round."""
    agency: str | None = None
    """An agency, or `together` for the meetings of cases."""
    case: str | None = None
    """The reference of an audit, for all audits of its case in its cycle."""
    complete: bool | None = None
    """True for the audits of complete cases, False for those of others that have several returns."""


@dataclass(frozen=True)
class Counts:
    """The numbers of audits by standing."""

    returns: Returns
    due_this_week: int
    overdue: int
    to_confirm: int

    def of(self, standing: Standing | None) -> int | None:
        """Return the number with this standing (None: of all audits); None where it was not counted."""
        return {
            None: self.returns.requested,
            Standing.RETURNED: self.returns.returned,
            Standing.NOT_RETURNED: self.returns.not_returned,
            Standing.WITHDRAWN: self.returns.withdrawn,
            Standing.OPEN: self.returns.open,
            Standing.DUE_THIS_WEEK: self.due_this_week,
            Standing.OVERDUE: self.overdue,
            Standing.TO_CONFIRM: self.to_confirm,
        }.get(standing)


def counts(asked: Asked, standings: Standings) -> Counts:
    """Count the audits of this cycle, team and auditor by standing, in one query.

    State, search, "never chased" and "promised" do not narrow the counts, whose links lead from one state to
    another.
    """
    at = _counting(asked, standings)
    counted = (
        Standing.RETURNED,
        Standing.WITHDRAWN,
        Standing.OPEN,
        Standing.DUE_THIS_WEEK,
        Standing.OVERDUE,
        Standing.TO_CONFIRM,
    )
    numbers = (at.number(standing).label(standing.name.lower()) for standing in counted)
    query = select(at.all().label("requested"), *numbers).select_from(at.rows)
    row = db.session.execute(query.where(*_within(asked, at))).one()
    returns = Returns(
        requested=row.requested,
        returned=row.returned,
        # not counted by itself: every audit is in one of the four
        not_returned=row.requested - row.returned - row.withdrawn - row.open,
        withdrawn=row.withdrawn,
    )
    return Counts(returns, row.due_this_week, row.overdue, row.to_confirm)


def _counting(asked: Asked, standings: Standings, *further: object) -> Standings:
    """Return the conditions by which to count: about tallies, unless only the audits themselves tell what is
    asked."""
    by_audit = (asked.auditor, asked.own, asked.case, *further)
    return standings if any(one is not None for one in by_audit) else standings.tallied()


def _told_by_audits(asked: Asked) -> tuple[object, ...]:
    """Return the further filters of a list that tallies do not tell."""
    by_people = asked.never_chased or asked.can_be_chased or None
    return asked.search, asked.complete, by_people, asked.promised


def has_second(cycle: str | None) -> bool:
    """Return True where an audit of this cycle, or of any, has or had a second auditor."""
    of_cycle = () if cycle is None else (Cycle.called(cycle),)
    has = select(func.sum(Tally.number)).join(Cycle, Cycle.id == Tally.cycle_id)
    if db.session.scalar(has.where(Tally.has_second.is_(True), *of_cycle)):
        return True
    had = select(Assignment.id).join(Audit).join(Cycle, Cycle.id == Audit.cycle_id)
    had = had.where(Assignment.ended_on.is_not(None), Assignment.part == SECOND, *of_cycle)
    return bool(db.session.scalar(select(had.exists())))


def how_many(asked: Asked, standings: Standings) -> int:
    """Count the audits of the whole list."""
    at = _counting(asked, standings, *_told_by_audits(asked))
    return db.session.scalar(select(at.all()).select_from(at.rows).where(*_conditions(asked, at))) or 0


def ids(asked: Asked, standings: Standings, *, skip: int = 0, limit: int | None = PAGE) -> list[int]:
    """Return the ids of the audits of the list, in its order: `limit` of them after the first `skip`.

    In its own order the open audits come first by due day, then the rest, latest due day first.
    """
    where = _conditions(asked, standings)
    if asked.sort in ("team", "-team") and limit is not None and _is_tallied(asked, standings):
        return _team_by_team(asked, standings, where, skip, limit)
    if asked.sort:
        query = select(Audit.id).where(*where)
        by, is_descending = asked.sort.lstrip("-"), asked.sort.startswith("-")
        if by == BY_CASE and not _has_cases():
            # every audit is alone, and called by its own reference
            query = query.order_by(Audit.reference.desc() if is_descending else Audit.reference)
        elif by == BY_CASE:
            cases = by_case(standings)
            its_case = and_(cases.c.cycle_id == Audit.cycle_id, cases.c.case_folded == Audit.case_folded)
            called = func.coalesce(cases.c.called, Audit.reference)
            query = query.outerjoin(cases, its_case)
            query = query.order_by(called.desc() if is_descending else called, Audit.reference)
        else:
            query = query.order_by(*_order(asked.sort))
        if by == "team":
            query = query.join(Team)
        elif by == "cycle":
            query = query.join(Cycle)
        elif by == "agency":
            query = query.outerjoin(Audit.its_agency)
        return list(db.session.scalars(query.offset(skip).limit(limit)))
    return _open_first(asked, standings, where, skip, limit)


def _is_tallied(asked: Asked, standings: Standings) -> bool:
    return _counting(asked, standings, *_told_by_audits(asked)).rows is Tally


def _team_by_team(
    asked: Asked, standings: Standings, where: list[ColumnElement[bool]], skip: int, limit: int
) -> list[int]:
    """Return a page of the list sorted by team: the audits of those teams alone that are on it."""
    at = _counting(asked, standings, *_told_by_audits(asked))
    name = Team.name.desc() if (asked.sort or "").startswith("-") else Team.name
    teams = select(Team.id, at.all()).select_from(at.rows).join(Team, Team.id == at.rows.team_id)
    teams = teams.where(*_conditions(asked, at)).group_by(Team.id, Team.name).order_by(name)
    page: list[int] = []
    for team_id, number in db.session.execute(teams).all():
        if skip >= number:
            skip -= number
            continue
        theirs = select(Audit.id).where(*where, Audit.team_id == team_id)
        theirs = theirs.order_by(Audit.due_on, Audit.reference)
        page += db.session.scalars(theirs.offset(skip).limit(limit - len(page)))
        skip = 0
        if len(page) == limit:
            break
    return page


def _has_cases() -> bool:
    """Return True where several audits can be of one case: those of agencies, and of meetings."""
    of_case = Tally.agency_id.is_not(None) | Tally.is_together.is_(True)
    return bool(db.session.scalar(select(exists().where(of_case))))


def _open_first(
    asked: Asked, standings: Standings, where: list[ColumnElement[bool]], skip: int, limit: int | None
) -> list[int]:
    is_open = standings.where(Standing.OPEN)
    of_open_ones = asked.standing.of_open_ones if asked.standing else None
    page: list[int] = []
    number_open = 0
    if of_open_ones is not False:
        from_day, before = _day_of(asked, standings, skip)
        still_open = select(Audit.id).where(*where, *from_day, is_open)
        still_open = still_open.order_by(Audit.due_on, Audit.reference)
        page += db.session.scalars(still_open.offset(skip - before).limit(limit))
        if of_open_ones or (limit is not None and len(page) == limit):
            return page
        number_open = skip + len(page) if page or not skip else _number_open(asked, standings)
    rest = select(Audit.id).where(*where, not_(is_open)).order_by(Audit.due_on.desc(), Audit.reference)
    rest = rest.offset(max(0, skip - number_open))
    page += db.session.scalars(rest.limit(None if limit is None else limit - len(page)))
    return page


def _day_of(asked: Asked, standings: Standings, skip: int) -> tuple[list[ColumnElement[bool]], int]:
    """Return the condition of being due from the day on which a page of open audits begins, and the number of
    open ones due before it: a page deep in the list then costs what the first does."""
    at = _counting(asked, standings, *_told_by_audits(asked))
    if not skip or at.rows is Audit:
        return [], 0
    by_day = select(at.rows.due_on, at.all()).select_from(at.rows).group_by(at.rows.due_on)
    by_day = by_day.where(*_conditions(asked, at), at.where(Standing.OPEN)).order_by(at.rows.due_on)
    before = 0
    for due_on, number in db.session.execute(by_day):
        if before + number > skip:
            return [Audit.due_on >= due_on], before
        before += number
    return [], 0


def _number_open(asked: Asked, standings: Standings) -> int:
    at = _counting(asked, standings, *_told_by_audits(asked))
    query = select(at.all()).select_from(at.rows)
    return db.session.scalar(query.where(*_conditions(asked, at), at.where(Standing.OPEN))) or 0


def never_chased(on: date) -> ColumnElement[bool]:
    """Return the condition that nobody chased it by hand and no reminder of it reached an auditor of it."""
    by_hand = exists().where(Chase.audit_id == Audit.id, Chase.made_by(on))
    by_reminder = exists().where(
        MessageItem.obligation_id == Audit.id,
        is_a_reminder(on),
    )
    return and_(not_(by_hand.correlate(Audit)), not_(by_reminder.correlate(Audit)))


def can_be_chased(on: date) -> ColumnElement[bool]:
    """Return the condition that an audit has an auditor who has not left."""
    works_here = Person.leaving_on.is_(None) | (Person.leaving_on >= on)
    held = select(Assignment.audit_id).join(Person, Person.id == Assignment.person_id)
    return held.where(Assignment.audit_id == Audit.id, held_on(on), works_here).correlate(Audit).exists()


def _conditions(asked: Asked, standings: Standings) -> list[ColumnElement[bool]]:
    where = _within(asked, standings)
    if asked.standing:
        where.append(standings.where(asked.standing))
    if asked.complete is not None:
        complete = in_complete_case(standings)
        where.append(complete if asked.complete else and_(has_agency(), not_(complete)))
    if asked.never_chased:
        where.append(never_chased(standings.on))
    if asked.can_be_chased:
        where.append(can_be_chased(standings.on))
    if asked.promised is not None:
        promised = Audit.id.in_(promised_among(not_back(), standings.on))
        where.append(promised if asked.promised else not_(promised))
    if asked.search:
        where.append(Audit.reference.icontains(asked.search, autoescape=True))
    return where


def _within(asked: Asked, at: Standings) -> list[ColumnElement[bool]]:
    """Return the conditions for cycle, team and auditor. An unknown name matches no audit."""
    rows = at.rows
    where: list[ColumnElement[bool]] = []
    if asked.cycle is not None:
        cycle_id = db.session.scalar(select(Cycle.id).where(Cycle.called(asked.cycle)))
        where.append(_equals(rows.cycle_id, cycle_id))
    if asked.team is not None:
        team_id = db.session.scalar(select(Team.id).where(Team.called(asked.team)))
        where.append(_equals(rows.team_id, team_id))
    if asked.agency is not None:
        where.append(_of_agency(asked.agency, rows))
    if asked.case is not None:
        where.append(_of_case(asked.case))
    if asked.auditor is not None:
        person_id = db.session.scalar(select(Person.id).filter_by(email=asked.auditor.strip().lower()))
        where.append(_audited_by(person_id, at.on) if person_id else false())
    if asked.own is not None:
        where.append(_audited_by(asked.own, at.on))
    return where


def _equals(column: InstrumentedAttribute[Any], value: int | None) -> ColumnElement[bool]:
    return false() if value is None else column == value


def _of_agency(agency: str, rows: type[Audit] | type[Tally]) -> ColumnElement[bool]:
    if agency == TOGETHER:
        return rows.is_together.is_(True)
    return _equals(rows.agency_id, db.session.scalar(select(Agency.id).where(Agency.called(agency))))


def _of_case(reference: str) -> ColumnElement[bool]:
    """Return the condition of being an audit of the case of this audit, in its cycle."""
    found = db.session.execute(
        select(Audit.id, Audit.cycle_id, Audit.case_folded).where(Audit.called(reference))
    ).one_or_none()
    if found is None:
        return false()
    if found.case_folded is None:
        return _equals(Audit.id, found.id)
    its_case: ColumnElement[bool] = Audit.case_folded == found.case_folded
    return and_(Audit.cycle_id == found.cycle_id, its_case)


def _audited_by(person_id: int, on: date) -> ColumnElement[bool]:
    return Audit.id.in_(select(Assignment.audit_id).where(Assignment.person_id == person_id, held_on(on)))


def _order(sort: str) -> list[ColumnElement[str] | ColumnElement[date]]:
    by = SORTS[sort.lstrip("-")]()
    return [by.desc() if sort.startswith("-") else by.asc(), Audit.due_on.asc(), Audit.reference.asc()]
