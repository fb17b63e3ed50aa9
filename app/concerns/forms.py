"""The forms of concerns: read and checked for completeness here, carried out by the moves."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from app.audits.forms import words_field
from app.cycles.forms import stripped


def line_field(label: str, missing: str, hint: str) -> Any:
    """One line of text that is needed."""
    checks = [InputRequired(missing), Length(max=200, message="Use 200 characters or fewer.")]
    return StringField(label, checks, description=hint, filters=[stripped])


class AlertForm(FlaskForm):  # type: ignore[misc]
    """What an auditor who is worried about a child has done."""

    whom = line_field("Who did you tell?", "Say who you told.", "Name and post, or “duty team”.")
    when = line_field("When?", "Say when you told them.", "Such as “today, 14:20”.")
    how = line_field("How?", "Say how you told them.", "Such as “by telephone, 01270 555 010”.")
    answer = words_field(
        "What did they say they would do?",
        "Say what they answered.",
        hint="Do not name a child or parent, or give a case number.",
    )


class AcknowledgeForm(FlaskForm):  # type: ignore[misc]
    """Somebody takes an alert over."""

    said = words_field(
        "What are you doing about it?",
        "Say what you are doing about it.",
        hint="Everybody who was told reads this. Do not name a child or parent, or give a case number.",
    )
