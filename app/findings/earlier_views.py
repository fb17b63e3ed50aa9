"""Pages of past cycles as they were published: listing, entering, changing and removing them."""

from flask import abort, flash, render_template, url_for
from flask_security import current_user

from app.cycles.models import EarlierCycle
from app.findings import earlier
from app.findings.blueprint import findings
from app.findings.earlier_forms import ChangedEarlierForm, EarlierForm, entered, form_for
from app.findings.questions import key_area_names
from app.history import record
from app.moves.forms import MoveForm
from app.moves.meanwhile import Kept, digest
from app.moves.moving import held
from app.moves.page import Page, Shown, form_page


@findings.get("/findings/earlier")
def earlier_listing() -> str:
    """Show all past cycles that have been entered."""
    return render_template("findings/earlier.html", cycles=earlier.earlier_cycles())


@findings.route("/findings/earlier/new", methods=["GET", "POST"])
def enter_earlier() -> Page:
    """Enter a past cycle."""
    form = form_for(EarlierForm, key_area_names())()

    def enter() -> str:
        cycle = earlier.enter(form.reference.data, form.details(), by=current_user)
        flash(f"Past cycle {cycle.reference} added", "success")
        return url_for("findings.earlier_listing")

    return form_page(
        form,
        lambda _shown: render_template("findings/earlier_edit.html", form=form, cycle=None, history=[]),
        enter,
        at=form.reference,
    )


@findings.route("/findings/earlier/<reference>", methods=["GET", "POST"])
def edit_earlier(reference: str) -> Page:
    """Change what was entered of a past cycle."""
    cycle = _cycle(reference)

    def filled() -> EarlierForm:
        figures = earlier.published(cycle)
        # a figure whose question no tool asks any more is kept, by its key
        names = key_area_names()
        questions = names | {key: key for key in figures if key not in names}
        words = {"title": cycle.title, "reported_on": cycle.reported_on, "source": cycle.source}
        return form_for(ChangedEarlierForm, questions)(data=words | entered(figures))

    form = filled()

    def render(shown: Shown) -> str:
        if shown.refused:
            form.form_errors = [shown.refused]
        history = record.of("earlier cycle", reference)
        return render_template("findings/earlier_edit.html", form=form, cycle=cycle, history=history)

    def change() -> str:
        earlier.change(reference, form.details(), by=current_user)
        return url_for("findings.earlier_listing")

    return form_page(
        form,
        render,
        change,
        done=f"Past cycle {reference} saved",
        kept=Kept(filled, lambda: held(cycle)),
    )


@findings.route("/findings/earlier/<reference>/remove", methods=["GET", "POST"])
def remove_earlier(reference: str) -> Page:
    """Remove a past cycle, after asking."""
    cycle, form = _cycle(reference), MoveForm()

    def render(shown: Shown) -> str:
        if shown.refused:
            form.form_errors = [shown.refused]
        return render_template("findings/earlier_remove.html", cycle=cycle, form=form)

    def remove() -> str:
        earlier.remove(reference, by=current_user)
        return url_for("findings.earlier_listing")

    def mark() -> str:
        figures = sorted(earlier.published(cycle).items())
        return digest((cycle.title, cycle.reported_on, cycle.source, figures))

    return form_page(
        form,
        render,
        remove,
        done=f"Past cycle {reference} removed",
        kept=Kept(hold=lambda: held(cycle), mark=mark),
    )


def _cycle(reference: str) -> EarlierCycle:
    return earlier.earlier_cycle(reference) or abort(404)
