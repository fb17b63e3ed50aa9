"""`/settings/agencies`: the agencies that cycles name."""

from flask import abort, render_template, url_for
from flask_security import current_user
from sqlalchemy import func, select

from app.audits.cycle import Agency
from app.cycles.agencies import LONGEST_AGENCY, rename_agency
from app.database import db
from app.moves.fields import LineField
from app.moves.forms import MoveForm
from app.moves.page import Page
from app.settings.blueprint import settings
from app.settings.renaming import rename_page, words_of_a_name


class AgencyForm(MoveForm):
    """The name of an agency."""

    name = LineField("Name", has_names=True, named="the name of the agency", longest=LONGEST_AGENCY)


@settings.get("/settings/agencies")
def agencies() -> str:
    """Show the agencies by name."""
    listed = db.session.scalars(select(Agency).order_by(func.lower(Agency.name)))
    return render_template(
        "settings/names.html",
        heading="Agencies",
        says="An agency is added when a cycle first names it.",
        names=[
            (agency.name, url_for("settings.rename_agency_page", agency_id=agency.id)) for agency in listed
        ],
    )


@settings.route("/settings/agencies/<int:agency_id>", methods=["GET", "POST"])
def rename_agency_page(agency_id: int) -> Page:
    """Rename an agency."""
    agency = db.session.get(Agency, agency_id) or abort(404)
    return rename_page(
        AgencyForm,
        agency,
        words_of_a_name("agency", agency.name, "Cycles and audits"),
        lambda name: rename_agency(agency_id, name, by=current_user.email),
        back_to="Agencies",
        back=url_for("settings.agencies"),
    )
