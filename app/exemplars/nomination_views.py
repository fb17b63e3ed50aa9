"""`/exemplars/nominations`: nominations of auditors, for coordinators to write up or set aside."""

from flask import abort, render_template, url_for
from flask_security import current_user

from app.audits.audited_again import unread
from app.audits.standing import standings
from app.clock import today
from app.exemplars import moves, queries
from app.exemplars.blueprint import exemplars
from app.listing import Address, paged_by
from app.moves.forms import WordsForm
from app.moves.page import Page, Words, move_page
from app.people.closures import working_days


@exemplars.get("/exemplars/nominations")
def nominations() -> str:
    """List the nominated audits that wait, and those that were set aside."""
    at, hidden = standings(today(), working_days()), unread()
    page = paged_by(
        lambda skip: queries.nominations(at, hidden, skip=skip),
        queries.how_many_nominated(at, hidden),
        queries.PAGE,
    )
    return render_template(
        "exemplars/nominations.html", page=page, set_aside=queries.set_aside(), address=Address.here()
    )


@exemplars.route("/exemplars/nominations/<reference>/set-aside", methods=["GET", "POST"])
def set_aside(reference: str) -> Page:
    """Set a nomination aside."""
    nominated = queries.nomination(reference, standings(today(), working_days()), unread()) or abort(404)
    form = WordsForm()
    form.said.label.text = "Why are you not writing this up?"
    words = Words(
        f"Set aside the nomination of {reference}",
        "You will no longer be asked to write this up. You can still write it up later.",
        "Set aside",
        "Nomination set aside",
    )
    return move_page(
        form,
        None,
        words,
        lambda: moves.set_aside(reference, form.said.data or "", by=current_user, on=today()),
        thing="Nominated as good work",
        back=url_for("exemplars.nominations"),
        refused=moves.SEEN_TO if queries.is_seen_to(reference) else None,
        inset=nominated.because,
    )
