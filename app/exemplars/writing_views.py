"""`/exemplars/new` and `/exemplars/REF/edit`: writing up what was good, so that nobody is known from it."""

import re
from collections.abc import Callable

from flask import abort, flash, render_template, request, url_for
from flask_security import current_user

from app.answers.identifying import warnings
from app.audits.standing import standings
from app.clock import today
from app.exemplars import moves, queries
from app.exemplars.blueprint import exemplars
from app.exemplars.exemplar_views import found
from app.exemplars.forms import ExemplarForm
from app.exemplars.life import ExemplarMove, refuse
from app.exemplars.moves import Words, facts_of
from app.moves.forms import no_choice
from app.moves.page import Page, Shown, form_page
from app.people.closures import working_days


@exemplars.route("/exemplars/new", methods=["GET", "POST"])
def write() -> Page:
    """Write up a nominated audit (`?audit=CP-001`) without the case."""
    at = standings(today(), working_days())
    nominated = queries.nomination(request.args.get("audit", ""), at) or abort(404)

    def save(said: Words) -> str:
        made = moves.write(nominated.audit, said, by=current_user, on=today())
        flash(f"Exemplar {made.reference} is written. Somebody else approves it.", "success")
        return made.reference

    form = ExemplarForm()
    back = url_for("exemplars.nominations")
    return _writing(form, nominated.audit, nominated.because, "Write up an example of good work", save, back)


@exemplars.route("/exemplars/<reference>/edit", methods=["GET", "POST"])
def edit(reference: str) -> Page:
    """Change its words while it waits for approval."""
    one = found(reference)
    form = ExemplarForm(obj=one)
    if not form.is_submitted():
        form.version.data = one.mark

    def save(said: Words) -> str:
        moves.change(reference, said, by=current_user, on=today(), seen=form.mark)
        flash("The exemplar is changed.", "success")
        return reference

    audit = queries.audit_of(one) or ""
    nominated = queries.nomination(audit, standings(today(), working_days()))
    refused = refuse(ExemplarMove.CHANGE, facts_of(one), today(), current_user.id)
    back = url_for("exemplars.exemplar", reference=reference)
    return _writing(
        form, audit, nominated.because if nominated else None, "Change an exemplar", save, back, refused
    )


def _writing(
    form: ExemplarForm,
    audit: str,
    because: str | None,
    heading: str,
    save: Callable[[Words], str],
    back: str,
    refused: str | None = None,
) -> Page:
    """The form; where its words look as if they gave somebody away, the warnings first."""
    form.question.choices = no_choice("None of them", queries.questions_for(audit))
    if audit == "" and isinstance(form.question.object_data, str):
        # the audit is gone, and with it the list: it stays what it is
        form.question.choices.append((form.question.object_data, form.question.object_data))

    def said() -> Words:
        return Words(form.title.data or "", form.text.data or "", form.question.data or None)

    def render(shown: Shown) -> str:
        return render_template(
            "exemplars/write.html",
            form=form,
            heading=heading,
            because=because,
            written=queries.written_from(audit),
            warnings=shown.warnings,
            refused=shown.refused,
            back=back,
        )

    return form_page(
        form,
        render,
        lambda: url_for("exemplars.exemplar", reference=save(said())),
        refused=refused,
        warned=lambda: _warned(said(), because, queries.gives_away(audit)),
    )


def _warned(said: Words, because: str | None, gives_away: list[str]) -> list[str]:
    """A sentence for each thing in the words by which somebody could be known, each once."""
    told = f"{said.title}\n{said.text}"
    found = warnings(told)
    if because and because.strip() in told:
        found.append("These are the auditors’ words. Say what is good in your own.")
    found += [
        f"“{name}” tells whose work it was. Take it out."
        for name in dict.fromkeys(gives_away)
        if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", told, re.IGNORECASE)
    ]
    return found
