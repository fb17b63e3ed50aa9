"""The forms of requesting and assigning."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms.validators import ValidationError

from app.case_numbers import refuse
from app.moves.fields import LONGEST_TEXT, ChoiceField, DateField, LineField, OwnerField, TicksField

OVERRIDE = "Reason for an auditor who is not independent"


def override_hint(case: str, *, self_assessment: bool, is_again: bool) -> str:
    """Return when the reason is needed, for "the case" or "a case"; `is_again` for one audited before."""
    ties = [f"they declared a conflict with {case}"]
    if not self_assessment:
        ties = [
            f"{case} belongs to their own team",
            "they are its worker or that worker’s line manager",
            "they declared a conflict with it",
        ]
    if is_again:
        ties.append("they audited or moderated it in its earlier audit")
    return f"Only needed if {', or if '.join(ties)}"


def override_field() -> Any:
    """Make the field of the reason why somebody audits a case that they are not independent of.

    Its hint depends on the cycle: `override_hint`.
    """
    return LineField(
        OVERRIDE,
        named="a reason for an auditor who is not independent",
        longest=LONGEST_TEXT,
        needed=False,
    )


def _may_be_a_number(_form: FlaskForm, field: LineField) -> None:
    if why := refuse(field.data or ""):
        raise ValidationError(why)


def case_number_field() -> Any:
    """Make the field of the number of the case."""
    return LineField(
        "Case number",
        _may_be_a_number,
        hint="The child’s number in the record system. "
        "Only the auditors of this case, coordinators and moderators can see it.",
        longest=60,
        is_free=False,
    )


class RequestForm(FlaskForm):  # type: ignore[misc]
    """The form of an audit that is requested by hand."""

    reference = LineField(
        "Reference",
        has_names=True,
        hint="Everyone sees this name, also in emails. Do not use the case number.",
        longest=60,
    )
    case_reference = case_number_field()
    team = ChoiceField("Team responsible for the case")
    due_on = DateField("Due date")
    worker = OwnerField("Worker of the case (optional)", named="the worker of the case", needed=False)


class RequestOfCaseForm(RequestForm):
    """The same form for the audits of all agencies of a case."""

    reference = LineField(
        "Reference of the case",
        has_names=True,
        hint="The reference of each audit is this and a letter. Everyone sees it, also in emails. "
        "Do not use the case number.",
        longest=50,
    )
    agencies = TicksField("Whose audits do you want to request?", named="at least one agency")
    worker = OwnerField(
        "Worker of the case (optional)",
        named="the worker of the case",
        hint="Select one person, who is then the worker of each of these audits",
        needed=False,
    )
