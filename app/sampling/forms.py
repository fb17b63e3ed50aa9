"""The forms of drawing cases: read and checked here, carried out by moves.py."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, FileField, HiddenField

from app.audits.selection import Selection
from app.moves.fields import NO_CHILD, ChoiceField, DateField, LineField, NumberField, RadiosField, WordsField
from app.sampling.moves import REASONS
from app.sampling.seeded_draw import LARGEST_SEED
from app.wording import capitalised

METHODS = (
    (Selection.RANDOM, "Random: every case has the same chance"),
    (Selection.STRATIFIED, "Stratified: at random within each team, in proportion to its cases"),
    (Selection.HAND_PICKED, "Hand-picked: you chose the cases in the list, and all of them are audited"),
    (Selection.WHOLE_POPULATION, "Whole population: all cases in the list are audited"),
)
"""The ways of choosing cases, with their labels."""


class DrawForm(FlaskForm):  # type: ignore[misc]
    """A list of cases, and how to draw from it."""

    file = FileField("Or upload the list as a file")
    cases = WordsField("Case numbers, one on each line", is_free=False, longest=None, needed=False)
    team = ChoiceField("Team for cases without one", needed=False)
    is_whole_list = BooleanField("The list has every case that could have been chosen")
    method = RadiosField(
        "How do you want to choose the cases?",
        named="how to choose the cases",
        choices=[(method.value, words) for method, words in METHODS],
    )
    size = NumberField("Number of cases", 1, 10_000, needed=False)
    percent = NumberField(
        "Or a percentage of the list", 1, 100, named="the percentage of the list", needed=False
    )
    points = NumberField(
        "Or how precise the figures should be, in percentage points",
        1,
        50,
        named="the precision",
        needed=False,
    )
    seed = NumberField("Seed", 0, LARGEST_SEED)
    shown = HiddenField()
    """The mark of the draw that was previewed; empty before the first preview."""


class ReplaceForm(FlaskForm):  # type: ignore[misc]
    """The reason why a drawn case cannot be audited."""

    reason = RadiosField(
        "Why can the case not be audited?",
        named="why the case cannot be audited",
        choices=[(reason, capitalised(reason)) for reason in REASONS],
    )
    words = LineField(
        "Details (needed if you select “other”)",
        named="details",
        hint=f"The report does not include this. {NO_CHILD}",
        needed=False,
    )


class ReplaceRequestedForm(ReplaceForm):
    """The same form for a case that has an audit: the stand-in gets one, too."""

    due_on = DateField("Due date of the replacement audit", needed=False)


def filled(form: DrawForm, **values: Any) -> None:
    """Put values into fields, for the page to show."""
    for name, value in values.items():
        form[name].process_data(value)
        form[name].raw_data = None
