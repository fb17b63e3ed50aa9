"""The forms of recommendations and actions: they check that the input is complete, and moves carry it out."""

from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired

from app.actions.lifecycle import DECISIONS, EFFECTIVE, NOT_EFFECTIVE
from app.moves.day_field import DayField
from app.moves.forms import ONE_PERSON, MoveForm, PersonField, day_needed, line_field, words_field


class ProgressForm(MoveForm):
    """A line about progress."""

    line = line_field(
        "How does it go?",
        "Say in one line how it goes.",
        "One line is enough, such as “Room booked, invitations go out on Friday”.",
        300,
    )


class LaterForm(MoveForm):
    """Another due day, with a reason."""

    due_on = DayField("New due day", [day_needed])
    because = words_field("Why?", "Say why the due day is moved.")


class FirstDayForm(MoveForm):
    """The first due day."""

    due_on = DayField("Due day", [day_needed])


class AnswerForm(MoveForm):
    """The answer to a request for a later date."""

    answer = RadioField(
        "Do you agree?",
        [InputRequired("Say yes or no.")],
        choices=[("yes", "Yes, move the due day"), ("no", "No, the due day stays")],
    )
    because = words_field("Why not? (only for a no)")


class OwnerForm(MoveForm):
    """The owner, and a due day when there is none."""

    owner = PersonField("Owner", [InputRequired("Choose one person.")], description=ONE_PERSON, coerce=str)
    due_on = DayField("Due day", description="Leave it empty if you do not know it yet.")


class DoneForm(MoveForm):
    """The evidence that an action is done."""

    evidence = words_field(
        "How can it be seen that it is done?",
        "Say how it can be seen that it is done: words or a link.",
        hint="Words or a link, such as “The new template has the field, live since 1 February”. "
        "No case documents, no child or family.",
    )


class SignOffForm(MoveForm):
    """The sign-off, with the day of the impact check."""

    impact_due_on = DayField(
        "When will you check whether it changed anything for children?",
        [day_needed],
        description="Long enough for practice to have changed, such as two or three months from now.",
    )


class ImpactForm(MoveForm):
    """The result of an impact check."""

    impact = RadioField(
        "Was it effective?",
        [InputRequired("Say whether it was effective or not.")],
        choices=[(EFFECTIVE, "Effective"), (NOT_EFFECTIVE, "Not effective: it needs a new action")],
    )
    found = words_field(
        "What did the check find?",
        "Say what the check found, such as “13 of 15 files”.",
        hint="Numbers where you have them, such as “13 of 15 files show that the child was seen”.",
    )


class EditForm(MoveForm):
    """The words of an action."""

    text = words_field("What is to be done?", "Say what is to be done.")
    changes_for_children = words_field("What should it change for children?")


class RaiseActionForm(FlaskForm):  # type: ignore[misc]
    """A new action."""

    text = words_field("What is to be done?", "Say what is to be done.")
    changes_for_children = words_field("What should it change for children? (optional)")
    owner = PersonField("Owner (optional)", description=ONE_PERSON, coerce=str)
    due_on = DayField("Due day (optional)", description="Without an owner and a due day it is a draft.")


class RecommendForm(FlaskForm):  # type: ignore[misc]
    """A new recommendation."""

    text = words_field("What do you recommend?", "Say what is recommended.")
    questions = SelectMultipleField("Which findings does it answer?", coerce=str)
    body = SelectField("Which body decides? (optional)", coerce=str)
    owner = PersonField("Owner (optional)", description=ONE_PERSON, coerce=str)
    due_on = DayField("Due day (optional)")


class EditRecommendationForm(MoveForm):
    """The words, findings and body of a recommendation."""

    text = words_field("What do you recommend?", "Say what is recommended.")
    questions = SelectMultipleField("Which findings does it answer?", coerce=str)
    body = SelectField("Which body decides?", coerce=str)


class DecisionForm(MoveForm):
    """The decision of a body."""

    decision = RadioField(
        "What was decided?",
        [InputRequired("Choose what was decided.")],
        choices=[(decision, decision.capitalize()) for decision in DECISIONS],
    )
    decided_on = DayField("On which day?", [day_needed])
    said = words_field("How was it amended, or why deferred or rejected?", hint="Not needed for a plain yes.")


class HandOverForm(FlaskForm):  # type: ignore[misc]
    """The new owner of the work of a leaver."""

    to = PersonField("New owner", [InputRequired("Choose one person.")], description=ONE_PERSON, coerce=str)
