"""The forms of cycles: read and checked here, carried out by moves.py."""

import re
from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, SelectField, StringField
from wtforms.validators import (
    InputRequired,
    Optional,
    ValidationError,
)

from app.audits.cycle import MODERATED_SHARE, Cycle
from app.audits.selection import Selection
from app.cycles import queries
from app.cycles.moves import Changes, Details
from app.moves.day_field import DayField
from app.moves.forms import WholeNumber, day_needed, text_field
from app.small_numbers import HIDE_UP_TO, MOST_HIDDEN


class EditForm(FlaskForm):  # type: ignore[misc]
    """The form of what can be changed while a cycle is open."""

    title = text_field("Title")
    theme = text_field("Theme")
    due_on = DayField("Due day", [day_needed])
    cut_off_on = DayField("Cut-off day")
    reported_on = DayField("Reporting day")
    reported_to = text_field("Reported to", needed=False)
    selection = SelectField(
        "How the cases are chosen",
        [Optional()],
        choices=[("", "Not stated"), *((way.value, way.value.capitalize()) for way in Selection)],
    )
    population = IntegerField("Cases to choose from", [WholeNumber(1, 1_000_000, needed=False)])
    comparable_with = SelectField("Comparable with", [Optional()])
    hide_up_to = IntegerField("Hide small numbers up to", [WholeNumber(0, MOST_HIDDEN)], default=HIDE_UP_TO)
    moderated_share = IntegerField(
        "Share to be moderated, in per cent", [WholeNumber(0, 100)], default=MODERATED_SHARE
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cycle = kwargs.get("obj")
        self._begins_on: date | None = cycle.requested_on if cycle else None
        others = queries.comparable_to(cycle)
        self.comparable_with.choices = [("", "No other cycle"), *others]

    def validate_due_on(self, field: DayField) -> None:
        self._not_before_request(field)

    def validate_cut_off_on(self, field: DayField) -> None:
        self._not_before_request(field)
        if field.data and self.due_on.data and field.data < self.due_on.data:
            raise ValidationError("The cut-off day cannot be before the due day.")

    def _not_before_request(self, field: DayField) -> None:
        begins_on = self.begins_on
        if field.data and begins_on and field.data < begins_on:
            label = field.label.text.lower()
            raise ValidationError(f"The {label} cannot be before the audits are requested.")

    @property
    def begins_on(self) -> date | None:
        """Return the day on which the audits are requested, if it is known."""
        return self._begins_on

    def changes(self) -> Changes:
        """Return the values that were entered."""
        return Changes(**self._entered())

    def _entered(self) -> dict[str, Any]:
        return {
            "title": self.title.data,
            "theme": self.theme.data,
            "due_on": self.due_on.data,
            "cut_off_on": self.cut_off_on.data,
            "reported_on": self.reported_on.data,
            "reported_to": self.reported_to.data or None,
            "selection": self.selection.data or None,
            "population": self.population.data,
            "comparable_with": self.comparable_with.data or None,
            "hide_up_to": self.hide_up_to.data,
            "moderated_share": self.moderated_share.data,
        }


class NewForm(EditForm):
    """The form of a new cycle."""

    reference = text_field("Reference", 60)
    tool = SelectField("Audit tool", [InputRequired("Choose the audit tool.")])
    requested_on = DayField("Request day", [day_needed])

    def validate_reference(self, field: StringField) -> None:
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", field.data or ""):
            raise ValidationError("Use only letters, digits, dots and hyphens, such as 2027-1.")
        if (field.data or "").lower() == "new":
            raise ValidationError("This word has another meaning here. Choose another reference.")

    @property
    def begins_on(self) -> date | None:
        requested_on: date | None = self.requested_on.data
        return requested_on

    def details(self) -> Details:
        """Return the values that were entered."""
        return Details(
            **self._entered(),
            reference=self.reference.data or "",
            tool_id=int(self.tool.data),
            requested_on=self.requested_on.data,
        )


class CloseForm(FlaskForm):  # type: ignore[misc]
    """The form that closes a cycle: the last day that counts, and the confirmation."""

    cut_off_on = DayField("Cut-off day", [day_needed])
    confirmed = BooleanField("I understand that this cannot be undone")

    def __init__(self, *args: Any, cycle: Cycle, on: date, **kwargs: Any) -> None:
        self._first, self._last = cycle.requested_on, min(cycle.closed_on or on, on)
        cut_off_on = min(cycle.cut_off_on or self._last, self._last)
        super().__init__(*args, data={"cut_off_on": cut_off_on}, **kwargs)

    def validate_cut_off_on(self, field: DayField) -> None:
        if field.data and not self._first <= field.data <= self._last:
            raise ValidationError("The cut-off must be between the day of the request and the closing day.")

    def validate_confirmed(self, field: BooleanField) -> None:
        if not field.data:
            raise ValidationError("Tick the box to confirm that you want to close this cycle.")
