"""`/settings/teams`: the council's teams, which people, files and cases name."""

from flask import abort, render_template, url_for
from flask_security import current_user

from app.database import db
from app.moves.fields import LineField
from app.moves.forms import MoveForm
from app.moves.page import Page
from app.people.models import Team
from app.settings import team_moves
from app.settings.blueprint import settings
from app.settings.renaming import rename_page, words_of_a_name


class TeamForm(MoveForm):
    """The name of a team."""

    name = LineField("Name", has_names=True, named="the name of the team")


@settings.get("/settings/teams")
def teams() -> str:
    """Show the teams by name."""
    return render_template(
        "settings/names.html",
        heading="Teams",
        says="A team is added when you first give it to a person, or import a file that names it.",
        names=[
            (team.name, url_for("settings.rename_team", team_id=team.id)) for team in team_moves.in_order()
        ],
    )


@settings.route("/settings/teams/<int:team_id>", methods=["GET", "POST"])
def rename_team(team_id: int) -> Page:
    """Rename a team."""
    team = db.session.get(Team, team_id) or abort(404)
    return rename_page(
        TeamForm,
        team,
        words_of_a_name("team", team.name, "People, audits and drawn cases"),
        lambda name: team_moves.rename(team_id, name, by=current_user.email),
        back_to="Teams",
        back=url_for("settings.teams"),
    )
