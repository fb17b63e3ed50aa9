"""The day that a page is asked for, `?on=`: in three fields of its form, or as one date in its address."""

from datetime import date

from flask import abort, request
from flask_wtf import FlaskForm
from wtforms import ValidationError

from app.clock import today
from app.moves.fields import DateField
from app.moves.typed_dates import parts_of
from app.working_days import FIRST_YEAR, LAST_YEAR


class AskedDateField(DateField):
    """A date in three fields, or as 2010-12-22 in one."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if len(valuelist) != 1:
            super().process_formdata(valuelist)
            return
        self.parts, self.data = (valuelist[0], "", ""), None
        if valuelist[0]:
            day = _read(valuelist[0])
            if day is None:
                raise ValueError(f"{self.subject} must be a real date, such as 27 3 2027")
            self.parts, self.data = parts_of(day), day


class DayAsked(FlaskForm):  # type: ignore[misc]
    """The form that asks for the day of a page. It is sent by GET, so it carries no token."""

    class Meta:
        csrf = False

    on = AskedDateField("Date", needed=False)

    def __init__(self) -> None:
        super().__init__(formdata=request.args)
        if "on" in request.args:
            self.validate()

    @property
    def day(self) -> date | None:
        """Return the day that was asked for; None where none was, or what was asked for is wrong."""
        day: date | None = self.on.data
        return None if self.on.errors else day


class DayToCome(DayAsked):
    """The form that asks for today or a later day."""

    def validate_on(self, field: AskedDateField) -> None:
        """Refuse a day that has passed."""
        if field.data is not None and field.data < today():
            raise ValidationError(f"{field.subject} must be today or in the future")


class DayGone(DayAsked):
    """The form that asks for today or an earlier day."""

    def validate_on(self, field: AskedDateField) -> None:
        """Refuse a day that is still to come."""
        if field.data is not None and field.data > today():
            raise ValidationError(f"{field.subject} must be today or in the past")


def day_in_address() -> date | None:
    """Return the day in the address of a file or a move; None where it has none.

    An address with anything but a date is not found.
    """
    if "on" not in request.args:
        return None
    return _read(request.args["on"]) or abort(404)


def day_or_today() -> date:
    """Return the day in the address, today where it has none."""
    return day_in_address() or today()


def _read(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None
