"""`/settings/teams`: the council's teams, which people, files and cases name."""

from flask import abort, render_template, url_for
from flask_security import current_user

from app.database import db
from app.moves.fields import LineField
from app.moves.forms import MoveForm
from app.moves.meanwhile import Kept
from app.moves.moving import held
from app.moves.page import Page, form_page
from app.people.models import Team
from app.settings import team_moves
from app.settings.blueprint import settings


class TeamForm(MoveForm):
    """The name of a team."""

    name = LineField("Name", named="the name of the team")


@settings.get("/settings/teams")
def teams() -> str:
    """Show the teams by name."""
    return render_template("settings/teams.html", teams=team_moves.in_order())


@settings.route("/settings/teams/<int:team_id>", methods=["GET", "POST"])
def rename_team(team_id: int) -> Page:
    """Rename a team."""
    team = db.session.get(Team, team_id) or abort(404)

    def filled() -> TeamForm:
        return TeamForm(data={"name": team.name})

    form = filled()

    def rename() -> str:
        team_moves.rename(team_id, form.name.data, by=current_user.email)
        return url_for("settings.teams")

    return form_page(
        form,
        lambda _shown: render_template("settings/rename_team.html", form=form, team=team),
        rename,
        done="Team renamed",
        at=form.name,
        kept=Kept(filled, lambda: held(team)),
    )
