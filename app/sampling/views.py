"""`/cycles/REF/cases`: the list of cases, the draw, and requesting or replacing the drawn cases.

Case numbers appear in the body of these pages alone, never in an address, a title or a message.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from math import ceil

from flask import abort, flash, redirect, render_template, request, url_for
from flask_security import current_user
from sqlalchemy import select

from app.audits.cycle import Cycle
from app.audits.facts import with_facts
from app.audits.models import Audit
from app.audits.selection import Selection
from app.clock import today
from app.cycles import queries
from app.database import db
from app.listing import Address, paged_by
from app.moves.page import Page, asks_again
from app.people.models import Team
from app.readings.noting import case_number
from app.refusal import ChangedMeanwhile, Refused
from app.sampling import case_list
from app.sampling import moves as draws
from app.sampling import queries as drawn
from app.sampling import requesting as drawn_cases
from app.sampling.blueprint import sampling
from app.sampling.case_list import CaseList
from app.sampling.forms import DrawForm, ReplaceForm, ReplaceRequestedForm, filled
from app.sampling.method_note import method_note, without_a_case
from app.sampling.models import Draw, DrawnCase
from app.sampling.moves import Plan, counting_population
from app.sampling.sample_size import points_of, share_of, size_for
from app.sampling.seeded_draw import ListedCase, by_team, takes_all
from app.wording import counted
from app.working_days import happened

__all__ = ["sampling"]

PAGE = 50
MOST_FAULTS = 20
"""The most faults of a list that are shown at once."""

PRECISIONS = (5, 10, 15, 20)
"""The points either way for which the page shows the number of cases needed."""


@dataclass(frozen=True)
class Preview:
    """A preview of a draw, without the drawn cases, so that nobody draws again until they like them."""

    plan: Plan
    repeated: int
    maybe_repeated: int
    hidden: int
    recently_audited: int
    mark: str
    listed: Mapping[str, int] = field(default_factory=dict)
    drawn: Mapping[str, int] = field(default_factory=dict)

    @property
    def takes_all(self) -> bool:
        return takes_all(self.plan.method)

    @property
    def teams_without_a_case(self) -> int:
        """Count the teams from which a stratified draw takes no case; 0 for other methods."""
        is_by_team = self.plan.method is Selection.STRATIFIED
        return without_a_case(self.listed, self.drawn) if is_by_team else 0

    @property
    def points(self) -> int:
        """Return half the width of the widest interval, in whole percentage points."""
        return ceil(points_of(self.plan.size, self.plan.counting_population) - 1e-9)

    @property
    def sizes(self) -> Sequence[tuple[int, int]]:
        """Return (points, cases needed) for the precisions that the list is long enough for."""
        sizes = [(points, size_for(points, self.plan.counting_population)) for points in PRECISIONS]
        return [(points, size) for points, size in sizes if size <= len(self.plan.cases)]


@sampling.route("/cycles/<reference>/cases", methods=["GET", "POST"])
def cases(reference: str) -> Page:
    """Show the latest draw or, without one or with `?again=yes`, the form for drawing cases."""
    cycle = _found(reference)
    kept = drawn.kept(cycle)
    if request.method == "GET" and kept is not None and "again" not in request.args:
        return _kept_page(cycle, kept)
    refused = draws.refuse_another(cycle, today())
    form = _draw_form()
    if request.method == "GET" or refused:
        return _draw_page(cycle, form, refused=refused), 200 if request.method == "GET" else 409
    plan, listed = _plan(form)
    if plan is None:
        return _draw_page(cycle, form, faults=listed.faults), 422
    filled(form, cases=listed.written())
    preview = _preview(cycle, plan, listed)
    if request.form.get("do") != "keep" or form.shown.data != preview.mark:
        filled(form, shown=preview.mark)
        return _draw_page(cycle, form, preview=preview)
    try:
        draws.keep(reference, plan, by=current_user, on=today(), seen=request.form.get("version"))
    except ChangedMeanwhile as why:
        return _draw_page(cycle, form, preview=preview, changed=str(why)), 409
    except Refused as why:
        return _draw_page(cycle, form, refused=str(why)), 409
    flash(f"{counted(plan.size, 'case')} drawn. Request audits for them next.", "success")
    return redirect(url_for("sampling.cases", reference=reference))


@sampling.post("/cycles/<reference>/cases/request")
def request_drawn(reference: str) -> Page:
    """Request an audit for each drawn case that has none."""
    cycle = _found(reference)
    try:
        number = drawn_cases.request_drawn(reference, current_user, today())
    except Refused as why:
        kept = drawn.kept(cycle)
        if kept is None:
            return _draw_page(cycle, _draw_form(), refused=str(why)), 409
        return _kept_page(cycle, kept, refused=str(why)), 409
    if number:
        flash(f"{counted(number, 'audit')} requested. Assign auditors next.", "success")
    else:
        flash("All drawn cases already have an audit, so nothing was requested")
    return redirect(url_for("sampling.cases", reference=reference))


@sampling.route("/cycles/<reference>/cases/<int:position>/replace", methods=["GET", "POST"])
def replace_case(reference: str, position: int) -> Page:
    """Replace a case that cannot be audited."""
    cycle = _found(reference)
    kept = drawn.kept(cycle) or abort(404)
    case = drawn.case_at(kept, position) or abort(404)
    audits = drawn_cases.audits_in(cycle, [case]).get(position, ())
    live = [audit for audit in audits if not happened(audit.withdrawn_on, today())]
    reserve = draws.reserve_for(kept, case)
    on = today()
    if audits and reserve is not None:
        latest = max(audit.due_on for audit in audits)
        form: ReplaceForm = ReplaceRequestedForm(data={"due_on": latest if latest >= on else None})
    else:
        form = ReplaceForm()

    def shown(status: int, refused: str | None = None) -> tuple[str, int]:
        return render_template(
            "sampling/replace_case.html",
            cycle=cycle,
            case=case,
            audits=audits,
            live=live,
            reserve=reserve,
            form=form,
            refused=refused,
        ), status

    if not form.is_submitted():
        return shown(200, None if case.is_chosen else "This case is not one of the cases to be audited")
    if not form.validate():
        return shown(422)
    if asks_again(form):
        return shown(200)
    day = form.due_on.data if isinstance(form, ReplaceRequestedForm) else None
    try:
        _, stand_in = drawn_cases.replace(
            reference, position, form.reason.data, form.words.data, current_user, on, day
        )
    except Refused as why:
        return shown(409, str(why))
    if stand_in is None:
        flash(f"Case {position} left out. There was no reserve to replace it.", "success")
    else:
        flash(f"Case {position} replaced by case {stand_in.position}", "success")
    return redirect(url_for("sampling.cases", reference=reference))


@sampling.get("/cycles/<reference>/cases/repeat")
def repeat_draw(reference: str) -> str:
    """Draw again from the stored list and seed, and say whether the same cases come out."""
    cycle = _found(reference)
    kept = drawn.kept(cycle) or abort(404)
    all_cases = drawn.cases_of(kept)
    return render_template(
        "sampling/repeat_draw.html",
        cycle=cycle,
        draw=kept,
        is_same=drawn.comes_out_the_same(kept),
        listed=len(all_cases),
        lines="\n".join(sorted(f"{case_number(case)}\t{case.stratum}" for case in all_cases)),
    )


def _draw_form() -> DrawForm:
    # the link of a quick check presets size and method
    wanted = {"size": request.args.get("size", type=int), "method": request.args.get("method")}
    form = DrawForm(data={"seed": secrets.randbelow(1_000_000), **wanted})
    form.team.choices = [("", "No team"), *((name, name) for name in _teams())]
    return form


def _plan(form: DrawForm) -> tuple[Plan | None, CaseList]:
    """Return the plan of the draw and the list; None for the plan, with errors at the fields, if one is
    wrong."""
    teams, team = _teams(), form.team.data or None
    sent = request.files.get(form.file.name)
    if sent is not None and sent.filename:
        listed = case_list.sent(sent.filename, sent.read(), teams, team)
    else:
        listed = case_list.pasted(form.cases.data or "", teams, team)
    if not form.validate() or listed.faults:
        return None, listed
    method, length = Selection(form.method.data), len(listed.cases)
    size: int | None = form.size.data
    if takes_all(method):
        size = length
    elif sum(field.data is not None for field in (form.size, form.percent, form.points)) > 1:
        form.size.errors = ["Enter only one of the number of cases, the percentage and the precision"]
        return None, listed
    elif form.percent.data is not None:
        size = share_of(length, form.percent.data)
    elif form.points.data is not None:
        population = counting_population(method, length, is_whole_list=form.is_whole_list.data)
        size = size_for(form.points.data, population)
        if size > length:
            form.points.errors = [
                f"This precision needs {size:,} cases, but the list has {counted(length, 'case')}"
            ]
            return None, listed
    if size is None:
        form.size.errors = ["Enter the number of cases, the percentage or the precision"]
        return None, listed
    if size > length:
        form.size.errors = [
            f"Number of cases must be {length:,} or fewer, because the list has {counted(length, 'case')}"
        ]
        return None, listed
    seed = form.seed.data or 0
    return Plan(listed.cases, method, size, seed, form.is_whole_list.data), listed


def _preview(cycle: Cycle, plan: Plan, listed: CaseList) -> Preview:
    order = plan.order()
    chosen = order[: plan.size]
    words = [plan.method, str(plan.size), str(plan.seed), str(plan.is_whole_list)]
    lines = [f"{case.reference}\t{case.team}" for case in order]
    recent = drawn_cases.audited_recently(cycle, [case.reference for case in chosen], today())
    return Preview(
        plan,
        listed.repeated,
        listed.maybe_repeated,
        listed.hidden,
        len(recent),
        sha256("\n".join(words + lines).encode()).hexdigest(),
        by_team(plan.cases),
        by_team(chosen),
    )


def _draw_page(
    cycle: Cycle,
    form: DrawForm,
    *,
    preview: Preview | None = None,
    faults: Sequence[str] = (),
    refused: str | None = None,
    changed: str | None = None,
) -> str:
    kept = drawn.kept(cycle)
    seen = None if changed else request.form.get("version")
    return render_template(
        "sampling/draw.html",
        cycle=cycle,
        form=form,
        preview=preview,
        faults=faults[:MOST_FAULTS],
        more_faults=max(0, len(faults) - MOST_FAULTS),
        refused=refused,
        changed=changed,
        mark=seen or draws.mark_of_draw(kept),
        set_aside=kept,
    )


@dataclass(frozen=True)
class Line:
    """A case to be audited, on the page of the draw."""

    case: DrawnCase
    audits: Sequence[tuple[Audit, bool]]
    """The audits of the case, each with whether it was withdrawn."""
    stands_in_for: int | None
    """The position of the case that it replaces."""
    recent: Sequence[str]
    """The audits, elsewhere, that the case was in within 12 months."""
    may_replace: bool


def _kept_page(cycle: Cycle, kept: Draw, refused: str | None = None) -> str:
    on = today()
    chosen, left_out = drawn.chosen(kept), drawn.left_out(kept)
    there = drawn_cases.audits_in(cycle, chosen)
    numbers = [case.case_reference for case in chosen if case.case_reference]
    recent = drawn_cases.audited_recently(cycle, numbers, on)
    replaced = {case.id: case.position for case, _ in left_out}
    page = paged_by(lambda skip: chosen[skip : skip + PAGE], len(chosen), PAGE)
    with_facts(audit.id for case in page for audit in there.get(case.position, ()))  # all at once
    lines = [
        Line(
            case,
            [(audit, happened(audit.withdrawn_on, on)) for audit in audits],
            replaced.get(case.stands_in_for_id or 0),
            recent.get(case.case_folded or "", ()),
            may_replace=not cycle.is_closed(on) and drawn_cases.refuse_replacing(audits, on) is None,
        )
        for case in page
        for audits in [there.get(case.position, ())]
    ]
    return render_template(
        "sampling/cases.html",
        cycle=cycle,
        draw=kept,
        lines=lines,
        left_out=left_out,
        chosen=len(chosen),
        wanting=sum(bool(drawn_cases.wanting(cycle, there.get(case.position, ()))) for case in chosen),
        requested=len(there),
        recently_audited=len(recent),
        by_team=by_team(ListedCase("", case.stratum) for case in chosen),
        reserves=len(drawn.reserves(kept)),
        note=method_note(drawn.method_facts(cycle)),
        may_draw_again=draws.refuse_another(cycle, on) is None,
        on=on,
        page=page,
        address=Address.here(),
        refused=refused,
    )


def _teams() -> Sequence[str]:
    return db.session.scalars(select(Team.name).order_by(Team.name)).all()


def _found(reference: str) -> Cycle:
    return queries.found(reference) or abort(404)
