"""The forms of one audit's moves: read and checked for completeness here, carried out by the moves."""

from app.assigning.forms import case_number_field, override_field
from app.audits.chasing import CHANNELS
from app.audits.lifecycle import DECLINE_REASONS
from app.moves.fields import NO_CHILD, ChoiceField, DateField, LineField, OwnerField, RadiosField, WordsField
from app.moves.forms import MoveForm
from app.wording import capitalised

DECLINE_LABELS = {
    "conflict": "I know the family, or I am not independent of the case",
    "leave": "I am on leave",
    "capacity": "I do not have the time",
}


class AssignForm(MoveForm):
    """The form that assigns auditors."""

    lead = ChoiceField("Lead auditor", named="a lead auditor")
    second = ChoiceField("Second auditor", named="a second auditor")
    override_reason = override_field()


class AssignOneForm(MoveForm):
    """The form that assigns an auditor where one is enough."""

    lead = ChoiceField("Auditor", named="an auditor")
    second = ChoiceField(
        "Second auditor (optional)",
        hint="A second auditor confirms what the auditor returns",
        needed=False,
    )
    override_reason = override_field()


class ReassignForm(MoveForm):
    """The form that replaces one auditor of an audit."""

    part = RadiosField("Which auditor do you want to replace?", named="the auditor to replace")
    to = ChoiceField("New auditor", named="a new auditor")
    because = WordsField("Why are you replacing them?", named="why you are replacing them")
    due_on = DateField("New due date (optional)", hint="Leave this blank to keep the due date", needed=False)
    override_reason = override_field()


class CannotForm(MoveForm):
    """The form with which an auditor declines."""

    reason = RadiosField(
        "Why can you not do this audit?",
        named="a reason",
        choices=[(reason, DECLINE_LABELS[reason]) for reason in DECLINE_REASONS],
    )
    said = WordsField(
        "Is there anything the coordinator should know? (optional)",
        named="what the coordinator should know",
        hint=f"Only coordinators can read this. {NO_CHILD}",
        needed=False,
    )


class SendBackForm(MoveForm):
    """The form that sends a return back."""

    because = WordsField("What is missing?", named="what is missing")
    due_on = DateField("New due date")


class ExtendForm(MoveForm):
    """The form of a later due date."""

    due_on = DateField("New due date")
    because = WordsField("Why is more time needed?", named="why more time is needed")


class PromiseForm(MoveForm):
    """The form of the date by which an auditor says that an audit will be back."""

    promised_on = DateField("When will it be back?", named="the date when it will be back")


READ_BY_AUDITORS = f"The auditors of the audit can read this. {NO_CHILD}"


class ReasonForm(MoveForm):
    """The form of a reason alone."""

    because = WordsField("Reason", named="a reason", hint=READ_BY_AUDITORS)


class ExemptForm(MoveForm):
    """The form of an exemption and its approval."""

    because = WordsField(
        "Why is this audit exempt?",
        named="why this audit is exempt",
        hint="Only coordinators can read this",
    )
    approved_by = LineField(
        "Who approved it?",
        has_names=True,
        named="who approved it",
        hint="Name and job title, such as “Harriet Vance, Head of Service”",
    )


class NotReturnedForm(MoveForm):
    """The form of the reason for not returning, and a note."""

    reason = ChoiceField("Reason", needed=False)
    note = WordsField("Note (optional)", hint="Only coordinators can read this", needed=False)


class CaseNumberForm(MoveForm):
    """The form of a corrected case number."""

    case_reference = case_number_field()
    because = WordsField(
        "Why was the case number wrong?",
        named="why the case number was wrong",
        hint=f"The history shows this, but neither of the case numbers. {NO_CHILD}",
    )


class NameWorkerForm(MoveForm):
    """The form that names the worker of the case."""

    worker = OwnerField("Worker of the case", named="the worker of the case", needed=False)
    override_reason = override_field()


class ChaseForm(MoveForm):
    """The form of a chase: the coordinator's own sentence."""

    sentence = WordsField(
        "Your message",
        named="your message",
        hint="Your message appears in the email with your name. The email already says which audit it is, "
        f"when it is due and what to do if they cannot do it. {NO_CHILD}",
    )


class LogChaseForm(MoveForm):
    """The form that logs a chase made by hand."""

    day = DateField("When did you contact them?", named="the date of the contact")
    channel = RadiosField(
        "How did you contact them?",
        named="how you contacted them",
        choices=[(channel, capitalised(channel)) for channel in CHANNELS],
    )
    with_whom = LineField(
        "Who did you speak to? (optional)", has_names=True, named="who you spoke to", needed=False
    )
    outcome = WordsField(
        "What was the outcome? (optional)", named="the outcome", hint=READ_BY_AUDITORS, needed=False
    )
    new_expected_on = DateField("New expected date (optional)", needed=False)
