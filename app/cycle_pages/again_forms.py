"""The form that asks for the cases of an earlier cycle again: which of them, and the new cycle."""

from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField
from wtforms.validators import ValidationError

from app.cycles.forms import check_reference
from app.moves.fields import DateField, LineField, NumberField, RadiosField, TicksField
from app.sampling.seeded_draw import LARGEST_SEED

ALL, SHARE, GRADES = "all", "share", "grades"

WHICH = (
    (ALL, "All of them"),
    (SHARE, "A random share of them"),
    (GRADES, "Those with certain overall grades"),
)
"""The ways of choosing among the cases of the earlier cycle, with their labels."""


class AgainForm(FlaskForm):  # type: ignore[misc]
    """The form of which cases are audited again, and of the cycle that does: reference, title and days."""

    which = RadiosField(
        "Which cases do you want to audit again?",
        named="which cases to audit again",
    )
    share = NumberField(
        "Percentage of the cases",
        1,
        99,
        hint="Only for a random share. For example, 20.",
        needed=False,
    )
    seed = NumberField(
        "Seed",
        0,
        LARGEST_SEED,
        hint="Only for a random share. Any whole number. The draw can be repeated with it, and the report "
        "shows it.",
    )
    grades = TicksField(
        "Overall grades",
        named="at least one overall grade",
        hint="Only for certain overall grades",
        needed=False,
    )
    reference = LineField(
        "Reference of the new cycle",
        has_names=True,
        hint="A short name that no other cycle has, such as 2027-1. You cannot change it later.",
        longest=60,
    )
    title = LineField("Title", hint="For example, “Second look”")
    requested_on = DateField("Request date", hint="When auditors are asked to do the audits")
    due_on = DateField(
        "Due date",
        hint="When auditors must return the audits. If it is not a working day, the next working day counts.",
    )
    shown = HiddenField()
    """The mark of the cases that were shown; empty before the first time."""

    def __init__(self, grades: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.which.choices = [choice for choice in WHICH if grades or choice[0] != GRADES]
        self.grades.choices = [(grade, grade) for grade in grades]
        if not grades:
            del self.grades

    def validate_share(self, field: NumberField) -> None:
        if self.which.data == SHARE and field.data is None:
            raise ValidationError("Enter the percentage of the cases")

    def validate_reference(self, field: LineField) -> None:
        check_reference(field, example="2027-1")

    def validate_due_on(self, field: DateField) -> None:
        if field.data and self.requested_on.data and field.data < self.requested_on.data:
            raise ValidationError("Due date must be on or after the request date")
