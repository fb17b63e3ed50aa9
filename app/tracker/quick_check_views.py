"""`/quick-wins/REF/check` and `/actions/REF/check`: planning a quick check, previewing it, and making it.
Its cases are drawn next."""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from flask import abort, flash, redirect, render_template, request, url_for
from flask_security import current_user
from sqlalchemy import select

from app.actions.models import Action
from app.audits.selection import Selection
from app.clock import today
from app.database import db
from app.moves.page import Page, told
from app.people.closures import working_days
from app.people.models import Team
from app.quick_wins import checks, queries
from app.quick_wins.checks import Check, Measured
from app.quick_wins.models import QuickWin
from app.refusal import Refused
from app.sampling.sample_size import points_of
from app.tracker.quick_win_forms import QuickCheckForm, fill
from app.tracker.quick_wins_blueprint import quick_wins

FILES, WORKING_DAYS = 15, 10
"""The defaults of a new quick check: the files, and the working days until it is due."""


@dataclass(frozen=True)
class Preview:
    """The quick check to be made. `points` is how far chance may move a figure; `mark` is its hash."""

    title: str
    questions: list[str]
    files: int
    points: int
    due_on: date
    mark: str


@quick_wins.route("/quick-wins/<reference>/check", methods=["GET", "POST"])
def check_quick_win(reference: str) -> Page:
    """Make a quick check of the figure that a quick win should move."""
    quick_win = queries.found(reference) or abort(404)
    return _check_page(quick_win, url_for("quick_wins.quick_win", reference=reference))


@quick_wins.route("/actions/<reference>/check", methods=["GET", "POST"])
def check_action(reference: str) -> Page:
    """Make a quick check of the figure that an action should move."""
    query = select(Action).where(Action.called(reference))
    action = db.session.scalars(query).one_or_none() or abort(404)
    return _check_page(action, url_for("actions.action", reference=reference))


def _check_page(source: QuickWin | Action, back: str) -> Page:
    """Show the form, then the preview above it, then make the quick check if it is the one previewed."""
    measured = checks.measured(source)
    form = _form(measured)

    def shown(status: int, preview: Preview | None = None, refused: str | None = None) -> Page:
        page = render_template(
            "quick_wins/check.html",
            form=form,
            measured=measured,
            preview=preview,
            refused=refused,
            back=back,
        )
        return page, status

    refused = checks.refuse(source, today())
    if refused or not form.is_submitted():
        return shown(409 if refused and form.is_submitted() else 200, refused=refused)
    if not form.validate():
        return shown(422)
    check = Check(
        questions=frozenset(form.questions.data or ()),
        files=form.files.data or 0,
        team_ids=frozenset(form.teams.data or ()),
        due_on=form.due_on.data,
    )
    if why := checks.refuse_plan(measured, check, today()):
        status, instead = told(form, Refused(why))
        return shown(status, refused=instead)
    preview = _preview(measured, check)
    if request.form.get("do") != "make" or form.shown.data != preview.mark:
        fill(form, shown=preview.mark)
        return shown(200, preview)
    try:
        cycle = checks.make(source, check, by=current_user, on=today())
    except Refused as why_not:
        status, instead = told(form, why_not)
        return shown(status, refused=instead)
    flash(f"Quick check {cycle.reference} created. Now paste the list of files to draw from.", "success")
    method = Selection.RANDOM.value
    return redirect(url_for("sampling.cases", reference=cycle.reference, size=check.files, method=method))


def _form(measured: Measured) -> QuickCheckForm:
    form = QuickCheckForm()
    form.questions.choices = [
        (question.key, f"{question.key_area}: {question.text}")
        for question in checks.questions_to_choose(measured)
    ]
    teams = db.session.execute(select(Team.id, Team.name).order_by(Team.name))
    form.teams.choices = [(row.id, row.name) for row in teams]
    least = measured.cycle.tool.minimum_count if measured.cycle else 0
    form.files.description = (
        f"Enter {least} or more. With fewer answers, the result is not shown. "
        "A file does not count if the question does not apply to it."
    )
    if not form.is_submitted():
        fill(form, questions=list(measured.questions), files=max(FILES, least))
        fill(form, teams=sorted(measured.team_ids), due_on=working_days().offset(today(), WORKING_DAYS))
    return form


def _preview(measured: Measured, check: Check) -> Preview:
    names = {question.key: question.key_area for question in checks.questions_to_choose(measured)}
    planned = (sorted(check.questions), check.files, sorted(check.team_ids), check.due_on)
    return Preview(
        checks.title_of(measured, check),
        [name for key, name in names.items() if key in check.questions],
        check.files,
        round(points_of(check.files, None)),
        check.due_on,
        sha256(repr(planned).encode()).hexdigest()[:16],
    )
