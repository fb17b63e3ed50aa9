"""The forms of quick wins: they check that the input is complete, and moves carry it out."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length

from app.moves.day_field import DayField
from app.moves.forms import (
    ONE_PERSON,
    MoveForm,
    PersonField,
    WholeNumber,
    day_needed,
    line_field,
    stripped,
    words_field,
)
from app.people.roles import RoleName
from app.quick_wins.life import MOVED, NOT_KNOWN, NOT_MOVED

NO_CASE = "No case, no child, no family: everybody in the audience reads it."


class PlanForm(MoveForm):
    """The message, audience and days of a quick win; for a finding also the owner of its action."""

    subject = line_field(
        "Subject",
        "Enter the subject.",
        "Few words that say what it is about, such as “Evidence that the child was seen”.",
    )
    message = words_field(
        "What to record", "Say what is to be recorded.", hint=f"One or two sentences. {NO_CASE}"
    )
    where = words_field("Where to record it (optional)", hint="The system and the form or field.")
    example = words_field("An example of a good note (optional)", hint=f"Make one up. {NO_CASE}")
    why = words_field("Why it matters (optional)", hint="The figure that showed it, without blame.")
    link = StringField(
        "Link to guidance (optional)",
        [Length(max=500, message="Use 500 characters or fewer.")],
        description="A whole address, such as https://council.example/guidance",
        filters=[stripped],
    )
    question = SelectField("Question whose figure should move", coerce=str)
    roles = SelectMultipleField(
        "Who gets it?",
        [InputRequired("Choose at least one role.")],
        choices=[(role.value, role.value.capitalize()) for role in RoleName],
        coerce=str,
    )
    teams = SelectMultipleField("Only in these teams (optional)", coerce=int)
    starts_on = DayField("First day", [day_needed], description="The next working day, where it is none.")
    every_working_days = IntegerField("Working days from one message to the next", [WholeNumber(1, 260)])
    times = IntegerField("How many messages", [WholeNumber(1, 52)])
    owner = PersonField("Owner of its action (optional)", description=ONE_PERSON, coerce=str)
    due_on = DayField(
        "Due day of its action (optional)", description="Without an owner and a due day it is a draft."
    )
    shown = HiddenField()
    """The hash of the preview that the person saw; empty before the first one."""


class MovedForm(MoveForm):
    """The answer to whether the figure moved."""

    moved = RadioField(
        "Did the figure move?",
        [InputRequired("Say whether the figure moved.")],
        choices=[
            (MOVED, "Yes"),
            (NOT_MOVED, "No: turn it into a change of process with an owner"),
            (NOT_KNOWN, "Not known yet"),
        ],
    )
    said = words_field("What shows it? (optional)", hint="Such as “20 of 25 in the check of April”.")


class QuickCheckForm(FlaskForm):  # type: ignore[misc]
    """The questions, files, teams and due day of a quick check."""

    questions = SelectMultipleField(
        "What does it ask?", [InputRequired("Choose at least one question.")], coerce=str
    )
    files = IntegerField("How many files", [WholeNumber(1, 500)])
    teams = SelectMultipleField("Only files of these teams (optional)", coerce=int)
    due_on = DayField("Due day", [day_needed], description="A check of a few files can be done in two weeks.")
    shown = HiddenField()
    """The hash of the preview that the person saw; empty before the first one."""


def fill(form: FlaskForm, **values: Any) -> None:
    """Set fields to these values for the page that is shown next."""
    for name, value in values.items():
        form[name].process_data(value)
        form[name].raw_data = None
