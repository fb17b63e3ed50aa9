"""The life of a remedy: its state on a day, and the changes that the state allows. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app import due_dates
from app.working_days import WorkingDays, happened


class RemedyState(StrEnum):
    """The state of a remedy on a day."""

    OPEN = "open"
    OVERDUE = "overdue"
    DONE = "done"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class RemedyFacts:
    """The days that the state follows from."""

    raised_on: date
    due_on: date
    done_on: date | None = None
    withdrawn_on: date | None = None


def state(facts: RemedyFacts, on: date, days: WorkingDays) -> RemedyState:
    """Return the state: withdrawn, else done, else overdue (it is late), else open."""
    if happened(facts.withdrawn_on, on):
        return RemedyState.WITHDRAWN
    if happened(facts.done_on, on):
        return RemedyState.DONE
    return RemedyState.OVERDUE if days.is_late(facts.due_on, on) else RemedyState.OPEN


def how_overdue(facts: RemedyFacts, on: date, days: WorkingDays) -> str:
    """Return "by 2 working days" for a remedy that is overdue; nothing for any other."""
    overdue = state(facts, on, days) is RemedyState.OVERDUE
    return due_dates.how_overdue(facts.due_on, on, days) if overdue else ""


def refuse_change(facts: RemedyFacts, on: date, days: WorkingDays) -> str | None:
    """Return why nothing of it can be changed any more, in a sentence; None while it is open."""
    match state(facts, on, days):
        case RemedyState.DONE:
            return "This remedy is done, so you cannot change it"
        case RemedyState.WITHDRAWN:
            return "This remedy was withdrawn, so you cannot change it"
    return None


def refuse_later_day(due_on: date, to: date, on: date, days: WorkingDays) -> str | None:
    """Return why the due day cannot be moved to this day; None where it can."""
    if to <= due_on:
        return f"New due date must be after the current due date, {due_dates.in_words(due_on, days)}"
    if to < on:
        return "New due date must be today or in the future"
    return None
