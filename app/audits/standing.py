"""The standing of audits on a day, as conditions of the database.

The rules of lifecycle.py and returns.py become ranges, so that a list of 100,000 audits is filtered by index:
with `WorkingDays.latest_late` "overdue" is one range of due days. The same conditions hold for tallies, from
which audits are counted without being read (tallies.py).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple, cast

from sqlalchemy import (
    ColumnElement,
    Date,
    and_,
    case,
    exists,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    text,
    true,
)

from app.audits.cycle import Cycle
from app.audits.models import LACKING, Assignment, Audit, LiftedExemption, Return
from app.audits.parts import LEAD, PARTS, SECOND
from app.audits.tallies import AuditorTally, Tally
from app.database import db
from app.working_days import WorkingDays, happened, monday


class Standing(StrEnum):
    """A filter of a list. The first seven divide all audits; the others cut across them."""

    REQUESTED = "requested"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in progress"
    OVERDUE = "overdue"
    RETURNED = "returned"
    NOT_RETURNED = "not returned"
    WITHDRAWN = "withdrawn"
    OPEN = "open"
    DUE_THIS_WEEK = "due this week"
    TO_CONFIRM = "to confirm"
    WITHOUT_AUDITORS = "without auditors"
    HALF_A_PAIR = "half a pair"
    AFTER_CUT_OFF = "returned after the cut-off"

    @property
    def of_open_ones(self) -> bool:
        """True where every audit of it is open, False where none is."""
        return self in _OF_OPEN_ONES

    @property
    def words(self) -> str:
        """Return the words that people read; the value is what addresses have."""
        return _WORDS.get(self, str(self))


_OF_OPEN_ONES = {
    Standing.REQUESTED,
    Standing.ASSIGNED,
    Standing.IN_PROGRESS,
    Standing.OVERDUE,
    Standing.OPEN,
    Standing.DUE_THIS_WEEK,
    Standing.WITHOUT_AUDITORS,
    Standing.HALF_A_PAIR,
}

_WORDS = {Standing.HALF_A_PAIR: "has only one auditor"}


class SentBack(NamedTuple):
    """A return that was sent back: the ids of its audit and of its row, and its days."""

    audit_id: int
    return_id: int
    returned_on: date
    confirmed_on: date | None


@dataclass(frozen=True)
class Standings:
    """The conditions of one day."""

    on: date
    overdue_until: date
    """The latest due day that is overdue."""
    due_until: date
    """The latest due day that has come."""
    this_week_until: date
    """The latest due day that falls in this week; one at the weekend counts as next Monday."""
    closed_cycles: tuple[int, ...]
    cycles_for_one: tuple[int, ...]
    """The cycles that need one auditor for each audit."""
    facts_ahead: bool
    """True where files brought facts of a later day. Without any, the index of outstanding audits serves."""
    spells_ahead: bool = True
    """True where an auditor began or ended after the day. Without any, each audit says who it has."""
    sent_back: tuple[SentBack, ...] = ()
    """The returns that held on the day and were sent back after it: none on most days."""
    exempt_then: tuple[int, ...] = ()
    """The audits that were exempt on the day, and no longer after it: none on most days."""
    rows: type[Audit] | type[Tally] = Audit
    """The rows that the conditions are about."""

    @property
    def is_of_now(self) -> bool:
        """True where tallies have all that the day's standing follows from."""
        return not (self.facts_ahead or self.spells_ahead or self.sent_back or self.exempt_then)

    def tallied(self) -> "Standings":
        """Return the conditions about tallies where the day's standing follows from them; else about
        audits."""
        return replace(self, rows=Tally) if self.is_of_now else self

    def open_of_auditors(self) -> ColumnElement[bool]:
        """Return the condition of being open, about the tallies of auditors."""
        # these have all that being open follows from
        return replace(self, rows=cast("type[Tally]", AuditorTally)).open()

    def all(self) -> ColumnElement[int]:
        """Return the number of audits, as a column of a query of the rows."""
        return func.count() if self.rows is Audit else func.coalesce(func.sum(Tally.number), 0)

    def where(self, standing: Standing) -> ColumnElement[bool]:
        """Return the condition of one standing."""
        return _CONDITIONS[standing](self)

    def number(self, standing: Standing) -> ColumnElement[int]:
        """Return the number of audits of one standing, as a column of a query that groups them."""
        if self.rows is Audit:
            return func.count(case((self.where(standing), 1)))
        return func.coalesce(func.sum(case((self.where(standing), Tally.number))), 0)

    def returned(self) -> ColumnElement[bool]:
        """Return the condition of a return that counts."""
        return and_(self._came_back(), not_(self._after_cut_off()))

    def not_returned(self) -> ColumnElement[bool]:
        """Return the condition of coming back after the cut-off, of exemption, or of a closed cycle."""
        return or_(
            self.after_cut_off(),
            and_(self.outstanding(), or_(self._in_closed_cycle(), self.exempt())),
        )

    def after_cut_off(self) -> ColumnElement[bool]:
        """Return the condition of coming back after the cut-off: kept, and counted as not returned."""
        return and_(self._came_back(), self._after_cut_off())

    def withdrawn(self) -> ColumnElement[bool]:
        """Return the condition of being withdrawn by that day."""
        return and_(self.rows.withdrawn_on.is_not(None), self.rows.withdrawn_on <= self.on)

    def open(self) -> ColumnElement[bool]:
        """Return the condition of being neither returned nor withdrawn nor exempt, in a cycle not closed."""
        return and_(
            self.outstanding(),
            # "not in" rather than "in": no index can serve it, so the one ordered by due day does
            not_(self._in_closed_cycle()),
            not_(self.exempt()),
        )

    def exempt(self) -> ColumnElement[bool]:
        """Return the condition of being exempt on that day, also where the exemption was taken back later."""
        exempt = and_(self.rows.exempted_on.is_not(None), self.rows.exempted_on <= self.on)
        return or_(exempt, Audit.id.in_(self.exempt_then)) if self.exempt_then else exempt

    def outstanding(self) -> ColumnElement[bool]:
        """Return the condition of being neither returned nor withdrawn."""
        if not self.facts_ahead and not self.sent_back:
            return and_(self.rows.returned_on.is_(None), self.rows.withdrawn_on.is_(None))
        not_returned = or_(self.rows.returned_on.is_(None), self.rows.returned_on > self.on)
        if self.sent_back:
            not_returned = and_(not_returned, not_(self.was_sent_back()))
        return and_(not_returned, not_(self.withdrawn()))

    def was_sent_back(self) -> ColumnElement[bool]:
        """Return the condition of a return that held on the day and was sent back after it."""
        return Audit.id.in_([each.audit_id for each in self.sent_back])

    def returned_on(self) -> ColumnElement[date | None]:
        """Return the day of the return that held, for audits that had come back."""
        if not self.sent_back:
            return self.rows.returned_on.expression
        then = {each.audit_id: literal(each.returned_on, Date) for each in self.sent_back}
        return case(then, value=Audit.id, else_=Audit.returned_on)

    def confirmed(self) -> ColumnElement[bool]:
        """Return the condition of being confirmed by the second auditor by that day."""
        confirmed = and_(self.rows.confirmed_on.is_not(None), self.rows.confirmed_on <= self.on)
        then = [each.audit_id for each in self.sent_back if happened(each.confirmed_on, self.on)]
        return or_(confirmed, Audit.id.in_(then)) if then else confirmed

    def _came_back(self) -> ColumnElement[bool]:
        came_back = self.rows.returned_on <= self.on
        if self.sent_back:
            came_back = or_(came_back, self.was_sent_back())
        return and_(came_back, not_(self.withdrawn()))

    def _in_closed_cycle(self) -> ColumnElement[bool]:
        return self.rows.cycle_id.in_(self.closed_cycles) if self.closed_cycles else false()

    def _after_cut_off(self) -> ColumnElement[bool]:
        after = self.returned_on() > Cycle.last_counting_day_of()
        closed = exists().where(Cycle.id == self.rows.cycle_id, Cycle.closed_by(self.on), after)
        return closed.correlate(self.rows)

    def overdue(self) -> ColumnElement[bool]:
        """Return the condition of being open after the due day."""
        return and_(self.open(), self.rows.due_on <= self.overdue_until)

    def not_yet_due(self) -> ColumnElement[bool]:
        """Return the condition of being open before the due day."""
        return and_(self.open(), self.rows.due_on > self.due_until)

    def due_this_week(self) -> ColumnElement[bool]:
        """Return the condition of being open, and due from this day to the end of the week."""
        return and_(self._open_in_time(), self.rows.due_on <= self.this_week_until)

    def in_progress(self) -> ColumnElement[bool]:
        """Return the condition of being started, and not overdue."""
        return and_(self._open_in_time(), self.rows.started_on <= self.on)

    def assigned(self) -> ColumnElement[bool]:
        """Return the condition of being assigned, not started, and not overdue."""
        return and_(self._open_in_time(), self._not_started(), self._has_auditor())

    def requested(self) -> ColumnElement[bool]:
        """Return the condition of being neither assigned nor started, and not overdue."""
        return and_(self._open_in_time(), self._not_started(), self._lacks(), not_(self._has_auditor()))

    def to_confirm(self) -> ColumnElement[bool]:
        """Return the condition of a return that its second auditor has yet to confirm, in an open cycle."""
        return and_(self.unconfirmed(), not_(self._in_closed_cycle()))

    def unconfirmed(self) -> ColumnElement[bool]:
        """Return the condition of a return made in the product that its second auditor did not confirm.

        A return from a file lacks nothing: whoever wrote the file knows whether it was confirmed.
        """
        return and_(
            self._came_back(),
            self.rows.returned_in_product,
            not_(self.confirmed()),
            self._has(SECOND),
        )

    def without_auditors(self) -> ColumnElement[bool]:
        """Return the condition of being open without an auditor."""
        return and_(self.open(), self._lacks(), not_(self._has_auditor()))

    def half_a_pair(self) -> ColumnElement[bool]:
        """Return the condition of being open with one auditor, while another is still needed."""
        has_lead, has_second = map(self._has, PARTS)
        lacks_second = and_(has_lead, not_(has_second))
        if self.cycles_for_one:
            lacks_second = and_(lacks_second, self.rows.cycle_id.not_in(self.cycles_for_one))
        return and_(self.open(), self._lacks(), or_(lacks_second, and_(has_second, not_(has_lead))))

    def lacking(self) -> ColumnElement[bool]:
        """Return the condition of being open without an auditor whom it needs, of one or of two."""
        # said of all at once, so that the index of those that lack one serves
        return and_(self.open(), self._lacks(), or_(self.without_auditors(), self.half_a_pair()))

    def _open_in_time(self) -> ColumnElement[bool]:
        return and_(self.open(), self.rows.due_on > self.overdue_until)

    def _not_started(self) -> ColumnElement[bool]:
        return or_(self.rows.started_on.is_(None), self.rows.started_on > self.on)

    def _has_auditor(self) -> ColumnElement[bool]:
        if self.spells_ahead:
            return self._held()
        return or_(self._has(LEAD), self._has(SECOND))

    def _has(self, part: str) -> ColumnElement[bool]:
        if self.spells_ahead:
            return self._held(Assignment.part == part)
        return (self.rows.has_lead if part == LEAD else self.rows.has_second).is_(True)

    def _held(self, *further: ColumnElement[bool]) -> ColumnElement[bool]:
        return exists().where(Assignment.audit_id == Audit.id, held_on(self.on), *further).correlate(Audit)

    def _lacks(self) -> ColumnElement[bool]:
        """Return the condition of lacking an auditor, in the words of the index of those that do."""
        if self.spells_ahead or self.rows is Tally:
            return true()
        return cast("ColumnElement[bool]", text(f"({LACKING})"))


_CONDITIONS: dict[Standing, Callable[[Standings], ColumnElement[bool]]] = {
    Standing.REQUESTED: Standings.requested,
    Standing.ASSIGNED: Standings.assigned,
    Standing.IN_PROGRESS: Standings.in_progress,
    Standing.OVERDUE: Standings.overdue,
    Standing.RETURNED: Standings.returned,
    Standing.NOT_RETURNED: Standings.not_returned,
    Standing.WITHDRAWN: Standings.withdrawn,
    Standing.OPEN: Standings.open,
    Standing.DUE_THIS_WEEK: Standings.due_this_week,
    Standing.TO_CONFIRM: Standings.to_confirm,
    Standing.WITHOUT_AUDITORS: Standings.without_auditors,
    Standing.HALF_A_PAIR: Standings.half_a_pair,
    Standing.AFTER_CUT_OFF: Standings.after_cut_off,
}


def held_on(on: date) -> ColumnElement[bool]:
    """Return the condition for spells that hold on a day: begun, and neither declined nor reassigned."""
    return and_(
        Assignment.person_id.is_not(None),
        Assignment.assigned_on <= on,
        or_(Assignment.ended_on.is_(None), Assignment.ended_on > on),
    )


def standings(on: date, days: WorkingDays) -> Standings:
    """Return the conditions of a day, in two queries; in more where a return was sent back, or an exemption
    taken back, later."""
    sunday = monday(on) + timedelta(days=6)
    is_closed, is_for_one = Cycle.closed_by(on), Cycle.auditors == 1
    query = select(Cycle.id, is_closed.label("is_closed"), is_for_one.label("is_for_one"))
    special = db.session.execute(query.where(or_(is_closed, is_for_one))).all()
    later = _later_facts(on)
    return Standings(
        on=on,
        overdue_until=days.latest_late(on),
        due_until=days.latest_reaching(on, 0),
        this_week_until=days.latest_reaching(sunday, 0),
        closed_cycles=tuple(cycle.id for cycle in special if cycle.is_closed),
        cycles_for_one=tuple(cycle.id for cycle in special if cycle.is_for_one),
        facts_ahead=later.are_ahead,
        spells_ahead=later.of_auditors,
        sent_back=_sent_back(on) if later.send_back else (),
        exempt_then=_exempt_then(on) if later.lift else (),
    )


class _Later(NamedTuple):
    """The facts after a day: returns or withdrawals, auditors, returns sent back, exemptions taken back."""

    are_ahead: bool
    of_auditors: bool
    send_back: bool
    lift: bool


def _later_facts(on: date) -> _Later:
    """Return which facts there are after a day, in one query."""
    ahead = [
        select(Audit.id).where(fact > on).limit(1).exists()
        for fact in (Audit.returned_on, Audit.withdrawn_on)
    ]
    sent_back, lifted = (
        exists().where(Return.sent_back_on > on),
        exists().where(LiftedExemption.lifted_on > on),
    )
    spells = [
        select(Assignment.id).where(day > on).limit(1).exists()
        for day in (Assignment.assigned_on, Assignment.ended_on)
    ]
    return _Later(*map(bool, db.session.execute(select(or_(*ahead), or_(*spells), sent_back, lifted)).one()))


def _exempt_then(on: date) -> tuple[int, ...]:
    query = select(LiftedExemption.audit_id)
    held = query.where(LiftedExemption.exempted_on <= on, LiftedExemption.lifted_on > on)
    return tuple(db.session.scalars(held.distinct().order_by(LiftedExemption.audit_id)))


def _sent_back(on: date) -> tuple[SentBack, ...]:
    query = select(Return.audit_id, Return.id, Return.returned_on, Return.confirmed_on)
    held = query.where(Return.returned_on <= on, Return.sent_back_on > on).order_by(Return.id)
    return tuple(SentBack(*row) for row in db.session.execute(held))
