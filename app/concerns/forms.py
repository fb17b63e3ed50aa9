"""The forms of concerns: read and checked for completeness here, carried out by the moves."""

from flask_wtf import FlaskForm

from app.moves.day_field import DayField
from app.moves.forms import MoveForm, choice_field, day_needed, line_field, words_field


class AlertForm(FlaskForm):  # type: ignore[misc]
    """The form of an alert: the phone call that the auditor made."""

    whom = line_field("Who did you tell?", "Say who you told.", "Name and post, or “duty team”.")
    when = line_field("When?", "Say when you told them.", "Such as “today, 14:20”.")
    how = line_field("How?", "Say how you told them.", "Such as “by telephone, 01270 555 010”.")
    answer = words_field(
        "What did they say they would do?",
        "Say what they answered.",
        hint="Do not name a child or parent, or give a case number.",
    )


class AcknowledgeForm(FlaskForm):  # type: ignore[misc]
    """The form that acknowledges an alert."""

    said = words_field(
        "What are you doing about it?",
        "Say what you are doing about it.",
        hint="Everybody who was told reads this. Do not name a child or parent, or give a case number.",
    )


class NoteForm(FlaskForm):  # type: ignore[misc]
    """The form of a new remedy."""

    text = words_field(
        "What must be put right on this child’s file?",
        "Say what must be put right.",
        hint="Such as “The chronology stops in June”. Do not name a child or parent, or give a case number.",
    )
    due_on = DayField("Due day", [day_needed])
    owner = choice_field("Who puts it right?", "Choose who puts it right.", coerce=str)


class DoneForm(MoveForm):
    """The form that says how it was put right."""

    how = words_field(
        "How was it put right?",
        "Say how it was put right.",
        hint="Do not name a child or parent, or give a case number.",
    )


class LaterForm(MoveForm):
    """The form of a later due day."""

    due_on = DayField("New due day", [day_needed])
    because = words_field("Why does it need longer?", "Say why it needs longer.")


class WithdrawForm(MoveForm):
    """The form that withdraws a remedy."""

    because = words_field("Why?", "Say why.")


class OwnerForm(MoveForm):
    """The form that names another owner."""

    owner = choice_field("Who puts it right?", "Choose who puts it right.", coerce=str)
