"""The forms of requesting and assigning."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from app.moves.day_field import DayField
from app.moves.forms import LONGEST_TEXT, choice_field, day_needed, stripped

INDEPENDENT_ALL_THE_SAME = "Reason for an auditor who is not independent"


def override_field() -> Any:
    """Make the field of the reason why somebody audits a case that they are not independent of."""
    return StringField(
        INDEPENDENT_ALL_THE_SAME,
        [Length(max=LONGEST_TEXT, message=f"Use {LONGEST_TEXT} characters or fewer.")],
        description="Only needed for a case of their own team, or one they declared a conflict with.",
        filters=[stripped],
    )


class RequestForm(FlaskForm):  # type: ignore[misc]
    """The form of an audit that is requested by hand."""

    reference = StringField(
        "Reference",
        [InputRequired("Enter the reference."), Length(max=60, message="Use 60 characters or fewer.")],
        description="What people will call it, in messages too. Never the case number.",
        filters=[stripped],
    )
    case_reference = StringField(
        "Case number",
        [InputRequired("Enter the case number."), Length(max=60, message="Use 60 characters or fewer.")],
        description="The child’s number in the record system. "
        "Only the pair, coordinators and moderators see it.",
        filters=[stripped],
    )
    team = choice_field("Team of the case", "Choose the team of the case.", coerce=str)
    due_on = DayField("Due day", [day_needed])
