"""`/tools/standards`: what questions come from, and what no question asks about."""

from flask import abort, flash, redirect, url_for
from flask_security import current_user

from app.database import db
from app.refusal import Refused
from app.tools import standards as moves
from app.tools.blueprint import tools
from app.tools.draft_views import Answer, shown
from app.tools.forms import StandardForm
from app.tools.models import Standard


@tools.get("/tools/standards")
def standards() -> Answer:
    """The list, which standards have no question, and which questions name none."""
    return shown("tools/standards.html", coverage=moves.coverage())


@tools.route("/tools/standards/new", methods=["GET", "POST"])
def add_standard() -> Answer:
    """Add a standard."""
    form = StandardForm()
    if form.is_submitted() and form.validate():
        try:
            moves.add(form.name.data, form.source.data, form.text.data or None, by=current_user.email)
        except Refused as why:
            form.name.errors = [str(why)]
        else:
            flash(f"“{form.name.data}” has been added.", "success")
            return redirect(url_for("tools.standards"))
    return shown("tools/standard.html", 422 if form.is_submitted() else 200, form=form, known=None)


@tools.route("/tools/standards/<int:standard_id>", methods=["GET", "POST"])
def edit_standard(standard_id: int) -> Answer:
    """Change a standard."""
    standard = db.session.get(Standard, standard_id) or abort(404)
    form = StandardForm(standard)
    name = standard.name
    if form.is_submitted() and form.validate():
        text = form.text.data or None
        try:
            moves.change(standard_id, form.name.data, form.source.data, text, by=current_user.email)
        except Refused as why:
            form.name.errors = [str(why)]
        else:
            flash(f"“{form.name.data}” has been changed.", "success")
            return redirect(url_for("tools.standards"))
    return shown("tools/standard.html", 422 if form.is_submitted() else 200, form=form, known=name)
