"""`/cycles/REF/reporting`: when and to whom a cycle is reported. It can be said of a closed cycle, too."""

from flask import abort, url_for
from flask_security import current_user

from app.cycle_pages.blueprint import cycles
from app.cycles import moves, queries
from app.cycles.forms import ReportingForm
from app.moves.meanwhile import Kept
from app.moves.moving import held
from app.moves.page import Page, Words, move_page


@cycles.route("/cycles/<reference>/reporting", methods=["GET", "POST"])
def reporting(reference: str) -> Page:
    """Change the reporting date of a cycle, and who gets its report."""
    cycle = queries.found(reference) or abort(404)
    form = ReportingForm(obj=cycle)

    def carry_out() -> None:
        moves.change_reporting(
            cycle,
            reported_on=form.reported_on.data,
            reported_to=form.reported_to.data or None,
            by=current_user,
        )

    return move_page(
        form,
        Kept(lambda: ReportingForm(obj=cycle), lambda: held(cycle)),
        Words(
            "Change the reporting date",
            "A summary of several cycles has this cycle if its reporting date is in the period.",
            "Save",
            f"Reporting date of cycle {cycle.reference} saved",
        ),
        carry_out,
        thing=f"Cycle {cycle.reference}",
        back=url_for("cycles.page", reference=cycle.reference),
    )
