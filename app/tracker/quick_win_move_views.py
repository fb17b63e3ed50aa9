"""`/quick-wins/new` and `/quick-wins/REF/<move>`: planning, changing and stopping a quick win, and
answering at its end whether the figure moved. Messages are previewed before they are saved."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date
from hashlib import sha256

from flask import abort, flash, redirect, render_template, request, url_for
from flask_security import current_user
from sqlalchemy import select

from app.actions.models import Action
from app.audits.cycle import Cycle
from app.clock import today
from app.cycles import queries as cycle_queries
from app.database import db
from app.findings.bars import interval_bar
from app.identifying.checking import warned_of
from app.moves.fields import no_choice, number
from app.moves.forms import MoveForm, WordsMoveForm
from app.moves.meanwhile import Kept
from app.moves.page import Page, Words, carried_out, move_page, told
from app.outbox.kinds import Rendered
from app.people.choosing import people_here
from app.people.closures import working_days
from app.people.models import Team
from app.people.queries import everyone
from app.quick_wins import moves, queries
from app.quick_wins.audience import reached
from app.quick_wins.figures import figures_for, why_it_matters
from app.quick_wins.life import NOT_MOVED, passed_over, refuse_change, refuse_moved, refuse_spread
from app.quick_wins.models import QuickWin
from app.quick_wins.moves import NewAction, Plan, facts_of
from app.quick_wins.practice_days import practice_days
from app.refusal import Refused
from app.reminders.messages import practice_message
from app.tracker.quick_win_forms import MovedForm, PlanForm, fill
from app.tracker.quick_wins_blueprint import quick_wins

EVERY_WORKING_DAYS, TIMES, TO = 5, 6, "practitioner"
"""The defaults of a new quick win."""


@dataclass(frozen=True)
class Preview:
    """The message as it arrives, the number of people it goes to, its days, and warnings about its words.
    `mark` is the hash of the plan."""

    message: Rendered
    reaches: int
    days: list[date]
    passed_over: list[date]
    warnings: list[str]
    mark: str


@quick_wins.route("/quick-wins/new", methods=["GET", "POST"])
def plan() -> Page:
    """Plan a quick win for an action (`?action=A6`) or a finding (`?cycle=&question=`), whose action is
    raised with it. Without either, show the choices."""
    action, cycle = _action(), _cycle()
    if action is not None:
        cycle = queries.cycle_of(action)
    elif cycle is None:
        return _choose()
    question = request.args.get("question") or (action.question if action else None)
    form = _form(cycle)
    if action is not None:
        del form.owner, form.due_on
    else:
        form.owner.choices = no_choice("No one yet", people_here(today()))
    if not form.is_submitted():
        why = why_it_matters(cycle, question, today())
        fill(form, question=question, why=why, roles=[TO], times=TIMES)
        fill(form, every_working_days=EVERY_WORKING_DAYS)

    def save(planned: Plan) -> str:
        if action is not None:
            made = moves.plan(planned, belongs_to=action, by=current_user, on=today())
        else:
            assert cycle is not None
            to_do = NewAction(cycle=cycle, owner_id=number(form.owner.data), due_on=form.due_on.data)
            made = moves.plan(planned, belongs_to=to_do, by=current_user, on=today())
        flash(f"Quick win {made.reference} planned", "success")
        return made.reference

    caption = f"Action {action.reference}: {action.text}" if action else _finding(cycle, question)
    refused = moves.refuse_action(action, today()) if action else None
    found = f"action {action.reference}" if action else f"cycle {cycle.reference}" if cycle else ""
    return _plan_page(form, (f"Plan a quick win for {found}", caption, "Plan quick win"), None, save, refused)


@quick_wins.route("/quick-wins/<reference>/edit", methods=["GET", "POST"])
def edit(reference: str) -> Page:
    """Change the words of a quick win at any time, and its days and audience for the future."""
    quick_win = _quick_win(reference)

    def filled() -> PlanForm:
        form = _form(queries.cycle_of_quick_win(quick_win), quick_win)
        del form.owner, form.due_on
        return form

    form = filled()
    if not form.is_submitted():
        form.version.data = quick_win.mark

    def save(changed: Plan) -> str:
        moves.change(reference, changed, by=current_user, on=today(), version=form.seen)
        flash(f"Quick win {reference} saved. Messages already sent do not change.", "success")
        return reference

    refused = refuse_change(facts_of(quick_win), today(), working_days())
    caption = f"Quick win {reference}: {quick_win.subject}"
    kept = Kept(filled, mark=lambda: quick_win.mark)
    return _plan_page(form, (f"Edit quick win {reference}", caption, "Save"), quick_win, save, refused, kept)


@quick_wins.route("/quick-wins/<reference>/stop", methods=["GET", "POST"])
def stop(reference: str) -> Page:
    """Stop a quick win."""
    quick_win, form = _quick_win(reference), WordsMoveForm()
    form.said.label.text = "Why are you stopping this quick win?"
    return _move(
        quick_win,
        form,
        Words(
            "Stop quick win",
            "No more messages will be sent, from today. You cannot start it again.",
            "Stop",
            "Quick win stopped",
            serious=True,
        ),
        refuse_change(facts_of(quick_win), today(), working_days()),
        moves.stop,
    )


@quick_wins.route("/quick-wins/<reference>/moved", methods=["GET", "POST"])
def moved(reference: str) -> Page:
    """Answer at the end of a quick win whether the figure moved."""
    quick_win, form = _quick_win(reference), MovedForm()
    follow_up = None
    if form.moved.data == NOT_MOVED and quick_win.action is not None:
        follow_up = url_for("actions.raise_action", follows=quick_win.action.reference)
    return _move(
        quick_win,
        form,
        Words(
            "Say if the figure changed",
            "",
            "Save",
            "Answer saved. Now add an action to change the process." if follow_up else "Answer saved",
        ),
        refuse_moved(facts_of(quick_win), today(), working_days()),
        moves.say_moved,
        follow_up,
    )


def _plan_page(
    form: PlanForm,
    heading: tuple[str, str, str],
    before: QuickWin | None,
    save: Callable[[Plan], str],
    refused: str | None,
    kept: Kept | None = None,
) -> Page:
    """Show the form, then the preview above it, then save the plan if it is the one previewed."""

    def shown(status: int, preview: Preview | None = None, refused: str | None = None) -> Page:
        page = render_template(
            "quick_wins/plan.html",
            form=form,
            heading=heading,
            preview=preview,
            refused=refused,
            back=url_for("quick_wins.quick_win", reference=before.reference)
            if before
            else url_for("quick_wins.listing"),
        )
        return page, status

    if refused or not form.is_submitted():
        return shown(409 if refused and form.is_submitted() else 200, refused=refused)
    if not form.validate():
        return shown(422)
    planned, preview = _planned(form), None
    try:
        moves.refuse_unsound(planned)
        if why := refuse_spread(planned, today(), working_days(), before):
            raise Refused(why)
        preview = _preview(planned, before.reference if before else moves.next_free())
        if request.form.get("do") == "save" and form.shown.data == preview.mark:
            return redirect(url_for("quick_wins.quick_win", reference=save(planned)))
    except Refused as why_not:
        status, instead = told(form, why_not, kept)
        return shown(status, preview, instead)
    fill(form, shown=preview.mark)
    return shown(200, preview)


def _planned(form: PlanForm) -> Plan:
    return Plan(
        subject=form.subject.data or "",
        message=form.message.data,
        where=form.where.data or None,
        example=form.example.data or None,
        why=form.why.data or None,
        link=form.link.data or None,
        question=form.question.data or None,
        audience_roles=frozenset(form.roles.data or ()),
        audience_team_ids=frozenset(form.teams.data or ()),
        starts_on=form.starts_on.data,
        every_working_days=form.every_working_days.data or 0,
        times=form.times.data or 0,
    )


def _preview(planned: Plan, reference: str) -> Preview:
    people = everyone()
    texts = (planned.subject, planned.message, planned.where, planned.example, planned.why)
    warned = dict.fromkeys(warning for text in texts if text for warning in warned_of(text))
    # never added to the session: a thing to render and nothing more
    unsaved = QuickWin(reference=reference, **moves.words_of(planned))
    days = working_days()
    return Preview(
        practice_message(unsaved),
        len(reached(planned.audience_roles, planned.audience_team_ids, people.values(), today())),
        practice_days(planned, days),
        passed_over(planned, days),
        list(warned),
        sha256(repr(_in_order(planned)).encode()).hexdigest()[:16],
    )


def _in_order(planned: Plan) -> list[tuple[str, object]]:
    """Return the values of a plan in an order that is the same in every process, since sets have none."""
    return [
        (name, sorted(value) if isinstance(value, frozenset) else value)
        for name, value in sorted(vars(planned).items())
    ]


def _move(
    quick_win: QuickWin,
    form: MoveForm,
    words: Words,
    refused: str | None,
    make: Callable[..., object],
    then: str | None = None,
) -> Page:
    back = url_for("quick_wins.quick_win", reference=quick_win.reference)
    return move_page(
        form,
        Kept(mark=lambda: quick_win.mark),
        words,
        carried_out(make, quick_win.reference, form),
        thing=f"Quick win {quick_win.reference}",
        back=back,
        then=lambda: then or back,
        refused=refused,
        template="quick_wins/move.html",
        quick_win=quick_win,
        figures=figures_for(quick_win, today()),
        bar=interval_bar,
    )


def _choose() -> str:
    latest = next((cycle for cycle in cycle_queries.all_cycles() if cycle.checks is None), None)
    return render_template(
        "quick_wins/choose.html",
        cycle=latest,
        questions=queries.questions_of(latest),
        waiting=queries.without_message(today()),
    )


def _form(cycle: Cycle | None, before: QuickWin | None = None) -> PlanForm:
    form = PlanForm(data=_values(before) if before else None)
    questions = [*queries.questions_of(cycle)]
    # a file may name a question of another cycle: it stays what it is
    if before is not None and before.question is not None and before.question not in dict(questions):
        questions.append((before.question, before.question))
    form.question.choices = no_choice("None", questions)
    teams = db.session.execute(select(Team.id, Team.name).order_by(Team.name))
    form.teams.choices = [(row.id, row.name) for row in teams]
    return form


def _values(quick_win: QuickWin) -> dict[str, object]:
    """Return the values of the form of a quick win."""
    audience = {"roles": sorted(quick_win.audience_roles), "teams": sorted(quick_win.audience_team_ids)}
    return {field.name: getattr(quick_win, field.name) for field in fields(Plan)} | audience


def _finding(cycle: Cycle | None, question: str | None) -> str:
    names = dict(queries.questions_of(cycle))
    if cycle is None or (question is not None and question not in names):
        abort(404)
    return f"Cycle {cycle.reference}: {names[question]}" if question else f"Cycle {cycle.reference}"


def _quick_win(reference: str) -> QuickWin:
    return queries.found(reference) or abort(404)


def _action() -> Action | None:
    reference = request.args.get("action")
    if not reference:
        return None
    query = select(Action).where(Action.called(reference))
    return db.session.scalars(query).one_or_none() or abort(404)


def _cycle() -> Cycle | None:
    reference = request.args.get("cycle")
    return (cycle_queries.found(reference) or abort(404)) if reference else None
