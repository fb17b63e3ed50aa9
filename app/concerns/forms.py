"""The forms of concerns: read and checked for completeness here, carried out by the moves."""

from flask_wtf import FlaskForm

from app.moves.fields import NO_CHILD, ChoiceField, DateField, LineField, TicksField, WordsField
from app.moves.forms import MoveForm


class AlertForm(FlaskForm):  # type: ignore[misc]
    """The form of an alert: the phone call that the auditor made."""

    whom = LineField(
        "Who did you tell?", has_names=True, named="who you told", hint="Name and job title, or “duty team”"
    )
    when = LineField(
        "When did you tell them?", named="when you told them", hint="For example, “today, 2:20pm”"
    )
    how = LineField(
        "How did you tell them?",
        named="how you told them",
        hint="For example, “by phone, 01270 555 010”",
    )
    answer = WordsField(
        "What did they say they would do?", named="what they said they would do", hint=NO_CHILD
    )


class AcknowledgeForm(FlaskForm):  # type: ignore[misc]
    """The form that acknowledges an alert."""

    said = WordsField(
        "What are you doing about it?",
        named="what you are doing about it",
        hint=f"Everyone who got the alert can read this. {NO_CHILD}",
    )


class NoteForm(FlaskForm):  # type: ignore[misc]
    """The form of a new remedy."""

    text = WordsField(
        "What must be put right on this child’s file?",
        named="what must be put right",
        hint=f"For example, “The chronology stops in June”. {NO_CHILD}",
    )
    due_on = DateField("Due date")
    owner = ChoiceField("Who will put it right?", named="who will put it right")


class DoneForm(MoveForm):
    """The form that says how it was put right."""

    how = WordsField("How was it put right?", named="how it was put right", hint=NO_CHILD)


class LaterForm(MoveForm):
    """The form of a later due date."""

    due_on = DateField("New due date")
    because = WordsField("Why is more time needed?", named="why more time is needed")


class WithdrawForm(MoveForm):
    """The form that withdraws a remedy."""

    because = WordsField("Reason", named="a reason")


class OwnerForm(MoveForm):
    """The form that names another owner."""

    owner = ChoiceField("Who will put it right?", named="who will put it right")


class ResponseForm(MoveForm):
    """The form that answers a response for all who are asked."""

    done = WordsField(
        "What was done for the child, and when?",
        named="what was done for the child, and when",
        hint=f"If nothing needed to be done, say why. {NO_CHILD}",
    )
    remedies = TicksField(
        "Which of these remedies put it right?", named="the remedies that put it right", needed=False
    )
    dispute = WordsField(
        "If you disagree with the grade, why? (optional)",
        named="why you disagree with the grade",
        hint=f"A moderator who did not audit or moderate this case decides. All grades are kept. {NO_CHILD}",
        needed=False,
    )
