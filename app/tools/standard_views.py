"""`/tools/standards`: the standards that questions come from, and those without a question."""

from collections.abc import Callable

from flask import abort, flash, render_template, url_for
from flask_security import current_user

from app.database import db
from app.moves.meanwhile import Kept
from app.moves.moving import held
from app.moves.page import Page, form_page
from app.tools import standards as moves
from app.tools.blueprint import tools
from app.tools.draft_views import shown
from app.tools.forms import StandardForm
from app.tools.models import Standard


@tools.get("/tools/standards")
def standards() -> Page:
    """Show the standards with their questions, those without one, and the questions without a standard."""
    return shown("tools/standards.html", coverage=moves.coverage())


@tools.route("/tools/standards/new", methods=["GET", "POST"])
def add_standard() -> Page:
    """Add a standard."""
    form = StandardForm()

    def add() -> str:
        moves.add(form.name.data, form.source.data, form.text.data or None, by=current_user.email)
        flash(f"Standard “{form.name.data}” added", "success")
        return url_for("tools.standards")

    return _standard_page(form, None, add)


@tools.route("/tools/standards/<int:standard_id>", methods=["GET", "POST"])
def edit_standard(standard_id: int) -> Page:
    """Change a standard."""
    standard = db.session.get(Standard, standard_id) or abort(404)
    form = StandardForm(standard)
    name = standard.name
    kept = Kept(lambda: StandardForm(standard), lambda: held(standard))

    def change() -> str:
        text = form.text.data or None
        moves.change(standard_id, form.name.data, form.source.data, text, by=current_user.email)
        flash(f"Standard “{form.name.data}” saved", "success")
        return url_for("tools.standards")

    return _standard_page(form, name, change, kept)


def _standard_page(
    form: StandardForm, known: str | None, carry_out: Callable[[], str], kept: Kept | None = None
) -> Page:
    return form_page(
        form,
        lambda _shown: render_template("tools/standard.html", form=form, known=known),
        carry_out,
        at=form.name,
        kept=kept,
    )
