"""The day that a report or the findings of a cycle are asked for."""

from datetime import date

from flask import abort
from wtforms import ValidationError

from app.audits.cycle import Cycle
from app.clock import today
from app.moves.day_asked import AskedDateField, DayAsked, day_in_address
from app.wording import in_words


def refuse_day(cycle: Cycle, on: date) -> str | None:
    """Return why nothing can be told of a cycle as of a day, in one sentence: it was not requested yet, or
    the day is still to come."""
    if on > today():
        return "Date must be today or in the past"
    if on < cycle.requested_on:
        return (
            f"Date must be on or after {in_words(cycle.requested_on)}, when the audits of cycle "
            f"{cycle.reference} were requested"
        )
    return None


class DayOfCycle(DayAsked):
    """The form that asks for a day from the request date of a cycle to today."""

    def __init__(self, cycle: Cycle) -> None:
        self.cycle = cycle
        super().__init__()

    def validate_on(self, field: AskedDateField) -> None:
        """Refuse a day of which nothing can be told."""
        if field.data is not None and (why := refuse_day(self.cycle, field.data)):
            raise ValidationError(why)


def day_of(cycle: Cycle) -> date | None:
    """Return the day in the address of a file or a move; None where it has none.

    An address with a day of which nothing can be told is not found.
    """
    on = day_in_address()
    if on is not None and refuse_day(cycle, on):
        abort(404)
    return on
