"""The forms of retention."""

from app.moves.fields import NO_CHILD, DateField, LineField, NumberField, WordsField
from app.moves.forms import MoveForm
from app.retention.models import MOST_MONTHS


class DateForm(MoveForm):
    """Another date of removal, and why."""

    remove_on = DateField("Date of removal")
    because = WordsField("Why is it another date?", named="why the date is another one")


class HoldForm(MoveForm):
    """The reason for which texts must be kept."""

    because = WordsField(
        "Why must they be kept?",
        named="why the texts must be kept",
        hint=f"For example, a complaint or a court case. {NO_CHILD}",
    )


class RemoveForm(MoveForm):
    """The cycle's reference, typed to confirm."""

    confirmed = LineField(
        "Enter the reference of the cycle to confirm", is_free=False, named="the reference of the cycle"
    )


class PeriodsForm(MoveForm):
    """The council's periods."""

    months = NumberField(
        "Months from the reporting date of a cycle until its case numbers and texts are removed",
        1,
        MOST_MONTHS,
        named="the number of months for texts of cycles",
    )
    email_months = NumberField(
        "Months until the text of an email is removed",
        1,
        MOST_MONTHS,
        named="the number of months for texts of emails",
        hint="To whom it went, when and about what is kept.",
    )
