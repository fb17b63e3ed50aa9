"""The forms of one audit's moves: read and checked for completeness here, carried out by the moves."""

from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired

from app.assigning.forms import override_field
from app.audits.chasing import CHANNELS
from app.audits.lifecycle import DECLINE_REASONS
from app.moves.day_field import DayField
from app.moves.forms import MoveForm, choice_field, day_needed, line_field, words_field

DECLINE_LABELS = {
    "conflict": "I know the family, or I am not independent of the case",
    "leave": "I am on leave",
    "capacity": "I do not have the time",
}


class AssignForm(MoveForm):
    """The form that assigns auditors."""

    lead = choice_field("Lead auditor", "Choose the lead auditor.", coerce=str)
    second = choice_field("Second auditor", "Choose the second auditor.", coerce=str)
    override_reason = override_field()


class ReassignForm(MoveForm):
    """The form that gives one part to another auditor."""

    part = RadioField("Which part?", [InputRequired("Choose which part changes hands.")], coerce=str)
    to = choice_field("New auditor", "Choose the new auditor.", coerce=str)
    because = words_field("Why?", "Say why somebody else does it.")
    due_on = DayField("New due day", description="Leave it empty to keep the due day.")
    override_reason = override_field()


class CannotForm(MoveForm):
    """The form with which an auditor declines."""

    reason = RadioField(
        "Why can you not do it?",
        [InputRequired("Choose a reason.")],
        choices=[(reason, DECLINE_LABELS[reason]) for reason in DECLINE_REASONS],
    )
    said = words_field(
        "Anything the coordinator should know (optional)",
        hint="Only coordinators read this. Do not name a child or parent, or give a case number.",
    )


class SendBackForm(MoveForm):
    """The form that sends a return back."""

    because = words_field(
        "What is missing?",
        "Say what is missing.",
        hint="Both auditors get this by email now. Do not name a child or parent, or give a case number.",
    )
    due_on = DayField("New due day", [day_needed])


class ExtendForm(MoveForm):
    """The form of a later due day."""

    due_on = DayField("New due day", [day_needed])
    because = words_field("Why does it need longer?", "Say why it needs longer.")


class ReasonForm(MoveForm):
    """The form of a reason alone."""

    because = words_field("Why?", "Say why.")


class ExemptForm(MoveForm):
    """The form of an exemption and its approval."""

    because = words_field("Why?", "Say why it is exempt.", hint="Only coordinators read this.")
    approved_by = line_field(
        "Who approved it?",
        "Say who approved it.",
        "Name and post, such as “Harriet Vance, Head of Service”.",
    )


class NotReturnedForm(MoveForm):
    """The form of the reason for not returning, and a note."""

    reason = SelectField("Reason", coerce=str)
    note = words_field("Note", hint="Only coordinators read this.")


class ChaseForm(MoveForm):
    """The form of a chase: the coordinator's own sentence."""

    sentence = words_field(
        "Your message",
        "Write a sentence of your own.",
        hint="It stands in the email under your name. The email already says which audit, the due day and "
        "how to say that it cannot be done. Do not name a child or parent, or give a case number.",
    )


class LogChaseForm(MoveForm):
    """The form that logs a chase made by hand."""

    day = DayField("Day", [day_needed])
    channel = RadioField(
        "How were they chased?",
        [InputRequired("Choose how they were chased.")],
        choices=[(channel, channel.capitalize()) for channel in CHANNELS],
    )
    outcome = words_field("What came of it? (optional)")
    new_expected_on = DayField("New expected day (optional)")
