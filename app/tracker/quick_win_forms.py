"""The forms of quick wins: they check that the input is complete, and moves carry it out."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField

from app.moves.fields import (
    ChoiceField,
    DateField,
    LineField,
    NumberField,
    OwnerField,
    RadiosField,
    TicksField,
    WordsField,
)
from app.moves.forms import MoveForm
from app.people.roles import RoleName
from app.quick_wins.life import MOVED, NOT_KNOWN, NOT_MOVED
from app.wording import capitalised

NO_CASE = "Everyone who gets the message reads this. Do not mention a case, child or family."


class PlanForm(MoveForm):
    """The message, audience and days of a quick win; for a finding also the owner of its action."""

    subject = LineField(
        "Subject", hint="A few words about the practice, such as “Evidence that the child was seen”"
    )
    message = WordsField(
        "What should staff record?",
        named="what staff should record",
        hint=f"One or two sentences. {NO_CASE}",
    )
    where = WordsField(
        "Where should they record it? (optional)",
        named="where to record it",
        hint="The system, and the form or field",
        needed=False,
    )
    example = WordsField(
        "Example of a good note (optional)",
        named="the example",
        hint=f"Use a made-up example, not a real case. {NO_CASE}",
        needed=False,
    )
    why = WordsField(
        "Why does it matter? (optional)",
        named="why it matters",
        hint="Give the figure that showed it, without blame",
        needed=False,
    )
    link = LineField(
        "Link to guidance (optional)",
        is_free=False,
        hint="A full web address, such as https://council.example/guidance",
        longest=500,
        needed=False,
    )
    question = ChoiceField("Which figure should change?", named="the figure that should change", needed=False)
    roles = TicksField(
        "Who gets the message?",
        named="at least one role",
        choices=[(role.value, capitalised(role.value)) for role in RoleName],
    )
    teams = TicksField(
        "Which teams? (optional)",
        named="the teams",
        hint="Select none to send it to every team",
        coerce=int,
        needed=False,
    )
    starts_on = DateField(
        "When should the first message go out?",
        named="the date of the first message",
        hint="If this is not a working day, it goes out on the next one",
    )
    every_working_days = NumberField(
        "Working days between messages", 1, 260, named="the number of working days between messages"
    )
    times = NumberField("Number of messages", 1, 52)
    owner = OwnerField("Owner of its action (optional)", needed=False)
    due_on = DateField(
        "Due date of its action (optional)",
        named="due date",
        hint="The action is a draft until it has an owner and a due date",
        needed=False,
    )
    shown = HiddenField()
    """The hash of the preview that the person saw; empty before the first one."""


class MovedForm(MoveForm):
    """The answer to whether the figure moved."""

    moved = RadiosField(
        "Did the figure change?",
        named="yes if the figure changed",
        choices=[
            (MOVED, "Yes"),
            (NOT_MOVED, "No, change the process instead"),
            (NOT_KNOWN, "Not known yet"),
        ],
    )
    said = WordsField(
        "What shows this? (optional)",
        named="what shows this",
        hint="For example, “20 of 25 in the April check”",
        needed=False,
    )


class QuickCheckForm(FlaskForm):  # type: ignore[misc]
    """The questions, files, teams and due day of a quick check."""

    questions = TicksField("What does it ask?", named="at least one question")
    teams = TicksField(
        "Which teams’ files? (optional)",
        named="the teams",
        hint="Select none to check the files of every team",
        coerce=int,
        needed=False,
    )
    files = NumberField("Number of files", 1, 500)
    due_on = DateField("Due date", hint="You can check a few files within 2 weeks")
    shown = HiddenField()
    """The hash of the preview that the person saw; empty before the first one."""


def fill(form: FlaskForm, **values: Any) -> None:
    """Set fields to these values for the page that is shown next."""
    for name, value in values.items():
        form[name].process_data(value)
        form[name].raw_data = None
