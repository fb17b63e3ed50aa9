"""The forms of one audit's moves: read and checked for completeness here, carried out by the moves."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.audits.assigning import DECLINE_REASONS
from app.audits.chasing import CHANNELS
from app.cycles.forms import day_needed, stripped
from app.day_field import DayField

LONGEST_TEXT = 2000

DECLINE_LABELS = {
    "conflict": "I know the family, or I am not independent of the case",
    "leave": "I am on leave",
    "capacity": "I do not have the time",
}
INDEPENDENT_ALL_THE_SAME = "Reason for an auditor who is not independent"


def words_field(label: str, missing: str | None = None, hint: str = "") -> Any:
    """Several lines of text; needed when there are words for their absence."""
    checks: list[Any] = [Length(max=LONGEST_TEXT, message=f"Use {LONGEST_TEXT} characters or fewer.")]
    if missing:
        checks.insert(0, InputRequired(missing))
    return TextAreaField(label, checks, description=hint, filters=[stripped])


def choice_field(label: str, missing: str, hint: str = "", **kwargs: Any) -> Any:
    """One of a list; its choices are set by the page unless they are given."""
    return SelectField(label, [InputRequired(missing)], description=hint, **kwargs)


def override_field() -> Any:
    """Why somebody audits a case that they are not independent of."""
    return StringField(
        INDEPENDENT_ALL_THE_SAME,
        [Length(max=LONGEST_TEXT, message=f"Use {LONGEST_TEXT} characters or fewer.")],
        description="Only needed for a case of their own team, or one they declared a conflict with.",
        filters=[stripped],
    )


class MoveForm(FlaskForm):  # type: ignore[misc]
    """A move of an audit; carries the version that the page showed."""

    version = HiddenField()

    @property
    def seen(self) -> int | None:
        """The version of the audit that the person saw."""
        given = str(self.version.data or "")
        return int(given) if given.isdecimal() else None


class AssignForm(MoveForm):
    """Who is to audit the case."""

    lead = choice_field("Lead auditor", "Choose the lead auditor.", coerce=str)
    second = choice_field("Second auditor", "Choose the second auditor.", coerce=str)
    override_reason = override_field()


class ReassignForm(MoveForm):
    """Who has one part from now on."""

    part = RadioField("Which part?", [InputRequired("Choose which part changes hands.")], coerce=str)
    to = choice_field("New auditor", "Choose the new auditor.", coerce=str)
    because = words_field("Why?", "Say why somebody else does it.")
    due_on = DayField("New due day", description="Leave it empty to keep the due day.")
    override_reason = override_field()


class CannotForm(MoveForm):
    """An auditor says that they cannot do it."""

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
    """What is missing, and until when."""

    because = words_field(
        "What is missing?",
        "Say what is missing.",
        hint="Both auditors get this by email now. Do not name a child or parent, or give a case number.",
    )
    due_on = DayField("New due day", [day_needed])


class ExtendForm(MoveForm):
    """A later due day."""

    due_on = DayField("New due day", [day_needed])
    because = words_field("Why does it need longer?", "Say why it needs longer.")


class ReasonForm(MoveForm):
    """Why something ends."""

    because = words_field("Why?", "Say why.")


class ExemptForm(MoveForm):
    """Why it is exempt, and who approved."""

    because = words_field("Why?", "Say why it is exempt.", hint="Only coordinators read this.")
    approved_by = StringField(
        "Who approved it?",
        [InputRequired("Say who approved it."), Length(max=200, message="Use 200 characters or fewer.")],
        description="Name and post, such as “Harriet Vance, Head of Service”.",
        filters=[stripped],
    )


class NotReturnedForm(MoveForm):
    """Why it has not come back, and a note."""

    reason = SelectField("Reason", coerce=str)
    note = words_field("Note", hint="Only coordinators read this.")


class ChaseForm(MoveForm):
    """The coordinator's own sentence."""

    sentence = words_field(
        "Your message",
        "Write a sentence of your own.",
        hint="It stands in the email under your name. The email already says which audit, the due day and "
        "how to say that it cannot be done. Do not name a child or parent, or give a case number.",
    )


class LogChaseForm(MoveForm):
    """What somebody did by hand."""

    day = DayField("Day", [day_needed])
    channel = RadioField(
        "How were they chased?",
        [InputRequired("Choose how they were chased.")],
        choices=[(channel, channel.capitalize()) for channel in CHANNELS],
    )
    outcome = words_field("What came of it? (optional)")
    new_expected_on = DayField("New expected day (optional)")


class RequestForm(FlaskForm):  # type: ignore[misc]
    """One audit, requested by hand."""

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
