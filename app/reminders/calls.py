"""The calls to make: what the first page of a coordinator lists and their weekly message counts."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, exists, false, or_

from app.audits.models import Assignment, Chase
from app.audits.standing import held_on
from app.concerns.responses_open import OpenResponse
from app.outbox.names import CALLS
from app.reminders.due import RESPONSE
from app.reminders.ladder_book import LadderBook
from app.reminders.ladders import COORDINATORS, Ladder, bands
from app.working_days import WorkingDays

CALLED_LATELY = 5
"""Working days for which a chase by hand takes an audit off the calls to make."""


def call_due_until(ladder: Ladder, on: date, days: WorkingDays) -> date | None:
    """Return the latest due day whose call a ladder has reached; None for a ladder without calls."""
    reached = bands(ladder, COORDINATORS, CALLS, on, days)
    return reached[-1].until if reached else None


def responses_to_call(
    responses: Iterable[OpenResponse], book: LadderBook, on: date, days: WorkingDays
) -> list[OpenResponse]:
    """Return those open responses whose ladder has reached the call; nobody logs a chase of these."""
    until = call_due_until(book.general[RESPONSE], on, days)
    return [response for response in responses if until is not None and response.due_on <= until]


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

    Its ladder has reached the call, somebody has the audit, and nobody has chased them by hand lately.
    """
    reached = [
        and_(cycle_id == number, due_on <= until)
        for number in cycle_ids
        if (until := call_due_until(book.for_audits_of(number), on, days)) is not None
    ]
    assigned = exists().where(Assignment.audit_id == audit_id, held_on(on))
    since = days.offset(on, -CALLED_LATELY)
    called = exists().where(Chase.audit_id == audit_id, Chase.day > since, Chase.day <= on)
    return and_(or_(false(), *reached), assigned, ~called)
