"""`/settings/duty-team`: whom auditors phone about a child at risk now."""

from flask import url_for
from flask_security import current_user

from app.concerns.duty_team import duty_team, lock_duty_team, set_duty_team
from app.moves.fields import LineField, TelephoneField
from app.moves.forms import MoveForm
from app.moves.meanwhile import Kept
from app.moves.page import Page, Words, move_page
from app.settings.blueprint import settings


class DutyTeamForm(MoveForm):
    """The name and the number of the duty team."""

    name = LineField(
        "Name of the duty team",
        has_names=True,
        named="the name of the duty team",
        hint="For example, “Front door team”",
    )
    telephone = TelephoneField(
        "Phone number", named="the phone number", hint="The number that someone answers at any time"
    )


@settings.route("/settings/duty-team", methods=["GET", "POST"], endpoint="duty_team")
def page() -> Page:
    """Show the form of the duty team, and set it."""
    form = DutyTeamForm(obj=duty_team())
    return move_page(
        form,
        Kept(lambda: DutyTeamForm(obj=duty_team(), formdata=None), lock_duty_team),
        Words(
            "Duty team",
            "Every page and printed form about a child at risk shows this team and its number.",
            "Save",
            "Duty team saved",
        ),
        lambda: set_duty_team(form.name.data, form.telephone.data, by=current_user.email),
        thing="Settings",
        back=url_for("settings.page"),
    )
