"""The forms of drawing cases: read and checked here, carried out by moves.py."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    FileField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from app.audits.selection import Selection
from app.moves.day_field import DayField
from app.moves.forms import WholeNumber, stripped
from app.sampling.moves import REASONS
from app.sampling.seeded_draw import LARGEST_SEED

METHODS = (
    (Selection.RANDOM, "Random: every case has the same chance"),
    (Selection.STRATIFIED, "Stratified: at random within each team, in proportion to its cases"),
    (Selection.HAND_PICKED, "Hand-picked: you chose the cases in the list, all are taken"),
    (Selection.WHOLE_POPULATION, "Whole population: all cases in the list are taken"),
)
"""The ways of choosing cases, with their labels."""


class DrawForm(FlaskForm):  # type: ignore[misc]
    """A list of cases, and how to draw from it."""

    file = FileField("Or send the list as a file")
    cases = TextAreaField("Case numbers, one on each line")
    team = SelectField("Team of the lines without one", [Optional()])
    is_whole_list = BooleanField("The list holds every case that could have been chosen")
    method = RadioField(
        "How are the cases chosen?",
        [InputRequired("Choose how the cases are chosen.")],
        choices=[(method.value, words) for method, words in METHODS],
    )
    size = IntegerField("How many cases", [WholeNumber(1, 10_000, needed=False)])
    points = IntegerField("Or how precise, in points either way", [WholeNumber(1, 50, needed=False)])
    seed = IntegerField("Seed", [WholeNumber(0, LARGEST_SEED)])
    shown = HiddenField()
    """The mark of the draw that was previewed; empty before the first preview."""


class ReplaceForm(FlaskForm):  # type: ignore[misc]
    """The reason why a drawn case cannot be audited."""

    reason = RadioField(
        "Why can it not be audited?",
        [InputRequired("Choose why the case cannot be audited.")],
        choices=[(reason, reason.capitalize()) for reason in REASONS],
    )
    words = StringField(
        "In your words (optional, except for “other”)",
        [Length(max=200, message="Use 200 characters or fewer.")],
        description=(
            "The report counts the reason alone. Do not name a child or parent, or give a case number."
        ),
        filters=[stripped],
    )


class ReplaceRequestedForm(ReplaceForm):
    """The same form for a case that has an audit: the stand-in gets one, too."""

    due_on = DayField("Due day of the stand-in’s audit")


def filled(form: DrawForm, **values: Any) -> None:
    """Put values into fields, for the page to show."""
    for name, value in values.items():
        form[name].process_data(value)
        form[name].raw_data = None
