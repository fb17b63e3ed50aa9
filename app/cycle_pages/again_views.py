"""`/cycles/REF/again`: asking for the cases of a cycle again, in two steps."""

import secrets

from flask import abort, flash, redirect, render_template, request, url_for
from flask_security import current_user

from app.audits.cycle import Cycle
from app.clock import today
from app.cycle_pages.again_forms import GRADES, SHARE, AgainForm
from app.cycle_pages.asking_again import (
    EarlierCases,
    ask_again,
    cases_of,
    details_of,
    left_out,
    mark,
    refuse,
)
from app.cycle_pages.blueprint import cycles
from app.cycles import moves, queries
from app.moves.page import Page, asks_again, told
from app.refusal import Refused
from app.sampling.moves import Plan
from app.tools.queries import content_of
from app.wording import counted


@cycles.route("/cycles/<reference>/again", methods=["GET", "POST"])
def audit_again(reference: str) -> Page:
    """Choose which cases of a cycle are audited again; show how many they are; then request their audits."""
    earlier, on = queries.found(reference) or abort(404), today()
    known = cases_of(earlier, on)
    form = AgainForm(_grades(earlier), data={"seed": secrets.randbelow(1_000_000), "requested_on": on})

    def shown(status: int, plan: Plan | None = None, refused: str | None = None) -> tuple[str, int]:
        return render_template(
            "cycles/audit_again.html",
            cycle=earlier,
            form=form,
            known=known,
            plan=plan,
            left_out=left_out(known),
            refused=refused,
        ), status

    if why := refuse(earlier, known, on):
        return shown(409 if form.is_submitted() else 200, refused=why)
    if not form.is_submitted():
        return shown(200)
    plan = _plan(form, known) if form.validate() else None
    if plan is not None and (why := moves.refuse_reference(form.reference.data or "")):
        form.reference.errors = [why]
        plan = None
    if plan is None:
        return shown(422)
    seen = form.shown.data
    form.shown.process_data(mark(plan))
    form.shown.raw_data = None
    if asks_again(form) or request.form.get("do") != "ask" or seen != form.shown.data:
        return shown(200, plan)
    details = details_of(
        earlier,
        reference=form.reference.data or "",
        title=form.title.data or "",
        requested_on=form.requested_on.data,
        due_on=form.due_on.data,
    )
    try:
        cycle, number = ask_again(details, plan, by=current_user, on=on)
    except Refused as why_not:
        status, instead = told(form, why_not)
        return shown(status, plan, instead)
    flash(
        f"Cycle {cycle.reference} created, {counted(number, 'audit')} requested. Assign auditors next.",
        "success",
    )
    return redirect(url_for("cycles.page", reference=cycle.reference))


def _grades(earlier: Cycle) -> list[str]:
    """Return the overall grades of the cycle's tool, the best first; none where it has no overall grade."""
    content = content_of(earlier.tool)
    asked = content.question(earlier.tool.overall)
    scale = content.scale_of(asked) if asked else None
    return list(scale.answers) if scale else []


def _plan(form: AgainForm, known: EarlierCases) -> Plan | None:
    """Return the plan that was asked for; None, with the error at the field, where no case has the grades or
    none was selected."""
    seed: int = form.seed.data or 0
    if form.which.data == SHARE:
        return known.share(form.share.data or 1, seed)
    if form.which.data != GRADES:
        return known.all(seed)
    if not form.grades.data:
        form.grades.errors = ["Select at least one overall grade"]
        return None
    plan = known.graded(form.grades.data, seed)
    if plan is None:
        form.grades.errors = ["Overall grades must include one that a case has"]
    return plan
