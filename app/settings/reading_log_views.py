"""`/settings/reading-log`: for how long the record of reading is kept."""

from flask import url_for
from flask_security import current_user

from app.moves.fields import NumberField
from app.moves.forms import MoveForm
from app.moves.meanwhile import Kept
from app.moves.page import Page, Words, move_page
from app.readings.keeping import FEWEST, MOST, keep_for, lock_months_kept, months_kept
from app.settings.blueprint import settings


class ReadingLogForm(MoveForm):
    """The form of the months for which the record is kept."""

    months = NumberField("Number of months", FEWEST, MOST, hint=f"From {FEWEST} to {MOST} months")


@settings.route("/settings/reading-log", methods=["GET", "POST"], endpoint="reading_log")
def page() -> Page:
    """Show the form of how long the record is kept, and set it."""
    form = ReadingLogForm(data={"months": months_kept()})
    return move_page(
        form,
        Kept(
            lambda: ReadingLogForm(data={"months": months_kept()}, formdata=None),
            lock_months_kept,
        ),
        Words(
            "How long the record of reading is kept",
            "Older entries are deleted within an hour. They cannot be restored.",
            "Save",
            "Number of months saved",
        ),
        lambda: keep_for(form.months.data, by=current_user.email),
        thing="Settings",
        back=url_for("settings.page"),
    )
