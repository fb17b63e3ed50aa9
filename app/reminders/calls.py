"""The calls to make: what the first page of a coordinator lists and their weekly message counts."""

from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, exists, false, or_, select

from app.audits.models import Assignment, Chase
from app.audits.promising import not_back, promised_among
from app.audits.standing import held_on
from app.concerns.models import CalledResponse
from app.concerns.responses_open import OpenResponse
from app.database import db
from app.outbox.names import CALLS
from app.reminders.due import RESPONSE
from app.reminders.ladder_book import LadderBook
from app.reminders.ladders import COORDINATORS, Ladder, bands
from app.reminders.models import CallMade
from app.reminders.things import OwnedThing, owned_things
from app.working_days import WorkingDays

CALLED_LATELY = 5
"""Working days for which a call takes an audit off the calls to make."""


def call_due_until(ladder: Ladder, on: date, days: WorkingDays) -> date | None:
    """Return the latest due day whose call a ladder has reached; None for a ladder without calls."""
    reached = bands(ladder, COORDINATORS, CALLS, on, days)
    return reached[-1].until if reached else None


def responses_to_call(
    responses: Iterable[OpenResponse], book: LadderBook, on: date, days: WorkingDays
) -> list[OpenResponse]:
    """Return those open responses whose ladder has reached the call, and about which nobody called lately."""
    until = call_due_until(book.general[RESPONSE], on, days)
    reached = [response for response in responses if until is not None and response.due_on <= until]
    if not reached:
        return []
    lately = not_called(RESPONSE, CalledResponse.id, on, days)
    query = select(CalledResponse.id).where(CalledResponse.id.in_([one.id for one in reached]), lately)
    to_call = set(db.session.scalars(query))
    return [response for response in reached if response.id in to_call]


def not_called(
    kind: str, obligation_id: SQLColumnExpression[int], on: date, days: WorkingDays
) -> ColumnElement[bool]:
    """Return the condition that nobody called in the last 5 working days about a thing besides audits."""
    since = days.offset(on, -CALLED_LATELY)
    return ~exists().where(
        CallMade.obligation_kind == kind,
        CallMade.obligation_id == obligation_id,
        CallMade.day > since,
        CallMade.day <= on,
    )


def owned_to_call(book: LadderBook, on: date, days: WorkingDays) -> dict[OwnedThing, date]:
    """Return, of each thing with one owner, the latest due day whose call its ladder has reached."""
    until = {thing: call_due_until(book.general[thing.ladder], on, days) for thing in owned_things()}
    return {thing: day for thing, day in until.items() if day is not None}


def is_to_call(
    audit_id: SQLColumnExpression[int],
    cycle_id: SQLColumnExpression[int],
    due_on: SQLColumnExpression[date],
    cycle_ids: Iterable[int],
    book: LadderBook,
    on: date,
    days: WorkingDays,
) -> ColumnElement[bool]:
    """Return the condition that an open audit of one of these cycles is a call to make.

    Its ladder has reached the call, somebody has the audit, it is not promised for a day to come, and nobody
    has chased them by hand lately: on the day of that step or since. An earlier chase is not the call that
    the step asks for.
    """
    cycles: dict[Ladder, list[int]] = {}
    for number in cycle_ids:
        cycles.setdefault(book.for_audits_of(number), []).append(number)
    first = days.offset(on, -CALLED_LATELY) + timedelta(days=1)
    lately = [first + timedelta(days=n) for n in range((on - first).days + 1)]
    reached = []
    for ladder, of_cycles in cycles.items():
        for band in bands(ladder, COORDINATORS, CALLS, on, days):
            in_band = [due_on <= band.until, *([due_on > band.after] if band.after else [])]
            offset = band.step.offset
            made = [and_(Chase.day == day, due_on <= days.latest_reaching(day, offset)) for day in lately]
            called = exists().where(Chase.audit_id == audit_id, Chase.made_by(on), or_(false(), *made))
            reached.append(and_(cycle_id.in_(of_cycles), *in_band, ~called))
    assigned = exists().where(Assignment.audit_id == audit_id, held_on(on))
    promised = promised_among(not_back(), on)
    return and_(or_(false(), *reached), assigned, audit_id.not_in(promised))
