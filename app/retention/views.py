"""`/retention`: what is kept of each cycle and until when, for coordinators and administrators."""

from flask import abort, render_template, url_for
from flask_security import current_user

from app.audits.cycle import Cycle
from app.clock import today
from app.cycles import queries as cycles
from app.moves.forms import MoveForm
from app.moves.meanwhile import Kept
from app.moves.page import Page, Words, carried_out, move_page
from app.retention import moves, person_views, queries, removing
from app.retention.blueprint import retention
from app.retention.forms import DateForm, HoldForm, PeriodsForm, RemoveForm
from app.retention.texts import WHAT_STAYS

__all__ = ["person_views", "retention"]


@retention.get("/retention")
def listing() -> str:
    """List the cycles by the date on which their texts are removed."""
    on = today()
    return render_template(
        "retention/listing.html", kept=queries.all_kept(on), periods=queries.periods(), on=on
    )


@retention.get("/retention/<reference>", endpoint="cycle")
def page(reference: str) -> str:
    """Show when the texts of a cycle go, what holds them, what would go and what stays."""
    cycle, on = _cycle_or_404(reference), today()
    return render_template(
        "retention/cycle.html",
        cycle=cycle,
        kept=queries.of(cycle, on),
        goes=removing.what_goes(cycle),
        stays=WHAT_STAYS,
        refused=moves.refuse(cycle, on),
        periods=queries.periods(),
        on=on,
    )


@retention.route("/retention/<reference>/date", methods=["GET", "POST"])
def set_date(reference: str) -> Page:
    """Set another date of removal."""
    cycle = _cycle_or_404(reference)
    kept = queries.of(cycle, today())
    form = DateForm(data={"remove_on": kept.due_on, "because": kept.chosen_because})
    return _page(
        cycle,
        form,
        Words(
            "Set date of removal",
            "On this date the case numbers and texts of the cycle are removed. Its figures stay.",
            "Save date",
            "Date of removal saved",
        ),
        moves.set_date,
        refused=moves.nothing_left(cycle, today()),
    )


@retention.route("/retention/<reference>/hold", methods=["GET", "POST"])
def hold(reference: str) -> Page:
    """Keep the texts of a cycle, whatever its date."""
    cycle = _cycle_or_404(reference)
    return _page(
        cycle,
        HoldForm(),
        Words(
            "Keep texts",
            "Nothing is removed until you or someone else ends the hold.",
            "Keep texts",
            "Texts are on hold",
        ),
        moves.hold,
        refused=moves.nothing_left(cycle, today()),
    )


@retention.route("/retention/<reference>/let-go", methods=["GET", "POST"])
def let_go(reference: str) -> Page:
    """End a hold."""
    return _page(
        _cycle_or_404(reference),
        MoveForm(),
        Words(
            "End hold",
            "The texts can then be removed from their date on. Coordinators get an email before that.",
            "End hold",
            "Hold ended",
        ),
        moves.let_go,
    )


@retention.route("/retention/<reference>/remove", methods=["GET", "POST"])
def remove(reference: str) -> Page:
    """Remove the texts of a cycle for good, after its reference was typed."""
    cycle = _cycle_or_404(reference)
    return _page(
        cycle,
        RemoveForm(),
        Words(
            "Remove texts for good",
            "",
            "Remove texts",
            "Texts removed. The figures of the cycle have not changed.",
            serious=True,
        ),
        moves.remove_now,
        refused=moves.refuse(cycle, today()),
        template="retention/remove.html",
        goes=removing.what_goes(cycle),
    )


@retention.route("/settings/retention", methods=["GET", "POST"])
def periods() -> Page:
    """Set the council's periods."""

    def filled() -> PeriodsForm:
        return PeriodsForm(obj=queries.periods(), formdata=None)

    form = PeriodsForm(obj=queries.periods())
    return move_page(
        form,
        Kept(filled, moves.lock_periods),
        Words(
            "Months until texts are removed",
            "A new number holds for every cycle that has no date of its own.",
            "Save",
            "Months saved",
        ),
        lambda: moves.set_periods(form.months.data, form.email_months.data, by=current_user),
        thing="Settings",
        back=url_for("settings.page"),
    )


def _page(cycle: Cycle, form: MoveForm, words: Words, move: object, **about: object) -> Page:
    assert callable(move)
    return move_page(
        form,
        Kept(mark=lambda: moves.version_of(cycle)),
        words,
        carried_out(move, cycle.reference, form),
        thing=f"Texts of cycle {cycle.reference}",
        back=url_for("retention.cycle", reference=cycle.reference),
        **about,  # type: ignore[arg-type]
    )


def _cycle_or_404(reference: str) -> Cycle:
    return cycles.found(reference) or abort(404)
