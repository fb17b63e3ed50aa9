"""The forms of recommendations and actions: they check that the input is complete, and moves carry it out."""

from typing import Any

from flask_wtf import FlaskForm

from app.actions.lifecycle import DECISIONS, EFFECTIVE, NOT_EFFECTIVE
from app.moves.fields import (
    ChoiceField,
    DateField,
    LineField,
    OwnerField,
    RadiosField,
    TicksField,
    WordsField,
)
from app.moves.forms import MoveForm
from app.wording import capitalised


class ProgressForm(MoveForm):
    """A line about progress."""

    line = LineField(
        "Progress",
        named="your progress",
        hint="One line is enough, such as “Room booked, invitations go out on Friday”",
        longest=300,
    )


class NewDateForm(MoveForm):
    """Another due date, with a reason."""

    due_on = DateField("New due date")
    because = WordsField("Why is the due date changing?", named="why the due date is changing")


class LaterForm(MoveForm):
    """A later due date that the owner asks for, with a reason."""

    due_on = DateField("New due date")
    because = WordsField("Why do you need a later date?", named="why you need a later date")


class FirstDayForm(MoveForm):
    """The first due date."""

    due_on = DateField("Due date")


class AnswerForm(MoveForm):
    """The answer to a request for a later date."""

    answer = RadiosField(
        "Do you agree to the new due date?",
        named="yes if you agree to the new due date",
        choices=[("yes", "Yes, change the due date"), ("no", "No, keep the due date")],
    )
    because = WordsField("If no, why not?", named="a reason", needed=False)


class OwnerForm(MoveForm):
    """The owner, and a due day when there is none."""

    owner = OwnerField()
    due_on = DateField("Due date", hint="Leave this blank if you do not know it yet", needed=False)


class DoneForm(MoveForm):
    """The evidence that an action is done."""

    evidence = WordsField(
        "What shows that it is done?",
        named="evidence that it is done",
        hint="A sentence or a link, such as “The new template has the field, live since 1 February”. "
        "Do not include case documents or anything about a child or family.",
    )


class CarriedOutForm(MoveForm):
    """The evidence that a recommendation is carried out."""

    evidence = WordsField(
        "What shows that it is carried out?",
        named="evidence that it is carried out",
        hint="A sentence or a link, such as “All teams use the new agenda since 1 February”. "
        "Do not include case documents or anything about a child or family.",
    )


class SignOffForm(MoveForm):
    """The sign-off, with the day of the impact check."""

    impact_due_on = DateField(
        "When will you check what changed for children?",
        named="the date of the impact check",
        hint="Leave enough time for practice to change, such as 2 or 3 months",
    )


class ImpactForm(MoveForm):
    """The result of an impact check."""

    impact = RadiosField(
        "Did it work?",
        named="yes if the action worked",
        choices=[(EFFECTIVE, "Yes, it was effective"), (NOT_EFFECTIVE, "No, it needs a new action")],
    )
    found = WordsField(
        "What did the check find?",
        named="what the check found",
        hint="Give numbers if you have them, such as “13 of 15 files show that the child was seen”",
    )


class EditForm(MoveForm):
    """The words of an action."""

    text = WordsField("What needs to be done?", named="what needs to be done")
    changes_for_children = WordsField(
        "What should it change for children?", named="what it should change for children", needed=False
    )


class RaiseActionForm(FlaskForm):  # type: ignore[misc]
    """A new action."""

    text = WordsField("What needs to be done?", named="what needs to be done")
    changes_for_children = WordsField(
        "What should it change for children? (optional)",
        named="what it should change for children",
        needed=False,
    )
    owner = OwnerField("Owner (optional)", needed=False)
    due_on = DateField(
        "Due date (optional)", hint="The action is a draft until it has an owner and a due date", needed=False
    )


class RecommendForm(FlaskForm):  # type: ignore[misc]
    """A new recommendation."""

    text = WordsField("What do you recommend?", named="what you recommend")
    questions = TicksField(
        "Which findings does it answer?", named="the findings that it answers", needed=False
    )
    body = ChoiceField("Which body decides? (optional)", named="the body that decides", needed=False)
    owner = OwnerField("Owner (optional)", needed=False)
    due_on = DateField("Due date (optional)", needed=False)


class EditRecommendationForm(MoveForm):
    """The words, findings and body of a recommendation."""

    text = WordsField("What do you recommend?", named="what you recommend")
    questions = TicksField(
        "Which findings does it answer?", named="the findings that it answers", needed=False
    )
    body = ChoiceField("Which body decides?", named="the body that decides", needed=False)


class DecisionForm(MoveForm):
    """The decision of a body."""

    decision = RadiosField(
        "What was decided?",
        named="what was decided",
        choices=[(decision, capitalised(decision)) for decision in DECISIONS],
    )
    decided_on = DateField("When was it decided?", named="the date of the decision")
    said = WordsField(
        "What was amended, or why was it deferred or rejected?",
        named="the reason for the decision",
        hint="Leave this blank if it was accepted",
        needed=False,
    )


class HandOverForm(FlaskForm):  # type: ignore[misc]
    """The new owner of the work of a leaver."""

    to = OwnerField("New owner")


def owned(form: OwnerForm) -> dict[str, Any]:
    """Return the chosen owner, and the due day if it is asked for."""
    chosen = form.entered()
    return {"owner_id": int(chosen.pop("owner")), **chosen}
