"""The day that a report or the findings of a cycle are asked for."""

from datetime import date

from flask import abort
from wtforms import ValidationError

from app.audits.cycle import Cycle
from app.clock import today
from app.moves.day_asked import AskedDateField, DayAsked, day_in_address
from app.wording import in_words
from app.working_days import months_later

MONTHS_AHEAD = 3
"""The months ahead up to which a paper can be dated: it goes into a meeting to come."""


def refuse_day(cycle: Cycle, on: date) -> str | None:
    """Return why nothing can be told of a cycle as of a day, in one sentence: it was not requested yet, or
    the day is too far ahead. A paper is dated with its meeting, which is mostly still to come."""
    latest = months_later(today(), MONTHS_AHEAD)
    if on > latest:
        return f"Date must be {in_words(latest)} or earlier"
    if on < cycle.requested_on:
        return (
            f"Date must be on or after {in_words(cycle.requested_on)}, when the audits of cycle "
            f"{cycle.reference} were requested"
        )
    return None


class DayOfCycle(DayAsked):
    """The form that asks for a day from the request date of a cycle to 3 months ahead."""

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
